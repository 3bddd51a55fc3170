"""JSON of the roster: teams by zone; an import as a dry run or written."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Query, UploadFile

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import roster_import, roster_papers
from dossier.roster_view import roster_by_zone

router = APIRouter(prefix="/api", tags=["roster"])
SeerDep = Annotated[SignedIn, Depends(require("HEAD", "KH", "SYS"))]
WriterDep = Annotated[SignedIn, Depends(require_checked("HEAD", "KH"))]


@router.get("/roster")
def show(system: SystemDep, person: SeerDep) -> list[dict[str, Any]]:
    """Zones with their teams and, for those who read content, the members of today."""
    with system.database.read() as session:
        return [zone.as_dict() for zone in roster_by_zone(session, person.viewer, system.settings.today())]


@router.post("/roster/import")
def import_roster(
    system: SystemDep, person: WriterDep, file: Annotated[UploadFile, File()], dry_run: bool = True
) -> dict[str, Any]:
    """Differences of a YAML roster or Excel 花名册; with `dry_run=false` also written."""
    shown, data = roster_import.look(system, person.viewer, file)
    if not dry_run and shown.writes:
        roster_import.confirm(system, person.viewer, shown.name, data)
    return {
        "name": shown.name, "written": not dry_run and bool(shown.writes),
        "changes": [asdict(change) for change in shown.plan.changes],
        "problems": [asdict(problem) for problem in shown.problems],
    }  # fmt: skip


@router.post("/roster/papers")
def import_paper(
    system: SystemDep, person: WriterDep, file: Annotated[UploadFile, File()], dry_run: bool = True,
    tenures: Annotated[str, Query(description="numbers of proposals to write, comma-separated")] = "",
    header: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """One person's .lrmx or .lrm against the record; with `dry_run=false` the chosen differences are written."""
    plan, ticket = roster_papers.look(system, person, file)
    written = 0
    if not dry_run:
        chosen = {int(number) for number in tenures.split(",") if number.strip().isdigit()}
        plan, written = roster_papers.confirm(system, person, ticket, plan.file, chosen, header)
    shown = {key: value for key, value in asdict(plan).items() if key != "xml"}
    return {**shown, "written": written}
