"""What stands beside a person's name or a bare title: titles, units, and signs that it is somebody else (P1, P4)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache

import rjieba

from nlp.context import DocumentContext
from nlp.names import Mention, Strength
from nlp.passages import Span
from nlp.posts import TITLE_BEFORE, TITLES, is_head
from nlp.roster import Team
from nlp.scan import led
from nlp.surroundings import ends_like_organisation, is_everyday_word, left_state, starts_free, tagged
from nlp.teams import TeamFindings
from nlp.voice import is_another_level, names_other_place, own_team


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


@dataclass(frozen=True)
class HeadSite:
    """A head's title without a name, with the team it belongs to; `sure` when the unit is written beside it."""

    team: str
    titles: tuple[str, ...]
    when: str
    start: int
    end: int
    before: str
    after: str
    sure: bool


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
_SURNAME = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文"
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


_HEAD = re.compile(
    r"(?P<body>(?:区|县|市|旗)?(?:委|政府|人民政府|党工委|管委会|管理委员会|党组|党委)?)"
    r"(?P<when>时任|现任)?"
    r"(?P<title>主要负责人|主要负责同志|主要领导|(?:区委|县委|市委|旗委|党工委|党组|管委会)?(?:书记|"
    r"主任|局长|部长)|"
    r"代?[区县市旗]长|长)(?!期|者|江|途|远|效|年|春|沙|宁|安|治|乐|大|达|办|助理|会议|"
    r"热线|信箱|专线|接待|工作室|论坛|质量奖|令)"
)
_BARE_HEAD = led(
    "时现区县市党管",
    r"(?P<when>时任|现任)?(?P<title>区委书记|县委书记|市委书记|区长|县长|市长|党工委书记|"
    r"管委会主任)"
    r"(?!期|者|江|途|远|效|年|春|沙|宁|安|治|乐|大|办|助理|会议|"
    r"热线|信箱|专线|接待|工作室|论坛|质量奖|令)",
)
_ONCE = ("曾任", "历任", "原", "原任", "前任")  # one of several former holders, and nobody says which
_NOT_HEAD_BEFORE = re.compile(r"(?:副|原|前|前任|原任|代|候任|曾任|历任)$")


def head_sites(context: DocumentContext, span: Span, teams: TeamFindings) -> list[HeadSite]:
    """Titles of heads without a name in the passage (P2). Deputies and 有关负责人 are never resolved (P8)."""
    text = context.text
    out: list[HeadSite] = []
    accepted = {a.id for a in teams.accepted}
    for m in context.mentions_in(span.start, span.end):
        ids = {f.team for f in m.forms}
        if len(ids) != 1 or not ids <= accepted or context.text[max(0, m.start - 3) : m.start].endswith(_ONCE):
            continue
        (team,) = ids
        found = _HEAD.match(text, m.end, span.end)
        if found and found["title"] == "长" and not found["body"] and _starts_a_word(text, found.end() - 1, span.end):
            continue  # 石岭县长达五年: 长达 is the word, not 县长
        if found and not _name_follows(text, found.end(), span.end):
            titles = _head_titles(context, team, found["body"], found["title"], m.text)
            if titles:
                out.append(_head_site(context, team, titles, found["when"] or "", m.start, found.end(), span, True))
    districts = [t for t in accepted if context.matcher.roster.by_id[t].is_district]
    owner = own_team(context)
    if len(districts) != 1 and (owner is None or not owner.is_district):
        return out
    for found in _BARE_HEAD.finditer(text, span.start, span.end):
        at, before = found.start(), text[max(span.start, found.start() - 2) : found.start()]
        if any(s.start <= at < s.end for s in out) or _NOT_HEAD_BEFORE.search(before):
            continue
        team, sure = _whose_head(context, owner, found["title"], districts, at)
        if (
            team
            and left_state(text, at, context.matcher.roster) == "open"
            and is_head(found["title"])
            and not _name_follows(text, found.end(), span.end)
        ):
            out.append(_head_site(context, team, (found["title"],), found["when"] or "", at, found.end(), span, sure))
    return out


