"""Indicators and versioned data points (domain.md §1.6-1.10, §4.10)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, now


class Indicator(Base):
    """指标 definition card."""

    __tablename__ = "indicator"
    code: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    unit: Mapped[str] = mapped_column(default="")
    direction: Mapped[str] = mapped_column(default="up")
    type: Mapped[str] = mapped_column(default="level")
    block: Mapped[str] = mapped_column(default="共同")
    method: Mapped[str] = mapped_column(default="")
    params: Mapped[dict[str, Any]] = mapped_column(default=dict)
    weight: Mapped[Decimal | None]
    provider: Mapped[str] = mapped_column(default="")
    frequency: Mapped[str] = mapped_column(default="")
    share_eligible: Mapped[bool] = mapped_column(default=False)
    never_rank: Mapped[bool] = mapped_column(default=False)  # GDP
    note: Mapped[str] = mapped_column(default="")
    category: Mapped[str] = mapped_column(default="")  # 类别 indicator: its class
    team_id: Mapped[str] = mapped_column(default="")  # 特色 indicator: its owner
    official_growth: Mapped[bool] = mapped_column(default=False)  # growth only as published, at constant prices
    ordinal: Mapped[int] = mapped_column(default=0)  # place in the book


class IndicatorImport(Base):
    """One imported workbook, with what was refused."""

    __tablename__ = "indicator_import"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    sha256: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    points: Mapped[int] = mapped_column(default=0)
    errors: Mapped[list[Any]] = mapped_column(default=list)
    warnings: Mapped[list[Any]] = mapped_column(default=list)


class DataPoint(Base):
    """Indicator x team x period x version. A revision is a new version; nothing is overwritten. value empty: 未出数."""

    __tablename__ = "data_point"
    __table_args__ = (UniqueConstraint("indicator_code", "team_id", "period", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    period: Mapped[str] = mapped_column(index=True)  # 2024 | 2025Q3
    version: Mapped[int] = mapped_column(default=1)
    value: Mapped[Decimal | None]
    growth: Mapped[Decimal | None]  # official growth, percent
    unit: Mapped[str] = mapped_column(default="")
    status: Mapped[str] = mapped_column(default="初步")  # 初步 核定 修订
    note: Mapped[str] = mapped_column(default="")
    provider: Mapped[str] = mapped_column(default="")
    import_id: Mapped[int] = mapped_column(ForeignKey("indicator_import.id"), index=True)
    cell: Mapped[str] = mapped_column(default="")  # sheet and row it came from


class CityPoint(Base):
    """The city's own figure as published with a table (its 合计 row): shown beside the sum, and official growth."""

    __tablename__ = "city_point"
    __table_args__ = (UniqueConstraint("indicator_code", "period", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), index=True)
    period: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    value: Mapped[Decimal | None]
    growth: Mapped[Decimal | None]
    status: Mapped[str] = mapped_column(default="初步")
    provider: Mapped[str] = mapped_column(default="")
    import_id: Mapped[int] = mapped_column(ForeignKey("indicator_import.id"), index=True)
    cell: Mapped[str] = mapped_column(default="")
