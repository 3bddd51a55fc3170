"""Rules P1-P9 of domain.md §3.8: the wrong person is the worst bug."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.analyse import DocumentIn, analyse
from nlp.names import Matcher
from nlp.roster import roster_from_dict


def people(found):
    return {c.id: c.role for p in found.passages for c in p.cadres}


def asked(found):
    return [c for p in found.passages for c in p.undecided_cadres]


@pytest.mark.parametrize(
    ("text", "date", "expected"),
    [
        ("望澜区委书记沈砚舟到青石街道走访。", "2025-09-10", {"P001": "出席"}),
        ("望澜区区长佟以宁主持会议。", "2025-09-10", {"P002": "出席"}),
        ("望澜区委副书记、区长佟以宁表示。", "2025-09-10", {"P002": "引语"}),
        ("望澜区区长陆屿衡调研。", "2023-08-19", {"P003": "出席"}),
        ("市发改委主任陆屿衡介绍，推行拿地即开工。", "2025-05-10", {"P003": "引语"}),
        ("泊湾市委书记戚远岫到港区调研。", "2021-05-10", {"P026": "出席"}),
        ("泊湾市市长龚启帆调研港口。", "2025-09-10", {"P022": "出席"}),
        ("石岭县代县长燕归鸿调研。", "2024-08-20", {"P020": "出席"}),
        ("石岭县长燕归鸿调研。", "2024-09-27", {"P020": "出席"}),
        ("市交通运输局副局长云亭山到大桥检查。", "2025-09-10", {"P025": "出席"}),
        ("市文旅局党组书记、局长景听澜出席活动。", "2025-09-10", {"P028": "出席"}),
        ("市体育局党组书记景听澜出席活动。", "2025-09-10", {"P028": "出席"}),
        ("沈砚舟（望澜区委书记）表示。", "2025-09-10", {"P001": "引语"}),
        ("沈砚舟强调，望澜区要守牢底线。", "2025-09-10", {"P001": "出席"}),
        ("在县委书记靳山河指导下，石岭县推进整改。", "2025-09-10", {"P018": "参与"}),
    ],
)
def test_name_with_title_and_tenure(read, text, date, expected):
    assert people(read(text, date)) == expected


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("沈砚舟指出要抓落实。", "2025-09-10"),
        ("望澜区居民沈砚舟反映噪音。", "2025-09-10"),
        ("青石街道党工委书记沈砚舟说。", "2025-09-10"),
        ("海棠区委书记沈砚舟调研。", "2025-09-10"),
        ("宁州市望澜区委书记沈砚舟调研。", "2025-09-10"),
        ("宁州高新区党工委书记岑未央调研。", "2025-09-10"),
        ("望澜区区长佟以宁主持会议。", "2023-09-01"),
        ("望澜区区长陆屿衡调研。", "2023-08-20"),
        ("石岭县县长燕归鸿调研。", "2024-05-20"),
        ("市体育局局长景听澜出席。", "2025-09-10"),
        ("市体育局党组书记景听澜出席。", "2025-01-31"),
        ("市委书记虞听涛强调。", "2025-09-10"),
        ("云亭山景区迎来游客。", "2025-09-10"),
        ("望澜区区长张三带队夜查。", "2025-09-10"),
        ("望澜区委书记沈砚舟调研。", None),
        ("望澜区有关负责人表示。", "2025-09-10"),
        ("望澜区副区长带队。", "2025-09-10"),
        ("市长到港口调研。", "2025-09-10"),
        ("小区长期缺水，望澜区已处理。", "2025-09-10"),
        ("石岭县长达五年的整治结束。", "2025-09-10"),
        ("泊湾市长江路改造。", "2025-09-10"),
        ("白榆区长者食堂开业。", "2025-09-10"),
        ("望澜区区长热线开通。", "2025-09-10"),
        ("禾丰县人大常委会副主任王伟调研。", "2025-09-10"),
        ("禾丰县人民医院院长闻笙介绍。", "2025-09-10"),
        ("望澜区人大代表沈砚舟建议修路。", "2025-09-10"),
        ("本报记者 王伟 通讯员 闻笙", "2025-09-10"),
    ],
)
def test_nobody_is_accepted(read, text, date):
    assert people(read(text, date)) == {}


def test_s1_the_county_head_of_that_time(read):
    title = "石岭县望仙坳铅锌矿透水事故调查报告公布"
    assert people(read("时任县长薄云深在见面会上表示，将汲取教训。", "2024-07-20", title)) == {"P019": "引语"}
    assert people(read("去年5月17日，时任石岭县县长薄云深赶到现场指挥。", "2025-03-20")) == {"P019": "主体"}
    later = read("时任县长薄云深曾到矿山检查。", "2025-03-20", title)
    assert people(later) == {}
    assert asked(later)[0].candidates == ("P019",)
    bare = read("2024年5月17日，石岭县县长到现场查看。", "2025-03-20")
    assert people(bare) == {"P019": "出席"}


def test_s11_old_unit_keeps_its_own_news(read):
    assert people(read("2022年6月1日，望澜区区长到社区调研。", "2025-05-10")) == {"P003": "出席"}
    assert people(read("望澜区区长到社区调研。", "2025-05-10")) == {"P002": "出席"}


def test_s15_candidate_then_head(read):
    text = "8月20日，市委决定：佟以宁同志任望澜区委委员、常委、副书记，提名为望澜区区长候选人。"
    assert people(read(text, "2023-08-21", label="major_matter", sub="ZD1")) == {"P002": "本人"}
    assert people(read("望澜区区长佟以宁调研。", "2023-09-28")) == {"P002": "出席"}


def test_p4_two_persons_named_wang_wei(read):
    assert people(read("禾丰县副县长王伟介绍情况。")) == {"P023": "引语"}
    assert people(read("市财政局副局长王伟表示。")) == {"P024": "引语"}
    assert people(read("禾丰县副县长王　伟到村里调研。")) == {"P023": "出席"}
    for text in (
        "副县长王伟到田间察看。",
        "副局长王伟出席会议。",
        "王伟出席会议。",
        "禾丰县财政局副局长王伟说。",
        "村民王伟说，禾丰县政策好。",
        "禾丰县农民王伟的果园丰收。",
        "某公司经理王伟与禾丰县签约。",
        "市财政局副局长王伟中主持会议。",
        "市财政局副局长王伟民主持会议。",
        "在禾丰县，王伟的店开张。",
    ):
        assert people(read(text)) == {}, text
    both = asked(read("副局长王伟出席会议。"))
    assert set(both[0].candidates) == {"P023", "P024"}


def test_p6_adverse_needs_an_official_source_or_a_verified_item(read):
    text = "望澜区委书记沈砚舟对违规问题失察。"
    media = read(text, label="problem", sub="WT5")
    assert people(media) == {}
    assert "P6" in asked(media)[0].rules
    assert [t.id for t in media.passages[0].teams] == ["D01"]
    assert "P001" in people(read(text, label="problem", sub="WT5", source="江北省纪委监委"))
    assert "P001" in people(read(text, label="problem", sub="WT5", verified=True))


def test_p2_head_without_a_name(read):
    text = "省生态环境厅约谈白榆区政府主要负责人。"
    official = read(text, source="江北省生态环境厅", label="major_matter", sub="ZD9")
    assert people(official) == {"P007": "对象"}
    assert people(read(text, label="major_matter", sub="ZD9")) == {}
    assert people(read(text, "2021-12-01", source="江北省生态环境厅", label="major_matter", sub="ZD9")) == {}


def test_period_must_lie_in_the_tenure(read):
    text = "云亭区区长栾景澄牵头，2024年新增民宿一批。"
    assert people(read(text, "2025-02-01")) == {}
    assert people(read("云亭区区长栾景澄牵头，今年上半年新增民宿一批。", "2025-07-20")) == {"P011": "主体"}


def test_reason_shows_the_tenure(read):
    cadre = read("望澜区委书记沈砚舟到青石街道走访。").passages[0].cadres[0]
    assert "2022-03-15—至今" in cadre.because
    assert cadre.span == (6, 9)
    assert cadre.rules[0] == "P1"


_NAMES = st.sampled_from(["沈砚舟", "闻笙", "王伟", "高峰", "安全", "长春", "刘长春", "佟以宁", "云亭山"])
_DAYS = st.dates(dt.date(2020, 1, 1), dt.date(2025, 12, 31))
_TEAMS = [
    {"id": "D", "full": "望澜区", "aliases": ["望澜"]},
    {"id": "E", "full": "长春区", "aliases": ["长春"]},
    {"id": "M", "full": "澜宁市财政局", "aliases": ["市财政局"]},
]
_POSTS = {"D": ["区委书记", "区长"], "E": ["区委书记", "区长"], "M": ["局长", "副局长"]}


@st.composite
def _tenures(draw):
    out = []
    for i in range(draw(st.integers(1, 8))):
        team = draw(st.sampled_from(["D", "E", "M"]))
        start, end = sorted((draw(_DAYS), draw(_DAYS)))
        out.append(
            {
                "person": f"P{i % 5}",
                "name": draw(_NAMES),
                "team": team,
                "from": start,
                "post": draw(st.sampled_from(_POSTS[team])),
                "to": end if end > start and draw(st.booleans()) else None,
            }
        )
    return out


@settings(max_examples=150, deadline=None)
@given(
    _tenures(),
    _NAMES,
    st.sampled_from(["望澜区区长", "长春区委书记", "市财政局副局长", "区长", "望澜区", "时任望澜区区长", ""]),
    _DAYS,
    st.sampled_from(["表示要落实。", "，", "中主持会议。", "到长春区调研。", "牵头，今年以来推进改革。"]),
)
def test_never_a_person_without_a_covering_tenure(tenures, name, title, day, tail):
    from tests.nlp.conftest import FixedTopic

    roster = roster_from_dict({"city": {"name": "澜宁市"}, "teams": _TEAMS, "tenures": tenures})
    text = f"{title}{name}{tail}望澜区部署。"
    done = analyse(DocumentIn(text, "", day, "澜宁日报"), Matcher(roster), FixedTopic("routine"))
    for passage in done.passages:
        for cadre in passage.cadres:
            held = [t for t in roster.tenures if t.person == cadre.id and t.name == cadre.name and t.team == cadre.team]
            assert any(t.covers(day) for t in held), (text, day, cadre)
            assert cadre.name in text or cadre.because.find("仅有职务") >= 0
