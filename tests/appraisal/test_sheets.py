"""Indicator tables as offices really send them: every bad row is named, the others go on."""

import io
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook

from appraisal.export import csv_table, neutralise
from appraisal.sheet_cells import read_date, read_number, read_period
from appraisal.sheets import SheetImport, read_indicator_sheet, read_indicator_workbook
from demo.build_indicators import HEADER, build
from storage.errors import ShijiError
from tests.appraisal.vectors import BOOK, CATEGORIES, FOLDER, TEAMS, levels, table


def _row(code: str = "990101", name: str = "望澜区", value: object = 10.5, **other: object) -> list[object]:
    cells: dict[str, object] = {
        "区划代码": code, "县区": name, "指标": "地方级财政收入", "期别": "2025Q3累计", "数值": value, "单位": "亿元",
        "增速(%)": 3.2, "可比口径说明": "同口径", "数据状态(初步/核定/修订)": "初步", "提供单位": "市财政局",
        "日期": datetime(2025, 10, 20),
    }  # fmt: skip
    assert set(other) <= set(cells)
    return [{**cells, **other}[name] for name in HEADER]


def _read(
    rows: list[list[object]], prepare: Callable[[Workbook], None] | None = None, **options: object
) -> SheetImport:
    workbook = Workbook()
    sheet = workbook.active
    for row in [["澜宁市地方级财政收入"], [], list(HEADER), *rows]:
        sheet.append(row)
    if prepare:
        prepare(workbook)
    out = io.BytesIO()
    workbook.save(out)
    return read_indicator_sheet(out.getvalue(), **{"book": BOOK, "teams": TEAMS, **options})


def _codes(issues: list) -> list[tuple[str, int, str]]:
    return [(issue.code, issue.row, issue.column) for issue in issues]


def test_a_good_row_word_by_word() -> None:
    result = _read([_row()])
    assert (result.errors, result.warnings) == ([], [])
    row = result.rows[0]
    assert (row.row, row.team, row.area_code, row.indicator, row.period) == (4, "D01", "990101", "G2", "2025Q3累计")
    assert (row.value, row.missing, row.unit, row.growth) == (Decimal("10.5"), "", "亿元", Decimal("3.2"))
    assert (row.status, row.provider, row.date) == ("初步", "市财政局", date(2025, 10, 20))


@pytest.mark.parametrize(
    ("change", "code", "column"),
    [
        ({"数值": "约十亿"}, "SHEET-NUMBER", "数值"),
        ({"数值": datetime(2025, 1, 1)}, "SHEET-NUMBER", "数值"),
        ({"增速(%)": "快"}, "SHEET-NUMBER", "增速"),
        ({"期别": "2025Q3"}, "SHEET-PERIOD", "期别"),
        ({"期别": "三季度"}, "SHEET-PERIOD", "期别"),
        ({"单位": ""}, "SHEET-FIELD", "单位"),
        ({"单位": "万元"}, "SHEET-FIELD", "单位"),
        ({"指标": "财政支出"}, "SHEET-FIELD", "指标"),
        ({"县区": "云亭街道"}, "SHEET-FIELD", "县区"),
        ({"区划代码": "990102"}, "SHEET-FIELD", "区划代码"),
        ({"数据状态(初步/核定/修订)": "大概"}, "SHEET-FIELD", "数据状态"),
        ({"日期": "上个月"}, "SHEET-FIELD", "日期"),
    ],
)
def test_one_bad_row_does_not_stop_the_others(change: dict[str, object], code: str, column: str) -> None:
    result = _read([_row(**change), _row("990102", "青棠区", 7.0)])
    assert _codes(result.errors) == [(code, 4, column)]
    assert result.errors[0].what
    assert result.errors[0].action
    assert [row.team for row in result.rows] == ["D02"]


@pytest.mark.parametrize(
    ("mark", "reason"),
    [("缺报", "缺报"), ("未出数", "未出数"), (None, "空白"), ("—", "空白"), ("-", "空白"), ("－", "空白")],
)
def test_missing_is_never_zero(mark: object, reason: str) -> None:
    result = _read([_row(value=mark, **{"数据状态(初步/核定/修订)": None})])
    assert result.errors == []
    assert (result.rows[0].value, result.rows[0].missing, result.rows[0].status) == (None, reason, reason)
    assert _codes(result.warnings) == ([("SHEET-BLANK", 4, "数值")] if reason == "空白" else [])


def test_numbers_as_text_are_taken_with_a_warning() -> None:
    result = _read([_row(value="1,234.50"), _row("990102", "青棠区", "−３.5")])
    assert [row.value for row in result.rows] == [Decimal("1234.50"), Decimal("-3.5")]
    assert _codes(result.warnings) == [("SHEET-NUMBER-TEXT", 4, "数值"), ("SHEET-NUMBER-TEXT", 5, "数值")]


def test_total_is_compared_and_left_alone() -> None:
    rows = [_row(value=10.0), _row("990102", "青棠区", 7.0), _row("", "合计", 17.05)]
    close = _read(rows)
    assert close.checksum_difference == {("G2", "2025Q3累计"): Decimal("0.05")}
    assert close.checksums[0].within_tolerance
    assert close.warnings == []
    assert [row.value for row in close.totals] == [Decimal("17.05")]
    far = _read(rows, tolerance=Decimal("0.01"))
    assert not far.checksums[0].within_tolerance
    assert [(issue.code, issue.row) for issue in far.warnings] == [("SHEET-TOTAL", 6)]
    assert [row.value for row in far.rows] == [Decimal("10"), Decimal("7")]


