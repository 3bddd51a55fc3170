"""3 重点工作 of a team and 2 重点任务 of a member: proposed, checked, approved, frozen; changes are versions (§1.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.quarterly.reference import check_weights
from appraisal.quarterly.rules import PERSONAL_TASKS, TEAM_TASKS
from dossier.scope import Viewer, get_team
from storage.errors import ShijiError
from storage.tables import Post, Task, TaskAct, TaskVersion, Team, Tenure, now

TEAM, PERSONAL = "team", "personal"
COUNTS = {TEAM: TEAM_TASKS, PERSONAL: PERSONAL_TASKS}
KINDS = {TEAM: "重点工作", PERSONAL: "重点任务"}
STATES = {
    "proposed": "已提出", "checked": "已审核", "approved": "已批准", "frozen": "已冻结", "returned": "已退回",
}  # fmt: skip
OFFICERS = frozenset({"OFF", "HEAD", "KH"})


@dataclass(frozen=True)
class TaskWords:
    """A task as proposed. weight: percent, or the same number for all (均等); milestones: quarter -> what must stand.

    from_quarter: the first quarter in which these words hold, later than 1 for a change or a later appointment.
    """

    title: str
    deliverable: str
    basis: str
    weight: Decimal = Decimal(1)
    responsible_id: str = ""
    milestones: Mapping[int, str] = field(default_factory=dict)
    from_quarter: int = 1


def team_in_reach(session: Session, viewer: Viewer, team_id: str) -> Team:
    """The team, for its own unit or for an officer of its zone. Raises RIGHTS-ROLE, TEAM-UNKNOWN, RIGHTS-RECUSAL."""
    if viewer.role != "UNIT":
        return get_team(session, viewer, team_id)
    team = session.get(Team, team_id)
    if team is None or team_id != viewer.team_id:
        raise ShijiError("TEAM-UNKNOWN", "只能办理本单位的事项", team_id, "请从本单位页面进入。")
    return team


def get_task(session: Session, viewer: Viewer, task_id: int) -> Task:
    """A task of a team within reach. Raises TASK-UNKNOWN and those of `team_in_reach`."""
    task = session.get(Task, task_id)
    if task is None:
        raise ShijiError("TASK-UNKNOWN", "没有这项任务", str(task_id), "请从任务看板进入。")
    team_in_reach(session, viewer, task.team_id)
    return task


def get_version(session: Session, viewer: Viewer, version_id: int) -> tuple[Task, TaskVersion]:
    """A version with its task. Raises TASK-UNKNOWN."""
    row = session.get(TaskVersion, version_id)
    if row is None:
        raise ShijiError("TASK-UNKNOWN", "没有这版任务", str(version_id), "请从任务看板进入。")
    return get_task(session, viewer, row.task_id), row


def propose(
    session: Session, viewer: Viewer, year: int, team_id: str, number: int, words: TaskWords, cadre_id: str = "",
    reason: str = "",
) -> TaskVersion:  # fmt: skip
    """A task, or a change of a frozen one as a further version with its reason.

    A proposal that nobody has checked, or that was sent back, is written anew. Raises TASK-NUMBER, TASK-FIELD,
    TASK-MEMBER, TASK-STATE, TASK-REASON.
    """
    team = team_in_reach(session, viewer, team_id)
    if viewer.role not in (*OFFICERS, "UNIT"):
        raise ShijiError("RIGHTS-ROLE", "任务由单位提出，或由经办、考核办代录", viewer.role, "")
    kind = PERSONAL if cadre_id else TEAM
    where = f"{team.short}{year}年{number}号{KINDS[kind]}"
    if not 1 <= number <= COUNTS[kind]:
        raise ShijiError("TASK-NUMBER", f"{KINDS[kind]}每年 {COUNTS[kind]} 项", where, "请核对序号。")
    _check_words(session, team_id, words, cadre_id, where)
    task = session.scalar(
        select(Task).where(
            Task.year == year, Task.team_id == team_id, Task.cadre_key == cadre_id, Task.number == number
        )
    )
    if task is None:
        task = Task(year=year, kind=kind, team_id=team_id, cadre_id=cadre_id or None, cadre_key=cadre_id, number=number)
        session.add(task)
        session.flush()
    newest = session.scalar(
        select(TaskVersion).where(TaskVersion.task_id == task.id).order_by(TaskVersion.version.desc()).limit(1)
    )
    row = newest
    if newest is None or newest.state == "frozen":
        if newest is not None and not reason.strip():
            raise ShijiError("TASK-REASON", "变更已冻结的任务须写明理由", where, "请写明理由，原任务保留。")
        row = TaskVersion(task_id=task.id, version=newest.version + 1 if newest else 1)
        session.add(row)
    elif newest.state not in ("proposed", "returned"):
        raise ShijiError("TASK-STATE", f"该任务{STATES[newest.state]}，不能改写", where, "请先退回，或冻结后变更。")
    assert row is not None
    row.title, row.deliverable, row.basis = words.title.strip(), words.deliverable.strip(), words.basis.strip()
    row.weight, row.responsible_id = words.weight, words.responsible_id or cadre_id or None
    row.milestones = {f"Q{quarter}": text.strip() for quarter, text in sorted(words.milestones.items())}
    row.from_quarter, row.reason, row.state = words.from_quarter, reason.strip(), "proposed"
    row.proposed_by, row.proposed_at = viewer.user_id or None, now()
    row.checked_by = row.checked_at = None
    session.flush()
    note_act(session, viewer, task, "propose", reason, version=row.version)
    return row


def check(session: Session, viewer: Viewer, version_id: int, agree: bool, note: str = "") -> TaskVersion:
    """考核办 checks a team's task, the section a member's; nobody checks what they proposed."""
    task, row = get_version(session, viewer, version_id)
    _only(viewer, task, {TEAM: ("KH",), PERSONAL: ("OFF", "HEAD")}, "审核")
    _stage(task, row, "proposed")
    if viewer.user_id and viewer.user_id == row.proposed_by:
        raise ShijiError("TASK-SAME", "提出人不能审核自己提出的任务", row.title, "请由另一人审核。")
    if not agree and not note.strip():
        raise ShijiError("TASK-REASON", "退回须写明理由", row.title, "")
    row.state = "checked" if agree else "returned"
    row.checked_by, row.checked_at = viewer.user_id or None, now()
    note_act(session, viewer, task, "check" if agree else "return", note, version=row.version)
    return row


def approve(
    session: Session, viewer: Viewer, version_id: int, approver: str, document_no: str, agree: bool = True,
    note: str = "",
) -> TaskVersion:  # fmt: skip
    """Enter who approved and under which document: 分管市领导 for a team's, 单位主要负责人 for a member's task."""
    task, row = get_version(session, viewer, version_id)
    _only(viewer, task, {TEAM: ("DEP", "MIN"), PERSONAL: ("HEAD",)}, "批准登记")
    _stage(task, row, "checked")
    if not agree:
        if not note.strip():
            raise ShijiError("TASK-REASON", "退回须写明理由", row.title, "")
        row.state = "returned"
    else:
        if not approver.strip() or not document_no.strip():
            raise ShijiError("TASK-DOCUMENT", "请填写批准人和批准文件", row.title, "如：分管市领导，澜考发〔2025〕3号")
        row.state, row.approver, row.document_no = "approved", approver.strip()[:40], document_no.strip()[:60]
        row.approved_by, row.approved_at = viewer.user_id or None, now()
    note_act(session, viewer, task, "approve" if agree else "return", note, version=row.version)
    return row


def freeze(session: Session, viewer: Viewer, year: int, team_id: str, cadre_id: str = "") -> list[TaskVersion]:
    """Freeze what is approved: exactly 3 (2) tasks must then stand, with weights that sum to 100 % or are equal.

    Raises TASK-NONE, TASK-COUNT, WEIGHT-SUM.
    """
    if viewer.role not in ("KH", "HEAD"):
        raise ShijiError("RIGHTS-ROLE", "任务由考核办或处长冻结", viewer.role, "")
    team = get_team(session, viewer, team_id)
    kind = PERSONAL if cadre_id else TEAM
    where = f"{team.short}{year}年{KINDS[kind]}"
    query = select(TaskVersion, Task).join(Task, TaskVersion.task_id == Task.id)
    query = query.where(Task.year == year, Task.team_id == team_id, Task.cadre_key == cadre_id)
    holding: dict[int, TaskVersion] = {}
    fresh = []
    for row, task in session.execute(query.order_by(Task.number, TaskVersion.version)):
        if row.state == "frozen":
            holding[task.number] = row
        elif row.state == "approved":
            holding[task.number] = row
            fresh.append((task, row))
    if not fresh:
        raise ShijiError("TASK-NONE", "没有已批准待冻结的任务", where, "请先完成审核和批准。")
    if len(holding) != COUNTS[kind]:
        raise ShijiError("TASK-COUNT", f"应有 {COUNTS[kind]} 项，现有 {len(holding)} 项", where, "请补齐后再冻结。")
    check_weights([row.weight for row in holding.values()], where)
    for task, row in fresh:
        row.state, row.frozen_by, row.frozen_at = "frozen", viewer.user_id or None, now()
        note_act(session, viewer, task, "freeze", "", version=row.version)
    session.flush()
    return [row for _, row in fresh]


def held_versions(
    session: Session, year: int, quarter: int, kind: str, teams: Collection[str] | None = None, cadre_id: str = ""
) -> list[tuple[Task, TaskVersion]]:
    """The words that hold in a quarter: of each task the newest frozen version that begins by then, in order."""
    query = (
        select(Task, TaskVersion)
        .join(TaskVersion, TaskVersion.task_id == Task.id)
        .where(Task.year == year, Task.kind == kind, TaskVersion.state == "frozen", TaskVersion.from_quarter <= quarter)
        .order_by(Task.team_id, Task.cadre_key, Task.number, TaskVersion.version)
    )
    if teams is not None:
        query = query.where(Task.team_id.in_(list(teams)))
    if cadre_id:
        query = query.where(Task.cadre_id == cadre_id)
    return list({task.id: (task, row) for task, row in session.execute(query)}.values())


def note_act(
    session: Session, viewer: Viewer, task: Task, kind: str, reason: str = "", claim_id: int | None = None,
    **detail: Any,
) -> None:  # fmt: skip
    """One line of the task's own history."""
    session.add(
        TaskAct(
            task_id=task.id, claim_id=claim_id, kind=kind, detail=detail, reason=reason.strip(),
            user_id=viewer.user_id or None,
        )
    )  # fmt: skip


