"""重点任务看板, 班子任务单, one task, and the two tasks of a member (§1.1). No person is scored or ordered."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access import audit
from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import tasking
from api.render import page
from api.system import System
from appraisal.quarterly.board import board
from appraisal.quarterly.person import person_sheet
from appraisal.quarterly.rules import LEVELS
from appraisal.quarterly.sheet import task_page, team_sheet
from appraisal.quarterly.tasks import KINDS, PERSONAL, STATES, get_task
from appraisal.review.quarter import Quarter, parse_quarter, quarters_until
from dossier.scope import get_cadre
from storage.errors import ShijiError

router = APIRouter(prefix="/tasks", include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Officer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]
Proposer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]
Checker = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]
Approver = Annotated[SignedIn, Depends(require_checked("HEAD", "DEP", "MIN"))]
Freezer = Annotated[SignedIn, Depends(require_checked("HEAD", "KH"))]
Text = Annotated[str, Form()]
Number = Annotated[int, Form()]
SHOWN_QUARTERS = 8


@router.get("")
def index(request: Request, system: SystemDep, person: Reader, quarter: str = "", by: str = "") -> Response:
    """The board of a quarter: by default the last one that has ended."""
    today = system.settings.today()
    known = quarters_until(today, SHOWN_QUARTERS)
    chosen = parse_quarter(quarter) if quarter else known[1]
    with system.database.read() as session:
        made = board(session, person.viewer, chosen, by, today)
    recording = person.viewer.role in ("OFF", "HEAD")
    return page(request, "tasks/board.html", person, board=made, quarters=known, recording=recording)


@router.get("/teams/{team_id}")
def team(request: Request, system: SystemDep, person: Reader, team_id: str, year: int = 0) -> Response:
    """班子任务单 of a year."""
    chosen = year or system.settings.today().year
    with system.database.read() as session:
        sheet = team_sheet(session, person.viewer, team_id, chosen)
    role = person.viewer.role
    return page(
        request, "tasks/team.html", person, sheet=sheet, states=STATES, writing=role in ("OFF", "HEAD", "KH"),
        freezing=role in ("HEAD", "KH"), to_person=role in ("OFF", "HEAD", "KH"),
    )  # fmt: skip


@router.get("/people/{cadre_id}")
def one_person(request: Request, system: SystemDep, person: Reader, cadre_id: str, year: int = 0) -> Response:
    """两项重点任务 of one member, after a purpose was stated on the dossier's page (R-02)."""
    today, purpose = system.settings.today(), person.purposes.get(cadre_id, "")
    if not purpose:
        return RedirectResponse(f"/cadres/{cadre_id}", 303)
    with system.database.write() as session:
        sheet = person_sheet(session, person.viewer, cadre_id, year or today.year, today)
        audit.record(session, person.viewer, "cadre-tasks", "cadre", cadre_id, purpose, {"year": sheet.year})
    return page(request, "tasks/person.html", person, sheet=sheet, purpose=purpose, states=STATES)


@router.get("/new")
def new(
    request: Request, system: SystemDep, person: Reader, team: str, year: int, number: int, cadre: str = ""
) -> Response:
    """The form of a task that does not exist yet."""
    with system.database.read() as session:
        sheet = team_sheet(session, person.viewer, team, year)
        if cadre:
            get_cadre(session, person.viewer, cadre, system.settings.today())
    return page(
        request, "tasks/new.html", person, sheet=sheet, number=number, cadre=cadre, words=None,
        kind=KINDS[PERSONAL] if cadre else KINDS["team"],
    )  # fmt: skip


@router.get("/{task_id:int}")
def one(request: Request, system: SystemDep, person: Reader, task_id: int) -> Response:
    """One task."""
    guard(system, person, task_id)
    with system.database.read() as session:
        view = task_page(session, person.viewer, task_id)
        sheet = team_sheet(session, person.viewer, view.team.id, view.task.year)
    today = system.settings.today()
    begun = [n for n in (1, 2, 3, 4) if Quarter(view.task.year, n).first <= today]
    return page(
        request, "tasks/task.html", person, view=view, sheet=sheet, states=STATES, kind=KINDS[view.task.kind],
        levels=LEVELS, begun=begun, reporting=person.viewer.role in ("OFF", "HEAD", "KH"),
        linking=person.viewer.role in ("OFF", "HEAD") and view.task.kind == "team",
    )  # fmt: skip


