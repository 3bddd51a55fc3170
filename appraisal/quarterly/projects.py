"""亿元项目 list behind the fourth core figure: versions by period, split between districts (domain.md §1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.decimals import HUNDRED, PRECISION, plain, to_decimal, total
from appraisal.periods import period_end, period_of_quarter
from appraisal.ranking import DISTRICT_CATEGORIES
from appraisal.store import latest_points, team_names
from appraisal.workbook_in import Row, read_rows
from appraisal.workbook_out import Column, Table, workbook_bytes
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import BigProject, Team

SHEET, CODE = "亿元项目", "G4"
LEAST = Decimal(1)  # 总投资, 亿元
HEADINGS = ("项目代码", "项目名称", "总投资", "开工日期", "本年累计完成投资", "所属县区及比例")


@dataclass(frozen=True)
class ProjectRow:
    """One project as submitted. shares: team id -> percent, sum 100; completed counts from 1 January, 亿元."""

    code: str
    name: str
    total: Decimal
    started_on: date
    completed: Decimal
    shares: Mapping[str, Decimal]


@dataclass(frozen=True)
class ProjectLine:
    """A project as shown. counted: begun inside the assessed year, up to the period's end."""

    id: int
    code: str
    name: str
    total: Decimal
    started_on: date
    completed: Decimal
    shares: tuple[tuple[str, str, Decimal], ...]  # team id, name, percent
    version: int
    counted: bool


@dataclass(frozen=True)
class ProjectSum:
    """Sum of a district's part of the list beside the published figure. difference None: one of the two is missing."""

    team_id: str
    team: str
    value: Decimal
    figure: Decimal | None
    difference: Decimal | None
    words: str


def check_project(row: ProjectRow, districts: Mapping[str, str]) -> None:
    """Raise ShijiError PROJECT-FIELD, PROJECT-SMALL, PROJECT-TEAM, PROJECT-SHARE."""
    where = f"{row.code} {row.name}"
    if not row.code.strip() or not row.name.strip():
        raise ShijiError("PROJECT-FIELD", "项目代码和名称应填写", where, "")
    if row.total < LEAST:
        raise ShijiError("PROJECT-SMALL", f"总投资 {plain(row.total)} 亿元，不足 1 亿元", where, "不列入亿元项目。")
    if row.completed < 0:
        raise ShijiError("PROJECT-FIELD", "完成投资不能为负", where, "请核对。")
    strangers = [team for team in row.shares if team not in districts]
    if strangers or not row.shares:
        raise ShijiError("PROJECT-TEAM", f"所属县区有误：{'、'.join(strangers) or '未填'}", where, "请填县区名称。")
    summed = total(row.shares.values())
    if summed != HUNDRED or any(part <= 0 for part in row.shares.values()):
        raise ShijiError("PROJECT-SHARE", f"各县区比例合计 {plain(summed)}%，应为 100%", where, "请核对比例。")


def put_projects(session: Session, viewer: Viewer, period: str, rows: Sequence[ProjectRow], provider: str) -> int:
    """Write the list of a period: a project that changed gets a further version. Returns how many were written.

    Nothing is written unless every row is right.
    """
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "亿元项目清单由考核办据发改部门来表录入", viewer.role, "")
    chosen, known = period_of_quarter(period), district_names(session)
    codes = [row.code for row in rows]
    if len(set(codes)) != len(codes):
        raise ShijiError("PROJECT-FIELD", "项目代码重复", "亿元项目", "一个项目只列一行，跨区的填比例。")
    for row in rows:
        check_project(row, known)
    held, written = _newest(session, chosen), 0
    for row in rows:
        before = held.get(row.code)
        shares = {team: format(part, "f") for team, part in row.shares.items()}
        now = (row.name, row.total, row.started_on, row.completed, shares)
        if before is None or (before.name, before.total, before.started_on, before.completed, before.shares) != now:
            session.add(
                BigProject(
                    period=chosen, code=row.code, version=before.version + 1 if before else 1, name=row.name,
                    total=row.total, started_on=row.started_on, completed=row.completed, shares=shares,
                    provider=provider[:40], user_id=viewer.user_id or None,
                )
            )  # fmt: skip
            written += 1
    session.flush()
    return written


