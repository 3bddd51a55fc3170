"""Titles of heads without a name: whose head 区长, 该局局长 is (P2)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import rjieba

from nlp.context import DocumentContext
from nlp.passages import Span
from nlp.posts import is_head
from nlp.roster import Team
from nlp.scan import led
from nlp.surroundings import left_state, tagged
from nlp.teams import TeamFindings
from nlp.voice import names_other_place, own_team


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


_SURNAME = frozenset(
    "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛"
    "叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔"
    "贺赖龚文"
)


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
