"""重要事项 (受控): what a unit reports, what waits for a receipt, the register of those named, 条次 (§1.11 b)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.briefing import word_response
from api.acts.matters import ACTS, act_on, front, matter_of, people_of, readers_to_name
from api.acts.sealing import matter_word, moment, read_matter, sealed
from api.form_fields import Fields, fields
from api.render import page
from dossier.compartment import kinds, matters
from dossier.compartment.paper import facts

router = APIRouter(prefix="/matters", include_in_schema=False)
Anyone = Annotated[SignedIn, Depends(require("UNIT", "OFF", "HEAD", "KH", "SUP", "DEP", "MIN"))]
Submitter = Annotated[SignedIn, Depends(require_checked("UNIT", "SUP"))]
Receiver = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "SUP"))]
Reader = Annotated[SignedIn, Depends(require("SUP", "HEAD", "DEP", "MIN"))]
Hand = Annotated[SignedIn, Depends(require_checked("SUP", "HEAD", "DEP", "MIN"))]
Typed = Annotated[Fields, Depends(fields)]


@router.get("")
def index(request: Request, system: SystemDep, person: Anyone, number: int = 0) -> Response:
    """What this role may see. `number`: the report just handed in."""
    values = front(system, person.viewer)
    return page(request, "matters/index.html", person, **values, number=number, kinds=kinds, can=_can(person))


@router.post("")
def submit(system: SystemDep, person: Submitter, typed: Typed) -> Response:
    """Hand in a report; the time of it is now, unless SUP enters one that came on paper."""
    data = matter_of(typed, person.viewer)
    at = moment(system)
    if person.viewer.role == "SUP" and typed.text("reported_on"):
        at = min(at, typed.moment("reported_on", "reported_hour", "报告时间"))
    row = sealed(
        system, person.viewer, "matter-submit", "matter", "",
        lambda s, vault, v: matters.submit(s, vault, v, data, at, typed.text("title")),
    )  # fmt: skip
    return RedirectResponse(f"/matters?number={row.id}", 303)


@router.post("/{matter_id:int}/receive")
def receive(system: SystemDep, person: Receiver, matter_id: int) -> Response:
    """Give the receipt number."""
    sealed(
        system, person.viewer, "matter-receive", "matter", str(matter_id),
        lambda s, vault, v: matters.receive(s, vault, v, matter_id, moment(system)),
    )  # fmt: skip
    return RedirectResponse("/matters", 303)


@router.get("/{matter_id:int}.docx")
def form(system: SystemDep, person: Reader, matter_id: int) -> Response:
    """重要事项报告单."""
    return word_response(*matter_word(system, person.viewer, matter_id))


@router.get("/{matter_id:int}")
def show(request: Request, system: SystemDep, person: Reader, matter_id: int) -> Response:
    file = read_matter(system, person.viewer, matter_id)
    with system.database.read() as session:
        candidates = readers_to_name(session)
        people = people_of(session, file.data.team_id, system.settings.today())
    return page(
        request, "matters/matter.html", person, file=file, facts=facts(file), cares=matters.CARES, people=people,
        states=(matters.RECEIVED, matters.WAITING), can=_can(person), kinds=kinds, candidates=candidates,
    )  # fmt: skip


@router.post("/{matter_id:int}/{act}")
def change(system: SystemDep, person: Hand, matter_id: int, act: str, typed: Typed) -> Response:
    """readers, end-reader, correct, merge, care, close."""
    if act in ACTS:
        act_on(system, person.viewer, matter_id, act, typed)
    return RedirectResponse(f"/matters/{matter_id}", 303)


def _can(person: SignedIn) -> dict[str, Any]:
    role = person.viewer.role
    return {"submit": role in ("UNIT", "SUP"), "receive": role in ("OFF", "HEAD", "SUP"), "keep": role == "SUP"}
