"""What stands beside a person's name: titles, units, and signs that it is somebody else (P1, P4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

from nlp.context import DocumentContext
from nlp.names import Mention, Strength
from nlp.passages import Span
from nlp.posts import TITLE_BEFORE, TITLES
from nlp.surroundings import ends_like_organisation, is_everyday_word, left_state, starts_free, tagged
from nlp.voice import is_another_level


class Unit(Enum):
    """What unit is written with the title: a team of the roster, some other body, or none."""

    NONE = 0
    LISTED = 1
    OTHER = 2


@dataclass(frozen=True)
class NameSite:
    """A person's name in its sentence."""

    titles: tuple[str, ...]
    when: str
    unit: Unit
    unit_teams: frozenset[str]
    before: str
    after: str
    is_word: bool


_CITIZEN_BEFORE = re.compile(
    r"(?:居民|村民|市民|群众|业主|患者|病人|学生|同学|家长|教师|老师|工人|农民|农户|司机|驾驶员|老板|店主|店长|"
    r"商户|职工|员工|工友|党员|志愿者|网友|记者|通讯员|编辑|责编|摄影|摄|作者|医生|护士|民警|教授|专家|博士|研究员|"
    r"工程师|队员|选手|运动员|"
    r"嫌疑人|被告人|被告|原告|被害人|男子|女子|老人|大爷|大妈|大娘|阿姨|叔叔|先生|女士|师傅|创始人|法人|代表人|负责人|"
    r"种植户|养殖户|"
    r"大户|社员|乘客|顾客|游客|消费者|科员|干事|辅警|社工|网格员|联系人|本报|讯|文/|图/|妻子|丈夫|儿子|女儿|父亲|母亲|"
    r"演员|歌手|导演|作家|画家|诗人|书法家)[：:]?$"
)
_CITIZEN_AFTER = re.compile(
    r"(?:先生|女士|小姐|师傅|大爷|大妈|阿姨|老师|医生|教授|同学|"
    r"(?:的)?(?:家|店|果园|农场|公司|企业|厂|儿子|女儿|父亲|母亲|妻子)|[（(](?:男|女|化名|"
    r"音译)|家(?:的|里)|是[^，。；]{0,12}(?:居民|村民|学生|员工|老板|农民|工人))"
)
_MAY_FOLLOW = frozenset(
    "，。、；：:,.;！？!?）)》”\"'“（( \n　—-·在与和及跟向对到由从于的为让被把将就也还又是已曾率"
    "带赴出主参强指表说介要提现同任当等一来去深会接先一并即给"
)
# 王伟建议: the segmenter guesses a longer name 王伟建, the verb is plain to see.
_VERB_OF_OFFICE = re.compile(r"建议|强调|指出|表示|介绍|要求|出席|参加|主持|陪同|调研|走访|察看|检查|带队|率队")
_TAG_FOLLOW = ("v", "p", "c", "d", "u", "x", "w", "r", "t", "m", "vn", "ad", "s", "f", "l", "i")
_LEFT_OPEN = frozenset("，。、；：:,.;！？!?（(《“\"' \n　—-·由请与和及对经同志给是向在让被为任命免去按据于选")
# 担任石岭县县长的燕归鸿: the title stands before 的; 曾担任 would be a former post.
_HOLDER = re.compile(r"(?<!曾)(?:担任|兼任|身为|出任|现任)[^，。；]{2,24}的$")
_GAP = re.compile(
    r"(?:区|县|市|旗)?(?:委|政府|人民政府|党工委|管委会|管理委员会|党组|党委|"
    r"委、?(?:区|县|市|旗)政府|领导|班子)?"
    r"(?:[、，]|现任|时任|原任|新任|原|代)?$"
)
_THEN = re.compile(r"(?P<when>时任|原任|前任|原)[^，。；、]{2,16}$")  # 时任柳溪区 + 区长
_AFTER_TITLE = re.compile(
    r"(?:同志)?(?:，|、)?(?:[（(]|同时)?(?:现任|时任|担任|兼任|当选为?|被?任命为|提名为|"
    r"拟任|继续担任|任|系|为)"
    r"(?P<rest>[^。；;]{2,60})|[（(](?P<note>[^）)]{2,30})[）)]|"
    r"(?:同志)?，(?P<app>[^，。；;]{2,24}?)[，。]"
)
_PERSON_TAGS = ("nr", "nrt", "nrfg")


