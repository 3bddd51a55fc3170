"""Coordinates of the two drawings of the dossiers: items per month by topic, and a cadre's tenures."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dossier.cadrefile import TenureRow
from dossier.terms import DOSSIER_TOPICS
from dossier.views import EvidenceView

MONTHS = 12
BAR, GAP, HEIGHT, TOP = 34.0, 18.0, 110.0, 14.0
ROW = 30.0


@dataclass(frozen=True)
class Part:
    """One topic's part of a month's bar."""

    label: str
    count: int
    y: float
    height: float


@dataclass(frozen=True)
class Month:
    """One month: name 2025-10, its place, and its parts from the bottom up."""

    name: str
    x: float
    total: int
    parts: tuple[Part, ...]

    def count(self, label: str) -> int:
        """Items of a topic in this month."""
        return next((p.count for p in self.parts if p.label == label), 0)


@dataclass(frozen=True)
class MonthChart:
    """The last twelve months up to `today`. Items without a date are left out and counted in `undated`."""

    months: tuple[Month, ...]
    width: float
    height: float
    base: float
    undated: int

    @property
    def empty(self) -> bool:
        return not any(month.total for month in self.months)


def month_chart(items: Iterable[EvidenceView], today: date) -> MonthChart:
    """Items per month by topic, of the month of the event."""
    kept = list(items)
    names = [_month(today, back) for back in range(MONTHS - 1, -1, -1)]
    counts = {(n, t): sum(1 for i in kept if i.label == t and i.date[:7] == n) for n in names for t in DOSSIER_TOPICS}
    highest = max((sum(counts[n, t] for t in DOSSIER_TOPICS) for n in names), default=0) or 1
    months = []
    for place, name in enumerate(names):
        y, parts = TOP + HEIGHT, []
        for topic in DOSSIER_TOPICS:
            count = counts[name, topic]
            size = HEIGHT * count / highest
            y -= size
            if count:
                parts.append(Part(topic, count, round(y, 1), round(size, 1)))
        months.append(Month(name, place * (BAR + GAP), sum(p.count for p in parts), tuple(parts)))
    width = MONTHS * (BAR + GAP)
    return MonthChart(tuple(months), width, TOP + HEIGHT + 22, TOP + HEIGHT, sum(1 for i in kept if i.date[4:5] != "-"))


@dataclass(frozen=True)
class Span:
    """One tenure as a bar."""

    tenure: TenureRow
    x: float
    y: float
    width: float


@dataclass(frozen=True)
class TenureChart:
    """Tenures under one another, newest first, with a mark at every January."""

    spans: tuple[Span, ...]
    years: tuple[tuple[int, float], ...]
    width: float
    height: float


def tenure_chart(tenures: Sequence[TenureRow], today: date, width: float = 900.0) -> TenureChart | None:
    """Bars from the first known start to today; None where no tenure has a start."""
    starts = [date.fromisoformat(t.start) for t in tenures if t.start]
    if not starts:
        return None
    first, days = min(starts), max(1, (today - min(starts)).days)

    def at(day: date) -> float:
        return round(width * min(max((day - first).days, 0), days) / days, 1)

    spans = []
    for place, tenure in enumerate(tenures):
        x = at(date.fromisoformat(tenure.start)) if tenure.start else 0.0
        until = at(date.fromisoformat(tenure.end)) if tenure.end else width
        spans.append(Span(tenure, x, 8 + place * ROW, max(3.0, round(until - x, 1))))
    years = tuple((year, at(date(year, 1, 1))) for year in range(first.year + 1, today.year + 1))
    return TenureChart(tuple(spans), years, width, 8 + len(tenures) * ROW + 22)


def _month(today: date, back: int) -> str:
    index = today.year * 12 + today.month - 1 - back
    return f"{index // 12}-{index % 12 + 1:02d}"
