"""JSON of 业绩责任记实 (domain.md §1.12). No sums, scores or order of persons."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import ledgering
from dossier.cadrefile import purpose_text
from dossier.ledger import book, closing
from dossier.ledger.overlap import overlap, team_spans
from dossier.ledger.reach import READERS, reached_cadre
from dossier.ledger.rules import EntryWords
from dossier.products.spans import code_of, span_of

router = APIRouter(prefix="/api/ledger", tags=["ledger"])
Reader = Annotated[SignedIn, Depends(require(*READERS))]
Office = Annotated[SignedIn, Depends(require("KH", "SUP", "DEP", "MIN"))]
Actor = Annotated[SignedIn, Depends(require_checked("KH", "SUP", "DEP"))]


class EntryIn(BaseModel):
    """An entry. evidence: ids of verified items; replaces: the entry that was sent back."""

    cadre: str
    team: str
    kind: Literal["业绩", "责任", "中性记载"]
    matter: str
    text: str
    role: Literal["决策", "集体决策", "主抓推进", "配合", "接续", "前任决策本任处置"]
    horizon: Literal["", "显绩", "潜绩", "隐患"] = ""
    decided_on: list[date] = []
    implemented_from: date | None = None
    implemented_to: date | None = None
    effects_on: list[date] = []
    evidence: list[int]
    clue: str = ""
    leniency_body: str = ""
    leniency_reason: str = ""
    replaces: int = 0


class StepIn(BaseModel):
    """Agreement where the step asks for it, and words."""

    agree: bool = True
    text: str = ""


class TrackIn(BaseModel):
    """A day to look again, and at what."""

    due: date
    what: str


@router.get("/due")
def due(system: SystemDep, person: Reader, quarter: str = "") -> list[dict[str, Any]]:
    """本季度应跟踪事项."""
    today = system.settings.today()
    span = span_of("quarter", quarter or code_of("quarter", today))
    with system.database.read() as session:
        found = book.due_in(book.all_entries(session, person.viewer, today), span)
    return [{"entry": e.id, "number": e.number, "cadre": e.cadre, "matter": e.matter, **asdict(d)} for e, d in found]


@router.get("/cadres/{cadre_id}")
def cadre(
    system: SystemDep, person: Reader, cadre_id: str, purpose: Annotated[str, Query()], text: str = ""
) -> list[dict[str, Any]]:
    """A person's entries in the order of time; the purpose goes into the audit log (R-02)."""
    why = purpose_text(purpose, text)
    return [e.as_dict() for e in ledgering.read_person(system, person.viewer, cadre_id, why)]


@router.get("/cadres/{cadre_id}/overlap")
def reference(
    system: SystemDep, person: Office, cadre_id: str, team: str, first: date, last: date
) -> dict[str, Any]:  # fmt: skip
    """任职重叠参考: days in post inside an interval, both ends included. A reference, never an apportionment."""
    with system.database.read() as session:
        reached_cadre(session, person.viewer, cadre_id, system.settings.today())
        found = overlap([span for span, _title in team_spans(session, cadre_id, team)], first, last)
    return {"days": found.days, "total": found.total, "text": found.text}


@router.post("/entries", status_code=201)
def prepare(system: SystemDep, person: Actor, given: EntryIn) -> dict[str, Any]:
    """Draft an entry, by 考核办."""
    words = EntryWords(
        given.kind, given.matter, given.text, given.role, given.horizon, tuple(given.decided_on),
        given.implemented_from, given.implemented_to, tuple(given.effects_on), tuple(given.evidence), given.clue,
        given.leniency_body, given.leniency_reason,
    )  # fmt: skip
    made = ledgering.prepare(system, person.viewer, given.cadre, given.team, words, given.replaces)
    return entry(system, person, made.id)


@router.get("/entries/{entry_id:int}")
def entry(system: SystemDep, person: Reader, entry_id: int) -> dict[str, Any]:
    """One entry with its steps."""
    return ledgering.read_entry(system, person.viewer, entry_id).as_dict()


@router.post("/entries/{entry_id:int}/reverse", status_code=201)
def reverse(system: SystemDep, person: Actor, entry_id: int, given: StepIn) -> dict[str, Any]:
    """Draft a 冲正 of an entry, with the reason as text."""
    made = ledgering.reverse(system, person.viewer, entry_id, given.text)
    return entry(system, person, made.id)


@router.post("/entries/{entry_id:int}/track", status_code=201)
def track(system: SystemDep, person: Actor, entry_id: int, given: TrackIn) -> dict[str, Any]:
    """Set a tracking date."""
    ledgering.track(system, person.viewer, entry_id, given.due, given.what)
    return entry(system, person, entry_id)


@router.post("/entries/{entry_id:int}/{step}")
def step(system: SystemDep, person: Actor, entry_id: int, step: str, given: StepIn) -> dict[str, Any]:
    """tell, statement, check, approve, close."""
    ledgering.step(system, person.viewer, entry_id, step, given.agree, given.text)
    return entry(system, person, entry_id)


@router.post("/tracking/{tracking_id:int}")
def note_tracking(system: SystemDep, person: Actor, tracking_id: int, given: StepIn) -> dict[str, Any]:
    """Note what was found on a tracking date."""
    made = ledgering.note_tracking(system, person.viewer, tracking_id, given.text)
    return entry(system, person, made.entry_id)


@router.get("/closing/{year:int}")
def balance(system: SystemDep, person: Office, year: int) -> dict[str, Any]:
    """年度结账: open items now, and the closings that were kept."""
    with system.database.read() as session:
        shown = closing.balance(session, person.viewer, year, system.settings.today())
    return {
        "year": year, "open": [asdict(line) for line in shown.lines], "entered": shown.entered,
        "settled": shown.settled, "reversed": shown.reversed,
        "kept": [{"version": c.version, "on": c.closed_on, "sha256": c.sha256} for c in shown.closings],
    }  # fmt: skip


@router.post("/closing/{year:int}", status_code=201)
def close_year(system: SystemDep, person: Actor, year: int) -> dict[str, Any]:
    """Keep the balance page of a year that has ended."""
    row = ledgering.close_year(system, person.viewer, year)
    return {"year": row.year, "version": row.version, "sha256": row.sha256}
