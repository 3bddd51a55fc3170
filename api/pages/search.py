"""检索: what is on record, within the viewer's zones, with facets that narrow it and a list to print."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require
from api.acts import searching
from api.acts.searching import FACETS, Asked, asked
from api.render import page
from dossier import terms
from dossier.scope import Viewer, team_clause
from dossier.search.reach import visible_cadres
from dossier.search.suggest import suggest
from storage.tables import Cadre, Source, Team

router = APIRouter(include_in_schema=False)
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
AskedDep = Annotated[Asked, Depends(asked)]
NEVER_INDEXED = (terms.UNTRUE, terms.UNVERIFIABLE, terms.WITHDRAWN)
PRINTED = 200  # results on a printed list


@router.get("/search")
def search(request: Request, system: SystemDep, person: ReaderDep, wanted: AskedDep) -> Response:
    """Query box, filters, results and facets."""
    with system.database.read() as session:
        results = None if wanted.empty else searching.run(system, session, person.viewer, wanted)
        return page(
            request, "search/search.html", person, wanted=wanted, results=results, facets=FACETS,
            teams=session.execute(
                select(Team.id, Team.short).where(team_clause(person.viewer)).order_by(Team.ordinal, Team.id)
            ).all(),
            cadres=_cadres(session, person.viewer, system.settings.today()),
            sources=session.execute(select(Source.id, Source.name).order_by(Source.id)).all(),
            states=[state for state in (*terms.STATES, "未入库") if state not in NEVER_INDEXED],
        )  # fmt: skip


@router.get("/search/list")
def printed_list(request: Request, system: SystemDep, person: ReaderDep, wanted: AskedDep) -> Response:
    """The first results as a list to print; recorded, since it leaves the screen (R-42)."""
    with system.database.read() as session:
        results = searching.run(system, session, person.viewer, wanted, limit=PRINTED)
    with system.database.write() as session:
        audit.record(
            session, person.viewer, "search-list", "search", "", detail={"q": wanted.q[:200], "total": results.total}
        )
    return page(request, "search/list.html", person, wanted=wanted, results=results, limit=PRINTED)


@router.get("/search/suggest")
def suggestions(request: Request, system: SystemDep, person: ReaderDep, q: str = "") -> HTMLResponse:
    """Names offered while typing, as options of the search field's list."""
    with system.database.read() as session:
        found = suggest(session, person.viewer, q.split(" ")[-1], system.settings.today())
    return page(request, "search/suggest.html", person, found=found)


def _cadres(session: Session, viewer: Viewer, on: date) -> list[Any]:
    """Cadres whose dossier the viewer may open, for the filter."""
    allowed = visible_cadres(session, viewer, on)
    query = select(Cadre.id, Cadre.name).where(Cadre.id.not_in(viewer.recused_cadres)).order_by(Cadre.id)
    return list(session.execute(query if allowed is None else query.where(Cadre.id.in_(allowed))))
