"""核查记录: the list, the form with its claim picker, one record; 六字覆盖表 with its export (domain.md §1.2)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session
from starlette.datastructures import FormData

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import recording
from api.acts.handing_out import csv_download
from api.days import required_day
from api.render import page, templates
from appraisal.quarterly.claims import claim_place
from appraisal.quarterly.sheet import claims_to_pick
from appraisal.review.quarter import parse_quarter
from dossier import terms
from dossier.field.coverage import matrix, quarter_of
from dossier.field.forms import form_of
from dossier.field.picking import items_to_pick
from dossier.field.records import get_record, list_records, views
from dossier.item import by_category, team_choices
from dossier.products.spans import choices, span_of
from dossier.scope import Viewer
from storage.errors import ShijiError

router = APIRouter(prefix="/records", include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Officer = Annotated[SignedIn, Depends(require("OFF", "HEAD"))]
Writer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]
SHOWN_QUARTERS = 8


async def typed(request: Request) -> FormData:
    """The form as it was sent: its fields depend on the channel."""
    return await request.form()


Typed = Annotated[FormData, Depends(typed)]


@router.get("")
def index(
    request: Request, system: SystemDep, person: Reader, quarter: str = "", channel: str = "", team: str = ""
) -> Response:
    """Records of a quarter, by default the current one."""
    today = system.settings.today()
    span = span_of("quarter", quarter or quarter_of(today))
    with system.database.read() as session:
        found = list_records(session, person.viewer, span.since, span.until, channel, team)
        teams = by_category(team_choices(session, person.viewer))
    return page(
        request, "records/index.html", person, span=span, found=found, channel=channel,
        quarters=choices("quarter", today, SHOWN_QUARTERS), team=team, teams=teams, channels=terms.CHANNEL_NAMES,
        may_write=person.viewer.role in ("OFF", "HEAD"),
    )  # fmt: skip


@router.get("/fields")
def fields(request: Request, person: Officer, channel: str = "看") -> Response:
    """The fields of a channel, after another one was chosen."""
    values = {"form": form_of(channel), "channel": channel, "person": person}
    return templates.TemplateResponse(request, "records/fields.html", values)


@router.get("/new")
def new(
    request: Request, system: SystemDep, person: Officer, item: int = 0, claim: int = 0, team: str = "",
    channel: str = "看", quarter: str = "",
) -> Response:  # fmt: skip
    """The form. `item`, `claim`: chosen beforehand; the officer goes back to where it was begun."""
    today = system.settings.today()
    with system.database.read() as session:
        values = form_values(session, person.viewer, quarter or quarter_of(today), item, claim, team)
    return page(
        request, "records/new.html", person, channel=channel, form=form_of(channel), channels=terms.CHANNEL_NAMES,
        **values,
    )  # fmt: skip


@router.get("/coverage")
def coverage(request: Request, system: SystemDep, person: Reader, quarter: str = "") -> Response:
    """六字覆盖表 of a quarter, by default the current one."""
    today = system.settings.today()
    with system.database.read() as session:
        found = matrix(session, person.viewer, quarter or quarter_of(today))
    groups: dict[str, list[Any]] = {}
    for row in found.rows:
        groups.setdefault(row.category, []).append(row)
    return page(
        request, "records/coverage.html", person, found=found, groups=list(groups.items()), channels=terms.CHANNELS,
        quarters=choices("quarter", today, SHOWN_QUARTERS),
    )  # fmt: skip


@router.get("/coverage.csv")
def coverage_csv(system: SystemDep, person: Reader, quarter: str) -> Response:
    """The matrix for a spreadsheet; the export is recorded."""
    with system.database.read() as session:
        data = recording.coverage_csv(matrix(session, person.viewer, quarter))
    return csv_download(system, person.viewer, "record-coverage", quarter, data)


@router.get("/{record_id:int}")
def record(request: Request, system: SystemDep, person: Reader, record_id: int) -> Response:
    """One 核查记录表, for paper too."""
    with system.database.read() as session:
        [shown] = views(session, person.viewer, [get_record(session, person.viewer, record_id)])
        picks = items_to_pick(session, person.viewer) if person.viewer.role in ("OFF", "HEAD") else []
    held = {key for key, _code, _team in shown.supports}
    return page(
        request, "records/record.html", person, r=shown, picks=[p for p in picks if p.id not in held],
    )  # fmt: skip


@router.post("")
def enter(system: SystemDep, person: Writer, form: Typed) -> Response:
    """Enter a record for the chosen items and claims."""
    words = {key: str(value) for key, value in form.items()}
    day = required_day(words.get("on", ""), "核查日期")
    many = {key: [str(v) for v in form.getlist(key)] for key in ("item", "team")}
    claims = numbers(form.getlist("claim"))
    made = recording.record(
        system, person.viewer, recording.form_from(words, many, day), claims, bool(words.get("contradicts"))
    )
    back = words.get("back", "")
    return RedirectResponse(back if back.startswith(("/items/", "/tasks/")) else f"/records/{made.id}", 303)


@router.post("/{record_id:int}/support")
def support(system: SystemDep, person: Writer, record_id: int, form: Typed) -> Response:
    """Let a record support further items."""
    recording.link(system, person.viewer, record_id, numbers(form.getlist("item")))
    return RedirectResponse(f"/records/{record_id}", 303)


def numbers(values: Any) -> list[int]:
    """Ticked boxes as ids. Raises RECORD-ITEM."""
    try:
        return [int(str(value)) for value in values if value]
    except ValueError as bad:
        raise ShijiError("RECORD-ITEM", "选择的条目不可用", "核查记录", "请重新勾选。") from bad


def form_values(session: Session, viewer: Viewer, quarter: str, item: int, claim: int, team: str) -> dict[str, Any]:
    """What may be ticked on the form."""
    back = f"/items/{item}#verify" if item else ""
    if claim:
        task, number = claim_place(session, viewer, claim)
        back = f"/tasks/{task}#q{number}"
    return {
        "picks": items_to_pick(session, viewer), "item": item, "claim": claim, "team": team, "back": back,
        "teams": by_category(team_choices(session, viewer)), "quarter": quarter,
        "claims": claims_to_pick(session, viewer, parse_quarter(quarter), claim),
    }  # fmt: skip
