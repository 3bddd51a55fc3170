"""Accounts, sign-in sessions, recusals, issued products, and the hash-chained audit log."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, now


class User(Base):
    """Account. role: OFF HEAD KH SUP DEP MIN UNIT SYS AUD (domain.md §2.7). `team_id`: the team a UNIT speaks for."""

    __tablename__ = "user_account"
    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str]
    section: Mapped[str] = mapped_column(default="")
    password: Mapped[str]  # argon2 hash
    enabled: Mapped[bool] = mapped_column(default=True)
    failures: Mapped[int] = mapped_column(default=0)
    locked_until: Mapped[datetime | None]
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    zones: Mapped[list[UserZone]] = relationship(cascade="all, delete-orphan")


class UserZone(Base):
    """A zone an officer may see."""

    __tablename__ = "user_zone"
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), primary_key=True)
    zone_id: Mapped[str] = mapped_column(ForeignKey("zone.id"), primary_key=True)


class Recusal(Base):
    """回避: the user sees no content of this team or cadre (R-03)."""

    __tablename__ = "recusal"
    __table_args__ = (UniqueConstraint("user_id", "team_id", "cadre_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    cadre_id: Mapped[str | None] = mapped_column(ForeignKey("cadre.id"))


class LoginSession(Base):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "login_session"
    token_sha256: Mapped[str] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    csrf: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(default=now)
    seen_at: Mapped[datetime] = mapped_column(default=now)
    purposes: Mapped[dict[str, Any]] = mapped_column(default=dict)  # cadre id -> purpose stated


class AuditEntry(Base):
    """Append-only log; each entry holds the hash of the one before (R-44)."""

    __tablename__ = "audit_entry"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"), index=True)
    login: Mapped[str] = mapped_column(default="")
    action: Mapped[str] = mapped_column(index=True)
    object_kind: Mapped[str] = mapped_column(default="")
    object_id: Mapped[str] = mapped_column(default="", index=True)
    purpose: Mapped[str] = mapped_column(default="")
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    previous: Mapped[str]
    hash: Mapped[str] = mapped_column(unique=True)


class Brief(Base):
    """谈话前情况简报 as issued: content with its evidence codes, and the hash of the Word file."""

    __tablename__ = "brief"
    id: Mapped[int] = mapped_column(primary_key=True)
    cadre_id: Mapped[str] = mapped_column(ForeignKey("cadre.id"), index=True)
    talk_kind: Mapped[str]
    interviewer: Mapped[str] = mapped_column(default="")
    planned_on: Mapped[date | None]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    created_at: Mapped[datetime] = mapped_column(default=now)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    docx_sha256: Mapped[str] = mapped_column(default="")
