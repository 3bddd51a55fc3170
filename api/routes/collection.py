"""JSON of collecting: sources with their states, collections and their progress, coverage, submitted reports."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, UploadFile
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import collecting, sources, uploads
from dossier.coverage import coverage

router = APIRouter(prefix="/api", tags=["collection"])
SeerDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "SYS"))]
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH"))]
SenderDep = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]
StarterDep = Annotated[SignedIn, Depends(require_checked("HEAD", "SYS"))]
KeeperDep = Annotated[SignedIn, Depends(require_checked("SYS"))]


class Switch(BaseModel):
    """Switching a source on or off needs a reason."""

    enabled: bool
    reason: str


@router.get("/sources")
def list_sources(system: SystemDep, person: SeerDep) -> list[dict[str, Any]]:
    """The register with states."""
    with system.database.read() as session:
        return [row.as_dict() for row in sources.source_rows(session)]


@router.get("/sources/{source_id}")
def one_source(system: SystemDep, person: SeerDep, source_id: str) -> dict[str, Any]:
    """One source with its latest visits and failed pages."""
    with system.database.read() as session:
        row = sources.one_source(session, source_id)
        runs = [
            {
                "id": r.id, "started_at": r.started_at, "finished_at": r.finished_at, "status": r.status,
                "found": r.found, "new": r.new, "failed": r.failed, "error_code": r.error_code, "error": r.error,
            }
            for r in sources.runs_of(session, source_id)
        ]  # fmt: skip
        failures = [
            {"url": f.url, "code": f.code, "message": f.message, "attempts": f.attempts, "at": f.at}
            for f in sources.failures_of(session, person.viewer, source_id)
        ]
        return {**row.as_dict(), "runs": runs, "failed": failures}


@router.post("/sources/{source_id}/switch")
def switch_source(system: SystemDep, person: KeeperDep, source_id: str, change: Switch) -> dict[str, Any]:
    """Switch a source on or off."""
    sources.switch(system, person.viewer, source_id, change.enabled, change.reason)
    with system.database.read() as session:
        return sources.one_source(session, source_id).as_dict()


@router.post("/collections", status_code=202)
def collect(system: SystemDep, person: StarterDep) -> dict[str, str]:
    """Begin collecting all enabled sources; `since` asks for the progress."""
    return {"since": f"{collecting.start_collecting(system, person):%Y%m%dT%H%M%S.%f}"}


@router.get("/collections/{since}")
def progress(system: SystemDep, person: SeerDep, since: str) -> dict[str, Any]:
    """How far a collection has come."""
    with system.database.read() as session:
        found = collecting.progress(session, collecting.moment_of(since))
        return {**asdict(found), "done": found.done}


@router.get("/coverage")
def team_coverage(system: SystemDep, person: ReaderDep) -> list[dict[str, Any]]:
    """Which teams were last seen by which source, in roster order."""
    with system.database.read() as session:
        return [asdict(row) for row in coverage(session, person.viewer, system.settings.today())]


@router.get("/uploads")
def list_uploads(system: SystemDep, person: ReaderDep) -> list[dict[str, Any]]:
    """Submitted reports with how far they have come."""
    with system.database.read() as session:
        return [asdict(row) for row in uploads.submitted(session, person.viewer)]


@router.post("/uploads")
def upload(
    system: SystemDep, person: SenderDep, files: Annotated[list[UploadFile], File()],
    unit: Annotated[str, Form()] = "", secrecy: Annotated[str, Form()] = "",
) -> list[dict[str, Any]]:  # fmt: skip
    """Hand in files; each gets a receipt number or a coded error."""
    return [receipt.as_dict() for receipt in uploads.take(system, person, files, unit, secrecy)]
