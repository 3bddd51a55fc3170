"""JSON of 告知与申辩, 容错审查, exceptions, 澄清, 更正请求 and 销毁清册 (§2.6, R-37, R-43, R-46, R-48)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import destroying, hearing
from dossier.clearing import cleared, corrections, destruction
from dossier.hearing import exceptions, leniency, register

router = APIRouter(prefix="/api", tags=["hearings"])
INSIDE = ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN")
Anyone = Annotated[SignedIn, Depends(require(*INSIDE, "UNIT"))]
Inside = Annotated[SignedIn, Depends(require(*INSIDE))]
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Told = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN", "UNIT"))]
Supervisor = Annotated[SignedIn, Depends(require("HEAD", "SUP"))]
Speaker = Annotated[SignedIn, Depends(require_checked("UNIT", "OFF", "HEAD"))]
Officer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]
Reviewer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]
LeniencyDecider = Annotated[SignedIn, Depends(require_checked("SUP", "DEP"))]
ExceptionDecider = Annotated[SignedIn, Depends(require_checked("HEAD", "SUP"))]
Destroyer = Annotated[SignedIn, Depends(require(*destruction.READERS))]
DestructionActor = Annotated[SignedIn, Depends(require_checked("SYS", "AUD", "DEP"))]


class StatementIn(BaseModel):
    """A 说明 or 申辩 with the names of what is handed in; on: the day, for officers; reopen: look at it again."""

    text: str
    documents: list[str] = []
    on: date | None = None
    reopen: bool = False


class ReasonIn(BaseModel):
    """Why."""

    reason: str


class ReviewIn(BaseModel):
    """What another officer found; 修改 needs the fact as changed."""

    result: Literal["维持", "修改", "撤销"]
    reason: str
    true_part: str = ""


class StepIn(BaseModel):
    """Agreement or not, with a note; body: the deciding body of a 容错认定."""

    agree: bool = True
    note: str = ""
    body: str = ""


class DecisionIn(BaseModel):
    """A decision on an exception."""

    decision: Literal["同意", "不同意"] = "同意"
    reason: str = ""


class LetterIn(BaseModel):
    """The words of a 澄清函."""

    text: str


class CorrectionIn(BaseModel):
    """A 更正请求 as it came in."""

    cadre: str
    received: date | None = None
    way: Literal["书面", "当面", "单位转交"]
    text: str
    evidence: int | None = None


class AnswerIn(BaseModel):
    """Outcome and answer, for the step prepare."""

    outcome: str = ""
    answer: str = ""


@router.get("/hearings")
def listed(system: SystemDep, person: Told) -> list[dict[str, Any]]:
    """Notices in scope with clock, statement and review; a unit's own without the item's number."""
    with system.database.read() as session:
        return [asdict(n) for n in register.notices(session, person.viewer, system.settings.today())]


@router.get("/hearings/deadlines")
def deadlines(system: SystemDep, person: Anyone) -> list[dict[str, Any]]:
    """What runs or waits for this person."""
    with system.database.read() as session:
        return [asdict(d) for d in register.deadlines(session, person.viewer, system.settings.today())]


@router.get("/hearings/leniency")
def leniencies(system: SystemDep, person: Inside) -> list[dict[str, Any]]:
    """容错审查 in reach."""
    with system.database.read() as session:
        return [asdict(row) for row in leniency.reviews(session, person.viewer)]


@router.get("/hearings/exceptions")
def exception_list(system: SystemDep, person: Supervisor) -> list[dict[str, Any]]:
    """Exceptions: for 干部监督 all, for a head one's own."""
    with system.database.read() as session:
        return [asdict(row) for row in exceptions.exceptions(session, person.viewer)]


@router.get("/hearings/{notice_id:int}")
def notice(system: SystemDep, person: Told, notice_id: int) -> dict[str, Any]:
    """One notice."""
    with system.database.read() as session:
        return asdict(register.notice_view(session, person.viewer, notice_id, system.settings.today()))


@router.post("/hearings/{notice_id:int}/statement")
def statement(system: SystemDep, person: Speaker, notice_id: int, given: StatementIn) -> dict[str, Any]:
    """The 说明 or 申辩."""
    day = given.on if person.viewer.role != "UNIT" else None
    hearing.state(system, person.viewer, notice_id, given.text, given.documents, day, given.reopen)
    return notice(system, person, notice_id)


@router.post("/hearings/{notice_id:int}/extend")
def extend(system: SystemDep, person: Officer, notice_id: int, given: ReasonIn) -> dict[str, Any]:
    """One extension."""
    hearing.extend(system, person.viewer, notice_id, given.reason)
    return notice(system, person, notice_id)


