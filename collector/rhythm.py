"""How often a source usually brings something new, learned from the days on which it published.

Gaps are counted in working days where a source rests when offices rest, in calendar days otherwise. A weekly
paper's Monday is followed by a longer gap than its Friday, so the median is taken for each weekday, where there
is enough to go by.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from itertools import pairwise
from statistics import median
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.settings import CHINA
from storage.tables import Document
from storage.workdays import is_workday, workdays_between

DAYS = 180  # of history, back from the newest
FEWEST_DAYS = 6  # with something new, before anything counts as usual
FEWEST_SAME = 4  # gaps after one weekday, before it has a median of its own
OFF_SHARE = 0.1  # of days with something new; fewer on days off means that the source keeps office days
MOST_ROWS = 5_000


@dataclass(frozen=True)
class Rhythm:
    """``workdays``: how gaps are counted; ``gap``: usual days between two days with something new; ``by_weekday``:
    the same after each weekday (0 Monday) where known; ``longest``: the gap that nine of ten stay within;
    ``seen``: days it was learned from. ``seen`` 0: nothing is known yet."""

    workdays: bool = False
    gap: float = 0.0
    longest: float = 0.0
    by_weekday: dict[str, float] = field(default_factory=dict)
    seen: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as the source keeps them."""
        return asdict(self)

    @classmethod
    def of(cls, values: dict[str, Any] | None) -> Rhythm:
        """The inverse of ``as_dict``; nothing known for an empty mapping."""
        return cls(**values) if values else cls()

    def usual(self, last: date) -> float:
        """Usual gap in days after ``last``."""
        return self.by_weekday.get(str(last.weekday()), self.gap)

    def gap_between(self, last: date, today: date) -> int:
        """Days from ``last`` to ``today`` as this source counts them; today is not over and does not count."""
        return max(0, _gap(last, today - timedelta(days=1), self.workdays))

    def is_longer_than_usual(self, last: date, today: date) -> bool:
        """Whether nothing new since ``last`` is longer than usual: beyond twice the usual gap, and the longest."""
        return self.seen > 0 and self.gap_between(last, today) > max(2 * self.usual(last), self.longest, 1.0)

    def in_words(self, last: date) -> str:
        """通常约 2 个工作日有新内容, or "" where nothing is known."""
        if not self.seen:
            return ""
        unit = "个工作日" if self.workdays else "天"
        return f"通常约 {max(1, round(self.usual(last)))} {unit}有新内容"


def learn(session: Session, source_id: str, moment: datetime) -> Rhythm:
    """The rhythm of a source from its documents' days of publication (of receipt where none is known)."""
    rows = session.execute(
        select(Document.published_at, Document.created_at)
        .where(Document.source_id == source_id)
        .order_by(Document.id.desc())
        .limit(MOST_ROWS)
    )
    today = moment.astimezone(CHINA).date()
    return rhythm_of({day for row in rows if (day := (row[0] or row[1]).astimezone(CHINA).date()) <= today})


def rhythm_of(days: Iterable[date]) -> Rhythm:
    """The rhythm of the days on which something new came, or one of ``seen`` 0 where there are too few."""
    ordered = sorted(set(days))
    kept = [day for day in ordered if (ordered[-1] - day).days <= DAYS]
    if len(kept) < FEWEST_DAYS:
        return Rhythm()
    workdays = sum(not is_workday(day) for day in kept) <= OFF_SHARE * len(kept)
    gaps = [(day, max(1, _gap(day, following, workdays))) for day, following in pairwise(kept)]
    after: dict[str, list[int]] = defaultdict(list)
    for day, gap in gaps:
        after[str(day.weekday())].append(gap)
    every = sorted(gap for _, gap in gaps)
    return Rhythm(
        workdays=workdays,
        gap=float(median(every)),
        longest=float(every[min(len(every) - 1, len(every) * 9 // 10)]),
        by_weekday={name: float(median(found)) for name, found in sorted(after.items()) if len(found) >= FEWEST_SAME},
        seen=len(kept),
    )


def _gap(earlier: date, later: date, workdays: bool) -> int:
    return workdays_between(earlier, later) if workdays else (later - earlier).days
