"""Zones with their history, duties, recusal, deputies, contacts, coverage, rotation, hand-over; media batches."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import pairwise

import pytest
from daily_world import Daily, at, people
from hypothesis import given
from hypothesis import strategies as st
from record_world import DEMO_ROSTER
from sqlalchemy import select

from dossier import batches, roster, roster_files
from dossier.liaison import activities, coverage, duties, hand_over, membership, ties
from dossier.liaison.activities import ActivityData
from dossier.scope import viewer_of
from dossier.standing import years_after
from storage.errors import ShijiError
from storage.tables import (
    Capture,
    Document,
    Event,
    Evidence,
    MediaBatch,
    MediaBatchItem,
    OfficerTie,
    Passage,
    Team,
    TeamZone,
    User,
    ZoneDuty,
)

DAY = date(2025, 10, 16)


def contact(team: str = "D01", on: date = DAY, **changes: object) -> ActivityData:
    plain = ActivityData(team, on, "调研", ("off1", "off1b"), "实地了解老旧小区改造进度。")
    return replace(plain, **changes)  # type: ignore[arg-type]


def test_a_team_is_in_one_zone_at_a_time_and_the_past_stays(daily: Daily) -> None:
    session, who, _ = daily
    with pytest.raises(ShijiError, match="RIGHTS-ZONE"):
        membership.move_team(session, who["head1"], "D05", "Z3", DAY, "工作需要")
    with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
        membership.move_team(session, who["off1"], "D05", "Z2", DAY, "工作需要")
    with pytest.raises(ShijiError, match="ZONE-MOVE"):
        membership.move_team(session, who["kh"], "D05", "Z2", DAY, " ")
    membership.move_team(session, who["kh"], "D05", "Z2", date(2025, 8, 15), "按职能调整")
    membership.move_team(session, who["kh"], "D05", "Z1", date(2025, 9, 20), "调回")
    for day, zone in ((date(2025, 8, 14), "Z1"), (date(2025, 8, 15), "Z2"), (date(2025, 9, 20), "Z1")):
        assert membership.zone_on(session, "D05", day) == zone
        assert [z for z in ("Z1", "Z2") if "D05" in membership.team_ids_on(session, z, day)] == [zone]
    rows = membership.history(session, ["D05"])
    assert [(r.zone_id, r.start, r.end) for r in rows] == [
        ("Z1", "", "2025-08-15"), ("Z2", "2025-08-15", "2025-09-20"), ("Z1", "2025-09-20", ""),
    ]  # fmt: skip
    assert all(a.end == b.start for a, b in pairwise(rows))


def test_an_imported_roster_keeps_the_history_too(daily: Daily) -> None:
    session, _, _ = daily
    data = roster_files.read_yaml(DEMO_ROSTER)
    data = replace(data, teams=tuple(replace(t, zone="Z2") if t.id == "D05" else t for t in data.teams))
    roster.write(session, data, DAY)
    assert session.get_one(Team, "D05").zone_id == "Z2"
    assert [(r.zone_id, r.end) for r in membership.history(session, ["D05"])] == [("Z1", "2025-10-16"), ("Z2", "")]
    assert session.scalar(select(TeamZone.id).where(TeamZone.team_id == "D01")) is None


def test_both_zones_see_the_history_and_one_writes(daily: Daily) -> None:
    session, who, _ = daily
    open_ = contact("D05", date(2025, 7, 9), follow_up="补材料", follow_due=date(2025, 8, 9))
    row = activities.enter_activity(session, who["off1"], open_, DAY)
    membership.move_team(session, who["kh"], "D05", "Z4", date(2025, 8, 15), "调整")
    span = (date(2025, 7, 1), DAY, DAY)
    for login, writes in (("off1", False), ("off3", True)):
        [line] = activities.activities(session, who[login], *span)
        assert (line.id, line.may_write) == (row.id, writes)
    with pytest.raises(ShijiError, match="LIAISON-UNKNOWN"):
        activities.settle_follow_up(session, who["off1"], row.id, DAY, "已补", DAY)
    activities.settle_follow_up(session, who["off3"], row.id, DAY, "已补", DAY)
    with pytest.raises(ShijiError, match="TEAM-UNKNOWN"):
        activities.enter_activity(session, who["off1"], contact("D05"), DAY)


def test_duties_are_checked_for_recusal(daily: Daily) -> None:
    session, who, _ = daily
    ties.add_tie(session, who["head1"], "off1", "D03", ties.RELATIVE)
    with pytest.raises(ShijiError) as caught:
        duties.give_duty(session, who["head1"], "Z1", "off1", duties.LEAD, date(2025, 1, 1))
    assert caught.value.code == "ZONE-RECUSAL"
    assert "白榆区" in caught.value.message
    duties.give_duty(session, who["head1"], "Z1", "off1", duties.LEAD, date(2025, 1, 1), excluded=["D03"])
    assert duties.uncovered(session, "Z1", DAY) == ["D03"]
    duties.give_duty(session, who["head1"], "Z1", "off1b", duties.BACKUP, date(2025, 1, 1))
    assert duties.uncovered(session, "Z1", DAY) == []
    with pytest.raises(ShijiError, match="ZONE-DUTY"):  # no right to the zone
        duties.give_duty(session, who["head1"], "Z1", "off3", duties.BACKUP, date(2025, 1, 1))
    with pytest.raises(ShijiError, match="RIGHTS-ZONE"):
        duties.give_duty(session, who["head1"], "Z4", "off3", duties.LEAD, date(2025, 1, 1))
    with pytest.raises(ShijiError, match="LIAISON-RECUSAL"):
        activities.enter_activity(session, who["off1b"], contact("D03"), DAY)
    assert "D03" in people(session)["off1"].recused_teams


@given(st.dates(date(2000, 1, 1), date(2080, 12, 31)), st.integers(0, 1200))
def test_work_in_a_unit_closes_it_for_three_years(until: date, days: int) -> None:
    on = until + timedelta(days=days)
    last = 28 if (until.month, until.day) == (2, 29) else until.day
    assert (on < years_after(until)) == ((on.year, on.month, on.day) < (until.year + 3, until.month, last))


def test_the_three_years_end(daily: Daily) -> None:
    session, _, _ = daily
    user = session.scalars(select(User).where(User.login == "off1")).one()
    session.add(OfficerTie(user_id=user.id, team_id="D02", kind=ties.WORKED, until=date(2022, 10, 16)))
    session.flush()
    assert "D02" in viewer_of(session, user, date(2025, 10, 15)).recused_teams
    assert "D02" not in viewer_of(session, user, DAY).recused_teams


def test_a_deputy_sees_the_zone_for_the_period_only(daily: Daily) -> None:
    session, who, _ = daily
    with pytest.raises(ShijiError, match="ZONE-DUTY"):
        duties.give_duty(session, who["head1"], "Z1", "off3", duties.DEPUTY, date(2025, 10, 13), None, reason="休假")
    span = (date(2025, 10, 13), date(2025, 10, 17))
    duties.give_duty(session, who["head1"], "Z1", "off3", duties.DEPUTY, *span, reason="苏禾休假")
    user = session.scalars(select(User).where(User.login == "off3")).one()
    for day, sees in ((12, False), (13, True), (17, True), (18, False)):
        assert ("Z1" in (viewer_of(session, user, date(2025, 10, day)).zones or ())) is sees


def test_rotation_is_reminded_after_three_years(daily: Daily) -> None:
    session, who, _ = daily
    duties.give_duty(session, who["head1"], "Z1", "off1", duties.LEAD, date(2022, 9, 1))
    due = date(2025, 9, 1)
    assert duties.rotation(session, "Z1", due - timedelta(days=61)) is None
    soon = duties.rotation(session, "Z1", due - timedelta(days=60))
    assert soon is not None
    assert not soon.overdue
    late = duties.rotation(session, "Z1", DAY)
    assert late is not None
    assert (late.due, late.overdue) == (due, True)
    duties.give_duty(session, who["head1"], "Z1", "off1b", duties.LEAD, DAY)
    assert duties.rotation(session, "Z1", DAY) is None
    ended = session.scalars(select(ZoneDuty.end).where(ZoneDuty.start == date(2022, 9, 1))).one()
    assert ended == DAY - timedelta(days=1)


def test_a_contact_needs_two_officers_facts_and_known_items(daily: Daily) -> None:
    session, who, _ = daily
    for wrong in (
        contact(officers=("off1",)), contact(officers=("off1", "off1")), contact(officers=("off1", "kh")),
        contact(facts=" "), contact(on=DAY + timedelta(days=1)), contact(kind="暗访"), contact(evidence=("E-1",)),
        contact(follow_up="补材料"),
    ):  # fmt: skip
        with pytest.raises(ShijiError, match="LIAISON-FIELD"):
            activities.enter_activity(session, who["off1"], wrong, DAY)
    with pytest.raises(ShijiError, match="TEAM-UNKNOWN"):
        activities.enter_activity(session, who["off1"], contact("MB01"), DAY)


def test_coverage_names_the_teams_without_contact(daily: Daily) -> None:
    session, who, _ = daily
    for team, on in (("D01", date(2025, 7, 1)), ("D01", date(2025, 9, 30)), ("D02", date(2025, 10, 1))):
        activities.enter_activity(session, who["off1"], contact(team, on), DAY)
    wrong = activities.enter_activity(session, who["off1"], contact("D03", date(2025, 8, 1)), DAY)
    activities.void_activity(session, who["off1"], wrong.id, "录错班子")
    found = coverage.coverage(session, who["off1"], "2025Q3", DAY)
    assert {row.team_id: row.total for row in found.rows if row.total} == {"D01": 2}
    assert [row.team_id for row in found.missing] == [f"D{n:02d}" for n in range(2, 11)]
    assert len(coverage.coverage(session, who["kh"], "2025Q3", DAY).missing) == 49
    load = {row.officer: (row.teams, row.contacts) for row in coverage.workload(session, who["off1"], "2025Q3")}
    assert load == {"off1": (10, 2), "off1b": (10, 2)}


def test_the_hand_over_pack_lists_what_is_open(daily: Daily) -> None:
    session, who, _ = daily
    activities.enter_activity(session, who["off1"], contact(follow_up="补报台账", follow_due=date(2025, 11, 1)), DAY)
    pack = hand_over.hand_over_pack(session, who["head1"], "Z1", DAY)
    assert [t.team_id for t in pack.teams] == ["D01", "D02", "D03", "D04", "D05"]
    assert [a.follow_up for a in pack.teams[0].liaison_open] == ["补报台账"]
    assert "佟以宁（区委副书记、区长）" in pack.teams[0].leaders
    with pytest.raises(ShijiError, match="ZONE-UNKNOWN"):
        hand_over.hand_over_pack(session, who["off3"], "Z1", DAY)


def item(daily: Daily, number: int, published: str, team: str = "D01", **values: object) -> Evidence:
    """An adopted item of a document published on a day."""
    session, *_ = daily
    capture = Capture(source_id="ribao", url=str(number), sha256=str(number))
    event = Event()
    session.add_all([capture, event])
    session.flush()
    document = Document(
        capture_id=capture.id, source_id="ribao", url=str(number), text_sha256=str(number),
        published_at=at(published + " 08:00"),
    )  # fmt: skip
    session.add(document)
    session.flush()
    passage = Passage(
        document_id=document.id, event_id=event.id, start=0, end=1, text="x", ordinal=0, label="practice"
    )  # fmt: skip
    session.add(passage)
    session.flush()
    row = Evidence(
        code=f"E-{number}", passage_id=passage.id, event_id=event.id, team_id=team, label="practice",
        **{"state": "已采用", "self_published": False, **values},
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def test_every_confirmed_item_counts_in_one_closed_batch(daily: Daily) -> None:
    session, who, _ = daily
    item(daily, 1, "2025-07-03")
    item(daily, 2, "2025-07-10", self_published=True)
    late = item(daily, 3, "2025-07-05", state="待确认")
    item(daily, 4, "2025-07-09", restricted=True)
    item(daily, 5, "2025-07-28", team="MB01")
    first = batches.open_batch(session, who["off1"], date(2025, 7, 21), since=date(2025, 7, 1))
    with pytest.raises(ShijiError, match="BATCH-PERIOD"):
        batches.open_batch(session, who["off1"], date(2025, 8, 11))
    with pytest.raises(ShijiError, match="BATCH-PERIOD"):
        batches.close_batch(session, who["off1"], first.id, date(2025, 7, 21))
    batches.close_batch(session, who["off1"], first.id, date(2025, 7, 22))
    late.state = "已采用"
    second = batches.open_batch(session, who["off1"], date(2025, 8, 11))
    assert second.since == date(2025, 7, 22)
    batches.close_batch(session, who["kh"], second.id, date(2025, 8, 12))
    found = batches.seed_statistic(session, who["kh"], date(2025, 7, 1), date(2025, 9, 30))
    assert (found.collections, found.items, found.own) == (2, 4, 1)
    assert found.sentence == "收集新闻资料2次，整理工作信息4条（其中自采自发1条，占25%）。"
    mine = batches.seed_statistic(session, who["off1"], date(2025, 7, 1), date(2025, 9, 30))
    assert mine.items == 3  # the other zone's item is not even counted
    counted = session.scalars(select(MediaBatchItem.evidence_id)).all()
    assert len(counted) == len(set(counted)) == 4
    for login in ("dep", "sup", "unit", "sys"):
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            batches.open_batch(session, who[login], date(2025, 9, 1))


def test_a_closed_batch_stays_as_it_was(daily: Daily) -> None:
    session, who, _ = daily
    item(daily, 1, "2025-07-03")
    row = batches.open_batch(session, who["off1"], date(2025, 7, 21), since=date(2025, 7, 1))
    batches.close_batch(session, who["off1"], row.id, date(2025, 7, 22))
    item(daily, 2, "2025-07-04")
    assert batches.batches(session, who["kh"])[0].items == 1
    with pytest.raises(ShijiError, match="BATCH-PERIOD"):
        batches.close_batch(session, who["off1"], row.id, date(2025, 7, 23))
    assert session.get_one(MediaBatch, row.id).closed_on == date(2025, 7, 22)
