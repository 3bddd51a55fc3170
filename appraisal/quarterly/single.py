"""Single quarters out of cumulative values: a difference only where both have the same 口径 (domain.md §1.1)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.decimals import PRECISION, plain
from appraisal.periods import period_of
from appraisal.review.quarter import Quarter
from storage.tables import DataPoint


@dataclass(frozen=True)
class Cumulative:
    """One version of a cumulative value. basis: its 口径; status: 初步, 核定 or 修订; None is missing, never zero."""

    id: int
    value: Decimal | None
    unit: str = ""
    basis: str = ""
    status: str = ""


@dataclass(frozen=True)
class Single:
    """Value of the quarter alone, or None with the reason; `words` writes the difference out."""

    value: Decimal | None
    words: str


def single_quarter(number: int, now: Cumulative | None, before: Cumulative | None) -> Single:
    """The quarter's own value. number: 1-4; the first quarter is its own cumulative value."""
    if now is None or now.value is None:
        return Single(None, "本期未出数")
    if number == 1:
        return Single(now.value, f"一季度即累计数 {plain(now.value)}")
    if before is None or before.value is None:
        return Single(None, "上期累计数未出，不作差")
    if (now.unit, now.basis) != (before.unit, before.basis):
        return Single(None, "两期口径或单位不一致，不作差")
    if now.status != before.status:
        return Single(None, f"两期数据状态不一致（上期{before.status}，本期{now.status}），不作差")
    value = PRECISION.subtract(now.value, before.value)
    return Single(value, f"{plain(now.value)} − {plain(before.value)} = {plain(value)}")


def load_cumulative(
    session: Session, codes: Iterable[str], quarter: Quarter, ids: Iterable[int] | None = None
) -> dict[tuple[str, str, int], Cumulative]:
    """(indicator, team, quarter number) -> newest version of this and the quarter before, or exactly those pinned."""
    periods = {period_of(quarter.year, quarter.number): quarter.number}
    if quarter.number > 1:
        periods[period_of(quarter.year, quarter.number - 1)] = quarter.number - 1
    query = select(DataPoint).where(DataPoint.indicator_code.in_(list(codes)), DataPoint.period.in_(list(periods)))
    if ids is not None:
        query = query.where(DataPoint.id.in_(list(ids)))
    return {
        (p.indicator_code, p.team_id, periods[p.period]): Cumulative(p.id, p.value, p.unit, p.note, p.status)
        for p in session.scalars(query.order_by(DataPoint.version))
    }


def single_of(loaded: Mapping[tuple[str, str, int], Cumulative], code: str, team: str, number: int) -> Single:
    """The single quarter of one indicator and team out of what was loaded."""
    return single_quarter(number, loaded.get((code, team, number)), loaded.get((code, team, number - 1)))
