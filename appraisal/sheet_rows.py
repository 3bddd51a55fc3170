"""One row of an indicator table as a data point, or a coded reason why not (domain.md §4.10)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from appraisal.book import Indicator
from appraisal.sheet_cells import BLANK, clean, read_date, read_number, read_period, read_status

FREE_TEXT = ("可比口径说明", "提供单位")
TOTAL_NAMES = ("合计", "总计", "全市", "全市合计")


@dataclass(frozen=True)
class SheetIssue:
    """One error or warning: where it is as Excel shows it (row from 1), what is wrong, what to do."""

    code: str
    sheet: str
    row: int
    column: str
    what: str
    action: str


@dataclass(frozen=True)
class SheetRow:
    """One data point. value None is missing, for the reason in `missing`; growth in percent; team "" for 合计.

    team: the id the caller's table of names gave, else the name as written.
    """

    row: int
    team: str
    area_code: str
    area_name: str
    indicator: str
    period: str
    value: Decimal | None
    missing: str
    unit: str
    growth: Decimal | None
    basis_note: str
    status: str
    provider: str
    date: date | None


@dataclass(frozen=True)
class Checksum:
    """Stated total of one period against the sum of its rows: difference = stated − sum, shown, never corrected."""

    indicator: str
    period: str
    stated: Decimal
    summed: Decimal
    difference: Decimal
    within_tolerance: bool
    missing: tuple[str, ...] = ()


@dataclass
class SheetImport:
    """What one sheet gave. rows: counties and districts; totals: the 合计 rows with the city's own growth."""

    sheet: str
    rows: list[SheetRow] = field(default_factory=list)
    totals: list[SheetRow] = field(default_factory=list)
    errors: list[SheetIssue] = field(default_factory=list)
    warnings: list[SheetIssue] = field(default_factory=list)
    checksums: list[Checksum] = field(default_factory=list)

    @property
    def checksum_difference(self) -> dict[tuple[str, str], Decimal]:
        """(indicator, period) -> stated total minus sum of rows."""
        return {(check.indicator, check.period): check.difference for check in self.checksums}

    def fail(self, code: str, row: int, column: str, what: str, action: str) -> None:
        """Note a refused row or sheet."""
        self.errors.append(SheetIssue(code, self.sheet, row, column, what, action))

    def warn(self, code: str, row: int, column: str, what: str, action: str) -> None:
        """Note something taken in, but to be looked at."""
        self.warnings.append(SheetIssue(code, self.sheet, row, column, what, action))


