"""The web application: routes, security headers, and errors as pages or JSON."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from contextlib import suppress
from importlib.resources import files

from fastapi import FastAPI, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline
from sqlalchemy.exc import DataError
from starlette.exceptions import HTTPException

from api import pages, routes
from api.access.rights import person_of
from api.bodies import BodyLimit
from api.render import error_page
from api.system import System
from storage.errors import ShijiError

log = logging.getLogger("shiji.web")
HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; form-action 'self'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}
STATUS = {"AUTH-NEEDED": 401, "AUTH-CSRF": 403, "AUTH-ORIGIN": 403, "EVIDENCE-CHANGED": 409, "TASK-CHANGED": 409}
DOCS = "/api/docs"
FIELDS = {
    "on": "日期（应为 2025-10-16 的形式）", "since": "起始日期（应为 2025-10-16 的形式）",
    "until": "截止日期（应为 2025-10-16 的形式）", "page": "页码", "offset": "页码", "id": "条目编号", "login": "账号",
    "password": "口令", "file": "文件", "files": "文件", "version": "条目版本",
}  # fmt: skip


def create_app(system: System) -> FastAPI:
    """The application for a composed system."""
    app = FastAPIOffline(
        title="实绩 Shiji", version="0.1.0", docs_url=DOCS, redoc_url=None, openapi_url="/api/openapi.json",
        description="JSON API. Sign in at /sign-in; changing requests need the X-CSRF-Token header.",
    )  # fmt: skip
    app.state.system = system
    app.mount("/static", StaticFiles(directory=str(files("api") / "static")), name="static")
    for router in (*routes.routers(), *pages.routers()):
        app.include_router(router)
    app.middleware("http")(_headers)
    app.add_middleware(BodyLimit)
    app.exception_handler(ShijiError)(_known_error)
    app.exception_handler(RequestValidationError)(_bad_request)
    app.exception_handler(HTTPException)(_http_error)
    for unstorable in (OverflowError, UnicodeEncodeError, DataError):  # numbers and characters no column can hold
        app.exception_handler(unstorable)(_unstorable)
    app.exception_handler(Exception)(_unknown_error)
    return app


async def _headers(request: Request, call_next: Callable[[Request], Awaitable[Response]]) -> Response:
    return _protected(request, await call_next(request))


def _protected(request: Request, response: Response) -> Response:
    """The answer with the headers that every answer carries."""
    if not request.url.path.startswith(DOCS):  # the API docs page needs its inline start script
        for key, value in HEADERS.items():
            response.headers.setdefault(key, value)
    if not request.url.path.startswith("/static"):
        response.headers.setdefault("Cache-Control", "no-store")
    return response


def status_of(error: ShijiError) -> int:
    """HTTP status of a coded error."""
    if error.code in STATUS:
        return STATUS[error.code]
    if error.code.startswith("RIGHTS-"):
        return 403
    if error.code == "PRODUCT-CHANGED":
        return 409
    return 404 if error.code.endswith(("-UNKNOWN", "-MISSING")) else 422


def _wants_json(request: Request) -> bool:
    return request.url.path.startswith("/api/")


async def _known_error(request: Request, error: Exception) -> Response:
    known = error if isinstance(error, ShijiError) else ShijiError("ERROR", str(error))
    status = status_of(known)
    if _wants_json(request):
        return JSONResponse({"error": known.as_dict()}, status)
    if known.code == "AUTH-NEEDED":
        if request.headers.get("hx-request"):
            return Response(status_code=401, headers={"HX-Redirect": "/sign-in"})
        return RedirectResponse("/sign-in", 303)
    return error_page(request, known, status)


async def _bad_request(request: Request, error: Exception) -> Response:
    names = (str(e["loc"][-1]) for e in getattr(error, "errors", list)())
    fields = "、".join(FIELDS.get(name, name) for name in names)
    return await _known_error(request, ShijiError("REQUEST-FIELD", f"填写内容有误：{fields}", "", "请检查后重新提交。"))


async def _unstorable(request: Request, error: Exception) -> Response:
    known = ShijiError("REQUEST-FIELD", "填写内容有误：数字过大，或含无法保存的字符", "", "请检查后重新提交。")
    return await _known_error(request, known)


async def _http_error(request: Request, error: Exception) -> Response:
    status = getattr(error, "status_code", 500)
    missing = status == 404
    known = ShijiError(
        f"HTTP-{status}", "没有这个页面" if missing else "请求无法处理", request.url.path,
        "请核对网址，或从菜单进入。" if missing else "请返回上一页重试。",
    )  # fmt: skip
    with suppress(ShijiError):  # nobody signed in: the page has no menu
        await run_in_threadpool(person_of, request, request.app.state.system)
    if _wants_json(request):
        return JSONResponse({"error": known.as_dict()}, status)
    return error_page(request, known, status)


async def _unknown_error(request: Request, error: Exception) -> Response:
    log.error("unhandled error at %s", request.url.path, exc_info=error)
    known = ShijiError("INTERNAL", "系统内部错误，已记录", "", "请稍后重试；如再次出现，请联系系统管理员。")
    plain = JSONResponse({"error": known.as_dict()}, 500) if _wants_json(request) else error_page(request, known, 500)
    return _protected(request, plain)  # made outside the middleware
