"""隔离登记: letters that arrived by mistake, by receipt only, and their hand-over (domain.md §2.11)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.acting import hand_over_letter
from api.render import page
from dossier.handover import HANDLERS, register

router = APIRouter(include_in_schema=False)
Handler = Annotated[SignedIn, Depends(require(*HANDLERS))]
CheckedHandler = Annotated[SignedIn, Depends(require_checked(*HANDLERS))]


class HandOverForm(BaseModel):
    """Who received the letter, and the number of their receipt."""

    csrf: str = ""
    handed_to: str = ""
    receipt: str = ""


@router.get("/quarantine")
def quarantine(request: Request, system: SystemDep, person: Handler) -> Response:
    with system.database.read() as session:
        rows = register(session, person.viewer)
    return page(request, "quarantine.html", person, rows=rows)


@router.post("/quarantine/{receipt_id}/hand-over")
def hand(system: SystemDep, person: CheckedHandler, receipt_id: int, form: Annotated[HandOverForm, Form()]) -> Response:
    hand_over_letter(system, person, receipt_id, form.handed_to, form.receipt)
    return RedirectResponse("/quarantine", 303)
