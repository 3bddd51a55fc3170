"""新增来源: paste an address, see what would come in, save. 覆盖图. The register in and out as a file."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import pending, registering, sources
from api.render import page
from collector.preview import SHOWN, Preview
from collector.registry import LEVELS, ROBOTS
from collector.registry_files import LARGEST
from dossier.coverage import coverage, coverage_table
from storage.errors import ShijiError
from storage.tables import Team

router = APIRouter(include_in_schema=False)
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH"))]
KeeperDep = Annotated[SignedIn, Depends(require("SYS"))]
WriterDep = Annotated[SignedIn, Depends(require_checked("SYS"))]


@router.get("/sources/new")
def new(request: Request, system: SystemDep, person: KeeperDep) -> Response:
    """An empty form: an address is enough to begin with."""
    return _form(request, system, person, registering.DEFAULTS, step="look")


@router.post("/sources/new")
def step(
    request: Request, system: SystemDep, person: WriterDep, step: Annotated[str, Form()],
    id: Annotated[str, Form()] = "", name: Annotated[str, Form()] = "", kind: Annotated[str, Form()] = "",
    url: Annotated[str, Form()] = "", level: Annotated[str, Form()] = "市", owner_team: Annotated[str, Form()] = "",
    official: Annotated[bool, Form()] = False, permission: Annotated[str, Form()] = "",
    robots: Annotated[str, Form()] = "遵守", rate_seconds: Annotated[float, Form()] = 5.0,
    every_minutes: Annotated[int, Form()] = 60, config: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """One step: look (propose from the address), preview, save. An error keeps what was typed."""
    row: dict[str, Any] = {
        "id": id.strip(), "name": name.strip(), "kind": kind, "url": url.strip(), "level": level,
        "owner_team": owner_team, "official": official, "permission": permission.strip(), "robots": robots,
        "rate_seconds": rate_seconds, "every_minutes": every_minutes, "enabled": True,
    }  # fmt: skip
    if step == "look":
        try:
            found = registering.look(system, person.viewer, url)
        except ShijiError as bad:
            return _form(request, system, person, {**registering.DEFAULTS, "url": url.strip()}, "look", error=bad)
        return _form(request, system, person, found, "preview")
    try:
        row["config"] = registering.config_of(config)
        if step == "save":
            source_id = registering.add(system, person.viewer, row)
            return RedirectResponse(f"/sources/{source_id}", 303)
        shown = registering.try_out(system, person.viewer, row)
    except ShijiError as bad:
        return _form(request, system, person, row, "preview", error=bad, config_text=config)
    return _form(request, system, person, row, "save", shown=shown, config_text=config)


@router.get("/sources/coverage")
def show_map(request: Request, system: SystemDep, person: ReaderDep) -> Response:
    """Teams by sources: how many days ago each was last seen."""
    with system.database.read() as session:
        rows = coverage(session, person.viewer, system.settings.today())
    return page(request, "sources/map.html", person, table=coverage_table(rows))


@router.get("/sources/export/{form}")
def export(system: SystemDep, person: KeeperDep, form: str) -> Response:
    """The register as YAML or OPML."""
    text, media = registering.export_register(system, person.viewer, form)
    headers = {"Content-Disposition": f'attachment; filename="sources.{form}"'}
    return Response(text.encode("utf-8"), media_type=f"{media}; charset=utf-8", headers=headers)


@router.post("/sources/import")
def show_import(
    request: Request, system: SystemDep, person: WriterDep, file: Annotated[UploadFile, File()]
) -> Response:  # fmt: skip
    """What a register file would change; nothing is written yet."""
    data, name = file.file.read(LARGEST + 1), (file.filename or "sources.yaml")[:120]
    with system.database.read() as session:
        found = registering.plan(session, name, data)
    writes = sum(change.what != "不变" for change in found)
    ticket = pending.hold(system, person, "sources", data) if writes else ""
    return page(request, "sources/import.html", person, changes=found, writes=writes, ticket=ticket, file=name)


@router.post("/sources/import/confirm")
def write_import(
    system: SystemDep, person: WriterDep, ticket: Annotated[str, Form()], name: Annotated[str, Form()]
) -> Response:  # fmt: skip
    """Write what was shown."""
    registering.import_register(system, person.viewer, name[:120], pending.take(system, person, "sources", ticket))
    pending.release(system, person, "sources", ticket)
    return RedirectResponse("/sources", 303)


def _form(
    request: Request, system: SystemDep, person: SignedIn, row: dict[str, Any], step: str,
    shown: Preview | None = None, error: ShijiError | None = None, config_text: str | None = None,
) -> Response:  # fmt: skip
    with system.database.read() as session:
        teams = session.execute(select(Team.id, Team.full).order_by(Team.ordinal, Team.id)).all()
    return page(
        request, "sources/new.html", person, row=row, step=step, shown=shown, error=error, most=SHOWN, teams=teams,
        kinds=sources.KINDS, levels=LEVELS, robots=ROBOTS,
        config_text=registering.config_text(row.get("config", {})) if config_text is None else config_text,
        status=422 if error else 200,
    )  # fmt: skip
