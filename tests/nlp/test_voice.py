"""Whose voice a source speaks in, another city's namesakes, and paragraphs that carry on (T2, T3, T5)."""

from __future__ import annotations

import pytest

from nlp.context import SourceInfo

SMALL_CITY = SourceInfo("沙屿发布", "区县", "U3")
DISTRICT = SourceInfo("柳溪融媒", "区县", "U1")


def teams(found):
    return [sorted(t.id for t in p.teams) for p in found.passages]


def roles(found):
    return {t.id: t.role for p in found.passages for t in p.teams}


@pytest.mark.parametrize(
    "text",
    [
        "锦州台高新区新增二十家企业，高新区兑现奖补资金三千万元。",
        "锦州台高新区召开推进会，高新区管委会负责人介绍了政策。",
        "江浦市高新区出台新政，高新区对租金减半。",
        "锦州台的厂房租金连年走低。高新区今年再减两成。",
    ],
)
def test_another_citys_zone_named_first_stays_theirs(read_other, text):
    assert teams(read_other(text, label="practice")) == [[]]


def test_another_citys_zone_in_an_earlier_paragraph_leaves_a_question(read_other):
    found = read_other("锦州台高新区新增二十家企业。\n高新区还兑现了奖补资金。", label="practice")
    assert teams(found) == [[], []]
    assert [t.id for t in found.passages[1].undecided_teams] == ["U4"]


@pytest.mark.parametrize(
    "text",
    [
        "临沅高新区新增二十家企业，高新区兑现奖补资金。",
        "高新区推行帮办制度，企业少跑路。",
        "锦州台高新区派员来访。临沅高新区介绍了帮办制度，高新区已设六个窗口。",
    ],
)
def test_our_own_zone_stays_ours(read_other, text):
    assert "U4" in teams(read_other(text, label="practice"))[-1]


@pytest.mark.parametrize(
    "text",
    [
        "与我市隔海相望的临港岛也在修码头。",
        "毗邻我市的渔村开了民宿。",
        "我市天气晴好，适合晒盐。",
        "明天我市多云转阴。",
        "临沅市委、市政府召开大会，动员全市上下抓生产。",
        "临沅市市长要求全市加快建设。",
    ],
)
def test_our_city_is_not_the_actor_here(read_other, text):
    assert teams(read_other(text, source=SMALL_CITY, label="practice")) == [[]]


@pytest.mark.parametrize("text", ["我市推行渔船联检。", "市委、市政府成立工作专班。", "全市渔港完成改造。"])
def test_the_county_level_citys_own_source_speaks_of_itself(read_other, text):
    assert teams(read_other(text, source=SMALL_CITY, label="practice")) == [["U3"]]


def test_a_city_paper_reprinted_by_the_county_level_city_keeps_its_voice(read_other):
    printed = SourceInfo("临沅日报", "区县", "U3")
    assert teams(read_other("我市推行渔船联检。", source=printed, label="practice")) == [[]]


def test_the_small_citys_bureau_is_not_the_upper_citys_department(read_other):
    found = read_other("市水利局提示，枯水期注意节水。", source=SMALL_CITY)
    assert roles(found) == {"U3": "仅提及"}
    assert roles(read_other("临沅市水利局提示，枯水期注意节水。", source=SMALL_CITY)) == {"V1": "主体"}
    # a person of the upper city's department is not the small city's bureau head
    assert read_other("市水利局局长简澄检查水库。", source=SMALL_CITY).passages[0].cadres == ()


def test_towns_belong_to_the_district_the_document_or_the_source_gives(read_other):
    found = read_other("桐岭县望岭镇办起夜校。\n望岭镇负责人表示，课程排到年底。")
    assert teams(found) == [["U2"], ["U2"]]
    assert roles(found) == {"U2": "仅提及"}
    assert teams(read_other("望岭镇负责人表示，课程排到年底。")) == [[]]
    assert teams(read_other("在桂花街道，居民自己排了值日表。", source=DISTRICT)) == [["U1"]]
    assert teams(read_other("桐岭县派人来学习，在桂花街道看了半天。", source=DISTRICT)) == [["U2"]]


def test_a_home_place_a_school_or_a_book_is_not_the_team(read_other):
    assert teams(read_other("来自柳溪区的中学生拿了金牌。", label="highlight")) == [[]]
    assert teams(read_other("桐岭县实验小学办运动会。", label="irrelevant", sub=None)) == [[]]
    assert teams(read_other("合唱团演唱了《柳溪谣》。", title="柳溪区文化周", label="routine")) == [[]]
    assert teams(read_other("“沙屿渔港”牌虾酱热卖。", title="沙屿市产业", label="routine")) == [[]]
    assert teams(read_other("M市市应急局回复。", label="routine")) == [[]]


def test_derived_office_name(read_other):
    assert teams(read_other("市政府外事办公室召开收心会。")) == [["V3"]]


@pytest.mark.parametrize(
    ("text", "continued"),
    [
        ("柳溪区召开防汛会。\n会议强调，要守住底线。", True),
        ("桐岭县组建护林专班。\n专班实行轮班巡山，隐患当天上报。", True),
        ("市水利局建成水库预警平台。\n平台每十分钟回传一次水位。", True),
        ("全省防汛会在柳溪区召开。\n会议强调，要守住底线。", False),
        ("柳溪区与桐岭县召开联席会。\n会议强调，要守住底线。", False),
        ("柳溪区召开防汛会。\n专班实行轮班巡山。", False),
        ("某公司组建护林专班。\n专班实行轮班巡山。", False),
        ("省里约谈桐岭县，组建护林专班。\n专班实行轮班巡山。", False),
    ],
)
def test_a_paragraph_carries_on_about_the_one_team_before_it(read_other, text, continued):
    found = read_other(text, label="practice")
    assert bool(found.passages[1].teams) is continued
    if continued:
        (team,) = found.passages[1].teams
        assert team.rules == ("T3",)
        assert "承接上段" in team.because


def test_port_with_its_result_and_a_company_of_the_port(read_other):
    assert teams(read_other("前八个月沙屿港集装箱吞吐量增长两成。", label="highlight")) == [["U3"]]
    assert teams(read_other("沙屿港务集团签约，吞吐量看涨。", label="highlight")) == [[]]
