"""What the demo's articles and reports truly say: the YAML beside each paragraph, as typed values.

`python -m demo.judge` reads the demo with the text analysis and prints how far it agrees.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.rows import read_rows, read_yaml
from nlp.topic_port import LABELS

HERE = Path(__file__).parent


@dataclass(frozen=True)
class TeamTruth:
    """A team of a paragraph; `label` where it differs from the paragraph's (DR14: praised and criticised in one)."""

    id: str
    role: str
    label: str = ""


@dataclass(frozen=True)
class CadreTruth:
    """A person whom the P-rules allow to be named."""

    id: str
    role: str


@dataclass(frozen=True)
class PassageTruth:
    """One paragraph, one fact. `event_date`: 2024-05-17, 2024-07, 2024-Q3 or 2024; empty where the text gives none."""

    text: str
    label: str
    sub: str
    also: tuple[str, ...]
    teams: tuple[TeamTruth, ...]
    cadres: tuple[CadreTruth, ...]
    event: str
    event_date: str

    @property
    def labels(self) -> frozenset[str]:
        """Every label that may be defended."""
        return frozenset((self.label, *self.also, *(t.label for t in self.teams if t.label)))

    @property
    def day(self) -> dt.date | None:
        """The event's day, where the truth names one."""
        return dt.date.fromisoformat(self.event_date) if len(self.event_date) == 10 else None


@dataclass(frozen=True)
class ArticleTruth:
    """A published article, or a submitted report (`submitted_by` is then a team id or an office's name)."""

    id: str
    source: str
    title: str
    published: dt.date | None
    paragraphs: tuple[PassageTruth, ...]
    origin: str = ""
    reprint_of: str = ""
    old_event: str = ""
    quarantine: bool = False
    submitted_by: str = ""

    @property
    def text(self) -> str:
        return "\n".join(p.text for p in self.paragraphs)


def load_articles(folder: Path = HERE / "articles") -> list[ArticleTruth]:
    """Every article under `folder`, in the order of the files. Raises ValueError naming the bad entry."""
    return [_article(row) for row in read_rows(folder)]


def load_reports(path: Path = HERE / "reports.yaml") -> list[ArticleTruth]:
    """Every submitted report."""
    return [_article(row) for row in read_yaml(path)]


def load_truth() -> list[ArticleTruth]:
    """Articles, then reports. Raises ValueError for an id used twice or a reprint of nothing."""
    documents = [*load_articles(), *load_reports()]
    known = {d.id for d in documents}
    if len(known) != len(documents):
        raise ValueError("a document id is used twice")
    for document in documents:
        if document.reprint_of and document.reprint_of not in known:
            raise ValueError(f"{document.id} reprints {document.reprint_of}, which is not there")
    return documents


def clusters(documents: list[ArticleTruth]) -> dict[str, str]:
    """Id of each document to the id of the original it stems from (itself, where it is no reprint)."""
    parent = {d.id: d.reprint_of or d.id for d in documents}

    def root(key: str) -> str:
        return key if parent[key] == key else root(parent[key])

    return {key: root(key) for key in parent}


def _article(row: dict[str, Any]) -> ArticleTruth:
    where = str(row.get("id"))
    return ArticleTruth(
        id=where, source=str(row.get("source") or "inbox"), title=str(row["title"]),
        published=_day(row.get("published") or row.get("date")), origin=str(row.get("origin") or ""),
        paragraphs=tuple(_passage(p, where) for p in row["paragraphs"]), reprint_of=str(row.get("reprint_of") or ""),
        old_event=str(row.get("old_event") or ""), quarantine=bool(row.get("quarantine")),
        submitted_by=str(row.get("folder") or ""),
    )  # fmt: skip


def _passage(row: dict[str, Any], where: str) -> PassageTruth:
    teams = tuple(TeamTruth(t["id"], t["role"], t.get("label") or "") for t in row.get("teams") or ())
    also = tuple(row.get("also") or ())
    passage = PassageTruth(
        text=row["text"], label=row["label"], sub=str(row.get("sub") or "NA"), also=also, teams=teams,
        cadres=tuple(CadreTruth(c["id"], c["role"]) for c in row.get("cadres") or ()),
        event=str(row.get("event") or ""), event_date=str(row.get("event_date") or ""),
    )  # fmt: skip
    if not passage.labels <= set(LABELS):
        raise ValueError(f"{where}: unknown label among {sorted(passage.labels)}")
    return passage


def _day(value: object) -> dt.date | None:
    """Published times stand as text (2024-11-20 09:12) or as YAML dates."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    return dt.date.fromisoformat(str(value)[:10]) if value else None
