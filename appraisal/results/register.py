"""组织决定登记 for 能上能下: decisions already taken, each with the evidence it refers to and its states (R-30).

研判参考 only. Nothing here selects, counts, orders or lists persons to adjust: an entry is made after the committee
decided, for one person, and is read one person at a time or by the document it came in.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.cadrefile import CADRE_ROLES_SHOWN
from dossier.scope import Viewer, get_cadre, unrestricted
from dossier.views import load_views
from storage.errors import ShijiError
from storage.tables import Cadre, Evidence, EvidenceCadre, UseDecision, now

ENTERS = ("HEAD", "SUP")
READS = ("HEAD", "SUP", "DEP", "MIN")
LONGEST = 500


def enter_decision(
    session: Session, viewer: Viewer, cadre_id: str, decided_on: date, body: str, document_no: str, text: str,
    codes: Sequence[str], today: date,
) -> UseDecision:  # fmt: skip
    """Enter a decision that was taken. The evidence it refers to is kept as it stood, with its states.

    Raises RIGHTS-ROLE, CADRE-UNKNOWN, DECISION-FIELD, DECISION-EVIDENCE.
    """
    if viewer.role not in ENTERS:
        raise ShijiError("RIGHTS-ROLE", "组织决定由处长或干部监督处登记", viewer.role, "")
    cadre = _cadre(session, viewer, cadre_id, today)
    if not body.strip() or not document_no.strip() or not text.strip() or len(text) > LONGEST or decided_on > today:
        raise ShijiError("DECISION-FIELD", "请填写决定机关、文号、决定内容和不晚于今天的日期", cadre.name, "")
    kept = _evidence(session, cadre.id, codes)
    missing = [code for code in codes if code not in {one["code"] for one in kept}]
    if missing:
        what = f"编号不可引用：{'、'.join(missing)}"
        raise ShijiError("DECISION-EVIDENCE", what, cadre.name, "只能引用该干部已采用、已核实且已告知的条目。")
    made = UseDecision(
        cadre_id=cadre.id, decided_on=decided_on, body=body.strip()[:60], document_no=document_no.strip()[:60],
        text=text.strip(), evidence=kept, entered_by=viewer.user_id,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def confirm_decision(session: Session, viewer: Viewer, decision_id: int) -> UseDecision:
    """A second person, 部领导, confirms that the entry is what was decided."""
    row = session.get(UseDecision, decision_id)
    if row is None:
        raise ShijiError("DECISION-UNKNOWN", "没有这条登记", str(decision_id), "")
    if viewer.role not in ("DEP", "MIN") or viewer.user_id == row.entered_by:
        raise ShijiError("RIGHTS-ROLE", "登记由部领导确认，不能由登记人自己确认", viewer.role, "")
    if row.confirmed_at is not None:
        raise ShijiError("DECISION-FIELD", "该登记已确认", row.document_no, "")
    row.confirmed_by, row.confirmed_at = viewer.user_id, now()
    session.flush()
    return row


def decisions_of(session: Session, viewer: Viewer, cadre_id: str, today: date) -> list[UseDecision]:
    """Entries on one person, oldest first; there is no way to ask for several persons."""
    if viewer.role not in READS:
        raise ShijiError("RIGHTS-ROLE", "当前角色无权查看组织决定登记", viewer.role, "")
    cadre = _cadre(session, viewer, cadre_id, today)
    query = select(UseDecision).where(UseDecision.cadre_id == cadre.id)
    return list(session.scalars(query.order_by(UseDecision.decided_on, UseDecision.id)))


def _cadre(session: Session, viewer: Viewer, cadre_id: str, today: date) -> Cadre:
    if viewer.role != "SUP":
        return get_cadre(session, viewer, cadre_id, today)
    cadre = session.get(Cadre, cadre_id)
    if cadre is None or cadre_id in viewer.recused_cadres:
        raise ShijiError("CADRE-UNKNOWN", "没有找到该干部，或存在回避情形", cadre_id, "")
    return cadre


def _evidence(session: Session, cadre_id: str, codes: Sequence[str]) -> list[dict[str, Any]]:
    mine = select(EvidenceCadre.evidence_id).where(
        EvidenceCadre.cadre_id == cadre_id, EvidenceCadre.role.in_(CADRE_ROLES_SHOWN)
    )
    query = select(Evidence).where(
        Evidence.code.in_(list(codes)), Evidence.id.in_(mine), unrestricted(), Evidence.state.in_(terms.SHOWN)
    )
    views = [view for view in load_views(session, query.order_by(Evidence.id)) if not view.adverse or view.notified]
    return [
        {
            "code": view.code, "state": view.state, "basis": view.basis, "date": view.date, "fact": view.fact,
            "response": view.response, "leniency": view.leniency, "sources": view.independent_sources,
        }
        for view in views
    ]  # fmt: skip
