"""任务看板: tasks by team or by zone with lights in words and colour, and what is due (domain.md §1.1)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.quarterly.grading import Counts, counts_of, lights_of
from appraisal.quarterly.rules import rules_of
from appraisal.quarterly.states import OPEN
from appraisal.quarterly.table import ShownLight, light_of
from appraisal.quarterly.tasks import KINDS, STATES
from appraisal.review.quarter import Quarter
from dossier.scope import Viewer, require_reader, team_clause
from storage.settings import CHINA
from storage.tables import (
    QuarterRun,
    ResultResponse,
    Task,
    TaskClaim,
    TaskVersion,
    Team,
    UnitReport,
    Zone,
)
from storage.workdays import add_workdays, workdays_between

GRACE = 10  # working days after a quarter's end in which a report is not yet late
PATIENCE = 10  # working days in which a claim should be verified


@dataclass(frozen=True)
class BoardTask:
    """One light with where it leads."""

    light: ShownLight
    task_id: int
    claim_id: int


@dataclass
class BoardRow:
    """One team. forms: sheets the unit was asked to fill this quarter (R-07)."""

    team_id: str
    team: str
    category: str
    zone: str
    tasks: list[BoardTask] = field(default_factory=list)
    counts: Counts = field(default_factory=Counts)
    report: str = "未填报"
    forms: int = 1


@dataclass(frozen=True)
class Reminder:
    """Something that waits. days: working days it has waited, or is late."""

    kind: str
    team_id: str
    team: str
    text: str
    link: str
    days: int


@dataclass
class Board:
    """The board of one quarter. groups: category or zone -> rows in roster order."""

    quarter: Quarter
    by: str
    groups: dict[str, list[BoardRow]] = field(default_factory=dict)
    reminders: list[Reminder] = field(default_factory=list)

    @property
    def rows(self) -> list[BoardRow]:
        """All rows."""
        return [row for rows in self.groups.values() for row in rows]


def board(session: Session, viewer: Viewer, quarter: Quarter, by: str, today: date) -> Board:
    """Teams the viewer may see. by: 类别 or 联系片. Lights stand in task order; nothing is sorted by state."""
    require_reader(viewer)
    made = Board(quarter, "联系片" if by == "联系片" else "类别")
    teams = session.execute(
        select(Team.id, Team.short, Team.category_id, Zone.name)
        .join(Zone, Team.zone_id == Zone.id)
        .where(team_clause(viewer), Team.managed)
        .order_by(Team.ordinal, Team.id)
    ).all()
    names = {key: short for key, short, _, _ in teams}
    lights, counts = lights_of(session, quarter), counts_of(session, quarter)
    reports = {
        row.team_id: row for row in session.scalars(select(UnitReport).where(UnitReport.quarter == quarter.code))
    }
    for key, short, category, zone in teams:
        row = BoardRow(key, short, category, zone, counts=counts.get(key, Counts()))
        for light in lights.get(key, ()):
            shown = light_of(light.level, light.why, light.number, light.title)
            row.tasks.append(BoardTask(shown, light.task_id, light.claim_id))
        if report := reports.get(key):
            row.report = f"已报送 {report.receipt}" if report.state == "submitted" else "填报中"
        made.groups.setdefault(zone if made.by == "联系片" else category, []).append(row)
    made.reminders = reminders(session, names, quarter, today, made.rows)
    return made


def reminders(
    session: Session, names: dict[str, str], quarter: Quarter, today: date, rows: list[BoardRow]
) -> list[Reminder]:
    """What waits on these teams: late reports, claims not verified, tasks under way to approval, response boxes."""
    found: list[Reminder] = []
    due = add_workdays(quarter.last, GRACE)
    for row in rows if today > due else ():
        missing = [one for one in row.tasks if not one.claim_id]
        if missing:
            text = f"{len(missing)} 项任务未报{quarter.title}进展"
            late = workdays_between(due, today)
            found.append(Reminder("逾期未报", row.team_id, row.team, text, f"/tasks/teams/{row.team_id}", late))
    waiting = (
        select(TaskClaim, Task)
        .join(Task, TaskClaim.task_id == Task.id)
        .where(Task.year == quarter.year, TaskClaim.quarter == quarter.number, TaskClaim.state.in_(OPEN))
        .order_by(TaskClaim.at, TaskClaim.id)
    )
    for claim, task in session.execute(waiting):
        waited = workdays_between(claim.at.astimezone(CHINA).date(), today)
        if task.team_id in names and (waited > PATIENCE or claim.proposed_found):
            step = "待复核" if claim.proposed_found and not claim.agreed_by else (
                "待告知、签批" if claim.agreed_by else "待核实"
            )  # fmt: skip
            text = f"{task.number}号{KINDS[task.kind]}进展{step}"
            found.append(Reminder("待核实", task.team_id, names[task.team_id], text, f"/tasks/{task.id}", waited))
    steps = (
        select(TaskVersion, Task)
        .join(Task, TaskVersion.task_id == Task.id)
        .where(Task.year == quarter.year, TaskVersion.state.in_(("proposed", "checked", "approved", "returned")))
        .order_by(Task.team_id, Task.number)
    )
    for version, task in session.execute(steps):
        if task.team_id in names:
            waited = workdays_between(version.proposed_at.astimezone(CHINA).date(), today)
            text = f"{task.number}号{KINDS[task.kind]}{STATES[version.state]}，未冻结"
            found.append(Reminder("任务审批", task.team_id, names[task.team_id], text, f"/tasks/{task.id}", waited))
    return found + _boxes(session, names, today)


def _boxes(session: Session, names: dict[str, str], today: date) -> list[Reminder]:
    """Statements of units on published assessments that nobody has answered."""
    found = []
    query = select(ResultResponse, QuarterRun).join(QuarterRun, ResultResponse.run_id == QuarterRun.id)
    for response, run in session.execute(query.where(ResultResponse.replied_at.is_(None)).order_by(ResultResponse.id)):
        if response.team_id in names:
            waited = workdays_between(response.at.astimezone(CHINA).date(), today)
            text, link = f"对{run.quarter}通报的反馈待答复", f"/results/{run.id}#responses"
            found.append(Reminder("单位反馈", response.team_id, names[response.team_id], text, link, waited))
    return found


def due_days(session: Session, quarter: Quarter) -> tuple[date, int]:
    """Last day of a unit's report for a quarter, and the working days of its response box."""
    return add_workdays(quarter.last, GRACE), rules_of(session, quarter.year).response_days