class RowReader:
    """Turns grid rows into SheetRow, remembering which team and period it has already seen."""

    def __init__(
        self,
        out: SheetImport,
        columns: Mapping[str, int],
        book: Mapping[str, Indicator] | None,
        teams: Mapping[str, str] | None,
    ) -> None:
        self.out, self.columns, self.book, self.teams = out, columns, book, teams
        self.seen: dict[tuple[str, str, str], int] = {}

    def take(self, number: int, row: Sequence[object]) -> None:
        """Read one row into rows or totals, or note why not. number: the row as Excel counts."""
        try:
            parsed = self._parse(number, row)
        except _Refused as refused:
            self.out.fail(refused.code, number, refused.column, refused.what, refused.action)
            return
        key = (parsed.team, parsed.indicator, parsed.period)
        if key in self.seen:
            self.out.fail(
                "SHEET-DUPLICATE", number, "县区", f"与第 {self.seen[key]} 行重复", "同一县区同一期别只填一行"
            )
            return
        self.seen[key] = number
        (self.out.rows if parsed.team else self.out.totals).append(parsed)

    def _cell(self, row: Sequence[object], name: str) -> object:
        at = self.columns.get(name)
        return None if at is None or at >= len(row) else row[at]

    def _text(self, number: int, row: Sequence[object], name: str) -> str:
        """A text cell. Free words keep their full-width punctuation; keys are folded to be compared."""
        text = clean(self._cell(row, name))
        if text.startswith(("=", "+", "-", "@")):
            self.out.warn(
                "SHEET-FORMULA-TEXT", number, name, f"文字以“{text[0]}”开头，按文字保留，不作公式", "请核对是否误填公式"
            )
        return str(self._cell(row, name) or "").strip() if name in FREE_TEXT else text

    def _number(self, number: int, row: Sequence[object], name: str) -> tuple[Decimal | None, str]:
        cell = self._cell(row, name)
        try:
            read = read_number(cell)
        except ValueError as error:
            raise _Refused(
                "SHEET-NUMBER", name, f"“{clean(cell)}”不是数字", "请填数字；没有数据请填缺报或未出数"
            ) from error
        if read.from_text:
            self.out.warn(
                "SHEET-NUMBER-TEXT", number, name, f"数字“{clean(cell)}”是文本格式，已按数字读取", "请改为数值格式"
            )
        return read.value, read.missing

    def _parse(self, number: int, row: Sequence[object]) -> SheetRow:
        code, name = self._text(number, row, "区划代码"), self._text(number, row, "县区")
        indicator = self._indicator(self._text(number, row, "指标"))
        unit = self._text(number, row, "单位")
        if not unit:
            raise _Refused("SHEET-FIELD", "单位", "没有填单位", "请填计量单位")
        card = self.book.get(indicator) if self.book else None
        if card and card.unit != unit:
            raise _Refused(
                "SHEET-FIELD", "单位", f"单位“{unit}”与指标体系的“{card.unit}”不符", "请换算后填报，系统不自动换算"
            )
        try:
            period = read_period(self._cell(row, "期别"))
        except ValueError as error:
            raise _Refused("SHEET-PERIOD", "期别", str(error), "请填 2024年 或 2025Q3累计") from error
        value, missing = self._number(number, row, "数值")
        if missing == BLANK:
            self.out.warn("SHEET-BLANK", number, "数值", "数值空白，按未填处理，不作 0", "请填数字、缺报或未出数")
        growth, _ = self._number(number, row, "增速")
        state = self._cell(row, "数据状态")
        try:
            # A missing value has no status of its own yet.
            status = missing if missing and clean(state) in ("", missing) else read_status(state)
        except ValueError as error:
            raise _Refused("SHEET-FIELD", "数据状态", str(error), "请填初步、核定或修订") from error
        try:
            day = read_date(self._cell(row, "日期"))
        except ValueError as error:
            raise _Refused("SHEET-FIELD", "日期", "日期不认识", "请填 2025-10-16") from error
        note, provider = self._text(number, row, "可比口径说明"), self._text(number, row, "提供单位")
        return SheetRow(
            number, self._team(code, name), code, name, indicator, period, value, missing, unit, growth, note, status,
            provider, day,
        )  # fmt: skip

    def _indicator(self, text: str) -> str:
        """The code of the book for a code or name; without a book, the text itself."""
        if not text:
            raise _Refused("SHEET-FIELD", "指标", "没有填指标", "请填指标名称")
        if self.book is None:
            return text
        for card in self.book.values():
            if text in (card.code, card.name, clean(card.name)):
                return card.code
        raise _Refused("SHEET-FIELD", "指标", f"“{text}”不在指标体系内", "请按指标体系填写名称或代码")

    def _team(self, code: str, name: str) -> str:
        if name.split("(")[0] in TOTAL_NAMES:
            return ""
        if not name and not code:
            raise _Refused("SHEET-FIELD", "县区", "没有填县区", "请填县区名称")
        if self.teams is None:
            return name or code
        by_name, by_code = self.teams.get(name), self.teams.get(code)
        if by_name and by_code and by_name != by_code:
            raise _Refused("SHEET-FIELD", "区划代码", f"代码 {code} 与县区“{name}”不是同一单位", "请核对")
        found = by_name if name else by_code
        if not found:
            raise _Refused("SHEET-FIELD", "县区", f"“{name or code}”不在名册内", "请用名册中的县区名称")
        return found


class _Refused(Exception):
    """A row that cannot be taken in."""

    def __init__(self, code: str, column: str, what: str, action: str) -> None:
        super().__init__(what)
        self.code, self.column, self.what, self.action = code, column, what, action
