"""The one page of a unit: its tasks to report on, kept as typed; official figures are shown, never asked for (R-07).

A report holds a level and a text for each task, and nothing else: what a DATA provider supplies has no field here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from appraisal.core_four import CoreFour, core_four
from appraisal.quarterly.board import due_days
from appraisal.quarterly.claims import LONGEST, report_progress
from appraisal.quarterly.rules import LEVELS, rules_of
from appraisal.quarterly.runs import list_runs
from appraisal.quarterly.states import OPEN
from appraisal.quarterly.tasks import KINDS, PERSONAL, TEAM, held_versions
from appraisal.review.quarter import Quarter
from appraisal.workbook_in import read_rows
from appraisal.workbook_out import Column, Table, workbook_bytes
from dossier import terms
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Cadre, QuarterRun, Task, TaskClaim, TaskVersion, Team, UnitReport, now
from storage.workdays import add_workdays

SHEET = "季度进展"
FIELDS = ("level", "text")  # all that a unit is asked for, per task


@dataclass(frozen=True)
class UnitTask:
    """One task on the page. level, text: as kept now; closed: why it can no longer be changed, or empty."""

    task_id: int
    number: int
    kind: str
    owner: str
    title: str
    milestone: str
    level: str
    text: str
    closed: str
    claim: TaskClaim | None


@dataclass(frozen=True)
class Told:
    """A level that lags, of which the unit was told. days: its working days to answer; until: the last of them."""

    claim: TaskClaim
    days: int
    until: date


@dataclass
class UnitPage:
    """All that a unit sees. core: the official figures already there, for districts."""

    team: Team
    quarter: Quarter
    due: date
    report: UnitReport | None
    tasks: list[UnitTask] = field(default_factory=list)
    core: CoreFour | None = None
    told: list[Told] = field(default_factory=list)
    runs: list[QuarterRun] = field(default_factory=list)


def require_unit(session: Session, viewer: Viewer) -> Team:
    """The team the account speaks for. Raises ShijiError RIGHTS-ROLE."""
    team = session.get(Team, viewer.team_id) if viewer.role == "UNIT" else None
    if team is None:
        raise ShijiError("RIGHTS-ROLE", "本页由单位填报员使用", viewer.role, "")
    return team


def unit_page(session: Session, viewer: Viewer, quarter: Quarter) -> UnitPage:
    """The page of a quarter."""
    team = require_unit(session, viewer)
    due, _ = due_days(session, quarter)
    report = _report(session, team.id, quarter)
    made = UnitPage(team, quarter, due, report, runs=list_runs(session, published=True))
    kept = report.content if report else {}
    names = dict(session.execute(select(Cadre.id, Cadre.name)).all())
    for task, words in _tasks(session, team.id, quarter):
        claim = session.scalar(
            select(TaskClaim).where(TaskClaim.task_id == task.id, TaskClaim.quarter == quarter.number)
        )
        held = kept.get(str(task.id), {})
        closed = f"{claim.state}，不能改报" if claim and claim.state != terms.TO_VERIFY else ""
        made.tasks.append(
            UnitTask(
                task.id, task.number, KINDS[task.kind], names.get(task.cadre_key, ""), words.title,
                str(words.milestones.get(f"Q{quarter.number}", "")),
                claim.level if closed and claim else str(held.get("level") or (claim.level if claim else "")),
                claim.text if closed and claim else str(held.get("text") or (claim.text if claim else "")), closed,
                claim,
            )
        )  # fmt: skip
    told = (
        select(TaskClaim)
        .join(Task, TaskClaim.task_id == Task.id)
        .where(Task.team_id == team.id, TaskClaim.told_on.is_not(None), TaskClaim.state.in_(OPEN))
        .options(selectinload(TaskClaim.task))
    )
    for claim in session.scalars(told.order_by(TaskClaim.id)):
        days = rules_of(session, claim.task.year).hearing_days
        made.told.append(Told(claim, days, add_workdays(claim.told_on, days) if claim.told_on else due))
    made.core = core_four(session, quarter.code).get(team.id)
    return made


def save_draft(
    session: Session, viewer: Viewer, quarter: Quarter, typed: Mapping[int, Mapping[str, str]]
) -> UnitReport:
    """Keep what is typed, whole or not; called as the unit types. Raises TASK-UNKNOWN, TASK-LEVEL, TASK-TEXT."""
    team = require_unit(session, viewer)
    own = {task.id for task, _ in _tasks(session, team.id, quarter)}
    for task_id, values in typed.items():
        if task_id not in own or set(values) - set(FIELDS):
            raise ShijiError("TASK-UNKNOWN", "填报内容不属于本单位本季度任务", str(task_id), "请刷新页面。")
        if values.get("level", "") not in ("", *LEVELS):
            raise ShijiError("TASK-LEVEL", f"没有这一档：{values['level'][:10]}", str(task_id), "请从下拉框选择。")
        if len(values.get("text", "")) > LONGEST:
            raise ShijiError("TASK-TEXT", f"进展说明不超过 {LONGEST} 字", str(task_id), "请精简。")
    row = _report(session, team.id, quarter)
    if row is None:
        row = UnitReport(team_id=team.id, quarter=quarter.code)
        session.add(row)
    row.content = {**(row.content or {}), **{str(key): dict(values) for key, values in typed.items()}}
    row.saved_at, row.user_id = now(), viewer.user_id or None
    session.flush()
    return row


def submit(session: Session, viewer: Viewer, quarter: Quarter, today: date) -> UnitReport:
    """Hand the kept sheet in: a claim for each filled task, and one receipt number for the quarter.

    Every open task must be filled. Raises UNIT-INCOMPLETE and those of `report_progress`.
    """
    page = unit_page(session, viewer, quarter)
    open_tasks, blank = [task for task in page.tasks if not task.closed], lacking(page)
    if blank or not open_tasks:
        what = f"尚未填写：{'、'.join(blank)}" if blank else "没有需要报送的任务"
        raise ShijiError("UNIT-INCOMPLETE", what, quarter.title, "请选择进度并写明进展后报送。")
    row = page.report or save_draft(session, viewer, quarter, {})
    if not row.receipt:
        row.receipt = f"JD-{quarter.code}-{page.team.id}-{row.id:05d}"
    for task in open_tasks:
        if task.claim is None or (task.claim.level, task.claim.text) != (task.level, task.text.strip()):
            report_progress(session, viewer, task.task_id, quarter.number, task.level, task.text, today, row.id)
    row.state, row.submitted_at, row.user_id = "submitted", now(), viewer.user_id or None
    session.flush()
    return row


def lacking(page: UnitPage) -> list[str]:
    """Tasks that must be filled before the sheet can be handed in."""
    open_tasks = [task for task in page.tasks if not task.closed]
    return [f"{one.owner}{one.number}号{one.kind}" for one in open_tasks if not (one.level and one.text.strip())]


def progress_workbook(page: UnitPage) -> bytes:
    """The sheet to fill in offline, with what is kept; official figures stand in no cell of it."""
    rows = [
        [task.task_id, f"{task.owner}{task.number}号{task.kind}", task.title, task.milestone, task.level, task.text]
        for task in page.tasks
    ]
    columns = (
        Column("任务编号", 10), Column("序号", 18), Column("任务", 34), Column("本季度节点", 40),
        Column("进度", 12, LEVELS), Column("进展说明", 60),
    )  # fmt: skip
    advice = "只填“进度”和“进展说明”两列；统计、财政等部门已提供的数据不需填报。"
    return workbook_bytes([Table(SHEET, f"{page.team.short}{page.quarter.title}进展", advice, columns, rows)])


def read_progress(data: bytes) -> dict[int, dict[str, str]]:
    """Task id -> level and text of a filled workbook; empty rows are left out. Raises SHEET-…, TASK-UNKNOWN."""
    found: dict[int, dict[str, str]] = {}
    for row in read_rows(data, SHEET, ("任务编号", "进度", "进展说明")):
        if row["进度"] or row["进展说明"]:
            if not row["任务编号"].isdecimal():
                raise ShijiError("TASK-UNKNOWN", "任务编号无法识别", f"第 {row.number} 行", "请用下载的模板填写。")
            found[int(row["任务编号"])] = {"level": row["进度"], "text": row["进展说明"]}
    return found


def submitted_day(row: UnitReport) -> str:
    """Day and minute of handing in, China time."""
    return f"{row.submitted_at.astimezone(CHINA):%Y-%m-%d %H:%M}" if row.submitted_at else ""


def _report(session: Session, team_id: str, quarter: Quarter) -> UnitReport | None:
    return session.scalar(select(UnitReport).where(UnitReport.team_id == team_id, UnitReport.quarter == quarter.code))


def _tasks(session: Session, team_id: str, quarter: Quarter) -> list[tuple[Task, TaskVersion]]:
    return [
        pair
        for kind in (TEAM, PERSONAL)
        for pair in held_versions(session, quarter.year, quarter.number, kind, [team_id])
    ]
