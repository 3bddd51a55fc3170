"""Products: content with citations, who acted on it, its copies, exports and recalls; and imported roster papers."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, now


class Product(Base):
    """文稿. state: 草稿 待审核 待签发 已签发 已作废. Once issued, `content` never changes: its hash is kept.

    `series`, `year` and `number` number it; `zones` are the zones of the teams it tells of.
    """

    __tablename__ = "product"
    __table_args__ = (UniqueConstraint("series", "year", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    period: Mapped[str] = mapped_column(default="")
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"), index=True)
    cadre_id: Mapped[str | None] = mapped_column(ForeignKey("cadre.id"), index=True)
    ref: Mapped[int | None]  # id of the item, talk, matter or sheet it was made from
    section: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="草稿", index=True)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    zones: Mapped[list[Any]] = mapped_column(default=list)
    drafted_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    changed_at: Mapped[datetime] = mapped_column(default=now)
    issued_at: Mapped[datetime | None]
    series: Mapped[str | None]
    year: Mapped[int | None]
    number: Mapped[int | None]
    number_text: Mapped[str] = mapped_column(default="")
    content_sha256: Mapped[str] = mapped_column(default="")
    supersedes_id: Mapped[int | None] = mapped_column(ForeignKey("product.id"))
    citations: Mapped[list[ProductCitation]] = relationship(cascade="all, delete-orphan", order_by="ProductCitation.id")
    copies: Mapped[list[ProductCopy]] = relationship(cascade="all, delete-orphan", order_by="ProductCopy.number")


class ProductCitation(Base):
    """One number cited in an issued product, with the state of the item as printed."""

    __tablename__ = "product_citation"
    __table_args__ = (UniqueConstraint("product_id", "code"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    code: Mapped[str]
    evidence_id: Mapped[int | None] = mapped_column(ForeignKey("evidence.id"), index=True)
    team_id: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="")


class ProductCopy(Base):
    """One copy: 份号 within the product, for whom, under which redaction profile, and its archived Word file."""

    __tablename__ = "product_copy"
    __table_args__ = (UniqueConstraint("product_id", "number"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    number: Mapped[int]
    recipient: Mapped[str]
    role: Mapped[str]
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"), index=True)
    profile: Mapped[str] = mapped_column(default="P0")
    docx_sha256: Mapped[str] = mapped_column(default="")
    prints: Mapped[int] = mapped_column(default=0)


class ProductStep(Base):
    """Append-only: who did what with a product, when, with which remark."""

    __tablename__ = "product_step"
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    step: Mapped[str]  # 起草 修改 送审 审核 退回 签发 加发 召回处理 作废
    note: Mapped[str] = mapped_column(default="")
    version: Mapped[int] = mapped_column(default=0)


class ProductExport(Base):
    """Append-only: each time a copy left the system, the nth time, under which profile, with the file's hash (R-42)."""

    __tablename__ = "product_export"
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    copy_id: Mapped[int] = mapped_column(ForeignKey("product_copy.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    nth: Mapped[int]
    profile: Mapped[str]
    sha256: Mapped[str]


class ProductRecall(Base):
    """What was done about an issued product when an item it cites fell: 收回 更正 重新编印 不影响, by whom and why."""

    __tablename__ = "product_recall"
    __table_args__ = (UniqueConstraint("product_id", "evidence_id", "state"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("product.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    state: Mapped[str]  # of the item when this was decided
    action: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class RosterPaper(Base):
    """A cadre's 任免审批表 file as imported, without family, ID number, health and photo: those are never stored."""

    __tablename__ = "roster_paper"
    id: Mapped[int] = mapped_column(primary_key=True)
    cadre_id: Mapped[str] = mapped_column(ForeignKey("cadre.id"), unique=True)
    file: Mapped[str] = mapped_column(default="")
    xml: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    imported_at: Mapped[datetime] = mapped_column(default=now)
