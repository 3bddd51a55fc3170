"""The restricted compartment: important matters, requests for talks, supervisory acts (domain.md §1.11 b, §2.3, R-04).

Names, units, dates of the matter and texts stand in `sealed`, encrypted with a key that is neither in the database nor
in its backup. `*_mark` is a keyed hash, so that rows of one cadre or team are found without being named. Nothing here
is indexed, and no other table refers to it.
"""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, Text
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, now


class ImportantMatter(Base):
    """重要事项报告. state: 待接收 | 已接收 | 已合并 | 已办结; `receipt` 回执编号, given when it is received.

    `direct`: came past the unit's main leader, so the unit's own list does not show it.
    """

    __tablename__ = "important_matter"
    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(index=True)
    reported_at: Mapped[datetime] = mapped_column(index=True)
    direct: Mapped[bool] = mapped_column(default=False)
    team_mark: Mapped[str] = mapped_column(index=True)
    cadre_mark: Mapped[str] = mapped_column(index=True)
    receipt: Mapped[str | None] = mapped_column(unique=True)
    received_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    received_at: Mapped[datetime | None]
    merged_into: Mapped[int | None] = mapped_column(ForeignKey("important_matter.id"))
    closed_on: Mapped[date | None]
    sealed: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str]


class MatterReader(Base):
    """Who was named to read a matter, by whom and why; with `ended_at` no longer."""

    __tablename__ = "matter_reader"
    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("important_matter.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    named_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    ended_at: Mapped[datetime | None]


class MatterAct(Base):
    """What was done on a matter: receipt, correction (with the words before), merge, care, closing. Append-only."""

    __tablename__ = "matter_act"
    id: Mapped[int] = mapped_column(primary_key=True)
    matter_id: Mapped[int] = mapped_column(ForeignKey("important_matter.id"), index=True)
    kind: Mapped[str]
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    sealed: Mapped[str] = mapped_column(Text)


class TalkRequest(Base):
    """干部约谈部长: a cadre's wish to talk. Who and what is sealed; the addressee and one scheduler read it.

    state: waiting | accepted | referred | withdrawn.
    """

    __tablename__ = "talk_request"
    id: Mapped[int] = mapped_column(primary_key=True)
    addressee_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    scheduler_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"), index=True)
    requested_on: Mapped[date] = mapped_column(index=True)
    answer_due: Mapped[date]
    answered_on: Mapped[date | None]
    state: Mapped[str] = mapped_column(default="waiting")
    unit_told: Mapped[bool] = mapped_column(default=False)
    talk_id: Mapped[int | None] = mapped_column(ForeignKey("talk.id"))
    cadre_mark: Mapped[str] = mapped_column(index=True)
    sealed: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str]


class SupervisoryAct(Base):
    """监督谈话台账: 提醒, 函询 or 诫勉, entered by 干部监督处 alone, with its clocks; nothing makes one by itself."""

    __tablename__ = "supervisory_act"
    id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)
    cadre_mark: Mapped[str] = mapped_column(index=True)
    delivered_on: Mapped[date] = mapped_column(index=True)
    reply_due: Mapped[date | None]
    replied_on: Mapped[date | None]
    report_due: Mapped[date | None]
    reported_on: Mapped[date | None]
    outcome: Mapped[str] = mapped_column(default="")
    previous_id: Mapped[int | None] = mapped_column(ForeignKey("supervisory_act.id"))
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    sealed: Mapped[str] = mapped_column(Text)
    key_id: Mapped[str]
