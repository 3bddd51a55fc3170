"""The part a team plays: through its leader, as object, as checker of others, in emergencies, in lists (§3.8 roles)."""

from __future__ import annotations

import pytest


def roles(found):
    return {t.id: t.role for p in found.passages for t in p.teams}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("柳溪区委书记费砚秋到老旧厂房走访，看望值班工人。", {"U1": "出席"}),
        ("柳溪区委书记费砚秋带队到泵站夜查。", {"U1": "出席"}),
        ("桐岭县县长计南乔走进茶园，向茶农询问收成。", {"U2": "出席"}),
        ("高新区管委会主任贝闻舟出席签约活动，介绍园区配套。", {"U4": "出席"}),
        ("市应急局负责同志走访慰问消防员。", {"V2": "出席"}),
        (
            "对接会上，柳溪区委书记费砚秋、桐岭县委书记章渡、沙屿市市长司徒岸等参加。",
            {"U1": "出席", "U2": "出席", "U3": "出席"},
        ),
        ("桐岭县县长计南乔主持召开护林例会，对冬季巡山作出安排。", {"U2": "主体"}),
        ("桐岭县县长计南乔表示，将认真研究。", {"U2": "信息来源"}),
        ("市应急局副局长陈平到桐岭县检查堤防。", {"V2": "出席", "U2": "属地"}),
        ("省督导组到桐岭县督导防火。", {"U2": "对象"}),
        ("省水利厅要求桐岭县在三十日内拿出方案。", {"U2": "对象"}),
        ("柳溪区接受省级节水核验。", {"U1": "对象"}),
        ("柳溪区、桐岭县本月巡河未发现问题，请继续保持频次。", {"U1": "对象", "U2": "对象"}),
        ("桐岭县办结率91.2%，在12个县区中列第9位。", {"U2": "对象"}),
        ("据市水利局测算，柳溪区年节水三万吨。", {"V1": "信息来源", "U1": "主体"}),
        ("会上，柳溪区、桐岭县作了经验交流。", {"U1": "参与", "U2": "参与"}),
        ("2024年6月，时任柳溪区区长蓝照野曾在这里听取意见。", {"U1": "仅提及"}),
    ],
)
def test_routine(read_other, text, expected):
    assert roles(read_other(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("柳溪区区长丘望川说，每栋楼都有了水务管家，漏点当天报修。", {"U1": "主体"}),
        ("这项改革由市水利局牵头，市应急局提供雨情数据，柳溪区先行试点。", {"V1": "主体", "V2": "参与", "U1": "参与"}),
    ],
)
def test_practice(read_other, text, expected):
    assert roles(read_other(text, label="practice")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("省水利厅印发通报，对市水利局抗旱保供工作予以表扬。", {"V1": "受表彰"}),
        ("省防指发文通报表扬柳溪区避险转移做法。", {"U1": "受表彰"}),
        ("柳溪区满意度在12个县区中列第1位。", {"U1": "主体"}),
        ("全省节水现场会在柳溪区召开，与会代表观摩三个点位。", {"U1": "主体"}),
    ],
)
def test_highlight(read_other, text, expected):
    assert roles(read_other(text, label="highlight")) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("市市场监管局夏季抽检饮品，查处不合格批次三十个。", {"V4": "主体"}),
        ("市应急局检查加油站，责令两家停业整改。", {"V2": "主体"}),
        ("柳溪区自查发现隐患三百条，已全部销号。", {"U1": "主体"}),
        ("柳溪区委书记费砚秋到工地督促整改。", {"U1": "出席"}),
        ("市市场监管局不依法查处假药。", {"V4": "责任主体"}),
        ("市市场监管局审核不严，已责令整改。", {"V4": "责任主体"}),
        ("柳溪区河道整治工程逾期半年。", {"U1": "责任主体"}),
        ("柳溪区委书记费砚秋主持会议，违规同意该方案。", {"U1": "责任主体"}),
        ("被查处的企业说，桐岭县的监管流于形式。", {"U2": "责任主体"}),
    ],
)
def test_who_did_the_bad_thing(read_other, text, expected):
    assert roles(read_other(text, label="problem", sub="WT2")) == expected


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("督察发现，桐岭县对采砂监管不严，已责令纠正。", "责任主体"),
        ("针对督察发现的问题，桐岭县清理迟缓点位，建起台账。", "主体"),
        ("桐岭县因种草迎检被省里通报。", "责任主体"),
        ("桐岭县对溃坝负有领导责任。", "责任主体"),
    ],
)
def test_blame_in_a_passage_labelled_practice(read_other, text, role):
    assert roles(read_other(text, label="practice")) == {"U2": role}


def test_an_official_finding_is_blame_whatever_the_label(read_other):
    text = "督察组指出，桐岭县截污工程进展迟缓。"
    assert roles(read_other(text, label="routine")) == {"U2": "责任主体"}
    assert roles(read_other("督察组指出，桐岭县截污工程进展顺利。", label="routine")) == {"U2": "主体"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("桐岭县松岗隧道发生坍塌，两人被困。", {"U2": "属地"}),
        ("市应急局派出两支队伍连夜增援。", {"V2": "参与"}),
        ("桐岭县委、县政府迅速组织救援，转移群众四十人。", {"U2": "主体"}),
        ("桐岭县县长计南乔担任现场总指挥，调集四十人。", {"U2": "主体"}),
    ],
)
def test_emergency(read_other, text, expected):
    assert roles(read_other(text, label="major_matter", sub="ZD4")) == expected


def test_old_unit_of_a_person_who_moves_is_only_mentioned(read_other):
    text = "市委决定：市水利局局长简澄同志兼任市应急局党委书记。"
    assert roles(read_other(text, label="major_matter", sub="ZD1"))["V1"] == "仅提及"


def test_a_team_that_acts_is_not_taken_for_scenery_by_an_irrelevant_label(read_other):
    assert roles(read_other("市水利局组织志愿者清理河滩。", label="irrelevant")) == {"V1": "主体"}
    assert roles(read_other("柳溪区的山茶花开了。", label="irrelevant")) == {"U1": "仅提及"}
