"""Excel coming in, other than tables of figures: rows below a heading, as text, read by calamine and never computed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from python_calamine import CalamineError, CalamineWorkbook

from appraisal.export import FORMULA_STARTS
from appraisal.sheet_cells import clean
from appraisal.sheets import HEADER_WITHIN, open_workbook
from storage.errors import ShijiError


@dataclass(frozen=True)
class Row:
    """One row: its number as Excel counts, and its cells by heading as plain text ("" where empty)."""

    number: int
    cells: dict[str, str]

    def __getitem__(self, heading: str) -> str:
        return self.cells.get(heading, "")


def read_rows(data: bytes, sheet: str, needed: Sequence[str], *, optional: bool = False) -> list[Row]:
    """The filled rows of a sheet below the row that holds all `needed` headings.

    Raises ShijiError SHEET-UNREADABLE, SHEET-NAME (unless optional: then no rows), SHEET-HEADER.
    """
    workbook: CalamineWorkbook = open_workbook(data)
    if sheet not in workbook.sheet_names:
        if optional:
            return []
        raise ShijiError("SHEET-NAME", f"没有工作表“{sheet}”", sheet, "请用下载的模板填写。")
    try:
        grid = workbook.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
    except CalamineError as error:
        raise ShijiError("SHEET-UNREADABLE", "工作表无法读取", sheet, "请另存为 xlsx 后再导入。") from error
    top = next((n for n, row in enumerate(grid[:HEADER_WITHIN]) if set(needed) <= {clean(cell) for cell in row}), None)
    if top is None:
        raise ShijiError("SHEET-HEADER", "没有找到表头", sheet, f"表头须含：{'、'.join(needed)}。")
    headings = [clean(cell) for cell in grid[top]]
    rows = []
    for number, cells in enumerate(grid[top + 1 :], start=top + 2):
        texts = {heading: _text(cell) for heading, cell in zip(headings, cells, strict=False) if heading}
        if any(texts.values()):
            rows.append(Row(number, texts))
    return rows


def _text(cell: object) -> str:
    """A cell as text; the apostrophe that an export put before a text is taken off again."""
    if isinstance(cell, float):
        cell = format(Decimal(format(cell, ".15g")), "f")
    text = str(cell).strip() if isinstance(cell, str) else clean(cell)
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ").startswith(FORMULA_STARTS) else text
