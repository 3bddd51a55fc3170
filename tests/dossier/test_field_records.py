"""Full 六字 records, the coverage of teams, 核实率, and doubts with two versions (§1.2)."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest
from hearing_world import DEBT, PORT, TODAY, record, told
from hypothesis import given
from hypothesis import strategies as st
from record_world import evidence
from sqlalchemy.orm import Session

from dossier import review, terms, verify
from dossier.field import doubts
from dossier.field.coverage import Rate, channels_of, matrix, percent, rate_of
from dossier.field.records import RecordForm, enter, list_records, support
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Evidence

__all__ = ["record", "told"]
Told = tuple[Session, dict[str, Viewer]]
DAY = date(2025, 9, 10)
FULL = {
    "听": ({"reporter": "区财政局主要负责人", "attendees": "区班子成员", "claims": "化债进度\n还本计划"}, ()),
    "看": ({"place": "白榆区财政局", "project": "化债专班"}, ("苏禾", "季明川")),
    "查": (
        {"document": "审计公告", "number": "2024年第3号", "page": "第5页", "extract": "形成隐性债务8.6亿元"},
        ("苏禾",),
    ),
    "谈": ({"interviewee": "中层干部", "topics": "举债经过", "confirmation": "已签认"}, ("苏禾", "季明川")),
    "访": ({"channel": "一线暗访", "respondents": "12", "questions": "您了解企业搬迁的进度吗？"}, ("苏禾",)),
    "调": ({"provider": "市财政局", "table": "债务月报", "scope": "地方综合财力口径", "receipt": "CZ-031"}, ("苏禾",)),
}


def form(channel: str, items: tuple[int, ...] = (), drop: str = "", **changes: object) -> RecordForm:
    fields, officers = FULL[channel]
    kept = {key: text for key, text in fields.items() if key != drop}
    given_fields = kept | dict(changes.pop("fields", {}))  # type: ignore[call-overload]
    return RecordForm(
        channel, DAY, str(changes.pop("summary", "了解到的情况与公告一致")), given_fields,
        tuple(changes.pop("officers", officers)), items, **changes,  # type: ignore[arg-type]
    )  # fmt: skip


def adopted(session: Session, who: dict[str, Viewer], text: str) -> Evidence:
    item = evidence(session, text[:12])
    if not item.role:
        review.correct(session, who["off1"], item.id, review.Correction(role="主体"))
    return review.accept(session, who["off1"], item.id)


@pytest.mark.parametrize("channel", terms.CHANNELS)
def test_each_channel_asks_for_its_own_fields(told: Told, channel: str) -> None:
    session, who = told
    item = adopted(session, who, DEBT)
    needed = list(FULL[channel][0])
    for key in needed:
        with pytest.raises(ShijiError, match="RECORD-FIELD"):
            enter(session, who["off1"], form(channel, (item.id,), drop=key), TODAY)
    row = enter(session, who["off1"], form(channel, (item.id,)), TODAY)
    [shown] = list_records(session, who["off1"], DAY, DAY, channel)
    assert (shown.id, len(shown.fields), shown.teams) == (row.id, len(needed), ("白榆区",))
    assert row.self_reported == (channel == "听")
    assert item.state == terms.VERIFYING


@pytest.mark.parametrize(
    ("channel", "changes", "code"),
    [
        ("看", {"officers": ("苏禾", "苏禾")}, "RECORD-OFFICERS"),
        ("访", {"fields": {"respondents": "若干"}}, "RECORD-FIELD"),
        ("访", {"fields": {"questions": "难道您不觉得进度太慢吗？"}}, "RECORD-QUESTION"),
        ("访", {"summary": "居民张建国说进度慢，电话13812345678"}, "RECORD-CITIZEN"),
        ("谈", {"fields": {"confirmation": "口头同意"}}, "RECORD-FIELD"),
        ("看", {"official": True}, "RECORD-OFFICIAL"),
        ("查", {"official": True, "self_reported": True}, "RECORD-OFFICIAL"),
        ("调", {"summary": " "}, "RECORD-EMPTY"),
    ],
)
def test_what_a_form_refuses(told: Told, channel: str, changes: dict[str, object], code: str) -> None:
    session, who = told
    item = adopted(session, who, DEBT)
    with pytest.raises(ShijiError, match=code):
        enter(session, who["off1"], form(channel, (item.id,), **changes), TODAY)


def test_one_visit_supports_many_claims_and_counts_once_a_team(told: Told) -> None:
    session, who = told
    debt, port = adopted(session, who, DEBT), adopted(session, who, PORT)
    row = enter(session, who["off1"], form("看", (debt.id,)), TODAY)
    support(session, who["off1"], row.id, [port.id, debt.id])
    assert dict(channels_of(session, port.id))["看"] == 1
    assert port.state == terms.VERIFYING
    rows = {r.team_id: r for r in matrix(session, who["off1"], "2025Q3").rows}
    assert rows["D03"].counts == rows["D10"].counts == (0, 1, 0, 0, 0, 0)
    assert "石岭县：访 0 次" in rows["D09"].sentences
    assert "白榆区：看 0 次" not in rows["D03"].sentences
    assert "MB01" not in rows  # another zone
    assert {r.team_id for r in matrix(session, who["off3"], "2025Q3").rows} & {"D03", "D09"} == set()


def test_a_record_without_items_needs_a_team_in_scope(told: Told) -> None:
    session, who = told
    with pytest.raises(ShijiError, match="RECORD-TEAM"):
        enter(session, who["off1"], form("听"), TODAY)
    with pytest.raises(ShijiError, match="TEAM-UNKNOWN"):
        enter(session, who["off1"], form("听", teams=("MB01",)), TODAY)
    enter(session, who["off1"], form("听", teams=("D09",)), TODAY)
    assert {r.team_id: r.counts[0] for r in matrix(session, who["kh"], "2025Q3").rows}["D09"] == 1


def test_the_worked_example_of_the_rate() -> None:
    states = [terms.VERIFIED] * 7 + [terms.PARTLY, terms.UNTRUE] + [terms.VERIFYING] * 2 + [terms.TO_VERIFY]
    rate = rate_of(states)
    assert (rate.verified, rate.refuted, rate.pending, rate.text) == (7, 2, 3, "58.3%")
    assert Rate(0, 0, 0).text == "—"


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_percentage_is_within_half_a_tenth(part: int, whole: int) -> None:
    share = Fraction(min(part, whole), whole)
    shown = Fraction(percent(share).rstrip("%")) / 100
    assert abs(shown - share) <= Fraction(1, 2000)


def test_two_versions_stay_side_by_side_until_an_officer_concludes(told: Told) -> None:
    session, who = told
    item = adopted(session, who, DEBT)
    seen = enter(session, who["off1"], form("看", (item.id,), summary="现场台账为8.6亿元"), TODAY)
    drawn = enter(session, who["off1"], form("调", (item.id,), summary="债务月报为6.6亿元"), TODAY)
    verify.propose(session, who["off1"], item.id, terms.VERIFIED, "相互印证")
    row = doubts.raise_doubt(session, who["off1b"], item.id, seen.id, drawn.id, TODAY)
    assert (item.doubtful, item.state, item.proposed_state) == (True, terms.VERIFYING, "")
    with pytest.raises(ShijiError, match="DOUBT-OPEN"):
        verify.propose(session, who["off1"], item.id, terms.VERIFIED, "相互印证")
    with pytest.raises(ShijiError, match="DOUBT-CONCLUSION"):
        doubts.conclude(session, who["off1"], row.id, "", TODAY)
    doubts.conclude(session, who["off1"], row.id, "采信债务月报，台账含已偿还部分", TODAY)
    [shown] = doubts.doubts_of(session, item.id)
    assert (shown.first, shown.other) == ("现场台账为8.6亿元", "债务月报为6.6亿元")
    assert not item.doubtful
    verify.propose(session, who["off1"], item.id, terms.PARTLY, "以月报为准", "形成隐性债务6.6亿元")