def read_projects(session: Session, data: bytes) -> list[ProjectRow]:
    """Rows of a filled template. Shares: 望澜区60、青棠区40, or 望澜区 alone. Raises SHEET-…, PROJECT-FIELD."""
    names = team_names(session)
    return [_row(row, names) for row in read_rows(data, SHEET, HEADINGS)]


def projects_workbook(period: str, lines: Sequence[ProjectLine]) -> bytes:
    """The list as an Excel file that can be sent back."""
    rows: list[list[Any]] = [
        [one.code, one.name, one.total, one.started_on.isoformat(), one.completed,
         "、".join(f"{name}{plain(part)}" for _, name, part in one.shares)]
        for one in lines
    ]  # fmt: skip
    columns = (
        Column(HEADINGS[0], 12), Column(HEADINGS[1], 36), Column(HEADINGS[2], 14, (), True, LEAST),
        Column(HEADINGS[3], 14), Column(HEADINGS[4], 20, (), True, Decimal(0)), Column(HEADINGS[5], 30),
    )  # fmt: skip
    advice = "金额单位亿元，总投资 1 亿元以上；跨县区的项目按比例分列，如 望澜区60、青棠区40，合计 100。"
    return workbook_bytes([Table(SHEET, f"新建亿元以上项目清单（{period}）", advice, columns, rows)])


def project_lines(session: Session, period: str) -> list[ProjectLine]:
    """The newest version of every project of a period, by code."""
    chosen, names = period_of_quarter(period), district_names(session)
    year, end = int(chosen[:4]), period_end(chosen)
    lines = []
    for row in _newest(session, chosen).values():
        shares = tuple((team, names.get(team, team), Decimal(part)) for team, part in row.shares.items())
        counted = row.started_on.year == year and row.started_on <= end
        lines.append(
            ProjectLine(
                row.id, row.code, row.name, row.total, row.started_on, row.completed, shares, row.version, counted
            )
        )
    return lines


def project_sums(session: Session, period: str) -> list[ProjectSum]:
    """Σ completed · share of the counted projects for each district with any, beside the published figure of G4."""
    chosen = period_of_quarter(period)
    parts: dict[str, list[tuple[Decimal, Decimal]]] = {}
    for line in project_lines(session, chosen):
        for team, _, share in line.shares if line.counted else ():
            parts.setdefault(team, []).append((line.completed, share))
    figures = latest_points(session, [CODE])
    found = []
    for team, name in district_names(session).items():
        if team not in parts:
            continue
        value = total(PRECISION.multiply(done, PRECISION.divide(share, HUNDRED)) for done, share in parts[team])
        words = " + ".join(
            plain(done) if share == HUNDRED else f"{plain(done)} × {plain(share)}%" for done, share in parts[team]
        )
        point = figures.get((CODE, team, chosen))
        figure = point.value if point else None
        gap = PRECISION.subtract(figure, value) if figure is not None else None
        found.append(ProjectSum(team, name, value, figure, gap, f"{words} = {plain(value)}"))
    return found


def district_names(session: Session) -> dict[str, str]:
    """District id -> short name, in roster order."""
    query = select(Team.id, Team.short).where(Team.category_id.in_(DISTRICT_CATEGORIES), Team.managed)
    return dict(session.execute(query.order_by(Team.ordinal, Team.id)).all())


def _newest(session: Session, period: str) -> dict[str, BigProject]:
    query = select(BigProject).where(BigProject.period == period).order_by(BigProject.code, BigProject.version)
    return {row.code: row for row in session.scalars(query)}


def _row(row: Row, names: Mapping[str, str]) -> ProjectRow:
    where = f"第 {row.number} 行"
    try:
        amounts = [to_decimal(row[heading].replace(",", "")) for heading in (HEADINGS[2], HEADINGS[4])]
        started = date.fromisoformat(row[HEADINGS[3]][:10])
        shares: dict[str, Decimal] = {}
        for part in row[HEADINGS[5]].replace("，", "、").replace("；", "、").split("、"):
            text = part.strip().removesuffix("%").strip()
            name = text.rstrip("0123456789.").strip()
            shares[names.get(name, name)] = to_decimal(text[len(name) :].strip() or 100)
    except ValueError as error:
        raise ShijiError("PROJECT-FIELD", "金额、日期或比例无法识别", where, "日期如 2025-03-18。") from error
    return ProjectRow(row[HEADINGS[0]], row[HEADINGS[1]], amounts[0], started, amounts[1], shares)
