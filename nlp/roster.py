"""The roster: teams, look-alike names and dated tenures, read from the YAML of domain.md Appendix A.1."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from nlp.errors import NlpError

_DISTRICT_END = re.compile(r"(?:区|县|市|旗)$")
_DATE = re.compile(r"(\d{4})[-./年](\d{1,2})(?:[-./月](\d{1,2})日?)?月?")
_OPEN_END = {"", "今", "至今", "现任", "null", "none"}


@dataclass(frozen=True)
class Team:
    """A leadership team (班子) of a district or a department."""

    id: str
    full: str
    category: str = ""
    zone: str = ""
    aliases: tuple[str, ...] = ()
    ambiguous: tuple[str, ...] = ()
    kind: str = ""
    managed: bool = True

    @property
    def is_district(self) -> bool:
        """True for a county, district, county-level city or development zone."""
        if self.kind:
            return self.kind in {"县区", "区县", "县市区", "开发区", "县", "区", "district"}
        return bool(_DISTRICT_END.search(self.full))

    @property
    def level_char(self) -> str:
        """区, 县, 市 or 旗 for a district (what 该区/我县 refer to); empty for a department."""
        return self.full[-1] if self.is_district and _DISTRICT_END.search(self.full) else ""


@dataclass(frozen=True)
class Tenure:
    """One person in one post of one team over the half-open interval [start, end); None is open."""

    person: str
    name: str
    team: str
    post: str
    start: dt.date | None = None
    end: dt.date | None = None

    def covers(self, on: dt.date) -> bool:
        """True when `on` lies in [start, end) (domain.md §3.8, tenure intervals)."""
        return (self.start is None or self.start <= on) and (self.end is None or on < self.end)

    def overlaps(self, first: dt.date, last: dt.date) -> bool:
        """True when some day from `first` to `last` lies in the tenure."""
        return (self.start is None or self.start <= last) and (self.end is None or first < self.end)


@dataclass(frozen=True)
class Roster:
    """Everything the attribution may know about a city's teams and people."""

    city: str
    province: str
    capital: str
    teams: tuple[Team, ...]
    look_alikes: tuple[str, ...] = ()
    tenures: tuple[Tenure, ...] = ()
    by_id: Mapping[str, Team] = field(init=False, repr=False, compare=False)
    by_name: Mapping[str, tuple[Tenure, ...]] = field(init=False, repr=False, compare=False)
    by_team: Mapping[str, tuple[Tenure, ...]] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        names: dict[str, list[Tenure]] = defaultdict(list)
        teams: dict[str, list[Tenure]] = defaultdict(list)
        for tenure in self.tenures:
            names[tenure.name].append(tenure)
            teams[tenure.team].append(tenure)
        object.__setattr__(self, "by_id", {t.id: t for t in self.teams})
        object.__setattr__(self, "by_name", {k: tuple(v) for k, v in names.items()})
        object.__setattr__(self, "by_team", {k: tuple(v) for k, v in teams.items()})

    @property
    def city_short(self) -> str:
        """澜宁 for 澜宁市."""
        return self.city[:-1] if len(self.city) > 2 and self.city[-1] in "市盟州" else self.city

    def holders(self, team: str, on: dt.date) -> tuple[Tenure, ...]:
        """Tenures of `team` that cover the day `on`."""
        return tuple(t for t in self.by_team.get(team, ()) if t.covers(on))

    def persons_named(self, name: str) -> tuple[str, ...]:
        """Ids of the different persons that carry `name`, in roster order."""
        return tuple(dict.fromkeys(t.person for t in self.by_name.get(name, ())))


def load_roster(path: str | Path) -> Roster:
    """Read a roster file. Raises NlpError (NLP-R01 unreadable, NLP-R02 not YAML, NLP-R1x a bad row)."""
    try:
        text = Path(path).read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as exc:
        raise NlpError("NLP-R01", f"名册文件无法读取（{exc}）", str(path), "检查路径和编码（UTF-8）") from exc
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        data = yaml.load(text, Loader=loader)  # noqa: S506 - a safe loader, only the faster build of it
    except yaml.YAMLError as exc:
        raise NlpError("NLP-R02", f"名册文件不是有效的 YAML（{exc}）", str(path), "按样例修正格式") from exc
    return roster_from_dict(data)


