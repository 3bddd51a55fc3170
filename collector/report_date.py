"""The day a report bears: its signature, a date line at its head, or, failing those, the year of its number.

The day it came in is never taken for the day it was written; a report without a date is marked.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from collector.dates import FoundDate, find_date, find_dates

UNDATED = "REPORT-NO-DATE"
APPROXIMATE = "REPORT-DATE-APPROXIMATE"
HEAD_LINES = 6
LAST_LINES = 6
ISSUER_LENGTH = 40
_SPACES = re.compile(r"\s+")
_BRACKETS = "（）()〔〕[]【】 "
_LABELLED = re.compile(r"^(?:报送|报告|填报|填表|制表|成文|印发|发文|签发|编制|落款|发布)?(?:日期|时间)\s*[:：\t ]")
_PRINTED = re.compile(r"(?:印发|印制|印)$")
_NO_ISSUER = re.compile(r"[，。！？；：、,;:!?…]|^(?:附件|附|注|备注)|\d|(?:时间|日期|期限|年月)$")
_NUMBER_YEAR = re.compile(
    r"[〔\[［（(](?P<y>(?:19|20)\d\d)[〕\]］）)]\s*(?:第\s*)?\d{1,5}\s*号|(?P<n>(?:19|20)\d\d)年第\s*\d{1,4}\s*[期号]"
)

_CITED = re.compile(r"[，。；《》]")  # a number inside a sentence is another document's


@dataclass(frozen=True)
class ReportDate:
    """``day``: ``YYYY-MM-DD`` or None; ``warnings``: REPORT-NO-DATE, or REPORT-DATE-APPROXIMATE where only the
    document number's year is known."""

    day: str | None
    warnings: tuple[str, ...] = ()


def report_date(text: str, received: date) -> ReportDate:
    """The day a report is dated, in the order: signature, date line under the title, imprint, document number.

    ``received``: the day it came in; no report is dated later. From a number alone only the year is known: the
    day given is then the last one of that year that the text names, else the year's last, marked approximate.
    """
    lines = [line for line in (raw.strip() for raw in text.split("\n")) if line]
    for find in (_signature, _head, _imprint):
        day = find(lines)
        if day is not None and day <= received.isoformat():
            return ReportDate(day)
    day = _from_number(lines, received)
    return ReportDate(day, (APPROXIMATE,)) if day else ReportDate(None, (UNDATED,))


def _signature(lines: list[str]) -> str | None:
    """A date under or beside an issuer, the first of them after the head; else alone on one of the last lines."""
    for before, line in pairwise(lines[2:]):
        if (day := _alone(line)) and _is_issuer(before):
            return day
    for line in reversed(lines[-LAST_LINES:]):
        if day := _alone(line) or _beside_issuer(line):
            return day
    return None


def _head(lines: list[str]) -> str | None:
    """A line that is a date, or labelled as one, among the first lines."""
    for line in lines[:HEAD_LINES]:
        if day := _alone(line.strip(_BRACKETS)) or _labelled(line) or _beside_issuer(line):
            return day
    return None


def _imprint(lines: list[str]) -> str | None:
    """``办公室 2025年9月15日印发`` at the end, or a labelled date there."""
    for line in reversed(lines[-LAST_LINES:]):
        if _PRINTED.search(line) and (found := find_date(line)):
            return found.day
        if day := _labelled(line):
            return day
    return None


def _from_number(lines: list[str], received: date) -> str | None:
    """The last day of the number's year that the text names, else that year's last day, not after ``received``."""
    own = (line for line in lines[:HEAD_LINES] if len(line) <= 40 and not _CITED.search(line))
    number = next((found for line in own if (found := _NUMBER_YEAR.search(line))), None)
    if number is None:
        return None
    year = number["y"] or number["n"]
    if int(year) > received.year:
        return None
    named = [f.day for line in lines for f in find_dates(line) if f.day[:4] == year]
    latest = min(f"{year}-12-31", received.isoformat())
    return max((day for day in named if day <= latest), default=latest)


def _alone(line: str) -> str | None:
    """The day of a line that holds nothing but a date (with or without its hour)."""
    plain = _SPACES.sub("", line)
    found = _only(plain)
    return found.day if found and found.end - found.start >= len(plain) - 1 else None


def _only(plain: str) -> FoundDate | None:
    found = list(find_dates(plain)) if len(plain) <= 30 else []
    return found[0] if len(found) == 1 else None


def _beside_issuer(line: str) -> str | None:
    """``市发展和改革委员会    2025-09-30``: an issuer, a gap, a date, and nothing else."""
    parts = line.split(maxsplit=1)
    return _alone(parts[1]) if len(parts) == 2 and _is_issuer(parts[0]) else None


def _labelled(line: str) -> str | None:
    """``报送时间：2025-09-15``."""
    if len(line) > 60 or not _LABELLED.match(line):
        return None
    found = find_date(line)
    return found.day if found else None


def _is_issuer(line: str) -> bool:
    """Whether a line may be the name of who issues: short, no sentence, no figures."""
    plain = _SPACES.sub("", line)
    return 2 <= len(plain) <= ISSUER_LENGTH and not _NO_ISSUER.search(plain)
