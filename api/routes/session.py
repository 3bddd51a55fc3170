"""Sign-in for programs: the same cookie as the pages, and the CSRF token that changing requests must send."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel

from api.access import accounts, session_cookie
from api.access.accounts import SignedIn
from api.access.rights import CheckedDep, PersonDep, SystemDep, check_origin
from storage.errors import ShijiError

router = APIRouter(prefix="/api", tags=["session"])


class Credentials(BaseModel):
    """Account and password."""

    login: str
    password: str


class Who(BaseModel):
    """The signed-in person. `zones` null: all zones. `csrf` goes into the X-CSRF-Token header of changing requests."""

    login: str
    name: str
    role: str
    section: str
    zones: list[str] | None
    csrf: str


@router.post("/session", response_model=Who)
def sign_in(request: Request, system: SystemDep, given: Credentials) -> Response:
    """Sign in. Sets the session cookie; 401 for a wrong password, an unknown, disabled or locked account alike."""
    check_origin(request)
    tokens = accounts.sign_in(system.database, given.login.strip(), given.password)
    if tokens is None:
        failed = ShijiError("AUTH-FAILED", "账号或口令不正确，或账号已锁定", "", "连续 5 次错误将锁定 15 分钟。")
        return JSONResponse({"error": failed.as_dict()}, 401)
    with system.database.read() as session:
        person = accounts.signed_in(session, tokens[0], system.settings.session_minutes)
    if person is None:
        raise ShijiError("AUTH-NEEDED", "登录未成功", "", "请重试。")
    return session_cookie.give(JSONResponse(who(person).model_dump()), system, tokens[0])


@router.get("/session")
def present(person: PersonDep) -> Who:
    """Who is signed in."""
    return who(person)


@router.delete("/session")
def sign_out(system: SystemDep, person: CheckedDep) -> Response:
    """End the session."""
    return session_cookie.take_back(JSONResponse({"signed_out": True}), system, person)


def who(person: SignedIn) -> Who:
    """The person without anything secret but their own CSRF token."""
    viewer = person.viewer
    values: dict[str, Any] = {"login": viewer.login, "name": viewer.name, "role": viewer.role}
    zones = None if viewer.zones is None else sorted(viewer.zones)
    return Who(**values, section=viewer.section, zones=zones, csrf=person.csrf)
