"""Sources, runs, captures, documents (design.md §3)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, now


class Source(Base):
    """A registered source; nothing else is ever fetched (R-10)."""

    __tablename__ = "source"
    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    kind: Mapped[str]  # name of a module in collector/kinds
    url: Mapped[str] = mapped_column(default="")
    level: Mapped[str] = mapped_column(default="市")  # 中央 省 市 区县 部门 单位报送
    owner_team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))  # self-published by this team
    official: Mapped[bool] = mapped_column(default=False)  # official notices (P6)
    permission: Mapped[str] = mapped_column(default="")
    robots: Mapped[str] = mapped_column(default="遵守")
    rate_seconds: Mapped[float] = mapped_column(default=5.0)
    every_minutes: Mapped[int] = mapped_column(default=60)
    enabled: Mapped[bool] = mapped_column(default=True)
    config: Mapped[dict[str, Any]] = mapped_column(default=dict)  # selectors, page limit
    etag: Mapped[str] = mapped_column(default="")
    last_modified: Mapped[str] = mapped_column(default="")
    body_sha256: Mapped[str] = mapped_column(default="")
    next_due_at: Mapped[datetime | None]
    failures: Mapped[int] = mapped_column(default=0)
    last_success_at: Mapped[datetime | None]
    last_new_at: Mapped[datetime | None]
    rhythm: Mapped[dict[str, Any]] = mapped_column(default=dict)  # how often something new comes, as learned


class Run(Base):
    """One visit to a source."""

    __tablename__ = "run"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    started_at: Mapped[datetime] = mapped_column(default=now)
    finished_at: Mapped[datetime | None]
    status: Mapped[str] = mapped_column(default="running")  # running | ok | partial | unchanged | failed
    found: Mapped[int] = mapped_column(default=0)
    new: Mapped[int] = mapped_column(default=0)
    failed: Mapped[int] = mapped_column(default=0)
    error_code: Mapped[str] = mapped_column(default="")
    error: Mapped[str] = mapped_column(default="")


class Failure(Base):
    """One page or file that could not be read; kept with its original where there is one."""

    __tablename__ = "failure"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    url: Mapped[str]
    code: Mapped[str]
    message: Mapped[str]
    sha256: Mapped[str] = mapped_column(default="")
    attempts: Mapped[int] = mapped_column(default=1)
    at: Mapped[datetime] = mapped_column(default=now)
    __table_args__ = (UniqueConstraint("source_id", "url"),)


class Capture(Base):
    """Bytes as received, with their headers (R-14). `url` is the web address or ``file:NAME`` for a report."""

    __tablename__ = "capture"
    __table_args__ = (UniqueConstraint("source_id", "url", "sha256"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    run_id: Mapped[int | None] = mapped_column(ForeignKey("run.id"))
    url: Mapped[str] = mapped_column(index=True)
    final_url: Mapped[str] = mapped_column(default="")
    fetched_at: Mapped[datetime] = mapped_column(default=now)
    status: Mapped[int] = mapped_column(default=200)
    headers: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sha256: Mapped[str] = mapped_column(index=True)
    size: Mapped[int] = mapped_column(default=0)
    name: Mapped[str] = mapped_column(default="")  # file name of a report


class Document(Base):
    """Clean text of one capture. `stage` is also the work queue: collected -> understood -> filed."""

    __tablename__ = "document"
    __table_args__ = (
        UniqueConstraint("source_id", "url", "text_sha256"),
        Index("ix_document_stage", "stage", "lease_until"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    capture_id: Mapped[int] = mapped_column(ForeignKey("capture.id"), index=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"), index=True)
    url: Mapped[str] = mapped_column(index=True)
    kind: Mapped[str] = mapped_column(default="article")  # article | report
    title: Mapped[str] = mapped_column(default="")
    author: Mapped[str] = mapped_column(default="")
    editor: Mapped[str] = mapped_column(default="")
    origin: Mapped[str] = mapped_column(default="")  # 来源 as printed
    published_at: Mapped[datetime | None]
    published_precision: Mapped[str] = mapped_column(default="")  # minute | day | ""
    text: Mapped[str] = mapped_column(default="")
    text_sha256: Mapped[str]
    confidence: Mapped[float] = mapped_column(default=1.0)
    warnings: Mapped[list[Any]] = mapped_column(default=list)
    # collected doubtful understood filed quarantined dismissed failed
    stage: Mapped[str] = mapped_column(default="collected")
    lease_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str] = mapped_column(default="")
    duplicate_of: Mapped[int | None] = mapped_column(ForeignKey("document.id"))
    relation: Mapped[str] = mapped_column(default="")  # first | exact | edited | same_event
    created_at: Mapped[datetime] = mapped_column(default=now)
    source: Mapped[Source] = relationship()
    capture: Mapped[Capture] = relationship()


class PageDecision(Base):
    """What a person decided about a doubtful page; the text it had before is kept. Append-only."""

    __tablename__ = "page_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    choice: Mapped[str]  # first second corrected dismissed
    reason: Mapped[str] = mapped_column(default="")
    text_before: Mapped[str] = mapped_column(default="")


class Quarantine(Base):
    """An accusation letter that arrived by mistake (domain.md §2.11): no content here, only the receipt."""

    __tablename__ = "quarantine"
    id: Mapped[int] = mapped_column(primary_key=True)
    source_id: Mapped[str] = mapped_column(ForeignKey("source.id"))
    sha256: Mapped[str] = mapped_column(unique=True)  # tombstone, stops re-ingestion
    text_sha256: Mapped[str] = mapped_column(default="", index=True)
    form: Mapped[str] = mapped_column(default="")  # 网页 | 文件
    pages: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="待移交")  # 待移交 | 已移交
    received_at: Mapped[datetime] = mapped_column(default=now)
    handed_to: Mapped[str] = mapped_column(default="")
    receipt: Mapped[str] = mapped_column(default="")
    handed_at: Mapped[datetime | None]
    handed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
