"""When the thing happened: event dates in running text, relative to the publication date (domain.md §3.8, Dates)."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from nlp.scan import Led, led

Precision = Literal["day", "month", "quarter", "year", "range", "none"]


@dataclass(frozen=True)
class EventDate:
    """Days [start, end] inclusive. `source` is text or publication; `span` is in the given passage."""

    start: dt.date | None
    end: dt.date | None
    precision: Precision
    source: Literal["text", "publication"]
    text: str = ""
    span: tuple[int, int] = (0, 0)


@dataclass(frozen=True)
class _Found:
    start: dt.date
    end: dt.date
    precision: Precision
    span: tuple[int, int]


_CN = "一二三四五六七八九十"
_N = rf"(?:\d{{1,2}}|[{_CN}]{{1,3}})"
_Y = r"(?P<y>(?:19|20)\d\d年|二[〇○零][〇○零一二三四五六七八九]{2}年|今年|去年|前年|明年|上年|当年)"
_YEARS, _NUMBERS = "12二今去前明上当", "0-9" + _CN  # first characters of _Y, of _N
_TO = r"(?:至|到|—{1,2}|－|-|~|～|－)"
_YEAR_DIGITS = str.maketrans("〇○零一二三四五六七八九", "000123456789")

_DAY = led(_NUMBERS + _YEARS, rf"{_Y}?(?P<m>{_N})月(?P<d>{_N})日(?:{_TO}(?:(?P<m2>{_N})月)?(?P<d2>{_N})日)?")
_DAY_RANGE = led(_NUMBERS + _YEARS, rf"{_Y}?(?P<m>{_N})月(?P<d>\d{{1,2}}){_TO}(?P<d2>\d{{1,2}})日")
_BARE_DAY = led(
    "0-9",
    r"(?<![月\d周期假限工近个每满共为])(?P<d>[1-3]?\d)日"
    r"(?=[上下早晚清凌中]|\d{1,2}[时点:：]|，|、|在|召开|举行)",
)
_ISO = led("12", r"(?<!\d)(?P<y>(?:19|20)\d\d)[-./](?P<m>\d{1,2})[-./](?P<d>\d{1,2})(?!\d)")
_ACCIDENT = re.compile(r"[“\"](?P<m>\d{1,2})[·・.](?P<d>\d{1,2})[”\"]")
_MONTHS = led(_NUMBERS + _YEARS, rf"{_Y}?(?P<m>{_N})月?份?{_TO}(?P<m2>{_N})月份?(?!\d|[{_CN}]*日)")
_MONTH = led(
    _NUMBERS + _YEARS, rf"{_Y}?(?P<m>{_N})月(?P<part>份|底|初|中旬|上旬|下旬|末)?(?P<since>以来|起)?(?![{_CN}\d]|大)"
)
_QUARTER = led(
    "前第首一二三四1-4上下" + _YEARS,
    rf"{_Y}?(?P<q>前三季度|前两季度|前三个季度|第?[一二三四1-4]季度|上半年|下半年|首季)",
)
_YEAR = re.compile(rf"{_Y}(?P<part>以来|底|初|起|全年|期间|度)?")
_SPAN_OF_YEARS = led("12", rf"(?:19|20)\d\d年?{_TO}(?:19|20)\d\d年")
_WEEKDAY = led(
    "上本这下周星",
    r"(?P<w>上上周|上周|本周|这周|下周|(?<![每逢个])周|(?<![每个])星期)"
    r"(?P<d>[一二三四五六日天])(?!边|围|期|年|转)",
)
_RELATIVE = re.compile(
    r"今天|今日|昨天|昨日|昨晚|今晨|今早|今晚|大前天|前天|前日|近日|日前|连日来|近期"
    r"|上周|本周|上个?月|本月|明天|明日"
)
_TITLE = re.compile(r"《[^》]*》")
_COMPARED = re.compile(r"(?:比|较|同比|相比|超过|高于|低于|创)$")
_COMPARED_AFTER = re.compile(r"(?:的)?(?:同期|相比|基础上|水平)")
_TARGET_BEFORE = re.compile(r"(?:到|(?<!截)至|力争|争取|预计|计划|目标|规划|确保|不迟于)$")
_TARGET_AFTER = re.compile(r"(?:[底末]?之?前(?!三|两|往|后)|以前)")
_FUTURE_BEFORE = re.compile(r"(?:将于|拟于|定于|预计于?|计划于?|将在|拟在)$")
_FUTURE_AFTER = re.compile(r"[^，。；]{0,8}?(?:将[^近]|起(?:施行|实施|执行|实行))")
# The date of an investigated event outweighs the day its report came out: 公布调查报告，认定5月17日发生的事故.
_INQUIRY = re.compile(r"(?:调查|认定|查明|核查)[^。；]{0,40}$")
_HAPPENED = re.compile(r"[^，。；]{0,20}?(?:发生|事故|火灾|爆炸|坍塌|透水)")
_LESSON = re.compile(r"(?:吸取|汲取|牢记|反思)[^，。；]{0,8}$")
# 当天, 会上: the day last told in the text, wherever the words begin a clause.
_SAME_DAY = re.compile(
    r"(?:^|(?<=[，。；：、]))(?:当天|当日|同日|同一天|当晚|当夜|次日|翌日|(?:市长|区长|县长|"
    r"书记)?在?会上|会后|会前|随后|同行的|"
    r"(?:事故|火灾|险情|灾情|事件)发生后)"
)
_OFFSETS = {
    "今天": 0,
    "今日": 0,
    "今晨": 0,
    "今早": 0,
    "今晚": 0,
    "昨天": 1,
    "昨日": 1,
    "昨晚": 1,
    "前天": 2,
    "前日": 2,
    "大前天": 3,
    "明天": -1,
    "明日": -1,
}
_RANK = {"day": 0, "range": 1, "month": 2, "quarter": 2, "year": 3, "none": 9}


def event_date(passage: str, published_at: dt.date | None, told: EventDate | None = None) -> EventDate:
    """The best date the passage itself states; else the publication date, marked as such; else no date.

    Of several, the most precise stated first wins; comparisons (比2023年), targets (到2027年底), plan periods
    (2021—2035年) and dates inside 《》 are no event dates. `told` is the day last told before the passage in the same
    document: 当天, 会上 and the like refer to it.
    """
    ignored = [m.span() for m in _TITLE.finditer(passage)] if "《" in passage else []
    ignored += [m.span() for m in _SPAN_OF_YEARS.finditer(passage)]
    found: list[tuple[int, int, _Found]] = []
    taken: list[tuple[int, int]] = list(ignored)
    known_year: int | None = None
    characters = set(passage)
    for marks, pattern, build in _READERS:
        if marks.isdisjoint(characters):
            continue
        for match in pattern.finditer(passage):
            span = match.span()
            if taken and any(a < span[1] and span[0] < b for a, b in taken):
                continue
            if known_year is None and "y" in match.re.groupindex and match["y"]:
                known_year = _year(match["y"], published_at)
            item = build(match, published_at, known_year, _is_future(passage, span))
            if item is None:
                continue
            taken.append(span)
            if not _is_reference(passage, span):
                late = published_at is not None and item.start > published_at
                # “5·17”事故 names an event more often than it dates the one told here: last resort.
                rank = _RANK["year"] + 1 if pattern is _ACCIDENT else _RANK[item.precision]
                if rank == 0 and _INQUIRY.search(passage, 0, span[0]) and _HAPPENED.match(passage, span[1]):
                    rank = -1
                found.append((int(late), rank, item))
    best = min(found, key=lambda f: (f[0], f[1], f[2].span[0]))[2] if found else None
    if best is None or best.precision != "day":
        same = _same_day(passage, told)
        if same is not None:
            return same
    if best is not None:
        a, b = best.span
        return EventDate(best.start, best.end, best.precision, "text", passage[a:b], best.span)
    if published_at is not None:
        return EventDate(published_at, published_at, "day", "publication")
    return EventDate(None, None, "none", "publication")


def _same_day(passage: str, told: EventDate | None) -> EventDate | None:
    """The day a passage refers back to by 当天, 会上, 事故发生后; None without such a word or without such a day."""
    if told is None or told.precision != "day" or told.start is None:
        return None
    found = _SAME_DAY.search(passage[:40])
    if found is None:
        return None
    day = told.start + dt.timedelta(days=1) if found[0] in {"次日", "翌日"} else told.start
    return EventDate(day, day, "day", "text", found[0], found.span())


def _is_reference(passage: str, span: tuple[int, int]) -> bool:
    before, after = passage[max(0, span[0] - 3) : span[0]], passage[span[1] : span[1] + 4]
    if _LESSON.search(passage[max(0, span[0] - 14) : span[0]]):  # 吸取“5·17”事故教训 tells of another day
        return True
    return bool(
        _COMPARED.search(before)
        or _COMPARED_AFTER.match(after)
        or _TARGET_BEFORE.search(before)
        or _TARGET_AFTER.match(after)
    )


def _is_future(passage: str, span: tuple[int, int]) -> bool:
    return bool(
        _FUTURE_BEFORE.search(passage[max(0, span[0] - 3) : span[0]])
        or _FUTURE_AFTER.match(passage[span[1] : span[1] + 14])
    )


def _number(text: str | None) -> int:
    if not text:
        return 0
    if text.isdigit():
        return int(text)
    tens, _, units = text.rpartition("十")
    if "十" not in text:
        return _CN.find(text) + 1 if len(text) == 1 else 0
    return (_CN.find(tens) + 1 if tens else 1) * 10 + (_CN.find(units) + 1 if units else 0)


def _year(text: str | None, published: dt.date | None) -> int | None:
    if not text:
        return None
    digits = text.rstrip("年").translate(_YEAR_DIGITS)
    if digits.isdigit():
        return int(digits)
    if published is None or text == "当年":
        return None
    return published.year + {"今年": 0, "去年": -1, "上年": -1, "前年": -2, "明年": 1}[text]


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None


def _pick_year(month: int, day: int, published: dt.date | None, known: int | None, future: bool) -> int | None:
    """The year of 5月17日: one stated before it in the passage, else the latest not after publication."""
    if known is not None:
        return known
    if published is None:
        return None
    if future:
        return published.year if (month, day) >= (published.month, published.day) else published.year + 1
    return published.year if (month, day) <= (published.month, published.day) else published.year - 1


def _read_day(m: re.Match[str], published: dt.date | None, known: int | None, future: bool) -> _Found | None:
    groups = m.groupdict()
    month, day = _number(m["m"]), _number(m["d"])
    stated = _year(groups.get("y"), published)
    year = stated if stated is not None else _pick_year(month, day, published, known, future)
    if year is None:
        return None
    start = _date(year, month, day)
    if start is None:
        return None
    if not groups.get("d2"):
        return _Found(start, start, "day", m.span())
    month2 = _number(groups.get("m2")) or month
    end = _date(year + (month2 < month), month2, _number(groups["d2"]))
    if end is None or end < start:
        return None
    return _Found(start, end, "range", m.span())


def _read_bare_day(m: re.Match[str], published: dt.date | None, known: int | None, future: bool) -> _Found | None:
    """21日晚: the latest such day not after publication, as daily papers write it."""
    if published is None:
        return None
    first = published.replace(day=1)
    for month in (first, (first - dt.timedelta(days=1)).replace(day=1)):
        day = _date(month.year, month.month, int(m["d"]))
        if day is not None and day <= published:
            return _Found(day, day, "day", m.span())
    return None


def _month_end(year: int, month: int) -> dt.date:
    return dt.date(year, month, calendar.monthrange(year, month)[1])


def _read_months(m: re.Match[str], published: dt.date | None, known: int | None, future: bool) -> _Found | None:
    first, last = _number(m["m"]), _number(m["m2"])
    stated = _year(m["y"], published)
    year = stated if stated is not None else _pick_year(last, 1, published, known, future)
    if year is None or not 1 <= first <= last <= 12:
        return None
    return _Found(dt.date(year, first, 1), _month_end(year, last), "range", m.span())


def _read_month(m: re.Match[str], published: dt.date | None, known: int | None, future: bool) -> _Found | None:
    month = _number(m["m"])
    stated = _year(m["y"], published)
    year = stated if stated is not None else _pick_year(month, 1, published, known, future)
    if year is None or not 1 <= month <= 12:
        return None
    start, end = dt.date(year, month, 1), _month_end(year, month)
    if m["since"]:
        return _Found(start, published, "range", m.span()) if published and published >= start else None
    part = m["part"]
    if part in {"上旬", "初"}:
        return _Found(start, start.replace(day=10), "range", m.span())
    if part == "中旬":
        return _Found(start.replace(day=11), start.replace(day=20), "range", m.span())
    if part in {"下旬", "底", "末"}:
        return _Found(start.replace(day=21), end, "range", m.span())
    return _Found(start, end, "month", m.span())


def _read_quarter(m: re.Match[str], published: dt.date | None, known: int | None, future: bool) -> _Found | None:
    text = m["q"]
    if "半年" in text:
        first, last, precision = (1, 6, "range") if text[0] == "上" else (7, 12, "range")
    elif text.startswith("前"):
        first, last, precision = 1, 9 if "三" in text else 6, "range"
    else:
        q = 1 if text == "首季" else _number(text.removeprefix("第")[0])
        first, last, precision = 3 * q - 2, 3 * q, "quarter"
    stated = _year(m["y"], published)
    year = stated if stated is not None else known
    if year is None:
        if published is None:
            return None
        # A quarter is reported after it ends: 四季度 read in March is last year's.
        year = published.year if published >= dt.date(published.year, first, 1) else published.year - 1
    exact: Precision = "quarter" if precision == "quarter" else "range"
    return _Found(dt.date(year, first, 1), _month_end(year, last), exact, m.span())


def _read_year(m: re.Match[str], published: dt.date | None, known: int | None, future: bool) -> _Found | None:
    year = _year(m["y"], published)
    if year is None:
        return None
    start, end = dt.date(year, 1, 1), dt.date(year, 12, 31)
    if m["part"] in {"以来", "起"}:
        return _Found(start, published, "range", m.span()) if published and published >= start else None
    if m["part"] == "底":
        return _Found(dt.date(year, 12, 1), end, "month", m.span())
    if m["part"] == "初":
        return _Found(start, dt.date(year, 1, 31), "month", m.span())
    return _Found(start, end, "year", m.span())


def _read_weekday(m: re.Match[str], published: dt.date | None, known: int | None, future: bool) -> _Found | None:
    if published is None:
        return None
    index = "一二三四五六日".find("日" if m["d"] == "天" else m["d"])
    monday = published - dt.timedelta(days=published.weekday())
    word = m["w"]
    if word in {"周", "星期"}:
        day = monday + dt.timedelta(days=index)
        day -= dt.timedelta(days=7 if day > published and not future else 0)
    else:
        weeks = {"上上周": -2, "上周": -1, "本周": 0, "这周": 0, "下周": 1}[word]
        day = monday + dt.timedelta(days=7 * weeks + index)
    return _Found(day, day, "day", m.span())


def _read_relative(m: re.Match[str], published: dt.date | None, known: int | None, future: bool) -> _Found | None:
    if published is None:
        return None
    word = m[0]
    if word in _OFFSETS:
        day = published - dt.timedelta(days=_OFFSETS[word])
        return _Found(day, day, "day", m.span())
    if word in {"近日", "日前", "连日来"}:  # convention: within the last week; 近期 within the last month
        return _Found(published - dt.timedelta(days=7), published, "range", m.span())
    if word == "近期":
        return _Found(published - dt.timedelta(days=30), published, "range", m.span())
    monday = published - dt.timedelta(days=published.weekday())
    if word == "上周":
        return _Found(monday - dt.timedelta(days=7), monday - dt.timedelta(days=1), "range", m.span())
    if word == "本周":
        return _Found(monday, monday + dt.timedelta(days=6), "range", m.span())
    first = published.replace(day=1)
    if word != "本月":
        first = (first - dt.timedelta(days=1)).replace(day=1)
    return _Found(first, _month_end(first.year, first.month), "month", m.span())


_Reader = Callable[[re.Match[str], "dt.date | None", "int | None", bool], "_Found | None"]
_BY_MARK: tuple[tuple[str, re.Pattern[str] | Led, _Reader], ...] = (
    ("月", _DAY_RANGE, _read_day),
    ("月", _DAY, _read_day),
    ("-/.", _ISO, _read_day),
    ("月", _MONTHS, _read_months),
    ("月", _MONTH, _read_month),
    ("季半", _QUARTER, _read_quarter),
    ("年", _YEAR, _read_year),
    ("周星", _WEEKDAY, _read_weekday),
    ("天昨今晨近前连上本明", _RELATIVE, _read_relative),
    ("·・", _ACCIDENT, _read_day),
    ("日", _BARE_DAY, _read_bare_day),
)
_READERS = tuple((frozenset(marks), pattern, build) for marks, pattern, build in _BY_MARK)
