"""Workbooks (XLSX, XLSB, XLS, ODS) through calamine, and delimited text. Formulas are never run."""

from __future__ import annotations

import csv
import io
import re
import struct
from datetime import date, datetime, time, timedelta

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from collector.decode import decode
from collector.office.container import open_container
from collector.office.document import Limits, ReadDocument, Table, refuse
from collector.office.rows import find_header, readable_rows
from collector.office.sniff import separator_of
from collector.office.unlock import unlock

_BOF = b"\x09\x08\x10\x00\x00\x06\x05\x00"  # start of a BIFF8 workbook stream
_FILEPASS = 0x002F
_NO_TITLE = re.compile(r"^(?:附件?|表)\s*\d*\s*[:：]?$|^(?:单位|填报|制表|日期|时间)[^\n]{0,8}[:：]|^https?://|^[（(]")


def read_workbook(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Read every worksheet as a table. Hidden sheets are read and named in READ-HIDDEN-SHEET.

    Raises CollectorError READ-ENCRYPTED, READ-BROKEN, READ-TOO-LARGE and those of the container.
    """
    document = ReadDocument()
    if _has_filepass(data):
        data = unlock(data, name)
    if data.startswith(b"PK"):
        with open_container(data, name, limits) as archive:
            if any(member.endswith("vbaProject.bin") for member in archive.namelist()):
                document.warnings.append("READ-MACROS")
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(data))
        cells = 0
        named: list[tuple[str, Table]] = []
        for sheet in workbook.sheets_metadata:
            if sheet.typ != SheetTypeEnum.WorkSheet:
                continue
            table, size = _sheet(workbook, sheet.name, name, limits.cells - cells)
            cells += size
            if not table:
                continue
            shown = sheet.visible == SheetVisibleEnum.Visible
            if not shown:
                document.warnings.append(f"READ-HIDDEN-SHEET: {sheet.name}")
            document.tables.append(table)
            named.append((sheet.name, table))
            document.title = document.title or (_title(table) if shown else "")
    except PasswordError as error:
        raise refuse("READ-ENCRYPTED", "表格文件已加密，无法读取", name, "请提供未加密的文件") from error
    except (CalamineError, ValueError, OSError) as error:
        if "password" in str(error).lower() or "encrypt" in str(error).lower():
            raise refuse("READ-ENCRYPTED", "表格文件已加密，无法读取", name, "请提供未加密的文件") from error
        raise refuse("READ-BROKEN", "表格文件已损坏，无法打开", name) from error
    lines = (line for title, table in named for line in _sheet_lines(title, table, len(named)))
    document.text = "\n".join(lines)
    if not document.tables:
        document.confidence = 0.0
        document.warnings.append("READ-EMPTY")
    return document


def _has_filepass(data: bytes) -> bool:
    """Whether a BIFF8 workbook stream starts with a FILEPASS record, which means it is encrypted."""
    position = data.find(_BOF)
    for _ in range(20):
        if position < 0 or position + 4 > len(data):
            return False
        record, length = struct.unpack_from("<HH", data, position)
        if record == _FILEPASS:
            return True
        position += 4 + length
    return False


def _sheet(workbook: CalamineWorkbook, sheet: str, name: str, allowed: int) -> tuple[Table, int]:
    """One worksheet as text cells, empty rows at the ends left out, and how many cells it has."""
    opened = workbook.get_sheet_by_name(sheet)
    size = opened.height * opened.width
    if size > allowed:
        raise refuse("READ-TOO-LARGE", "表格单元格数量超过上限", name, "请拆分后重新报送")
    rows = [[cell_text(value) for value in row] for row in opened.to_python(skip_empty_area=True)]
    while rows and not any(rows[-1]):
        rows.pop()
    return rows, size


def cell_text(value: object) -> str:
    """A cell as shown: whole numbers without a point, dates as ISO 8601."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        # binary noise (0.30000000000000004) is no figure anyone wrote
        return f"{value:.6f}".rstrip("0") if 1e-4 <= abs(value) < 1e9 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time(0) else value.isoformat(" ", "seconds")
    if isinstance(value, (date, time)):
        return value.isoformat()
    if isinstance(value, timedelta):
        return str(value)
    return str(value).strip()


def _sheet_lines(name: str, table: Table, sheets: int) -> list[str]:
    """The readable lines of a sheet, under its name where there are several."""
    lines = readable_rows(table)
    return [name, *lines] if sheets > 1 and name not in lines[:2] else lines


def _title(table: Table) -> str:
    """What stands alone in a row above the column names (at the left edge, if tables stand side by side)."""
    first, _ = find_header(table)
    for row in table[: first if first >= 0 else 3][:4]:
        filled = [cell for cell in row if cell]
        if filled and row[0] and len(filled) <= 2 and 4 <= len(row[0]) <= 80 and not _NO_TITLE.match(row[0]):
            return " ".join(row[0].split())
    return ""


def read_delimited(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Read CSV or tab-separated text as one table. Raises CollectorError READ-TOO-LARGE or READ-BROKEN."""
    text, _ = decode(data)
    text = text.replace("\x00", "")
    separator = separator_of(text) or ","
    rows: Table = []
    cells = 0
    try:
        for row in csv.reader(io.StringIO(text), delimiter=separator):
            rows.append([cell.strip() for cell in row])
            cells += len(row)
            if cells > limits.cells:
                raise refuse("READ-TOO-LARGE", "表格单元格数量超过上限", name, "请拆分后重新报送")
    except csv.Error as error:
        raise refuse("READ-BROKEN", "文本表格格式有误，无法读取", name) from error
    rows = [row for row in rows if any(row)]
    return ReadDocument(_title(rows), "\n".join(readable_rows(rows)), [rows])
