"""JSON of 重点任务: board, team sheet, one task, a member's two tasks; proposals, progress, verification, links."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.access import audit
from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import tasking
from appraisal.decimals import show
from appraisal.quarterly.board import board
from appraisal.quarterly.person import person_sheet
from appraisal.quarterly.sheet import ClaimView, task_page, team_sheet
from appraisal.quarterly.tasks import get_task
from appraisal.review.quarter import parse_quarter, quarters_until
from dossier.cadrefile import purpose_text
from dossier.scope import get_cadre
from storage.errors import ShijiError
from storage.tables import TaskVersion

router = APIRouter(prefix="/api/tasks", tags=["tasks"])
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Officer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]
Proposer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]
Approver = Annotated[SignedIn, Depends(require_checked("HEAD", "DEP", "MIN"))]
Freezer = Annotated[SignedIn, Depends(require_checked("HEAD", "KH"))]


class NewTask(BaseModel):
    """A task or a change: words by field (title, deliverable, basis, weight, responsible, q1 to q4, from_quarter)."""

    year: int
    team: str
    number: int
    words: dict[str, str]
    cadre: str = ""
    reason: str = ""


class Step(BaseModel):
    """Agree or send back."""

    agree: bool = True
    note: str = ""
    approver: str = ""
    document_no: str = ""


class Freeze(BaseModel):
    """What to freeze: a team's tasks, or a member's."""

    year: int
    team: str
    cadre: str = ""


class Progress(BaseModel):
    """Progress of a quarter, 1 to 4."""

    quarter: int
    level: str
    text: str


class ClaimStep(BaseModel):
    """One step of verification, onto the version that was read."""

    text: str = ""
    level: str = ""
    version: int | None = None


@router.get("")
def tasks(system: SystemDep, person: Reader, quarter: str = "", by: str = "") -> dict[str, Any]:
    """The board of a quarter by category or zone, with reminders; nothing is sorted by state."""
    today = system.settings.today()
    with system.database.read() as session:
        chosen = parse_quarter(quarter) if quarter else quarters_until(today)[1]
        made = board(session, person.viewer, chosen, by, today)
    return {
        "quarter": chosen.code, "by": made.by, "reminders": [asdict(one) for one in made.reminders],
        "groups": {name: [asdict(row) for row in rows] for name, rows in made.groups.items()},
    }  # fmt: skip


@router.get("/teams/{team_id}")
def team(system: SystemDep, person: Reader, team_id: str, year: int) -> dict[str, Any]:
    """A team's tasks of a year with four quarters of levels and S3."""
    with system.database.read() as session:
        sheet = team_sheet(session, person.viewer, team_id, year)
    return {
        "team": team_id, "year": year,
        "tasks": [{"id": task.id, "number": task.number, "weight": weight, **_words(row)}
                  for task, row, weight in sheet.tasks],
        "lights": {str(key): {str(q): asdict(one) for q, one in row.items()} for key, row in sheet.lights.items()},
        "s3": {str(q): {"value": show(node.value), "formula": node.formula, "flags": list(node.flags)}
               for q, node in sheet.nodes.items()},
        "counts": {str(q): asdict(one) for q, one in sheet.counts.items()},
    }  # fmt: skip


@router.get("/people/{cadre_id}")
def one_person(
    system: SystemDep, person: Reader, cadre_id: str, purpose: str, year: int, words: str = ""
) -> dict[str, Any]:
    """A member's two tasks of a year; purpose is 谈话, 考核, 考察 or 其他 with words, and is recorded. No number."""
    stated = purpose_text(purpose, words)
    today = system.settings.today()
    with system.database.write() as session:
        sheet = person_sheet(session, person.viewer, cadre_id, year, today)
        audit.record(session, person.viewer, "cadre-tasks", "cadre", cadre_id, stated, {"year": year})
    return {
        "cadre": cadre_id, "year": year,
        "teams": [
            {"team": t.team_id, "post": t.post, "tasks": [_words(row) for _, row in t.words],
             "quarters": [{"quarter": q.quarter.code, "days": q.days, "note": q.note,
                           "tasks": [asdict(one) for one in q.tasks]} for q in t.quarters]}
            for t in sheet.teams
        ],
    }  # fmt: skip