def name_site(context: DocumentContext, mention: Mention, sentence: Span) -> NameSite | None:
    """The name's surroundings, or None when it is plainly no cadre: part of a longer name or word, or a citizen."""
    text, start, end = context.text, mention.start, mention.end
    before, after = text[max(sentence.start, start - 40) : start], text[end : min(sentence.end, end + 120)]
    if _CITIZEN_BEFORE.search(before) or _CITIZEN_AFTER.match(after):
        return None
    word = is_everyday_word(mention.person_name)
    if not _ends_here(mention.text, after, word):
        return None
    held = _HOLDER.search(before)
    found = TITLE_BEFORE.search(before[:-1] if held else before)
    if held and found is None:
        return None
    titles: list[str] = []
    when, unit, teams = "", Unit.NONE, set[str]()
    at = start
    if found:
        titles.append(found["titles"])
        when = found["when"] or ""
        at = start - len(before) + found.start()
        if when and _inside_a_name(context, sentence, at):  # 固原区委书记: 原 is the end of the place, not 原任
            at, when = at + len(when), ""
        unit, teams = _unit_before(context, sentence, at, start - len(before) + found.start("titles"))
        past = _THEN.search(before, 0, found.start()) if unit is Unit.LISTED and not when else None
        when = past["when"] if past else when
    else:
        if before and before[-1] not in _LEFT_OPEN and not before.endswith(("同志", "时任", "现任")):
            direct = _mention_ending_at(context, sentence, start)
            if not direct:
                return None
            unit, teams = Unit.LISTED, direct
    more, more_teams = _titles_after(context, after, end)
    titles += more
    teams |= more_teams
    if more_teams and unit is Unit.NONE:
        unit = Unit.LISTED
    if word and not titles:
        return None
    if unit is Unit.NONE:
        teams = _teams_in(context, sentence)
    return NameSite(tuple(titles), when, unit, frozenset(teams), before[-30:], after[:120], word)


def _inside_a_name(context: DocumentContext, sentence: Span, at: int) -> bool:
    """A team's name covers the character at `at`."""
    return any(m.start <= at < m.end for m in context.mentions_in(sentence.start, sentence.end) if m.forms)


def _ends_here(name: str, after: str, word: bool) -> bool:
    """False when the characters after the name make a longer name or word of it: 王伟中, 高峰论坛."""
    if not after or (not word and _VERB_OF_OFFICE.match(after)):
        return True
    if after[0] in _MAY_FOLLOW and not word:
        return not (len(name) == 2 and _grows(name, after[:3]))
    if not "\u4e00" <= after[0] <= "\u9fff":
        return True
    return _follows(name, after[:6], word)


@lru_cache(maxsize=65536)
def _grows(name: str, after: str) -> bool:
    """王伟同 + 学: the segmenter sees one longer personal name that is no known word boundary."""
    first, tag = tagged(name + after)[0]
    return len(first) == len(name) + 1 and tag in _PERSON_TAGS and after[0] not in "，。、；：在到和与说的等率任是对就"


@lru_cache(maxsize=65536)
def _follows(name: str, after: str, word: bool) -> bool:
    for first, _ in tagged(name + after)[:1]:
        if len(first) > len(name):
            return False
    first, tag = tagged(after)[0]
    if (len(first) == 1 and tag not in {"v", "p", "c", "d", "u", "r"}) or tag.startswith("nr"):
        return len(name) > 2 and not word and not tag.startswith("nr")
    if word:
        return tag in {"v", "p", "c", "d", "u", "r"}
    return tag.startswith(_TAG_FOLLOW) or len(name) > 2


