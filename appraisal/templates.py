"""Excel templates to fill in: figures of an indicator, yearly targets, ballots; and the last two read in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

from appraisal.book import Indicator
from appraisal.decimals import to_decimal
from appraisal.figures import Assessed
from appraisal.readings import applies
from appraisal.surveys import BallotRow
from appraisal.targets import TargetLine, TargetRow
from appraisal.votes import GRADES
from appraisal.workbook_in import Row, read_rows
from appraisal.workbook_out import Column, Table, workbook_bytes
from storage.errors import ShijiError

STATUSES = ("初步", "核定", "修订", "未出数", "缺报")
TARGETS, BALLOTS = "年度目标", "票数"


def figures_workbook(
    cards: Sequence[Indicator], teams: Sequence[Assessed], period: str, names: Mapping[str, str]
) -> bytes:
    """One sheet an indicator with its teams filled in, as `read_indicator_workbook` takes it (domain.md §4.10)."""
    tables = []
    for card in cards:
        provider = names.get(card.provider, card.provider)
        columns = (
            Column("区划代码", 10),
            Column("县区", 14),
            Column("指标", 26),
            Column("期别", 12),
            Column("数值", 12),
            Column("单位", 10),
            Column("增速(%)", 9, (), True, Decimal(-1000), Decimal(10000)),
            Column("可比口径说明", 28),
            Column("数据状态", 10, STATUSES),
            Column("提供单位", 14),
            Column("日期", 12),
        )
        own = [team for team in teams if applies(card, team)]
        rows: list[list[object]] = [
            [None, team.name, card.name, period, None, card.unit, None, None, None, provider, None] for team in own
        ]
        if card.share_eligible:
            rows.append([None, "合计", card.name, period, None, card.unit, None, None, None, provider, None])
        advice = "数值填数字；没有数据填 未出数 或 缺报，不要填 0。季度数为 1 月起累计。"
        tables.append(
            Table(f"{card.code} {card.name}"[:28].replace("/", "每"), f"{card.name}（{period}）", advice, columns, rows)
        )
    return workbook_bytes(tables)


def targets_workbook(
    year: int, cards: Sequence[Indicator], teams: Sequence[Assessed], lines: Sequence[TargetLine]
) -> bytes:
    """Targets of a year with last year's actual beside each, to fill in and send back."""
    known = {(line.code, line.team_id): line for line in lines}
    rows: list[list[object]] = []
    for card in cards:
        for team in teams:
            if applies(card, team) and card.method in ("9a", "9d"):
                line = known.get((card.code, team.id))
                rows.append(
                    [
                        team.id,
                        team.name,
                        card.code,
                        card.name,
                        card.unit,
                        line.last_year if line else None,
                        line.value if line else None,
                        line.difficulty if line else Decimal(1),
                        line.reason if line else None,
                    ]
                )
    columns = (
        Column("单位代码", 10),
        Column("单位名称", 16),
        Column("指标代码", 10),
        Column("指标名称", 28),
        Column("单位", 10),
        Column("上年实际", 12, (), True),
        Column("年度目标", 12, (), True),
        Column("难度系数", 10, (), True, Decimal("0.95"), Decimal("1.05")),
        Column("理由", 40),
    )
    advice = "目标松于上年实际须写理由；难度系数只用于特色指标，须在当年数据出来之前批准。"
    return workbook_bytes([Table(TARGETS, f"{year}年年度目标", advice, columns, rows)])


def read_targets(data: bytes) -> list[TargetRow]:
    """The filled rows of a target workbook; a row without a target is left out. Raises SHEET-…, TARGET-NUMBER."""
    rows = []
    for row in read_rows(data, TARGETS, ("单位代码", "指标代码", "年度目标")):
        if row["年度目标"]:
            value, difficulty = (_number(row, name, "TARGET-NUMBER") for name in ("年度目标", "难度系数"))
            if value is not None:
                rows.append(TargetRow(row["指标代码"], row["单位代码"], value, difficulty or Decimal(1), row["理由"]))
    return rows


def ballots_workbook(title: str, classes: Sequence[str], teams: Sequence[Assessed]) -> bytes:
    """Ballots of a survey: a row for each team and class of ballots."""
    rows: list[list[object]] = [
        [team.id, team.name, name, *([None] * len(GRADES))] for team in teams for name in classes
    ]
    columns = (
        Column("单位代码", 10),
        Column("单位名称", 18),
        Column("票类", 14, tuple(classes)),
        *(Column(grade, 8, (), True, Decimal(0), Decimal(100_000)) for grade in GRADES),
    )
    return workbook_bytes([Table(BALLOTS, title, "只填各等次有效票数；不记名，不登记个人票。", columns, rows)])


def read_ballots(data: bytes) -> list[BallotRow]:
    """The rows of a ballot workbook that hold any number. Raises SHEET-…, SURVEY-BALLOT."""
    rows = []
    for row in read_rows(data, BALLOTS, ("单位代码", "票类", *GRADES)):
        counts: dict[str, int] = {}
        for grade in GRADES:
            number = _number(row, grade, "SURVEY-BALLOT")
            if number is not None:
                if number != int(number) or number < 0:
                    raise _bad(row, grade, "SURVEY-BALLOT")
                counts[grade] = int(number)
        if counts:
            rows.append(BallotRow(row["单位代码"], row["票类"], counts))
    return rows


def _number(row: Row, heading: str, code: str) -> Decimal | None:
    if not row[heading]:
        return None
    try:
        return to_decimal(row[heading].replace(",", ""))
    except ValueError as error:
        raise _bad(row, heading, code) from error


def _bad(row: Row, heading: str, code: str) -> ShijiError:
    return ShijiError(code, f"“{row[heading][:20]}”不是可用的数", f"第 {row.number} 行 {heading}", "请填数字。")
