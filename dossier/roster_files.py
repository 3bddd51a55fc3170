"""Roster files: the YAML of domain.md Appendix A.1, and the Excel 花名册 of §4.9."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml
from python_calamine import CalamineError, CalamineWorkbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.roster import CadreData, RosterData, ZoneData, load
from nlp import roster as model
from nlp.errors import NlpError
from storage.errors import ShijiError
from storage.tables import Cadre
from storage.yaml_text import load_yaml

# column aliases, domain.md §4.9
COLUMNS: dict[str, tuple[str, ...]] = {
    "unit": ("单位", "工作单位", "所在单位", "班子", "单位名称"),
    "name": ("姓名",),
    "sex": ("性别",),
    "born": ("出生年月", "出生日期", "出生时间"),
    "post": ("现任职务", "职务", "现职务"),
    "since": ("任现职时间", "任职时间", "现任职务时间"),
}
FORBIDDEN = ("身份证", "家庭成员", "配偶", "子女")  # never asked for, never kept
HEADER_SEARCH_ROWS = 15


@dataclass(frozen=True)
class RowProblem:
    """A row that was not taken, or a statement of it that was not, and why."""

    sheet: str
    row: int
    code: str
    message: str


@dataclass
class SheetRead:
    """What a 花名册 states, and the rows refused."""

    data: RosterData
    problems: list[RowProblem] = field(default_factory=list)


def read_yaml(path: Path) -> RosterData:
    """A roster file with teams, tenures, look-alikes and, where present, `people` and `zones`."""
    _refuse_aliases(path)
    try:
        roster = model.load_roster(path)
        raw = load_yaml(path.read_text(encoding="utf-8-sig"))
    except NlpError as bad:
        raise ShijiError(bad.code, bad.message, bad.where, bad.action) from bad
    people = {str(p["id"]): p for p in raw.get("people") or ()}
    names = {t.person: t.name for t in roster.tenures}
    cadres = tuple(
        CadreData(key, name, str(people.get(key, {}).get("sex") or ""), _month(people.get(key, {}).get("born")))
        for key, name in names.items()
    )
    zones = tuple(ZoneData(str(z["id"]), str(z["name"]), str(z.get("section") or "")) for z in raw.get("zones") or ())
    city = (roster.city, roster.province, roster.capital)
    return RosterData(roster.teams, cadres, roster.tenures, zones, roster.look_alikes, city)


def _refuse_aliases(path: Path) -> None:
    """A few lines of YAML that refer to one another can stand for more text than any memory holds."""
    try:
        found = any(isinstance(token, yaml.AliasToken) for token in yaml.scan(path.read_text(encoding="utf-8-sig")))
    except (yaml.YAMLError, UnicodeDecodeError):
        return  # the reader says what is wrong with it
    if found:
        raise ShijiError("ROSTER-ALIAS", "名册文件使用了 YAML 引用（*名称）", path.name, "请逐项写明，不使用引用。")


def read_sheet(content: bytes, session: Session, where: str) -> SheetRead:
    """A 花名册 workbook, matched against the record by 姓名 + 出生年月 (+ 单位).

    The header may stand in any of the first rows; several rows may continue one person; notes after the table
    are skipped. Raises ShijiError SHEET-OPEN or SHEET-HEADER; a bad row becomes a RowProblem.
    """
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except (CalamineError, OSError, ValueError) as bad:
        raise ShijiError("SHEET-OPEN", f"花名册无法打开：{bad}", where, "请另存为 .xlsx 后重新上传。") from bad
    reader = _Reader(load(session), {c.id: c for c in session.scalars(select(Cadre))})
    found = False
    for name in book.sheet_names:
        rows = book.get_sheet_by_name(name).to_python(skip_empty_area=False)
        header = _find_header(rows)
        if header is not None:
            found = True
            reader.read(name, rows, header)
    if not found:
        raise ShijiError("SHEET-HEADER", "没有找到含“姓名”“现任职务”的表头行", where, "请检查表头文字。")
    return SheetRead(RosterData(cadres=tuple(reader.cadres.values()), tenures=tuple(reader.tenures)), reader.problems)


def _find_header(rows: list[list[Any]]) -> tuple[int, dict[str, int]] | None:
    for index, row in enumerate(rows[:HEADER_SEARCH_ROWS]):
        columns: dict[str, int] = {}
        for column, cell in enumerate(row):
            text = re.sub(r"\s", "", str(cell))
            for key, names in COLUMNS.items():
                if text in names:
                    columns.setdefault(key, column)
        if "name" in columns and "post" in columns:
            return index, columns
    return None


class _Reader:
    """State of one workbook: persons met so far and the tenures their rows state."""

    def __init__(self, roster: model.Roster, known: dict[str, Cadre]) -> None:
        self.roster = roster
        self.known = known
        self.teams = {name: t.id for t in roster.teams for name in (t.full, *t.aliases)}
        self.cadres: dict[str, CadreData] = {}
        self.tenures: list[model.Tenure] = []
        self.problems: list[RowProblem] = []
        self.next_number = 1 + max((int(k[1:]) for k in known if re.fullmatch(r"P\d+", k)), default=0)

    def read(self, sheet: str, rows: list[list[Any]], header: tuple[int, dict[str, int]]) -> None:
        start, columns = header
        unit = ""
        for number, row in enumerate(rows[start + 1 :], start + 2):
            cells = {k: row[c] if c < len(row) else "" for k, c in columns.items()}
            name = re.sub(r"\s", "", str(cells.get("name") or ""))
            unit = re.sub(r"\s", "", str(cells.get("unit") or "")) or unit  # merged unit cells fill one row only
            post = re.sub(r"\s", "", str(cells.get("post") or ""))
            if not name and not post:
                continue
            if not name or not re.fullmatch(r"[㐀-鿿·]{2,8}", name):
                if name and not post:  # a note under the table
                    continue
                self.problems.append(RowProblem(sheet, number, "SHEET-NAME", f"姓名不可用：{name or '空'}"))
                continue
            self._person(sheet, number, name, unit, post, cells)

    def _person(self, sheet: str, number: int, name: str, unit: str, post: str, cells: dict[str, Any]) -> None:
        team = self.teams.get(unit)
        if team is None:
            self.problems.append(RowProblem(sheet, number, "SHEET-UNIT", f"单位不在名册中：{unit or '空'}"))
            return
        try:
            born = _month(cells.get("born"))
            since = parse_day(cells.get("since"))
        except ValueError as bad:
            self.problems.append(RowProblem(sheet, number, "SHEET-DATE", f"{name} 的日期无法识别：{bad}"))
            return
        if not post or since is None:
            self.problems.append(RowProblem(sheet, number, "SHEET-POST", f"{name} 缺少现任职务或任现职时间"))
            return
        person = self._match(sheet, number, name, born, team)
        if person is None:
            return
        self.cadres[person] = CadreData(person, name, str(cells.get("sex") or "").strip(), born)
        known = self._tenure(person, name, team, post, since)
        if known and known.start and (known.start.year, known.start.month) != (since.year, since.month):
            note = f"{name} 任现职时间与名册不一致：名册 {known.start}，表中 {since:%Y-%m}，未作改动"
            self.problems.append(RowProblem(sheet, number, "SHEET-SINCE", note))

    def _match(self, sheet: str, number: int, name: str, born: str, team: str) -> str | None:
        """Id of the person: same name and birth month; else the same name in the same team; else a new person."""
        everyone = [(c.id, c.name, c.born) for c in self.known.values()]
        everyone += [(c.id, c.name, c.born) for c in self.cadres.values() if c.id not in self.known]
        same = [(key, known_born) for key, known_name, known_born in everyone if known_name == name]
        exact = [key for key, known_born in same if born and known_born == born]
        if len(exact) == 1:
            return exact[0]
        in_team = {t.person for t in self.roster.by_name.get(name, ()) if t.team == team and t.end is None}
        near = [key for key, known_born in same if key in in_team and (not born or not known_born)]
        if len(near) == 1 and not exact:
            return near[0]
        if len(exact) > 1 or (same and not born):
            self.problems.append(RowProblem(sheet, number, "SHEET-SAME-NAME", f"{name} 有同名干部，须补填出生年月"))
            return None
        person = f"P{self.next_number:03d}"
        self.next_number += 1
        return person

    def _tenure(self, person: str, name: str, team: str, post: str, since: date) -> model.Tenure | None:
        """Add what the row states anew; where the record knows the post already, return its tenure instead."""
        held = [t for t in self.roster.tenures if t.person == person]
        for tenure in held:
            if tenure.team == team and _same_post(tenure.post, post) and tenure.end is None:
                return tenure
        for tenure in held:
            if tenure.end is None and tenure.team == team and (tenure.start is None or tenure.start < since):
                self.tenures.append(replace(tenure, end=since))
        self.tenures.append(model.Tenure(person, name, team, post, since, None))
        return None


def _same_post(known: str, stated: str) -> bool:
    return re.sub(r"[（(].*?[）)]", "", known) in (stated, re.sub(r"[（(].*?[）)]", "", stated))


def parse_day(value: Any) -> date | None:
    """A day from the forms of §4.9: 2023.08, 202308, 2023年8月, 2023-08-20, Excel serials; month: its first day."""
    if value is None or value == "":
        return None
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float):
        if 190001 <= value <= 210012 and 1 <= int(value) % 100 <= 12 and float(value).is_integer():
            return date(int(value) // 100, int(value) % 100, 1)
        if 19000101 <= value <= 21001231 and float(value).is_integer():
            return date(int(value) // 10000, int(value) // 100 % 100, int(value) % 100)
        if 10000 <= value <= 80000 and float(value).is_integer():
            return date(1899, 12, 30) + timedelta(days=int(value))  # Excel serial
        if 1900 <= value <= 2100:  # 1978.04 kept as a number; 1978.1 is ambiguous between January and October
            return parse_day(f"{value:.2f}") if round(value % 1 * 100) not in (10,) else _ambiguous(value)
        raise ValueError(str(value))
    text = re.sub(r"\s", "", str(value))
    match = re.fullmatch(r"(\d{4})[.\-/年](\d{1,2})(?:月|[.\-/月](\d{1,2})日?)?", text) or re.fullmatch(
        r"(\d{4})(\d{2})(\d{2})?", text
    )
    if not match:
        raise ValueError(text)
    return date(int(match[1]), int(match[2]), int(match[3] or 1))


def _ambiguous(value: float) -> date:
    raise ValueError(f"{value}（可能是1月或10月，请改为文本）")


def _month(value: Any) -> str:
    day = parse_day(value)
    return f"{day:%Y-%m}" if day else ""
