"""JSON of administration: the audit log for AUD, accounts for SYS."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from api.access import audit, audit_log, users
from api.access.accounts import SignedIn
from api.access.audit_log import PER_PAGE, Wanted, wanted
from api.access.rights import SystemDep, require, require_checked

router = APIRouter(prefix="/api", tags=["administration"])
AuditorDep = Annotated[SignedIn, Depends(require("AUD"))]
WantedDep = Annotated[Wanted, Depends(wanted)]
SeerDep = Annotated[SignedIn, Depends(require("SYS"))]
KeeperDep = Annotated[SignedIn, Depends(require_checked("SYS"))]


class NewAccount(BaseModel):
    """An account to be created."""

    login: str
    name: str
    role: str
    password: str
    section: str = ""
    zones: list[str] = []
    team: str = ""  # of a UNIT


class AccountChange(BaseModel):
    """What is to change; what is left out stays. Switching on or off needs a reason."""

    enabled: bool | None = None
    reason: str = ""
    zones: list[str] | None = None
    password: str | None = None


class NewRecusal(BaseModel):
    """Team or cadre id the account is recused from."""

    about: str


@router.get("/audit")
def log(system: SystemDep, person: AuditorDep, which: WantedDep) -> dict[str, Any]:
    """Entries newest first, with the check of the hash chain."""
    with system.database.read() as session:
        chain = audit.verify_chain(session)
        total, lines = audit_log.lines(session, which)
    return {"chain": asdict(chain), "total": total, "per_page": PER_PAGE, "entries": [asdict(line) for line in lines]}


@router.get("/audit/export.csv", response_class=Response)
def export(system: SystemDep, person: AuditorDep, which: WantedDep) -> Response:
    """The filtered log as CSV; recorded with its hash."""
    with system.database.read() as session:
        content, count = audit_log.export(session, which)
    return audit_log.exported(system, person, content, count)


@router.get("/users")
def list_accounts(system: SystemDep, person: SeerDep) -> list[dict[str, Any]]:
    """All accounts."""
    with system.database.read() as session:
        return [account.as_dict() for account in users.accounts_of(session)]


@router.post("/users", status_code=201)
def create_account(system: SystemDep, person: KeeperDep, new: NewAccount) -> dict[str, Any]:
    """Create an account."""
    number = users.create(
        system, person.viewer, new.login, new.name, new.role, new.password, new.zones, new.section, new.team
    )
    return _account(system, number)


@router.patch("/users/{user_id}")
def change_account(system: SystemDep, person: KeeperDep, user_id: int, change: AccountChange) -> dict[str, Any]:
    """Switch on or off, give zones, give a new password."""
    if change.enabled is not None:
        users.set_enabled(system, person.viewer, user_id, change.enabled, change.reason)
    if change.zones is not None:
        users.set_zones(system, person.viewer, user_id, change.zones)
    if change.password is not None:
        users.set_password(system, person.viewer, user_id, change.password)
    return _account(system, user_id)


@router.post("/users/{user_id}/recusals", status_code=201)
def recuse(system: SystemDep, person: KeeperDep, user_id: int, new: NewRecusal) -> dict[str, Any]:
    """Recuse an account from a team or cadre."""
    users.add_recusal(system, person.viewer, user_id, new.about)
    return _account(system, user_id)


@router.delete("/recusals/{recusal_id}")
def end_recusal(system: SystemDep, person: KeeperDep, recusal_id: int, reason: str) -> dict[str, Any]:
    """End a recusal, with the reason."""
    return _account(system, users.remove_recusal(system, person.viewer, recusal_id, reason))


def _account(system: SystemDep, user_id: int) -> dict[str, Any]:
    with system.database.read() as session:
        return users.accounts_of(session, user_id)[0].as_dict()
