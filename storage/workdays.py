"""Working days in China with 调休: holidays that fall on weekdays, weekends that are worked (calendar_cn.json).

Years beyond the file count Monday to Friday; the file gets a line a year from the State Council's notice.
"""

from __future__ import annotations

import json
from datetime import date, timedelta
from functools import cache
from importlib.resources import files


@cache
def _calendar() -> tuple[frozenset[date], frozenset[date]]:
    data = json.loads((files("storage") / "calendar_cn.json").read_text(encoding="utf-8"))
    off: set[date] = set()
    for first, last in data["off"]:
        day = date.fromisoformat(first)
        while day <= date.fromisoformat(last):
            off.add(day)
            day += timedelta(days=1)
    return frozenset(off), frozenset(date.fromisoformat(day) for day in data["made_up"])


def is_workday(day: date) -> bool:
    """Whether offices work on this day."""
    off, made_up = _calendar()
    return day in made_up or (day.weekday() < 5 and day not in off)


def workdays_between(earlier: date, later: date) -> int:
    """Working days after ``earlier`` up to and including ``later``; 0 when there is none."""
    count, day = 0, earlier
    while day < later:
        day += timedelta(days=1)
        count += is_workday(day)
    return count


def add_workdays(day: date, count: int) -> date:
    """The ``count``-th working day after ``day``: the last day of a clock of so many working days (domain.md §2.6)."""
    while count > 0:
        day += timedelta(days=1)
        count -= is_workday(day)
    return day
