"""No request body larger than its page needs, and none above a small form from somebody who is not signed in.

The framework reads a body before it asks who sent it; so the limit stands before the framework.
"""

from __future__ import annotations

from contextlib import suppress
from http.cookies import CookieError, SimpleCookie

from fastapi.concurrency import run_in_threadpool
from fastapi.responses import JSONResponse, Response
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.access import accounts
from api.access.rights import COOKIE
from api.render import error_page
from api.system import System
from storage.errors import ShijiError

SMALL = 1024 * 1024
FILES = {"/upload", "/api/uploads"}  # several reports at once
TABLES = {
    "/roster/import", "/api/roster/import", "/roster/papers", "/api/roster/papers",
    "/indicators/import", "/api/indicators/import",
    "/indicators/books/import", "/api/books/import", "/indicators/targets/import", "/api/targets/import",
    "/indicators/surveys/ballots", "/api/surveys/ballots", "/quarterly/projects/import",
    "/api/quarterly/projects/import", "/unit/import",
}  # fmt: skip
TABLE_BYTES = 24 * 1024 * 1024
FILES_AT_ONCE = 4  # whole reports of the largest size; many small ones fit as well


class TooLarge(Exception):
    """A body went past its limit while it was read."""


class BodyLimit:
    """ASGI middleware: 413 for a body that is announced or turns out too large."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, counting its body."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request = Request(scope)
        limit = await self._limit(request)
        announced = request.headers.get("content-length", "")
        if announced.isdigit() and int(announced) > limit:
            await _refusal(request, limit)(scope, receive, send)
            return
        taken, started, over = 0, False, False

        async def counted() -> Message:
            nonlocal taken, over
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > limit:
                over = True
                raise TooLarge
            return message

        async def watched(message: Message) -> None:
            nonlocal started
            if over:  # whatever the framework makes of the broken body
                return
            started = True
            await send(message)

        with suppress(TooLarge):
            await self.app(scope, counted, watched)
        if over and not started:
            await _refusal(request, limit)(scope, receive, send)

    async def _limit(self, request: Request) -> int:
        """Bytes that this request may send."""
        path = request.url.path
        if path not in FILES | TABLES or not await run_in_threadpool(self._signed_in, request):
            return SMALL
        return TABLE_BYTES if path in TABLES else FILES_AT_ONCE * _system(request).settings.upload_bytes

    def _signed_in(self, request: Request) -> bool:
        try:
            token = SimpleCookie(request.headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        if token is None:
            return False
        system = _system(request)
        with system.database.read() as session:
            return accounts.signed_in(session, token.value, system.settings.session_minutes) is not None


def _system(request: Request) -> System:
    found: System = request.app.state.system
    return found


def _refusal(request: Request, limit: int) -> Response:
    what = f"提交的内容超过 {limit // 1024 // 1024} MB，未接收"
    error = ShijiError("REQUEST-SIZE", what, "", "请减少一次提交的文件，或重新登录后再试。")
    if request.url.path.startswith("/api/"):
        return JSONResponse({"error": error.as_dict()}, 413)
    return error_page(request, error, 413)
