"""Indicator books by year, approved targets, surveys, and pinned assessments (domain.md §1.4, §1.5, R-35)."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, now


class IndicatorBook(Base):
    """指标体系 of one year, one version. Once approved its content never changes; a change is a further version."""

    __tablename__ = "indicator_book"
    __table_args__ = (UniqueConstraint("year", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="draft")  # draft | submitted | checked | approved
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)  # as written in a book file, numbers as text
    sha256: Mapped[str] = mapped_column(default="")  # of the content
    note: Mapped[str] = mapped_column(default="")  # why this version
    copied_from: Mapped[int | None]  # id of the book it was copied from
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    prepared_at: Mapped[datetime] = mapped_column(default=now)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    checked_at: Mapped[datetime | None]
    check_note: Mapped[str] = mapped_column(default="")
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    document_no: Mapped[str] = mapped_column(default="")


class BookSimulation(Base):
    """测算: what a draft book would have given on a past period, before anybody approved it."""

    __tablename__ = "book_simulation"
    id: Mapped[int] = mapped_column(primary_key=True)
    book_id: Mapped[int] = mapped_column(ForeignKey("indicator_book.id"), index=True)
    book_sha256: Mapped[str]  # the content that was tried
    period: Mapped[str]
    result: Mapped[dict[str, Any]] = mapped_column(default=dict)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class IndicatorTarget(Base):
    """年度目标 of a team for an indicator; a change is a further version. `difficulty`: fixed before figures exist."""

    __tablename__ = "indicator_target"
    __table_args__ = (UniqueConstraint("year", "indicator_code", "team_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    indicator_code: Mapped[str] = mapped_column(ForeignKey("indicator.code"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    value: Mapped[Decimal]
    difficulty: Mapped[Decimal] = mapped_column(default=Decimal(1))  # 0.95 to 1.05
    last_year: Mapped[Decimal | None]  # actual of the year before, as known when proposed
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="proposed")  # proposed | approved
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    document_no: Mapped[str] = mapped_column(default="")


class Survey(Base):
    """各方面评价 of the teams of one year: ballot classes with weights, fixed before ballots come in."""

    __tablename__ = "survey"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    title: Mapped[str]
    classes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # class of ballots -> weight in percent, as text
    state: Mapped[str] = mapped_column(default="open")  # open | closed
    opened_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime] = mapped_column(default=now)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None]


class SurveyCount(Base):
    """Ballots of one class on one team with one grade. No ballot of one voter is ever kept."""

    __tablename__ = "survey_count"
    __table_args__ = (UniqueConstraint("survey_id", "team_id", "ballot_class", "grade"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    survey_id: Mapped[int] = mapped_column(ForeignKey("survey.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    ballot_class: Mapped[str]
    grade: Mapped[str]
    ballots: Mapped[int] = mapped_column(default=0)


class AssessmentPin(Base):
    """口径快照: the versions an assessment of one period rests on, and the scores they gave (R-35). Never changed."""

    __tablename__ = "assessment_pin"
    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(index=True)
    purpose: Mapped[str] = mapped_column(default="")
    book_id: Mapped[int | None] = mapped_column(ForeignKey("indicator_book.id"))  # empty: the catalogue, kept inside
    book: Mapped[dict[str, Any]] = mapped_column(default=dict)  # content of the book that was used
    figures: Mapped[str] = mapped_column(Text, default="")  # ids of data points, as ranges: 1-480,482
    city_figures: Mapped[str] = mapped_column(Text, default="")
    targets: Mapped[str] = mapped_column(Text, default="")
    surveys: Mapped[str] = mapped_column(Text, default="")
    outside: Mapped[dict[str, Any]] = mapped_column(default=dict)  # scores of parts computed elsewhere (重点工作)
    scores: Mapped[dict[str, Any]] = mapped_column(default=dict)  # team -> score at full precision, completeness
    sha256: Mapped[str] = mapped_column(default="")  # of all of the above
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
