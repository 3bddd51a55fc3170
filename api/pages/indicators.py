"""指标与评分: the book, imports with their differences, peers by category, and why a score is what it is."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import indicator_import, pending
from api.acts.workbooks import check_workbook
from api.drawing.charts import SlopeChart, slope_chart
from api.render import page
from appraisal.comparison import CategoryTable, Comparison, compare_indicator, read_one
from appraisal.methods import NAMES
from appraisal.overview import coverage, recent_imports
from appraisal.store import periods, read_book
from appraisal.team_scores import provenance, score_tree
from dossier.scope import get_team
from storage.errors import ShijiError
from storage.tables import IndicatorImport, Team, User

router = APIRouter(include_in_schema=False)
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
ImporterDep = Annotated[SignedIn, Depends(require_checked("KH"))]


@router.get("/indicators")
def index(request: Request, system: SystemDep, person: ReaderDep, period: str = "", done: str = "") -> Response:
    """The book with what has been reported, and the latest imports."""
    with system.database.read() as session:
        known = periods(session)
        chosen = period if period in known else (known[0] if known else "")
        names = {row.id: row.short for row in session.execute(select(Team.id, Team.short))}
        return page(
            request, "indicators/index.html", person, book=list(read_book(session).values()), methods=NAMES,
            periods=known, period=chosen, coverage=coverage(session, chosen), imports=recent_imports(session),
            names=names, may_import=person.viewer.role == "KH", done=done,
        )  # fmt: skip


@router.post("/indicators/import")
def show_import(
    request: Request, system: SystemDep, person: ImporterDep, file: Annotated[UploadFile, File()]
) -> Response:
    """Validation result and differences of an uploaded table; nothing is written yet."""
    data = file.file.read(indicator_import.LARGEST + 1)
    name = (file.filename or "指标数据表.xlsx")[:120]
    check_workbook(data, name)
    with system.database.read() as session:
        shown = indicator_import.preview(session, name, data)
    ticket = pending.hold(system, person, "indicators", data) if shown.writes else ""
    return page(request, "indicators/preview.html", person, shown=shown, ticket=ticket)


@router.post("/indicators/import/confirm")
def write_import(
    system: SystemDep, person: ImporterDep, ticket: Annotated[str, Form()], name: Annotated[str, Form()]
) -> Response:
    """Write what was shown."""
    data = pending.take(system, person, "indicators", ticket)
    number, _ = indicator_import.confirm(system, person.viewer, name[:120], data)
    pending.release(system, person, "indicators", ticket)
    return RedirectResponse(f"/indicators/imports/{number}", 303)


@router.get("/indicators/imports/{number}")
def one_import(request: Request, system: SystemDep, person: ReaderDep, number: int) -> Response:
    """What an import wrote, and what it refused with reasons."""
    with system.database.read() as session:
        record = session.get(IndicatorImport, number)
        if record is None:
            raise ShijiError("IMPORT-UNKNOWN", "没有这次导入", str(number), "请从导入记录进入。")
        user = session.get(User, record.user_id) if record.user_id else None
        return page(request, "indicators/import.html", person, record=record, user=user.name if user else "命令行")


@router.get("/indicators/{code}")
def one_indicator(request: Request, system: SystemDep, person: ReaderDep, code: str, period: str = "") -> Response:
    """Values, shares, growth and scores by category, in roster order."""
    with system.database.read() as session:
        shown = compare_indicator(session, person.viewer, code, period or None)
        card = read_book(session)[code]
    charts = {table.category: share_chart(shown, table) for table in shown.tables}
    return page(request, "indicators/indicator.html", person, shown=shown, card=card, methods=NAMES, charts=charts)


@router.get("/indicators/{code}/{team_id}")
def why(request: Request, system: SystemDep, person: ReaderDep, code: str, team_id: str, period: str = "") -> Response:
    """为什么是 82.3 分: the sum with its numbers, down to file, sheet and row of every figure."""
    with system.database.read() as session:
        team = get_team(session, person.viewer, team_id)
        reading, known = read_one(session, code, period or None)
        tree = score_tree(reading, team_id)
        return page(
            request, "indicators/why.html", person, team={"id": team.id, "name": team.short}, card=reading.card,
            method=NAMES.get(reading.card.method, reading.card.method), period=reading.period, periods=known,
            tree=tree, origins=provenance(session, tree), label=reading.shares.label if reading.shares else "",
            notes=reading.notes,
        )  # fmt: skip


def share_chart(shown: Comparison, table: CategoryTable) -> SlopeChart | None:
    """Slope chart of shares inside one category; none for GDP, since a chart by height is a ranking (R-33)."""
    if shown.never_rank or not shown.has_shares:
        return None
    return slope_chart(
        [(row.team, float(row.share_prev), float(row.share_now)) for row in table.rows if row.share_change != "—"]
    )