def guard(system: System, person: SignedIn, task_id: int) -> None:
    """A member's task is opened only by who may see the person's dossier and has stated a purpose; it is recorded."""
    with system.database.write() as session:
        task = get_task(session, person.viewer, task_id)
        if task.cadre_id:
            get_cadre(session, person.viewer, task.cadre_id, system.settings.today())
            purpose = person.purposes.get(task.cadre_id, "")
            if not purpose:
                raise ShijiError("CADRE-PURPOSE", "请先说明查阅用途", "个人重点任务", "请从干部档进入。")
            audit.record(session, person.viewer, "cadre-task", "cadre", task.cadre_id, purpose, {"task": task_id})


@router.post("/propose")
async def propose(request: Request, system: SystemDep, person: Proposer) -> Response:
    """A task or a change."""
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    try:
        year, number = int(form.get("year", "")), int(form.get("number", ""))
    except ValueError as error:
        raise ShijiError("TASK-FIELD", "年份或序号不是数", "任务", "请从班子任务单进入。") from error
    row = tasking.propose(
        system, person.viewer, year, form.get("team", ""), number, tasking.words_of(form), form.get("cadre", ""),
        form.get("reason", ""),
    )  # fmt: skip
    return RedirectResponse(f"/tasks/{row.task_id}", 303)


@router.post("/versions/{version_id}/check")
def check(system: SystemDep, person: Checker, version_id: int, agree: Text, note: Text = "") -> Response:
    """Check, or send back."""
    row = tasking.check(system, person.viewer, version_id, agree == "yes", note)
    return RedirectResponse(f"/tasks/{row.task_id}", 303)


@router.post("/versions/{version_id}/approve")
def approve(
    system: SystemDep, person: Approver, version_id: int, agree: Text, approver: Text = "", document_no: Text = "",
    note: Text = "",
) -> Response:  # fmt: skip
    """Register the approval, or send back."""
    row = tasking.approve(system, person.viewer, version_id, approver, document_no, agree == "yes", note)
    return RedirectResponse(f"/tasks/{row.task_id}", 303)


@router.post("/freeze")
def freeze(system: SystemDep, person: Freezer, team: Text, year: Number, cadre: Text = "") -> Response:
    """Freeze what is approved."""
    tasking.freeze(system, person.viewer, year, team, cadre)
    return RedirectResponse(f"/tasks/teams/{team}?year={year}", 303)


@router.post("/{task_id:int}/claim")
def claim(system: SystemDep, person: Proposer, task_id: int, quarter: Number, level: Text, text: Text = "") -> Response:
    """Progress as an officer says it."""
    tasking.report(system, person.viewer, task_id, quarter, level, text)
    return RedirectResponse(f"/tasks/{task_id}#q{quarter}", 303)


@router.post("/claims/{claim_id}/{step}")
def step(
    system: SystemDep, person: Officer, claim_id: int, step: str, text: Text = "", level: Text = "",
    version: Annotated[int | None, Form()] = None,
) -> Response:  # fmt: skip
    """One step of a claim's verification."""
    row = tasking.claim_act(system, person.viewer, step, claim_id, text, level, version)
    return RedirectResponse(f"/tasks/{row.task_id}#q{row.quarter}", 303)


@router.post("/links/propose")
def propose_links(system: SystemDep, person: Officer, team: Text, year: Number) -> Response:
    """Look for evidence of a team's tasks."""
    tasking.propose_links(system, person.viewer, year, team)
    return RedirectResponse(f"/tasks/teams/{team}?year={year}", 303)


@router.post("/links/{link_id:int}")
def decide_link(system: SystemDep, person: Officer, link_id: int, confirm: Text) -> Response:
    """Confirm or refuse."""
    row = tasking.decide_link(system, person.viewer, link_id, confirm == "yes")
    return RedirectResponse(f"/tasks/{row.task_id}#links", 303)


@router.post("/{task_id:int}/link")
def add_link(system: SystemDep, person: Officer, task_id: int, code: Text) -> Response:
    """Link by number."""
    tasking.add_link(system, person.viewer, task_id, code)
    return RedirectResponse(f"/tasks/{task_id}#links", 303)
