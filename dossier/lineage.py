"""Lineage of an event: its first print, the reprints after it, and what they changed (R-13).

Only prints that the reader may see are listed, and texts are compared only where nothing in either is closed to the
reader: a sentence that is held back must show neither as left out nor as put in.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypedDict

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from dossier.review import get_evidence
from dossier.scope import Viewer, readable_clause, recused_passages, require_reader, restricted_passages
from dossier.views import show_moment
from nlp.boilerplate import letters_only
from nlp.lineage import Change, changes
from storage.tables import Document, Passage, Source

NAMES = {"first": "首发", "exact": "转载", "edited": "改写转载", "same_event": "另稿报道"}
REPRINTS = ("exact", "edited")  # relations that print the first one's text
UPDATED = "同一网址的新版本"
STAGES = ("understood", "filed")
HELD_TITLE = "（含受控内容）"
CLOSED = "首发或本文含受控或不在查阅范围内的内容，未作比对。"
LONG = "篇幅过长，未作比对。"
MANY = "请打开该文查看改动。"
SAME_WORDS = "正文文字没有改动。"
COMPARED_LENGTH = 30_000  # characters of a text; longer ones are not compared while a page waits
COMPARED_PRINTS = 8  # differing reprints compared on one page; a further one is compared on its own page
_RANK = {relation: rank for rank, relation in enumerate(NAMES)}


@dataclass(frozen=True)
class PrintRow:
    """One document that prints the event; `changes` is what it changed of the first print, `note` why none are shown.

    `relation` is first, exact, edited or same_event; `relation_name` the same in officers' words; `here` marks the
    document whose page this is, or the one the item is made of.
    """

    document_id: int
    title: str
    source: str
    published: str
    relation: str
    relation_name: str
    here: bool
    changes: tuple[Change, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class _Print:
    document: Document
    source: str
    event_id: int
    relation: str


def document_lineage(session: Session, viewer: Viewer, document_id: int) -> list[PrintRow]:
    """Prints of the events of a document, and reprints of its text, first prints first; empty where there are none.

    An edited reprint may share no event with the first print, so much did it change: as a text it is still a reprint.
    """
    require_reader(viewer)
    mine = Passage.document_id == document_id
    events = select(Passage.event_id).where(mine, Passage.event_id.is_not(None), readable_clause(viewer))
    prints = _prints(session, viewer, Passage.event_id.in_(events))
    return _rows(session, viewer, prints, document_id, _family(session, viewer, document_id))


def item_lineage(session: Session, viewer: Viewer, evidence_id: int) -> list[PrintRow]:
    """Prints of the event of an item that the viewer may see; empty where there is only one."""
    item = get_evidence(session, viewer, evidence_id)
    prints = _prints(session, viewer, Passage.event_id == item.event_id)
    return _rows(session, viewer, prints, item.passage.document_id)


def _prints(session: Session, viewer: Viewer, events: ColumnElement[bool]) -> list[_Print]:
    rows = session.execute(
        select(Document, Source.name, Passage.event_id, Passage.relation)
        .join(Passage, Passage.document_id == Document.id)
        .join(Source, Document.source_id == Source.id)
        .where(events, readable_clause(viewer), Document.stage.in_(STAGES))
        .order_by(Document.published_at.nulls_last(), Document.id, Passage.ordinal)
    )
    return [_Print(document, source, event or 0, relation) for document, source, event, relation in rows]


def _family(session: Session, viewer: Viewer, document_id: int) -> list[_Print]:
    """The text a document prints and all reprints of it, under one negative number that is no event's."""
    document = session.get_one(Document, document_id)
    root = document.duplicate_of if document.relation in REPRINTS and document.duplicate_of else document.id
    reprint = and_(Document.duplicate_of == root, Document.relation.in_(REPRINTS))
    readable = select(Passage.document_id).where(readable_clause(viewer))
    rows = session.execute(
        select(Document, Source.name)
        .join(Source, Document.source_id == Source.id)
        .where(or_(Document.id == root, reprint), Document.id.in_(readable), Document.stage.in_(STAGES))
        .order_by(Document.published_at.nulls_last(), Document.id)
    )
    return [_Print(d, source, -root, "first" if d.id == root else d.relation) for d, source in rows]


