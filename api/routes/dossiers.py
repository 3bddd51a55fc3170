"""班子档, 干部档, documents and the quarantine register as JSON, with the rights and records of the pages."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import PersonDep, SystemDep, require, require_checked
from api.acts.acting import hand_over_letter
from api.acts.briefing import WORD, word_response
from api.acts.reading import cadre_dossier, read_cadre_file, record_open, team_dossier
from dossier.cadre_list import cadre_groups
from dossier.cadrefile import purpose_text
from dossier.documents import document_view
from dossier.handover import HANDLERS, register
from dossier.lineage import document_lineage
from dossier.scope import get_cadre
from dossier.teamfile import TopicCount, list_teams, team_file
from dossier.views import EvidenceView
from storage.errors import ShijiError

router = APIRouter(prefix="/api", tags=["dossiers"])
Handler = Annotated[SignedIn, Depends(require(*HANDLERS))]
DOCX: dict[int | str, dict[str, Any]] = {200: {"content": {WORD: {}}}}
CheckedHandler = Annotated[SignedIn, Depends(require_checked(*HANDLERS))]


class TeamOut(BaseModel):
    """A line of the team list, in roster order."""

    id: str
    name: str
    full: str
    category: str
    zone: str
    shown: int
    waiting: int
    self_published: int


class HandOverIn(BaseModel):
    """Who received the letter, and the number of their receipt."""

    handed_to: str
    receipt: str


@router.get("/teams")
def teams(system: SystemDep, person: PersonDep) -> list[TeamOut]:
    """Teams in the viewer's zones. Never sorted by counts."""
    with system.database.read() as session:
        return [TeamOut(**asdict(row)) for row in list_teams(session, person.viewer)]


@router.get("/teams/{team_id}.docx", response_class=Response, responses=DOCX)
def team_paper(system: SystemDep, person: PersonDep, team_id: str) -> Response:
    """一班一档 in Word with cover and contents; the export is audited with its hash."""
    return word_response(*team_dossier(system, person, team_id))


@router.get("/teams/{team_id}")
def team(
    system: SystemDep, person: PersonDep, team_id: str, since: date | None = None, until: date | None = None,
    open_reason: str = "",
) -> dict[str, Any]:  # fmt: skip
    """A 班子档. With `open_reason` (OFF, HEAD; audited) also what waits for verification, apart in `open`."""
    if open_reason:
        _may_open(person)
        record_open(system, person, team_id, open_reason)
    with system.database.read() as session:
        file = team_file(
            session, person.viewer, team_id, system.settings.today(), since, until, with_open=bool(open_reason)
        )
    return {
        "id": file.team.id, "full": file.team.full, "name": file.team.short, "category": file.team.category_id,
        "zone": file.team.zone_id, "members": file.members, "former": file.former, "counts": _counts(file.counts),
        "one_sided": file.one_sided, "insufficient": not (file.established or file.reported),
        "established": _views(file.established), "reported": _views(file.reported), "open": _views(file.open),
    }  # fmt: skip


@router.get("/cadres")
def cadres(system: SystemDep, person: PersonDep) -> list[dict[str, Any]]:
    """Cadres by team and post; no counts, no order but the roster's."""
    with system.database.read() as session:
        groups = cadre_groups(session, person.viewer, system.settings.today())
    return [{"team": team, "cadres": rows} for team, rows in groups]


@router.get("/cadres/{cadre_id}.docx", response_class=Response, responses=DOCX)
def cadre_paper(
    system: SystemDep, person: PersonDep, cadre_id: str, purpose: str = "", purpose_detail: str = ""
) -> Response:
    """一人一档 in Word; `purpose` as for the dossier, printed on its cover and audited."""
    return word_response(*cadre_dossier(system, person, cadre_id, purpose_text(purpose, purpose_detail)))


@router.get("/cadres/{cadre_id}")
def cadre(
    system: SystemDep, person: PersonDep, cadre_id: str, purpose: str = "", purpose_detail: str = "",
    open_reason: str = "",
) -> dict[str, Any]:  # fmt: skip
    """A 干部档. `purpose` is one of 谈话, 考核, 考察, 其他 (with `purpose_detail`); each reading is audited with it."""
    stated = purpose_text(purpose, purpose_detail)
    if open_reason:
        _may_open(person)
    with system.database.read() as session:  # refusals must not reach the writer
        get_cadre(session, person.viewer, cadre_id, system.settings.today())
    file = read_cadre_file(system, person, cadre_id, stated, open_reason, bool(open_reason))
    return {
        "id": file.cadre.id, "name": file.cadre.name, "sex": file.cadre.sex, "born": file.cadre.born,
        "purpose": stated, "tenures": file.tenures, "established": _views(file.established),
        "reported": _views(file.reported), "mentions": _views(file.mentions), "team_items": _views(file.team_items),
        "open": _views(file.open),
    }  # fmt: skip


@router.get("/documents/{document_id}")
def document(system: SystemDep, person: PersonDep, document_id: int) -> dict[str, Any]:
    """Clean text in segments with labels and items, capture record, versions, and its prints with what they changed."""
    with system.database.read() as session:
        view = document_view(session, person.viewer, document_id)
        lineage = document_lineage(session, person.viewer, document_id)
        return {**asdict(view), "lineage": [asdict(row) for row in lineage]}


@router.get("/quarantine")
def quarantine(system: SystemDep, person: Handler) -> list[dict[str, Any]]:
    """SUP, HEAD: receipts of quarantined letters, never their content."""
    with system.database.read() as session:
        return [asdict(row) for row in register(session, person.viewer)]


@router.post("/quarantine/{receipt_id}/hand-over")
def hand(system: SystemDep, person: CheckedHandler, receipt_id: int, given: HandOverIn) -> dict[str, Any]:
    """SUP, HEAD: record the hand-over; the original is deleted from the archive."""
    row = hand_over_letter(system, person, receipt_id, given.handed_to, given.receipt)
    return {"id": row.id, "state": row.state}


def _may_open(person: SignedIn) -> None:
    if person.viewer.role not in ("OFF", "HEAD"):
        raise ShijiError("RIGHTS-ROLE", "当前角色不能查看待核实条目", person.viewer.role, "请由处室经办或处长查看。")


def _views(items: list[EvidenceView]) -> list[dict[str, Any]]:
    return [item.as_dict() for item in items]


def _counts(counts: list[TopicCount]) -> list[dict[str, Any]]:
    return [{**asdict(c), "self_published_percent": c.self_published_percent} for c in counts]
