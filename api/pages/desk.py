"""今日工作台: what waits, what came in, which sources are silent. No ranking of teams or persons."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from api.access.rights import PersonDep, SystemDep
from api.acts.desk import desk_values
from api.acts.starting import STARTERS, start_values
from api.render import page

router = APIRouter(include_in_schema=False)


@router.get("/")
def desk(request: Request, system: SystemDep, person: PersonDep) -> Response:
    if person.viewer.role == "UNIT":
        return RedirectResponse("/unit", 303)
    if person.viewer.role in STARTERS:
        return page(request, "start/start.html", person, **start_values(system, person.viewer))
    with system.database.read() as session:
        values = desk_values(session, person.viewer, system.settings.today())
    return page(request, "desk.html", person, **values)
