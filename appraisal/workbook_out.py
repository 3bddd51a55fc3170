"""Excel going out: templates and tables with choices checked by the sheet itself, and no cell that runs.

Made with openpyxl. A long list of choices stands on a hidden sheet whose name begins with "_"; readers skip those.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from appraisal.export import neutralise

INLINE = 200  # characters of a list that Excel keeps inside the rule
SPARE = 60  # empty rows below the filled ones that are checked as well


@dataclass(frozen=True)
class Column:
    """A column: its heading, width in characters, and what may be typed. low and high bound a number."""

    title: str
    width: int = 12
    choices: tuple[str, ...] = ()
    number: bool = False
    low: Decimal | None = None
    high: Decimal | None = None


@dataclass(frozen=True)
class Table:
    """One worksheet: a title line, a line of advice, headings, rows."""

    title: str
    heading: str
    advice: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[object]] = ()


def workbook_bytes(tables: Sequence[Table]) -> bytes:
    """An xlsx file of these tables. Numbers are numbers; every text is neutralised; None is an empty cell."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        _write(book, table)
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def _write(book: Workbook, table: Table) -> None:
    sheet = book.create_sheet(table.title[:31])
    sheet.append([table.heading])
    sheet.append([table.advice])
    sheet.append([column.title for column in table.columns])
    sheet["A1"].font = Font(bold=True, size=14)
    for cell in sheet[3]:
        cell.font, cell.fill = Font(bold=True), PatternFill("solid", fgColor="E6EDF3")
        cell.alignment = Alignment(wrap_text=True, vertical="center")
    place = 3
    for row in table.rows:
        place += 1
        for number, value in enumerate(row, start=1):
            _put(sheet, place, number, value)
    sheet.freeze_panes = "A4"
    last = 3 + len(table.rows) + SPARE
    for number, column in enumerate(table.columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = column.width
        _check(book, sheet, column, f"{letter}4:{letter}{last}")


def _put(sheet: Worksheet, row: int, column: int, value: object) -> None:
    if value is None:
        return
    cell = sheet.cell(row, column)
    if isinstance(value, bool):
        cell.value = "是" if value else "否"
    elif isinstance(value, int | float | Decimal):
        cell.value = value
    else:
        cell.value = str(neutralise(str(value)))
        cell.data_type = "s"


def _check(book: Workbook, sheet: Worksheet, column: Column, span: str) -> None:
    """A rule for a column: a list of choices, or a number within bounds."""
    if column.choices:
        inline = ",".join(column.choices)
        formula = f'"{inline}"' if len(inline) <= INLINE else _listed(book, column.choices)
        rule = DataValidation(type="list", formula1=formula, allow_blank=True)
        rule.error = "请从下拉列表中选择"
    elif column.number:
        low, high = column.low, column.high
        bounds = (str(low if low is not None else "-1E+15"), str(high if high is not None else "1E+15"))
        rule = DataValidation(
            type="decimal", operator="between", formula1=bounds[0], formula2=bounds[1], allow_blank=True
        )
        rule.error = "请填数字"
    else:
        return
    rule.errorTitle, rule.showErrorMessage = column.title[:30], True
    sheet.add_data_validation(rule)
    rule.add(span)


def _listed(book: Workbook, choices: Sequence[str]) -> str:
    name = "_选项"
    sheet = book[name] if name in book.sheetnames else book.create_sheet(name)
    sheet.sheet_state = "hidden"
    column = sheet.max_column + 1 if sheet["A1"].value else 1
    for number, choice in enumerate(choices, start=1):
        _put(sheet, number, column, choice)
    letter = get_column_letter(column)
    return f"'{name}'!${letter}$1:${letter}${len(choices)}"
