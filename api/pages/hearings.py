"""告知与申辩: the register with its clocks, one notice as a letter, 容错审查, exceptions; a unit's own (§2.6)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import hearing
from api.days import typed_day
from api.render import page
from dossier.hearing import exceptions, leniency, notices, register
from dossier.hearing.reach import supervises

router = APIRouter(prefix="/hearings", include_in_schema=False)
INSIDE = ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN")
Reader = Annotated[SignedIn, Depends(require(*INSIDE, "UNIT"))]
Lenient = Annotated[SignedIn, Depends(require(*INSIDE))]
Supervisor = Annotated[SignedIn, Depends(require("HEAD", "SUP"))]
Speaker = Annotated[SignedIn, Depends(require_checked("UNIT", "OFF", "HEAD"))]
Officer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]
Reviewer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]
Decider = Annotated[SignedIn, Depends(require_checked("SUP", "DEP"))]
ExceptionDecider = Annotated[SignedIn, Depends(require_checked("HEAD", "SUP"))]
Text = Annotated[str, Form()]


@router.get("")
def index(request: Request, system: SystemDep, person: Reader) -> Response:
    """Notices with their clocks, and what is due for this person."""
    today, role = system.settings.today(), person.viewer.role
    with system.database.read() as session:
        listed = [] if role == "SUP" else register.notices(session, person.viewer, today)
        due = register.deadlines(session, person.viewer, today)
        untold = register.untold_items(session, person.viewer) if role in ("OFF", "HEAD") else []
    return page(request, "hearings/index.html", person, listed=listed, due=due, untold=untold, role=role)


@router.get("/leniency")
def leniencies(request: Request, system: SystemDep, person: Lenient) -> Response:
    """容错审查 under way and settled."""
    with system.database.read() as session:
        rows = leniency.reviews(session, person.viewer)
    return page(
        request, "hearings/leniency.html", person, rows=rows, distinctions=leniency.DISTINCTIONS,
        role=person.viewer.role,
    )  # fmt: skip


@router.get("/exceptions")
def exception_list(request: Request, system: SystemDep, person: Supervisor) -> Response:
    """Exceptions: for 干部监督 all, for a head one's own."""
    with system.database.read() as session:
        rows = exceptions.exceptions(session, person.viewer)
    return page(request, "hearings/exceptions.html", person, rows=rows, decides=supervises(person.viewer))


@router.get("/{notice_id:int}")
def notice(request: Request, system: SystemDep, person: Reader, notice_id: int) -> Response:
    """One notice as the letter it is, with statement and review."""
    with system.database.read() as session:
        shown = register.notice_view(session, person.viewer, notice_id, system.settings.today())
    return page(
        request, "hearings/notice.html", person, n=shown, role=person.viewer.role, results=notices.RESULTS,
        days=system.settings.hearing_days,
    )  # fmt: skip


@router.post("/{notice_id:int}/statement")
def statement(
    system: SystemDep, person: Speaker, notice_id: int, text: Text = "", documents: Text = "", on: Text = "",
    reopen: Text = "",
) -> Response:  # fmt: skip
    """The 说明 or 申辩."""
    day = typed_day(on, "说明日期") if person.viewer.role != "UNIT" else None
    hearing.state(system, person.viewer, notice_id, text, documents.splitlines(), day, bool(reopen))
    return RedirectResponse(f"/hearings/{notice_id}", 303)


@router.post("/{notice_id:int}/extend")
def extend(system: SystemDep, person: Officer, notice_id: int, reason: Text = "") -> Response:
    """One extension."""
    hearing.extend(system, person.viewer, notice_id, reason)
    return RedirectResponse(f"/hearings/{notice_id}", 303)


@router.post("/{notice_id:int}/review")
def review(
    system: SystemDep, person: Reviewer, notice_id: int, result: Text = "", reason: Text = "", true_part: Text = ""
) -> Response:
    """维持, 修改 or 撤销."""
    hearing.review(system, person.viewer, notice_id, result, reason, true_part)
    return RedirectResponse(f"/hearings/{notice_id}", 303)


@router.post("/leniency/{review_id:int}/{step}")
def leniency_step(
    system: SystemDep, person: Decider, review_id: int, step: str, agree: Text = "", note: Text = "", body: Text = ""
) -> Response:
    """Check or sign."""
    hearing.leniency_step(system, person.viewer, review_id, step, agree == "yes", note, body)
    return RedirectResponse("/hearings/leniency", 303)


@router.post("/exceptions/{exception_id:int}/{step}")
def exception_step(
    system: SystemDep, person: ExceptionDecider, exception_id: int, step: str, decision: Text = "", reason: Text = ""
) -> Response:
    """Decide or lift."""
    hearing.exception_step(system, person.viewer, exception_id, step, decision, reason)
    return RedirectResponse("/hearings/exceptions", 303)
