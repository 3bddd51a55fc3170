"""Whose voice a document speaks in: what 我市, 市财政局 and 高新区 mean in this source and this place (T2, T3)."""

from __future__ import annotations

import re

from nlp.context import DocumentContext
from nlp.names import Mention, Strength
from nlp.roster import Team
from nlp.surroundings import left_state

# 与我市一湾之隔的新区: our place is only where something else lies; 我市天气晴好 is nobody's work.
_BESIDE_BEFORE = re.compile(r"(?:毗邻|邻近|靠近|紧邻|临近|途经|路过)$")
_BESIDE_AFTER = re.compile(r"[^，。；]{0,4}(?:一[湾水江河山路桥]之隔|相邻|毗邻|接壤|相望|交界|近在咫尺)")
_WEATHER_AFTER = re.compile(
    r"(?:大部|境内|各地|城区|将|有|以|为|的|多数地区|今日|明日)*"
    r"(?:天气(?!预警)|气温|晴[好间转，]|多云|阴[天转]|阵雨|小雨|中雨)"
)
_ZONE_BODY = re.compile(r"党工委|管委会|管理委员会|党委")
_CLAUSES = "。！？；\n"


def own_team(context: DocumentContext) -> Team | None:
    """The district or department whose own source this is; None when the text is printed from the city's press."""
    roster = context.matcher.roster
    owner = roster.by_id.get(context.source.owner_team or "")
    if owner is None or not roster.city_short or roster.city_short not in context.source.name:
        return owner
    # 澜宁日报 reprinted by a county-level city's own site: its 我市 is the city's, not the county-level city's.
    stem = owner.full.removeprefix(roster.city).removeprefix(roster.city_short)
    named = stem[:2] in context.source.name or any(a in context.source.name for a in owner.aliases)
    return owner if named or not owner.is_district else None


def speaks_as_small_city(context: DocumentContext) -> Team | None:
    """The county-level city in whose own source 我市 and 市财政局 are its own, not the upper city's (T3)."""
    owner = own_team(context)
    return owner if owner is not None and owner.level_char == "市" else None


def is_another_level(context: DocumentContext, mention: Mention) -> bool:
    """市财政局 in a county-level city's own source: that city's bureau, not the upper city's department (T2)."""
    return (
        speaks_as_small_city(context) is not None
        and bool(mention.forms)
        and all(f.strength in {Strength.LEVEL, Strength.BARE} for f in mention.forms)
        and left_state(context.text, mention.start, context.matcher.roster) != "own"
    )


def only_located(text: str, start: int, end: int) -> bool:
    """The name at [start, end) only says where something else lies, or whose weather it is."""
    return bool(
        _BESIDE_BEFORE.search(text, max(0, start - 3), start)
        or _BESIDE_AFTER.match(text, end)
        or _WEATHER_AFTER.match(text, end)
    )


def speaks_of_upper_city(context: DocumentContext, at: int) -> bool:
    """The sentence up to `at` names the upper city: 全市, 市委 after it are not the county-level city's."""
    text, city = context.text, context.matcher.roster.city
    start = max(text.rfind(mark, 0, at) for mark in _CLAUSES) + 1
    return bool(city) and city in text[start:at]


def names_other_place(context: DocumentContext, owner: Team, at: int) -> bool:
    """The sentence up to `at` speaks of the province or of another place of the owner's level: 江浦市的市长."""
    text = context.text
    start = max(text.rfind(mark, 0, at) for mark in _CLAUSES) + 1
    before = text[start:at].replace(owner.full, "")
    return "省" in before or "中央" in before or bool(_OTHER_PLACE[owner.level_char].search(before))


_OTHER_PLACE = {
    level: re.compile(
        rf"[\u4e00-\u9fff]{{2}}(?<![我全本老城社小园景校片灾山厂]){level}"
        r"(?![场民域容集直属级间内]|[里外]的)"
    )
    for level in "区县市旗"
}


def belongs_elsewhere(context: DocumentContext, mention: Mention) -> str:
    """Whether a name that every city has (高新区) was last said of another place: "near", "before" or "".

    宁州高新区……，高新区当年兑现奖补: the second is the first again. `near`: told in the same paragraph.
    """
    text, roster = context.text, context.matcher.roster
    core = _ZONE_BODY.split(mention.text)[0] or mention.text
    line = text.rfind("\n", 0, mention.start) + 1
    for m in reversed(context.mentions):
        if m.end > mention.start or core not in m.text:
            continue
        if any(f.strength is Strength.FULL for f in m.forms):
            return ""
        left = "place" if m.look_alike else left_state(text, m.start, roster)
        if left == "own":
            return ""
        if left in {"place", "unknown"}:
            return "near" if m.start >= line and left == "place" else "before"
    capital = roster.capital[:-1] if len(roster.capital) > 2 else roster.capital
    if capital and capital != roster.city_short:
        said = text.rfind(capital, line, mention.start)
        if said >= 0 and roster.city_short not in text[said : mention.start]:
            return "before"
        if capital + core in context.title or f"{capital}市{core}" in context.title:
            return "before"
    return ""
