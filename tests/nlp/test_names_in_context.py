"""Persons by what the document, the source and the sentence give: P1 byline context, P2, P3, P4, P6, P7."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.analyse import DocumentIn, analyse
from nlp.context import SourceInfo
from nlp.names import Matcher
from nlp.posts import fits
from nlp.roster import roster_from_dict
from tests.nlp.conftest import FixedTopic

SMALL_CITY = SourceInfo("沙屿发布", "区县", "U3")
DISTRICT = SourceInfo("柳溪融媒", "区县", "U1")


def people(found):
    return [{c.id: c.role for c in p.cadres} for p in found.passages]


def test_a_name_told_in_full_earlier_is_that_person(read_other):
    found = read_other("柳溪区委书记费砚秋到社区走访。\n费砚秋强调，要把水管修好。")
    assert people(found) == [{"A1": "出席"}, {"A1": "出席"}]
    later = found.passages[1].cadres[0]
    assert later.rules[0] == "P1"
    assert "职务见前文" in later.because
    assert [(t.id, t.role) for t in found.passages[1].teams] == [("U1", "仅提及")]


@pytest.mark.parametrize(
    "text",
    [
        "费砚秋强调，要把水管修好。",  # nobody said who that is
        "费砚秋强调，要把水管修好。\n柳溪区委书记费砚秋到社区走访。",  # told only afterwards
        "柳溪区委书记费砚秋到社区走访。\n居民费砚秋家刚换了水表。\n费砚秋表示，水压稳了。",  # a citizen of that name
        "柳溪区委书记费砚秋到社区走访。\n宁台区委书记费砚秋也来了。\n费砚秋表示，水压稳了。",  # another unit's
        "时任柳溪区委书记费砚秋到社区走访。\n费砚秋表示，水压稳了。",  # a former post
        "桐岭县副县长陈平到社区走访。\n陈平表示，水压稳了。",  # two on the roster
        "柳溪区委书记费砚秋到社区走访。\n茶园里有费砚秋的题字。",  # no act of office
        "柳溪区委书记费砚秋到社区走访。\n费砚秋的名字常被误认为一处景点，游客说门票不贵。",
    ],
)
def test_otherwise_a_bare_name_is_nobody(read_other, text):
    bare = [p for p in read_other(text).passages if "书记" not in p.text and "县长" not in p.text]
    assert [p.cadres for p in bare] == [()] * len(bare)


def test_the_earlier_title_must_be_held_on_the_later_event_date(read_other):
    text = "柳溪区区长蓝照野主持调度会。\n2025年5月6日，蓝照野表示，将加快进度。"
    assert people(read_other(text, "2025-04-02")) == [{"A2": "出席"}, {}]


@pytest.mark.parametrize(
    ("text", "date", "expected"),
    [
        ("沙屿市的码头开放日，市长走进候船厅。", "2025-09-10", {"A7": "出席"}),
        ("9月5日，市委书记到渔港调研。", "2025-09-06", {"A6": "出席"}),
        ("临沅市市长到渔港调研。", "2025-09-06", {}),
        ("省委书记、市委书记出席。", "2025-09-06", {}),
        ("来自江浦市的市长代表团参观。", "2025-09-06", {}),
        ("江浦市委书记率队来访，市长介绍情况。", "2025-09-06", {}),
        ("市长热线受理来电四十件。", "2025-09-06", {}),
    ],
)
def test_head_without_a_name_in_a_county_level_citys_own_source(read_other, text, date, expected):
    assert people(read_other(text, date, source=SMALL_CITY)) == [expected]


def test_head_without_a_name_in_a_districts_own_source(read_other):
    assert people(read_other("3月2日，区长到泵站察看。", "2025-03-03", source=DISTRICT)) == [{"A2": "出席"}]
    assert people(read_other("5月2日，区委书记到泵站察看。", "2025-05-03", source=DISTRICT)) == [{"A1": "出席"}]
    assert people(read_other("桐岭县客人来访，区长陪同。", "2025-03-03", source=DISTRICT)) == [{}]
    assert people(read_other("市长到泵站察看。", "2025-03-03", source=DISTRICT)) == [{}]


@pytest.mark.parametrize(
    ("text", "date", "expected"),
    [
        ("柳溪区区长曾到泵站察看。", "2025-03-03", {"A2": "出席"}),
        ("柳溪区代区长到泵站察看。", "2025-05-03", {"A3": "出席"}),
        ("柳溪区代区长到泵站察看。", "2025-03-03", {}),  # he held the post in full: day or roster in doubt
        ("柳溪区区长曾庆到泵站察看。", "2025-03-03", {}),
        ("高新区管委会主任贝闻舟与企业座谈。", "2025-03-03", {"A8": "出席"}),
        ("锦州台高新区管委会主任贝闻舟与企业座谈。", "2025-03-03", {}),
        ("如今担任桐岭县县长的计南乔介绍，茶园扩了一倍。", "2025-03-03", {"A5": "引语"}),
        ("省厅处长、桐岭县原县委书记章渡到访。", "2025-03-03", {}),
        ("江浦市市长章渡到桐岭县座谈。", "2025-03-03", {}),
        ("曾担任桐岭县县长的计南乔介绍，茶园扩了一倍。", "2025-03-03", {}),
        ("同行的桐岭县副县长陈平建议，提高补贴。", "2025-03-03", {"B2": "引语"}),
        ("市应急局副局长陈平建文出席。", "2025-03-03", {}),
        ("会议宣布市委关于费砚秋同志任柳溪区委书记的决定。", "2025-03-03", {"A1": "本人"}),
        ("全国人大代表补选费砚秋为柳溪区委书记。", "2025-03-03", {"A1": "本人"}),
    ],
)
def test_titles_as_papers_write_them(read_other, text, date, expected):
    assert people(read_other(text, date)) == [expected]


def test_p6_bad_news_is_not_about_one_who_is_quoted_or_leads(read_other):
    quoted = "桐岭县县长计南乔说，今年报表少了一半。"
    assert people(read_other(quoted, label="problem", sub="WT5")) == [{"A5": "引语"}]
    leads = "市水利局局长简澄带队暗访闸站，责令两家施工单位返工。"
    assert people(read_other(leads, label="problem", sub="WT1")) == [{"A9": "主体"}]


@pytest.mark.parametrize(
    ("text", "sub"),
    [
        ("桐岭县县长计南乔主持会议，违规同意该方案。", "WT3"),
        ("桐岭县县长计南乔承认监管不力。", "WT1"),
        ("桐岭县委书记章渡被指插手工程。", "WT6"),
        ("有人质疑桐岭县县长计南乔说的数字。", "WT15"),
        ("网帖称桐岭县县长计南乔出席饭局。", "WT15"),
        ("省厅约谈桐岭县县长计南乔。", "ZD9"),
        ("桐岭县县长计南乔参加约谈。", "ZD9"),
        ("桐岭县委书记章渡对事故负有领导责任。", "WT1"),
    ],
)
def test_p6_bad_news_about_a_person_needs_an_official_source(read_other, text, sub):
    found = read_other(text, label="major_matter" if sub.startswith("ZD") else "problem", sub=sub)
    assert people(found) == [{}]


def test_a_cadre_brings_the_team_the_passage_does_not_name(read_other):
    found = read_other("21日晚，市长司徒岸到船厂察看焊接车间。", "2025-04-22", source=SMALL_CITY)
    assert [(t.id, t.role) for t in found.passages[0].teams] == [("U3", "出席")]
    assert "沙屿市" in found.passages[0].teams[0].because


_POST = {"区": ["区委书记", "区长"], "局": ["局长", "副局长"]}
_GIVEN = st.text(st.sampled_from("砚屿溪舟野澄秋岸渡望"), min_size=1, max_size=2)
_DAY = st.dates(dt.date(2021, 1, 1), dt.date(2025, 12, 31))


@st.composite
def _world(draw):
    places = draw(st.lists(st.sampled_from(["梨洲区", "岱溪区", "墨池区"]), min_size=2, max_size=3, unique=True))
    teams = [{"id": p, "full": p, "aliases": [p[:-1]]} for p in places]
    teams.append({"id": "局", "full": "临沅市水利局", "aliases": ["市水利局"]})
    names = draw(st.lists(st.builds(lambda s, g: s + g, st.sampled_from("费蓝章计"), _GIVEN), min_size=1, max_size=3))
    rows = []
    for i in range(draw(st.integers(1, 6))):
        team = draw(st.sampled_from(teams))["id"]
        start, end = sorted((draw(_DAY), draw(_DAY)))
        rows.append(
            {
                "person": f"P{i}",
                "name": draw(st.sampled_from(names)),
                "team": team,
                "from": start,
                "post": draw(st.sampled_from(_POST[team[-1]])),
                "to": end if end > start else None,
            }
        )
    pieces = [
        *places,
        "区长",
        "区委书记",
        "副局长",
        "市水利局",
        *names,
        "居民",
        "时任",
        "强调，",
        "到社区走访。",
        "说，",
        "、",
        "当天，",
        "\n",
        "会上，",
        "2023年5月6日，",
        "去年，",
        "的",
        "宁台区",
        "担任",
        "市长",
        "会议指出，",
    ]
    text = "".join(draw(st.lists(st.sampled_from(pieces), min_size=2, max_size=14)))
    owner = draw(st.sampled_from([None, *places]))
    return teams, rows, text, owner


@settings(max_examples=200, deadline=None)
@given(
    _world(), _DAY, st.sampled_from([("routine", "YB2"), ("practice", "ZF1"), ("problem", "WT1"), ("problem", "WT15")])
)
def test_random_rosters_never_a_person_without_post_and_tenure(world, day, topic):
    teams, rows, text, owner = world
    roster = roster_from_dict({"city": {"name": "临沅市"}, "teams": teams, "tenures": rows})
    source = SourceInfo("本地融媒", "区县", owner) if owner else SourceInfo("临沅日报", "市")
    done = analyse(DocumentIn(text, "", day, source), Matcher(roster), FixedTopic(*topic))
    seen = ""
    for passage in done.passages:
        seen = text[: passage.end]
        first, last = passage.event_date.start, passage.event_date.end
        for cadre in passage.cadres:
            held = [t for t in roster.tenures if (t.person, t.name, t.team) == (cadre.id, cadre.name, cadre.team)]
            # some tenure of theirs meets the event or, for one who speaks or attends, the day of the report
            assert any(t.overlaps(first, last) or t.covers(day) for t in held), (text, cadre)
            assert cadre.name in passage.text or "P2" in cadre.rules
            if "P2" not in cadre.rules and cadre.by_earlier_line:
                assert seen.count(cadre.name) >= 2
            assert any(fits(word, t.post) for t in held for word in _titles(seen)) or cadre.score == 5, (text, cadre)
            assert (topic[1] != "WT15") or source.official
        for team in passage.teams:
            assert team.id in roster.by_id
            assert team.role


def _titles(text: str) -> list[str]:
    return [w for w in ("区长", "区委书记", "副局长", "局长") if w in text]
