"""What an account may see besides its own zones, and what it must keep away from, on a day (domain.md §1.11 a).

Asked when the rights of an account are read; the acts that change it are in `dossier.liaison`.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from storage.tables import OfficerTie, ZoneDuty

RELATIVE, WORKED, DEPUTY = "relative", "worked", "deputy"
KEEP_AWAY_YEARS = 3


def deputy_zones(session: Session, user_id: int, today: date) -> frozenset[str]:
    """Zones an account sees today because it stands in for an absent officer."""
    return frozenset(
        session.scalars(
            select(ZoneDuty.zone_id).where(
                ZoneDuty.user_id == user_id, ZoneDuty.kind == DEPUTY, ZoneDuty.start <= today, ZoneDuty.end >= today
            )
        )
    )


def ties_in_force(session: Session, user_id: int, on: date) -> list[OfficerTie]:
    """Ties that hold on a day: relatives until ended, work in the unit for three years after the last day."""
    rows = session.scalars(
        select(OfficerTie).where(
            OfficerTie.user_id == user_id, or_(OfficerTie.ended_on.is_(None), OfficerTie.ended_on > on)
        )
    )
    return [row for row in rows if row.kind == RELATIVE or (row.until is not None and on < years_after(row.until))]


def years_after(day: date, count: int = KEEP_AWAY_YEARS) -> date:
    """The same day so many years later; 29 February becomes 28 February."""
    try:
        return day.replace(year=day.year + count)
    except ValueError:
        return day.replace(year=day.year + count, day=28)
