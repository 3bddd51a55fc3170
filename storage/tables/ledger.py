"""业绩责任记实: entries, their steps, tracking dates and yearly closings, all append-only (domain.md §1.12).

The database refuses to change or remove any row here: what holds is read from the steps. An error is answered by a
reversing entry (冲正), a draft that was sent back by a new entry that replaces it.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, now
from storage.tables.evidence import Evidence
from storage.tables.roster import Cadre, Team

LEDGER_TABLES = ("ledger_entry", "ledger_evidence", "ledger_link", "ledger_tracking", "ledger_step", "ledger_closing")


class LedgerEntry(Base):
    """One entry on one person. kind: 业绩 责任 中性记载; horizon: 显绩 潜绩 隐患; dates are days or empty."""

    __tablename__ = "ledger_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    cadre_id: Mapped[str] = mapped_column(ForeignKey("cadre.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    kind: Mapped[str]
    matter: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    decided_on: Mapped[list[Any]] = mapped_column(default=list)  # ISO days
    implemented_from: Mapped[date | None]
    implemented_to: Mapped[date | None]
    effects_on: Mapped[list[Any]] = mapped_column(default=list)  # ISO days
    horizon: Mapped[str] = mapped_column(default="")
    role: Mapped[str]
    clue: Mapped[str] = mapped_column(Text, default="")  # 线索来源
    leniency_body: Mapped[str] = mapped_column(default="")  # 容错认定机关; then it is not shown as adverse
    leniency_reason: Mapped[str] = mapped_column(Text, default="")
    prepared_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    prepared_on: Mapped[date]
    at: Mapped[datetime] = mapped_column(default=now)
    cadre: Mapped[Cadre] = relationship()
    team: Mapped[Team] = relationship()
    evidence: Mapped[list[LedgerEvidence]] = relationship(viewonly=True, order_by="LedgerEvidence.evidence_id")
    steps: Mapped[list[LedgerStep]] = relationship(viewonly=True, order_by="LedgerStep.id")
    tracking: Mapped[list[LedgerTracking]] = relationship(viewonly=True, order_by="LedgerTracking.due")


class LedgerEvidence(Base):
    """Verified evidence that an entry rests on, with its state when it was linked."""

    __tablename__ = "ledger_evidence"
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True, index=True)
    state: Mapped[str]
    evidence: Mapped[Evidence] = relationship()


class LedgerLink(Base):
    """An entry that reverses (冲正) or replaces (替换) an earlier one; a table of its own, so that a backup can be
    restored by inserting alone."""

    __tablename__ = "ledger_link"
    __table_args__ = (UniqueConstraint("other_id", "entry_id"),)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), primary_key=True)
    other_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    kind: Mapped[str]


class LedgerStep(Base):
    """Who did what with an entry: 拟记 告知 陈述 审核 退回 批准 追踪 结账 冲正."""

    __tablename__ = "ledger_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    step: Mapped[str]
    on: Mapped[date]
    text: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[date | None]  # of 告知: until when the person may make a statement
    tracking_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_tracking.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class LedgerTracking(Base):
    """A day on which an entry is to be looked at again."""

    __tablename__ = "ledger_tracking"
    id: Mapped[int] = mapped_column(primary_key=True)
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entry.id"), index=True)
    due: Mapped[date] = mapped_column(index=True)
    what: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))


class LedgerClosing(Base):
    """年度结账: what was open on the day, as printed, with its hash. One a year and version."""

    __tablename__ = "ledger_closing"
    __table_args__ = (UniqueConstraint("year", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    closed_on: Mapped[date]
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sha256: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
