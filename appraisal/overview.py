"""What of the indicator book has been reported in a period, and the latest imports."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.tables import DataPoint, IndicatorImport, User


def coverage(session: Session, period: str) -> dict[str, tuple[int, int, int]]:
    """Indicator -> (figures reported, figures missing, highest version) in a period."""
    latest = (
        select(DataPoint.indicator_code, DataPoint.team_id, func.max(DataPoint.version).label("version"))
        .where(DataPoint.period == period)
        .group_by(DataPoint.indicator_code, DataPoint.team_id)
        .subquery()
    )
    rows = session.execute(
        select(
            DataPoint.indicator_code, func.count(DataPoint.value), func.count() - func.count(DataPoint.value),
            func.max(DataPoint.version),
        )
        .join(
            latest,
            (latest.c.indicator_code == DataPoint.indicator_code)
            & (latest.c.team_id == DataPoint.team_id)
            & (latest.c.version == DataPoint.version),
        )
        .where(DataPoint.period == period)
        .group_by(DataPoint.indicator_code)
    )  # fmt: skip
    return {code: (present, missing, version) for code, present, missing, version in rows}


def recent_imports(session: Session, limit: int = 12) -> list[dict[str, Any]]:
    """The latest imports with who, when, and how much was written and refused."""
    rows = session.execute(
        select(IndicatorImport, User.name)
        .outerjoin(User, IndicatorImport.user_id == User.id)
        .order_by(IndicatorImport.id.desc())
        .limit(limit)
    )
    return [
        {
            "id": record.id, "name": record.name, "at": record.at, "user": user or "命令行", "points": record.points,
            "errors": len(record.errors), "warnings": len(record.warnings),
        }
        for record, user in rows
    ]  # fmt: skip
