"""班子任务单 and the page of one task: versions, progress with records, linked evidence, history (domain.md §1.1)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from appraisal.drilldown import ScoreNode
from appraisal.quarterly.claims import records_of
from appraisal.quarterly.grading import Counts, counts_of, lights_of
from appraisal.quarterly.links import Proposed, links_of
from appraisal.quarterly.reference import Light, is_equal, task_node
from appraisal.quarterly.rules import rules_of
from appraisal.quarterly.states import OPEN, SETTLED, needs_head
from appraisal.quarterly.table import ShownLight, light_of
from appraisal.quarterly.tasks import PERSONAL, TEAM, get_task, team_in_reach
from appraisal.review.quarter import Quarter
from dossier.scope import Viewer, get_team, team_clause
from storage.tables import Cadre, FieldRecord, Post, Task, TaskAct, TaskClaim, TaskVersion, Team, Tenure, User

ACTS = {
    "propose": "提出", "check": "审核同意", "return": "退回", "approve": "批准登记", "freeze": "冻结",
    "claim": "报进展", "record": "核查记录", "propose-found": "提出核实结论", "agree-found": "复核同意",
    "tell": "告知单位", "answer": "单位说明", "settle": "核实结论成立", "send-back": "退回结论", "reopen": "重新打开",
}  # fmt: skip


@dataclass(frozen=True)
class ClaimView:
    """The claim of a quarter with its records and the steps this viewer may take."""

    row: TaskClaim
    light: ShownLight
    records: tuple[FieldRecord, ...]
    may: frozenset[str]
    by: str


@dataclass
class TaskPage:
    """One task. steps: what this viewer may do with the newest version: check, approve."""

    task: Task
    team: Team
    words: TaskVersion
    versions: list[TaskVersion]
    names: dict[str, str]
    claims: dict[int, ClaimView | None]
    links: list[Proposed]
    history: list[tuple[TaskAct, str, str]]
    steps: frozenset[str]
    weight: str
    milestones: dict[int, str]  # by quarter, from the version that holds in it


@dataclass
class TeamSheet:
    """A team's year: its tasks with four quarters of lights, S3 by quarter, and members with personal tasks."""

    team: Team
    year: int
    tasks: list[tuple[Task, TaskVersion, str]] = field(default_factory=list)
    lights: dict[int, dict[int, ShownLight]] = field(default_factory=dict)  # task id -> quarter -> light
    nodes: dict[int, ScoreNode] = field(default_factory=dict)  # quarter -> S3
    counts: dict[int, Counts] = field(default_factory=dict)
    members: list[tuple[str, str, str, int]] = field(default_factory=list)  # id, name, post, tasks frozen
    freezable: tuple[str, ...] = ()  # "" the team's tasks, or a member's id


def team_sheet(session: Session, viewer: Viewer, team_id: str, year: int) -> TeamSheet:
    """The sheet of a team the viewer may see."""
    team = get_team(session, viewer, team_id)
    made = TeamSheet(team, year)
    newest = _newest(session, year, team_id)
    mine = [(task, row) for task, row in newest if task.kind == TEAM]
    equal = is_equal([row.weight for _, row in mine]) if mine else True
    made.tasks = [(task, row, "均等" if equal else f"{row.weight:f}%") for task, row in mine]
    rules = rules_of(session, year)
    for number in (1, 2, 3, 4):
        quarter = Quarter(year, number)
        lights = lights_of(session, quarter, TEAM, [team_id]).get(team_id, [])
        for light in lights:
            made.lights.setdefault(light.task_id, {})[number] = _shown(light)
        made.nodes[number] = task_node(lights, rules)
        made.counts[number] = counts_of(session, quarter).get(team_id, Counts())
    waiting = {task.cadre_key for task, row in newest if row.state == "approved"}
    frozen: dict[str, int] = {}
    for task, row in newest:
        if task.kind == PERSONAL and row.state == "frozen":
            frozen[task.cadre_key] = frozen.get(task.cadre_key, 0) + 1
    members = session.execute(
        select(Cadre.id, Cadre.name, Post.title)
        .join(Tenure, Tenure.cadre_id == Cadre.id)
        .join(Post, Tenure.post_id == Post.id)
        .where(Post.team_id == team_id, Tenure.end.is_(None) | (Tenure.end > Quarter(year, 1).first))
        .order_by(Post.id, Tenure.start)
    )
    held = {key: (key, name, post, frozen.get(key, 0)) for key, name, post in members}
    made.members = [one for key, one in held.items() if key not in viewer.recused_cadres]
    made.freezable = tuple(sorted(waiting))
    return made


def task_page(session: Session, viewer: Viewer, task_id: int) -> TaskPage:
    """The page of a task; of a personal one only for who may see the person's dossier (checked by the caller)."""
    task = get_task(session, viewer, task_id)
    team = session.get_one(Team, task.team_id)
    versions = list(task.versions)
    words = next((row for row in reversed(versions) if row.state == "frozen"), versions[-1])
    names = dict(session.execute(select(Cadre.id, Cadre.name)).all())
    people = dict(session.execute(select(User.id, User.name)).all())
    held = {row.quarter: row for row in session.scalars(select(TaskClaim).where(TaskClaim.task_id == task.id))}
    claims: dict[int, ClaimView | None] = {}
    for number in (1, 2, 3, 4):
        row = held.get(number)
        claims[number] = _claim(session, viewer, row, words, people) if row else None
    acts = session.scalars(select(TaskAct).where(TaskAct.task_id == task.id).order_by(TaskAct.id.desc()))
    history = [(act, ACTS.get(act.kind, act.kind), people.get(act.user_id or 0, "—")) for act in acts]
    peers = [row.weight for _, row in _newest(session, task.year, task.team_id, task.cadre_key)]
    weight = "均等" if is_equal(peers) else f"{words.weight:f}%"
    return TaskPage(
        task, team, words, versions, names, claims, links_of(session, viewer, task) if task.kind == TEAM else [],
        history, _steps(viewer, task, versions[-1]), weight, _milestones(versions),
    )  # fmt: skip


