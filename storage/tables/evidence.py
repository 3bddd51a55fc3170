"""Evidence, its states, and everything officers decided about it (domain.md §2.5)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, now
from storage.tables.roster import Cadre, Team
from storage.tables.understanding import Event, Passage


class Evidence(Base):
    """佐证: one event for one team (a topic is per passage and team, DR14). Starts as 待确认, machine only.

    `label`, `sub_type`, `team_id` are what holds now; the machine's own words stay in passage and attribution.
    """

    __tablename__ = "evidence"
    __table_args__ = (
        UniqueConstraint("event_id", "team_key"),
        Index("ix_evidence_state_team", "state", "team_id"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(unique=True)  # E-20250811-000123
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"), index=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"), index=True)  # first print
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"), index=True)
    team_key: Mapped[str] = mapped_column(
        default=""
    )  # the machine's team at filing, "" for none: keeps filing idempotent
    role: Mapped[str] = mapped_column(default="")
    label: Mapped[str]
    sub_type: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="待确认")
    doubtful: Mapped[bool] = mapped_column(default=False)  # 存疑: channels contradict each other
    adverse: Mapped[bool] = mapped_column(default=False)
    restricted: Mapped[bool] = mapped_column(default=False)  # only HEAD, outside search, lists and counts
    event_date: Mapped[date | None] = mapped_column(index=True)
    self_published: Mapped[bool] = mapped_column(default=False)
    true_part: Mapped[str] = mapped_column(default="")  # 部分属实: the true part, written by a person
    response: Mapped[str] = mapped_column(default="")  # unit's statement
    leniency: Mapped[str] = mapped_column(default="")  # 容错: 不涉及 拟容错 已容错 不予容错
    notified_at: Mapped[datetime | None]  # 告知
    proposed_state: Mapped[str] = mapped_column(default="")  # awaiting the second officer
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    agreed_by: Mapped[int | None] = mapped_column(
        ForeignKey("user_account.id")
    )  # second officer; HEAD still signs a 问题
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)
    passage: Mapped[Passage] = relationship()
    event: Mapped[Event] = relationship()
    team: Mapped[Team | None] = relationship()
    cadres: Mapped[list[EvidenceCadre]] = relationship(cascade="all, delete-orphan")


class EvidenceCadre(Base):
    """A cadre an evidence item belongs to, with the role (P9)."""

    __tablename__ = "evidence_cadre"
    __table_args__ = (UniqueConstraint("evidence_id", "cadre_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    cadre_id: Mapped[str] = mapped_column(ForeignKey("cadre.id"), index=True)
    role: Mapped[str] = mapped_column(default="")
    because: Mapped[str] = mapped_column(default="")
    cadre: Mapped[Cadre] = relationship()


class Decision(Base):
    """Append-only: who changed what of an evidence item, when, why, and from what to what."""

    __tablename__ = "decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    at: Mapped[datetime] = mapped_column(default=now)
    kind: Mapped[str]  # accept reject correct propose agree approve return undo respond notify leniency record
    before: Mapped[dict[str, Any]] = mapped_column(default=dict)
    after: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(default="")
    undone_by: Mapped[int | None] = mapped_column(ForeignKey("decision.id"))


class FieldRecord(Base):
    """核查记录 of the six characters 听 看 查 谈 访 调 (domain.md §1.2)."""

    __tablename__ = "field_record"
    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    on: Mapped[date]
    summary: Mapped[str]
    self_reported: Mapped[bool] = mapped_column(default=False)
    official: Mapped[bool] = mapped_column(default=False)  # document of a higher or competent body
    document_no: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)


class RecordLink(Base):
    """One field record may support several items."""

    __tablename__ = "record_link"
    field_record_id: Mapped[int] = mapped_column(ForeignKey("field_record.id"), primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True, index=True)
    record: Mapped[FieldRecord] = relationship()


class IndexTask(Base):
    """Outbox of the search index: a passage to be indexed again. Removed only after the index has committed."""

    __tablename__ = "index_task"
    id: Mapped[int] = mapped_column(primary_key=True)
    passage_id: Mapped[int] = mapped_column(index=True)
