"""班子档: the list by category and the dossier of one team (domain.md §4.12, R-22, R-26)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, field_validator
from sqlalchemy.orm import Session

from api.access.accounts import SignedIn
from api.access.rights import PersonDep, SystemDep, require_checked
from api.acts.briefing import word_response
from api.acts.reading import record_open, team_dossier
from api.drawing.timeline import month_chart
from api.render import page
from appraisal.team_scores import team_indicators
from dossier import terms
from dossier.scope import Viewer, visible_items
from dossier.teamfile import TeamFile, TeamRow, list_teams, team_file, zone_names

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


@router.get("/teams/{team_id}.docx")
def paper(system: SystemDep, person: PersonDep, team_id: str) -> Response:
    """一班一档 in Word."""
    return word_response(*team_dossier(system, person, team_id))


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


def by_category(rows: list[TeamRow]) -> list[tuple[str, list[TeamRow]]]:
    """Teams under their categories, both in roster order."""
    groups: dict[str, list[TeamRow]] = {}
    for row in rows:
        groups.setdefault(row.category, []).append(row)
    return list(groups.items())


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
        "linked": visible_items(session, viewer, [item.id for item in shown + file.open]), "open_reason": "",
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
