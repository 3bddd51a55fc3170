"""Sign-in, sign-out, and the one script library, served from its installed package."""

from __future__ import annotations

from importlib.resources import files
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select, text

from api.access import accounts, session_cookie
from api.access.demo_accounts import DEMO_PASSWORD
from api.access.rights import CheckedDep, SystemDep, check_origin
from api.render import page
from storage.tables import User, Zone

router = APIRouter(include_in_schema=False)


@router.get("/assets/htmx.js")
def htmx() -> Response:
    """htmx from the wheel it is installed with; nothing comes from a CDN."""
    script = files("js_lib_htmx") / "static" / "htmx" / "htmx.min.js"
    return Response(script.read_bytes(), media_type="text/javascript", headers={"Cache-Control": "max-age=86400"})


@router.get("/health")
def health(system: SystemDep) -> dict[str, str]:
    """For the container's health check: the web server and its database answer. Says nothing else."""
    with system.database.read() as session:
        session.execute(text("SELECT 1"))
    return {"status": "ok"}


@router.get("/sign-in")
def sign_in_form(request: Request, system: SystemDep) -> Response:
    return _form(request, system, "", False)


@router.post("/sign-in")
def sign_in(
    request: Request, system: SystemDep, login: Annotated[str, Form()], password: Annotated[str, Form()]
) -> Response:
    check_origin(request)
    tokens = accounts.sign_in(system.database, login.strip(), password)
    if tokens is None:
        return _form(request, system, login, True)
    return session_cookie.give(RedirectResponse("/", 303), system, tokens[0])


@router.post("/sign-out")
def sign_out(system: SystemDep, person: CheckedDep) -> Response:
    return session_cookie.take_back(RedirectResponse("/sign-in", 303), system, person)


def _form(request: Request, system: SystemDep, login: str, failed: bool) -> Response:
    shown = []
    if system.settings.demo:
        with system.database.read() as session:
            names = dict(session.execute(select(Zone.id, Zone.name).order_by(Zone.id)).all())
            for user in session.scalars(select(User).order_by(User.id)):
                held = {z.zone_id for z in user.zones}
                zones = "、".join(name for zone, name in names.items() if zone in held) or "—"
                zones = "全部" if held and held == set(names) else zones
                shown.append({"login": user.login, "name": user.name, "role": user.role, "zones": zones})
    return page(
        request, "sign_in.html", None, 401 if failed else 200, login=login, failed=failed, accounts=shown,
        demo_password=DEMO_PASSWORD,
    )  # fmt: skip
