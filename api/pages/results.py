"""结果运用 of a published assessment: notice, responses, meeting, classes of talk, register of decisions (§1.14).

Classes are chosen by people: the form has nothing preselected. The register is read one person at a time; there is no
list of persons to adjust anywhere.
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import producing, using
from api.render import page
from appraisal.quarterly.runs import get_run, run_name
from appraisal.results.register import ENTERS
from appraisal.results.responses import box_of, responses_of
from appraisal.results.talks import CLASSES, meetings_of, talk_rows
from dossier.products.wanted import Wanted
from storage.tables import Cadre, Team, User

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Keeper = Annotated[SignedIn, Depends(require_checked("KH"))]
Head = Annotated[SignedIn, Depends(require_checked("HEAD"))]
Leader = Annotated[SignedIn, Depends(require_checked("DEP", "MIN"))]
Convener = Annotated[SignedIn, Depends(require_checked("HEAD", "KH"))]
Officer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]
RegisterReader = Annotated[SignedIn, Depends(require("HEAD", "SUP", "DEP", "MIN"))]
RegisterChecked = Annotated[SignedIn, Depends(require_checked("HEAD", "SUP", "DEP", "MIN"))]
Text = Annotated[str, Form()]
TALKERS = ("HEAD", "DEP", "MIN")  # who sees classes of talk


@router.get("/results/{run_id:int}")
def index(request: Request, system: SystemDep, person: Reader, run_id: int) -> Response:
    """Responses, meetings, classes of talk of one published run."""
    role = person.viewer.role
    with system.database.read() as session:
        row = get_run(session, run_id)
        box = box_of(row, system.settings.today())
        found = responses_of(session, person.viewer, run_id)
        rows = talk_rows(session, person.viewer, run_id)
        meetings = meetings_of(session, run_id)
        names = dict(session.execute(select(Team.id, Team.short)).all())
        people = dict(session.execute(select(User.id, User.name)).all())
    return page(
        request, "results/index.html", person, run=row, run_title=run_name(row), box=box, responses=found, rows=rows,
        meetings=meetings, names=names, people=people, classes=CLASSES, choosing=role == "HEAD",
        deciding=role in ("DEP", "MIN"), seeing=role in TALKERS, keeper=role == "KH", convening=role in ("HEAD", "KH"),
    )  # fmt: skip


@router.get("/results/{run_id:int}/notice")
def notice(request: Request, system: SystemDep, person: Reader, run_id: int) -> Response:
    """The draft of 考核情况通报 as it may be composed now."""
    content = using.draft_notice(system, person.viewer, run_id)
    return page(request, "results/notice.html", person, content=content, run_id=run_id)


@router.post("/results/{run_id:int}/notice")
def take_notice(system: SystemDep, person: Keeper, run_id: int) -> Response:
    """The draft goes on to 文稿中心 for editing, check and signature."""
    product = producing.compose(system, person, Wanted("circular", ref=run_id))
    return RedirectResponse(f"/products/{product.id}", 303)


@router.post("/results/{run_id:int}/sheets")
def take_sheet(system: SystemDep, person: Keeper, run_id: int, team: Text) -> Response:
    """One unit's sheet goes on to 文稿中心."""
    product = producing.compose(system, person, Wanted("unit_sheet", team_id=team, ref=run_id))
    return RedirectResponse(f"/products/{product.id}", 303)


@router.post("/results/responses/{response_id}")
def reply(system: SystemDep, person: Keeper, response_id: int, text: Text = "") -> Response:
    """考核办 answers a unit."""
    row = using.reply(system, person.viewer, response_id, text)
    return RedirectResponse(f"/results/{row.run_id}#responses", 303)


@router.post("/results/{run_id:int}/classes")
def choose(
    system: SystemDep, person: Head, run_id: int, team: Text, talk_class: Annotated[int, Form()], reason: Text = "",
    evidence: Text = "",
) -> Response:  # fmt: skip
    """A head's choice."""
    using.choose(system, person.viewer, run_id, team, talk_class, reason, using.codes_of(evidence))
    return RedirectResponse(f"/results/{run_id}#talks", 303)


@router.post("/results/{run_id:int}/classes/{choice_id}")
def decide(system: SystemDep, person: Leader, run_id: int, choice_id: int, agree: Text) -> Response:
    """部领导 decides."""
    using.decide(system, person.viewer, choice_id, agree == "yes")
    return RedirectResponse(f"/results/{run_id}#talks", 303)


@router.post("/results/{run_id:int}/classes/{choice_id}/talked")
def talked(system: SystemDep, person: Officer, run_id: int, choice_id: int, on: Text) -> Response:
    """The talk took place."""
    using.talked(system, person.viewer, choice_id, on)
    return RedirectResponse(f"/results/{run_id}#talks", 303)


@router.post("/results/{run_id:int}/meetings")
def meet(
    system: SystemDep, person: Convener, run_id: int, on: Text, place: Text = "", chair: Text = "", agenda: Text = "",
    minutes: Text = "", teams: Annotated[list[str] | None, Form()] = None,
) -> Response:  # fmt: skip
    """Register a meeting."""
    using.meet(system, person.viewer, run_id, on, place, chair, teams or [], agenda, minutes)
    return RedirectResponse(f"/results/{run_id}#meetings", 303)


@router.get("/decisions")
def decisions(request: Request, person: RegisterReader) -> Response:
    """The door to the register: one person, with a purpose. Nobody is listed."""
    return page(request, "results/decisions.html", person, cadre=None, rows=[], entering=False, people={}, purpose="",
                confirming=False)  # fmt: skip


@router.post("/decisions")
def one_person(
    request: Request, system: SystemDep, person: RegisterChecked, cadre: Text, purpose: Text = ""
) -> Response:
    """Entries on one person; the purpose is recorded."""
    rows = using.read_decisions(system, person.viewer, cadre.strip(), purpose)
    with system.database.read() as session:
        found = session.get_one(Cadre, cadre.strip())
        people = dict(session.execute(select(User.id, User.name)).all())
    return page(
        request, "results/decisions.html", person, cadre=found, rows=rows, people=people, purpose=purpose,
        entering=person.viewer.role in ENTERS, confirming=person.viewer.role in ("DEP", "MIN"),
    )  # fmt: skip


@router.post("/decisions/new")
def enter(
    system: SystemDep, person: Annotated[SignedIn, Depends(require_checked("HEAD", "SUP"))], cadre: Text, on: Text,
    body: Text = "", document_no: Text = "", text: Text = "", evidence: Text = "",
) -> Response:  # fmt: skip
    """Enter a decision that was taken."""
    using.enter_decision(system, person.viewer, cadre, on, body, document_no, text, using.codes_of(evidence))
    return RedirectResponse("/decisions", 303)


@router.post("/decisions/{decision_id}/confirm")
def confirm(system: SystemDep, person: Leader, decision_id: int) -> Response:
    """A second person confirms."""
    using.confirm_decision(system, person.viewer, decision_id)
    return RedirectResponse("/decisions", 303)
