"""Periods of products: their first and last day, the one before, and how they are written."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from storage.errors import ShijiError
from storage.workdays import is_workday

_CHINESE = "一二三四"


@dataclass(frozen=True)
class Span:
    """A period: code (2025-W42), its days, both included, and its Chinese name."""

    code: str
    since: date
    until: date
    name: str


def span_of(subject: str, code: str) -> Span:
    """The period of a code: day 2025-10-16, week 2025-W42, month 2025-09, quarter 2025Q3. Raises PRODUCT-PERIOD."""
    forms = {"day": r"\d{4}-\d\d-\d\d", "week": r"\d{4}-W\d\d", "month": r"\d{4}-\d\d", "quarter": r"\d{4}Q[1-4]"}
    if not re.fullmatch(forms[subject], code):
        raise _bad(code)
    try:
        return {"day": _day, "week": _week, "month": _month, "quarter": _quarter}[subject](code)
    except (ValueError, OverflowError) as bad:
        raise _bad(code) from bad


def code_of(subject: str, day: date) -> str:
    """The code of the period a day lies in."""
    if subject == "day":
        return day.isoformat()
    if subject == "week":
        year, week, _ = day.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{day:%Y-%m}" if subject == "month" else f"{day.year}Q{(day.month + 2) // 3}"


def before(subject: str, span: Span) -> Span:
    """The period of the same kind before this one."""
    return span_of(subject, code_of(subject, span.since - timedelta(days=1)))


def choices(subject: str, today: date, count: int = 12) -> list[Span]:
    """Periods to choose from, newest first, the current one included."""
    span = span_of(subject, code_of(subject, today))
    found = [span]
    while len(found) < count:
        span = before(subject, span)
        found.append(span)
    return found


def covered(day: date) -> tuple[date, date]:
    """Days that the 每日要情 of a day tells of: from the working day before up to the day before, both included."""
    first = day - timedelta(days=1)
    while not is_workday(first):
        first -= timedelta(days=1)
    return first, day - timedelta(days=1)


def written(day: date) -> str:
    """2025年7月9日, as on official paper."""
    return f"{day.year}年{day.month}月{day.day}日"


def _day(code: str) -> Span:
    day = date.fromisoformat(code)
    return Span(code, day, day, written(day))


def _week(code: str) -> Span:
    first = date.fromisocalendar(int(code[:4]), int(code[6:]), 1)
    last = first + timedelta(days=6)
    return Span(code, first, last, f"{written(first)}至{last.month}月{last.day}日")


def _month(code: str) -> Span:
    first = date.fromisoformat(code + "-01")
    return Span(code, first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1),
                f"{first.year}年{first.month}月")  # fmt: skip


def _quarter(code: str) -> Span:
    year, quarter = int(code[:4]), int(code[-1])
    first, after = date(year, 3 * quarter - 2, 1), date(year + quarter // 4, 3 * quarter % 12 + 1, 1)
    return Span(code, first, after - timedelta(days=1), f"{year}年第{_CHINESE[quarter - 1]}季度")


def _bad(code: str) -> ShijiError:
    return ShijiError(
        "PRODUCT-PERIOD", f"期别不可用：{code[:20]}", "", "日为2025-10-16，周为2025-W42，月为2025-09，季度为2025Q3。"
    )
