"""Destroying the content of an item: all its prints, the originals that hold nothing else, the search index (§2.9).

What stays is the number, the states and decisions, and the hashes that stop it from coming in again.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.warc import remove_body
from dossier import terms
from dossier.clearing.tombstones import DOCUMENT, GONE, ORIGINAL, PASSAGE, blotted, bury, passage_hash
from storage.archive import Archive
from storage.tables import (
    Capture,
    Decision,
    Document,
    Doubt,
    Evidence,
    FieldRecord,
    HearingNotice,
    IndexTask,
    Passage,
    RecordDetail,
    RecordLink,
)
from storage.warc import WarcFolder


@dataclass
class Purged:
    """What went, and the bodies still to be deleted: after the rows, since a file cannot be rolled back."""

    outcome: str
    bodies: list[tuple[str, str]] = field(default_factory=list)  # (source id, sha256)


def purge_item(session: Session, item: Evidence, today: date) -> Purged:
    """Take the content of an item out of the record. Its files are deleted by `delete_bodies`, last of all."""
    twins = session.scalars(select(Evidence).where(Evidence.event_id == item.event_id, Evidence.id != item.id)).all()
    if any(twin.state not in (terms.UNTRUE, terms.REJECTED, terms.UNVERIFIABLE) for twin in twins):
        _forget(session, item)
        return Purged("同一事项另有班子的条目仍然有效，正文保留，本条目的处理内容已清除")
    passages = session.scalars(select(Passage).where(Passage.event_id == item.event_id)).all()
    for passage in passages:  # before any word of them goes
        bury(session, PASSAGE, passage_hash(passage.text), item.code, today)
    done = Purged("")
    kept = 0
    for document_id in sorted({p.document_id for p in passages}):
        document = session.get_one(Document, document_id, with_for_update=True)
        mine = [p for p in passages if p.document_id == document_id]
        if _holds_more(session, document, {p.id for p in mine}):
            kept += 1
        else:
            done.bodies += _strip(session, document, item.code, today)
        for passage in mine:
            if passage.text in document.text:
                document.text = document.text.replace(passage.text, blotted(passage.text))
            passage.text = blotted(passage.text)
            passage.because, passage.metrics, passage.speeches = "", [], []
            for attribution in passage.attributions:
                attribution.because = ""
            session.add(IndexTask(passage_id=passage.id))
    _forget(session, item)
    done.outcome = f"已清除 {len(passages)} 处正文" + (f"；{kept} 篇文稿另载其他事项，仅涂除本段" if kept else "")
    session.flush()
    return done


def delete_bodies(session: Session, archive: Archive, warc: WarcFolder, bodies: list[tuple[str, str]]) -> None:
    """Delete originals and their WARC records, the last act of a transaction; done twice it does no harm."""
    session.flush()
    for source_id, digest in bodies:
        remove_body(warc, source_id, digest)
        archive.delete(digest)


def _holds_more(session: Session, document: Document, mine: set[int]) -> bool:
    """Whether an item that still stands rests on another passage of the document."""
    query = (
        select(Evidence.id)
        .join(Passage, Evidence.event_id == Passage.event_id)
        .where(
            Passage.document_id == document.id, Passage.id.not_in(mine),
            Evidence.state.not_in((terms.UNTRUE, terms.REJECTED, terms.UNVERIFIABLE)),
        )
        .limit(1)
    )  # fmt: skip
    return session.scalar(query) is not None


def _strip(session: Session, document: Document, code: str, today: date) -> list[tuple[str, str]]:
    """Empty a document that held nothing else, and name its originals."""
    capture = session.get_one(Capture, document.capture_id)
    bury(session, DOCUMENT, document.text_sha256, code, today)
    bury(session, ORIGINAL, capture.sha256, code, today)
    shared = select(Document.id).join(Capture, Document.capture_id == Capture.id)
    others = session.scalars(shared.where(Capture.sha256 == capture.sha256, Document.id != document.id)).all()
    document.title, document.text = GONE, blotted(document.text)
    document.author = document.editor = ""
    for passage in session.scalars(select(Passage).where(Passage.document_id == document.id)):
        passage.text = blotted(passage.text)
        session.add(IndexTask(passage_id=passage.id))
    if others:
        return []
    capture.name = ""
    parts = [str(part["sha256"]) for part in capture.headers.get("x-parts", [])]
    return [(capture.source_id, digest) for digest in (*parts, capture.sha256)]


def _forget(session: Session, item: Evidence) -> None:
    """Words about the matter in decisions, notices and records that support nothing else."""
    item.response, item.true_part = "", ""
    for link in item.cadres:
        link.because = ""
    for decision in session.scalars(select(Decision).where(Decision.evidence_id == item.id)):
        if decision.kind in ("notify", "respond", "record", "review", "rehear", "conclude"):
            decision.reason = GONE
        decision.before, decision.after = _bare(decision.before), _bare(decision.after)
    for notice in session.scalars(select(HearingNotice).where(HearingNotice.evidence_id == item.id)):
        notice.text, notice.statement = GONE, GONE if notice.statement else ""
    records = session.scalars(select(RecordLink.field_record_id).where(RecordLink.evidence_id == item.id)).all()
    shared = select(RecordLink.field_record_id).where(
        RecordLink.field_record_id.in_(records), RecordLink.evidence_id != item.id
    )
    alone = set(records) - set(session.scalars(shared))
    for record in session.scalars(select(FieldRecord).where(FieldRecord.id.in_(alone))):
        record.summary = GONE
    for detail in session.scalars(select(RecordDetail).where(RecordDetail.field_record_id.in_(alone))):
        detail.content = {}
    for doubt in session.scalars(select(Doubt).where(Doubt.evidence_id == item.id)):
        doubt.first = doubt.other = doubt.conclusion = GONE


def _bare(values: dict[str, object]) -> dict[str, object]:
    """Kept fields of a decision without free text."""
    return {key: ("" if key in ("response", "true_part") else value) for key, value in values.items()}
