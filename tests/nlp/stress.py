"""Random rosters and sentences about them with their truth: the stress set of attribution (domain.md §3.8).

Every name is made up from syllables. A case says which teams must be found and which persons may be: whoever else is
accepted is a wrong person.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from nlp.roster import Roster, roster_from_dict

FIRST, SECOND = "澜棠榆渚禾泊砚岚芷沅浦甫珞岑菡苓绮峪垣汀", "宁湾溪岭川坪塘州陂浦原屿洲台埠"
SURNAMES, GIVEN = "沈佟陆顾苗邹柏温桑祁栾程卓岑谷闻靳薄燕虞龚戚韶", "砚舟以衡维知鹤屿清野叙予望舒景澄观澜砺行未央远帆"
BITING = ("高峰", "安全", "黄金", "和平", "方向", "马路", "文明", "江山", "高原", "常态")  # names that are words too
DEPARTMENTS = (
    "发展和改革委员会", "财政局", "教育局", "民政局", "住房和城乡建设局", "交通运输局", "卫生健康委员会", "应急管理局",
    "市场监督管理局", "水务局", "审计局", "商务局",
)  # fmt: skip
DISTRICT_POSTS = {"区": ("区委书记", "区委副书记、区长"), "县": ("县委书记", "县委副书记、县长")}
ACTS = (
    "推行楼栋议事制度，{n}个小区已经运行",
    "对{n}个排口逐一溯源整治",
    "把企业开办环节并为一张表",
    "组织夏季抽检{n}批次",
)


@dataclass(frozen=True)
class Person:
    """A made-up cadre in one post of one team."""

    id: str
    name: str
    team: str
    post: str
    start: dt.date
    end: dt.date | None


@dataclass
class World:
    """A roster with what a sentence maker needs to know of it."""

    roster: Roster
    city: str
    province: str
    districts: list[tuple[str, str]]
    departments: list[tuple[str, str]]
    people: list[Person]
    random: random.Random = field(repr=False)

    def holder(self, team: str, post: str, day: dt.date) -> Person | None:
        """Who held the post on that day."""
        return next(
            (
                p
                for p in self.people
                if p.team == team and p.post == post and p.start <= day and (not p.end or day < p.end)
            ),
            None,
        )


@dataclass(frozen=True)
class Case:
    """One text. `teams` must be found and no other; of persons only those in `persons` may be accepted."""

    rule: str
    text: str
    published: dt.date
    teams: frozenset[str] = frozenset()
    persons: frozenset[str] = frozenset()
    title: str = ""
    source: str = ""
    maybe: frozenset[str] = frozenset()  # teams whose finding is neither asked nor wrong


def make_world(seed: int) -> World:
    """A city of 6 districts and 8 departments with two generations of leaders."""
    rng = random.Random(seed)
    stems = rng.sample([a + b for a in FIRST for b in SECOND if a != b], 8)
    city, capital, province = stems[0] + "市", stems[1] + "市", rng.choice(["江北省", "岭东省", "沔南省"])
    teams: list[dict[str, Any]] = []
    districts: list[tuple[str, str]] = []
    for number, stem in enumerate(stems[2:], 1):
        kind = "县" if number % 3 == 0 else "区"
        full, ident = stem + kind, f"D{number:02}"
        districts.append((ident, full))
        aliases = [stem, f"{full}委、{kind}政府"]
        teams.append({"id": ident, "kind": "县区", "full": full, "aliases": aliases, "ambiguous": [f"该{kind}"]})
    departments = []
    for number, name in enumerate(rng.sample(DEPARTMENTS, 8), 1):
        ident = f"M{number:02}"
        departments.append((ident, name))
        teams.append({"id": ident, "kind": "市直部门", "full": city + name, "aliases": ["市" + name], "ambiguous": []})
    people = list(_people(rng, districts, departments))
    tenures = [
        {"person": p.id, "name": p.name, "team": p.team, "post": p.post, "from": p.start, "to": p.end} for p in people
    ]
    looks = [f"{districts[0][1][:-1]}街道", f"{districts[1][1][:-1]}镇", f"{districts[2][1][:-1]}路"]
    place = {"name": city, "province": province, "capital": capital}
    roster = roster_from_dict({"city": place, "teams": teams, "look_alikes": looks, "tenures": tenures})
    return World(roster, city, province, districts, departments, people, rng)


def _people(
    rng: random.Random, districts: list[tuple[str, str]], departments: list[tuple[str, str]]
) -> Iterator[Person]:
    posts = [(team, post) for team, full in districts for post in DISTRICT_POSTS[full[-1]]]
    posts += [(team, "党组书记、局长" if name.endswith("局") else "党组书记、主任") for team, name in departments]
    posts += [(departments[0][0], "副局长"), (districts[0][0], "副区长"), (districts[2][0], "副县长")]
    names: list[str] = []
    for number, (team, post) in enumerate(posts):
        change = dt.date(2023, 1, 1) + dt.timedelta(days=rng.randrange(700))
        for generation, (start, end) in enumerate(((dt.date(2019, 3, 1), change), (change, None))):
            name = _name(rng, names)
            names.append(name)
            yield Person(f"P{number:02}{generation}", name, team, post, start, end)


def _name(rng: random.Random, taken: list[str]) -> str:
    chance = rng.random()
    if chance < 0.08 and taken:
        return rng.choice(taken)  # the same name twice
    if chance < 0.16:
        return rng.choice(BITING)
    while True:
        name = rng.choice(SURNAMES) + "".join(rng.sample(GIVEN, rng.choice((1, 2, 2))))
        if name not in taken:
            return name


def _day(world: World) -> dt.date:
    return dt.date(2022, 1, 10) + dt.timedelta(days=world.random.randrange(1300))


def _act(world: World) -> str:
    return world.random.choice(ACTS).format(n=world.random.randrange(3, 90))


def _title(post: str) -> str:
    return post.split("、")[-1] if "、" in post else post


def _same_name(world: World, person: Person) -> bool:
    return sum(p.name == person.name for p in world.people) > 1


def named_leader(world: World) -> Case:
    """P1: name, title, unit, and a tenure that covers the day."""
    person, day = world.random.choice(world.people), _day(world)
    full = world.roster.by_id[person.team].full.removeprefix(world.city)
    unit = full if person.team.startswith("D") else "市" + full
    title = _title(person.post)
    written = unit[:-1] + title if title[0] in "区县" and person.team.startswith("D") else unit + title
    holds = person.start <= day and (not person.end or day < person.end)
    text = f"{day.month}月{day.day}日，{written}{person.name}主持召开推进会，{unit}{_act(world)}。"
    truth = frozenset({person.id}) if holds else frozenset()
    others = {
        p.id for p in world.people
        if p.name == person.name and p.team == person.team and p.post == person.post
        and p.start <= day and (not p.end or day < p.end)
    }  # fmt: skip
    return Case("P1", text, day + dt.timedelta(days=1), frozenset({person.team}), truth | others)


def title_only(world: World) -> Case:
    """P2: a head's title without a name is the holder on the event date."""
    team, full = world.random.choice(world.districts)
    day = _day(world)
    post = DISTRICT_POSTS[full[-1]][1]
    holder = world.holder(team, post, day)
    text = f"{day.month}月{day.day}日，{full}{_title(post)}带队检查，{full}{_act(world)}。"
    published = day + dt.timedelta(days=world.random.choice((0, 1, 3)))
    return Case("P2", text, published, frozenset({team}), frozenset({holder.id} if holder else ()))


