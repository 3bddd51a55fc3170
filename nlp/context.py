"""What a passage may lean on: its document's title, source, place and the mentions around it."""

from __future__ import annotations

import datetime as dt
import re
from bisect import bisect_left
from dataclasses import dataclass
from functools import cached_property

from nlp.names import Matcher, Mention, Strength
from nlp.surroundings import left_state

_OFFICIAL = re.compile(
    r"纪委|监委|审计[厅局署]|巡视|巡察|督察|督查|法院|检察院|人民政府|政府网|政府门户|"
    r"(?:厅|局|委员会|委|办公室|办)(?:官网|网站|官方网站|门户网站)?$|调查组|应急管理部|国家统计局"
)
_MEDIA = re.compile(
    r"日报|晚报|早报|时报|晨报|快报|电视|广播|融媒|新闻|发布|客户端|杂志|"
    r"头条|公众号|微博|网$|论坛|贴吧"
)
_CENTRAL = re.compile(r"新华|人民日报|人民网|央视|中央|新闻联播|国务院|光明日报|经济日报|中新|中国")
_TOWN = re.compile(r"[\u4e00-\u9fff]{2,3}?(?:街道|镇|乡)(?![村镇土])")
_OPEN_WEB = re.compile(r"论坛|贴吧|微博|网友|留言|抖音|快手|自媒体|头条号|百家号")


_PROVINCES = re.compile(
    "北京|天津|上海|重庆|河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|"
    "陕西|甘肃|青海|台湾|内蒙古|广西|西藏|宁夏|新疆|香港|澳门|雄安|深圳|广州|杭州|南京|武汉|成都|西安|合肥"
)


@dataclass(frozen=True)
class SourceInfo:
    """Where a document came from. `level`: 中央/省/市/区县/部门/自媒体/单位报送; `owner_team` runs the source."""

    name: str = ""
    level: str = ""
    owner_team: str | None = None
    official: bool = False


@dataclass(frozen=True)
class DocumentContext:
    """One document seen against one roster; built once, shared by its passages."""

    matcher: Matcher
    text: str
    title: str
    source: SourceInfo
    published_at: dt.date | None
    mentions: tuple[Mention, ...]
    title_teams: frozenset[str]
    strong_teams: frozenset[str]
    about_our_city: bool
    title_districts: tuple[str, ...] = ()
    verified: bool = False
    units_below: tuple[tuple[str, str], ...] = ()  # (云亭街道, team) where the document says whose it is

    def mentions_in(self, start: int, end: int) -> list[Mention]:
        """Mentions wholly inside [start, end) of the text."""
        first = bisect_left(self._starts, start)
        last = bisect_left(self._starts, end, lo=first)
        return [m for m in self.mentions[first:last] if m.end <= end]

    @cached_property
    def _starts(self) -> list[int]:
        return [m.start for m in self.mentions]


def guess_source(name: str, matcher: Matcher) -> SourceInfo:
    """Level, owner and officialness from a bare source name; careful: what is not clearly official is not."""
    name = name.strip()
    if not name:
        return SourceInfo()
    roster = matcher.roster
    owners = {
        f.team
        for m in matcher.find(name)
        for f in m.forms
        if f.strength >= Strength.LEVEL or (f.strength is Strength.STEM and _MEDIA.search(name))
    }
    owner = owners.pop() if len(owners) == 1 else None
    official = bool(_OFFICIAL.search(name)) and not _MEDIA.search(name)
    if _OPEN_WEB.search(name):
        level = "自媒体"
    elif _CENTRAL.search(name):
        level = "中央"
    elif roster.city_short and roster.city_short in name:
        level = "市"
    elif owner:
        level = "区县" if roster.by_id[owner].is_district else "部门"
    elif "省" in name or (len(roster.province) > 1 and roster.province[:-1] in name):
        level = "省"
    else:
        level = ""
    return SourceInfo(name, level, owner, official)


def document_context(
    matcher: Matcher,
    text: str,
    title: str = "",
    source: SourceInfo | None = None,
    published_at: dt.date | None = None,
    verified: bool = False,
) -> DocumentContext:
    """Find every roster name of the document and decide whether it speaks of our city at all."""
    source = source or SourceInfo()
    mentions = tuple(matcher.find(text))
    in_title = matcher.find(title) if title else []
    roster = matcher.roster
    local = _is_ours(matcher, text, title, source, mentions)
    owner = roster.by_id.get(source.owner_team or "")
    small_city = owner is not None and owner.level_char == "市"  # its 市财政局 is not the upper city's (T2)
    title_teams = {
        f.team
        for m in in_title
        for f in m.forms
        if _counts(f.strength, local)
        and not (small_city and f.strength is Strength.LEVEL)
        and left_state(title, m.start, roster) not in {"place", "body"}
    }
    strong = {f.team for m in mentions for f in m.forms if _counts(f.strength, local)}
    districts = tuple(t for t in title_teams if roster.by_id[t].is_district)
    return DocumentContext(
        matcher,
        text,
        title,
        source,
        published_at,
        mentions,
        frozenset(title_teams),
        frozenset(strong),
        local,
        districts,
        verified,
        _towns(matcher, text, mentions),
    )


def _towns(matcher: Matcher, text: str, mentions: tuple[Mention, ...]) -> tuple[tuple[str, str], ...]:
    """Towns and streets that the document names together with their district: 青棠区云亭街道."""
    found: dict[str, set[str]] = {}
    for m in mentions:
        for form in m.forms:
            if form.strength is Strength.FULL and matcher.roster.by_id[form.team].is_district:
                town = _TOWN.match(text, m.end)
                if town:
                    found.setdefault(town[0], set()).add(form.team)
    return tuple((name, teams.pop()) for name, teams in found.items() if len(teams) == 1)


def _counts(strength: Strength, local: bool) -> bool:
    return strength is Strength.FULL or (local and strength in {Strength.LEVEL, Strength.GENERIC})


def _is_ours(matcher: Matcher, text: str, title: str, source: SourceInfo, mentions: tuple[Mention, ...]) -> bool:
    """Relative names (市财政局, 高新区) are ours in our own sources; elsewhere the document must name our city.

    A source that is not named is one registered for this city.
    """
    roster = matcher.roster
    if source.owner_team:
        return True
    if not source.name and not source.level:
        named = roster.city_short and (roster.city_short in text or roster.city_short in title)
        return bool(named) or not _elsewhere(f"{title}\n{text}", roster.province) or _names_district(matcher, mentions)
    if source.level in {"市", "区县", "部门", "单位报送"}:
        return True
    if roster.city_short and (
        roster.city_short in source.name or roster.city_short in text or roster.city_short in title
    ):
        return True
    if source.level in {"", "自媒体"} and not roster.city_short:
        return True
    return _names_district(matcher, mentions)


def _names_district(matcher: Matcher, mentions: tuple[Mention, ...]) -> bool:
    return any(
        f.strength is Strength.FULL and matcher.roster.by_id[f.team].is_district for m in mentions for f in m.forms
    )


def _elsewhere(text: str, own_province: str) -> bool:
    """The text names a province that is not ours."""
    return any(not own_province.startswith(m[0]) for m in _PROVINCES.finditer(text))
