"""分析研判 of a quarter and the annual assessment: snapshot, packages, quotas, grades (domain.md §1.3, §1.13, §1.14).

A machine never writes a state, a judgement or a grade here: those columns start empty and people fill them.
"""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, now


class TeamReview(Base):
    """分析研判 of one team for one quarter. `overall` is empty until a person picks it, with reasons."""

    __tablename__ = "team_review"
    __table_args__ = (UniqueConstraint("team_id", "quarter"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    quarter: Mapped[str] = mapped_column(index=True)  # 2025Q3
    state: Mapped[str] = mapped_column(default="起草")  # 起草 处务会 分管副部长 部务会 (the last step passed)
    texts: Mapped[dict[str, Any]] = mapped_column(default=dict)  # box -> what people wrote; 原因, 意见建议, 结构
    overall: Mapped[str] = mapped_column(default="")
    reasons: Mapped[str] = mapped_column(default="")
    made_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    made_at: Mapped[datetime] = mapped_column(default=now)
    version: Mapped[int] = mapped_column(default=1)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)  # the report as passed by 部务会, frozen
    sha256: Mapped[str] = mapped_column(default="")


class ReviewEntry(Base):
    """One linked item in a box of a review; a removed one keeps its line, so that pre-filling never brings it back."""

    __tablename__ = "review_entry"
    __table_args__ = (UniqueConstraint("review_id", "box", "kind", "ref"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("team_review.id"), index=True)
    box: Mapped[str]
    kind: Mapped[str]  # evidence | figure
    ref: Mapped[int]  # id of the evidence or of the data point
    ordinal: Mapped[int] = mapped_column(default=0)
    prefilled: Mapped[bool] = mapped_column(default=False)
    removed: Mapped[bool] = mapped_column(default=False)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class ReviewOpinion(Base):
    """An opinion of 市领导, 上级有关部门 or 基层干部群众: attributed, restricted, never merged with another."""

    __tablename__ = "review_opinion"
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("team_review.id"), index=True)
    kind: Mapped[str]
    attribution: Mapped[str]
    on: Mapped[date]
    text: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class ReviewDemand(Base):
    """改进要求 of a review, and how the team answered it by the next quarter."""

    __tablename__ = "review_demand"
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("team_review.id"), index=True)
    text: Mapped[str] = mapped_column(Text)
    response: Mapped[str] = mapped_column(Text, default="")
    responded_on: Mapped[date | None]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    response_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class ReviewSignature(Base):
    """One step of the sign-off: 处务会, 分管副部长, 部务会. outcome: 同意 or 退回."""

    __tablename__ = "review_signature"
    id: Mapped[int] = mapped_column(primary_key=True)
    review_id: Mapped[int] = mapped_column(ForeignKey("team_review.id"), index=True)
    step: Mapped[str]
    outcome: Mapped[str]
    note: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class GradeScheme(Base):
    """Grades, shares and clocks of one year, as data: national rules change between years (domain.md §1.14)."""

    __tablename__ = "grade_scheme"
    __table_args__ = (UniqueConstraint("year", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    content: Mapped[dict[str, Any]] = mapped_column(default=dict)
    document_no: Mapped[str] = mapped_column(default="")
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    prepared_at: Mapped[datetime] = mapped_column(default=now)
    approved_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    approved_at: Mapped[datetime | None]


class AnnualSnapshot(Base):
    """年度快照: evidence with states and texts, data versions, weights, methods, scores as canonical JSON (R-35).

    Never changed. A later one of the same year is a further row; packages say which they rest on.
    """

    __tablename__ = "annual_snapshot"
    __table_args__ = (UniqueConstraint("year", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    version: Mapped[int] = mapped_column(default=1)
    cutoff: Mapped[date]  # 材料截止日
    pin_id: Mapped[int] = mapped_column(ForeignKey("assessment_pin.id"))
    content: Mapped[str] = mapped_column(Text)
    sha256: Mapped[str]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class EvidencePackage(Base):
    """定性证据包 of one team on one snapshot. state: 草拟 | 已审定."""

    __tablename__ = "evidence_package"
    __table_args__ = (UniqueConstraint("snapshot_id", "team_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("annual_snapshot.id"), index=True)
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"), index=True)
    state: Mapped[str] = mapped_column(default="草拟")
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    prepared_at: Mapped[datetime] = mapped_column(default=now)
    confirmed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    confirmed_at: Mapped[datetime | None]


class PackageItem(Base):
    """One item of a package: the sentence is a person's; state, sources and date are those of the snapshot."""

    __tablename__ = "package_item"
    __table_args__ = (UniqueConstraint("package_id", "evidence_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("evidence_package.id"), index=True)
    evidence_id: Mapped[int] = mapped_column(ForeignKey("evidence.id"), index=True)
    ordinal: Mapped[int] = mapped_column(default=0)
    fact: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class PackageReading(Base):
    """已阅 of one evaluator; without it no judgement can be written."""

    __tablename__ = "package_reading"
    __table_args__ = (UniqueConstraint("package_id", "user_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("evidence_package.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class AnnualJudgement(Base):
    """定性研判 by a person (个人) or as the meeting agreed (集体, with dissent). The newest of a writer holds."""

    __tablename__ = "annual_judgement"
    id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(ForeignKey("evidence_package.id"), index=True)
    kind: Mapped[str]  # 个人 | 集体
    quality: Mapped[str]
    reasons: Mapped[str] = mapped_column(Text)
    dissent: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class ContradictionNote(Base):
    """What a person concluded on one contradiction of a snapshot (key: stable name of the pair)."""

    __tablename__ = "contradiction_note"
    __table_args__ = (Index("ix_contradiction_note_snapshot_team", "snapshot_id", "team_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    snapshot_id: Mapped[int] = mapped_column(ForeignKey("annual_snapshot.id"))
    team_id: Mapped[str] = mapped_column(ForeignKey("team.id"))
    key: Mapped[str]
    conclusion: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class Eligibility(Base):
    """不定等次, 暂不定 and the like of one team or cadre in one year; `inside`: still counted in the quota base n."""

    __tablename__ = "eligibility"
    __table_args__ = (UniqueConstraint("year", "kind", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]  # team | cadre
    subject_id: Mapped[str]
    status: Mapped[str]
    inside: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(Text)
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class QuotaPlan(Base):
    """优秀名额 of one year for teams or cadres: pools, total, apportionment. state: 草拟 | 已审核 | 已审定."""

    __tablename__ = "quota_plan"
    __table_args__ = (UniqueConstraint("year", "kind", "version"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]
    version: Mapped[int] = mapped_column(default=1)
    total: Mapped[int]
    capped: Mapped[bool] = mapped_column(default=False)
    pools: Mapped[list[Any]] = mapped_column(default=list)  # name, members, counted, quota in the approved order
    state: Mapped[str] = mapped_column(default="草拟")
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    prepared_at: Mapped[datetime] = mapped_column(default=now)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime | None]
    document_no: Mapped[str] = mapped_column(default="")


class QuotaDecision(Base):
    """What people decided beside the arithmetic: 例外 (seats beyond a pool's quota), 并列 (tie at the cut), 轮换."""

    __tablename__ = "quota_decision"
    id: Mapped[int] = mapped_column(primary_key=True)
    plan_id: Mapped[int] = mapped_column(ForeignKey("quota_plan.id"), index=True)
    kind: Mapped[str]
    pool: Mapped[str]
    seats: Mapped[int] = mapped_column(default=0)
    reason: Mapped[str] = mapped_column(Text)
    document_no: Mapped[str] = mapped_column(default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class Grade(Base):
    """等次 of a team or cadre, recorded by people: 拟定 (考核办), 已审核 (处长), 已审定 (部长, 市委 decision)."""

    __tablename__ = "grade"
    __table_args__ = (UniqueConstraint("year", "kind", "subject_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]  # team | cadre
    subject_id: Mapped[str]
    pool: Mapped[str] = mapped_column(default="")
    grade: Mapped[str]
    reason: Mapped[str] = mapped_column(Text, default="")
    state: Mapped[str] = mapped_column(default="拟定")
    prepared_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    prepared_at: Mapped[datetime] = mapped_column(default=now)
    checked_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    signed_at: Mapped[datetime | None]
    document_no: Mapped[str] = mapped_column(default="")
    notified_on: Mapped[date | None]
    notice_no: Mapped[str] = mapped_column(default="")
    signature: Mapped[str] = mapped_column(default="")  # 待签 已签 拒签
    signature_on: Mapped[date | None]
    own_opinion: Mapped[str] = mapped_column(Text, default="")


class GradePublicity(Base):
    """公示 of the 优秀 of a year; `until` is at least the fifth working day."""

    __tablename__ = "grade_publicity"
    id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(index=True)
    kind: Mapped[str]
    since: Mapped[date]
    until: Mapped[date]
    place: Mapped[str] = mapped_column(default="")
    result: Mapped[str] = mapped_column(Text, default="")
    user_id: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)


class GradeAppeal(Base):
    """复核 or 申诉 against a grade, with its statutory clocks. Never shown as adverse information (R-36)."""

    __tablename__ = "grade_appeal"
    id: Mapped[int] = mapped_column(primary_key=True)
    grade_id: Mapped[int] = mapped_column(ForeignKey("grade.id"), index=True)
    kind: Mapped[str]  # 复核 | 申诉
    direct: Mapped[bool] = mapped_column(default=False)  # 申诉 without a 复核 before it
    filed_on: Mapped[date]
    grounds: Mapped[str] = mapped_column(Text, default="")
    due: Mapped[date]  # day by which it must be decided
    extended: Mapped[bool] = mapped_column(default=False)
    extension_reason: Mapped[str] = mapped_column(default="")
    decided_on: Mapped[date | None]
    result: Mapped[str] = mapped_column(default="")  # 维持 | 变更 | 撤回
    new_grade: Mapped[str] = mapped_column(default="")
    decision_no: Mapped[str] = mapped_column(default="")
    entered_by: Mapped[int] = mapped_column(ForeignKey("user_account.id"))
    decided_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    at: Mapped[datetime] = mapped_column(default=now)