def then_holder(world: World) -> Case:
    """P3: 时任 with a day of its own is the holder of that day, whoever holds the post when it is printed."""
    team, full = world.random.choice(world.districts)
    day = dt.date(2021, world.random.randrange(1, 13), world.random.randrange(1, 28))
    post = DISTRICT_POSTS[full[-1]][1]
    holder = world.holder(team, post, day)
    assert holder is not None
    when = f"{day.year}年{day.month}月{day.day}日"
    text = f"{when}，时任{full}{_title(post)}{holder.name}主持专题会议，{full}{_act(world)}。"
    return Case("P3", text, dt.date(2025, 9, 1), frozenset({team}), frozenset({holder.id}))


def name_alone(world: World) -> Case:
    """P1: a name by itself is nobody."""
    person, day = world.random.choice(world.people), _day(world)
    team, full = world.random.choice([d for d in world.districts if d[0] != person.team])
    text = f"{full}居民{person.name}反映路灯不亮，{full}{_act(world)}。"
    return Case("P1-name", text, day, frozenset({team}))


def word_not_name(world: World) -> Case:
    """A name that is also a word is not met in every 高峰 and 安全."""
    word, day = world.random.choice(BITING), _day(world)
    team, full = world.random.choice(world.districts)
    text = f"{full}应对客流{word}，守住{word}底线，{full}委书记要求抓好{word}工作，{full}{_act(world)}。"
    holder = world.holder(team, DISTRICT_POSTS[full[-1]][0], day)
    return Case("P-word", text, day, frozenset({team}), frozenset({holder.id} if holder else ()))


def elsewhere(world: World) -> Case:
    """T2, T7: another city's and the province's bodies of the same name are not ours, nor are their leaders."""
    person, day = world.random.choice(world.people), _day(world)
    other = world.random.choice(["永澄市", "海昌市", "宣淮市"])
    if person.team.startswith("D"):
        kind = world.roster.by_id[person.team].full[-1]
        text = (
            f"{other}星汇{kind}{_title(person.post).removeprefix('区委').removeprefix('县委')}{person.name}到省里汇报。"
        )
        return Case("T7", text, day)
    name = world.roster.by_id[person.team].full.removeprefix(world.city)
    body = world.random.choice([other + name, "省" + name.replace("局", "厅")])
    return Case("T2", f"{body}{_title(person.post)}{person.name}介绍，{body}{_act(world)}。", day)


