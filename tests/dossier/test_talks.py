"""Talks: plans without conflicts, outlines of 5 to 8 questions, records by two, follow-ups that move, 人次."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from daily_world import Daily, at
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from dossier.compartment import requests
from dossier.products.check import faults
from dossier.talks import follow_ups, outline, papers, plans, records, register, rights
from dossier.talks.plans import TalkData
from dossier.talks.records import Commitment, RecordData
from storage.errors import ShijiError
from storage.tables import Talk, Tenure

DAY = date(2025, 10, 16)


def data(cadre: str = "P002", when: str = "2025-10-14 09:30", **changes: object) -> TalkData:
    plain = TalkData("考核反馈", "三季度工作", "head1", ("off1",), (cadre,), "部三楼谈话室", at(when))
    return replace(plain, **changes)  # type: ignore[arg-type]


def planned(daily: Daily, given: TalkData | None = None, by: str = "off1") -> Talk:
    session, who, _ = daily
    talk = plans.plan_talk(session, who[by], given or data(), DAY)
    plans.approve_talk(session, who["head1"], talk.id, DAY)
    return talk


def recorded(
    daily: Daily,
    talk: Talk,
    *commitments: Commitment,
    by: str = "off1",
    answer: str = "按期推进。",
    restricted: bool = False,
) -> None:
    session, who, _ = daily
    began = talk.starts_at
    said = RecordData(
        began, began + timedelta(minutes=50), talk.place, "三季度工作", (("重点任务如何？", answer),), "抓好落实。",
        commitments, restricted,
    )  # fmt: skip
    records.enter_record(session, who[by], talk.id, said, DAY)


def test_nobody_and_no_room_is_in_two_talks_at_once(daily: Daily) -> None:
    session, who, _ = daily
    planned(daily)
    cases = (
        data("P004", "2025-10-14 10:00", place="别处", staff=("off1b",)),  # interviewer
        data("P002", "2025-10-14 10:00", place="别处", interviewer="dep", staff=("off1b",)),  # interviewee
        data("P004", "2025-10-14 10:29", interviewer="dep", staff=("off1b",)),  # room
    )
    for case in cases:
        with pytest.raises(ShijiError) as caught:
            plans.plan_talk(session, who["off1"], case, DAY)
        assert caught.value.code == "TALK-CONFLICT"
        assert "佟以宁" not in caught.value.line()
    plans.plan_talk(session, who["off1"], data("P004", "2025-10-14 10:30"), DAY)
    plans.plan_talk(session, who["off1"], data("P005", "2025-10-14 08:30"), DAY)


def test_a_cancelled_talk_keeps_its_reason_and_frees_the_time(daily: Daily) -> None:
    session, who, _ = daily
    talk = planned(daily)
    with pytest.raises(ShijiError, match="TALK-FIELD"):
        plans.cancel_talk(session, who["off1"], talk.id, " ", DAY)
    plans.cancel_talk(session, who["off1"], talk.id, "对象赴外地招商", DAY)
    plans.plan_talk(session, who["off1"], data("P004"), DAY)
    [line] = [x for x in register.register(session, who["off1"], date(2025, 10, 1), DAY, DAY) if x.state == "cancelled"]
    assert line.cancel_reason == "对象赴外地招商"


def test_the_plan_is_agreed_by_another_and_bears_no_formal_act(daily: Daily) -> None:
    session, who, _ = daily
    talk = plans.plan_talk(session, who["head1"], data(), DAY)
    with pytest.raises(ShijiError, match="TALK-SAME"):
        plans.approve_talk(session, who["head1"], talk.id, DAY)
    with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        plans.approve_talk(session, who["off1"], talk.id, DAY)
    for theme in ("对其进行诫勉", "函询有关问题", "提醒谈话"):
        with pytest.raises(ShijiError, match="TALK-FORMAL"):
            plans.plan_talk(session, who["off1"], data("P004", "2025-10-15 09:00", theme=theme), DAY)
    with pytest.raises(ShijiError, match="TALK-FIELD"):  # one alone
        plans.plan_talk(session, who["off1"], data("P004", "2025-10-15 09:00", staff=()), DAY)
    assert "提醒" not in plans.TRIGGERS


def test_who_sees_a_talk(daily: Daily) -> None:
    session, who, _ = daily
    talk = planned(daily)
    seen = {name for name, viewer in who.items() if rights.visible_talks(session, viewer, [talk], DAY)}
    assert seen == {"off1", "head1", "head", "dep", "min"}
    with pytest.raises(ShijiError, match="TALK-UNKNOWN"):
        register.get_line(session, who["off1b"], talk.id, DAY)
    assert register.register(session, who["kh"], date(2025, 10, 1), DAY, DAY) == []


def test_an_outline_has_five_to_eight_questions(daily: Daily) -> None:
    session, who, _ = daily
    talk = planned(daily)
    first = outline.draft(session, who["off1"], talk, DAY)
    assert outline.LEAST <= len(first.questions) <= outline.MOST
    row = outline.write_outline(session, who["off1"], talk.id, first, 0, DAY)
    short = replace(first, questions=first.questions[:4])
    with pytest.raises(ShijiError, match="TALK-OUTLINE"):
        outline.write_outline(session, who["off1"], talk.id, short, row.version, DAY)
    outline.write_outline(session, who["off1"], talk.id, first, 1, DAY)
    with pytest.raises(ShijiError, match="TALK-CHANGED"):
        outline.write_outline(session, who["head1"], talk.id, first, 1, DAY)
    content = papers.outline_content(session, who["off1"], talk.id, "中共澜宁市委组织部", "2025-10-16")
    assert faults(content) == []
    assert [part.heading[2:] for part in content.parts] == [
        "谈话目的", "开场", "必谈问题", "机动问题", "结束语", "谈话纪律",
    ]  # fmt: skip


def test_questions_of_a_form_keep_their_numbers() -> None:
    lines = ["办理进展如何？〔E-20250811-000003〕〔T-4〕", "  ", "有何想法？"]
    assert outline.parse_questions(lines) == (
        outline.Question("办理进展如何？", ("E-20250811-000003", "T-4")), outline.Question("有何想法？"),
    )  # fmt: skip


def test_record_and_confirmation(daily: Daily) -> None:
    session, who, _ = daily
    talk = plans.plan_talk(session, who["off1"], data(), DAY)
    with pytest.raises(ShijiError, match="TALK-RECORD"):  # not agreed yet
        recorded(daily, talk)
    plans.approve_talk(session, who["head1"], talk.id, DAY)
    with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        recorded(daily, talk, by="head")
    recorded(daily, talk, Commitment("补齐台账", "佟以宁", date(2025, 11, 30), "P002"))
    with pytest.raises(ShijiError, match="TALK-RECORD"):
        recorded(daily, talk)
    with pytest.raises(ShijiError, match="TALK-RECORD"):
        records.confirm(session, who["off1"], talk.id, "P002", records.UNSIGNED, DAY, "", DAY)
    records.confirm(session, who["off1"], talk.id, "P002", records.UNSIGNED, DAY, "本人出差", DAY)
    content = papers.record_content(session, who["off1"], talk.id, "", "2025-10-16")
    assert faults(content) == []
    text = "".join(s.text for _, s in content.sentences)
    assert "佟以宁未签认" in text
    assert "补齐台账" in text


def test_what_touches_health_is_for_those_who_took_part(daily: Daily) -> None:
    session, who, _ = daily
    talk = planned(daily)
    recorded(
        daily, talk, Commitment("安排休养", "佟以宁", date(2025, 11, 30), "P002"), answer="近期因身体状况需要休养。"
    )
    assert records.record_of(session, who["off1"], talk) is not None
    assert records.record_of(session, who["head"], talk) is None
    assert follow_ups.follow_ups(session, who["head"], DAY) == []
    assert follow_ups.standing(session, who["off1b"], "P002", DAY) == []
    second = planned(daily, data("P004", "2025-10-15 09:00"))
    with pytest.raises(ShijiError, match="MATTER-DIAGNOSIS"):
        recorded(daily, second, answer="确诊胃癌。")


def test_a_persons_follow_up_moves_and_a_units_stays(daily: Daily) -> None:
    """P002 goes from D01 (Z1) to MB01 (Z4) before the commitments are due."""
    session, who, _ = daily
    talk = planned(daily)
    recorded(
        daily, talk, Commitment("完成驻点调研", "佟以宁", date(2025, 11, 30), "P002"),
        Commitment("完善区级台账", "望澜区", date(2025, 11, 30), "", "D01"),
    )  # fmt: skip
    assert [x.item for x in follow_ups.follow_ups(session, who["off3"], DAY)] == []
    [tenure] = session.scalars(select(Tenure).where(Tenure.cadre_id == "P002", Tenure.end.is_(None)))
    other = session.scalars(select(Tenure).where(Tenure.cadre_id == "P028")).first()
    tenure.end = date(2025, 10, 15)
    assert other is not None
    session.add(Tenure(cadre_id="P002", post_id=other.post_id, start=date(2025, 10, 15)))
    session.flush()
    assert [x.item for x in follow_ups.follow_ups(session, who["off3"], DAY)] == ["完成驻点调研"]
    assert [x.item for x in follow_ups.follow_ups(session, who["off1b"], DAY)] == ["完善区级台账"]
    row = follow_ups.follow_ups(session, who["off3"], DAY)[0]
    with pytest.raises(ShijiError, match="TALK-FOLLOW"):
        follow_ups.settle(session, who["off3"], row.id, follow_ups.DONE, " ", DAY, DAY)
    follow_ups.settle(session, who["off3"], row.id, follow_ups.DONE, "调研报告已交", DAY, DAY)
    assert follow_ups.standing(session, who["off1"], "P002", DAY)[0].state == follow_ups.DONE


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 80)), max_size=12))
def test_every_person_counts_in_every_talk(talks: list[tuple[bool, int]]) -> None:
    rows = [Talk(grouped=grouped, headcount=heads) for grouped, heads in talks]
    times, persons = register.tally(rows)
    assert times == len(talks)
    assert persons == sum(heads for _, heads in talks) >= times


def test_three_in_one_talk_are_three_and_a_meeting_counts_heads(daily: Daily) -> None:
    session, who, _ = daily
    recorded(daily, planned(daily, data(cadres=("P001", "P002", "P004"))))
    meeting = data("P001", "2025-10-15 14:00", cadres=("P001", "P002"), grouped=True, headcount=52)
    recorded(daily, planned(daily, meeting))
    cancelled = planned(daily, data("P005", "2025-10-15 17:00"))
    plans.cancel_talk(session, who["off1"], cancelled.id, "改期", DAY)
    counts = register.statistics(session, who["kh"], "2025Q4", DAY)
    assert (counts.times, counts.persons, counts.cancelled, counts.group_times) == (2, 55, 1, 1)
    assert counts.by_direction["组织约谈"] == (2, 55)


def test_a_cadres_own_talk_is_closed_to_all_but_two(daily: Daily) -> None:
    session, who, vault = daily
    row = requests.ask(session, vault, who["off1"], "P002", "min", "个人想法", date(2025, 10, 9))
    with pytest.raises(ShijiError, match="TALK-FIELD"):
        plans.plan_requested(session, vault, who["off1"], row.id, "部长室", at("2025-10-14 15:00"), 40, ("off1",), DAY)
    requests.answer(session, vault, who["min"], row.id, requests.ACCEPTED, "", date(2025, 10, 10))
    talk = plans.plan_requested(
        session, vault, who["off1"], row.id, "部长室", at("2025-10-14 15:00"), 40, ("off1",), DAY
    )
    assert talk.theme == ""
    seen = {name for name, viewer in who.items() if rights.visible_talks(session, viewer, [talk], DAY)}
    assert seen == {"off1", "min"}
    recorded(daily, talk, Commitment("研究分工", "佟以宁", date(2025, 11, 30), "P002"))
    assert follow_ups.follow_ups(session, who["head1"], DAY) == []
    counts = register.statistics(session, who["kh"], "2025Q4", DAY)
    assert (counts.by_direction["干部约谈"], counts.requests, counts.answered_in_time) == ((1, 1), 1, 1)
