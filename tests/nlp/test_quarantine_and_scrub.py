"""Accusations are set aside, official notices are not; personal data is masked without moving an offset."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.quarantine import looks_like_accusation
from nlp.scrub import MASK, scrub


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        ("举报信", "尊敬的市纪委领导：我是某局职工，现实名举报局长收受贿赂。恳请彻查。", ""),
        ("控告书", "控告人：李某，被控告人：赵某，具体事实如下：赵某任村书记期间挪用公款。", ""),
        ("", "市纪委领导：\n我们是禾丰县某村村民，联名举报村支书虚报冒领补贴。此致", ""),
        ("论坛热帖", "匿名帖爆料：某局局长以权谋私，把项目交给亲属承揽工程。", "自媒体"),
    ],
)
def test_accusations(title, text, kind):
    assert looks_like_accusation(title, text, kind)


@pytest.mark.parametrize(
    ("title", "text", "kind"),
    [
        (
            "某局原副局长被查",
            "澜宁市纪委监委消息：市甲局原副局长涉嫌严重违纪违法，目前正接受纪律审查和监察调查。",
            "市",
        ),
        ("通报", "经查，某县原县长收受礼金，被开除党籍。此前有群众举报。", "市"),
        ("热线", "今年以来，12345热线共受理群众举报投诉1.2万件，其中违规收费300件，办结率99%。", "市"),
        ("渠道畅通", "市纪委监委开通检举控告平台，受理群众举报违纪违法线索。", ""),
        ("简报", "区里整治违规经营，接到群众举报后查处12家。", ""),
        ("公告", "市公安局公布举报电话，鼓励群众举报黑社会性质组织。", ""),
        ("", "网传某县级市领导子女承揽工程，目前未见官方回应。", "自媒体"),
        ("望澜区推行楼栋议事长", "望澜区委书记沈砚舟到青石街道走访。", ""),
    ],
)
def test_no_accusations(title, text, kind):
    assert looks_like_accusation(title, text, kind) is None


@pytest.mark.parametrize(
    ("text", "gone"),
    [
        ("身份证号11010519491231002X。", "11010519491231002X"),
        ("手机13812345678。", "13812345678"),
        ("手机138 1234 5678。", "138 1234 5678"),
        ("卡号6222021234567890128。", "6222021234567890128"),
        ("邮箱a.b@c.example。", "a.b@c.example"),
        ("车牌苏A·D12345。", "苏A·D12345"),
        ("车牌江A12345。", "江A12345"),
        ("家住青石街道12号楼3单元501室。", "12号楼3单元501室"),
        ("群众张某反映。", "某"),
        ("居民李小明说。", "小明"),
        ("驾驶员刘某某被困。", "某某"),
    ],
)
def test_masked(text, gone):
    done = scrub(text)
    assert gone not in done.text
    assert MASK in done.text
    assert len(done.text) == len(text)


@pytest.mark.parametrize(
    "text",
    [
        "投资12.5亿元，文号澜政发〔2025〕12号，2025年10月16日。",
        "群众张开双臂。",
        "居民高兴地说。",
        "工人马上到岗。",
        "学生安全教育。",
        "市民高度评价。",
        "热线0591-87654321。",
        "望澜区委书记沈砚舟走访群众。",
        "市民朱女士表示满意。",
        "澜宁市民生路8号市政务大厅。",
    ],
)
def test_left_alone(text):
    assert scrub(text) == (text, ())


def test_listed_names_may_be_kept():
    assert scrub("党员群众王伟说。", keep_names=["王伟"]).text == "党员群众王伟说。"


@pytest.mark.parametrize(
    ("text", "done"),
    [
        (
            "居民李小明说，路灯坏了。次日，李小明告诉记者，灯亮了。",
            "居民李●●说，路灯坏了。次日，李●●告诉记者，灯亮了。",
        ),
        ("李小明家在青石街道。居民李小明说，灯亮了。", "李●●家在青石街道。居民李●●说，灯亮了。"),
        ("业主刘洋：“修好了。”\n刘洋说。刘洋河畔。", "业主刘●：“修好了。”\n刘●说。刘洋河畔。"),
        ("群众李伟反映问题，区委书记李伟到场处理。", "群众李●反映问题，区委书记李伟到场处理。"),
    ],
)
def test_a_citizen_is_masked_at_every_mention(text, done):
    assert scrub(text).text == done


def test_a_longer_name_of_the_roster_is_not_touched():
    done = scrub("居民王芳说，灯亮了。王芳华到场察看。王芳很满意。", keep_names=["王芳华"])
    assert done.text == "居民王●说，灯亮了。王芳华到场察看。王●很满意。"


@given(st.text(st.sampled_from("群众张李某说1384567890X@.苏A家住号楼\n"), max_size=80))
def test_length_and_untouched_characters(text):
    done = scrub(text)
    assert len(done.text) == len(text)
    hit = {i for a, b, _ in done.hits for i in range(a, b)}
    assert all(done.text[i] == (c if i not in hit or c == "\n" else MASK) for i, c in enumerate(text))
