"""JSON of collection batches and the seed's statistic (domain.md §1.11 d)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.performing import perform
from api.acts.sealing import year_of
from dossier import batches as rules

router = APIRouter(prefix="/api/batches", tags=["batches"])
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Closer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]


class BatchIn(BaseModel):
    """The next period; `since` for the first one only."""

    until: date
    since: date | None = None
    note: str = ""


@router.get("")
def index(system: SystemDep, person: Reader, since: date | None = None, until: date | None = None) -> dict[str, Any]:
    """Batches, and N and M of those that end in the days given; the last year by default."""
    usual = year_of(system.settings.today())
    with system.database.read() as session:
        rows = rules.batches(session, person.viewer)
        found = rules.seed_statistic(session, person.viewer, since or usual[0], until or usual[1])
    return {
        "batches": [{**asdict(row), "own_percent": row.own_percent} for row in rows],
        "statistic": {**asdict(found), "own_percent": found.own_percent, "sentence": found.sentence},
    }  # fmt: skip


@router.post("", status_code=201)
def open_batch(system: SystemDep, person: Closer, given: BatchIn) -> dict[str, Any]:
    """Open the next period."""
    row = perform(
        system, person.viewer, "batch-open", "batch", "",
        lambda s, v: rules.open_batch(s, v, given.until, given.note, given.since),
    )  # fmt: skip
    return {"id": row.id, "since": row.since, "until": row.until}


@router.post("/{batch_id:int}/close")
def close_batch(system: SystemDep, person: Closer, batch_id: int) -> dict[str, Any]:
    """Close a period for good."""
    today = system.settings.today()
    row = perform(
        system, person.viewer, "batch-close", "batch", str(batch_id),
        lambda s, v: rules.close_batch(s, v, batch_id, today),
    )  # fmt: skip
    return {"id": row.id, "state": row.state}
