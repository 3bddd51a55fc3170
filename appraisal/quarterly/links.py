"""Evidence that may bear on a task, proposed by likeness with the reason shown; an officer confirms (§1.1).

The port is one function: `(tasks of the team, its items, tasks of other teams) -> for each task, for each item,
likeness 0-100 and the reason in one line`. A task's first line is its title. The default weighs pairs of characters by
how rare they are; the composition root hands in one that also knows meaning.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from appraisal.quarterly.tasks import get_task, held_versions
from dossier import terms
from dossier.review import require_decider
from dossier.scope import Viewer, evidence_clause, unrestricted
from storage.errors import ShijiError
from storage.tables import Evidence, Task, TaskLink, TaskVersion

Likeness = Callable[[Sequence[str], Sequence[str], Sequence[str]], list[list[tuple[int, str]]]]
LEAST = 12  # likeness below which nothing is proposed
MOST = 5  # proposals a task
TITLE = 8  # how many times more a pair of the title weighs: milestones are alike everywhere
_HAN = re.compile(r"[\u4e00-\u9fff]+")
_COMMON = frozenset(
    (
        "推进", "工作", "建设", "全市", "全区", "全县", "完成", "项目", "实施", "开展", "落实", "提升", "以上", "年度",
        "情况", "进行", "加强", "全年", "重点", "任务",
    )
)  # fmt: skip


@dataclass(frozen=True)
class Proposed:
    """One proposal as shown."""

    link: TaskLink
    title: str
    text: str
    code: str
    state: str
    date: str


def likeness_by_words(
    tasks: Sequence[str], items: Sequence[str], others: Sequence[str] = ()
) -> list[list[tuple[int, str]]]:
    """Share of a task's pairs of characters found in each item, rare ones weighing more; and the shared words."""
    return [_by_words(task, items) for task in tasks]


def _by_words(task: str, items: Sequence[str]) -> list[tuple[int, str]]:
    sets = [_pairs(item) for item in items]
    spread = Counter(pair for found in sets for pair in found)
    mine = {pair for pair in _pairs(task) if pair not in _COMMON}
    title = _pairs(task.partition("\n")[0])
    weights = {pair: log(1 + (len(items) + 1) / (1 + spread[pair])) * (TITLE if pair in title else 1) for pair in mine}
    whole = sum(weights.values())
    made = []
    for item, found in zip(items, sets, strict=True):
        shared = mine & found
        part = sum(weights[pair] for pair in shared) / whole if whole else 0.0
        words = "、".join(_words(task, item)[:4])
        made.append((round(100 * part), f"与任务共同出现：{words}" if words else ""))
    return made


def propose_links(
    session: Session, viewer: Viewer, year: int, team_id: str, likeness: Likeness = likeness_by_words
) -> int:
    """Propose the team's evidence of the year for its frozen tasks. What was refused is not proposed again.

    Returns the number of new proposals. Unverified adverse and restricted items are never proposed.
    """
    require_decider(viewer)
    items = _items(session, viewer, year, team_id)
    texts = [f"{one.passage.document.title} {one.passage.text}" for one in items]
    made = 0
    held = held_versions(session, year, 4, "team")
    mine = [(task, words) for task, words in held if task.team_id == team_id]
    others = [_task_text(words) for task, words in held if task.team_id != team_id]
    for (task, _), found in zip(mine, likeness([_task_text(words) for _, words in mine], texts, others), strict=True):
        known = set(session.scalars(select(TaskLink.evidence_id).where(TaskLink.task_id == task.id)))
        order = sorted(range(len(items)), key=lambda number: (-found[number][0], items[number].id))
        for number in order[:MOST]:
            likely, because = found[number]
            item = items[number]
            if likely >= LEAST and because and item.id not in known:
                session.add(TaskLink(task_id=task.id, evidence_id=item.id, likeness=likely, because=because))
                made += 1
    session.flush()
    return made


