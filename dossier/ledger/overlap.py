"""任职重叠参考: on how many days of an interval a person held the post, counted inclusively and exactly (§1.12 rule 4).

It is a reference for people who apportion between successive leaders, never an apportionment.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.field.coverage import percent
from storage.errors import ShijiError
from storage.tables import Post, Tenure

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Span:
    """A tenure [start, end): an empty end is open."""

    start: date | None
    end: date | None


@dataclass(frozen=True)
class Overlap:
    """Days of a person inside an interval, both of its ends included."""

    days: int
    total: int

    @property
    def share(self) -> Fraction:
        return Fraction(self.days, self.total)

    @property
    def text(self) -> str:
        """457/1310 天，34.9%"""
        return f"{self.days}/{self.total} 天，{percent(self.share)}"


def overlap(spans: Iterable[Span], first: date, last: date) -> Overlap:
    """Days from `first` to `last`, both included, on which any of the tenures held. Raises LEDGER-INTERVAL."""
    if last < first:
        raise ShijiError("LEDGER-INTERVAL", f"区间起止颠倒：{first} 至 {last}", "任职重叠参考", "请核对日期。")
    days = 0
    reached = first  # first day not yet counted: posts held at once count once
    for span in sorted(spans, key=lambda s: s.start or date.min):
        start = max(span.start or first, reached)
        stop = last if span.end is None else min(last, span.end - ONE_DAY)
        if start <= stop:
            days += (stop - start).days + 1
            reached = stop + ONE_DAY
    return Overlap(days, (last - first).days + 1)


def team_spans(session: Session, cadre_id: str, team_id: str) -> list[tuple[Span, str]]:
    """A person's tenures in a team with their posts, oldest first; an acting post counts as held (主持工作)."""
    rows = session.execute(
        select(Tenure.start, Tenure.end, Post.title)
        .join(Post, Tenure.post_id == Post.id)
        .where(Tenure.cadre_id == cadre_id, Post.team_id == team_id)
        .order_by(Tenure.start.nulls_first())
    )
    return [(Span(start, end), title) for start, end, title in rows]


def held(spans: Sequence[Span], on: date) -> bool:
    """Whether any tenure holds on a day."""
    return any((s.start is None or s.start <= on) and (s.end is None or on < s.end) for s in spans)
