"""任免审批表: import an .lrmx or .lrm with its differences shown first; export by a head, with a reason."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import roster_papers
from api.render import page
from dossier.lrm_import import EXPORTERS, NEW

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("HEAD", "KH"))]
Writer = Annotated[SignedIn, Depends(require_checked("HEAD", "KH"))]


@router.get("/roster/papers")
def papers(request: Request, system: SystemDep, person: Reader, done: int = -1) -> Response:
    """The import form and the papers kept."""
    with system.database.read() as session:
        kept = roster_papers.kept(session, system, person.viewer)
    may_export = person.viewer.role in EXPORTERS
    return page(request, "roster/papers.html", person, kept=kept, may_export=may_export, done=done)


@router.post("/roster/papers")
def show(request: Request, system: SystemDep, person: Writer, file: Annotated[UploadFile, File()]) -> Response:
    """Differences of a file; nothing is written yet."""
    plan, ticket = roster_papers.look(system, person, file)
    return page(request, "roster/paper.html", person, plan=plan, ticket=ticket, new=NEW)


@router.post("/roster/papers/confirm")
def write(
    system: SystemDep, person: Writer, ticket: Annotated[str, Form()], name: Annotated[str, Form()],
    tenure: Annotated[list[int] | None, Form()] = None, header: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Write what was chosen."""
    _, changes = roster_papers.confirm(system, person, ticket, name, set(tenure or ()), header == "1")
    return RedirectResponse(f"/roster/papers?done={changes}", 303)


@router.post("/roster/papers/{cadre_id}.lrmx")
def export(system: SystemDep, person: Writer, cadre_id: str, reason: Annotated[str, Form()] = "") -> Response:
    """The .lrmx of one cadre."""
    name, data = roster_papers.export(system, person, cadre_id, reason)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type="application/xml", headers=headers)
