"""Write the demo's indicator tables (domain.md Appendix A.3) as the offices would send them.

Run `python -m demo.build_indicators`; the files under demo/indicators are the committed result.
"""

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from demo.rows import read_yaml

HERE = Path(__file__).parent / "indicators"
STAMP = datetime(2025, 1, 27, 9, 0, 0)
HEADER = ("区划代码", "县区", "指标", "期别", "数值", "单位", "增速(%)", "可比口径说明", "数据状态(初步/核定/修订)",
          "提供单位", "日期")  # fmt: skip


def build(folder: Path = HERE) -> list[Path]:
    """Write every table named in series.yaml, and the late correction; return the paths."""
    areas = read_yaml(HERE / "areas.yaml")["areas"]
    series = read_yaml(HERE / "series.yaml")
    folder.mkdir(parents=True, exist_ok=True)
    return [_write(folder / table["file"], table, areas) for table in series["tables"]]


def _write(path: Path, table: dict[str, Any], areas: list[dict[str, str]]) -> Path:
    """One workbook with one sheet: a title, a line on units, then the header in row 3."""
    workbook = Workbook()
    sheet = workbook.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a worksheet")
    sheet.title = table["sheet"]
    sheet.append([table["title"]])
    sheet.merge_cells(start_row=1, start_column=1, end_row=1, end_column=len(HEADER))
    sheet.append([f"计量单位：{table['unit']}    提供单位：{table['provider']}"])
    sheet.append(HEADER)
    by_team = {area["team"]: area for area in areas}
    for number, year in enumerate(table["years"]):
        for team, values in table["values"].items():
            area = {"code": "", "name": "合计"} if team == "total" else by_team[team]
            growth = table.get("growth", {}).get(team, [None] * len(table["years"]))[number]
            value = values[number]
            status = "" if isinstance(value, str) else table["status"]
            sheet.append([area["code"], area["name"], table["indicator"], f"{year}年", value, table["unit"], growth,
                          table["note"], status, table["provider"], table["date"]])  # fmt: skip
    for column, width in zip("ABCDEFGHIJK", (10, 10, 26, 10, 10, 8, 9, 30, 24, 14, 12), strict=True):
        sheet.column_dimensions[column].width = width
    workbook.properties.created = STAMP
    workbook.properties.creator = table["provider"]
    held = io.BytesIO()
    workbook.save(held)
    _settle(held, path)
    return path


def _settle(saved: io.BytesIO, path: Path) -> None:
    """Write the file without the hour of its making, so that building again gives the same bytes."""
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                modified = f"{STAMP.isoformat()}Z</dcterms:modified>".encode()
                content = re.sub(rb"[^>]*</dcterms:modified>", modified, content)
            target.writestr(zipfile.ZipInfo(item.filename, STAMP.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)


if __name__ == "__main__":
    for written in build():
        print(written.name)
