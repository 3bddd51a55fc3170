"""JSON of 分片联系: zones, hand-over, coverage, contacts (domain.md §1.11 a)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel, Field

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import liaising
from api.acts.performing import perform
from api.acts.sealing import year_of
from api.form_fields import Fields
from dossier.liaison import activities, coverage, duties, hand_over, membership, rights, ties
from dossier.liaison.activities import ActivityData
from dossier.products.spans import code_of

router = APIRouter(prefix="/api", tags=["liaison"])
Reader = Annotated[SignedIn, Depends(require(*rights.READERS))]
Writer = Annotated[SignedIn, Depends(require_checked(*rights.WRITERS))]
KeeperReader = Annotated[SignedIn, Depends(require(*rights.KEEPERS))]
Keeper = Annotated[SignedIn, Depends(require_checked(*rights.KEEPERS))]


class ContactIn(BaseModel):
    """A contact with a team. officers: logins, two at least."""

    team_id: str
    on: date
    kind: str = Field(description="、".join(activities.KINDS))
    officers: list[str]
    facts: str
    evidence: list[str] = []
    follow_up: str = ""
    follow_due: date | None = None


class NoteIn(BaseModel):
    """How a follow-up came out, or why an entry is void."""

    text: str
    on: date | None = None


class DutyIn(BaseModel):
    """A duty in a zone. kind: lead, backup, deputy."""

    login: str
    kind: str
    start: date
    end: date | None = None
    excluded: list[str] = []
    reason: str = ""


class MoveIn(BaseModel):
    """A team to another zone."""

    team: str
    to: str
    start: date
    reason: str


class TieIn(BaseModel):
    """Why an officer keeps away from a team. kind: relative, worked (then with `until`)."""

    login: str
    team: str
    kind: str
    until: date | None = None


@router.get("/zones")
def zones(system: SystemDep, person: Reader, quarter: str = "") -> dict[str, Any]:
    """Zones with duties, the coverage of a quarter with the teams that are missing, and the workload."""
    today = system.settings.today()
    with system.database.read() as session:
        rows = liaising.zone_rows(session, person.viewer, today)
        found = coverage.coverage(session, person.viewer, quarter or code_of("quarter", today), today)
        load = coverage.workload(session, person.viewer, found.span.code)
    return {
        "zones": [asdict(row) for row in rows], "quarter": found.span.code, "kinds": activities.KINDS,
        "coverage": [asdict(row) for row in found.rows], "missing": [row.team_id for row in found.missing],
        "workload": [asdict(row) for row in load],
    }  # fmt: skip


@router.get("/zones/{zone_id}")
def zone(system: SystemDep, person: Reader, zone_id: str) -> dict[str, Any]:
    """The hand-over pack of a zone."""
    with system.database.read() as session:
        pack = hand_over.hand_over_pack(session, person.viewer, zone_id, system.settings.today())
    return {
        "id": pack.zone.id, "name": pack.zone.name, "on": pack.on, "uncovered": pack.uncovered,
        "duties": [asdict(row) for row in pack.duties], "teams": [asdict(row) for row in pack.teams],
        "changes": [asdict(row) for row in pack.changes],
    }  # fmt: skip


@router.post("/zones/{zone_id}/duties", status_code=201)
def give_duty(system: SystemDep, person: Keeper, zone_id: str, given: DutyIn) -> dict[str, Any]:
    """Give a duty; recusal is checked."""
    row = perform(
        system, person.viewer, "zone-duties", "zone", zone_id,
        lambda s, v: duties.give_duty(
            s, v, zone_id, given.login, given.kind, given.start, given.end, given.excluded, given.reason
        ),
        {"login": given.login},
    )  # fmt: skip
    return {"id": row.id}


@router.post("/zones/{zone_id}/move", status_code=201)
def move(system: SystemDep, person: Keeper, zone_id: str, given: MoveIn) -> dict[str, Any]:
    """Move a team to another zone from a day on."""
    row = perform(
        system, person.viewer, "zone-move", "zone", zone_id,
        lambda s, v: membership.move_team(s, v, given.team, given.to, given.start, given.reason),
        {"team": given.team, "reason": given.reason},
    )  # fmt: skip
    return {"id": row.id, "team": row.team_id, "zone": row.zone_id}


@router.get("/officer-ties")
def list_ties(system: SystemDep, person: KeeperReader) -> list[dict[str, Any]]:
    """Recusals of officers that are not ended."""
    with system.database.read() as session:
        return [asdict(row) for row in ties.tie_lines(session, person.viewer)]


@router.post("/officer-ties", status_code=201)
def add_tie(system: SystemDep, person: Keeper, given: TieIn) -> dict[str, Any]:
    """Register one."""
    row = perform(
        system, person.viewer, "tie-add", "user", "",
        lambda s, v: ties.add_tie(s, v, given.login, given.team, given.kind, given.until),
        {"login": given.login, "team": given.team},
    )  # fmt: skip
    return {"id": row.id}


@router.get("/liaison")
def contacts(
    system: SystemDep, person: Reader, team: str = "", since: date | None = None, until: date | None = None
) -> list[dict[str, Any]]:
    """联系台账, newest first; the last year unless days are given."""
    today = system.settings.today()
    usual = year_of(today)
    with system.database.read() as session:
        rows = activities.activities(session, person.viewer, since or usual[0], until or usual[1], today, team)
    return [asdict(row) for row in rows]


@router.post("/liaison", status_code=201)
def enter(system: SystemDep, person: Writer, given: ContactIn) -> dict[str, Any]:
    """Enter a contact."""
    values = given.model_dump() | {"officers": tuple(given.officers), "evidence": tuple(given.evidence)}
    today = system.settings.today()
    row = perform(
        system, person.viewer, "liaison-enter", "liaison", "",
        lambda s, v: activities.enter_activity(s, v, ActivityData(**values), today), {"team": given.team_id},
    )  # fmt: skip
    return {"id": row.id, "zone": row.zone_id}


@router.post("/liaison/{activity_id:int}/{act}")
def change(system: SystemDep, person: Writer, activity_id: int, act: str, given: NoteIn) -> dict[str, Any]:
    """follow, void."""
    day = [given.on.isoformat()] if given.on else []
    liaising.change(system, person.viewer, activity_id, act, Fields({"text": [given.text], "on": day}))
    return {"id": activity_id}
