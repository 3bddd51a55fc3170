"""存疑网页: the list, both readings side by side, and the decision."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.doubtful import DecisionForm, decide
from api.render import page
from dossier import doubtful

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require(*doubtful.DECIDERS))]
Decider = Annotated[SignedIn, Depends(require_checked(*doubtful.DECIDERS))]


@router.get("/doubtful")
def index(request: Request, system: SystemDep, person: Reader, done: str = "") -> Response:
    with system.database.read() as session:
        rows = doubtful.doubtful_rows(session, person.viewer)
    return page(request, "doubtful/index.html", person, rows=rows, done=doubtful.CHOICES.get(done, ""))


@router.get("/doubtful/{document_id}")
def one(request: Request, system: SystemDep, person: Reader, document_id: int) -> Response:
    with system.database.read() as session:
        shown = doubtful.doubtful_page(session, person.viewer, system.archive, document_id)
    return page(request, "doubtful/page.html", person, shown=shown, choices=doubtful.CHOICES)


@router.post("/doubtful/{document_id}")
def decided(
    system: SystemDep, person: Decider, document_id: int, form: Annotated[DecisionForm, Form()]
) -> Response:  # fmt: skip
    decide(system, person, document_id, form)
    return RedirectResponse(f"/doubtful?done={form.choice}", 303)
