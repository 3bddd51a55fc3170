"""审计: who did what, when and for what purpose; whether the chain is whole; export."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import Response

from api.access import audit, audit_log
from api.access.accounts import SignedIn
from api.access.audit_log import ACTS, PER_PAGE, Wanted, wanted
from api.access.rights import SystemDep, require
from api.render import page

router = APIRouter(include_in_schema=False)
ReaderDep = Annotated[SignedIn, Depends(require("AUD"))]
WantedDep = Annotated[Wanted, Depends(wanted)]


@router.get("/audit")
def show(request: Request, system: SystemDep, person: ReaderDep, which: WantedDep) -> Response:
    """The log with its filters, and the check of the chain."""
    with system.database.read() as session:
        chain = audit.verify_chain(session)
        total, lines = audit_log.lines(session, which)
    pages = max(1, -(-total // PER_PAGE))
    return page(
        request, "audit.html", person, which=which, chain=chain, total=total, lines=lines, acts=ACTS, pages=pages
    )


@router.get("/audit/export.csv")
def export(system: SystemDep, person: ReaderDep, which: WantedDep) -> Response:
    """The filtered log for a spreadsheet; the export itself is recorded with its hash (R-42)."""
    with system.database.read() as session:
        content, count = audit_log.export(session, which)
    return audit_log.exported(system, person, content, count)
