"""日常考核四项制度, the open part: zones and liaison, talks, media batches (domain.md §1.11 a, c, d).

Important matters, requests for talks and supervisory acts are restricted and stand in `matters.py`.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, now
from storage.tables.roster import Cadre


class TeamZone(Base):
    """A team in a zone, [start, end); start empty: since the team is known, end empty: still. One at a time."""

    __tablename__ = "team_zone"
    __table_args__ = (UniqueConstraint("team_id", "start"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    zone_id: Mapped[str] = mapped_column(ForeignKey("zone.id"), index=True)
    start: Mapped[date | None]
    end: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class ZoneDuty(Base):
    """An officer's duty in a zone, both days included. kind: lead | backup | deputy (sees the zone for the period)."""

    __tablename__ = "zone_duty"
    id: Mapped[int] = mapped_column(primary_key=True)
    zone_id: Mapped[str] = mapped_column(ForeignKey("zone.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    kind: Mapped[str]
    start: Mapped[date]
    end: Mapped[date | None]
    excluded: Mapped[list[Any]] = mapped_column(default=list)  # teams of the zone left to another officer (回避)
    reason: Mapped[str] = mapped_column(default="")
    given_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class OfficerTie(Base):
    """Why an officer keeps away from a unit. kind: relative (in a leading post) | worked (there, last day `until`)."""

    __tablename__ = "officer_tie"
    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    kind: Mapped[str]
    until: Mapped[date | None]
    ended_on: Mapped[date | None]
    end_reason: Mapped[str] = mapped_column(default="")
    given_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class LiaisonActivity(Base):
    """分片联系: one contact with a team by at least two officers; `zone_id` is the team's zone on that day."""

    __tablename__ = "liaison_activity"
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    zone_id: Mapped[str] = mapped_column(ForeignKey("zone.id"), index=True)
    on: Mapped[date] = mapped_column(index=True)
    kind: Mapped[str]
    officers: Mapped[list[Any]] = mapped_column(default=list)  # ids of accounts
    facts: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[Any]] = mapped_column(default=list)  # codes
    follow_up: Mapped[str] = mapped_column(Text, default="")
    follow_due: Mapped[date | None]
    followed_on: Mapped[date | None]
    followed: Mapped[str] = mapped_column(Text, default="")
    void_reason: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class MediaBatch(Base):
    """舆论信息动态分析: one collection period, both days included. state: open | closed; closed ones never change."""

    __tablename__ = "media_batch"
    id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(unique=True)
    until: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    note: Mapped[str] = mapped_column(Text, default="")
    opened_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    opened_at: Mapped[datetime] = mapped_column(default=now)
    closed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    closed_at: Mapped[datetime | None]
    closed_on: Mapped[date | None] = mapped_column(index=True)


class MediaBatchItem(Base):
    """An item counted in a closed batch, in one only; team, topic and origin as they stood at the closing."""

    __tablename__ = "media_batch_item"
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), primary_key=True)
    batch_id: Mapped[int] = mapped_column(ForeignKey("media_batch.id"), index=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"))
    label: Mapped[str]
    self_published: Mapped[bool] = mapped_column(default=False)


class Talk(Base):
    """谈心谈话. direction: 组织约谈 | 干部约谈; state: draft | approved | held | cancelled. No formal act (§2.3)."""

    __tablename__ = "talk"
    id: Mapped[int] = mapped_column(primary_key=True)
    direction: Mapped[str]
    trigger: Mapped[str]
    theme: Mapped[str] = mapped_column(default="")
    interviewer_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    staff: Mapped[list[Any]] = mapped_column(default=list)  # ids of the other accounts that take part
    place: Mapped[str] = mapped_column(default="")
    starts_at: Mapped[datetime] = mapped_column(index=True)
    minutes: Mapped[int] = mapped_column(default=60)
    grouped: Mapped[bool] = mapped_column(default=False)  # 集体谈话
    headcount: Mapped[int] = mapped_column(default=1)  # 人次
    state: Mapped[str] = mapped_column(default="draft", index=True)
    cancel_reason: Mapped[str] = mapped_column(default="")
    brief_id: Mapped[int | None] = mapped_column(ForeignKey("brief.id"))
    planned_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    planned_at: Mapped[datetime] = mapped_column(default=now)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    persons: Mapped[list[TalkPerson]] = relationship(order_by="TalkPerson.ordinal", viewonly=True)


class TalkPerson(Base):
    """A cadre in a talk with post and team of that time. confirmed: "" | 已签认 | 未签认 (with a reason)."""

    __tablename__ = "talk_person"
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"), primary_key=True)
    cadre_id: Mapped[str] = mapped_column(ForeignKey("cadre.id"), primary_key=True)
    ordinal: Mapped[int] = mapped_column(default=0)
    post: Mapped[str] = mapped_column(default="")
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"), index=True)
    confirmed: Mapped[str] = mapped_column(default="")
    confirmed_on: Mapped[date | None]
    reason: Mapped[str] = mapped_column(default="")
    cadre: Mapped[Cadre] = relationship(viewonly=True)


class TalkOutline(Base):
    """谈话提纲 of a talk as written last; `version` keeps two writers apart."""

    __tablename__ = "talk_outline"
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    version: Mapped[int] = mapped_column(default=1)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class TalkRecord(Base):
    """谈话记录. `restricted`: touches health or family, so only who took part reads it."""

    __tablename__ = "talk_record"
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"), primary_key=True)
    began_at: Mapped[datetime]
    ended_at: Mapped[datetime]
    place: Mapped[str]
    staff: Mapped[list[Any]] = mapped_column(default=list)
    recorder_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    topics: Mapped[str] = mapped_column(Text, default="")
    points: Mapped[list[Any]] = mapped_column(default=list)  # question, answer
    statement: Mapped[str] = mapped_column(Text, default="")
    restricted: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class TalkFollowUp(Base):
    """商定事项. With `cadre_id` it moves with the person; with `team_id` alone it stays with the unit. state: open |
    done | dropped."""

    __tablename__ = "talk_follow_up"
    id: Mapped[int] = mapped_column(primary_key=True)
    talk_id: Mapped[int] = mapped_column(ForeignKey("talk.id"), index=True)
    cadre_id: Mapped[str | None] = mapped_column(ForeignKey("cadre.id"), index=True)
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"), index=True)
    item: Mapped[str] = mapped_column(Text)
    owner: Mapped[str] = mapped_column(default="")
    due: Mapped[date]
    state: Mapped[str] = mapped_column(default="open")
    settled_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(Text, default="")
    evidence: Mapped[list[Any]] = mapped_column(default=list)
    settled_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
