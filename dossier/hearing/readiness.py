"""Why an item may not enter a package, ledger or notice yet: 核实, 告知 and its clock, review, 容错 (§2.6)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.hearing.exceptions import in_force
from dossier.hearing.leniency import settled
from dossier.hearing.notices import ANSWER_WORKDAYS
from storage.settings import CHINA
from storage.tables import Cadre, Doubt, Evidence, HearingNotice
from storage.workdays import add_workdays

TOLD_THEMSELVES = frozenset({"对象", "处分对象"})  # of these roles the person is told, not only the team


def package_ready(session: Session, item: Evidence, today: date, days: int = ANSWER_WORKDAYS) -> list[str]:
    """What is still missing, as people read it; empty when the item may enter.

    A neutral item needs its verification alone; an adverse one also 告知 (or an exception of 干部监督), an answer or
    the end of its clock, the review of an answer, and a signed 容错审查 with the three distinctions.
    """
    missing = []
    if item.state not in terms.ESTABLISHED:
        missing.append(f"状态为“{item.state}”，尚未核实")
    if session.scalar(select(Doubt.id).where(Doubt.evidence_id == item.id, Doubt.concluded_on.is_(None))) is not None:
        missing.append("存疑尚无书面结论")
    if not item.adverse:
        return missing
    if not in_force(session, item.id):
        missing += hearing_gaps(session, item, today, days)
    if settled(session, item.id) is None:
        missing.append("容错审查未登记" if item.leniency == "" else "容错审查未经核批")
    return missing


def hearing_gaps(session: Session, item: Evidence, today: date, days: int = ANSWER_WORKDAYS) -> list[str]:
    """What is missing of the hearing alone."""
    if item.notified_at is None:
        return ["未告知单位"]
    rows = session.scalars(
        select(HearingNotice).where(HearingNotice.evidence_id == item.id, HearingNotice.withdrawn_on.is_(None))
    ).all()
    missing = []
    if not rows:  # told before hearings were registered here
        if not item.response and today <= add_workdays(item.notified_at.astimezone(CHINA).date(), days):
            missing.append("说明期限未满")
        return missing
    for row in rows:
        whom = "单位" if row.team_id else "本人"
        if row.stated_on is None and today <= row.due:
            missing.append(f"{whom}说明期限未满（{row.due} 止）")
        elif row.stated_on is not None and row.reviewed_on is None:
            missing.append(f"{whom}说明尚未复核")
    told = {row.cadre_id for row in rows}
    if item.team_id and not any(row.team_id == item.team_id for row in rows):
        missing.insert(0, "未告知单位")
    for link in item.cadres:
        if link.role in TOLD_THEMSELVES and link.cadre_id not in told:
            missing.append(f"未告知本人：{session.get_one(Cadre, link.cadre_id).name}")
    return missing
