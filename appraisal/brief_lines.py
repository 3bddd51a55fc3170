"""Indicator figures for a briefing note: the newest of each for the team, inside the tenure; no positions (R-33)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.decimals import plain
from appraisal.periods import period_end, period_key, spoken
from dossier.brief_content import IndicatorLine
from dossier.cadrefile import TenureRow
from storage.tables import DataPoint, Indicator, IndicatorImport, Team


def brief_indicators(session: Session, tenures: Iterable[TenureRow], today: date) -> list[IndicatorLine]:
    """The newest figure of each indicator of the teams a cadre serves in today, in the order of the book.

    Only periods that end after the cadre came to the team and have ended by `today`; a figure that is missing or was
    withdrawn in its newest version is not replaced by an older version of the same period.
    """
    rows = list(tenures)
    since = {row.team_id: min(r.start for r in rows if r.team_id == row.team_id) for row in rows if row.current}
    if not since:
        return []
    query = (
        select(DataPoint, Indicator, IndicatorImport.name, Team.short)
        .join(Indicator, DataPoint.indicator_code == Indicator.code)
        .join(IndicatorImport, DataPoint.import_id == IndicatorImport.id)
        .join(Team, DataPoint.team_id == Team.id)
        .where(DataPoint.team_id.in_(since))
        .order_by(Team.ordinal, Indicator.ordinal, Indicator.code, DataPoint.version)
    )
    newest: dict[tuple[str, str, str], tuple[DataPoint, Indicator, str, str]] = {}
    for point, card, workbook, team in session.execute(query):
        newest[(point.team_id, point.indicator_code, point.period)] = (point, card, workbook, team)
    chosen: dict[tuple[str, str], tuple[DataPoint, Indicator, str, str]] = {}
    for (team_id, code, period), found in newest.items():
        end = period_end(period).isoformat()
        if found[0].value is None or not since[team_id] <= end <= today.isoformat():
            continue
        held = chosen.get((team_id, code))
        if held is None or period_key(held[0].period) < period_key(period):
            chosen[(team_id, code)] = found
    return [_line(*found) for found in chosen.values()]


def _line(point: DataPoint, card: Indicator, workbook: str, team: str) -> IndicatorLine:
    return IndicatorLine(
        data_point_id=point.id,
        team_id=point.team_id,
        team=team,
        name=card.name,
        period=spoken(point.period),
        version=point.version,
        status=point.status,
        value=plain(point.value) if point.value is not None else "",
        unit=point.unit or card.unit,
        growth=_growth(point.growth),
        provider=point.provider or card.provider,
        origin=" ".join(x for x in (workbook, point.cell) if x),
    )


def _growth(value: Decimal | None) -> str:
    if value is None:
        return ""
    return "持平" if value == 0 else f"{'增长' if value > 0 else '下降'}{plain(abs(value))}%"