def roster_from_dict(data: object) -> Roster:
    """Build a roster from parsed YAML. Raises NlpError NLP-R10..R16 naming the row."""
    if not isinstance(data, Mapping):
        raise NlpError("NLP-R10", "名册应是含 teams、tenures 的映射", "顶层", "参照样例名册")
    teams = tuple(_team(row, i) for i, row in enumerate(_rows(data, "teams"), 1))
    if not teams:
        raise NlpError("NLP-R11", "名册没有班子", "teams", "至少填写一个班子")
    twice = [k for k, n in Counter(t.id for t in teams).items() if n > 1]
    if twice:
        raise NlpError("NLP-R12", f"班子编号重复：{twice[0]}", "teams", "编号应唯一")
    known = {t.id for t in teams}
    tenures = tuple(_tenure(row, i, known) for i, row in enumerate(_rows(data, "tenures"), 1))
    city, province, capital = _city(data.get("city"), teams)
    look_alikes = tuple(dict.fromkeys(str(x).strip() for x in data.get("look_alikes") or () if str(x).strip()))
    return Roster(city, province, capital, teams, look_alikes, tenures)


def _rows(data: Mapping[str, Any], key: str) -> list[Any]:
    rows = data.get(key) or []
    if not isinstance(rows, list):
        raise NlpError("NLP-R10", f"{key} 应是列表", key, "参照样例名册")
    return rows


def _text(row: Any, key: str, where: str, required: bool = False) -> str:
    if not isinstance(row, Mapping):
        raise NlpError("NLP-R13", "这一行不是映射", where, "参照样例名册")
    value = row.get(key)
    text = "" if value is None else str(value).strip()
    if required and not text:
        raise NlpError("NLP-R13", f"缺少 {key}", where, f"补填 {key}")
    return text


def _names(row: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    value = row.get(key) or []
    if isinstance(value, str):
        value = [value]
    if not isinstance(value, list):
        raise NlpError("NLP-R13", f"{key} 应是列表", where, "参照样例名册")
    return tuple(dict.fromkeys(str(x).strip() for x in value if str(x or "").strip()))


def _team(row: Any, number: int) -> Team:
    where = f"teams 第{number}行"
    ident, full = _text(row, "id", where, True), _text(row, "full", where, True)
    managed = row.get("managed", row.get("managed_by_city", True))
    return Team(
        ident,
        full,
        _text(row, "category", where),
        _text(row, "zone", where),
        _names(row, "aliases", where),
        _names(row, "ambiguous", where),
        _text(row, "kind", where),
        managed is not False,
    )


def _tenure(row: Any, number: int, known: set[str]) -> Tenure:
    where = f"tenures 第{number}行"
    person, name = _text(row, "person", where, True), _text(row, "name", where, True)
    team, post = _text(row, "team", where, True), _text(row, "post", where, True)
    if team not in known:
        raise NlpError("NLP-R14", f"任职所在班子 {team} 不在名册中", where, "先登记班子或更正编号")
    start, end = _day(row.get("from"), where, "from"), _day(row.get("to"), where, "to")
    if start and end and end <= start:
        raise NlpError("NLP-R16", f"任职止期 {end} 不晚于起期 {start}", where, "核对任免文件日期")
    return Tenure(person, re.sub(r"\s+", "", name), team, post, start, end)


def _day(value: object, where: str, key: str) -> dt.date | None:
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    text = "" if value is None else str(value).strip()
    if text.lower() in _OPEN_END:
        return None
    found = _DATE.fullmatch(text)
    try:
        if found:
            return dt.date(int(found[1]), int(found[2]), int(found[3] or 1))
    except ValueError:
        pass
    raise NlpError("NLP-R15", f"{key} 不是日期：{text}", where, "写成 2025-10-16 的形式")


def _city(value: object, teams: tuple[Team, ...]) -> tuple[str, str, str]:
    if isinstance(value, Mapping):
        name, province, capital = (str(value.get(k) or "").strip() for k in ("name", "province", "capital"))
    else:
        name, province, capital = str(value or "").strip(), "", ""
    if not name:
        # Without a city entry the departments' own full names tell: 澜宁市财政局, 澜宁市教育局 ...
        prefixes = Counter(m[1] for t in teams if not t.is_district and (m := re.match(r"(\w{2,7}?市)\w{2,}", t.full)))
        best = prefixes.most_common(1)
        name = best[0][0] if best and best[0][1] >= 2 else ""
    return name, province, capital