@router.post("/hearings/{notice_id:int}/review")
def review(system: SystemDep, person: Reviewer, notice_id: int, given: ReviewIn) -> dict[str, Any]:
    """维持, 修改 or 撤销, by an officer who did not verify."""
    hearing.review(system, person.viewer, notice_id, given.result, given.reason, given.true_part)
    return notice(system, person, notice_id)


@router.post("/hearings/leniency/{review_id:int}/{step}")
def leniency_step(
    system: SystemDep, person: LeniencyDecider, review_id: int, step: str, given: StepIn
) -> dict[str, Any]:  # fmt: skip
    """check by 干部监督, sign by the deputy."""
    row = hearing.leniency_step(system, person.viewer, review_id, step, given.agree, given.note, given.body)
    return {"id": row.id, "state": row.state, "body": row.body}


@router.post("/hearings/exceptions/{exception_id:int}/{step}")
def exception_step(
    system: SystemDep, person: ExceptionDecider, exception_id: int, step: str, given: DecisionIn
) -> dict[str, Any]:  # fmt: skip
    """decide or lift, by 干部监督."""
    row = hearing.exception_step(system, person.viewer, exception_id, step, given.decision, given.reason)
    return {"id": row.id, "decision": row.decision, "lifted_on": row.lifted_on}


@router.get("/clearings")
def clearings(system: SystemDep, person: Reader) -> list[dict[str, Any]]:
    """Items found 不属实, with the day their content goes."""
    with system.database.read() as session:
        return [asdict(row) for row in cleared.cleared(session, person.viewer)]


@router.post("/clearings/{clearing_id:int}")
def write_letter(system: SystemDep, person: Officer, clearing_id: int, given: LetterIn) -> dict[str, Any]:
    """Keep the 澄清函."""
    row = hearing.clearing_letter(system, person.viewer, clearing_id, given.text)
    return {"id": row.id, "letter": row.letter}


@router.get("/corrections")
def requests(system: SystemDep, person: Reader) -> list[dict[str, Any]]:
    """更正请求 with their clocks."""
    with system.database.read() as session:
        return [asdict(row) for row in corrections.requests(session, person.viewer, system.settings.today())]


@router.post("/corrections", status_code=201)
def register_request(system: SystemDep, person: Officer, given: CorrectionIn) -> dict[str, Any]:
    """Register a request; it is to be answered in 15 working days."""
    row = hearing.correction_register(
        system, person.viewer, given.cadre, given.received, given.way, given.text, given.evidence
    )
    return {"id": row.id, "due": row.due}


@router.post("/corrections/{request_id:int}/{step}")
def correction_step(
    system: SystemDep, person: Officer, request_id: int, step: str, given: AnswerIn
) -> dict[str, Any]:  # fmt: skip
    """prepare, then answer by another head."""
    row = hearing.correction_step(system, person.viewer, request_id, step, given.outcome, given.answer)
    return {"id": row.id, "outcome": row.outcome, "answered_on": row.answered_on}


@router.get("/destruction")
def lists(system: SystemDep, person: Destroyer) -> dict[str, Any]:
    """销毁清册 and, for the system and audit administrators, what is due: numbers, classes and hashes only."""
    with system.database.read() as session:
        shown = destruction.lists(session, person.viewer)
        due = destruction.due_items(session, system.settings.today()) if person.viewer.role in ("SYS", "AUD") else []
        return {
            "due": [asdict(d) for d in due],
            "lists": [
                {
                    "id": v.row.id, "number": v.number, "state": v.row.state, "prepared": v.prepared,
                    "checked": v.checked, "signed": v.signed, "executed": v.executed,
                    "lines": [
                        {"code": x.code, "class": x.retention, "due": x.due, "sha256": x.sha256, "outcome": x.outcome}
                        for x in v.row.lines
                    ],
                }
                for v in shown
            ],
        }  # fmt: skip


@router.post("/destruction", status_code=201)
def prepare(system: SystemDep, person: DestructionActor) -> dict[str, Any]:
    """A list of all that is due, by SYS."""
    row = destroying.prepare(system, person.viewer)
    return {"id": row.id, "state": row.state}


@router.post("/destruction/{list_id:int}/{step}")
def destruction_step(
    system: SystemDep, person: DestructionActor, list_id: int, step: str, given: StepIn
) -> dict[str, Any]:  # fmt: skip
    """check by AUD, sign by DEP, carry-out by SYS."""
    row = destroying.step(system, person.viewer, list_id, step, given.agree, given.note)
    return {"id": row.id, "state": row.state}
