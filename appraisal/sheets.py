"""Indicator tables as 统计局, 财政局 and 发改委 send them: one sheet per indicator (domain.md §4.10).

Every bad row gets a coded error and the rest goes on. Formulas are never computed: the cached value counts.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from appraisal.book import Indicator
from appraisal.decimals import plain, total
from appraisal.sheet_cells import clean
from appraisal.sheet_rows import Checksum, RowReader, SheetImport, SheetIssue, SheetRow
from storage.errors import ShijiError

__all__ = [
    "Checksum", "SheetImport", "SheetIssue", "SheetRow", "read_indicator_sheet", "read_indicator_workbook",
]  # fmt: skip

MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
HEADER_WITHIN = 20
NEEDED = ("县区", "指标", "期别", "数值", "单位", "数据状态")
OPTIONAL = ("区划代码", "增速", "可比口径说明", "提供单位", "日期")


def read_indicator_workbook(
    source: Path | bytes,
    *,
    book: Mapping[str, Indicator] | None = None,
    teams: Mapping[str, str] | None = None,
    tolerance: Decimal = Decimal("0.1"),
) -> list[SheetImport]:
    """Every visible worksheet of an xlsx or xls file. See `read_indicator_sheet` for the arguments.

    Hidden sheets are not read and say so. Raises ShijiError SHEET-UNREADABLE when the file cannot be read at all.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    workbook = open_workbook(data)
    result = []
    for meta in workbook.sheets_metadata:
        if meta.name.startswith("_"):  # the lists of choices of our own templates
            continue
        sheet = SheetImport(meta.name)
        result.append(sheet)
        if meta.visible != SheetVisibleEnum.Visible:
            sheet.warn("SHEET-HIDDEN", 0, "", "隐藏工作表未读取", "如需导入请取消隐藏")
        elif meta.typ == SheetTypeEnum.WorkSheet:
            _read(sheet, workbook, data, book, teams, tolerance)
    return result


def read_indicator_sheet(
    source: Path | bytes,
    sheet: str | None = None,
    *,
    book: Mapping[str, Indicator] | None = None,
    teams: Mapping[str, str] | None = None,
    tolerance: Decimal = Decimal("0.1"),
) -> SheetImport:
    """One sheet of a file, by name, or the first visible one.

    book: code -> Indicator, to check names and units; teams: 县区 name or 区划代码 -> team id, to refuse strangers;
    tolerance: the difference of 合计 still called equal, in the sheet's unit.
    Raises ShijiError SHEET-UNREADABLE, SHEET-NAME.
    """
    data = source if isinstance(source, bytes) else source.read_bytes()
    workbook = open_workbook(data)
    visible = [meta.name for meta in workbook.sheets_metadata if meta.visible == SheetVisibleEnum.Visible]
    name = sheet or (visible[0] if visible else "")
    if name not in workbook.sheet_names:
        raise ShijiError("SHEET-NAME", f"没有工作表“{name}”", name, f"现有：{'、'.join(workbook.sheet_names)}")
    result = SheetImport(name)
    _read(result, workbook, data, book, teams, tolerance)
    return result


def open_workbook(data: bytes) -> CalamineWorkbook:
    """The workbook, after a look at its size: a small file may unpack to a huge one."""
    if len(data) > MAX_BYTES:
        raise ShijiError("SHEET-UNREADABLE", f"文件超过 {MAX_BYTES // 1024 // 1024} MB", "数据表", "请拆分后再导入")
    try:
        if data[:2] == b"PK":
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(item.file_size for item in archive.infolist()) > MAX_UNPACKED:
                    raise ShijiError("SHEET-UNREADABLE", "文件解压后过大", "数据表", "请检查文件来源")
        return CalamineWorkbook.from_filelike(io.BytesIO(data))
    except (CalamineError, zipfile.BadZipFile, OSError, ValueError) as error:
        raise ShijiError("SHEET-UNREADABLE", "文件不是可读的 Excel 表", "数据表", "请另存为 xlsx 后再导入") from error


