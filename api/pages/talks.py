"""谈心谈话: 台账 with 人次, one talk from plan to follow-up, and requests of cadres (domain.md §1.11 c)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import producing, talking
from api.acts.briefing import word_response
from api.acts.sealing import year_of
from api.form_fields import Fields, fields
from api.render import page
from dossier.brief_matter import cadre_choices
from dossier.compartment import requests
from dossier.products.spans import choices, code_of
from dossier.products.wanted import Wanted
from dossier.talks import follow_ups, plans, records, register, rights

router = APIRouter(prefix="/talks", include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require(*rights.READERS))]
Talker = Annotated[SignedIn, Depends(require(*rights.TALKERS))]
Planner = Annotated[SignedIn, Depends(require_checked(*rights.PLANNERS))]
Hand = Annotated[SignedIn, Depends(require_checked(*rights.TALKERS))]
Typed = Annotated[Fields, Depends(fields)]


@router.get("")
def index(request: Request, system: SystemDep, person: Reader, quarter: str = "") -> Response:
    """Talks of the last year, numbers of a quarter, what is still to be done."""
    today = system.settings.today()
    quarters = choices("quarter", today, 6)
    since, _ = year_of(today)
    with system.database.read() as session:
        chosen = quarter or code_of("quarter", today)
        counts = register.statistics(session, person.viewer, chosen, today)
        rows = register.register(session, person.viewer, since, quarters[0].until, today)
        open_ = (
            follow_ups.follow_ups(session, person.viewer, today, only_open=True)
            if person.viewer.role in rights.TALKERS
            else []
        )
        plan = person.viewer.role in rights.PLANNERS
        cadres = cadre_choices(session, person.viewer, today) if plan else []
        people = talking.talkers(session)
    return page(
        request, "talks/index.html", person, rows=rows, counts=counts, quarters=quarters, quarter=chosen, open=open_,
        cadres=cadres, people=people, triggers=plans.TRIGGERS, may_plan=plan, directions=plans.DIRECTIONS,
    )  # fmt: skip


@router.post("")
def make(system: SystemDep, person: Planner, typed: Typed) -> Response:
    """Plan a talk."""
    talk = talking.plan(system, person.viewer, talking.talk_of(typed))
    return RedirectResponse(f"/talks/{talk.id}", 303)


@router.get("/requests")
def asked(request: Request, system: SystemDep, person: Talker) -> Response:
    """Requests addressed to me, or that I schedule; nobody else's."""
    today = system.settings.today()
    with system.database.read() as session:
        rows = requests.requests_for(session, system.vault(session), person.viewer, today)
        people = talking.talkers(session)
        plan = person.viewer.role in rights.PLANNERS
        cadres = cadre_choices(session, person.viewer, today) if plan else []
    return page(
        request, "talks/requests.html", person, rows=rows, people=people, cadres=cadres, may_enter=plan,
        answers={code: name for code, name in requests.STATES.items() if code != requests.WAITING},
        states=requests.STATES, leaders=requests.ADDRESSEES,
    )  # fmt: skip


@router.post("/requests")
def ask(system: SystemDep, person: Planner, typed: Typed) -> Response:
    """Enter a request."""
    talking.ask(system, person.viewer, typed)
    return RedirectResponse("/talks/requests", 303)


@router.post("/requests/{request_id:int}/{act}")
def request_act(system: SystemDep, person: Hand, request_id: int, act: str, typed: Typed) -> Response:
    """answer, consent, tell, schedule."""
    talk = talking.request_act(system, person.viewer, request_id, act, typed)
    return RedirectResponse(f"/talks/{talk}" if talk else "/talks/requests", 303)


@router.post("/follow-ups/{follow_id:int}")
def settle(system: SystemDep, person: Hand, follow_id: int, typed: Typed) -> Response:
    """How a commitment came out."""
    talking.settle(system, person.viewer, follow_id, typed)
    back = typed.number("talk", "谈话")
    return RedirectResponse(f"/talks/{back}" if back else "/talks", 303)


@router.get("/{talk_id:int}/{which}.docx")
def paper(system: SystemDep, person: Talker, talk_id: int, which: str) -> Response:
    """谈话提纲 or 谈话记录 in Word."""
    return word_response(*talking.word(system, person.viewer, talk_id, "record" if which == "record" else "outline"))


@router.get("/{talk_id:int}")
def show(request: Request, system: SystemDep, person: Talker, talk_id: int) -> Response:
    shown = talking.read_talk(system, person.viewer, talk_id)
    return page(
        request, "talks/talk.html", person, shown=shown, line=shown.line, may=shown.may,
        states=follow_ups.STATES, confirmations=records.CONFIRMATIONS,
    )  # fmt: skip


@router.post("/{talk_id:int}/product")
def product(system: SystemDep, person: Planner, talk_id: int, typed: Typed) -> Response:
    """The outline or record as a draft in 文稿中心."""
    which = "record" if typed.text("which") == "record" else "outline"
    content = talking.open_paper(system, person.viewer, talk_id, which)
    made = producing.open_draft(system, person, content, Wanted(content.kind, cadre_id=content.cadres[0], ref=talk_id))
    return RedirectResponse(f"/products/{made.id}", 303)


@router.post("/{talk_id:int}/{act}")
def change(system: SystemDep, person: Hand, talk_id: int, act: str, typed: Typed) -> Response:
    """approve, move, cancel, brief, outline, record, confirm."""
    talking.change(system, person.viewer, talk_id, act, typed)
    return RedirectResponse(f"/talks/{talk_id}", 303)