def decide_link(session: Session, viewer: Viewer, link_id: int, confirm: bool) -> TaskLink:
    """An officer confirms or refuses a proposal; either can be taken back by the other."""
    require_decider(viewer)
    row = session.get(TaskLink, link_id)
    if row is None:
        raise ShijiError("TASK-LINK-UNKNOWN", "没有这条佐证关联", str(link_id), "请从任务页进入。")
    get_task(session, viewer, row.task_id)
    row.state, row.user_id = "confirmed" if confirm else "refused", viewer.user_id
    session.flush()
    return row


def add_link(session: Session, viewer: Viewer, task_id: int, code: str) -> TaskLink:
    """Link an item of the same team by its number; the manual equivalent of the proposal (R-49)."""
    require_decider(viewer)
    task = get_task(session, viewer, task_id)
    clauses = (Evidence.team_id == task.team_id, evidence_clause(viewer), unrestricted())
    item = session.scalar(select(Evidence).where(Evidence.code == code.strip(), *clauses))
    if item is None or item.state in (terms.PENDING, terms.REJECTED, terms.UNTRUE, terms.WITHDRAWN):
        raise ShijiError("EVIDENCE-UNKNOWN", "没有该编号的已采用条目，或不属于该班子", code[:30], "请核对编号。")
    row = session.scalar(select(TaskLink).where(TaskLink.task_id == task.id, TaskLink.evidence_id == item.id))
    if row is None:
        row = TaskLink(task_id=task.id, evidence_id=item.id, because="经办人关联")
        session.add(row)
    row.state, row.user_id = "confirmed", viewer.user_id
    session.flush()
    return row


def links_of(session: Session, viewer: Viewer, task: Task) -> list[Proposed]:
    """Proposals and confirmed items of a task that the viewer may see, confirmed ones first; refused ones left out."""
    query = (
        select(TaskLink)
        .join(Evidence, TaskLink.evidence_id == Evidence.id)
        .where(TaskLink.task_id == task.id, TaskLink.state != "refused", evidence_clause(viewer), unrestricted())
        .options(selectinload(TaskLink.evidence).selectinload(Evidence.passage))
        .order_by(TaskLink.state, TaskLink.likeness.desc(), TaskLink.id)
    )
    found = []
    for row in session.scalars(query):
        item = row.evidence
        day = item.event_date.isoformat() if item.event_date else ""
        title, text = item.passage.document.title, item.true_part or item.passage.text
        found.append(Proposed(row, title, text, item.code, item.state, day))
    return found


def _items(session: Session, viewer: Viewer, year: int, team_id: str) -> list[Evidence]:
    query = (
        select(Evidence)
        .where(
            Evidence.team_id == team_id, evidence_clause(viewer), unrestricted(), Evidence.state.in_(terms.SHOWN),
            Evidence.role.in_(terms.DOSSIER_ROLES),
        )
        .options(selectinload(Evidence.passage))
        .order_by(Evidence.id)
    )  # fmt: skip
    return [one for one in session.scalars(query) if one.event_date is None or one.event_date.year == year]


def _task_text(words: TaskVersion) -> str:
    return "\n".join((words.title, words.deliverable, *(str(one) for one in words.milestones.values())))


def _pairs(text: str) -> set[str]:
    return {run[at : at + 2] for run in _HAN.findall(text) for at in range(len(run) - 1)}


def _words(task: str, item: str) -> list[str]:
    """Longest runs of characters of the task that stand in the item, two characters or more, each once."""
    found: dict[str, None] = {}
    for run in _HAN.findall(task):
        at = 0
        while at < len(run) - 1:
            size = 2
            if run[at : at + 2] not in item or run[at : at + 2] in _COMMON:
                at += 1
                continue
            while at + size < len(run) and run[at : at + size + 1] in item:
                size += 1
            found[run[at : at + size]] = None
            at += size
    return sorted(found, key=len, reverse=True)