@router.get("/{task_id}")
def one(system: SystemDep, person: Reader, task_id: int, purpose: str = "", words: str = "") -> dict[str, Any]:
    """One task with all versions, claims, records and linked evidence; a member's task needs a purpose."""
    with system.database.write() as session:
        task = get_task(session, person.viewer, task_id)
        if task.cadre_id:
            get_cadre(session, person.viewer, task.cadre_id, system.settings.today())
            if not purpose:
                raise ShijiError("CADRE-PURPOSE", "请先说明查阅用途", "个人重点任务", "")
            stated = purpose_text(purpose, words)
            audit.record(session, person.viewer, "cadre-task", "cadre", task.cadre_id, stated, {"task": task_id})
        view = task_page(session, person.viewer, task_id)
    return {
        "id": task_id, "team": view.team.id, "year": view.task.year, "number": view.task.number, "kind": view.task.kind,
        "weight": view.weight, "versions": [_words(row) for row in view.versions],
        "claims": {str(q): _claim(claim) for q, claim in view.claims.items() if claim},
        "links": [{"id": one.link.id, "code": one.code, "state": one.state, "link": one.link.state,
                   "because": one.link.because, "likeness": one.link.likeness, "title": one.title}
                  for one in view.links],
    }  # fmt: skip


@router.post("", status_code=201)
def propose(system: SystemDep, person: Proposer, wish: NewTask) -> dict[str, int]:
    """Propose a task, or a change of a frozen one with its reason."""
    row = tasking.propose(
        system, person.viewer, wish.year, wish.team, wish.number, tasking.words_of(wish.words), wish.cadre, wish.reason
    )
    return {"task": row.task_id, "version": row.id}


@router.post("/versions/{version_id}/check")
def check(system: SystemDep, person: Proposer, version_id: int, step: Step) -> dict[str, str]:
    """Check a proposal, or send it back."""
    return {"state": tasking.check(system, person.viewer, version_id, step.agree, step.note).state}


@router.post("/versions/{version_id}/approve")
def approve(system: SystemDep, person: Approver, version_id: int, step: Step) -> dict[str, str]:
    """Register who approved and under which document."""
    row = tasking.approve(system, person.viewer, version_id, step.approver, step.document_no, step.agree, step.note)
    return {"state": row.state}


@router.post("/freeze")
def freeze(system: SystemDep, person: Freezer, wish: Freeze) -> dict[str, int]:
    """Freeze what is approved."""
    return {"frozen": len(tasking.freeze(system, person.viewer, wish.year, wish.team, wish.cadre))}


@router.post("/{task_id}/claims", status_code=201)
def claim(system: SystemDep, person: Proposer, task_id: int, wish: Progress) -> dict[str, Any]:
    """Progress as an officer says it; it counts only when verified."""
    row = tasking.report(system, person.viewer, task_id, wish.quarter, wish.level, wish.text)
    return {"id": row.id, "state": row.state, "version": row.version}


@router.post("/claims/{claim_id}/{step}")
def step(system: SystemDep, person: Officer, claim_id: int, step: str, wish: ClaimStep) -> dict[str, Any]:
    """found, agree, tell, answer, sign, return or reopen."""
    row = tasking.claim_act(system, person.viewer, step, claim_id, wish.text, wish.level, wish.version)
    return {"id": row.id, "state": row.state, "found": row.found, "version": row.version}


@router.post("/teams/{team_id}/links")
def propose_links(system: SystemDep, person: Officer, team_id: str, year: int) -> dict[str, int]:
    """Look for evidence that bears on a team's tasks; an officer confirms each."""
    return {"proposed": tasking.propose_links(system, person.viewer, year, team_id)}


@router.post("/links/{link_id}")
def decide_link(system: SystemDep, person: Officer, link_id: int, confirm: bool) -> dict[str, str]:
    """Confirm or refuse a proposed link."""
    return {"state": tasking.decide_link(system, person.viewer, link_id, confirm).state}


def _words(row: TaskVersion) -> dict[str, Any]:
    return {
        "version_id": row.id, "version": row.version, "state": row.state, "title": row.title,
        "deliverable": row.deliverable, "basis": row.basis, "milestones": row.milestones,
        "responsible": row.responsible_id, "from_quarter": row.from_quarter, "reason": row.reason,
        "approver": row.approver, "document_no": row.document_no,
    }  # fmt: skip


def _claim(view: ClaimView) -> dict[str, Any]:
    row = view.row
    return {
        "id": row.id, "level": row.level, "text": row.text, "state": row.state, "found": row.found,
        "doubtful": row.doubtful, "proposed": row.proposed_found, "told_on": str(row.told_on or ""),
        "answer": row.answer, "version": row.version, "by_unit": row.by_unit, "may": sorted(view.may),
        "records": [{"channel": r.channel, "on": str(r.on), "summary": r.summary, "self_reported": r.self_reported,
                     "official": r.official, "document_no": r.document_no} for r in view.records],
    }  # fmt: skip