def _check_words(session: Session, team_id: str, words: TaskWords, cadre_id: str, where: str) -> None:
    for name, text, most in (("题目", words.title, 60), ("成果", words.deliverable, 300), ("依据", words.basis, 120)):
        if not text.strip() or len(text) > most:
            raise ShijiError("TASK-FIELD", f"{name}应填写，且不超过 {most} 字", where, f"请补填{name}。")
    if not 1 <= words.from_quarter <= 4 or set(words.milestones) - {1, 2, 3, 4}:
        raise ShijiError("TASK-FIELD", "季度应为 1 至 4", where, "")
    lacking = [q for q in range(words.from_quarter, 5) if not words.milestones.get(q, "").strip()]
    if lacking:
        raise ShijiError("TASK-FIELD", f"缺第 {'、'.join(map(str, lacking))} 季度节点", where, "请写明可衡量的节点。")
    if words.weight <= 0 or words.weight > 100:
        raise ShijiError("TASK-FIELD", "权重应大于 0 且不超过 100", where, "均等时不填。")
    for member in {words.responsible_id, cadre_id} - {""}:
        held = select(Tenure.id).join(Post, Tenure.post_id == Post.id)
        if session.scalar(held.where(Tenure.cadre_id == member, Post.team_id == team_id).limit(1)) is None:
            raise ShijiError("TASK-MEMBER", "责任人未在该班子任过职", f"{where} {member}", "请从班子成员中选择。")


def _stage(task: Task, row: TaskVersion, wanted: str) -> None:
    if row.state != wanted:
        raise ShijiError(
            "TASK-STATE", f"该任务{STATES[row.state]}，不能办理这一步", row.title, f"应为{STATES[wanted]}。"
        )


def _only(viewer: Viewer, task: Task, roles: Mapping[str, tuple[str, ...]], what: str) -> None:
    if viewer.role not in roles[task.kind]:
        raise ShijiError("RIGHTS-ROLE", f"当前角色不能办理{KINDS[task.kind]}的{what}", viewer.role, "")
