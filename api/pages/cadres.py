"""干部档 (工作信息档): purpose first, then the dossier; every opening is in the audit log (R-02, R-30)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import accounts, audit
from api.accounts import SignedIn
from api.pages.teams import visible_ids
from api.render import page
from api.rights import CheckedDep, PersonDep, SystemDep, require_checked
from api.system import System
from api.timeline import tenure_chart
from dossier.cadrefile import PURPOSES, CadreFile, cadre_file, tenure_rows
from dossier.scope import Viewer, get_cadre, list_cadres
from storage.errors import ShijiError
from storage.tables import Post, Team, Tenure

router = APIRouter(include_in_schema=False)
Opener = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]


class PurposeForm(BaseModel):
    """Why the dossier is opened."""

    csrf: str = ""
    purpose: str = ""
    text: str = ""


class ReasonForm(BaseModel):
    """Why unverified items are wanted."""

    csrf: str = ""
    reason: str = ""


@router.get("/cadres")
def cadres(request: Request, system: SystemDep, person: PersonDep) -> Response:
    with system.database.read() as session:
        groups = cadre_groups(session, person.viewer, system.settings.today())
    return page(request, "cadres.html", person, groups=groups)


@router.get("/cadres/{cadre_id}")
def cadre(request: Request, system: SystemDep, person: PersonDep, cadre_id: str) -> Response:
    today = system.settings.today()
    purpose = person.purposes.get(cadre_id, "")
    with system.database.read() as session:
        found = get_cadre(session, person.viewer, cadre_id, today)
        if not purpose:
            tenures = tenure_rows(session, cadre_id, today)
            return page(request, "cadre_purpose.html", person, cadre=found, tenures=tenures, purposes=PURPOSES)
    file = open_file(system, person, cadre_id, purpose)
    return _show(request, system, person, file, purpose)


@router.post("/cadres/{cadre_id}/purpose")
def state_purpose(
    system: SystemDep, person: CheckedDep, cadre_id: str, form: Annotated[PurposeForm, Form()]
) -> Response:
    purpose = purpose_text(form.purpose, form.text)
    with system.database.write() as session:
        get_cadre(session, person.viewer, cadre_id, system.settings.today())
        accounts.state_purpose(session, person.token_sha256, cadre_id, purpose)
        audit.record(session, person.viewer, "cadre-purpose", "cadre", cadre_id, purpose)
    return RedirectResponse(f"/cadres/{cadre_id}", 303)


@router.post("/cadres/{cadre_id}/open")
def cadre_with_open(
    request: Request, system: SystemDep, person: Opener, cadre_id: str, form: Annotated[ReasonForm, Form()]
) -> Response:
    """The dossier with what waits for verification; purpose and reason go into the audit log."""
    purpose = person.purposes.get(cadre_id, "")
    if not purpose:
        raise ShijiError("CADRE-PURPOSE", "请先说明查阅用途", cadre_id, "请从干部档重新进入。")
    file = open_file(system, person, cadre_id, purpose, form.reason, True)
    return _show(request, system, person, file, purpose, True)


def purpose_text(kind: str, text: str) -> str:
    """“谈话：…”. Raises CADRE-PURPOSE for an unknown kind, or 其他 without words."""
    if kind not in PURPOSES:
        raise ShijiError("CADRE-PURPOSE", "请说明查阅用途", kind, f"用途为{'、'.join(PURPOSES)}之一。")
    if kind == "其他" and not text.strip():
        raise ShijiError("CADRE-PURPOSE", "用途为“其他”时须写明事由", kind, "请填写事由。")
    return f"{kind}：{text.strip()[:100]}" if text.strip() else kind


def open_file(
    system: System, person: SignedIn, cadre_id: str, purpose: str, reason: str = "", with_open: bool = False
) -> CadreFile:
    """Read the dossier and record that it was read, in one transaction: no reading without its record."""
    if with_open and not reason.strip():
        raise ShijiError("OPEN-REASON", "查看待核实条目须写明理由", cadre_id, "请填写理由。")
    with system.database.write() as session:
        file = cadre_file(session, person.viewer, cadre_id, system.settings.today(), with_open)
        action = "cadre-open-unverified" if with_open else "cadre-open"
        detail = {"reason": reason.strip()} if with_open else {}
        audit.record(session, person.viewer, action, "cadre", cadre_id, purpose, detail)
        return file


def cadre_groups(session: Session, viewer: Viewer, today: date) -> list[tuple[str, list[dict[str, str]]]]:
    """Cadres by the team of their present post, in roster order; those without one at the end. No counts."""
    visible = {c.id: c for c in list_cadres(session, viewer, today)}
    rows = session.execute(
        select(Tenure.cadre_id, Tenure.start, Tenure.end, Post.title, Team.short)
        .join(Post, Tenure.post_id == Post.id)
        .join(Team, Post.team_id == Team.id)
        .where(Tenure.cadre_id.in_(visible))
        .order_by(Team.ordinal, Post.id, Tenure.start)
    ).all()
    groups: dict[str, list[dict[str, str]]] = {}
    placed: set[str] = set()
    for cadre_id, start, end, post, team in rows:
        if (start is None or start <= today) and (end is None or today < end):
            placed.add(cadre_id)
            line = {"id": cadre_id, "name": visible[cadre_id].name, "post": post, "since": str(start or "")}
            groups.setdefault(team, []).append(line)
    former = [
        {"id": c.id, "name": c.name, "post": "", "since": ""} for c in visible.values() if c.id not in placed
    ]
    return [*groups.items(), *([("已离任或未记载现职", former)] if former else [])]


def _show(
    request: Request, system: System, person: SignedIn, file: CadreFile, purpose: str, with_open: bool = False
) -> Response:
    with system.database.read() as session:
        shown = file.established + file.reported + file.mentions + file.team_items + file.open
        linked = visible_ids(session, person.viewer, shown)
    return page(request, "cadre.html", person, **cadre_values(file, system.settings.today(), purpose), linked=linked,
                with_open=with_open, may_open=person.viewer.role in ("OFF", "HEAD"))  # fmt: skip


def cadre_values(file: CadreFile, today: date, purpose: str) -> dict[str, Any]:
    """What the dossier page shows besides links."""
    topics = [
        {
            "name": count.name, "count": count,
            "established": [i for i in file.established if i.label == count.label],
            "reported": [i for i in file.reported if i.label == count.label],
        }
        for count in file.counts
    ]  # fmt: skip
    other = [i for i in file.established + file.reported if i.label not in {c.label for c in file.counts}]
    return {"file": file, "purpose": purpose, "topics_shown": topics, "other": other,
            "chart": tenure_chart(file.tenures, today)}  # fmt: skip
