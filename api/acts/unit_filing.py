"""What a unit does on its own page, with audit entries, for the page and the JSON API alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api.access import audit
from api.acts.performing import perform
from api.acts.workbooks import check_workbook
from api.system import System
from appraisal.quarterly import unit
from appraisal.results import responses
from appraisal.results.unit_sheet import build_unit_sheet
from appraisal.review.quarter import Quarter
from dossier.products.content import ProductContent
from dossier.products.wanted import Wanted
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import ResultResponse, UnitReport

LARGEST = 5 * 1024 * 1024


def typed_progress(form: Mapping[str, str]) -> dict[int, dict[str, str]]:
    """Fields level-12 and text-12 of the form, by task; any other field is refused. Raises UNIT-FIELD."""
    found: dict[int, dict[str, str]] = {}
    for key, value in form.items():
        name, _, number = key.partition("-")
        if key in ("csrf", "quarter"):
            continue
        if name not in unit.FIELDS or not number.isdecimal():
            raise ShijiError("UNIT-FIELD", "填报内容有不认识的栏目", key[:20], "请刷新页面。")
        found.setdefault(int(number), {})[name] = value
    return found


def save(system: System, viewer: Viewer, quarter: Quarter, typed: Mapping[int, Mapping[str, str]]) -> UnitReport:
    """Keep what is typed. Not in the audit log: it is the unit's draft until handed in."""
    with system.database.write() as session:
        return unit.save_draft(session, viewer, quarter, typed)


def submit(system: System, viewer: Viewer, quarter: Quarter) -> UnitReport:
    """Hand the sheet in; the receipt number is on the report."""
    today = system.settings.today()
    with system.database.write() as session:
        row = unit.submit(session, viewer, quarter, today)
        detail = {"team": row.team_id, "quarter": row.quarter, "receipt": row.receipt}
        audit.record(session, viewer, "unit-report", "unit-report", str(row.id), detail=detail)
        return row


def take_workbook(system: System, viewer: Viewer, quarter: Quarter, name: str, data: bytes) -> UnitReport:
    """A filled sheet as the draft; it is handed in on the page."""
    if len(data) > LARGEST:
        raise ShijiError("SHEET-UNREADABLE", "文件超过 5 MB", name, "请检查文件。")
    check_workbook(data, name)
    return save(system, viewer, quarter, unit.read_progress(data))


def respond(system: System, viewer: Viewer, run_id: int, text: str) -> ResultResponse:
    """The unit's answer to its own sheet."""
    today = system.settings.today()
    return perform(
        system, viewer, "result-response", "quarter-run", str(run_id),
        lambda session, who: responses.respond(session, who, run_id, text, today), {"team": viewer.team_id},
    )  # fmt: skip


def own_sheet(system: System, viewer: Viewer, run_id: int, team_id: str) -> ProductContent:
    """The sheet of one team; the reading is recorded."""
    today = system.settings.today()
    detail: dict[str, Any] = {"run": run_id}
    with system.database.write() as session:
        made = build_unit_sheet(session, viewer, Wanted("unit_sheet", team_id=team_id, ref=run_id), today)
        audit.record(session, viewer, "unit-sheet", "team", team_id, detail=detail)
        return made
