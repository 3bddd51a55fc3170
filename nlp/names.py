"""Finding the roster's names in a text: one automaton per roster, longest name first, never a word boundary."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from enum import IntEnum

import ahocorasick_rs

from nlp.roster import Roster, Team


class Strength(IntEnum):
    """How much a form of a team's name says by itself (domain.md §3.8, scoring sketch)."""

    BARE = 1  # 发改委: which level's is left open
    STEM = 2  # 望澜: also a street, a school, a lake
    GENERIC = 3  # 高新区, 经开区: every city has one
    LEVEL = 4  # 市财政局: ours if the text is about our city
    FULL = 5  # 望澜区, 澜宁市财政局


@dataclass(frozen=True, slots=True)
class TeamForm:
    """One written form of a team's name."""

    team: str
    strength: Strength


@dataclass(frozen=True, slots=True)
class Mention:
    """A roster name found at [start, end): of teams, of a person (`person_name`), or a look-alike (neither)."""

    start: int
    end: int
    text: str
    forms: tuple[TeamForm, ...]
    person_name: str = ""
    look_alike: bool = False


_GENERIC = re.compile(
    r"(?:国家级?|经济|技术|产业|高新|经开|开发|新城|新|工业|园|示范|试验|城|郊|矿|东|西|南|北|中|"
    r"管委会|管理委员会|党工委|委|区|政府|、|和|与)+"
)
_STEM_END = "区县市旗"
_LEVEL = re.compile(r"(?:中共)?(?:市|县|区|州|盟|省|旗|团市委|共青团市委)")
_DISTRICT_BODY = re.compile(r"(?:区|县|市|旗)(?:$|委|党委|政府|人民政府)|管委会|党工委")
_ZONE_SHORT = (("经济技术开发区", "经开区"), ("高新技术产业开发区", "高新区"), ("经济开发区", "经开区"))
_ABBREVIATIONS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("发展和改革委员会", ("发改委", "发展改革委")),
    ("发展和改革局", ("发改局",)),
    ("工业和信息化局", ("工信局",)),
    ("科学技术局", ("科技局",)),
    ("自然资源和规划局", ("自然资源局", "资规局", "自规局")),
    ("住房和城乡建设局", ("住建局", "住房城乡建设局")),
    ("交通运输局", ("交通局",)),
    ("国有资产监督管理委员会", ("国资委",)),
    ("人力资源和社会保障局", ("人社局", "人力资源社会保障局")),
    ("卫生健康委员会", ("卫健委", "卫生健康委")),
    ("文化广播电视和旅游局", ("文旅局", "文广旅局", "文化和旅游局")),
    ("文化和旅游局", ("文旅局",)),
    ("医疗保障局", ("医保局",)),
    ("退役军人事务局", ("退役军人局",)),
    ("应急管理局", ("应急局",)),
    ("市场监督管理局", ("市场监管局", "市监局")),
    ("城市管理和行政执法局", ("城管局", "城市管理局")),
    ("城市管理局", ("城管局",)),
    ("城市管理委员会", ("城管委",)),
    ("政务服务和数据管理局", ("政务服务局",)),
    ("机关事务管理局", ("机关事务局",)),
    ("外事办公室", ("外办",)),
    ("国防动员办公室", ("国动办",)),
    ("统一战线工作部", ("统战部",)),
    ("政法委员会", ("政法委",)),
    ("妇女联合会", ("妇联",)),
    ("人民政府办公室", ("政府办", "政府办公室")),
    ("委办公室", ("委办",)),
)


class Matcher:
    """All names of one roster in one automaton. Build once, use for every text."""

    def __init__(self, roster: Roster) -> None:
        self.roster = roster
        self.person_names = frozenset(roster.by_name)
        self._forms = _team_forms(roster)
        self._persons: dict[str, str] = {}
        for name in roster.by_name:
            for written in _written(name):
                self._persons[written] = name
        self._look_alikes = frozenset(roster.look_alikes)
        self._patterns = list(dict.fromkeys([*self._forms, *self._persons, *self._look_alikes]))
        self._automaton = ahocorasick_rs.AhoCorasick(
            self._patterns, matchkind=ahocorasick_rs.MatchKind.LeftmostLongest, store_patterns=False
        )

    def forms_of(self, text: str) -> tuple[TeamForm, ...]:
        """The teams that exactly `text` may name."""
        return self._forms.get(text, ())

    def find(self, text: str) -> list[Mention]:
        """Mentions in order of place, not overlapping; the longest name wins at each place (T1)."""
        out: list[Mention] = []
        for index, start, end in self._automaton.find_matches_as_indexes(text):
            pattern = self._patterns[index]
            out.append(
                Mention(
                    start,
                    end,
                    pattern,
                    self._forms.get(pattern, ()),
                    self._persons.get(pattern, ""),
                    pattern in self._look_alikes,
                )
            )
        return out


