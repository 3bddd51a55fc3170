"""账号管理 for SYS: accounts, zones, passwords, recusals. No business content stands here."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from api.access import users
from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.render import page
from storage.errors import ShijiError
from storage.tables import Cadre, Team, Zone

router = APIRouter(include_in_schema=False)
SeerDep = Annotated[SignedIn, Depends(require("SYS"))]
KeeperDep = Annotated[SignedIn, Depends(require_checked("SYS"))]


@router.get("/users")
def index(request: Request, system: SystemDep, person: SeerDep) -> Response:
    """All accounts, and the form for a new one."""
    with system.database.read() as session:
        zones = session.execute(select(Zone.id, Zone.name).order_by(Zone.id)).all()
        teams = session.execute(select(Team.id, Team.full).order_by(Team.ordinal, Team.id)).all()
        return page(request, "users.html", person, accounts=users.accounts_of(session), zones=zones, teams=teams)


@router.post("/users")
def create(
    system: SystemDep, person: KeeperDep, login: Annotated[str, Form()], name: Annotated[str, Form()],
    role: Annotated[str, Form()], password: Annotated[str, Form()], section: Annotated[str, Form()] = "",
    zones: Annotated[list[str] | None, Form()] = None, team: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Create an account; `team` for a UNIT."""
    number = users.create(system, person.viewer, login, name, role, password, zones or [], section, team)
    return RedirectResponse(f"/users/{number}", 303)


@router.get("/users/{user_id}")
def one(request: Request, system: SystemDep, person: SeerDep, user_id: int) -> Response:
    """One account with its zones and recusals."""
    with system.database.read() as session:
        found = users.accounts_of(session, user_id)
        if not found:
            raise ShijiError("USER-UNKNOWN", "没有这个账号", str(user_id), "请从账号列表进入。")
        return page(
            request, "user.html", person, account=found[0],
            zones=session.execute(select(Zone.id, Zone.name).order_by(Zone.id)).all(),
            teams=session.execute(select(Team.id, Team.full).order_by(Team.ordinal, Team.id)).all(),
            cadres=session.execute(select(Cadre.id, Cadre.name).order_by(Cadre.id)).all(),
        )  # fmt: skip


@router.post("/users/{user_id}/enabled")
def set_enabled(
    system: SystemDep, person: KeeperDep, user_id: int, enabled: Annotated[bool, Form()],
    reason: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    users.set_enabled(system, person.viewer, user_id, enabled, reason)
    return RedirectResponse(f"/users/{user_id}", 303)


@router.post("/users/{user_id}/zones")
def set_zones(
    system: SystemDep, person: KeeperDep, user_id: int, zones: Annotated[list[str] | None, Form()] = None
) -> Response:
    users.set_zones(system, person.viewer, user_id, zones or [])
    return RedirectResponse(f"/users/{user_id}", 303)


@router.post("/users/{user_id}/password")
def set_password(system: SystemDep, person: KeeperDep, user_id: int, password: Annotated[str, Form()]) -> Response:
    users.set_password(system, person.viewer, user_id, password)
    return RedirectResponse(f"/users/{user_id}", 303)


@router.post("/users/{user_id}/recusals")
def add_recusal(system: SystemDep, person: KeeperDep, user_id: int, about: Annotated[str, Form()]) -> Response:
    users.add_recusal(system, person.viewer, user_id, about)
    return RedirectResponse(f"/users/{user_id}", 303)


@router.post("/recusals/{recusal_id}/remove")
def remove_recusal(
    system: SystemDep, person: KeeperDep, recusal_id: int, reason: Annotated[str, Form()] = ""
) -> Response:
    user_id = users.remove_recusal(system, person.viewer, recusal_id, reason)
    return RedirectResponse(f"/users/{user_id}", 303)
