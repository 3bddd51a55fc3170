"""重点工作 and 重点任务, their progress, quarterly assessments and the use of results (domain.md §1.1, §1.14).

What was approved, published or decided never changes: a change is a further version, and the one before stays.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, now
from storage.tables.evidence import Evidence, FieldRecord


class TaskRule(Base):
    """Points of progress, weights of S4 and S3, and clocks of one year, as data; a change is a further version."""

    __tablename__ = "task_rule"
    __table_args__ = (UniqueConstraint("year", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)  # numbers as text
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    prepared_at: Mapped[datetime] = mapped_column(default=now)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    document_no: Mapped[str] = mapped_column(default="")


class Task(Base):
    """One of the 3 重点工作 of a team, or of the 2 重点任务 of a member (then with `cadre_id`), in one year."""

    __tablename__ = "task"
    __table_args__ = (
        UniqueConstraint("year", "team_id", "cadre_key", "number"),
        Index("ix_task_year_kind", "year", "kind"),
    )
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int]
    kind: Mapped[str]  # team | personal
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    cadre_id: Mapped[str | None] = mapped_column(ForeignKey("cadre.id"), index=True)
    cadre_key: Mapped[str] = mapped_column(default="")  # the cadre's id or "": an empty one counts in the uniqueness
    number: Mapped[int]
    versions: Mapped[list[TaskVersion]] = relationship(order_by="TaskVersion.version", viewonly=True)


class TaskVersion(Base):
    """The words of a task. state: proposed | checked | approved | frozen | returned; the newest frozen one holds.

    A change is a version with a reason and the quarter from which it holds; the version before stays as it was.
    """

    __tablename__ = "task_version"
    __table_args__ = (UniqueConstraint("task_id", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="proposed")
    title: Mapped[str]
    deliverable: Mapped[str] = mapped_column(Text, default="")
    basis: Mapped[str] = mapped_column(default="")  # 上级任务依据
    weight: Mapped[Decimal]
    responsible_id: Mapped[str | None] = mapped_column(ForeignKey("cadre.id"))
    milestones: Mapped[dict[str, Any]] = mapped_column(default=dict)  # Q1..Q4 -> what must stand by its end
    from_quarter: Mapped[int] = mapped_column(default=1)
    reason: Mapped[str] = mapped_column(Text, default="")  # of a change
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    proposed_at: Mapped[datetime] = mapped_column(default=now)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    checked_at: Mapped[datetime | None]
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]
    approver: Mapped[str] = mapped_column(default="")  # who decided outside: 分管市领导, 单位主要负责人
    document_no: Mapped[str] = mapped_column(default="")
    frozen_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    frozen_at: Mapped[datetime | None]


class TaskClaim(Base):
    """Progress of a task in a quarter as the unit or an officer says it, and what was found. One a task and quarter.

    `level` is the claim, `found` the verified level: only `found` of a settled claim counts.
    """

    __tablename__ = "task_claim"
    __table_args__ = (UniqueConstraint("task_id", "quarter"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    quarter: Mapped[int]
    level: Mapped[str]
    text: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(default="待核实")
    found: Mapped[str] = mapped_column(default="")
    doubtful: Mapped[bool] = mapped_column(default=False)
    by_unit: Mapped[bool] = mapped_column(default=False)
    report_id: Mapped[int | None] = mapped_column(ForeignKey("unit_report.id"))
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    proposed_found: Mapped[str] = mapped_column(default="")
    proposed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    agreed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    reason: Mapped[str] = mapped_column(Text, default="")
    told_on: Mapped[date | None]  # the unit was told of a level that lags
    answer: Mapped[str] = mapped_column(Text, default="")  # its statement
    version: Mapped[int] = mapped_column(default=1)
    task: Mapped[Task] = relationship()


class TaskClaimRecord(Base):
    """A 六字 record that supports a claim; one visit may support many."""

    __tablename__ = "task_claim_record"
    field_record_id: Mapped[int] = mapped_column(ForeignKey("field_record.id"), primary_key=True)
    claim_id: Mapped[int] = mapped_column(ForeignKey("task_claim.id"), primary_key=True, index=True)
    record: Mapped[FieldRecord] = relationship()


class TaskAct(Base):
    """Append-only: who did what to a task or a claim, when and why."""

    __tablename__ = "task_act"
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    claim_id: Mapped[int | None] = mapped_column(ForeignKey("task_claim.id"))
    kind: Mapped[str]
    detail: Mapped[dict[str, Any]] = mapped_column(default=dict)
    reason: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class TaskLink(Base):
    """Evidence that may bear on a task. state: proposed (by likeness, with the shared words) | confirmed | refused."""

    __tablename__ = "task_link"
    __table_args__ = (UniqueConstraint("task_id", "evidence_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    task_id: Mapped[int] = mapped_column(ForeignKey("task.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    likeness: Mapped[int] = mapped_column(default=0)  # 0-100
    because: Mapped[str] = mapped_column(default="")
    state: Mapped[str] = mapped_column(default="proposed")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    evidence: Mapped[Evidence] = relationship()


class UnitReport(Base):
    """季度填报表 of a unit: kept as it is typed, claims and a receipt when handed in. One a unit and quarter."""

    __tablename__ = "unit_report"
    __table_args__ = (UniqueConstraint("team_id", "quarter"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    quarter: Mapped[str]  # 2025Q3
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)  # task id -> level, text
    state: Mapped[str] = mapped_column(default="draft")  # draft | submitted
    receipt: Mapped[str] = mapped_column(default="")
    saved_at: Mapped[datetime] = mapped_column(default=now)
    submitted_at: Mapped[datetime | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class BigProject(Base):
    """亿元项目 in one period, one version: completed counts from 1 January; shares of districts sum to 100 %."""

    __tablename__ = "big_project"
    __table_args__ = (UniqueConstraint("period", "code", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(index=True)
    code: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    name: Mapped[str]
    total: Mapped[Decimal]  # 总投资, 亿元
    started_on: Mapped[date]
    completed: Mapped[Decimal]  # 本年累计完成投资, 亿元
    shares: Mapped[dict[str, Any]] = mapped_column(default=dict)  # team id -> percent as text
    provider: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class QuarterRun(Base):
    """季度考核 of one quarter, one version: what it rests on and what it gave. state: computed | checked | published.

    Content and hash never change; later data make a further version.
    """

    __tablename__ = "quarter_run"
    __table_args__ = (UniqueConstraint("quarter", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    quarter: Mapped[str] = mapped_column(index=True)  # 2025Q3
    version: Mapped[int] = mapped_column(default=1)
    state: Mapped[str] = mapped_column(default="computed")
    pin_id: Mapped[int] = mapped_column(ForeignKey("assessment_pin.id"))
    rule: Mapped[dict[str, Any]] = mapped_column(default=dict)
    basis: Mapped[dict[str, Any]] = mapped_column(default=dict)  # figures of earlier quarters, tasks, claims, links
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    sha256: Mapped[str]
    note: Mapped[str] = mapped_column(Text, default="")  # why this version
    milliseconds: Mapped[int] = mapped_column(default=0)
    computed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    computed_at: Mapped[datetime] = mapped_column(default=now)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    checked_at: Mapped[datetime | None]
    check_note: Mapped[str] = mapped_column(default="")
    published_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    published_at: Mapped[datetime | None]
    published_on: Mapped[date | None]
    document_no: Mapped[str] = mapped_column(default="")


class ResultResponse(Base):
    """What a unit answered to its own sheet of a published assessment, within its working days."""

    __tablename__ = "result_response"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("quarter_run.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
    reply: Mapped[str] = mapped_column(Text, default="")
    replied_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    replied_at: Mapped[datetime | None]


class GroupTalk(Base):
    """集体谈话会 on a published assessment."""

    __tablename__ = "group_talk"
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("quarter_run.id"), index=True)
    on: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    chair: Mapped[str] = mapped_column(default="")
    teams: Mapped[list[Any]] = mapped_column(default=list)
    agenda: Mapped[str] = mapped_column(Text, default="")
    minutes: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class TalkChoice(Base):
    """Class of a talk after an assessment, chosen by people: a head writes it with reasons, a vice minister decides."""

    __tablename__ = "talk_choice"
    __table_args__ = (UniqueConstraint("run_id", "team_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(ForeignKey("quarter_run.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    talk_class: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[Any]] = mapped_column(default=list)  # codes the reasons refer to
    chosen_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    chosen_at: Mapped[datetime] = mapped_column(default=now)
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    decided_at: Mapped[datetime | None]
    talked_on: Mapped[date | None]


class UseDecision(Base):
    """A decision that the party committee took on a cadre, entered afterwards; evidence stands with its states."""

    __tablename__ = "use_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    cadre_id: Mapped[str] = mapped_column(ForeignKey("cadre.id"), index=True)
    decided_on: Mapped[date]
    body: Mapped[str]
    document_no: Mapped[str]
    text: Mapped[str] = mapped_column(Text)
    evidence: Mapped[list[Any]] = mapped_column(default=list)  # code, state, date, words as they stood at entry
    entered_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    entered_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]
