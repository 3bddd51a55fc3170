"""A paragraph without a subject of its own goes on about the team of the paragraph before it (T3)."""

from __future__ import annotations

import re

from nlp.context import DocumentContext
from nlp.names import Strength
from nlp.surroundings import body_after, left_state, unit_below

_MEETING = re.compile(
    r"(?:会议|全会|会上|会上，[^，。；]{0,8})(?:还)?(?:强调|指出|要求|提出|认为|明确|审议|听取|传达|"
    r"决定|部署|通过|宣布)"
)
_PARTY = re.compile(
    r"(?P<noun>考察组|考察团|调研组|专班|平台|系统|工作组|工作队|小分队|指挥部|领导小组|清单|台账|"
    r"制度|机制|"
    r"办法|方案|服务队|宣讲团)(?:还|已|将|由|也|现|每|共|实行|按|对|把|坚持|建立|设|表示|负责|定期|"
    r"目前|运行|上线|累计)"
)
_HOLDS = re.compile(r"[^。；]{0,24}?(?:召开|举行|举办|组织|开展)")
_MAKES = re.compile(
    r"[^。；]{0,40}?(?:建立|组建|建起|建成|成立|开发|上线|推出|推行|实行|制定|出台|印发|赴|赶赴|派出|"
    r"设立|启用|搭建)"
)
_NO_SUBJECT_BEFORE = re.compile(r"(?:在|于|到|赴|对|向|给|为|把|将|由|从|与|和|同|来到|走进|位于|授予|约谈|通报|督办)$")


def continued_team(context: DocumentContext, start: int, end: int) -> tuple[str, int, int] | None:
    """(team, words from, to) when the passage [start, end) continues the deeds of the one team before it.

    Careful: the paragraph before must name a single team, as the one who holds the meeting or sets up the thing that
    the passage opens with; a meeting of the province held in a district is not the district's.
    """
    text = context.text
    opened = _MEETING.match(text, start, end)
    party = None if opened else _PARTY.match(text, start, end)
    if opened is None and party is None:
        return None
    line_end = start
    while line_end > 0 and text[line_end - 1].isspace():
        line_end -= 1
    line = (
        text.rfind("\n", 0, line_end) + 1
        if line_end < start and "\n" in text[line_end:start]
        else text.rfind("\n", 0, start) + 1
    )
    subject = _single_subject(context, line, line_end)
    if subject is None:
        return None
    team, after = subject
    if opened is not None:
        return (team, start, opened.end()) if _HOLDS.match(text, after, line_end) else None
    if party is None or not _MAKES.match(text, after, line_end):
        return None
    noun = party["noun"]
    told = noun in text[after:line_end] or (noun.startswith("考察") and "考察" in text[after:line_end])
    return (team, start, start + len(noun)) if told else None


def _single_subject(context: DocumentContext, line: int, end: int) -> tuple[str, int] | None:
    """The one team of the paragraph [line, end), with where its name ends, when it stands as the actor."""
    text, roster = context.text, context.matcher.roster
    teams: set[str] = set()
    first: tuple[str, int] | None = None
    for m in context.mentions_in(line, end):
        strong = {f.team for f in m.forms if f.strength >= Strength.GENERIC}
        if not strong:
            continue
        left = left_state(text, m.start, roster)
        if left in {"place", "body"} and not any(f.strength is Strength.FULL for f in m.forms):
            return None
        teams |= strong
        is_district = all(roster.by_id[t].is_district for t in strong)
        if (
            first is None
            and not _NO_SUBJECT_BEFORE.search(text, max(line, m.start - 3), m.start)
            and not (is_district and unit_below(text, m.end) > m.end)
        ):
            first = (next(iter(strong)), body_after(text, m.end) if is_district else m.end)
    return first if len(teams) == 1 and first is not None else None
