"""采集与来源: the register, what each source last brought, why one is silent, and 现在采集."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import collecting, sources
from api.render import page
from dossier.coverage import coverage
from dossier.doubtful import DECIDERS, waiting_count

router = APIRouter(include_in_schema=False)
SeerDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "SYS"))]
StarterDep = Annotated[SignedIn, Depends(require_checked("HEAD", "SYS"))]
KeeperDep = Annotated[SignedIn, Depends(require_checked("SYS"))]


@router.get("/sources")
def index(request: Request, system: SystemDep, person: SeerDep, since: str = "") -> Response:
    """The register with states; coverage of teams for those who read content."""
    with system.database.read() as session:
        seen = coverage(session, person.viewer, system.settings.today()) if person.viewer.reads_content else []
        return page(
            request, "sources/index.html", person, rows=sources.source_rows(session), kinds=sources.KINDS,
            failures=sources.failures_of(session, person.viewer, limit=20), coverage=seen,
            progress=collecting.progress(session, collecting.moment_of(since)) if since else None,
            may_start=person.viewer.role in ("HEAD", "SYS"), may_register=person.viewer.role == "SYS",
            doubtful=waiting_count(session) if person.viewer.role in DECIDERS else 0,
        )  # fmt: skip


@router.post("/sources/collect")
def collect(system: SystemDep, person: StarterDep) -> Response:
    """Begin a collection in the background."""
    moment = collecting.start_collecting(system, person)
    return RedirectResponse(f"/sources?since={moment:%Y%m%dT%H%M%S.%f}", 303)


@router.get("/sources/progress")
def show_progress(request: Request, system: SystemDep, person: SeerDep, since: str) -> Response:
    """The progress bar, asked for every second until done."""
    with system.database.read() as session:
        found = collecting.progress(session, collecting.moment_of(since))
    return page(request, "sources/progress.html", person, progress=found)


@router.get("/sources/{source_id}")
def one(request: Request, system: SystemDep, person: SeerDep, source_id: str) -> Response:
    """One source: its entry, its visits and the pages that failed."""
    with system.database.read() as session:
        return page(
            request, "sources/source.html", person, row=sources.one_source(session, source_id), kinds=sources.KINDS,
            runs=sources.runs_of(session, source_id), run_names=sources.RUNS,
            failures=sources.failures_of(session, person.viewer, source_id), may_switch=person.viewer.role == "SYS",
        )  # fmt: skip


@router.post("/sources/{source_id}/switch")
def switch(
    system: SystemDep, person: KeeperDep, source_id: str, enabled: Annotated[bool, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Switch on or off, with a reason."""
    sources.switch(system, person.viewer, source_id, enabled, reason)
    return RedirectResponse(f"/sources/{source_id}", 303)
