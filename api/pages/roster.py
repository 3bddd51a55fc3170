"""名册: the roster by zone; an import shows its differences before anything is written."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import pending, roster_import
from api.render import page
from dossier.roster_view import roster_by_zone

router = APIRouter(include_in_schema=False)
SeerDep = Annotated[SignedIn, Depends(require("HEAD", "KH", "SYS"))]
WriterDep = Annotated[SignedIn, Depends(require_checked("HEAD", "KH"))]


@router.get("/roster")
def show(request: Request, system: SystemDep, person: SeerDep, done: int = -1) -> Response:
    """Teams by zone with their members."""
    with system.database.read() as session:
        zones = roster_by_zone(session, person.viewer, system.settings.today())
        may_import = person.viewer.role in ("HEAD", "KH") and roster_import.covers_all(session, person.viewer)
    return page(request, "roster/roster.html", person, zones=zones, may_import=may_import, done=done)


@router.post("/roster/import")
def show_import(
    request: Request, system: SystemDep, person: WriterDep, file: Annotated[UploadFile, File()]
) -> Response:
    """Differences and problems of an uploaded roster; nothing is written yet."""
    shown, data = roster_import.look(system, person.viewer, file)
    ticket = pending.hold(system, person, "roster", data) if shown.writes else ""
    return page(request, "roster/preview.html", person, shown=shown, ticket=ticket)


@router.post("/roster/import/confirm")
def write_import(
    system: SystemDep, person: WriterDep, ticket: Annotated[str, Form()], name: Annotated[str, Form()]
) -> Response:
    """Write what was shown."""
    shown = roster_import.confirm(system, person.viewer, name[:120], pending.take(system, person, "roster", ticket))
    pending.release(system, person, "roster", ticket)
    return RedirectResponse(f"/roster?done={shown.writes}", 303)