def claims_to_pick(
    session: Session, viewer: Viewer, quarter: Quarter, claim_id: int = 0
) -> list[tuple[TaskClaim, str]]:
    """Open claims of the viewer's teams in a quarter, for a record that supports several.

    Progress of a member's own task is offered only where the record was begun from it (`claim_id`), without a name.
    """
    query = (
        select(TaskClaim, Task, Team.short)
        .join(Task, TaskClaim.task_id == Task.id)
        .join(Team, Task.team_id == Team.id)
        .where(
            Task.year == quarter.year, TaskClaim.quarter == quarter.number, TaskClaim.state.in_(OPEN),
            or_(Task.kind == TEAM, TaskClaim.id == claim_id), team_clause(viewer),
        )
        .order_by(Team.ordinal, Team.id, Task.kind.desc(), Task.number)
    )  # fmt: skip
    return [
        (claim, f"{short} {'' if task.kind == TEAM else '成员'}{task.number}号任务（自报{claim.level}）")
        for claim, task, short in session.execute(query)
    ]


def _newest(session: Session, year: int, team_id: str, cadre_key: str | None = None) -> list[tuple[Task, TaskVersion]]:
    query = (
        select(Task, TaskVersion)
        .join(TaskVersion, TaskVersion.task_id == Task.id)
        .where(Task.year == year, Task.team_id == team_id)
        .order_by(Task.cadre_key, Task.number, TaskVersion.version)
    )
    if cadre_key is not None:
        query = query.where(Task.cadre_key == cadre_key)
    return list({task.id: (task, row) for task, row in session.execute(query)}.values())


def _milestones(versions: list[TaskVersion]) -> dict[int, str]:
    found: dict[int, str] = {}
    for row in versions:
        if row.state == "frozen" or len(versions) == 1:
            steps = {number: row.milestones.get(f"Q{number}") for number in range(row.from_quarter, 5)}
            found.update({number: str(text) for number, text in steps.items() if text})
    return found


def _claim(session: Session, viewer: Viewer, row: TaskClaim, words: TaskVersion, people: dict[int, str]) -> ClaimView:
    light = light_of(row.found, row.found or f"{row.state}（自报{row.level}）", 0, words.title)
    records = tuple(records_of(session, row.id))
    return ClaimView(row, light, records, _may(viewer, row), people.get(row.user_id or 0, "—"))


def _may(viewer: Viewer, row: TaskClaim) -> frozenset[str]:
    """Steps open to this viewer; the services check again."""
    if viewer.role not in ("OFF", "HEAD"):
        return frozenset()
    steps = set()
    if row.state in OPEN:
        steps.add("record")
        if not row.proposed_found:
            steps.add("found")
        elif row.agreed_by is None:
            steps.add("return")
            if viewer.user_id != row.proposed_by:
                steps.add("agree")
        elif needs_head(row.proposed_found):
            steps |= {"tell", "return"} if row.told_on is None else {"answer", "return"}
            if viewer.role == "HEAD" and row.told_on and viewer.user_id not in (row.proposed_by, row.agreed_by):
                steps.add("sign")
    elif row.state in SETTLED and viewer.role == "HEAD":
        steps.add("reopen")
    return frozenset(steps)


def _steps(viewer: Viewer, task: Task, newest: TaskVersion) -> frozenset[str]:
    steps = set()
    mine = viewer.user_id == newest.proposed_by
    checkers, approvers = (("KH",), ("DEP", "MIN")) if task.kind == TEAM else (("OFF", "HEAD"), ("HEAD",))
    if newest.state == "proposed" and viewer.role in checkers and not mine:
        steps.add("check")
    if newest.state == "checked" and viewer.role in approvers:
        steps.add("approve")
    if viewer.role in ("OFF", "HEAD", "KH") and newest.state in ("proposed", "returned", "frozen"):
        steps.add("write")
    return frozenset(steps)


def _shown(light: Light) -> ShownLight:
    return light_of(light.level, light.why, light.number, light.title)


def unit_tasks(
    session: Session, viewer: Viewer, year: int
) -> tuple[Team, list[tuple[Task, TaskVersion]], list[tuple[str, str, str]]]:
    """A unit's own tasks of a year with their newest words, and its members in post (id, name, post)."""
    team = team_in_reach(session, viewer, viewer.team_id)
    members = session.execute(
        select(Cadre.id, Cadre.name, Post.title)
        .join(Tenure, Tenure.cadre_id == Cadre.id)
        .join(Post, Tenure.post_id == Post.id)
        .where(Post.team_id == team.id, Tenure.end.is_(None))
        .order_by(Post.id, Tenure.start)
    )
    return team, _newest(session, year, team.id), [(key, name, post) for key, name, post in members]