def _rows(
    session: Session, viewer: Viewer, prints: Sequence[_Print], here: int, family: Sequence[_Print] = ()
) -> list[PrintRow]:
    shown, firsts = _nearest(prints, family)
    if len(shown) < 2:
        return []
    ids = list(shown)
    held = _documents(session, ids, Passage.id.in_(restricted_passages()))
    partly = held | _documents(session, ids, _closed(viewer))
    ordered = sorted(shown.values(), key=_rank)
    told = _told([p for p in ordered if p.relation in REPRINTS], firsts, partly, here)
    return [
        PrintRow(
            document_id=found.document.id,
            title=HELD_TITLE if found.document.id in held and viewer.role != "HEAD" else found.document.title,
            source=found.source,
            published=show_moment(found.document.published_at, found.document.published_precision),
            relation=found.relation,
            relation_name=_name(found, firsts.get(found.event_id)),
            here=found.document.id == here,
            **told.get(found.document.id, {}),
        )
        for found in ordered
    ]


def _nearest(prints: Sequence[_Print], family: Sequence[_Print]) -> tuple[dict[int, _Print], dict[int, Document]]:
    """Each document once, with its nearest relation, and the first print of each event."""
    outlets: dict[int, set[int]] = {}
    for found in prints:
        outlets.setdefault(found.event_id, set()).add(found.document.id)
    shared = [p for p in prints if len(outlets[p.event_id]) > 1]
    firsts = {p.event_id: p.document for p in shared if p.relation == "first"}
    shown: dict[int, _Print] = {}
    for found in sorted(shared, key=_rank):
        shown.setdefault(found.document.id, found)
    for found in family:
        if found.relation == "first":  # what was collected first may have been printed later
            known = shown.get(found.document.id)
            firsts[found.event_id] = firsts.get(known.event_id, found.document) if known else found.document
    for found in family:
        shown.setdefault(found.document.id, found)
    return shown, firsts


def _rank(found: _Print) -> int:
    return _RANK.get(found.relation, len(_RANK))


class _Told(TypedDict, total=False):
    changes: tuple[Change, ...]
    note: str


def _told(reprints: list[_Print], firsts: dict[int, Document], partly: set[int], here: int) -> dict[int, _Told]:
    """What each reprint changed, or why that is not said. Even one that counts as exact may have a figure changed."""
    told: dict[int, _Told] = {}
    left = COMPARED_PRINTS
    for found in sorted(reprints, key=lambda p: (p.document.id != here, p.relation != "edited")):
        document, first = found.document, firsts.get(found.event_id)
        if first is None or first.id in partly or document.id in partly:
            told[document.id] = {"note": CLOSED}
        elif letters_only(first.text) == letters_only(document.text):
            told[document.id] = {"note": SAME_WORDS}
        elif max(len(first.text), len(document.text)) > COMPARED_LENGTH:
            told[document.id] = {"note": LONG}
        elif not left:
            told[document.id] = {"note": MANY}
        else:
            left -= 1
            found_changes = tuple(changes(first.text, document.text))
            # texts that differ without a change differ beyond what is compared
            told[document.id] = {"changes": found_changes} if found_changes else {"note": LONG}
    return told


def _name(found: _Print, first: Document | None) -> str:
    updates = first is not None and first.id != found.document.id and first.url == found.document.url
    return UPDATED if updates else NAMES.get(found.relation, "")


def _closed(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on Passage and Document: closed to the viewer within a document that is otherwise open."""
    clauses = [and_(Document.kind == "report", Passage.id.not_in(select(Passage.id).where(readable_clause(viewer))))]
    if viewer.recused:
        clauses.append(Passage.id.in_(recused_passages(viewer)))
    return or_(*clauses)


def _documents(session: Session, ids: Iterable[int], which: ColumnElement[bool]) -> set[int]:
    query = select(Document.id).join(Passage, Passage.document_id == Document.id)
    return set(session.scalars(query.where(Document.id.in_(list(ids)), which)))
