"""Dates as Chinese pages and feeds write them.

General-purpose parsers read these forms wrongly (parts/collecting.md §3.1, §3.4), so this one is our own:
zoneless times are Asia/Shanghai, ``CST`` is +08:00, and a date without a year is the latest one not after
the base date. Results are ISO 8601 with the precision that was written: ``2022-03-01``,
``2022-03-01T08:30+08:00`` or ``2022-03-01T08:30:15+08:00``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone

SHANGHAI = timezone(timedelta(hours=8))
FIRST_YEAR, LAST_YEAR = 1949, 2099


@dataclass(frozen=True)
class FoundDate:
    """A date found in a text: ``text[start:end]`` reads as ``value`` (ISO 8601)."""

    start: int
    end: int
    value: str

    @property
    def day(self) -> str:
        """The calendar day, ``YYYY-MM-DD``."""
        return self.value[:10]

    @property
    def has_time(self) -> bool:
        """Whether an hour and a minute were written."""
        return len(self.value) > 10


# Only one-to-one replacements: offsets into the caller's text must stay right.
_WIDE = {ord("０") + i: ord("0") + i for i in range(10)} | {
    ord("："): ord(":"),
    ord("－"): ord("-"),
    ord("／"): ord("/"),
    ord("．"): ord("."),
    ord("\u3000"): ord(" "),
    ord("\xa0"): ord(" "),
    ord("　"): ord(" "),
    ord("–"): ord("-"),
    ord("—"): ord("-"),
}
_HAN_DIGIT = {c: i for i, c in enumerate("〇一二三四五六七八九")} | {
    "零": 0,
    "○": 0,
    "Ｏ": 0,
    "O": 0,
    "０": 0,
}
_HAN = "〇○零一二三四五六七八九十"
_MONTHS = {
    m: i + 1 for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
}
_ZONES = {"gmt": 0, "utc": 0, "ut": 0, "z": 0, "cst": 480, "est": -300, "edt": -240, "pst": -480, "pdt": -420}

_ZONE = r"(?P<zone>Z\b|[+-]\d\d:?\d\d|GMT\b|UTC\b|CST\b)?"
_CLOCK = (
    r"(?:(?P<half>凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|晚间|深夜|早|晚|AM|PM)?\s*"
    r"(?P<h>[01]?\d|2[0-4])\s*(?::|时|點|点)\s*(?:(?P<mi>[0-5]?\d)(?:\s*分)?(?:\s*[:]?\s*(?P<s>[0-5]\d)(?:\s*秒)?)?"
    r"(?:\.\d{1,9})?|(?P<noon>整|半)?)(?:\s*(?P<ampm>[AaPp][Mm])\b)?)"
)
_WEEKDAY = r"(?:\s*[（(]?\s*(?:星期|周|礼拜)[一二三四五六日天]\s*[)）]?)?"
_GAP = r"(?:\s*(?:T|,|，|日|\||发布时间:|时间:)?\s*)"
_TAIL = rf"{_WEEKDAY}(?:{_GAP}{_CLOCK}\s*{_ZONE})?"

_NUMERIC = re.compile(
    r"(?<![\d.])(?P<y>(?:19|20)\d\d)\s?(?P<sep>[-/.年])\s?(?P<m>1[0-2]|0?[1-9])\s?(?P<sep2>[-/.月])\s?"
    rf"(?P<d>3[01]|[12]\d|0?[1-9])(?P<ri>\s?[日号])?{_TAIL}",
    re.I,
)
_HAN_FULL = re.compile(rf"(?P<y>[{_HAN}O０]{{4}})年(?P<m>[{_HAN}]{{1,3}})月(?P<d>[{_HAN}]{{1,3}})[日号]{_TAIL}", re.I)
_COMPACT = re.compile(
    r"(?<![\d.])(?P<y>(?:19|20)\d\d)(?P<m>0[1-9]|1[0-2])(?P<d>0[1-9]|[12]\d|3[01])"
    r"(?:[ T]?(?P<h>[01]\d|2[0-3]):?(?P<mi>[0-5]\d)(?::?(?P<s>[0-5]\d))?)?(?!\d)"
)
_WESTERN = re.compile(rf"(?<![\d/])(?P<a>\d{{1,2}})/(?P<b>\d{{1,2}})/(?P<y>(?:19|20)\d\d)(?:\s*-?\s*{_CLOCK})?", re.I)
_RFC = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?P<d>\d{1,2})[\s-](?P<mon>[a-z]{3})[a-z]*[\s-](?P<y>\d{4}|\d\d)"
    r"(?:,?\s+(?P<h>\d\d?):(?P<mi>\d\d)(?::(?P<s>\d\d))?\s*(?P<zone>[+-]\d{4}|[a-z]{1,4}\b)?)?",
    re.I,
)
_CTIME = re.compile(
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,?\s+)?(?P<mon>[a-z]{3})[a-z]*\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?,?\s+"
    r"(?:(?P<h>\d\d?):(?P<mi>\d\d)(?::(?P<s>\d\d))?\s+(?P<zone>[+-]\d{4}|[a-z]{2,4})?\s*)?(?P<y>\d{4})\b",
    re.I,
)
_NO_YEAR = re.compile(
    rf"(?<![\d年./-])(?P<m>1[0-2]|0?[1-9])(?P<sep>月|-|/)(?P<d>3[01]|[12]\d|0?[1-9])(?P<ri>[日号])?"
    rf"(?![\d/-]){_TAIL}",
    re.I,
)
_NO_YEAR_HAN = re.compile(
    rf"(?<!年)(?P<m>[一二三四五六七八九十]{{1,2}})月(?P<d>[一二三四五六七八九十]{{1,3}})[日号]{_TAIL}"
)
_DAY_WORD = re.compile(rf"(?P<word>今天|今日|昨天|昨日|前天)(?:\s*{_CLOCK})?")
_AGO = re.compile(r"(?P<n>\d{1,3}|[一二三四五六七八九十半])\s*个?(?P<unit>秒钟?|分钟|小时|天|日|周|星期|月)之?前|刚刚")
_EPOCH = re.compile(r"1\d{9}(?:\d{3})?")


def parse_date(text: str, base: datetime | date | None = None) -> str | None:
    """Read one written date and return ISO 8601 (+08:00 where a time is given), or None.

    ``base`` is the moment the text was published or fetched; forms that need it (``11月2日``, ``昨天``,
    ``3小时前``) give None without it. A value that is nothing but ten or thirteen digits is Unix time.
    """
    stripped = text.strip()
    if _EPOCH.fullmatch(stripped):
        seconds = int(stripped[:10])
        return _iso(datetime.fromtimestamp(seconds, SHANGHAI), with_seconds=True)
    found = find_date(stripped, base)
    return found.value if found else None


def find_date(text: str, base: datetime | date | None = None) -> FoundDate | None:
    """The first full date in ``text``; relative forms are tried only when no full date is there."""
    return next(iter(find_dates(text)), None) or (_relative(text.translate(_WIDE), base) if base else None)


def find_dates(text: str) -> Iterator[FoundDate]:
    """Every date with a year in ``text``, in order of position, none overlapping another."""
    plain = text.translate(_WIDE)
    found: list[FoundDate] = []
    for pattern in (_NUMERIC, _HAN_FULL, _COMPACT, _RFC, _CTIME, _WESTERN):
        if pattern in (_RFC, _CTIME, _WESTERN) and found:
            break
        for match in pattern.finditer(plain):
            value = _read(match)
            if value and not any(f.start < match.end() and match.start() < f.end for f in found):
                found.append(FoundDate(match.start(), match.end(), value))
    return iter(sorted(found, key=lambda f: f.start))


def _read(match: re.Match[str], year: int | None = None) -> str | None:
    """A match of one of the calendar patterns as ISO 8601, or None when it is no real date."""
    parts = match.groupdict()
    if parts.get("sep") and parts.get("sep2") and (parts["sep"] == "年") != (parts["sep2"] == "月"):
        return None
    if "a" in parts:
        return _western(parts)
    y = year if year is not None else _number(parts["y"])
    m = _MONTHS.get((parts.get("mon") or "").lower()) or (_number(parts["m"]) if parts.get("m") else 0)
    d = _number(parts["d"])
    if len(parts.get("y") or "0000") == 2:
        y += 2000 if y < 70 else 1900
    try:
        day = date(y, m, d)
    except ValueError:
        return None
    if not FIRST_YEAR <= y <= LAST_YEAR:
        return None
    return _with_clock(day, parts)


def _western(parts: dict[str, str | None]) -> str | None:
    """``17/9/2004`` or ``9/17/2004``: read only where one number cannot be a month, never guessed."""
    a, b, y = _number(parts["a"]), _number(parts["b"]), _number(parts["y"])
    if a != b and (a > 12) == (b > 12):
        return None
    try:
        day = date(y, min(a, b), max(a, b))
    except ValueError:
        return None
    return _with_clock(day, parts)


def _with_clock(day: date, parts: dict[str, str | None]) -> str:
    """``day`` with the time in ``parts`` (h, mi, s, half, zone), or the day alone."""
    if not parts.get("h") or not (parts.get("mi") or parts.get("half") or parts.get("noon")):
        return day.isoformat()
    hour = int(parts["h"] or 0)
    minute = 30 if parts.get("noon") == "半" else int(parts.get("mi") or 0)
    half = (parts.get("half") or parts.get("ampm") or "").lower()
    if half in {"下午", "傍晚", "晚上", "晚间", "晚", "深夜", "pm"} and 1 <= hour < 12:
        hour += 12
    elif half in {"am", "凌晨"} and hour == 12:
        hour = 0
    elif half == "中午" and hour < 3:
        hour += 12
    if hour > 23 or minute > 59:
        return day.isoformat()
    second = parts.get("s")
    zone = timezone(timedelta(minutes=_zone_minutes(parts.get("zone"))))
    moment = datetime(day.year, day.month, day.day, hour, minute, int(second or 0), tzinfo=zone)
    return _iso(moment.astimezone(SHANGHAI), with_seconds=second is not None)


def _relative(plain: str, base: datetime | date) -> FoundDate | None:
    """Forms that need to know when they were written; never later than the base day."""
    moment = base if isinstance(base, datetime) else datetime(base.year, base.month, base.day, 23, 59)
    moment = moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
    if match := _DAY_WORD.search(plain):
        back = {"今": 0, "昨": 1, "前": 2}[match["word"][0]]
        return FoundDate(*match.span(), _with_clock(moment.date() - timedelta(days=back), match.groupdict()))
    if match := _AGO.search(plain):
        return FoundDate(*match.span(), _ago(match, moment))
    if match := _NO_YEAR.search(plain) or _NO_YEAR_HAN.search(plain):
        if match.groupdict().get("sep") == "月" and not match["ri"]:
            return None
        for year in (moment.year, moment.year - 1):
            value = _read(match, year)
            if value and value[:10] <= moment.date().isoformat():
                return FoundDate(*match.span(), value)
    return None


def _ago(match: re.Match[str], moment: datetime) -> str:
    """``3小时前`` and the like: to the minute for minutes and hours, to the day for longer spans."""
    if match["n"] is None:
        return _iso(moment, with_seconds=False)
    number = 0.5 if match["n"] == "半" else float(_number(match["n"]))
    unit = match["unit"]
    if unit[0] in "秒分小":
        span = {
            "秒": timedelta(seconds=number),
            "分": timedelta(minutes=number),
            "小": timedelta(hours=number),
        }[unit[0]]
        return _iso(moment - span, with_seconds=False)
    days = number * {"天": 1, "日": 1, "周": 7, "星": 7, "月": 30}[unit[0]]
    return (moment - timedelta(days=days)).date().isoformat()


def _number(text: str | None) -> int:
    """Arabic or Chinese digits as an integer: ``12``, ``二〇一七``, ``十一``, ``三十``."""
    if not text:
        return 0
    if text.isascii() and text.isdigit():
        return int(text)
    if "十" in text:
        tens, _, ones = text.partition("十")
        return (_HAN_DIGIT.get(tens, 1) if tens else 1) * 10 + (_HAN_DIGIT.get(ones, 0) if ones else 0)
    return int("".join(str(_HAN_DIGIT.get(c, 0)) for c in text))


def _zone_minutes(name: str | None) -> int:
    """Minutes east of UTC for a written zone; anything unknown is taken as Shanghai."""
    if not name:
        return 480
    if name[0] in "+-":
        digits = name[1:].replace(":", "")
        minutes = int(digits[:2]) * 60 + int(digits[2:4])
        return minutes if name[0] == "+" else -minutes
    return _ZONES.get(name.lower(), 480)


def _iso(moment: datetime, with_seconds: bool) -> str:
    """ISO 8601 with offset, to the second or to the minute."""
    return moment.isoformat(timespec="seconds" if with_seconds else "minutes")
