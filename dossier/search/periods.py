"""Periods as officers write them: 2024, 2024年上半年, 第三季度, 3月, 2024-03-05, 今年, 近三个月."""

from __future__ import annotations

import calendar
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_YEAR = r"(?:19|20)\d\d"
_DIGITS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_PART = re.compile(
    r"(?P<half>上半年|下半年)|(?:第?(?P<quarter>[一二三四1-4])季度|[qQ](?P<q>[1-4]))|(?P<month>\d{1,2})月份?|(?P<all>全年)"
)
_WITH_YEAR = re.compile(rf"(?P<year>{_YEAR})年?(?P<part>.*)", re.S)
_DAY = re.compile(rf"(?P<year>{_YEAR})[-./年](?P<month>\d{{1,2}})(?:[-./月](?P<day>\d{{1,2}})日?|月?)")
_SPAN = re.compile(rf"(?P<first>{_YEAR})年?[-至到~—](?P<last>{_YEAR})年?")
_RELATIVE = {"今年": 0, "本年": 0, "去年": -1, "上年": -1, "前年": -2}
_LAST = re.compile(r"(?:最近|近)(?P<number>一|两|二|三|半|六|\d{1,3})(?:个)?(?P<unit>天|日|周|星期|月|季度|年)")
_NUMBERS = {"一": 1, "两": 2, "二": 2, "三": 3, "六": 6}
_UNIT_DAYS = {"天": 1, "日": 1, "周": 7, "星期": 7, "月": 30, "季度": 91, "年": 365}


@dataclass(frozen=True)
class Period:
    """First and last day, both included."""

    first: date
    last: date

    def __or__(self, other: Period) -> Period:
        return Period(min(self.first, other.first), max(self.last, other.last))


def read_period(words: Sequence[str], at: int, today: date) -> tuple[Period, int] | None:
    """The period that starts at `words[at]` and how many words it takes (2024 上半年 takes two); None if none does."""
    word = words[at]
    year = _bare_year(word, today)
    if year is not None and at + 1 < len(words):
        joined = _part_of(year, words[at + 1])
        if joined:
            return joined, 2
    single = _single(word, today)
    return (single, 1) if single else None


def _bare_year(word: str, today: date) -> int | None:
    if word in _RELATIVE:
        return today.year + _RELATIVE[word]
    found = re.fullmatch(rf"({_YEAR})年?", word)
    return int(found[1]) if found else None


def _single(word: str, today: date) -> Period | None:
    year = _bare_year(word, today)
    if year is not None:
        return _months(year, 1, 12)
    if found := _SPAN.fullmatch(word):
        first, last = int(found["first"]), int(found["last"])
        return Period(date(first, 1, 1), date(last, 12, 31)) if first <= last else None
    if found := _DAY.fullmatch(word):
        return _day_or_month(int(found["year"]), int(found["month"]), found["day"])
    if (found := _WITH_YEAR.fullmatch(word)) and (dated := _part_of(int(found["year"]), found["part"])):
        return dated
    for relative, shift in _RELATIVE.items():
        if word.startswith(relative) and (dated := _part_of(today.year + shift, word[len(relative) :])):
            return dated
    return _part_of(today.year, word) or _recent(word, today)


def _part_of(year: int, word: str) -> Period | None:
    found = _PART.fullmatch(word)
    if not found:
        return None
    if found["half"]:
        return _months(year, 1, 6) if found["half"] == "上半年" else _months(year, 7, 12)
    if digit := found["quarter"] or found["q"]:
        quarter = _DIGITS[digit]
        return _months(year, quarter * 3 - 2, quarter * 3)
    if found["month"]:
        return _day_or_month(year, int(found["month"]), None)
    return _months(year, 1, 12)


def _recent(word: str, today: date) -> Period | None:
    if word == "本月":
        return _months(today.year, today.month, today.month)
    if word in ("上月", "上个月"):
        before = today.replace(day=1) - timedelta(days=1)
        return _months(before.year, before.month, before.month)
    if word in ("本季度", "上季度"):
        quarter = (today.month - 1) // 3 + (1 if word == "本季度" else 0)
        return _months(today.year, quarter * 3 - 2, quarter * 3) if quarter else _months(today.year - 1, 10, 12)
    if found := _LAST.fullmatch(word):
        unit = _UNIT_DAYS[found["unit"]]
        number = found["number"]
        days = unit // 2 if number == "半" else unit * (_NUMBERS.get(number) or int(number))
        return Period(today - timedelta(days=max(days, 1) - 1), today)
    return None


def _months(year: int, first: int, last: int) -> Period:
    return Period(date(year, first, 1), date(year, last, calendar.monthrange(year, last)[1]))


def _day_or_month(year: int, month: int, day: str | None) -> Period | None:
    if not 1 <= month <= 12:
        return None
    if day is None:
        return _months(year, month, month)
    if not 1 <= int(day) <= calendar.monthrange(year, month)[1]:
        return None
    on = date(year, month, int(day))
    return Period(on, on)
