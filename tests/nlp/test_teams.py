"""Rules T1-T8 of domain.md §3.8, look-alikes, and the restraint to leave a name alone."""

from __future__ import annotations

import pytest

from nlp.analyse import DocumentIn, analyse
from nlp.context import SourceInfo, guess_source
from nlp.names import Matcher
from nlp.roster import roster_from_dict


def teams(found):
    return sorted({t.id for p in found.passages for t in p.teams})


def roles(found):
    return {t.id: t.role for p in found.passages for t in p.teams}


def asked(found):
    return sorted({t.id for p in found.passages for t in p.undecided_teams})


@pytest.mark.parametrize(
    "text",
    [
        "云亭街道开展志愿服务。",
        "石岭镇举办展销。",
        "长渚湖边游客如织。",
        "望澜路封闭施工。",
        "云亭山景区迎来高峰。",
        "望澜中学开学。",
        "望澜大桥通车。",
        "澜宁银行发布年报。",
        "望澜分局破获案件。",
        "青棠村修路。",
        "禾丰大酒店开业。",
        "省发改委批复项目。",
        "国家发改委印发通知。",
        "宁州高新区建设提速。",
        "苏州高新区排名第一。",
        "海棠高新区建设提速。",
        "宁州市财政局拨付资金。",
        "宁州市望澜区召开会议。",
        "全国高新区排名公布。",
        "国家高新区名单公布。",
        "望澜区税务局发布提示。",
        "市委、市政府高度重视。",
        "市委市政府印发意见。",
        "市政府召开常务会议。",
        "我市召开大会。",
        "上海市长宁区推进改造。",
        "西安市长安区推进改造。",
        "刘望澜先生说。",
        "某县级市推进改革。",
        "该区推进改造。",
        "区委区政府部署。",
        "市委办理了一批实事。",
    ],
)
def test_these_name_no_team(read, text):
    found = read(text, label="practice")
    assert teams(found) == []


@pytest.mark.parametrize(
    ("text", "team"),
    [
        ("望澜区委区政府部署。", "D01"),
        ("望澜区委、区政府部署。", "D01"),
        ("江北省澜宁市望澜区部署。", "D01"),
        ("中共望澜区委全会召开。", "D01"),
        ("泊湾市委、市政府部署。", "D10"),
        ("澜宁高新区部署。", "D07"),
        ("澜宁市高新区部署。", "D07"),
        ("市发展改革委部署。", "MA01"),
        ("澜宁市发改委部署。", "MA01"),
        ("我市发改委部署。", "MA01"),
        ("市政府办公室部署。", "MD01"),
        ("市委办公室部署。", "ME01"),
        ("团市委部署。", "ME06"),
        ("企业落户经开区。", "D06"),
        ("近日市财政局印发通知。", "MA03"),
    ],
)
def test_these_name_one_team(read, text, team):
    assert teams(read(text, label="practice")) == [team]


def test_t2_county_bureau_rolls_up_and_is_only_mentioned(read):
    found = read("泊湾市财政局印发办法。禾丰县教育局组织培训。", label="practice")
    assert roles(found) == {"D10": "仅提及", "D08": "仅提及"}


def test_t2_bare_name_is_left_to_the_officer_until_the_document_names_it(read):
    assert teams(read("发改委印发通知。")) == []
    assert asked(read("发改委印发通知。")) == ["MA01"]
    assert teams(read("市发改委推行承诺制。\n发改委还印发通知。")) == ["MA01"]
    assert "MA01" not in teams(read("望澜区召开会议，发改委汇报。"))


def test_t2_relative_names_need_our_city_in_other_sources(read):
    text = "市财政局拨付资金，高新区入选名单。"
    assert teams(read(text, source="澜宁日报")) == ["D07", "MA03"]
    assert teams(read(text, source="江北日报")) == []
    assert asked(read(text, source="江北日报")) == ["D07", "MA03"]
    assert teams(read("澜宁市今年提速。" + text, source="江北日报")) == ["D07", "MA03"]


