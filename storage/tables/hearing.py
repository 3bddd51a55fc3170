"""六字 records in full, doubts, the right to be heard, 容错, clearing, destruction (domain.md §1.2, §2.5-2.6, R-43)."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base
from storage.tables.evidence import Evidence, FieldRecord


class RecordDetail(Base):
    """The fields of a 六字 record beyond its date and summary; which are mandatory depends on the channel."""

    __tablename__ = "record_detail"
    field_record_id: Mapped[int] = mapped_column(ForeignKey("field_record.id"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)  # key of dossier/field/forms.py -> text
    officers: Mapped[list[Any]] = mapped_column(default=list)  # names of the officers who went, read or asked
    record: Mapped[FieldRecord] = relationship()


class RecordTeam(Base):
    """A team that a record concerns, whether or not an item or a claim is linked."""

    __tablename__ = "record_team"
    field_record_id: Mapped[int] = mapped_column(ForeignKey("field_record.id"), primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), primary_key=True, index=True)


class Doubt(Base):
    """存疑: two versions of one matter side by side, and the written conclusion of an officer."""

    __tablename__ = "doubt"
    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    first_record_id: Mapped[int | None] = mapped_column(ForeignKey("field_record.id"))
    other_record_id: Mapped[int | None] = mapped_column(ForeignKey("field_record.id"))
    first: Mapped[str] = mapped_column(Text)
    other: Mapped[str] = mapped_column(Text)
    raised_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    raised_on: Mapped[date]
    conclusion: Mapped[str] = mapped_column(Text, default="")
    concluded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    concluded_on: Mapped[date | None]


class HearingNotice(Base):
    """告知书 of an adverse item to a team or a cadre, the clock, the 说明/申辩, and its review by another officer."""

    __tablename__ = "hearing_notice"
    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"), index=True)
    cadre_id: Mapped[str | None] = mapped_column(ForeignKey("cadre.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    sent_on: Mapped[date]
    sent_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    due: Mapped[date] = mapped_column(index=True)
    extended: Mapped[bool] = mapped_column(default=False)
    extension_reason: Mapped[str] = mapped_column(default="")
    extended_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    statement: Mapped[str] = mapped_column(Text, default="")
    documents: Mapped[list[Any]] = mapped_column(default=list)  # names of what was handed in with it
    stated_on: Mapped[date | None]
    stated_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    result: Mapped[str] = mapped_column(default="")  # 维持 修改 撤销
    result_reason: Mapped[str] = mapped_column(Text, default="")
    reviewed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reviewed_on: Mapped[date | None]
    withdrawn_on: Mapped[date | None]  # told in error, or the item went to another team
    evidence: Mapped[Evidence] = relationship()


class HearingException(Base):
    """Notice would hamper: asked by a head, decided by 干部监督. Read by these alone. decision: "" 同意 不同意."""

    __tablename__ = "hearing_exception"
    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    reason: Mapped[str] = mapped_column(Text)
    asked_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    asked_on: Mapped[date]
    decision: Mapped[str] = mapped_column(default="")
    decision_reason: Mapped[str] = mapped_column(Text, default="")
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_on: Mapped[date | None]
    lifted_on: Mapped[date | None]  # the reason has gone: notice is due again
    evidence: Mapped[Evidence] = relationship()


class LeniencyReview(Base):
    """容错认定: HEAD prepares, SUP checks, DEP signs with the deciding body. state: 拟定 已核 已定 退回."""

    __tablename__ = "leniency_review"
    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    value: Mapped[str]
    body: Mapped[str] = mapped_column(default="")  # 认定机关
    document_no: Mapped[str] = mapped_column(default="")
    distinctions: Mapped[list[Any]] = mapped_column(default=list)  # three answers, in the order of the 三个区分开来
    reason: Mapped[str] = mapped_column(Text)
    state: Mapped[str] = mapped_column(default="拟定")
    prepared_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    prepared_on: Mapped[date]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")  # why it was sent back
    evidence: Mapped[Evidence] = relationship()


class Clearing(Base):
    """澄清 of an item found 不属实: the letter a person may want, and the day its content is to go."""

    __tablename__ = "clearing"
    id: Mapped[int] = mapped_column(primary_key=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), unique=True)
    settled_on: Mapped[date]
    purge_due: Mapped[date] = mapped_column(index=True)
    letter: Mapped[str] = mapped_column(Text, default="")
    letter_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    purged_on: Mapped[date | None]
    evidence: Mapped[Evidence] = relationship()


class Tombstone(Base):
    """Hash of content that was destroyed and must not come in again before `until`. kind: original document passage."""

    __tablename__ = "tombstone"
    __table_args__ = (UniqueConstraint("kind", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    sha256: Mapped[str] = mapped_column(index=True)
    until: Mapped[date]
    code: Mapped[str] = mapped_column(default="")


class DestructionList(Base):
    """销毁清册: SYS prepares, AUD checks, DEP signs, SYS carries out. state: 拟制 已核 已批 已销毁 退回."""

    __tablename__ = "destruction_list"
    id: Mapped[int] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(default="拟制")
    prepared_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    prepared_on: Mapped[date]
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    checked_on: Mapped[date | None]
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_on: Mapped[date | None]
    executed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    executed_on: Mapped[date | None]
    note: Mapped[str] = mapped_column(Text, default="")
    lines: Mapped[list[DestructionLine]] = relationship(order_by="DestructionLine.id")


class DestructionLine(Base):
    """One thing to destroy: number, class, day due, hash; never its content."""

    __tablename__ = "destruction_line"
    __table_args__ = (UniqueConstraint("list_id", "evidence_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("destruction_list.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    code: Mapped[str]
    retention: Mapped[str]  # class of domain.md §2.9
    due: Mapped[date]
    sha256: Mapped[str]
    outcome: Mapped[str] = mapped_column(Text, default="")


class CorrectionRequest(Base):
    """更正请求 of a person (PIPL 46): registered by 干部处室, answered in 15 working days."""

    __tablename__ = "correction_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    cadre_id: Mapped[str] = mapped_column(ForeignKey("cadre.id"), index=True)
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"))
    received_on: Mapped[date]
    due: Mapped[date] = mapped_column(index=True)
    way: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    registered_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    outcome: Mapped[str] = mapped_column(default="")
    answer: Mapped[str] = mapped_column(Text, default="")
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    answered_on: Mapped[date | None]
