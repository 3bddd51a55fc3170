"""谈话简报: a form, the brief on one page, its Word file."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import talking
from api.acts.briefing import export, make, read, word_response
from api.days import typed_day
from api.render import page
from api.system import System
from dossier.brief import TALK_KINDS, TalkPlan
from dossier.brief_docx import head_lines
from dossier.brief_matter import cadre_choices
from dossier.brief_store import list_briefs, serial
from storage.errors import ShijiError

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD"))]
Maker = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]


@router.get("/briefs")
def briefs(request: Request, system: SystemDep, person: Reader, cadre: str = "", talk: int = 0) -> Response:
    """The form, with the officer's own briefs below. `talk`: the planned talk it is for, whose words stand in it."""
    given = {"cadre": cadre, "kind": "", "interviewer": "", "planned_on": "", "talk": ""}
    if talk:
        line = talking.read_talk(system, person.viewer, talk).line
        kind = line.trigger if line.trigger in TALK_KINDS else ""
        given |= {"kind": kind, "interviewer": line.interviewer, "planned_on": str(line.day), "talk": str(talk)}
    return _form(request, system, person, given)


@router.post("/briefs")
def make_brief(
    request: Request, system: SystemDep, person: Maker, cadre: Annotated[str, Form()] = "",
    kind: Annotated[str, Form()] = "", interviewer: Annotated[str, Form()] = "",
    planned_on: Annotated[str, Form()] = "", talk: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Make a brief, for a planned talk also link it, and show it; what was filled in stays when something is wrong."""
    try:
        brief = make(
            system, person, cadre, TalkPlan(kind, interviewer, typed_day(planned_on, "拟谈日期", "BRIEF-DATE"))
        )
    except ShijiError as error:
        if not error.code.startswith("BRIEF-"):
            raise
        given = {"cadre": cadre, "kind": kind, "interviewer": interviewer, "planned_on": planned_on, "talk": talk}
        return _form(request, system, person, given, error)
    if talk.isdecimal():
        talking.link_brief(system, person.viewer, int(talk), brief.id)
    return RedirectResponse(f"/briefs/{brief.id}", 303)


@router.get("/briefs/{brief_id:int}.docx")
def brief_word(system: SystemDep, person: Reader, brief_id: int) -> Response:
    return word_response(*export(system, person, brief_id))


@router.get("/briefs/{brief_id:int}")
def brief(request: Request, system: SystemDep, person: Reader, brief_id: int) -> Response:
    """The brief as a page: the same sentences as in the Word file, each number a link to its item."""
    issued = read(system, person, brief_id)
    items = {row.code: row.evidence_id for row in issued.content.annex if row.evidence_id is not None}
    return page(
        request, "briefs/brief.html", person, brief=issued, content=issued.content, items=items,
        head=head_lines(issued.content), serial=serial(brief_id),
    )  # fmt: skip


def _form(
    request: Request, system: System, person: SignedIn, given: dict[str, str], error: ShijiError | None = None
) -> Response:
    with system.database.read() as session:
        choices = cadre_choices(session, person.viewer, system.settings.today())
        made = list_briefs(session, person.viewer)
    return page(
        request, "briefs/index.html", person, 422 if error else 200, choices=choices, kinds=TALK_KINDS, made=made,
        given=given, error=error,
    )  # fmt: skip