def test_t3_that_district_is_the_nearest_before_in_the_paragraph(read):
    assert teams(read("望澜区推进改造。此外，该区已完成41个小区，区委、区政府成立专班。")) == ["D01"]
    second = read("青棠区推进改造。\n该区已完成41个小区。")
    assert [teams_of.id for teams_of in second.passages[1].teams] == []
    own = SourceInfo("青棠融媒", "区县", "D02")
    assert teams(read("我区推进改造。", source=own)) == ["D02"]
    assert teams(read("该区推进改造。", title="白榆区整改")) == ["D03"]


def test_t3_two_districts_before_make_it_unclear(read):
    found = read("望澜区与青棠区签约。此外，该区推进改造。")
    assert [t.id for t in found.passages[-1].teams] == []
    assert found.passages[-1].undecided_teams


def test_t3_our_city_in_a_county_level_citys_own_media(read):
    own = SourceInfo("泊湾发布", "区县", "D10")
    assert teams(read("我市推进港口建设，市委、市政府成立专班。", source=own)) == ["D10"]
    assert guess_source("泊湾发布", Matcher(roster_from_dict(_roster()))).owner_team is None


def test_t5_failing_unit_makes_the_district_responsible(read):
    found = read("经核实，青棠区某街道要求企业指定机构，情况属实。", label="problem", sub="WT4")
    assert roles(found) == {"D02": "责任主体"}
    found = read("青棠区某街道举办邻里节。", label="routine", sub="YB3")
    assert roles(found) == {"D02": "仅提及"}


def test_t6_joint_action_and_its_roles(read):
    found = read("由市发改委牵头、市财政局配合，推行新机制。", label="practice")
    assert roles(found) == {"MA01": "主体", "MA03": "参与"}


def test_t8_title_alone_is_a_question(read):
    found = read("目前已在41个小区运行。", title="望澜区推行楼栋议事长", label="practice")
    assert teams(found) == []
    assert found.passages[0].undecided_teams[0].rules == ("T8",)


def test_short_name_needs_support(read):
    assert teams(read("望澜推行新制度。")) == []
    assert teams(read("望澜推行新制度。", title="望澜区推行新制度")) == ["D01"]
    assert teams(read("望澜区召开会议。\n望澜推行新制度。")) == ["D01"]


def test_lake_with_the_districts_duty(read):
    found = read("督察办确认：长渚湖黑臭水体整改任务通过验收。", label="highlight", sub="LD9")
    assert teams(found) == ["D04"]
    assert "T1" in found.passages[0].teams[0].rules


def test_inspector_and_inspected_in_one_problem(read):
    found = read("市应急管理局检查发现，石岭县有关部门监管流于形式。", label="problem", sub="WT1")
    assert roles(found) == {"MC04": "主体", "D09": "责任主体"}


def test_every_attribution_shows_span_reason_and_rule(read):
    text = "望澜区委区政府部署。"
    team = read(text, title="望澜区部署").passages[0].teams[0]
    assert "望澜区委区政府" in team.because
    assert "标题一致" in team.because
    assert [text[a:b] for a, b in team.spans] == ["望澜区委区政府"]


def _roster():
    return {
        "city": {"name": "临沅市"},
        "teams": [
            {"id": "A", "full": "和平区", "aliases": ["和平"]},
            {"id": "B", "full": "东区", "aliases": []},
            {"id": "C", "full": "临沅市教育局", "aliases": ["市教育局"]},
        ],
    }


def test_another_roster_with_everyday_names():
    matcher = Matcher(roster_from_dict(_roster()))

    def ids(text):
        from tests.nlp.conftest import FixedTopic  # the same fixed model, another roster

        done = analyse(DocumentIn(text, "", "2025-01-01", ""), matcher, FixedTopic("practice"))
        return [t.id for p in done.passages for t in p.teams]

    assert ids("和平发展是时代主题。") == []
    assert ids("和平区召开会议。") == ["A"]
    assert ids("在广东区域布局。") == []
    assert ids("东区召开会议。") == ["B"]
    assert ids("临沅市教育局印发通知。") == ["C"]
