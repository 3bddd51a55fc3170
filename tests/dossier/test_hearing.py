"""The right to be heard: letters without origin, clocks, another reviewer, exceptions, 容错, readiness (§2.6)."""

from __future__ import annotations

from datetime import date

import pytest
from hearing_world import DEBT, PORT, TODAY, hear, record, settle, told
from hypothesis import given
from hypothesis import strategies as st
from record_world import evidence
from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms, verify
from dossier.hearing import exceptions, leniency, notices
from dossier.hearing.letter import check_letter, fact_for, letter_text
from dossier.hearing.readiness import package_ready
from dossier.products.redact import load_names
from dossier.scope import Viewer
from dossier.views import load_views
from storage.errors import ShijiError
from storage.tables import Evidence
from storage.workdays import is_workday

__all__ = ["record", "told"]
Told = tuple[Session, dict[str, Viewer]]
WORDS = "请就举债事项说明有关情况。"


def test_the_letter_says_the_fact_and_nothing_of_origin_or_other_persons(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    item.passage.text = "（记者 林某）据群众来信反映，白榆区邹鹤屿会同柏清野违规举债8.6亿元，青棠区未参与。"
    [view] = load_views(session, select(Evidence).where(Evidence.id == item.id))
    words = letter_text(view, load_names(session), 5)
    assert "8.6亿元" in words
    assert "5个工作日" in words
    for trace in ("记者", "群众", "来信", "邹鹤屿", "柏清野", "青棠区", view.source, view.title):
        assert trace not in words, trace
    with pytest.raises(ShijiError, match="NOTICE-ORIGIN"):
        check_letter(f"据{view.source}，你区违规举债，请说明。", view, load_names(session))
    with pytest.raises(ShijiError, match="NOTICE-ORIGIN"):
        notices.send(session, who["off1"], item.id, "根据举报，你区违规举债，请说明。", TODAY)


@pytest.mark.parametrize(
    ("team", "text", "wanted"),
    [
        (
            "D04",
            "通报还指出，长渚区区长桑予安未按要求更换失效的警戒浮标。",
            "长渚区有关负责同志未按要求更换失效的警戒浮标。",
        ),
        ("D03", "时任白榆区委书记韶怀谷主持会议。", "时任白榆区有关负责同志主持会议。"),
        ("D05", "省委办公厅通报认定，云亭区突击种草。", "省委办公厅通报认定，云亭区突击种草。"),
        ("D01", "市住房和城乡建设局已向望澜区发出督办单。", "有关单位已向望澜区发出督办单。"),
        ("D10", "泊湾市城管局现场核实后认定情况属实。", "泊湾市城管局现场核实后认定情况属实。"),
        ("D02", "记者在青棠区政务大厅看到，窗口仍要求盖章。", "在青棠区政务大厅窗口仍要求盖章。"),
        ("D03", "审计发现，白榆区新增隐性债务5.6亿元。", "白榆区新增隐性债务5.6亿元。"),
        ("D03", "4月14日，据群众投诉反映，白榆区河道有异味。", "4月14日，白榆区河道有异味。"),
    ],
)
def test_letters_read_as_written_by_hand(told: Told, team: str, text: str, wanted: str) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    item.passage.text, item.team_id = text, team
    session.flush()
    [view] = load_views(session, select(Evidence).where(Evidence.id == item.id))
    assert fact_for(view, load_names(session)) == wanted
    words = letter_text(view, load_names(session), 5)
    assert words.count("4月14日") <= 1
    check_letter(words, view, load_names(session))


def test_the_clock_counts_working_days_and_is_extended_once(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    row = notices.send(session, who["off1"], item.id, WORDS, date(2025, 9, 29))  # before the long holiday
    assert row.due == date(2025, 10, 13)  # 30 Sept, 9, 10 and Saturday 11 Oct, which is worked, then Monday
    notices.extend(session, who["off1"], row.id, "材料调取需要时间", date(2025, 10, 10), 5)
    assert row.due == date(2025, 10, 20)
    assert is_workday(row.due)
    with pytest.raises(ShijiError, match="NOTICE-EXTENDED"):
        notices.extend(session, who["off1"], row.id, "再延", date(2025, 10, 10), 5)
    late = notices.send(session, who["off1"], item.id, WORDS, date(2025, 9, 1))
    with pytest.raises(ShijiError, match="NOTICE-LATE"):
        notices.extend(session, who["off1"], late.id, "过期申请", TODAY, 5)


def test_who_verified_does_not_review_and_a_change_goes_to_two_officers_again(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    row = notices.send(session, who["off1"], item.id, WORDS, date(2025, 9, 2))
    with pytest.raises(ShijiError, match="NOTICE-NONE"):
        notices.review(session, who["kh"], row.id, notices.KEEP, "无说明", TODAY)
    notices.state(session, who["unit"], row.id, "其中2亿元已偿还。", ("还款凭证",), date(2025, 9, 4))
    assert item.response == "其中2亿元已偿还。"
    for login in ("off1", "off1b", "head"):
        with pytest.raises(ShijiError, match="HEARING-SAME"):
            notices.review(session, who[login], row.id, notices.CHANGE, "金额有误", TODAY, "形成隐性债务6.6亿元")
    with pytest.raises(ShijiError, match="HEARING-WORDS"):
        notices.review(session, who["kh"], row.id, notices.CHANGE, "金额有误", TODAY)
    notices.review(session, who["kh"], row.id, notices.CHANGE, "偿还凭证属实", TODAY, "形成隐性债务6.6亿元")
    assert (item.state, item.proposed_state) == (terms.VERIFYING, terms.PARTLY)
    assert "（复核：修改）" in item.response
    verify.agree(session, who["off1b"], item.id)
    verify.sign(session, who["head1"], item.id)
    assert (item.state, item.true_part) == (terms.PARTLY, "形成隐性债务6.6亿元")
    with pytest.raises(ShijiError, match="NOTICE-REVIEWED"):
        notices.state(session, who["unit"], row.id, "再说明", (), TODAY)


def test_a_unit_reaches_its_own_notices_alone(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    row = notices.send(session, who["off1"], item.id, WORDS, TODAY)
    assert notices.get_notice(session, who["unit"], row.id).id == row.id
    row.team_id = "D01"
    with pytest.raises(ShijiError, match="NOTICE-UNKNOWN"):
        notices.get_notice(session, who["unit"], row.id)


def test_readiness_names_what_is_missing_step_by_step(told: Told) -> None:
    session, who = told
    item = evidence(session, DEBT[:12])
    assert package_ready(session, item, TODAY)[0] == "状态为“待确认”，尚未核实"
    settle(session, who, DEBT)
    assert package_ready(session, item, TODAY) == ["未告知单位", "容错审查未登记"]
    row = notices.send(session, who["off1"], item.id, WORDS, date(2025, 10, 15))
    assert package_ready(session, item, TODAY)[0] == f"单位说明期限未满（{row.due} 止）"
    notices.state(session, who["off1"], row.id, "已制定方案。", (), TODAY)
    assert package_ready(session, item, TODAY)[0] == "单位说明尚未复核"
    notices.review(session, who["kh"], row.id, notices.KEEP, "与结论一致", TODAY)
    made = leniency.prepare(
        session, who["head1"], item.id, leniency.NONE, (leniency.APART,) * 3, "不涉及容错", TODAY
    )  # fmt: skip
    leniency.check(session, who["sup"], made.id, True)
    assert package_ready(session, item, TODAY) == ["容错审查未登记"]
    leniency.sign(session, who["dep"], made.id, True, TODAY, body="部务会")
    assert package_ready(session, item, TODAY) == []
    assert package_ready(session, settle(session, who, PORT), TODAY) == []  # a neutral item needs no hearing


def test_an_unanswered_notice_is_ready_only_after_its_last_day(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    row = notices.send(session, who["off1"], item.id, WORDS, date(2025, 9, 1))
    assert any("期限未满" in reason for reason in package_ready(session, item, row.due))
    assert package_ready(session, item, date(2025, 10, 1)) == ["容错审查未登记"]


def test_an_exception_is_supervisions_to_decide_and_to_see(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        exceptions.ask(session, who["off1"], item.id, "告知可能妨碍审计取证工作", TODAY)
    row = exceptions.ask(session, who["head1"], item.id, "告知可能妨碍审计取证工作", TODAY)
    for login in ("head1", "kh", "dep", "off1"):
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            exceptions.decide_exception(session, who[login], row.id, exceptions.AGREED, "同意", TODAY)
    assert "未告知单位" in package_ready(session, item, TODAY)
    exceptions.decide_exception(session, who["sup"], row.id, exceptions.AGREED, "取证期间暂不告知", TODAY)
    assert package_ready(session, item, TODAY) == ["容错审查未登记"]
    assert [r.id for r in exceptions.exceptions(session, who["sup"])] == [row.id]
    assert exceptions.exceptions(session, who["head"]) == []  # another head does not learn of it
    with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        exceptions.exceptions(session, who["kh"])
    exceptions.lift(session, who["sup"], row.id, TODAY)
    assert "未告知单位" in package_ready(session, item, TODAY)


def test_leniency_takes_three_roles_the_distinctions_and_a_body(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    yes, no, apart = leniency.EXCUSABLE, leniency.INEXCUSABLE, leniency.APART
    prepare = leniency.prepare
    with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        prepare(session, who["off1"], item.id, leniency.GRANTED, (yes, apart, apart), "先行先试", TODAY, "部务会")
    with pytest.raises(ShijiError, match="LENIENCY-DISTINCTIONS"):
        prepare(session, who["head1"], item.id, leniency.GRANTED, (yes, no, apart), "先行先试", TODAY, "部务会")
    with pytest.raises(ShijiError, match="LENIENCY-BODY"):
        prepare(session, who["head1"], item.id, leniency.GRANTED, (yes, apart, apart), "先行先试", TODAY)
    row = prepare(session, who["head1"], item.id, leniency.GRANTED, (yes, apart, apart), "先行先试", TODAY, "部务会")
    with pytest.raises(ShijiError, match="LENIENCY-OPEN"):
        prepare(session, who["head1"], item.id, leniency.NONE, (apart,) * 3, "不涉及", TODAY)
    with pytest.raises(ShijiError, match="LENIENCY-STATE"):
        leniency.sign(session, who["dep"], row.id, True, TODAY)
    leniency.check(session, who["sup"], row.id, True)
    assert item.leniency == ""
    leniency.sign(session, who["dep"], row.id, True, TODAY)
    assert item.leniency == leniency.GRANTED


answers = st.lists(st.sampled_from(leniency.ANSWERS), min_size=3, max_size=3)


@given(answers, st.sampled_from(terms.LENIENCY))
def test_nothing_inexcusable_is_ever_excused(given_answers: list[str], value: str) -> None:
    try:
        leniency.check_distinctions(value, given_answers, "")
    except ShijiError:
        return
    if value in (leniency.GRANTED, leniency.PLANNED):
        assert leniency.INEXCUSABLE not in given_answers
        assert leniency.EXCUSABLE in given_answers
    if value == leniency.NONE:
        assert set(given_answers) == {leniency.APART}


def test_the_statement_stands_with_its_result_wherever_the_item_appears(told: Told) -> None:
    session, who = told
    item = settle(session, who, DEBT)
    hear(session, who, item)
    [view] = load_views(session, select(Evidence).where(Evidence.id == item.id))
    assert view.response == "已制定化债方案。（复核：维持）"
