"""When a tenure holds: [from, to) in days, an unknown end of it being open (domain.md §3.8)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, and_, or_

from storage.tables import Tenure


def holds(start: date | None, end: date | None, on: date) -> bool:
    """Whether a tenure from `start` to `end` (exclusive) holds on a day."""
    return (start is None or start <= on) and (end is None or on < end)


def held_on(on: date) -> ColumnElement[bool]:
    """`holds` as a condition on Tenure."""
    return and_(or_(Tenure.start.is_(None), Tenure.start <= on), or_(Tenure.end.is_(None), Tenure.end > on))
