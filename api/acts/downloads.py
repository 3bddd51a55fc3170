"""Excel files that pages and JSON hand out alike: books and the templates for figures, targets and ballots."""

from __future__ import annotations

from fastapi.responses import Response
from sqlalchemy import select

from api.system import System
from appraisal import surveys
from appraisal.book_sheet import book_workbook
from appraisal.books import get_book, stored_book
from appraisal.composite import is_district
from appraisal.figures import assessed_teams
from appraisal.periods import period_of_quarter
from appraisal.store import periods, read_book
from appraisal.targets import target_lines
from appraisal.templates import ballots_workbook, figures_workbook, targets_workbook
from storage.errors import ShijiError
from storage.tables import Team

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def xlsx_file(data: bytes, name: str) -> Response:
    """An Excel file to keep."""
    return Response(data, media_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def book_file(system: System, book_id: int) -> Response:
    """A book as a workbook that can be sent back. Raises BOOK-UNKNOWN."""
    with system.database.read() as session:
        book = stored_book(get_book(session, book_id))
    return xlsx_file(book_workbook(book, book.year), f"book-{book.year}-{book.version}.xlsx")


def figures_template(system: System, period: str, code: str) -> Response:
    """Template of figures for a period: one indicator, or all in force. Raises INDICATOR-UNKNOWN, PERIOD-UNKNOWN."""
    with system.database.read() as session:
        book = read_book(session)
        if code and code not in book:
            raise ShijiError("INDICATOR-UNKNOWN", "没有这个指标", code, "请从指标一览进入。")
        cards = [book[code]] if code else list(book.values())
        names = dict(session.execute(select(Team.id, Team.short)).all())
        newest = (periods(session) or [f"{system.settings.today().year}年"])[0]
        chosen = period_of_quarter(period) if period else newest
        data = figures_workbook(cards, assessed_teams(session), chosen, names)
    return xlsx_file(data, f"figures-{code or 'all'}.xlsx")


def targets_template(system: System, year: int) -> Response:
    """Template of a year's targets, what is already proposed or approved filled in."""
    with system.database.read() as session:
        cards = list(read_book(session).values())
        data = targets_workbook(year, cards, assessed_teams(session), target_lines(session, year))
    return xlsx_file(data, f"targets-{year}.xlsx")


def ballots_template(system: System, survey_id: int) -> Response:
    """Template of a survey's ballots for all departments. Raises SURVEY-UNKNOWN."""
    with system.database.read() as session:
        row = surveys.get_survey(session, survey_id)
        departments = [team for team in assessed_teams(session) if not is_district(team)]
        data = ballots_workbook(row.title, list(row.classes), departments)
    return xlsx_file(data, f"ballots-{survey_id}.xlsx")