def upper_city(world: World) -> Case:
    """T4: 市委、市政府 is no team."""
    return Case("T4", f"市委、市政府召开会议，部署全年工作，全市{_act(world)}。", _day(world))


def joint(world: World) -> Case:
    """T6: every named team."""
    (a, first), (b, second) = world.random.sample(world.districts, 2)
    text = f"{first}与{second}共建飞地园区，{world.random.choice(['税收按约定分成', '项目由双方专班服务'])}。"
    return Case("T6", text, _day(world), frozenset({a, b}))


def this_district(world: World) -> Case:
    """T3: 该区 is the nearest district before it."""
    team, full = world.random.choice(world.districts)
    text = f"{full}地处城郊。该{full[-1]}{_act(world)}。"
    return Case("T3", text, _day(world), frozenset({team}))


def look_alike(world: World) -> Case:
    """T1: a street of one district that carries another's name."""
    (_other, stem), (team, full) = world.random.sample(world.districts, 2)
    unit = world.random.choice(["街道", "镇"])
    text = f"{full}{stem[:-1]}{unit}设立便民点，{full}{_act(world)}。"
    return Case("T1", text, _day(world), frozenset({team}))


def thing_of_the_name(world: World) -> Case:
    """T1: roads, schools and lakes are no team."""
    _team, full = world.random.choice(world.districts)
    thing = world.random.choice(["路小学", "湖景区", "中学", "大道", "山公园"])
    return Case("T1-thing", f"{full[:-1]}{thing}迎来游客，学生在此写生。", _day(world))


def attendees(world: World) -> Case:
    """P7: a list of leaders present; each by title and tenure."""
    day = _day(world)
    team, full = world.random.choice(world.districts)
    first, second = DISTRICT_POSTS[full[-1]]
    chief, head = world.holder(team, first, day), world.holder(team, second, day)
    present = [p for p in (chief, head) if p]
    listed = "，".join(
        (full[:-1] + _title(p.post) if _title(p.post)[:2] in ("区委", "县委") else full + _title(p.post)) + p.name
        for p in present
    )
    text = f"{day.month}月{day.day}日，{full}召开大会。{listed}出席会议。"
    return Case("P7", text, day, frozenset({team}), frozenset(p.id for p in present))


def some_official(world: World) -> Case:
    """P8: 有关负责人 is nobody."""
    team, name = world.random.choice(world.departments)
    return Case("P8", f"市{name}有关负责人表示，市{name}{_act(world)}。", _day(world), frozenset({team}))


def department(world: World) -> Case:
    """T1: a department by its level form, its full name or its city."""
    team, name = world.random.choice(world.departments)
    written = world.random.choice(["市" + name, world.city + name, world.city[:-1] + "市" + name])
    return Case("T1-dept", f"{written}{_act(world)}。", _day(world), frozenset({team}))


def unit_below(world: World) -> Case:
    """T5: a unit below is its district's."""
    team, full = world.random.choice(world.districts)
    below = world.random.choice(["教育局", "住建局", "财政局", "水务局"])
    return Case("T5", f"{full}{below}{_act(world)}。", _day(world), frozenset({team}))


def adverse_by_media(world: World) -> Case:
    """P6: bad news from the media stays with the team."""
    team, full = world.random.choice(world.districts)
    day = _day(world)
    post = DISTRICT_POSTS[full[-1]][1]
    holder = world.holder(team, post, day)
    name = holder.name if holder else ""
    text = f"{full}多家企业长期超标排放，整改方案照抄照搬，{full}{_title(post)}{name}对问题整改不力、监管缺位。"
    return Case("P6", text, day, frozenset({team}), source=f"{world.city[:-1]}日报")


def successor_not_blamed(world: World) -> Case:
    """P2: what happened in a predecessor's time is not the successor's, whoever is named later in the text."""
    team, full = world.random.choice(world.districts)
    post = DISTRICT_POSTS[full[-1]][1]
    old, new = [p for p in world.people if p.team == team and p.post == post]
    day = dt.date(2020, world.random.randrange(1, 12), 15)
    text = f"{day.year}年{day.month}月{day.day}日，{full}{_title(post)}主持签约仪式，{full}{_act(world)}。"
    assert new.start > day
    return Case("P2-old", text, new.start + dt.timedelta(days=200), frozenset({team}), frozenset({old.id}))


