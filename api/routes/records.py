"""JSON of 核查记录, 六字覆盖表, 交接事项 and the batch fix (domain.md §1.2, journeys 2 and 10)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import recording
from api.acts.performing import perform
from dossier import batch_fix, terms
from dossier.field.coverage import matrix, quarter_of
from dossier.field.forms import FORMS
from dossier.field.records import RecordForm, get_record, list_records, views
from dossier.products.spans import span_of
from dossier.review import get_evidence
from dossier.taking_office import office_page, takings

router = APIRouter(prefix="/api", tags=["records"])
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Writer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]


class FieldRecordIn(BaseModel):
    """A full record: fields of the channel's form, what it supports (evidence ids, claim ids) and whom it concerns."""

    channel: Literal["听", "看", "查", "谈", "访", "调"]
    on: date
    summary: str
    fields: dict[str, str] = {}
    officers: list[str] = []
    items: list[int] = []
    claims: list[int] = []
    teams: list[str] = []
    self_reported: bool = False
    official: bool = False
    contradicts: bool = False


class SupportIn(BaseModel):
    """Further items that a record supports."""

    items: list[int]


class SimilarIn(BaseModel):
    """Similar items to move where this one was moved, with the reason."""

    items: list[int]
    reason: str


@router.get("/records/forms")
def forms(person: Reader) -> dict[str, Any]:
    """The six forms: name, fewest officers, fields with whether they are needed."""
    return {channel: asdict(form) for channel, form in FORMS.items()}


@router.get("/records")
def records(
    system: SystemDep, person: Reader, quarter: str = "", channel: str = "", team: str = ""
) -> list[dict[str, Any]]:
    """Records of a quarter in scope, newest first."""
    span = span_of("quarter", quarter or quarter_of(system.settings.today()))
    with system.database.read() as session:
        found = list_records(session, person.viewer, span.since, span.until, channel, team)
    return [asdict(row) for row in found]


@router.post("/records", status_code=201)
def enter(system: SystemDep, person: Writer, given: FieldRecordIn) -> dict[str, Any]:
    """Enter a record for many items and claims."""
    form = RecordForm(
        given.channel, given.on, given.summary, given.fields, tuple(given.officers), tuple(given.items),
        tuple(given.teams), given.self_reported, given.official,
    )  # fmt: skip
    made = recording.record(system, person.viewer, form, given.claims, given.contradicts)
    with system.database.read() as session:
        [shown] = views(session, person.viewer, [get_record(session, person.viewer, made.id)])
    return asdict(shown)


@router.get("/records/coverage")
def coverage(system: SystemDep, person: Reader, quarter: str = "") -> dict[str, Any]:
    """六字覆盖表 of a quarter, in roster order."""
    with system.database.read() as session:
        found = matrix(session, person.viewer, quarter or quarter_of(system.settings.today()))
    rows = [
        {
            "team": r.team_id, "name": r.team, "category": r.category,
            "counts": dict(zip(terms.CHANNELS, r.counts, strict=True)), "missing": list(r.missing),
            "sentences": r.sentences, **asdict(r.rate), "pending": r.rate.pending, "rate": r.rate.text,
        }
        for r in found.rows
    ]  # fmt: skip
    return {"quarter": found.span.code, "rate": found.rate.text, "teams": rows}


@router.get("/records/{record_id:int}")
def record(system: SystemDep, person: Reader, record_id: int) -> dict[str, Any]:
    """One record."""
    with system.database.read() as session:
        [shown] = views(session, person.viewer, [get_record(session, person.viewer, record_id)])
    return asdict(shown)


@router.post("/records/{record_id:int}/support")
def support(system: SystemDep, person: Writer, record_id: int, given: SupportIn) -> dict[str, Any]:
    """Let a record support further items."""
    recording.link(system, person.viewer, record_id, given.items)
    return record(system, person, record_id)


@router.get("/evidence/{evidence_id}/similar")
def similar(system: SystemDep, person: Reader, evidence_id: int) -> list[dict[str, Any]]:
    """Items, past ones too, that the machine gave to the same team for the same reason as this moved one."""
    with system.database.read() as session:
        item = get_evidence(session, person.viewer, evidence_id)
        return [asdict(row) for row in batch_fix.similar_past(session, person.viewer, item)]


@router.post("/evidence/{evidence_id}/similar")
def fix_similar(system: SystemDep, person: Writer, evidence_id: int, given: SimilarIn) -> list[dict[str, Any]]:
    """Move the chosen similar items too; one that is refused says why."""
    done = perform(
        system, person.viewer, "evidence-batch", "evidence", str(evidence_id),
        lambda s, v: batch_fix.fix_many(s, v, evidence_id, given.items, given.reason),
        {"items": given.items, "reason": given.reason.strip()[:200]},
    )  # fmt: skip
    return [asdict(row) for row in done]


@router.get("/taking-office")
def new_leaders(system: SystemDep, person: Reader) -> list[dict[str, Any]]:
    """Who took office in the last half-year."""
    with system.database.read() as session:
        return [asdict(row) for row in takings(session, person.viewer, system.settings.today())]


@router.get("/taking-office/{team_id}")
def office(system: SystemDep, person: Reader, team_id: str) -> dict[str, Any]:
    """交接事项 of a team: what waits as codes, never as facts."""
    with system.database.read() as session:
        page = office_page(session, person.viewer, team_id, system.settings.today())
        return {
            "team": page.team.id, "takings": [asdict(t) for t in page.takings],
            "waiting": [{"id": v.id, "code": v.code, "state": v.state, "title": v.title} for v in page.waiting],
            "told": [asdict(n) for n in page.told], "tasks": page.tasks, "demands": page.demands,
            "talks": [asdict(f) for f in page.talks], "ledger": [e.as_dict() for e in page.ledger],
        }  # fmt: skip
