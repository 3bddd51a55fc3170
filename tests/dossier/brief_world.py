"""Items in chosen states put straight into the record, for tests of the briefing note."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime

from sqlalchemy.orm import Session

from dossier import terms
from storage.tables import Capture, Document, Event, Evidence, EvidenceCadre, Passage


@dataclass(frozen=True)
class Item:
    """One item of evidence. `cadres`: id -> role. `dated`: the event's day stands in the text."""

    text: str
    team: str
    label: str
    state: str
    on: date
    sub_type: str = ""
    cadres: dict[str, str] = field(default_factory=dict)
    source: str = "jbrb"
    title: str = "有关情况"
    published: date | None = None
    dated: bool = True
    self_published: bool = False
    notified: bool = False
    response: str = ""
    true_part: str = ""
    role: str = "责任主体"
    restricted: bool = False
    prints: int = 1


def put(session: Session, item: Item) -> Evidence:
    """Write the item with its document, passage and event; returns the evidence."""
    digest = hashlib.sha256(f"{item.text}{item.team}{item.on}".encode()).hexdigest()
    day = item.published or item.on
    capture = Capture(source_id=item.source, url=f"http://site/{digest[:12]}", sha256=digest)
    event = Event(prints=item.prints)
    session.add_all([capture, event])
    session.flush()
    document = Document(
        capture_id=capture.id, source_id=item.source, url=capture.url, title=item.title, text=item.text,
        text_sha256=digest, published_at=datetime(day.year, day.month, day.day, 1, tzinfo=UTC),
        published_precision="day", stage="filed",
    )  # fmt: skip
    session.add(document)
    session.flush()
    passage = Passage(
        document_id=document.id, ordinal=0, start=0, end=len(item.text), text=item.text, label=item.label,
        event_id=event.id, relation="first", event_start=item.on, event_source="text" if item.dated else "publication",
    )  # fmt: skip
    session.add(passage)
    session.flush()
    evidence = Evidence(
        code=f"E-{item.on:%Y%m%d}-{passage.id:06d}", event_id=event.id, passage_id=passage.id, team_id=item.team,
        team_key=item.team, role=item.role, label=item.label, sub_type=item.sub_type, state=item.state,
        adverse=terms.is_adverse(item.label, item.sub_type), restricted=item.restricted, event_date=item.on,
        self_published=item.self_published, true_part=item.true_part, response=item.response,
        notified_at=datetime(2025, 10, 1, tzinfo=UTC) if item.notified else None,
    )  # fmt: skip
    evidence.cadres = [EvidenceCadre(cadre_id=key, role=role, because="测试") for key, role in item.cadres.items()]
    session.add(evidence)
    session.flush()
    return evidence
