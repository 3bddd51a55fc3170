"""Attributing a passage to leadership teams: rules T1-T8 of domain.md §3.8, with scores, roles and reasons."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from nlp.context import DocumentContext
from nlp.continuation import continued_team
from nlp.names import Mention, Strength, TeamForm
from nlp.passages import Span
from nlp.roles import Place, team_role
from nlp.roster import Team
from nlp.surroundings import (
    after_province,
    body_after,
    is_everyday_word,
    is_split_by_words,
    is_vertical,
    left_state,
    names_a_thing,
    names_water_with_duty,
    starts_free,
    unit_below,
)
from nlp.topic_port import TopicResult
from nlp.voice import (
    belongs_elsewhere,
    is_another_level,
    only_located,
    own_team,
    speaks_as_small_city,
    speaks_of_upper_city,
)

Status = Literal["accepted", "undecided"]


@dataclass(frozen=True)
class TeamThresholds:
    """Points needed (domain.md §3.8, scoring sketch); configuration, not law."""

    accept: int = 3
    ask: int = 1


@dataclass(frozen=True)
class TeamAttribution:
    """One team of a passage. `spans` are in the document's text; `because` is for officers."""

    id: str
    role: str
    confidence: float
    because: str
    status: Status = "accepted"
    rules: tuple[str, ...] = ()
    score: int = 0
    spans: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class TeamFindings:
    """What was decided and what is left to an officer (待判)."""

    accepted: tuple[TeamAttribution, ...] = ()
    undecided: tuple[TeamAttribution, ...] = ()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One reason to think of one team: points, place, and the rule that gave it."""

    team: str
    points: int
    start: int
    end: int
    rule: str
    note: str
    below: bool = False
    bodied: bool = False  # named by its committee or government


_ANAPHOR = re.compile(
    r"(?P<who>我|该|全|本)(?P<c>[区县旗市])(?![域间块位场民属直辖])|"
    r"(?P<b>[区县旗市])(?:委、?(?:和)?(?P=b)政府|委(?![员托派])|政府|人民政府|人大常委会|纪委监委)"
)
_OWN_UNIT = re.compile(r"(?:我|本)(?:局|委(?![员托派])|办(?![理事公])|部(?![分门])|单位|会(?=[党班机领]))")
_OFFICE_VERB = re.compile(r"[理好事案结学会成法园实]")
_HOME_OF = re.compile(r"(?:来自|家住|籍贯|祖籍|户籍)$")
_TOWN = re.compile(
    r"(?:^|(?<=[，。；、：“到在赴由和与]))(?P<town>[\u4e00-\u9fff]{2,3}?(?:街道|(?<![城乡])镇|乡(?!村|"
    r"镇|土|亲)))"
)
_CONFIDENCE = {1: 0.3, 2: 0.5, 3: 0.86, 4: 0.92, 5: 0.95, 6: 0.97}


def attribute_teams(
    context: DocumentContext, span: Span, topic: TopicResult | None = None, thresholds: TeamThresholds | None = None
) -> TeamFindings:
    """Teams of the passage `span` of the document; the same input gives the same answer."""
    limits = thresholds or TeamThresholds()
    tallies: dict[str, list[Evidence]] = defaultdict(list)
    for reason in team_evidence(context, span):
        tallies[reason.team].append(reason)
    if not tallies:
        carried = continued_team(context, span.start, span.end)
        if carried is not None:
            team, start, end = carried
            tallies[team].append(Evidence(team, 3, start, end, "T3", "承接上段，上段仅此一个班子为行为主体"))
    passage = context.text[span.start : span.end]
    label, sub = (topic.label, topic.sub_type) if topic else ("", None)
    accepted: list[TeamAttribution] = []
    undecided: list[TeamAttribution] = []
    sure = [t for t, evidence in tallies.items() if max(e.points for e in evidence) >= limits.accept]
    for team, evidence in tallies.items():
        score, because, rules = _weigh(context, team, evidence)
        if score < limits.ask:
            continue
        places = [_place(e, tallies, span) for e in evidence]
        role, why = team_role(
            passage, places, len(sure) <= 1, label, sub, context.matcher.roster.by_id[team].is_district
        )
        status: Status = "accepted" if score >= limits.accept else "undecided"
        if label == "irrelevant" and all(e.below for e in evidence):
            status = "undecided"  # a school's own news names its county only by where it stands
        item = TeamAttribution(
            team,
            role,
            _CONFIDENCE[min(score, 6)],
            f"{because}；角色：{role}（{why}）",
            status,
            rules,
            score,
            tuple((e.start, e.end) for e in evidence),
        )
        (accepted if status == "accepted" else undecided).append(item)
    if not accepted and not undecided and len(context.title_teams) == 1 and label != "irrelevant":
        (team,) = context.title_teams
        undecided.append(
            TeamAttribution(team, "仅提及", 0.4, "仅标题提及，本段未点名；请人工确认", "undecided", ("T8",), 2)
        )
    return TeamFindings(tuple(accepted), tuple(undecided))


def _place(own: Evidence, tallies: dict[str, list[Evidence]], span: Span) -> Place:
    if len(tallies) == 1:
        return Place(own.start - span.start, own.end - span.start, own.below, span.end - span.start, own.bodied)
    following = (e.start for team, evidence in tallies.items() if team != own.team for e in evidence)
    limit = min((at - span.start for at in following if at >= own.end), default=span.end - span.start)
    return Place(own.start - span.start, own.end - span.start, own.below, limit, own.bodied)


def _weigh(context: DocumentContext, team: str, evidence: list[Evidence]) -> tuple[int, str, tuple[str, ...]]:
    best = max(evidence, key=lambda e: e.points)
    score = best.points
    reasons = ["命中：" + "、".join(dict.fromkeys(context.text[e.start : e.end] for e in evidence))]
    if best.note:
        reasons.append(best.note)
    if team in context.title_teams:
        score += 2
        reasons.append("标题一致")
    if context.source.owner_team == team:
        score += 1
        reasons.append("本单位信源")
    elif best.points == Strength.STEM and team in context.strong_teams:
        score += 1
        reasons.append("本文另有全称")
    return score, "；".join(reasons), tuple(dict.fromkeys(e.rule for e in evidence))


def team_evidence(context: DocumentContext, span: Span) -> Iterator[Evidence]:
    """Every reason in the passage to think of a team, rejected look-alikes left out."""
    for mention in context.mentions_in(span.start, span.end):
        if mention.look_alike:
            yield from _duty_of_look_alike(context, mention, span)
        for form in mention.forms:
            found = _judge(context, mention, form, span)
            if found is not None and len(mention.forms) > 1:
                found = Evidence(
                    found.team, min(found.points, 1), found.start, found.end, "T2", "同名简称，多个班子可能"
                )
            if found is not None:
                yield found
    yield from _anaphors(context, span)
    yield from _towns(context, span)


def _towns(context: DocumentContext, span: Span) -> Iterator[Evidence]:
    """云亭街道 by itself: its district where the document or the district's own source says so (T5)."""
    text = context.text
    for name, team in context.units_below:
        at = text.find(name, span.start, span.end)
        if at >= 0 and left_state(text, at, context.matcher.roster) == "open":
            yield Evidence(team, 3, at, at + len(name), "T5", "下属单位，前文写明所属", True)
    owner = own_team(context)
    if owner is None or not owner.level_char:
        return
    for found in _TOWN.finditer(text, span.start, span.end):
        if not any(m.forms for m in context.mentions_in(span.start, found.start())):
            yield Evidence(owner.id, 3, found.start("town"), found.end(), "T5", "本单位信源所述下属单位", True)


