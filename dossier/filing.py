"""From an understood document to events, evidence and index tasks, in one transaction (design.md §3)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dossier import terms
from nlp.duplicates import similarity
from storage.settings import CHINA
from storage.tables import (
    Attribution,
    Cadre,
    Document,
    Event,
    Evidence,
    EvidenceCadre,
    IndexTask,
    Passage,
    Post,
    Tenure,
    now,
)

FOLD = 0.5  # passages of two prints of one text
FOLD_OTHER_TEXT = 0.3  # passages of two texts that report one event (nlp.duplicates relation same_event)


class Print(NamedTuple):
    """An earlier passage a new one may be another print of."""

    passage: Passage
    document: Document


def file_document(session: Session, document_id: int) -> bool:
    """Create events and evidence for a document at stage ``understood``; False when it is past that stage."""
    document = session.get_one(Document, document_id, with_for_update=True)
    if document.stage != "understood":
        return False
    passages = session.scalars(
        select(Passage).where(Passage.document_id == document.id).order_by(Passage.ordinal)
    ).all()
    earlier = _earlier_prints(session, document)
    taken: set[int] = set()
    for passage in passages:
        match = _match(session, document, passage, [p for p in earlier if p.passage.id not in taken])
        if match is None:
            _open_event(session, passage)
        else:
            taken.add(match.passage.id)
            _join_event(session, document, passage, match)
        session.add(IndexTask(passage_id=passage.id))
    session.flush()
    for passage in passages:
        _count_prints(session, passage)
        if passage.relation == "first":
            _open_evidence(session, document, passage)
    document.stage = "filed"
    document.lease_until = None
    return True


def _earlier_prints(session: Session, document: Document) -> list[Print]:
    if document.duplicate_of is None:
        return []
    root = document.duplicate_of
    rows = session.execute(
        select(Passage, Document)
        .join(Document, Passage.document_id == Document.id)
        .where(
            (Document.id == root) | (Document.duplicate_of == root),
            Document.id != document.id,
            Passage.event_id.is_not(None),
        )
        .order_by(Document.id, Passage.ordinal)
    ).all()
    return [Print(passage, owner) for passage, owner in rows]


def _match(session: Session, document: Document, passage: Passage, earlier: Sequence[Print]) -> Print | None:
    # alike texts about different teams are two facts, however little differs (two units' similar notices)
    mine = _teams(session, passage.id)
    fitting = [other for other in earlier if not mine or _teams(session, other.passage.id) in (set(), mine)]
    scored = [(similarity(passage.text, other.passage.text), other) for other in fitting]
    best = max(scored, key=lambda pair: pair[0], default=None)
    if best is None:
        return None
    if document.relation in ("exact", "edited"):
        return best[1] if best[0] >= FOLD else None
    # another newsroom's own text: one event only when teams, topic and a date from the text agree
    other = best[1].passage
    same = (
        best[0] >= FOLD_OTHER_TEXT
        and passage.label == other.label
        and passage.event_source == other.event_source == "text"
        and passage.event_start == other.event_start
        and mine == _teams(session, other.id) != set()
    )
    return best[1] if same else None


def _teams(session: Session, passage_id: int) -> set[str | None]:
    found = session.scalars(
        select(Attribution.team_id).where(
            Attribution.passage_id == passage_id, Attribution.kind == "team", Attribution.status == "accepted"
        )
    )
    return set(found)


def _open_event(session: Session, passage: Passage) -> None:
    event = Event()
    session.add(event)
    session.flush()
    passage.event_id, passage.relation = event.id, "first"


def _join_event(session: Session, document: Document, passage: Passage, match: Print) -> None:
    passage.event_id = match.passage.event_id
    passage.relation = document.relation
    first = session.scalar(
        select(Passage).where(
            Passage.event_id == passage.event_id, Passage.relation == "first", Passage.id != passage.id
        )
    )
    if first is None or not _printed_before(document, first.document):
        return
    # collected later but printed earlier: this is the first print, unless an officer has already decided on the other
    evidence = session.scalars(select(Evidence).where(Evidence.event_id == passage.event_id)).all()
    if all(e.state == terms.PENDING for e in evidence) and _teams(session, first.id) == _teams(session, passage.id):
        first.relation, passage.relation = document.relation, "first"
        for item in evidence:
            item.passage_id = passage.id
            item.self_published = _self_published(document, item.team_id)


def _printed_before(document: Document, other: Document) -> bool:
    if document.published_at is None or other.published_at is None:
        return False
    return document.published_at < other.published_at


def _count_prints(session: Session, passage: Passage) -> None:
    event = session.get_one(Event, passage.event_id)
    outlets = select(func.count(func.distinct(Document.source_id))).join(Passage, Passage.document_id == Document.id)
    event.prints = session.scalar(outlets.where(Passage.event_id == event.id)) or 1
    own = outlets.where(Passage.event_id == event.id, Passage.relation.in_(("first", "same_event")))
    event.independent_sources = session.scalar(own) or 1


def _open_evidence(session: Session, document: Document, passage: Passage) -> None:
    if session.scalar(select(Evidence.id).where(Evidence.event_id == passage.event_id).limit(1)):
        return
    found = session.scalars(select(Attribution).where(Attribution.passage_id == passage.id)).all()
    teams = [a for a in found if a.kind == "team" and a.status == "accepted"]
    cadres = [a for a in found if a.kind == "cadre" and a.status == "accepted"]
    if passage.label == "irrelevant":
        return
    created: list[Evidence] = []
    owners: list[Attribution | None] = [*teams] or [None]
    for attribution in owners:
        label = (attribution.label if attribution else "") or passage.label
        sub_type = passage.sub_type if label == passage.label else ""
        team_id = attribution.team_id if attribution else None
        item = Evidence(
            code=f"new-{passage.id}-{team_id or ''}",
            event_id=passage.event_id,
            passage_id=passage.id,
            team_id=team_id,
            team_key=team_id or "",
            role=attribution.role if attribution else "",
            label=label,
            sub_type=sub_type,
            adverse=terms.is_adverse(label, sub_type),
            restricted=passage.restricted,
            event_date=passage.event_start,
            self_published=_self_published(document, team_id),
        )
        session.add(item)
        session.flush()
        item.code = f"E-{_code_day(passage, document):%Y%m%d}-{item.id:05d}"
        created.append(item)
    _attach_cadres(session, created, cadres)


def _code_day(passage: Passage, document: Document) -> date:
    if passage.event_start:
        return passage.event_start
    return (document.published_at or document.created_at or now()).astimezone(CHINA).date()


def _self_published(document: Document, team_id: str | None) -> bool:
    """单位自报/自采自发: the team's own outlet, or a report it submitted (or whose sender is not known)."""
    source = document.source
    if source.level == "单位报送":
        return document.capture.headers.get("submitted_by") in (None, "", team_id)
    return source.owner_team_id is not None and source.owner_team_id == team_id


def _attach_cadres(session: Session, items: Sequence[Evidence], cadres: Iterable[Attribution]) -> None:
    """A cadre goes with the item of the team of the post; with the first item when that team has none."""
    for attribution in cadres:
        if attribution.cadre_id is None or session.get(Cadre, attribution.cadre_id) is None:
            continue
        posts = set(
            session.scalars(
                select(Post.team_id)
                .join(Tenure, Tenure.post_id == Post.id)
                .where(Tenure.cadre_id == attribution.cadre_id)
            )
        )
        target = next((item for item in items if item.team_id in posts), items[0])
        target.cadres.append(
            EvidenceCadre(cadre_id=attribution.cadre_id, role=attribution.role, because=attribution.because)
        )
    session.flush()