def test_duplicates_and_merged_cells_are_refused() -> None:
    def merge(workbook: Workbook) -> None:
        workbook.active.merge_cells("H6:H7")

    rows = [_row(), _row(), _row("990103", "白榆区"), _row("990104", "长渚区"), _row("990105", "云亭区")]
    result = _read(rows, merge)
    assert _codes(result.errors) == [
        ("SHEET-DUPLICATE", 5, "县区"), ("SHEET-MERGED", 6, ""), ("SHEET-MERGED", 7, ""),
    ]  # fmt: skip
    assert [row.team for row in result.rows] == ["D01", "D05"]


def test_formulas_are_never_computed() -> None:
    def poison(workbook: Workbook) -> None:
        sheet = workbook.active
        sheet["H5"].value = "=HYPERLINK(1)"
        sheet["H5"].data_type = "s"

    result = _read([_row(value="=1+1"), _row("990102", "青棠区", 7.0)], poison)
    assert _codes(result.errors) == [("SHEET-FORMULA", 4, "数值")]
    assert _codes(result.warnings) == [("SHEET-FORMULA-TEXT", 5, "可比口径说明")]
    assert result.rows[0].basis_note == "=HYPERLINK(1)"


def test_notes_and_blank_lines_are_passed_over() -> None:
    result = _read([_row(), [], ["注：数据为初步数。"]])
    assert (len(result.rows), result.errors) == (1, [])


def test_unreadable_files_and_sheets() -> None:
    with pytest.raises(ShijiError, match="SHEET-UNREADABLE"):
        read_indicator_sheet(b"PK not a workbook")
    with pytest.raises(ShijiError, match="SHEET-NAME"):
        read_indicator_sheet(FOLDER / "gdp_2021_2024.xlsx", "没有这张表")
    workbook = Workbook()
    workbook.active.append(["只有", "标题"])
    workbook.create_sheet("空表")
    workbook.create_sheet("隐藏").sheet_state = "hidden"
    out = io.BytesIO()
    workbook.save(out)
    first, empty, hidden = read_indicator_workbook(out.getvalue())
    assert _codes(first.errors) == [("SHEET-HEADER", 0, "")]
    assert [issue.code for issue in empty.warnings + hidden.warnings] == ["SHEET-EMPTY", "SHEET-HIDDEN"]


@pytest.mark.parametrize(
    ("text", "period"),
    [("2024年", "2024年"), (2024.0, "2024年"), ("2024年全年", "2024年"), ("2024年度", "2024年"),
     ("2025Q3累计", "2025Q3累计"), ("2025年前三季度", "2025Q3累计"), ("2025年1—9月", "2025Q3累计"),
     ("2025年上半年", "2025Q2累计"), ("2025H1", "2025Q2累计"),
     ("2025年第三季度累计", "2025Q3累计"), ("2025年一季度", "2025Q1累计"), ("2025Q1", "2025Q1累计"),
     ("2025年1-12月", "2025年")],
)  # fmt: skip
def test_periods(text: object, period: str) -> None:
    assert read_period(text) == period


@pytest.mark.parametrize("text", ["", "2025年二季度", "2025Q2", "2025年1-8月", "去年", "2025Q5累计"])
def test_unclear_periods_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        read_period(text)


def test_cells() -> None:
    assert read_number(0.1 + 0.2).value == Decimal("0.3")
    assert read_number("5.1%").value == Decimal("5.1")
    assert read_date("2025年10月16日") == date(2025, 10, 16)
    for bad in ("12a", "1,23", True, "=1"):
        with pytest.raises(ValueError, match="不是数字"):
            read_number(bad)


def test_demo_tables_are_what_the_builder_makes(tmp_path: Path) -> None:
    written = build(tmp_path)
    assert {p.name for p in written} == {p.name for p in FOLDER.glob("*.xlsx")}
    for path in written:
        assert read_indicator_workbook(path) == read_indicator_workbook(FOLDER / path.name), path.name


@pytest.mark.parametrize("name", ["gdp_2021_2024", "fiscal_revenue_2021_2024", "new_projects_2021_2024"])
def test_demo_tables_are_clean(name: str) -> None:
    result = table(name)
    assert (result.errors, result.warnings) == ([], [])
    assert (len(result.rows), len(result.totals)) == (40, 4)
    assert set(levels(result, "2024年")) == set(CATEGORIES)
    assert not any(result.checksum_difference.values())


def test_demo_investment_shows_its_gap() -> None:
    result = table("fixed_investment_2021_2024")
    gap = next(check for check in result.checksums if check.period == "2023年")
    assert (gap.difference, gap.within_tolerance, gap.missing) == (Decimal("192.8"), False, ("云亭区",))


def test_export_neutralises_formulas() -> None:
    assert [neutralise(text) for text in ("=1+1", "+1", "-1", "@x", "\tx", " =1", "＝1", "好")] == [
        "'=1+1", "'+1", "'-1", "'@x", "'\tx", "' =1", "'＝1", "好",
    ]  # fmt: skip
    assert neutralise(-3) == -3
    written = csv_table(["单位", "得分"], [["=cmd|x", Decimal("-0.5")], ["青棠区", None]])
    assert written.decode("utf-8-sig") == "单位,得分\r\n'=cmd|x,-0.5\r\n青棠区,\r\n"
