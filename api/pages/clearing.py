"""澄清登记, 销毁清册 and 更正请求 (R-37, R-43, R-46)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import destroying, hearing
from api.days import typed_day
from api.render import page
from dossier import terms
from dossier.clearing import cleared, corrections, destruction
from dossier.scope import list_cadres
from dossier.verify import records_of

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Destroyer = Annotated[SignedIn, Depends(require(*destruction.READERS))]
Officer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]
Actor = Annotated[SignedIn, Depends(require_checked("SYS", "AUD", "DEP"))]
Text = Annotated[str, Form()]


@router.get("/clearings")
def clearings(request: Request, system: SystemDep, person: Reader) -> Response:
    """Items found 不属实 with the day their content goes, and the letter where one is wanted."""
    with system.database.read() as session:
        rows = cleared.cleared(session, person.viewer)
        drafts = {}
        for row in rows:
            channels = dict.fromkeys(terms.CHANNEL_NAMES[r.channel] for r in records_of(session, row.evidence_id))
            drafts[row.id] = row.letter or cleared.letter_draft(row.team, "", list(channels))
    return page(
        request, "clearing/clearings.html", person, rows=rows, drafts=drafts,
        may_write=person.viewer.role in ("OFF", "HEAD"),
    )  # fmt: skip


@router.post("/clearings/{clearing_id:int}")
def write_letter(system: SystemDep, person: Officer, clearing_id: int, text: Text = "") -> Response:
    """Keep the 澄清函."""
    hearing.clearing_letter(system, person.viewer, clearing_id, text)
    return RedirectResponse("/clearings", 303)


@router.get("/destruction")
def lists(request: Request, system: SystemDep, person: Destroyer) -> Response:
    """All lists; what is due for the one who prepares."""
    today, role = system.settings.today(), person.viewer.role
    with system.database.read() as session:
        shown = destruction.lists(session, person.viewer)
        due = destruction.due_items(session, today) if role in ("SYS", "AUD") else []
    return page(request, "clearing/destruction.html", person, lists=shown, due=due, role=role)


@router.post("/destruction")
def prepare(system: SystemDep, person: Actor) -> Response:
    """A list of all that is due."""
    destroying.prepare(system, person.viewer)
    return RedirectResponse("/destruction", 303)


@router.post("/destruction/{list_id:int}/{step}")
def step(system: SystemDep, person: Actor, list_id: int, step: str, agree: Text = "", note: Text = "") -> Response:
    """Check, sign or carry out."""
    destroying.step(system, person.viewer, list_id, step, agree == "yes", note)
    return RedirectResponse("/destruction", 303)


@router.get("/corrections")
def requests(request: Request, system: SystemDep, person: Reader) -> Response:
    """更正请求 with their clocks."""
    today, role = system.settings.today(), person.viewer.role
    with system.database.read() as session:
        rows = corrections.requests(session, person.viewer, today)
        cadres = [(c.id, c.name) for c in list_cadres(session, person.viewer, today)]
    return page(
        request, "clearing/corrections.html", person, rows=rows, cadres=cadres, ways=corrections.WAYS,
        outcomes=corrections.OUTCOMES, role=role, may_write=role in ("OFF", "HEAD"),
        days=corrections.ANSWER_WORKDAYS,
    )  # fmt: skip


@router.post("/corrections")
def register(
    system: SystemDep, person: Officer, cadre: Text = "", received: Text = "", way: Text = "", text: Text = ""
) -> Response:
    """Register a request."""
    hearing.correction_register(system, person.viewer, cadre, typed_day(received, "收到日期"), way, text, None)
    return RedirectResponse("/corrections", 303)


@router.post("/corrections/{request_id:int}/{step}")
def correction_step(
    system: SystemDep, person: Officer, request_id: int, step: str, outcome: Text = "", answer: Text = ""
) -> Response:
    """Prepare or give the answer."""
    hearing.correction_step(system, person.viewer, request_id, step, outcome, answer)
    return RedirectResponse("/corrections", 303)
