"""交接事项 for leaders who take office (journey 10), and the batch fix of similar items after a dispute (journey 2)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.performing import perform
from api.render import page
from dossier import batch_fix
from dossier.taking_office import office_page, takings

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Officer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]


@router.get("/taking-office")
def index(request: Request, system: SystemDep, person: Reader) -> Response:
    """Who took office in the last half-year."""
    with system.database.read() as session:
        rows = takings(session, person.viewer, system.settings.today())
    return page(request, "taking_office.html", person, rows=rows, shown=None)


@router.get("/taking-office/{team_id}")
def of_team(request: Request, system: SystemDep, person: Reader, team_id: str) -> Response:
    """交接事项 of a team."""
    with system.database.read() as session:
        shown = office_page(session, person.viewer, team_id, system.settings.today())
    return page(request, "taking_office.html", person, rows=shown.takings, shown=shown)


@router.post("/items/{evidence_id:int}/similar")
def fix_similar(
    system: SystemDep, person: Officer, evidence_id: int, reason: Annotated[str, Form()] = "",
    item: Annotated[list[int] | None, Form()] = None,
) -> Response:  # fmt: skip
    """Move the ticked items where this one was moved."""
    chosen = item or []
    perform(
        system, person.viewer, "evidence-batch", "evidence", str(evidence_id),
        lambda s, v: batch_fix.fix_many(s, v, evidence_id, chosen, reason),
        {"items": chosen, "reason": reason.strip()[:200]},
    )  # fmt: skip
    return RedirectResponse(f"/items/{evidence_id}#similar", 303)
