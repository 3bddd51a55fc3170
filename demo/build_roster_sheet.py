"""Write the demo's 花名册 (domain.md §4.9) as an office keeps one: demo/roster.xlsx.

Run `python -m demo.build_roster_sheet`. It states the current posts of demo/roster.yaml in the mixed forms that
real sheets hold, and differs from it on purpose in three places (see DIFFERENCES), so that an import shows something.
"""

from __future__ import annotations

import io
import re
from datetime import date, datetime
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from demo.rows import read_yaml
from demo.steady import write_steady

HERE = Path(__file__).parent
SHEET = HERE / "roster.xlsx"
STAMP = datetime(2025, 10, 16, 9, 0, 0)
HEADER = ("序号", "单 位", "姓 名", "性别", "出生年月", "现任职务", "任现职时间", "分工", "备注")
NOTES = ("注：1. 本表只列现任职务，历任职务见任免文件。", "2. 兼任的分行填写；出生年月以任免文件为准。")
# a new deputy; a changed post; a date of taking up the post that the record has otherwise
NEW_DEPUTY = {
    "team": "MA05", "name": "乔望野", "sex": "男", "born": "1983.05", "post": "党组成员、副局长", "from": "2025.09"
}  # fmt: skip
CHANGED_POST = {"P015": ("党工委副书记、管委会主任", "2025.09")}
CHANGED_DATE = {"P011": "2024.04"}
DIFFERENCES = (NEW_DEPUTY["name"], *CHANGED_POST, *CHANGED_DATE)


def build(path: Path = SHEET) -> Path:
    """Write the workbook and return its path; building again gives the same bytes."""
    roster = read_yaml(HERE / "roster.yaml")
    workbook = Workbook()
    sheet = workbook.active
    if not isinstance(sheet, Worksheet):
        raise TypeError("a new workbook has a worksheet")
    sheet.title = "市管干部"
    for line in ("澜宁市市管领导班子成员花名册", "（截至2025年10月16日）"):
        sheet.append([line])
        sheet.merge_cells(start_row=sheet.max_row, start_column=1, end_row=sheet.max_row, end_column=len(HEADER))
    sheet.append(HEADER)
    number = 0
    for team in roster["teams"]:
        rows = _rows(roster, team["id"])
        first = sheet.max_row + 1
        unit = team["full"] if team["kind"] == "县区" else team["aliases"][0]
        for place, row in enumerate(rows):
            number += 1
            shown = " ".join(row["name"]) if len(row["name"]) == 2 else row["name"]
            sheet.append([number, None if place else unit, shown, row["sex"], _form(row["born"], number), row["post"],
                          _form(row["from"], number + 2), row["duty"], row["note"]])  # fmt: skip
        if len(rows) > 1:
            sheet.merge_cells(start_row=first, start_column=2, end_row=sheet.max_row, end_column=2)
        if team["id"] == "D01":  # a second line of duties belongs to the person above it
            sheet.append([None, None, None, None, None, None, None, "联系青石街道", None])
    for note in NOTES:
        sheet.append([note])
    workbook.create_sheet("填表说明").append(["本表由各单位组织人事科填写，经主要负责人审核后报送。"])
    workbook.properties.created = STAMP
    held = io.BytesIO()
    workbook.save(held)
    write_steady(held, path, STAMP)
    return path


def _rows(roster: dict[str, Any], team: str) -> list[dict[str, str]]:
    """The team's open tenures as the sheet states them."""
    people = {p["id"]: p for p in roster["people"]}
    rows = []
    for tenure in roster["tenures"]:
        person = tenure["person"]
        if tenure["team"] != team or tenure["to"] is not None:
            continue
        plain = re.sub(r"[（(].*?[）)]", "", tenure["post"])
        post, since = CHANGED_POST.get(person, (plain, f"{tenure['from']:%Y.%m}"))
        rows.append({
            "name": tenure["name"], "sex": people[person]["sex"], "born": people[person]["born"], "post": post,
            "from": CHANGED_DATE.get(person, since), "duty": "主持全面工作" if "书记" in post else "",
            "note": "兼任" if person == "P028" and team == "MB07" else "",
        })  # fmt: skip
    if NEW_DEPUTY["team"] == team:
        rows.append({**NEW_DEPUTY, "duty": "", "note": "新任"})
    return rows


def _form(month: str, number: int) -> str | int | float | date:
    """A month such as 1978.04 in one of the forms people type; `number` chooses."""
    year, digits = month.split(".")
    first = date(int(year), int(digits), 1)
    forms: tuple[str | int | float | date, ...] = (
        month,
        int(year + digits),
        (first - date(1899, 12, 30)).days,  # an Excel serial that lost its date format
        f"{year}年{int(digits)}月",
        first,
        float(month) if digits != "10" else month,  # typed as a number; October would become .1
    )
    return forms[number % len(forms)]


if __name__ == "__main__":
    print(build().name)
