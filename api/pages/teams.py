"""班子档: the list by category and the dossier of one team (domain.md §4.12, R-22, R-26)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, field_validator
from sqlalchemy import select
from sqlalchemy.orm import Session

from api import audit
from api.accounts import SignedIn
from api.render import page
from api.rights import PersonDep, SystemDep, require_checked
from api.system import System
from api.timeline import month_chart
from appraisal.team_scores import team_indicators
from dossier import terms
from dossier.scope import Viewer, evidence_clause, get_team
from dossier.teamfile import TeamFile, TeamRow, list_teams, team_file
from dossier.views import EvidenceView
from storage.errors import ShijiError
from storage.tables import Evidence, Zone

router = APIRouter(include_in_schema=False)
Opener = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]


class Span(BaseModel):
    """Filter by date; both days included. A browser sends an empty field as an empty text."""

    since: date | None = None
    until: date | None = None

    @field_validator("since", "until", mode="before")
    @classmethod
    def _empty_is_none(cls, value: object) -> object:
        return value or None


class OpenForm(Span):
    """The reason for seeing what is not yet verified."""

    csrf: str = ""
    reason: str = ""


@router.get("/teams")
def teams(request: Request, system: SystemDep, person: PersonDep, zone: str = "") -> Response:
    with system.database.read() as session:
        rows = list_teams(session, person.viewer)
        zones = zone_names(session, {row.zone for row in rows})
    shown = [row for row in rows if not zone or row.zone == zone]
    return page(request, "teams.html", person, groups=by_category(shown), zones=zones, zone=zone)


@router.get("/teams/{team_id}")
def team(
    request: Request, system: SystemDep, person: PersonDep, team_id: str, span: Annotated[Span, Query()]
) -> Response:
    with system.database.read() as session:
        values = team_values(session, person.viewer, team_id, system.settings.today(), span.since, span.until)
    return page(request, "team.html", person, **values)


@router.post("/teams/{team_id}/open")
def team_with_open(
    request: Request, system: SystemDep, person: Opener, team_id: str, form: Annotated[OpenForm, Form()]
) -> Response:
    """The dossier with what waits for verification; the reason goes into the audit log."""
    record_open(system, person, team_id, form.reason)
    with system.database.read() as session:
        values = team_values(session, person.viewer, team_id, system.settings.today(), form.since, form.until, True)
    return page(request, "team.html", person, **{**values, "open_reason": form.reason.strip()})


def record_open(system: System, person: SignedIn, team_id: str, reason: str) -> None:
    """Audit that unverified items of a team were looked at, and why. Raises OPEN-REASON."""
    if not reason.strip():
        raise ShijiError("OPEN-REASON", "查看待核实条目须写明理由", team_id, "请填写理由。")
    with system.database.write() as session:
        get_team(session, person.viewer, team_id)
        audit.record(session, person.viewer, "team-open-unverified", "team", team_id, reason.strip())


def by_category(rows: list[TeamRow]) -> list[tuple[str, list[TeamRow]]]:
    """Teams under their categories, both in roster order."""
    groups: dict[str, list[TeamRow]] = {}
    for row in rows:
        groups.setdefault(row.category, []).append(row)
    return list(groups.items())


def zone_names(session: Session, ids: set[str]) -> list[tuple[str, str]]:
    """Zones with their names, by id."""
    rows = session.execute(select(Zone.id, Zone.name).where(Zone.id.in_(ids)).order_by(Zone.id))
    return [(zone_id, name) for zone_id, name in rows]


def team_values(
    session: Session, viewer: Viewer, team_id: str, today: date, since: date | None, until: date | None,
    with_open: bool = False,
) -> dict[str, Any]:  # fmt: skip
    """All that the dossier page shows."""
    file = team_file(session, viewer, team_id, today, since, until, with_open)
    shown = file.established + file.reported
    zone = dict(zone_names(session, {file.team.zone_id})).get(file.team.zone_id, file.team.zone_id)
    return {
        "file": file, "zone": zone, "topics_shown": by_topic(file), "chart": month_chart(shown, today),
        "indicators": team_indicators(session, team_id), "since": since, "until": until, "with_open": with_open,
        "linked": visible_ids(session, viewer, shown + file.open), "open_reason": "",
        "may_open": viewer.role in ("OFF", "HEAD"),
    }  # fmt: skip


def by_topic(file: TeamFile) -> list[dict[str, Any]]:
    """The four topics, each with what is established and, apart from it, what is only reported."""
    return [
        {
            "label": count.label, "name": count.name, "count": count,
            "established": [i for i in file.established if i.label == count.label],
            "reported": [i for i in file.reported if i.label == count.label],
        }
        for count in file.counts
        if count.label in terms.DOSSIER_TOPICS
    ]  # fmt: skip


def visible_ids(session: Session, viewer: Viewer, items: list[EvidenceView]) -> frozenset[int]:
    """Items whose own page the viewer may open; the others are shown without a link."""
    ids = [item.id for item in items]
    return frozenset(session.scalars(select(Evidence.id).where(Evidence.id.in_(ids), evidence_clause(viewer))))
