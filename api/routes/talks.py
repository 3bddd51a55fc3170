"""JSON of 谈心谈话: register and numbers, one talk, requests of cadres (domain.md §1.11 c). No talk class (R-31)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import talking
from api.acts.briefing import WORD, word_response
from api.acts.sealing import year_of
from api.form_fields import Fields
from dossier.compartment import requests
from dossier.products.spans import choices, code_of
from dossier.talks import plans, register, rights
from storage.settings import CHINA

router = APIRouter(prefix="/api/talks", tags=["talks"])
Reader = Annotated[SignedIn, Depends(require(*rights.READERS))]
Talker = Annotated[SignedIn, Depends(require(*rights.TALKERS))]
Planner = Annotated[SignedIn, Depends(require_checked(*rights.PLANNERS))]
Hand = Annotated[SignedIn, Depends(require_checked(*rights.TALKERS))]


class TalkIn(BaseModel):
    """A talk to plan; logins for the department's people. A moment without a zone is China time."""

    trigger: str = Field(description="、".join(plans.TRIGGERS))
    theme: str = ""
    interviewer: str
    staff: list[str]
    cadres: list[str]
    place: str
    starts_at: datetime
    minutes: int = 60
    grouped: bool = False
    headcount: int = 0


class RequestIn(BaseModel):
    """A cadre's wish to talk with a leader."""

    cadre: str
    addressee: str
    subject: str
    on: date | None = None
    consent: bool = False


class FieldsIn(BaseModel):
    """Fields of one act, named as on the page; lists as lists."""

    fields: dict[str, str | list[str]] = {}

    def typed(self) -> Fields:
        return Fields({k: v if isinstance(v, list) else [v] for k, v in self.fields.items()})


@router.get("")
def index(system: SystemDep, person: Reader, quarter: str = "") -> dict[str, Any]:
    """Talks of the last year that the caller may read, and the numbers of a quarter."""
    today = system.settings.today()
    last = choices("quarter", today, 1)[0].until
    with system.database.read() as session:
        counts = register.statistics(session, person.viewer, quarter or code_of("quarter", today), today)
        rows = register.register(session, person.viewer, year_of(today)[0], last, today)
    return {"counts": asdict(counts), "talks": [asdict(row) for row in rows]}


@router.post("", status_code=201)
def make(system: SystemDep, person: Planner, given: TalkIn) -> dict[str, Any]:
    """Plan a talk; nobody is in two at once."""
    at = given.starts_at if given.starts_at.tzinfo else given.starts_at.replace(tzinfo=CHINA)
    values = given.model_dump() | {"starts_at": at, "staff": tuple(given.staff), "cadres": tuple(given.cadres)}
    talk = talking.plan(system, person.viewer, plans.TalkData(**values))
    return {"id": talk.id, "state": talk.state, "headcount": talk.headcount}


@router.get("/requests")
def asked(system: SystemDep, person: Talker) -> list[dict[str, Any]]:
    """Requests addressed to the caller or scheduled by the caller; nobody else's."""
    with system.database.read() as session:
        rows = requests.requests_for(session, system.vault(session), person.viewer, system.settings.today())
    return [asdict(row) for row in rows]


@router.post("/requests", status_code=201)
def ask(system: SystemDep, person: Planner, given: RequestIn) -> dict[str, Any]:
    """Enter a request; it is to be answered in 5 working days."""
    values = {"cadre": given.cadre, "addressee": given.addressee, "subject": given.subject}
    values |= {"on": given.on.isoformat() if given.on else "", "consent": "1" if given.consent else ""}
    talking.ask(system, person.viewer, Fields({k: [v] for k, v in values.items()}))
    return {"state": requests.WAITING}


@router.post("/requests/{request_id:int}/{act}")
def request_act(system: SystemDep, person: Hand, request_id: int, act: str, given: FieldsIn) -> dict[str, Any]:
    """answer (state, answer), consent, tell, schedule (day, clock, minutes, place, staff)."""
    return {"talk": talking.request_act(system, person.viewer, request_id, act, given.typed())}


@router.post("/follow-ups/{follow_id:int}")
def settle(system: SystemDep, person: Hand, follow_id: int, given: FieldsIn) -> dict[str, Any]:
    """How a commitment came out (state, result, on)."""
    talking.settle(system, person.viewer, follow_id, given.typed())
    return {"id": follow_id}


@router.get("/{talk_id:int}/{which}.docx", response_class=Response, responses={200: {"content": {WORD: {}}}})
def paper(system: SystemDep, person: Talker, talk_id: int, which: str) -> Response:
    """outline.docx 谈话提纲, record.docx 谈话记录."""
    return word_response(*talking.word(system, person.viewer, talk_id, "record" if which == "record" else "outline"))


@router.get("/{talk_id:int}")
def show(system: SystemDep, person: Talker, talk_id: int) -> dict[str, Any]:
    """One talk with outline, record and commitments as far as the caller may read them."""
    shown = talking.read_talk(system, person.viewer, talk_id)
    record = shown.record
    return {
        **asdict(shown.line),
        "persons": [
            {"cadre": p.cadre_id, "post": p.post, "team": p.team_id, "confirmed": p.confirmed} for p in shown.persons
        ],
        "outline": shown.outline.as_dict() if shown.outline else None, "outline_version": shown.outline_version,
        "record": {"topics": record.topics, "points": record.points, "statement": record.statement,
                   "restricted": record.restricted} if record else None,
        "follow_ups": [asdict(row) for row in shown.follow_ups],
    }  # fmt: skip


@router.post("/{talk_id:int}/{act}")
def change(system: SystemDep, person: Hand, talk_id: int, act: str, given: FieldsIn) -> dict[str, Any]:
    """approve, move, cancel, brief, outline, record, confirm."""
    talking.change(system, person.viewer, talk_id, act, given.typed())
    return show(system, person, talk_id)
