"""Request-level rights: who is signed in, which roles may enter, and the CSRF check."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import timedelta
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, Request

from api.access import accounts
from api.access.accounts import SignedIn
from api.system import System
from storage.errors import ShijiError
from storage.tables import LoginSession, now

COOKIE = "shiji_session"
TOUCH_AFTER = timedelta(seconds=30)


def system_of(request: Request) -> System:
    """The composed system."""
    system: System = request.app.state.system
    return system


def person_of(request: Request, system: Annotated[System, Depends(system_of)]) -> SignedIn:
    """The signed-in person; AUTH-NEEDED otherwise. Notes activity at most every 30 s."""
    token = request.cookies.get(COOKIE, "")
    with system.database.read() as session:
        minutes, today = system.settings.session_minutes, system.settings.today()
        person = accounts.signed_in(session, token, minutes, today) if token else None
        seen = session.get(LoginSession, person.token_sha256) if person else None
        stale = seen is not None and now() - seen.seen_at > TOUCH_AFTER
    if person is None:
        raise ShijiError("AUTH-NEEDED", "请先登录，或登录已超时", "", "请重新登录。")
    if stale:
        with system.database.write() as session:
            accounts.touch(session, person.token_sha256)
    request.state.person = person  # so that an error page keeps the menu
    return person


async def checked_person(request: Request, person: Annotated[SignedIn, Depends(person_of)]) -> SignedIn:
    """The signed-in person for a changing request, with its CSRF token checked."""
    check_origin(request)
    given = request.headers.get("x-csrf-token", "")
    if not given and "form" in request.headers.get("content-type", ""):
        given = str((await request.form()).get("csrf", ""))
    if not secrets.compare_digest(given.encode(), person.csrf.encode()):
        raise ShijiError("AUTH-CSRF", "页面已过期，操作未执行", "", "请刷新页面后重试。")
    return person


def check_origin(request: Request) -> None:
    """Refuse a changing request that another site sent."""
    origin = request.headers.get("origin")
    if origin and urlsplit(origin).netloc != request.headers.get("host", ""):
        raise ShijiError("AUTH-ORIGIN", "请求来自其他网站，已拒绝", "", "请从本系统页面操作。")


def require(*roles: str) -> Callable[[SignedIn], SignedIn]:
    """Dependency: only these roles."""

    def check(person: Annotated[SignedIn, Depends(person_of)]) -> SignedIn:
        return _only(person, roles)

    return check


def require_checked(*roles: str) -> Callable[[SignedIn], SignedIn]:
    """Dependency for a changing request: only these roles, CSRF checked."""

    def check(person: Annotated[SignedIn, Depends(checked_person)]) -> SignedIn:
        return _only(person, roles)

    return check


def _only(person: SignedIn, roles: tuple[str, ...]) -> SignedIn:
    if roles and person.viewer.role not in roles:
        raise ShijiError("RIGHTS-ROLE", "当前角色无权使用本功能", person.viewer.role, "如需使用，请联系系统管理员。")
    return person


SystemDep = Annotated[System, Depends(system_of)]
PersonDep = Annotated[SignedIn, Depends(person_of)]
CheckedDep = Annotated[SignedIn, Depends(checked_person)]