def _read(
    out: SheetImport,
    workbook: CalamineWorkbook,
    data: bytes,
    book: Mapping[str, Indicator] | None,
    teams: Mapping[str, str] | None,
    tolerance: Decimal,
) -> None:
    """Fill `out` from its sheet."""
    sheet = workbook.get_sheet_by_name(out.sheet)
    grid = sheet.to_python(skip_empty_area=False)
    if not any(clean(cell) for row in grid for cell in row):
        out.warn("SHEET-EMPTY", 0, "", "空工作表", "无需处理")
        return
    top = next((i for i, row in enumerate(grid[:HEADER_WITHIN]) if _is_header(row)), None)
    if top is None:
        out.fail("SHEET-HEADER", 0, "", "没有找到表头", f"表头须在前 {HEADER_WITHIN} 行内，含：{'、'.join(NEEDED)}")
        return
    columns: dict[str, int] = {}
    for at, cell in enumerate(grid[top]):
        name = _header_name(cell)
        if name in columns and name in NEEDED + OPTIONAL:
            out.fail("SHEET-HEADER", top + 1, name, f"表头“{name}”重复", "请只保留一列")
            return
        columns.setdefault(name, at)
    merged = {
        row for (first, _), (last, _) in sheet.merged_cell_ranges or [] for row in range(first, last + 1) if row > top
    }
    formulas = _uncached_formulas(data, out.sheet, grid, top, columns["数值"])
    reader = RowReader(out, columns, book, teams)
    for at in range(top + 1, len(grid)):
        row = grid[at]
        filled = [clean(cell) for cell in row if clean(cell)]
        if not filled and at not in merged:
            continue
        if len(filled) == 1 and filled[0].startswith(("注", "说明", "备注")):
            continue
        if at in merged:
            out.fail("SHEET-MERGED", at + 1, "", "数据区有合并单元格", "请取消合并并逐行填写")
        elif at in formulas:
            out.fail("SHEET-FORMULA", at + 1, "数值", "公式没有计算结果", "请在 Excel 中打开保存一次，或改填数值")
        else:
            reader.take(at + 1, row)
    if len({row.indicator for row in out.rows}) > 1:
        out.warn("SHEET-MIXED", top + 1, "指标", "一张工作表含多个指标", "建议每个指标一张工作表")
    _check_totals(out, tolerance)


def _header_name(cell: object) -> str:
    """A heading without its bracketed hint: 增速(%) -> 增速."""
    return "".join(clean(cell).split("(")[0].split())


def _is_header(row: Sequence[object]) -> bool:
    return set(NEEDED) <= {_header_name(cell) for cell in row}


def _uncached_formulas(data: bytes, sheet: str, grid: Sequence[Sequence[object]], top: int, column: int) -> set[int]:
    """Grid rows whose blank value cell holds a formula that nobody calculated: a blank there is not 缺报."""
    blank = {at for at in range(top + 1, len(grid)) if column < len(grid[at]) and not clean(grid[at][column])}
    if not blank or data[:2] != b"PK":
        return set()
    from openpyxl import load_workbook

    workbook = load_workbook(io.BytesIO(data), read_only=True)
    try:
        rows = workbook[sheet].iter_rows(min_col=column + 1, max_col=column + 1)
        return {at for at, cells in enumerate(rows) if at in blank and cells and cells[0].data_type == "f"}
    finally:
        workbook.close()


def _check_totals(out: SheetImport, tolerance: Decimal) -> None:
    """Compare each 合计 row with its rows; say the difference and leave both as they are."""
    for stated in out.totals:
        if stated.value is None:
            continue
        own = [row for row in out.rows if (row.indicator, row.period) == (stated.indicator, stated.period)]
        summed = total(row.value for row in own if row.value is not None)
        missing = tuple(row.area_name for row in own if row.value is None)
        difference = stated.value - summed
        fine = abs(difference) <= tolerance
        out.checksums.append(Checksum(stated.indicator, stated.period, stated.value, summed, difference, fine, missing))
        if not fine:
            without = f"（{'、'.join(missing)}缺数）" if missing else ""
            out.warn("SHEET-TOTAL", stated.row, "数值",
                     f"{stated.period}合计 {plain(stated.value)}，各县区之和 {plain(summed)}，"
                     f"差 {plain(difference)}{without}",
                     "请与提供单位核对，系统不改数")  # fmt: skip
