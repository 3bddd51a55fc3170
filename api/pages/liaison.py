"""分片联系: zones with duties and history, the coverage matrix, 联系台账, recusal, hand-over (domain.md §1.11 a)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import liaising
from api.acts.sealing import year_of
from api.form_fields import Fields, fields
from api.render import page
from dossier.liaison import activities, coverage, duties, hand_over, rights, ties
from dossier.products.spans import choices, code_of

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require(*rights.READERS))]
Writer = Annotated[SignedIn, Depends(require_checked(*rights.WRITERS))]
Keeper = Annotated[SignedIn, Depends(require_checked(*rights.KEEPERS))]
Typed = Annotated[Fields, Depends(fields)]


@router.get("/zones")
def zones(request: Request, system: SystemDep, person: Reader, quarter: str = "") -> Response:
    """Zones of the viewer, and which teams had a contact in a quarter."""
    today = system.settings.today()
    quarters = choices("quarter", today, 6)
    with system.database.read() as session:
        found = coverage.coverage(session, person.viewer, quarter or code_of("quarter", today), today)
        load = coverage.workload(session, person.viewer, found.span.code)
        rows = liaising.zone_rows(session, person.viewer, today)
        tied = ties.tie_lines(session, person.viewer) if person.viewer.role in rights.KEEPERS else []
        officers, teams = liaising.officers(session, person.viewer), liaising.teams(session, person.viewer)
    return page(
        request, "liaison/zones.html", person, zones=rows, found=found, load=load, quarters=quarters, ties=tied,
        tie_kinds=ties.KINDS, kinds=activities.KINDS, officers=officers, teams=teams,
        keeper=person.viewer.role in rights.KEEPERS,
    )  # fmt: skip


@router.get("/zones/{zone_id}")
def zone(request: Request, system: SystemDep, person: Reader, zone_id: str) -> Response:
    """交接清单 of a zone: duties, history, and what is open with each team."""
    today = system.settings.today()
    with system.database.read() as session:
        pack = hand_over.hand_over_pack(session, person.viewer, zone_id, today)
        officers = liaising.officers(session, person.viewer)
        others = liaising.all_zones(session)
    return page(
        request, "liaison/zone.html", person, pack=pack, officers=officers, duty_kinds=duties.KINDS, zones=others,
        keeper=person.viewer.role in rights.KEEPERS,
    )  # fmt: skip


@router.post("/zones/{zone_id}/{act}")
def change_zone(system: SystemDep, person: Keeper, zone_id: str, act: str, typed: Typed) -> Response:
    """duties, end-duty, move."""
    liaising.change_zone(system, person.viewer, zone_id, act, typed)
    return RedirectResponse(f"/zones/{zone_id}", 303)


@router.post("/officer-ties")
def add_tie(system: SystemDep, person: Keeper, typed: Typed) -> Response:
    """Register why an officer keeps away from a unit."""
    liaising.add_tie(system, person.viewer, typed)
    return RedirectResponse("/zones#ties", 303)


@router.post("/officer-ties/{tie_id:int}/end")
def end_tie(system: SystemDep, person: Keeper, tie_id: int, typed: Typed) -> Response:
    liaising.end_tie(system, person.viewer, tie_id, typed)
    return RedirectResponse("/zones#ties", 303)


@router.get("/liaison")
def register(
    request: Request, system: SystemDep, person: Reader, team: str = "", since: str = "", until: str = ""
) -> Response:
    """联系台账 of the last year, or of the days asked for."""
    today = system.settings.today()
    first, last = liaising.days(since, until, year_of(today))
    with system.database.read() as session:
        rows = activities.activities(session, person.viewer, first, last, today, team)
        teams, officers = liaising.teams(session, person.viewer), liaising.officers(session, person.viewer)
    return page(
        request, "liaison/register.html", person, rows=rows, teams=teams, team=team, since=first, until=last,
        kinds=activities.KINDS, officers=officers, may_write=person.viewer.role in rights.WRITERS,
    )  # fmt: skip


@router.post("/liaison")
def enter(system: SystemDep, person: Writer, typed: Typed) -> Response:
    """Enter a contact."""
    liaising.enter(system, person.viewer, typed)
    return RedirectResponse("/liaison", 303)


@router.post("/liaison/{activity_id:int}/{act}")
def change(system: SystemDep, person: Writer, activity_id: int, act: str, typed: Typed) -> Response:
    """follow, void."""
    liaising.change(system, person.viewer, activity_id, act, typed)
    return RedirectResponse("/liaison", 303)
