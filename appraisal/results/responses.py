"""The response box of a unit: ten working days after publication, answered by 考核办 (domain.md §1.14)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.quarterly.rules import stored_rules
from appraisal.quarterly.runs import get_run, run_name
from appraisal.quarterly.table import team_line
from dossier.scope import Viewer, team_clause
from storage.errors import ShijiError
from storage.tables import QuarterRun, ResultResponse, Team, now
from storage.workdays import add_workdays, workdays_between

LONGEST = 2000


@dataclass(frozen=True)
class Box:
    """Until when a unit may answer; left: working days from today, 0 on the last day, None when it is over."""

    until: date
    left: int | None


def box_of(row: QuarterRun, today: date) -> Box:
    """The response box of a published run. Raises ShijiError RUN-UNKNOWN for one that is not published."""
    if row.published_on is None:
        raise ShijiError("RUN-UNKNOWN", "该次季度考核尚未印发", row.quarter, "")
    until = add_workdays(row.published_on, stored_rules(row.rule).response_days)
    return Box(until, workdays_between(today, until) if today <= until else None)


def respond(session: Session, viewer: Viewer, run_id: int, text: str, today: date) -> ResultResponse:
    """A unit's statement on its own sheet. Raises RIGHTS-ROLE, RUN-UNKNOWN, RUN-TEAM-UNKNOWN, RESPONSE-…."""
    if viewer.role != "UNIT":
        raise ShijiError("RIGHTS-ROLE", "反馈由被考核单位提交", viewer.role, "")
    row = get_run(session, run_id)
    box = box_of(row, today)
    team_line(row, viewer.team_id)
    if box.left is None:
        raise ShijiError("RESPONSE-LATE", f"反馈期已于 {box.until} 届满", run_name(row), "请与考核办联系。")
    if not text.strip() or len(text) > LONGEST:
        raise ShijiError("RESPONSE-EMPTY", f"反馈内容应填写，且不超过 {LONGEST} 字", run_name(row), "")
    made = ResultResponse(run_id=row.id, team_id=viewer.team_id, text=text.strip(), user_id=viewer.user_id)
    session.add(made)
    session.flush()
    return made


def reply(session: Session, viewer: Viewer, response_id: int, text: str) -> ResultResponse:
    """考核办 answers; once. A change of the assessment itself is a further version."""
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "单位反馈由考核办答复", viewer.role, "")
    row = session.get(ResultResponse, response_id)
    if row is None:
        raise ShijiError("RESPONSE-UNKNOWN", "没有这条反馈", str(response_id), "")
    if row.replied_at is not None or not text.strip():
        raise ShijiError("RESPONSE-EMPTY", "已答复，或答复内容为空", row.team_id, "")
    row.reply, row.replied_by, row.replied_at = text.strip()[:LONGEST], viewer.user_id or None, now()
    session.flush()
    return row


def responses_of(session: Session, viewer: Viewer, run_id: int) -> list[tuple[ResultResponse, str]]:
    """Responses to a run with team names: a unit's own, or those of the viewer's zones, in roster order."""
    query = select(ResultResponse, Team.short).join(Team, ResultResponse.team_id == Team.id)
    own = Team.id == viewer.team_id if viewer.role == "UNIT" else team_clause(viewer)
    query = query.where(ResultResponse.run_id == run_id, own)
    return [(row, name) for row, name in session.execute(query.order_by(Team.ordinal, Team.id, ResultResponse.id))]
