"""任免审批表: import an .lrmx or .lrm with its differences shown first; export by a head, with a reason."""

from __future__ import annotations

from typing import Annotated
from urllib.parse import quote, urlencode

from fastapi import APIRouter, Depends, File, Form, Query, Request, UploadFile
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import roster_papers
from api.form_fields import Fields, fields
from api.render import page
from dossier.lrm_import import CLOSES, EXPORTERS, NEW
from dossier.teamfile import list_teams

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("HEAD", "KH"))]
Typed = Annotated[Fields, Depends(fields)]
Writer = Annotated[SignedIn, Depends(require_checked("HEAD", "KH"))]


@router.get("/roster/papers")
def papers(
    request: Request, system: SystemDep, person: Reader, done: int = -1,
    team: Annotated[list[str] | None, Query()] = None,
) -> Response:  # fmt: skip
    """The import form and the papers kept. team: whose 交接事项 the import that was just written leads to."""
    with system.database.read() as session:
        kept = roster_papers.kept(session, system, person.viewer)
        changed = [t for t in list_teams(session, person.viewer) if t.id in (team or ())]
    may_export = person.viewer.role in EXPORTERS
    return page(request, "roster/papers.html", person, kept=kept, may_export=may_export, done=done, changed=changed)


@router.post("/roster/papers")
def show(request: Request, system: SystemDep, person: Writer, file: Annotated[UploadFile, File()]) -> Response:
    """Differences of a file; nothing is written yet."""
    plan, ticket = roster_papers.look(system, person, file)
    return page(request, "roster/paper.html", person, plan=plan, ticket=ticket, writes=(NEW, CLOSES))


@router.post("/roster/papers/confirm")
def write(
    system: SystemDep, person: Writer, ticket: Annotated[str, Form()], name: Annotated[str, Form()],
    typed: Typed, tenure: Annotated[list[int] | None, Form()] = None, header: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Write what was chosen, each on the day of its decision."""
    chosen = set(tenure or ())
    days = {number: day for number in chosen if (day := typed.day(f"day-{number}", "任免日期"))}
    plan, changes = roster_papers.confirm(system, person, ticket, name, chosen, header == "1", days)
    teams = dict.fromkeys(p.team_id for p in plan.proposals if p.number in chosen)
    return RedirectResponse("/roster/papers?" + urlencode([("done", changes), *(("team", t) for t in teams)]), 303)


@router.post("/roster/papers/{cadre_id}.lrmx")
def export(system: SystemDep, person: Writer, cadre_id: str, reason: Annotated[str, Form()] = "") -> Response:
    """The .lrmx of one cadre."""
    name, data = roster_papers.export(system, person, cadre_id, reason)
    headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(name)}"}
    return Response(data, media_type="application/xml", headers=headers)
