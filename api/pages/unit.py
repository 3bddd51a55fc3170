"""本单位填报: the one page of a UNIT account, kept as it is typed; its own sheets after publication (R-07)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import downloads, tasking, unit_filing
from api.render import page, show_moment
from appraisal.quarterly.rules import LEVELS
from appraisal.quarterly.runs import get_run, run_name
from appraisal.quarterly.sheet import unit_tasks
from appraisal.quarterly.tasks import STATES
from appraisal.quarterly.unit import lacking, progress_workbook, unit_page
from appraisal.results.responses import box_of, responses_of
from appraisal.review.quarter import parse_quarter, quarters_until
from storage.errors import ShijiError

router = APIRouter(prefix="/unit", include_in_schema=False)
Unit = Annotated[SignedIn, Depends(require("UNIT"))]
Filer = Annotated[SignedIn, Depends(require_checked("UNIT"))]
Text = Annotated[str, Form()]


@router.get("")
def index(request: Request, system: SystemDep, person: Unit, quarter: str = "", incomplete: bool = False) -> Response:
    """Tasks to report on, official figures, what the unit was told, its sheets; `incomplete`: what is still lacking."""
    known = quarters_until(system.settings.today(), 5)
    chosen = parse_quarter(quarter) if quarter else known[1]
    with system.database.read() as session:
        shown = unit_page(session, person.viewer, chosen)
    return page(
        request, "unit/index.html", person, shown=shown, quarters=known, levels=LEVELS, run_name=run_name,
        blank=lacking(shown) if incomplete else [],
    )  # fmt: skip


@router.post("/save")
async def save(request: Request, system: SystemDep, person: Filer) -> Response:
    """Keep what is typed; the answer is the line that says so."""
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    quarter = parse_quarter(form.get("quarter", ""))
    row = unit_filing.save(system, person.viewer, quarter, unit_filing.typed_progress(form))
    return Response(f"已自动保存（{show_moment(row.saved_at)}）", media_type="text/html; charset=utf-8")


@router.post("/submit")
async def submit(request: Request, system: SystemDep, person: Filer) -> Response:
    """Keep what stands in the form, then hand it in; what is still lacking is said above the form."""
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    quarter = parse_quarter(form.get("quarter", ""))
    unit_filing.save(system, person.viewer, quarter, unit_filing.typed_progress(form))
    try:
        unit_filing.submit(system, person.viewer, quarter)
    except ShijiError as error:
        if error.code != "UNIT-INCOMPLETE":
            raise
        return RedirectResponse(f"/unit?quarter={quarter.code}&incomplete=1", 303)
    return RedirectResponse(f"/unit?quarter={quarter.code}", 303)


@router.get("/progress.xlsx")
def template(system: SystemDep, person: Unit, quarter: str) -> Response:
    """The sheet to fill in offline."""
    chosen = parse_quarter(quarter)
    with system.database.read() as session:
        data = progress_workbook(unit_page(session, person.viewer, chosen))
    return downloads.xlsx_file(data, f"progress-{chosen.code}.xlsx")


@router.post("/import")
def import_sheet(system: SystemDep, person: Filer, file: Annotated[UploadFile, File()], quarter: Text) -> Response:
    """A filled sheet as the draft."""
    chosen = parse_quarter(quarter)
    data = file.file.read(unit_filing.LARGEST + 1)
    unit_filing.take_workbook(system, person.viewer, chosen, (file.filename or "progress.xlsx")[:120], data)
    return RedirectResponse(f"/unit?quarter={chosen.code}", 303)


@router.post("/claims/{claim_id}/answer")
def answer(system: SystemDep, person: Filer, claim_id: int, text: Text = "") -> Response:
    """A statement on a level that lags."""
    tasking.claim_act(system, person.viewer, "answer", claim_id, text)
    return RedirectResponse("/unit", 303)


@router.get("/tasks")
def tasks(request: Request, system: SystemDep, person: Unit, year: int = 0) -> Response:
    """Own tasks of a year with the form to propose."""
    chosen = year or system.settings.today().year
    with system.database.read() as session:
        team, rows, members = unit_tasks(session, person.viewer, chosen)
    return page(request, "unit/tasks.html", person, team=team, rows=rows, members=members, year=chosen, states=STATES)


@router.post("/tasks")
async def propose(request: Request, system: SystemDep, person: Filer) -> Response:
    """Propose a task of the own team or of a member."""
    form = {key: value for key, value in (await request.form()).items() if isinstance(value, str)}
    year, number = int(form.get("year") or 0), int(form.get("number") or 0)
    tasking.propose(
        system, person.viewer, year, person.viewer.team_id, number, tasking.words_of(form), form.get("cadre", ""),
        form.get("reason", ""),
    )  # fmt: skip
    return RedirectResponse(f"/unit/tasks?year={year}", 303)


@router.get("/sheets/{run_id}")
def sheet(request: Request, system: SystemDep, person: Unit, run_id: int) -> Response:
    """The own sheet of a published assessment, with the response box."""
    content = unit_filing.own_sheet(system, person.viewer, run_id, person.viewer.team_id)
    with system.database.read() as session:
        row = get_run(session, run_id)
        mine = [one for one, _ in responses_of(session, person.viewer, run_id)]
    return page(
        request, "unit/sheet.html", person, content=content, run=row, run_title=run_name(row), responses=mine,
        box=box_of(row, system.settings.today()),
    )  # fmt: skip


@router.post("/sheets/{run_id}")
def respond(system: SystemDep, person: Filer, run_id: int, text: Text = "") -> Response:
    """Answer to the own sheet."""
    unit_filing.respond(system, person.viewer, run_id, text)
    return RedirectResponse(f"/unit/sheets/{run_id}#responses", 303)