def _judge(context: DocumentContext, mention: Mention, form: TeamForm, span: Span) -> Evidence | None:
    text, start, end = context.text, mention.start, mention.end
    team = context.matcher.roster.by_id[form.team]
    if is_vertical(text, end) and team.is_district:
        return None
    if mention.text.endswith("办") and _OFFICE_VERB.match(text, end):
        return None
    if len(mention.text) == 2 and form.strength is not Strength.STEM and is_split_by_words(text, start, end):
        return None
    if only_located(text, start, end) or (start > 0 and text[start - 1] == "《" and form.strength is Strength.STEM):
        return None
    if is_another_level(context, mention):
        city = speaks_as_small_city(context)
        if city is None:
            return None
        return Evidence(city.id, 3, start, end, "T2", "县级市信源所称市直部门，属本级", True)
    left = left_state(text, start, context.matcher.roster)
    if form.strength is Strength.BARE and after_province(text, start, context.matcher.roster):
        return None
    if left == "place" or (left == "body" and form.strength is not Strength.FULL):
        return None
    if form.strength is Strength.STEM:
        return _judge_stem(context, mention, team.id, left, span)
    below = unit_below(text, end) if team.is_district else end
    stop = below if below > end else (body_after(text, end) if team.is_district else end)
    if form.strength is Strength.FULL or left == "own":
        points, rule, note = 3, "T1", ""
    elif form.strength is Strength.BARE:
        points, rule, note = _judge_bare(context, mention, team.id, left)
    else:
        points = 3 if context.about_our_city and left == "open" else 1
        rule, note = "T2", "" if points == 3 else "同名机构各地都有，来源或上下文不能确定是本市"
        if form.strength is Strength.GENERIC and left == "open":
            elsewhere = belongs_elsewhere(context, mention)
            if elsewhere:
                points, note = (0 if elsewhere == "near" else min(points, 1)), "前文说的是外地同名单位"
    if _HOME_OF.search(text, max(0, start - 2), start):
        points, note = min(points, 1), "仅说明人员来处"
    if stop > end and below == end and team.is_district:
        rule = "T4"
    if below > end:
        rule = "T5"
    bodied = rule == "T4" or text[start:stop].endswith(("政府", "委", "管委会"))
    return Evidence(team.id, points, start, stop, rule, note, below > end, bodied and team.is_district)