def _mention_ending_at(context: DocumentContext, sentence: Span, at: int) -> set[str]:
    """Teams whose name, with its body (委, 政府), ends exactly at `at`."""
    for m in context.mentions_in(sentence.start, at):
        if m.forms and _GAP.fullmatch(context.text, m.end, at) and _ours(context, m):
            return {f.team for f in m.forms}
    return set()


def _ours(context: DocumentContext, mention: Mention) -> bool:
    """The name is our team's: its full name, or 市财政局 where nothing before it may be another city's name."""
    if is_another_level(context, mention):
        return False
    left = left_state(context.text, mention.start, context.matcher.roster)
    full = any(f.strength is Strength.FULL for f in mention.forms)
    return left in {"open", "own"} or (full and left == "unknown")


def _unit_before(context: DocumentContext, sentence: Span, at: int, titles_at: int) -> tuple[Unit, set[str]]:
    """The unit written directly before a title: ours, somebody else's, or none."""
    text = context.text
    for m in context.mentions_in(sentence.start, sentence.end):  # 经开区管委会 + 主任: the name holds the title's start
        if m.start < titles_at < m.end and m.forms and _GAP.fullmatch(text, titles_at, m.end) and _ours(context, m):
            return Unit.LISTED, {f.team for f in m.forms}
    line = context.mentions_in(sentence.start, titles_at + 1)
    for m in reversed(line):
        if not m.forms and not m.look_alike:
            continue
        gap_ok = m.end >= titles_at or bool(_GAP.fullmatch(text, m.end, at))
        if gap_ok:
            if m.look_alike or m.end > titles_at + 1 or not _ours(context, m):
                return Unit.OTHER, set()
            return Unit.LISTED, {f.team for f in m.forms}
        between = text[m.end : at]
        if not re.search(r"[，。；：、]", between) and ends_like_organisation(between):
            return Unit.OTHER, set()
        break
    run = re.search(r"[\u4e00-\u9fffA-Za-z0-9]*$", text[sentence.start : at])
    left = run[0] if run else ""
    if not left or left.endswith(("时任", "原", "现任", "由", "和", "与", "任命", "免去")):
        return Unit.NONE, set()
    if ends_like_organisation(left):
        return Unit.OTHER, set()
    if text[titles_at] in "区县市旗州省":  # 海棠 + 区委书记: a place we do not know
        return (Unit.NONE, set()) if starts_free(text, at) else (Unit.OTHER, set())
    state = left_state(text, at, context.matcher.roster)
    return (Unit.OTHER, set()) if state in {"place", "body", "unknown"} else (Unit.NONE, set())


def _titles_after(context: DocumentContext, after: str, end: int) -> tuple[list[str], set[str]]:
    """Titles in 任望澜区委书记, （市发改委主任）, ，市发改委主任， with the teams named there."""
    direct = TITLES.match(after[:12])
    if direct and not direct["when"]:  # 栾景澄区长
        return [direct["titles"]], set()
    found = _AFTER_TITLE.match(after)
    if not found:
        return [], set()
    group = next(g for g in ("rest", "note", "app") if found[g])
    titles = [m["titles"] for m in TITLES.finditer(found[group])]
    if not titles:
        return [], set()
    if group == "app" and not found[group].endswith(titles[-1]):
        return [], set()
    a, b = end + found.start(group), end + found.end(group)
    return titles, {f.team for m in context.mentions_in(a, b) if _ours(context, m) for f in m.forms}


def _teams_in(context: DocumentContext, sentence: Span) -> set[str]:
    """Teams named in the sentence by a name that says which."""
    return {
        f.team
        for m in context.mentions_in(sentence.start, sentence.end)
        for f in m.forms
        if f.strength >= Strength.GENERIC and _ours(context, m)
    }
