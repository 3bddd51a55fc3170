"""JSON of a unit's own page and of 结果运用. No class of talk is proposed; no list of persons to adjust exists."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, ConfigDict

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import unit_filing, using
from appraisal.decimals import show
from appraisal.quarterly.runs import run_name
from appraisal.quarterly.unit import unit_page
from appraisal.results.responses import responses_of
from appraisal.results.talks import CLASSES, meetings_of, talk_rows
from appraisal.review.quarter import parse_quarter
from storage.tables import TalkChoice

router = APIRouter(prefix="/api", tags=["results"])
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Unit = Annotated[SignedIn, Depends(require("UNIT"))]
Filer = Annotated[SignedIn, Depends(require_checked("UNIT"))]
Keeper = Annotated[SignedIn, Depends(require_checked("KH"))]
Head = Annotated[SignedIn, Depends(require_checked("HEAD"))]
Leader = Annotated[SignedIn, Depends(require_checked("DEP", "MIN"))]
Convener = Annotated[SignedIn, Depends(require_checked("HEAD", "KH"))]
Talker = Annotated[SignedIn, Depends(require("HEAD", "DEP", "MIN"))]


class Progress(BaseModel):
    """All that a unit may fill in for a task: nothing that a DATA provider supplies."""

    model_config = ConfigDict(extra="forbid")
    level: str = ""
    text: str = ""


class Sheet(BaseModel):
    """The kept sheet of a quarter: task id -> progress."""

    model_config = ConfigDict(extra="forbid")
    quarter: str
    tasks: dict[int, Progress] = {}


class Words(BaseModel):
    """A text."""

    text: str


class Choice(BaseModel):
    """A class of talk with its reasons; there is no default."""

    team: str
    talk_class: int
    reason: str
    evidence: list[str] = []


class Decision(BaseModel):
    """Agree or not."""

    agree: bool


class Meeting(BaseModel):
    """A 集体谈话会."""

    on: str
    place: str
    chair: str
    teams: list[str]
    agenda: str
    minutes: str = ""


@router.get("/unit")
def unit(system: SystemDep, person: Unit, quarter: str) -> dict[str, Any]:
    """The unit's page: tasks to report on, official figures already there, its published sheets."""
    with system.database.read() as session:
        shown = unit_page(session, person.viewer, parse_quarter(quarter))
    report = shown.report
    return {
        "team": shown.team.id, "quarter": quarter, "due": shown.due.isoformat(),
        "receipt": report.receipt if report else "", "state": report.state if report else "",
        "tasks": [{"id": one.task_id, "number": one.number, "kind": one.kind, "owner": one.owner, "title": one.title,
                   "milestone": one.milestone, "level": one.level, "text": one.text, "closed": one.closed}
                  for one in shown.tasks],
        "official": [{"code": line.code, "name": line.name, "status": line.status,
                      "value": None if line.value is None else format(line.value, "f"),
                      "progress": show(line.progress, 1)}
                     for line in (shown.core.lines if shown.core else ())],
        "told": [{"claim": one.claim.id, "quarter": one.claim.quarter, "level": one.claim.proposed_found,
                  "answer": one.claim.answer, "days": one.days, "until": one.until.isoformat()}
                 for one in shown.told],
        "runs": [{"id": row.id, "name": run_name(row), "published_on": str(row.published_on)} for row in shown.runs],
    }  # fmt: skip


@router.post("/unit/save")
def save(system: SystemDep, person: Filer, sheet: Sheet) -> dict[str, str]:
    """Keep what is typed, without handing it in."""
    typed = {key: one.model_dump() for key, one in sheet.tasks.items()}
    return {"saved": unit_filing.save(system, person.viewer, parse_quarter(sheet.quarter), typed).saved_at.isoformat()}


@router.post("/unit/submit")
def submit(system: SystemDep, person: Filer, sheet: Sheet) -> dict[str, str]:
    """Hand the kept sheet in; answers with the receipt number."""
    quarter = parse_quarter(sheet.quarter)
    if sheet.tasks:
        unit_filing.save(system, person.viewer, quarter, {key: one.model_dump() for key, one in sheet.tasks.items()})
    return {"receipt": unit_filing.submit(system, person.viewer, quarter).receipt}