def _starts_a_word(text: str, at: int, end: int) -> bool:
    """The segmenter sees a word of two or more characters begin at `at`."""
    return len(tagged(text[at : min(end, at + 5)])[0][0]) >= 2


def _whose_head(
    context: DocumentContext, owner: Team | None, title: str, districts: list[str], at: int
) -> tuple[str, bool]:
    """The team whose head 区长, 市长 is without a unit beside it, and whether that is sure.

    Sure in the district's own source, where no other district is spoken of (T3, P2); elsewhere only the one district
    of the passage, as a question. 市长 and 市委书记 are the upper city's except in a county-level city's own source.
    """
    roster = context.matcher.roster
    level = title[0] if title[0] in "区县市" else ""
    if owner is not None and owner.is_district and owner.level_char == level and set(districts) <= {owner.id}:
        return ("", False) if names_other_place(context, owner, at) else (owner.id, bool(level))
    if len(districts) != 1 or level == "市" or (level and level != roster.by_id[districts[0]].level_char):
        return "", False
    return districts[0], False


def _head_site(
    context: DocumentContext,
    team: str,
    titles: tuple[str, ...],
    when: str,
    start: int,
    end: int,
    span: Span,
    sure: bool,
) -> HeadSite:
    text = context.text
    return HeadSite(
        team,
        titles,
        when,
        start,
        end,
        text[max(span.start, start - 30) : start],
        text[end : min(span.end, end + 120)],
        sure,
    )


def _head_titles(context: DocumentContext, team: str, body: str, title: str, name: str) -> tuple[str, ...]:
    """The titles that a head's designation stands for: 白榆区政府主要负责人 is 区长; without 政府, nobody."""
    own = context.matcher.roster.by_id[team]
    level = own.level_char
    party = any(w in body for w in ("党工委", "党组", "党委")) or (body.endswith("委") and "管委会" not in body)
    if title.startswith("主要"):
        if not own.is_district:
            return ()
        if party:
            return (f"{level}委书记", "党工委书记")
        governs = body.endswith(("政府", "管委会", "管理委员会")) or "管委会" in name
        return (f"{level}长", "管委会主任") if governs else ()
    if title == "长":  # 望澜区长, 市财政局长
        return (f"{level}长",) if level else ((name[-1] + "长",) if name[-1] in "局部" else ())
    if title == "书记":
        if own.is_district:
            return (f"{level}委书记", "党工委书记") if party else ()
        return ("党组书记", "书记") if body.startswith("党") else ()
    if title in {"主任", "局长", "部长"} and own.is_district and "管委会" not in body + name:
        return ()
    return (body + title if body.endswith(("党组", "党工委", "管委会")) else title,)


# Surnames that are everyday words: 县长曾到林场, 市委书记戴着安全帽, 区长于当日.
_NOT_A_SURNAME = re.compile(
    r"曾[到在赴带率多于经参主来为对]|曾先后|戴[着上]|于[\d近当今昨去上本]|[向和][^，。]|"
    r"[从在到对把将就又也还已]|"
    r"高度|高兴|严肃|严格|方能|方可|时刻|及时|全程|全面|万分|安排|连夜|连续|常年|常到|常去|"
    r"常说|毛遂"
)


def _name_follows(text: str, at: int, end: int) -> bool:
    """A person's name stands after the title: then it is that person, and P2 does not apply."""
    after = text[at : min(end, at + 5)]
    if not after or not "\u4e00" <= after[0] <= "\u9fff":
        return False
    first, tag = tagged(after)[0]
    if _NOT_A_SURNAME.match(after):
        return False
    if tag.startswith("nr"):
        return True
    if len(first) >= 2:
        return first[0] in _SURNAME and not rjieba.has_word(first)
    return first in _SURNAME or tag in {"x", "n", "nz", "ns", "j", "g", "ng"}
