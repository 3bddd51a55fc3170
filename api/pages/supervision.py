"""监督谈话台账, formal acts with their clocks for 干部监督处 alone; 受控条目 that officers set apart (§2.3, R-04)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.matters import teams_with_people
from api.acts.sealing import sealed
from api.acts.supervising import enter_act, restricted_items
from api.form_fields import Fields, fields
from api.render import page
from dossier.compartment import supervision

router = APIRouter(include_in_schema=False)
Keeper = Annotated[SignedIn, Depends(require("SUP"))]
Writer = Annotated[SignedIn, Depends(require_checked("SUP"))]
Overseer = Annotated[SignedIn, Depends(require("SUP", "HEAD"))]
Typed = Annotated[Fields, Depends(fields)]


@router.get("/supervision")
def register(request: Request, system: SystemDep, person: Keeper) -> Response:
    today = system.settings.today()
    rows = sealed(
        system, person.viewer, "supervision-read", "supervision", "",
        lambda s, vault, v: supervision.supervision_register(s, vault, v, today),
    )  # fmt: skip
    with system.database.read() as session:
        teams = teams_with_people(session, today)
    return page(request, "supervision/index.html", person, rows=rows, teams=teams, rules=supervision)


@router.post("/supervision")
def enter(system: SystemDep, person: Writer, typed: Typed) -> Response:
    """Enter an act from its approved paper."""
    enter_act(system, person.viewer, typed)
    return RedirectResponse("/supervision", 303)


@router.post("/supervision/{act_id:int}/{step}")
def follow(system: SystemDep, person: Writer, act_id: int, step: str, typed: Typed) -> Response:
    """replied: the reply or self-review came in; reported: the report on correction did."""
    on, outcome = typed.needed_day("on", "日期"), typed.text("outcome")
    if step in ("replied", "reported"):
        sealed(
            system, person.viewer, f"supervision-{step}", "supervision", str(act_id),
            lambda s, _, v: supervision.replied(s, v, act_id, on, outcome)
            if step == "replied"
            else supervision.reported(s, v, act_id, on),
        )  # fmt: skip
    return RedirectResponse("/supervision", 303)


@router.get("/restricted")
def restricted(request: Request, system: SystemDep, person: Overseer) -> Response:
    """Items of the public record and of reports that were set apart as health, family or discipline."""
    with system.database.read() as session:
        rows = restricted_items(session, person.viewer)
    return page(request, "supervision/restricted.html", person, rows=rows)
