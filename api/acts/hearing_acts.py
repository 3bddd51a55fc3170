"""Decisions on an item that belong to its hearing, each giving back the item for `api.acts.acting.act`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from dossier.field import doubts
from dossier.hearing import exceptions, notices
from dossier.hearing import leniency as lenience
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Evidence


@dataclass(frozen=True)
class LeniencyWords:
    """容错审查 as typed; distinctions: the three answers in order."""

    value: str
    reason: str
    distinctions: tuple[str, ...] = ()
    body: str = ""
    document_no: str = ""


def notify(
    session: Session, viewer: Viewer, evidence_id: int, text: str, today: date, cadre_id: str, days: int
) -> Evidence:  # fmt: skip
    """Register a 告知 as sent today."""
    notices.send(session, viewer, evidence_id, text, today, cadre_id, days)
    return session.get_one(Evidence, evidence_id)


def respond(
    session: Session, viewer: Viewer, evidence_id: int, text: str, on: date, reopen: bool
) -> Evidence:  # fmt: skip
    """Enter the statement made on the latest 告知 of an item. Raises NOTICE-FIRST."""
    row = notices.latest(session, evidence_id)
    if row is None:
        raise ShijiError("NOTICE-FIRST", "尚未告知，不能登记说明", str(evidence_id), "请先登记告知。")
    notices.state(session, viewer, row.id, text, (), on, reopen)
    return session.get_one(Evidence, evidence_id)


def leniency(session: Session, viewer: Viewer, evidence_id: int, words: LeniencyWords, today: date) -> Evidence:
    """A head prepares the 容错审查."""
    lenience.prepare(
        session, viewer, evidence_id, words.value, words.distinctions, words.reason, today, words.body,
        words.document_no,
    )  # fmt: skip
    return session.get_one(Evidence, evidence_id)


def doubt(session: Session, viewer: Viewer, evidence_id: int, first: int, other: int, today: date) -> Evidence:
    """Put two records against each other."""
    doubts.raise_doubt(session, viewer, evidence_id, first, other, today)
    return session.get_one(Evidence, evidence_id)


def conclude(session: Session, viewer: Viewer, evidence_id: int, doubt_id: int, text: str, today: date) -> Evidence:
    """Write the conclusion on a doubt."""
    row = doubts.conclude(session, viewer, doubt_id, text, today)
    return session.get_one(Evidence, row.evidence_id)


def ask_exception(session: Session, viewer: Viewer, evidence_id: int, reason: str, today: date) -> Evidence:
    """A head asks 干部监督 that nobody be told for now; the words are not in the log."""
    exceptions.ask(session, viewer, evidence_id, reason, today)
    return session.get_one(Evidence, evidence_id)
