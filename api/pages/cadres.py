"""干部档 (工作信息档): purpose first, then the dossier; every opening is in the audit log (R-02, R-30)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.access import accounts, audit
from api.access.accounts import SignedIn
from api.access.rights import CheckedDep, PersonDep, SystemDep, require_checked
from api.acts.briefing import word_response
from api.acts.reading import cadre_dossier, read_cadre_file
from api.drawing.timeline import tenure_chart
from api.render import page
from api.system import System
from dossier.cadre_list import cadre_groups
from dossier.cadrefile import PURPOSES, CadreFile, purpose_text, tenure_rows
from dossier.scope import get_cadre, visible_items
from storage.errors import ShijiError

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


@router.get("/cadres/{cadre_id}.docx")
def paper(system: SystemDep, person: PersonDep, cadre_id: str) -> Response:
    """一人一档 in Word, once the purpose is stated."""
    return word_response(*cadre_dossier(system, person, cadre_id, person.purposes.get(cadre_id, "")))


@router.get("/cadres/{cadre_id}")
def cadre(request: Request, system: SystemDep, person: PersonDep, cadre_id: str) -> Response:
    today = system.settings.today()
    purpose = person.purposes.get(cadre_id, "")
    with system.database.read() as session:
        found = get_cadre(session, person.viewer, cadre_id, today)
        if not purpose:
            tenures = tenure_rows(session, cadre_id, today)
            return page(request, "cadre_purpose.html", person, cadre=found, tenures=tenures, purposes=PURPOSES)
    file = read_cadre_file(system, person, cadre_id, purpose)
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
    file = read_cadre_file(system, person, cadre_id, purpose, form.reason, True)
    return _show(request, system, person, file, purpose, True)


def _show(
    request: Request, system: System, person: SignedIn, file: CadreFile, purpose: str, with_open: bool = False
) -> Response:
    with system.database.read() as session:
        shown = file.established + file.reported + file.mentions + file.team_items + file.open
        linked = visible_items(session, person.viewer, [item.id for item in shown])
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
