"""Acts on tasks, claims and linked evidence with their audit entries, for pages, JSON and commands alike."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy.orm import Session

from api.acts.performing import perform
from api.system import System
from appraisal.decimals import to_decimal
from appraisal.quarterly import claims, links, tasks
from appraisal.quarterly.tasks import TaskWords
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import TaskClaim, TaskLink, TaskVersion


def words_of(form: Mapping[str, str]) -> TaskWords:
    """A task as typed: q1 to q4 are its milestones; an empty weight is 均等. Raises TASK-FIELD."""
    try:
        weight = to_decimal(form.get("weight", "").strip() or "1")
        quarter = int(form.get("from_quarter", "") or 1)
    except ValueError as error:
        raise ShijiError("TASK-FIELD", "权重或起始季度不是数", form.get("title", "")[:20], "请填数字。") from error
    steps = {n: form.get(f"q{n}", "") for n in (1, 2, 3, 4) if form.get(f"q{n}", "").strip()}
    return TaskWords(
        form.get("title", ""), form.get("deliverable", ""), form.get("basis", ""), weight or Decimal(1),
        form.get("responsible", ""), steps, quarter,
    )  # fmt: skip


def propose(
    system: System, viewer: Viewer, year: int, team_id: str, number: int, words: TaskWords, cadre_id: str, reason: str
) -> TaskVersion:
    """A task, or a change of a frozen one."""
    return perform(
        system, viewer, "task-propose", "task-version", "",
        lambda session, who: tasks.propose(session, who, year, team_id, number, words, cadre_id, reason),
        {"team": team_id, "year": year, "number": number},
    )  # fmt: skip


def check(system: System, viewer: Viewer, version_id: int, agree: bool, note: str) -> TaskVersion:
    """Check a proposed task."""
    return perform(
        system, viewer, "task-check", "task-version", str(version_id),
        lambda session, who: tasks.check(session, who, version_id, agree, note), {"agree": agree},
    )  # fmt: skip


def approve(
    system: System, viewer: Viewer, version_id: int, approver: str, document_no: str, agree: bool, note: str
) -> TaskVersion:
    """Register the approval of a checked task."""
    return perform(
        system, viewer, "task-approve", "task-version", str(version_id),
        lambda session, who: tasks.approve(session, who, version_id, approver, document_no, agree, note),
        {"agree": agree, "document_no": document_no.strip()},
    )  # fmt: skip


def freeze(system: System, viewer: Viewer, year: int, team_id: str, cadre_id: str) -> list[TaskVersion]:
    """Freeze what is approved."""
    return perform(
        system, viewer, "task-freeze", "team", team_id,
        lambda session, who: tasks.freeze(session, who, year, team_id, cadre_id), {"year": year},
    )  # fmt: skip


def report(system: System, viewer: Viewer, task_id: int, quarter: int, level: str, text: str) -> TaskClaim:
    """Progress as an officer says it."""
    today = system.settings.today()
    return perform(
        system, viewer, "task-claim", "task", str(task_id),
        lambda session, who: claims.report_progress(session, who, task_id, quarter, level, text, today),
        {"quarter": quarter, "level": level},
    )  # fmt: skip


def claim_act(
    system: System, viewer: Viewer, name: str, claim_id: int, text: str = "", level: str = "",
    version: int | None = None,
) -> TaskClaim:  # fmt: skip
    """One step of a claim. name: found, agree, tell, answer, sign, return, reopen. Raises TASK-STEP for another."""
    today = system.settings.today()

    def change(session: Session, who: Viewer) -> TaskClaim:
        return _step(session, who, name, claim_id, text, level, version, today)

    return perform(system, viewer, f"task-{name}", "task-claim", str(claim_id), change, {"level": level})


def _step(
    session: Session, who: Viewer, name: str, claim_id: int, text: str, level: str, version: int | None, today: date
) -> TaskClaim:
    if name == "found":
        return claims.propose_found(session, who, claim_id, level, text, version)
    if name == "agree":
        return claims.agree_found(session, who, claim_id, text, version)
    if name == "tell":
        return claims.tell(session, who, claim_id, today)
    if name == "answer":
        return claims.answer(session, who, claim_id, text)
    if name == "sign":
        return claims.sign(session, who, claim_id, today, text, version)
    if name == "return":
        return claims.send_back(session, who, claim_id, text)
    if name == "reopen":
        return claims.reopen(session, who, claim_id, text)
    raise ShijiError("TASK-STEP", f"没有这一步：{name[:20]}", str(claim_id), "")


def propose_links(system: System, viewer: Viewer, year: int, team_id: str) -> int:
    """Look for evidence of a team's tasks; returns the number of new proposals."""
    return perform(
        system, viewer, "task-links", "team", team_id,
        lambda session, who: links.propose_links(session, who, year, team_id, system.likeness_of_tasks), {"year": year},
    )  # fmt: skip


def decide_link(system: System, viewer: Viewer, link_id: int, confirm: bool) -> TaskLink:
    """Confirm or refuse a proposed link."""
    return perform(
        system, viewer, "task-link", "task-link", str(link_id),
        lambda session, who: links.decide_link(session, who, link_id, confirm), {"confirm": confirm},
    )  # fmt: skip


def add_link(system: System, viewer: Viewer, task_id: int, code: str) -> TaskLink:
    """Link an item by its number."""
    return perform(
        system, viewer, "task-link", "task", str(task_id),
        lambda session, who: links.add_link(session, who, task_id, code), {"code": code.strip()[:30]},
    )  # fmt: skip
