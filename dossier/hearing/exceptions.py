"""Exceptions from 告知 where notice would hamper an investigation: asked by a head, decided by 干部监督 (§2.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dossier import terms
from dossier.hearing.reach import need, need_words, reached_item, supervises
from dossier.history import user_names
from dossier.review import get_evidence
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Evidence, HearingException

AGREED, REFUSED = "同意", "不同意"


@dataclass(frozen=True)
class ExceptionRow:
    """A request as its readers see it; nobody else learns that there is one."""

    id: int
    evidence_id: int
    code: str
    team: str
    fact: str
    reason: str
    asked: str
    asked_on: date
    decision: str
    decision_reason: str
    decided: str
    decided_on: date | None
    lifted_on: date | None


def ask(session: Session, viewer: Viewer, evidence_id: int, reason: str, on: date) -> HearingException:
    """A head asks that nobody be told for now. Raises RIGHTS-ROLE, EXCEPTION-STATE, HEARING-WORDS."""
    need(viewer, "申请告知例外", "HEAD")
    item = get_evidence(session, viewer, evidence_id, lock=True)
    if not item.adverse or in_force(session, item.id) or _open(session, item.id):
        raise ShijiError("EXCEPTION-STATE", "只有不利条目可以申请，且不得重复申请", item.code, "")
    row = HearingException(
        evidence_id=item.id, reason=need_words(reason, "申请理由", item.code, 10), asked_by=viewer.user_id, asked_on=on
    )
    session.add(row)
    return row


def decide_exception(
    session: Session, viewer: Viewer, exception_id: int, decision: str, reason: str, on: date
) -> HearingException:
    """干部监督 decides, never the one who asked. Raises RIGHTS-ROLE, EXCEPTION-STATE, HEARING-SAME, HEARING-WORDS."""
    row = _row(session, viewer, exception_id)
    if row.decision or decision not in (AGREED, REFUSED):
        raise ShijiError("EXCEPTION-STATE", "申请已办结，或决定不可用", f"申请 {row.id}", "决定为同意或不同意。")
    if row.asked_by == viewer.user_id:
        raise ShijiError("HEARING-SAME", "申请人不能自己决定", f"申请 {row.id}", "请由另一人决定。")
    reached_item(session, viewer, row.evidence_id)
    row.decision_reason = need_words(reason, "决定理由", f"申请 {row.id}")
    row.decision, row.decided_by, row.decided_on = decision, viewer.user_id, on
    return row


def lift(session: Session, viewer: Viewer, exception_id: int, on: date) -> HearingException:
    """The reason has gone: notice is due. Raises RIGHTS-ROLE, EXCEPTION-STATE."""
    row = _row(session, viewer, exception_id)
    if row.decision != AGREED or row.lifted_on is not None:
        raise ShijiError("EXCEPTION-STATE", "没有生效中的告知例外", f"申请 {row.id}", "")
    row.lifted_on = on
    return row


def in_force(session: Session, evidence_id: int) -> bool:
    """Whether an exception stands for the item now."""
    wanted = (HearingException.evidence_id == evidence_id, HearingException.decision == AGREED)
    return session.scalar(select(HearingException.id).where(*wanted, HearingException.lifted_on.is_(None))) is not None


def exceptions(session: Session, viewer: Viewer) -> list[ExceptionRow]:
    """Requests for 干部监督, all; for a head, one's own. Waiting ones first."""
    if not supervises(viewer):
        need(viewer, "查看告知例外", "HEAD")
    query = select(HearingException).options(joinedload(HearingException.evidence))
    if not supervises(viewer):
        query = query.where(HearingException.asked_by == viewer.user_id)
    rows = session.scalars(query.order_by(HearingException.decision, HearingException.id.desc())).all()
    names = user_names(session, [k for r in rows for k in (r.asked_by, r.decided_by)])
    return [_shown(row, names) for row in rows if not _closed(viewer, row.evidence)]


def _shown(row: HearingException, names: dict[int, str]) -> ExceptionRow:
    item = row.evidence
    fact = item.true_part if item.state == terms.PARTLY else item.passage.text
    return ExceptionRow(
        row.id, item.id, item.code, item.team.short if item.team else "", fact, row.reason,
        names.get(row.asked_by, ""), row.asked_on, row.decision, row.decision_reason,
        names.get(row.decided_by or 0, ""), row.decided_on, row.lifted_on,
    )  # fmt: skip


def _closed(viewer: Viewer, item: Evidence) -> bool:
    cadres = {link.cadre_id for link in item.cadres}
    return item.team_id in viewer.recused_teams or bool(cadres & viewer.recused_cadres)


def _open(session: Session, evidence_id: int) -> bool:
    wanted = (HearingException.evidence_id == evidence_id, HearingException.decision == "")
    return session.scalar(select(HearingException.id).where(*wanted)) is not None


def _row(session: Session, viewer: Viewer, exception_id: int) -> HearingException:
    if not supervises(viewer):
        raise ShijiError("RIGHTS-ROLE", "告知例外由干部监督处决定", viewer.role, "请提交干部监督处。")
    row = session.get(HearingException, exception_id)
    if row is None:
        raise ShijiError("EXCEPTION-UNKNOWN", "没有这件申请", str(exception_id), "请从告知与申辩进入。")
    return row