def _written(name: str) -> list[str]:
    """A two-character name is often padded with one or two blanks in official lists: 王  伟."""
    if len(name) < 2:
        return []
    return [name, f"{name[0]} {name[1]}", f"{name[0]}  {name[1]}"] if len(name) == 2 else [name]


def _team_forms(roster: Roster) -> dict[str, tuple[TeamForm, ...]]:
    found: dict[str, dict[str, Strength]] = defaultdict(dict)
    derived: dict[str, dict[str, Strength]] = defaultdict(dict)
    for team in roster.teams:
        own = _district_forms(roster, team) if team.is_district else _department_forms(roster, team)
        for text, strength, is_derived in own:
            if len(text) < 2:
                continue
            table = derived if is_derived else found
            table[text][team.id] = max(strength, table[text].get(team.id, Strength.BARE))
    for text, teams in derived.items():
        # A form that we made up must point to one team only, and must not change what the roster says.
        if text not in found and len(teams) == 1:
            found[text] = teams
    return {text: tuple(TeamForm(t, s) for t, s in teams.items()) for text, teams in found.items()}


def _district_forms(roster: Roster, team: Team) -> list[tuple[str, Strength, bool]]:
    out: list[tuple[str, Strength, bool]] = []
    for name in (team.full, *team.aliases):
        out.append((name, _district_strength(roster, team, name), False))
    for long, short in _ZONE_SHORT:
        if team.full.endswith(long):
            place = team.full.removesuffix(long)
            out += [(short, Strength.GENERIC, True), (long, Strength.GENERIC, True)]
            if place:
                out += [
                    (place + short, Strength.FULL, True),
                    (place + "市" + short, Strength.FULL, True),
                    (place + "市" + long, Strength.FULL, True),
                ]
            break
    return out


def _district_strength(roster: Roster, team: Team, name: str) -> Strength:
    if _GENERIC.fullmatch(name):
        return Strength.GENERIC
    if name == team.full:
        return Strength.FULL
    stem = team.full[:-1] if team.full[-1] in _STEM_END and len(team.full) > 2 else team.full
    if name == stem or not _DISTRICT_BODY.search(name):
        return Strength.STEM
    return Strength.FULL


def _department_forms(roster: Roster, team: Team) -> list[tuple[str, Strength, bool]]:
    out: list[tuple[str, Strength, bool]] = []
    city, short = roster.city, roster.city_short
    ambiguous = set(team.ambiguous)
    for name in (team.full, *team.aliases, *team.ambiguous):
        out.append((name, _department_strength(roster, name, name in ambiguous), False))
    level, base = "", team.full
    if city and base.startswith(city):
        level, base = city[-1], base.removeprefix(city)
        out.append((level + base, Strength.LEVEL, True))
    elif base[:1] in "市县区州盟省旗" and len(base) > 3:
        level, base = base[0], base[1:]
    plain = base.removeprefix("人民") if base.startswith("人民政府") else base
    short_bases = [
        base,
        *([plain] if plain != base else []),
        *(base.replace(long, s) for long, shorts in _ABBREVIATIONS if base.endswith(long) for s in shorts),
    ]
    for one in short_bases:
        if level:
            out.append((level + one, Strength.LEVEL, True))
        if len(one) >= 3 and one[0] != "委":
            out.append((one, Strength.BARE, True))
    for name in {*team.aliases, *(level + b for b in short_bases if level)}:
        if city and level and name.startswith(level):
            out += [(city + name[1:], Strength.FULL, True), (short + name[1:], Strength.FULL, True)]
    return out


def _department_strength(roster: Roster, name: str, ambiguous: bool) -> Strength:
    if ambiguous:
        return Strength.BARE
    if roster.city_short and len(roster.city_short) >= 2 and roster.city_short in name:
        return Strength.FULL
    return Strength.LEVEL if _LEVEL.match(name) else Strength.BARE
