"""Working days with 调休, the rhythm of a source, and what counts as longer than usual."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.rhythm import FEWEST_DAYS, Rhythm, learn, rhythm_of
from collector.silence import LOST, NORMAL, QUIET, silence, silence_reason
from storage.database import Database
from storage.tables import Capture, Document, Source
from storage.workdays import is_workday, workdays_between

DAY = st.dates(date(2024, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("day", "works"),
    [
        ("2025-09-28", True),  # Sunday worked for National Day
        ("2025-10-01", False), ("2025-10-08", False), ("2025-10-09", True), ("2025-10-11", True),
        ("2025-10-12", False), ("2024-02-09", True), ("2024-02-10", False), ("2024-02-18", True),
        ("2026-02-14", True), ("2026-02-23", False), ("2026-10-10", True), ("2027-03-06", False), ("2027-03-08", True),
    ],
)  # fmt: skip
def test_days_off_and_made_up_days(day: str, works: bool) -> None:
    assert is_workday(date.fromisoformat(day)) is works


@given(DAY, st.integers(0, 60), st.integers(0, 60))
def test_working_days_add_up(day: date, first: int, second: int) -> None:
    middle, end = day + timedelta(first), day + timedelta(first + second)
    assert workdays_between(day, end) == workdays_between(day, middle) + workdays_between(middle, end)
    assert 0 <= workdays_between(day, end) <= first + second


def working_days(first: date, count: int) -> list[date]:
    days, day = [], first
    while len(days) < count:
        if is_workday(day):
            days.append(day)
        day += timedelta(1)
    return days


def test_an_office_paper_may_rest_over_the_holidays() -> None:
    rhythm = rhythm_of(working_days(date(2025, 8, 1), 40))  # to 2025-09-26
    assert (rhythm.workdays, rhythm.gap, rhythm.seen) == (True, 1.0, 40)
    last = date(2025, 9, 30)
    assert not rhythm.is_longer_than_usual(last, date(2025, 10, 9))  # eight days off are no silence
    assert rhythm.is_longer_than_usual(last, date(2025, 10, 14))
    assert rhythm.in_words(last) == "通常约 1 个工作日有新内容"


def test_a_daily_site_is_missed_after_days_off_too() -> None:
    rhythm = rhythm_of(date(2025, 8, 1) + timedelta(n) for n in range(60))
    assert (rhythm.workdays, rhythm.gap) == (False, 1.0)
    assert not rhythm.is_longer_than_usual(date(2025, 9, 30), date(2025, 10, 2))
    assert rhythm.is_longer_than_usual(date(2025, 9, 30), date(2025, 10, 4))


def test_gaps_after_each_weekday() -> None:
    mondays = [date(2025, 3, 3) + timedelta(7 * n) for n in range(12)]
    rhythm = rhythm_of([*mondays, *(day + timedelta(1) for day in mondays)])  # Monday and Tuesday, every week
    assert rhythm.by_weekday == {"0": 1.0, "1": rhythm.usual(date(2025, 3, 4))}
    assert rhythm.usual(date(2025, 3, 4)) >= 4.0
    assert not rhythm.is_longer_than_usual(date(2025, 5, 20), date(2025, 5, 26))


@given(st.sets(DAY, max_size=FEWEST_DAYS - 1))
def test_too_little_history_teaches_nothing(days: set[date]) -> None:
    rhythm = rhythm_of(days)
    assert rhythm.seen == 0
    assert not rhythm.is_longer_than_usual(date(2020, 1, 1), date(2026, 1, 1))


@given(st.sets(DAY, min_size=FEWEST_DAYS, max_size=80), st.integers(0, 400), st.integers(0, 400))
def test_waiting_longer_never_turns_silence_into_calm(days: set[date], wait: int, more: int) -> None:
    rhythm = rhythm_of(days)
    assert Rhythm.of(rhythm.as_dict()) == rhythm
    last = max(days)
    if rhythm.is_longer_than_usual(last, last + timedelta(wait)):
        assert rhythm.is_longer_than_usual(last, last + timedelta(wait + more))
    assert not rhythm.is_longer_than_usual(last, last)


def test_rhythm_is_learned_from_days_of_publication(database: Database) -> None:
    moment = datetime(2025, 9, 26, 8, 0, tzinfo=UTC)
    with database.write() as session:
        session.add(Source(id="s", name="n", kind="feed"))
        session.flush()
        for number, day in enumerate([*working_days(date(2025, 8, 1), 30), date(2099, 1, 1)]):
            capture = Capture(source_id="s", url=f"http://a.example/{number}", sha256=f"{number:064d}")
            session.add(capture)
            session.flush()
            shown = datetime(day.year, day.month, day.day, 1, tzinfo=UTC)
            session.add(Document(capture_id=capture.id, source_id="s", url=capture.url, text_sha256=str(number),
                                 published_at=shown))  # fmt: skip
    with database.read() as session:
        rhythm = learn(session, "s", moment)
    assert (rhythm.seen, rhythm.workdays) == (30, True)  # a day in the future is a misprint


def test_states_follow_the_rhythm_and_say_why() -> None:
    now = datetime(2025, 9, 26, 8, 0, tzinfo=UTC)
    rhythm = rhythm_of(working_days(date(2025, 8, 1), 30)).as_dict()
    source = Source(
        id="s", name="n", kind="feed", enabled=True, every_minutes=60, failures=0, config={}, rhythm=rhythm,
        last_success_at=now, last_new_at=now - timedelta(days=1),
    )  # fmt: skip
    assert (silence(source, now), silence_reason(source, now)) == (NORMAL, "")
    source.last_new_at = now - timedelta(days=4)  # sooner than the 7 days of a source nothing is known of
    assert silence(source, now) == QUIET
    assert silence_reason(source, now) == "采集成功，已 4 天没有新内容；通常约 1 个工作日有新内容。"
    source.config = {"quiet_days": 30}  # what a person set stands above what was learned
    assert silence(source, now) == NORMAL
    source.last_success_at = now - timedelta(days=3)
    assert silence(source, now) == LOST
    assert "不等于没有新内容" in silence_reason(source, now)
