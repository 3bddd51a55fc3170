"""A submitted report as a workbook: a merged title, remarks in merged rows, then the table."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment
from openpyxl.worksheet.worksheet import Worksheet

from demo.steady import write_steady


def write_xlsx(report: dict[str, Any], path: Path, stamp: datetime) -> None:
    """Write `report` (an entry of reports.yaml) to `path`."""
    workbook = Workbook()
    sheet = workbook.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a worksheet")
    table = report["table"]
    rows = table.get("rows") or [[place, *row] for place, row in enumerate(table["ranking"], 1)]
    width = len(table["header"])
    sheet.title = table["caption"][:31]
    _merged(sheet, report["title"], width, "center")
    for entry in report["paragraphs"]:
        _merged(sheet, entry["text"], width, "left")
    sheet.append([table["caption"]])
    sheet.append(table["header"])
    for row in rows:
        sheet.append(row)
    _merged(sheet, f"{report['signed']}    {stamp:%Y-%m-%d}", width, "right")
    for column in range(width):
        sheet.column_dimensions["ABCDEFGH"[column]].width = 22
    workbook.properties.creator = report["signed"]
    workbook.properties.created = stamp
    held = io.BytesIO()
    workbook.save(held)
    write_steady(held, path, stamp)


def _merged(sheet: Worksheet, text: str, width: int, side: str) -> None:
    """Append `text` in one cell across the table's width."""
    sheet.append([text])
    row = sheet.max_row
    sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    sheet.cell(row, 1).alignment = Alignment(horizontal=side, wrap_text=True, vertical="top")
    sheet.row_dimensions[row].height = 32
