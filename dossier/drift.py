"""Sources whose mixture of topics changed: a new style of writing, or a model that no longer reads it rightly."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import extract, func, select
from sqlalchemy.orm import Session

from dossier.scope import restricted_passages
from nlp.topic_port import LABELS
from storage.tables import Document, Passage, Source

YEAR = timedelta(days=366)
FROM, LEAST = 0.15, 20  # distance of label shares, and passages on either side, from which a change is told


@dataclass(frozen=True)
class Drift:
    """One source: its passages of the latest `month` (2025-10), and how far their labels lie from those before.

    `distance`: half the sum of the differences of label shares, 0 to 1 (total variation distance).
    """

    source: str
    month: str
    distance: float
    passages: int


def drift(session: Session) -> list[Drift]:
    """Sources whose labels of the latest month differ from the year before, by name. Restricted items do not count."""
    newest = session.scalar(select(func.max(Document.published_at)))
    if newest is None:
        return []
    year, month = extract("year", Document.published_at), extract("month", Document.published_at)
    rows = session.execute(
        select(Source.name, Passage.label, year, month, func.count())
        .join(Document, Passage.document_id == Document.id)
        .join(Source, Document.source_id == Source.id)
        .where(Document.published_at >= newest - YEAR, Passage.id.not_in(restricted_passages()))
        .group_by(Source.name, Passage.label, year, month)
    ).all()
    latest = max(((int(y), int(m)) for _name, _label, y, m, _count in rows), default=(0, 0))
    counts: dict[str, tuple[dict[str, int], dict[str, int]]] = {}
    for name, label, y, m, count in rows:
        side = counts.setdefault(name, ({}, {}))[(int(y), int(m)) == latest]
        side[label] = side.get(label, 0) + count
    found = []
    for name, (old, new) in sorted(counts.items()):
        before, now = sum(old.values()), sum(new.values())
        if min(before, now) >= LEAST:
            distance = sum(abs(old.get(x, 0) / before - new.get(x, 0) / now) for x in LABELS) / 2
            if distance >= FROM:
                found.append(Drift(name, f"{latest[0]}-{latest[1]:02d}", round(distance, 3), now))
    return found