@router.get("/unit/sheets/{run_id}")
def own_sheet(system: SystemDep, person: Unit, run_id: int) -> dict[str, Any]:
    """The unit's own sheet of a published assessment; another unit's is not to be had."""
    return unit_filing.own_sheet(system, person.viewer, run_id, person.viewer.team_id).as_dict()


@router.post("/unit/sheets/{run_id}/responses", status_code=201)
def respond(system: SystemDep, person: Filer, run_id: int, words: Words) -> dict[str, int]:
    """Answer to the own sheet, within ten working days."""
    return {"id": unit_filing.respond(system, person.viewer, run_id, words.text).id}


@router.get("/results/{run_id}")
def results(system: SystemDep, person: Reader, run_id: int) -> dict[str, Any]:
    """Responses and meetings of a published run; classes of talk for those who choose and decide."""
    with system.database.read() as session:
        rows = talk_rows(session, person.viewer, run_id)
        found = responses_of(session, person.viewer, run_id)
        meetings = meetings_of(session, run_id)
    seeing = person.viewer.role in ("HEAD", "DEP", "MIN")
    return {
        "run": run_id, "classes": {str(number): text for number, text in CLASSES.items()},
        "responses": [{"id": one.id, "team": one.team_id, "text": one.text, "reply": one.reply} for one, _ in found],
        "meetings": [{"id": one.id, "on": str(one.on), "place": one.place, "chair": one.chair, "teams": one.teams,
                      "agenda": one.agenda, "minutes": one.minutes} for one in meetings],
        "talks": [{"team": row.team_id, "choice": _choice(row.choice)} for row in rows] if seeing else [],
    }  # fmt: skip


@router.get("/results/{run_id}/notice")
def notice(system: SystemDep, person: Reader, run_id: int) -> dict[str, Any]:
    """考核情况通报 as it may be drafted now: every sentence cites."""
    return asdict(using.draft_notice(system, person.viewer, run_id))


@router.post("/results/responses/{response_id}")
def reply(system: SystemDep, person: Keeper, response_id: int, words: Words) -> dict[str, str]:
    """考核办 answers a unit, once."""
    return {"reply": using.reply(system, person.viewer, response_id, words.text).reply}


@router.post("/results/{run_id}/classes", status_code=201)
def choose(system: SystemDep, person: Head, run_id: int, wish: Choice) -> dict[str, Any]:
    """A head's choice of a class with reasons."""
    row = using.choose(system, person.viewer, run_id, wish.team, wish.talk_class, wish.reason, wish.evidence)
    return {"id": row.id, **(_choice(row) or {})}


@router.post("/results/classes/{choice_id}")
def decide(system: SystemDep, person: Leader, choice_id: int, wish: Decision) -> dict[str, bool]:
    """部领导 decides on a choice; one that is not agreed to is taken away."""
    return {"agreed": using.decide(system, person.viewer, choice_id, wish.agree) is not None}


@router.post("/results/{run_id}/meetings", status_code=201)
def meet(system: SystemDep, person: Convener, run_id: int, wish: Meeting) -> dict[str, int]:
    """Register a 集体谈话会."""
    row = using.meet(
        system, person.viewer, run_id, wish.on, wish.place, wish.chair, wish.teams, wish.agenda, wish.minutes
    )
    return {"id": row.id}


@router.get("/decisions/{cadre_id}")
def decisions(
    system: SystemDep, person: Annotated[SignedIn, Depends(require("HEAD", "SUP", "DEP", "MIN"))], cadre_id: str,
    purpose: str,
) -> dict[str, Any]:  # fmt: skip
    """Decisions entered on one person, with the evidence and its states at entry. One person at a time."""
    rows = using.read_decisions(system, person.viewer, cadre_id, purpose)
    return {
        "cadre": cadre_id,
        "decisions": [{"id": row.id, "decided_on": str(row.decided_on), "body": row.body, "text": row.text,
                       "document_no": row.document_no, "evidence": row.evidence,
                       "confirmed": row.confirmed_at is not None} for row in rows],
    }  # fmt: skip


def _choice(row: TalkChoice | None) -> dict[str, Any] | None:
    if row is None:
        return None
    return {
        "talk_class": row.talk_class, "reason": row.reason, "evidence": row.evidence,
        "decided": row.decided_at is not None, "talked_on": str(row.talked_on or ""),
    }  # fmt: skip