def _judge_bare(context: DocumentContext, mention: Mention, team: str, left: str) -> tuple[int, str, str]:
    """发改委 without its level: ours only when the document named it in full and no district stands by (T2)."""
    if left != "open":
        return 0, "T2", ""
    named_before = any(
        f.team == team and f.strength >= Strength.LEVEL
        for m in context.mentions
        if m.end <= mention.start
        for f in m.forms
    )
    line = context.text.rfind("\n", 0, mention.start) + 1
    district_near = any(
        context.matcher.roster.by_id[f.team].is_district
        for m in context.mentions_in(line, mention.start)
        for f in m.forms
    )
    if named_before and context.about_our_city and not district_near:
        return 3, "T2", "简称，前文已出现全称"
    return 1, "T2", "简称未写明层级"


def _judge_stem(context: DocumentContext, mention: Mention, team: str, left: str, span: Span) -> Evidence | None:
    """望澜 without 区: never a street, a school, a lake or part of a word; needs support to be accepted (T1)."""
    text, start, end = context.text, mention.start, mention.end
    if names_water_with_duty(text, end, span.end) and left in {"open", "own"}:
        return Evidence(team, 3, start, end + 1, "T1", "水体或港口名，本段写明整改或项目投产")
    if left == "unknown" or names_a_thing(text, end) or is_split_by_words(text, start, end):
        return None
    if is_everyday_word(mention.text) and left != "own":
        return None
    return Evidence(team, 2, start, end, "T1", "仅简称")


def _duty_of_look_alike(context: DocumentContext, mention: Mention, span: Span) -> Iterator[Evidence]:
    """长渚湖 is a lake, unless the passage is about the district's duty for it (T1)."""
    for stem in (mention.text[:n] for n in range(len(mention.text) - 1, 1, -1)):
        for form in context.matcher.forms_of(stem):
            if form.strength is Strength.STEM and names_water_with_duty(
                context.text, mention.start + len(stem), span.end
            ):
                yield Evidence(form.team, 3, mention.start, mention.end, "T1", "水体名，本段写明整改责任")
                return


def _anaphors(context: DocumentContext, span: Span) -> Iterator[Evidence]:
    text, owner = context.text, context.source.owner_team
    own = own_team(context)
    for found in _ANAPHOR.finditer(text, span.start, span.end):
        if any(m.start <= found.start() < m.end for m in context.mentions_in(span.start, span.end) if m.forms):
            continue
        if found["b"] and not starts_free(text, found.start()):
            continue
        if only_located(text, found.start(), found.end()):
            continue
        if found["who"] == "全" and text[found.start() - 1 : found.start()] in {"安", "健", "保"}:
            continue
        level = found["c"] or found["b"]
        if level == "市" and found["who"] not in {"我", "本"} and speaks_of_upper_city(context, found.start()):
            continue
        team, note, points = _referent(context, own, level, found.start())
        if team:
            yield Evidence(team, points, found.start(), found.end(), "T3" if found["c"] else "T4", note)
    if owner:
        for found in _OWN_UNIT.finditer(text, span.start, span.end):
            yield Evidence(owner, 3, found.start(), found.end(), "T3", "报送单位自称")


def _referent(context: DocumentContext, owner: Team | None, level: str, at: int) -> tuple[str, str, int]:
    """Who 该区 is: nearest district before it in the paragraph, else the source's own, else the title's (T3)."""
    roster, text = context.matcher.roster, context.text
    own = owner.id if owner and owner.level_char == level else ""
    if level == "市":  # 我市, 市委市政府: the city itself, except in a county-level city's own media (T3, T4)
        return own, "本单位信源自称", 3
    line = text.rfind("\n", 0, at) + 1
    before = [
        (m, f.team)
        for m in context.mentions_in(line, at)
        for f in m.forms
        if f.strength >= Strength.GENERIC and roster.by_id[f.team].level_char == level
    ]
    if before:
        nearest, team = before[-1]
        stop = max(text.rfind(mark, line, nearest.start) for mark in "。！？；")
        rivals = {t for m, t in before if m.start > stop and m.start >= line}
        return (team, "指代前文", 3) if len(rivals) == 1 else (team, "前文有多个区县，指代不明", 1)
    if own:
        return own, "本单位信源自称", 3
    in_title = [t for t in context.title_districts if roster.by_id[t].level_char == level]
    return (in_title[0], "指代标题所列", 1) if len(in_title) == 1 else ("", "", 0)