def same_person_again(world: World) -> Case:
    """该同志 within the paragraph is whoever was named there."""
    day = _day(world)
    team, full = world.random.choice(world.districts)
    holder = world.holder(team, DISTRICT_POSTS[full[-1]][0], day)
    assert holder is not None
    text = f"{full}委书记{holder.name}{day.month}月{day.day}日到企业调研。该同志要求，{full}抓紧落实惠企政策。"
    return Case("P-same", text, day, frozenset({team}), frozenset({holder.id}))


def moved_on(world: World) -> Case:
    """P1, P3: a leader named with the old post after leaving it is nobody; the team stays."""
    team, full = world.random.choice(world.districts)
    post = DISTRICT_POSTS[full[-1]][1]
    old, new = [p for p in world.people if p.team == team and p.post == post]
    day = new.start + dt.timedelta(days=60)
    text = f"{day.month}月{day.day}日，{full}{_title(post)}{old.name}主持会议，{full}{_act(world)}。"
    same = frozenset({new.id} if new.name == old.name else ())
    return Case("P3-moved", text, day, frozenset({team}), same)


def deputy(world: World) -> Case:
    """P2, P8: 副区长 without a name is nobody."""
    team, full = world.random.choice(world.districts)
    return Case("P8-deputy", f"{full}副{full[-1]}长带队检查，{full}{_act(world)}。", _day(world), frozenset({team}))


def two_districts_one_head(world: World) -> Case:
    """P2: the unit beside the title decides, not the other district of the sentence."""
    (a, first), (b, second) = world.random.sample(world.districts, 2)
    day = _day(world)
    post = DISTRICT_POSTS[second[-1]][1]
    holder = world.holder(b, post, day)
    visitor = f"{second}{_title(post)}{holder.name if holder else ''}"
    text = f"{day.month}月{day.day}日，{first}推行一站式服务，{visitor}到{first}考察。"
    return Case(
        "P2-two", text, day, frozenset({a}), frozenset({holder.id} if holder else ()), maybe=frozenset({b})
    )  # fmt: skip


def appointed(world: World) -> Case:
    """DR7: whoever is appointed here is the person of that day."""
    person = world.random.choice([p for p in world.people if p.start.year > 2019 and p.team.startswith("D")])
    full = world.roster.by_id[person.team].full
    day = person.start
    title = _title(person.post)
    unit = full[:-1] + title if title.startswith(("区委", "县委")) else full + title
    text = f"{day.month}月{day.day}日，市委决定：{person.name}同志任{unit}。"
    return Case("DR7", text, day + dt.timedelta(days=1), frozenset({person.team}), frozenset({person.id}))


def relative_of(world: World) -> Case:
    """Public role only: citizens, relatives and firms of that name are nobody."""
    person, day = world.random.choice(world.people), _day(world)
    _team, full = world.random.choice(world.districts)
    who = world.random.choice(["村民", "企业家", "游客", "社区志愿者", "种植户", "记者"])
    return Case("P1-citizen", f"{full}{who}{person.name}说，{full}办事方便多了。", day, frozenset({_team}))


def other_province_namesake(world: World) -> Case:
    """T2: a district of another city that has our district's name and our leader's name."""
    team, full = world.random.choice(world.districts)
    day = _day(world)
    holder = world.holder(team, DISTRICT_POSTS[full[-1]][1], day)
    name = holder.name if holder else "温知白"
    text = f"永澄市{full}{full[-1]}长{name}介绍，永澄市{full}组织春耕。"
    return Case("T2-namesake", text, day)


def not_yet(world: World) -> Case:
    """P5: before the tenure begins the title does not make the person."""
    team, full = world.random.choice(world.districts)
    post = DISTRICT_POSTS[full[-1]][1]
    old, new = [p for p in world.people if p.team == team and p.post == post]
    day = new.start - dt.timedelta(days=40)
    text = f"{day.month}月{day.day}日，{full}{_title(post)}{new.name}主持会议，{full}{_act(world)}。"
    same = frozenset({old.id} if new.name == old.name else ())
    return Case("P5-early", text, day, frozenset({team}), same)


MAKERS: tuple[Callable[[World], Case], ...] = (
    named_leader, named_leader, title_only, then_holder, name_alone, word_not_name, elsewhere, upper_city, joint,
    this_district, look_alike, thing_of_the_name, attendees, some_official, department, unit_below, adverse_by_media,
    successor_not_blamed, same_person_again, moved_on, deputy, two_districts_one_head, appointed, relative_of,
    other_province_namesake, not_yet,
)  # fmt: skip


def cases(worlds: int, rounds: int = 1, seed: int = 0) -> Iterator[tuple[World, Case]]:
    """`worlds` random rosters with `rounds` cases of each kind."""
    for number in range(worlds):
        world = make_world(seed * 100_000 + number)
        for _round in range(rounds):
            for maker in MAKERS:
                yield world, maker(world)
