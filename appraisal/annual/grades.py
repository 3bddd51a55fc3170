"""等次 as people recorded them: 考核办 prepares, 处长 checks, 部长 signs with the 市委 decision (domain.md §2.7).

Nothing here derives, suggests or orders a grade. The only arithmetic is a count against the signed seats.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.annual import plans
from appraisal.annual.scheme import Scheme, required_number, scheme_of
from appraisal.annual.snapshot import latest_snapshot, read_content, scores_of
from appraisal.annual.subjects import Subject, find_subject, subjects
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Grade, GradePublicity, now
from storage.workdays import workdays_between

PREPARED, CHECKED, SIGNED = "拟定", "已审核", "已审定"
SIGNATURES = ("待签", "已签", "拒签")


def prepare(session: Session, viewer: Viewer, year: int, kind: str, subject_id: str, grade: str, reason: str) -> Grade:
    """考核办 enters what the meeting proposes; until it is checked it can be entered anew.

    Raises RIGHTS-ROLE, SUBJECT-UNKNOWN, GRADE-NAME, GRADE-REASON, GRADE-STATUS, GRADE-ORDER, and for 优秀 QUOTA-PLAN,
    QUOTA-OVER, QUOTA-TIE.
    """
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "等次由考核办录入", viewer.role, "")
    scheme = scheme_of(session, year)
    grades, subject = scheme.grades(kind), find_subject(session, scheme, kind, subject_id)
    _not_recused(viewer, subject)
    if grade not in grades.names:
        raise ShijiError("GRADE-NAME", f"等次方案中没有“{grade}”", subject.name, f"可选：{'、'.join(grades.names)}。")
    if not reason.strip():
        raise ShijiError("GRADE-REASON", "须写明研究情况和依据", subject.name, "请引用证据包、研判意见或会议记录。")
    if subject.status:
        raise ShijiError(
            "GRADE-STATUS", f"该对象登记为“{subject.status}”，不定等次", subject.name, "请先核对考核资格。"
        )
    held = find_grade(session, year, kind, subject_id)
    if held is not None and held.state != PREPARED:
        raise ShijiError("GRADE-ORDER", f"等次{held.state}，不能重新录入", subject.name, "如需变更，请按复核程序办理。")
    if grade == grades.excellent:
        _seat(session, scheme, subject, held)
    row = held or Grade(year=year, kind=kind, subject_id=subject_id, grade=grade)
    row.grade, row.reason, row.pool = grade, reason.strip(), subject.pool
    row.prepared_by, row.prepared_at = viewer.user_id or None, now()
    session.add(row)
    session.flush()
    return row


def check(session: Session, viewer: Viewer, grade_id: int) -> Grade:
    """处长 of the zone checks. Raises RIGHTS-ROLE, RIGHTS-RECUSAL, GRADE-UNKNOWN, GRADE-ORDER."""
    if viewer.role != "HEAD":
        raise ShijiError("RIGHTS-ROLE", "等次由处长审核", viewer.role, "")
    row = get_grade(session, grade_id)
    subject = find_subject(session, scheme_of(session, row.year), row.kind, row.subject_id)
    _not_recused(viewer, subject)
    if viewer.zones is not None and subject.zone_id not in viewer.zones:
        raise ShijiError("GRADE-UNKNOWN", "没有这条等次记录，或不在您的联系片内", str(grade_id), "")
    _in_order(row, PREPARED)
    row.state, row.checked_by = CHECKED, viewer.user_id
    return row


def sign(session: Session, viewer: Viewer, grade_id: int, document_no: str) -> Grade:
    """部长 records the 市委 decision. Raises RIGHTS-ROLE, GRADE-ORDER, DECISION-NUMBER, and for 优秀 QUOTA-…."""
    if viewer.role != "MIN":
        raise ShijiError("RIGHTS-ROLE", "等次由部长签署市委决定", viewer.role, "")
    row = get_grade(session, grade_id)
    _in_order(row, CHECKED)
    scheme = scheme_of(session, row.year)
    _not_recused(viewer, find_subject(session, scheme, row.kind, row.subject_id))
    if row.grade == scheme.grades(row.kind).excellent:
        _seat(session, scheme, find_subject(session, scheme, row.kind, row.subject_id), row)
    row.document_no = required_number(document_no)
    row.state, row.signed_by, row.signed_at = SIGNED, viewer.user_id, now()
    return row


def publish(
    session: Session, viewer: Viewer, year: int, kind: str, since: date, until: date, place: str
) -> GradePublicity:
    """考核办 records the 公示 of the 优秀. Raises RIGHTS-ROLE, PUBLICITY-SHORT below the scheme's working days."""
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "公示由考核办登记", viewer.role, "")
    scheme = scheme_of(session, year)
    scheme.grades(kind)
    least = scheme.clocks["publicity_workdays"]
    if workdays_between(since, until) < least:
        raise ShijiError(
            "PUBLICITY-SHORT", f"公示不少于 {least} 个工作日（自次日起算）", f"{since}～{until}", "请延长。"
        )
    if not place.strip():
        raise ShijiError("PUBLICITY-PLACE", "请写明公示范围和方式", f"{year}年", "")
    row = GradePublicity(
        year=year, kind=kind, since=since, until=until, place=place.strip(), user_id=viewer.user_id
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def notify(session: Session, viewer: Viewer, grade_id: int, on: date, notice_no: str, today: date) -> Grade:
    """考核办 records the written notice to the unit or person, which starts the clocks of 复核 and 申诉.

    优秀 is notified only after its 公示 has ended. Raises RIGHTS-ROLE, GRADE-ORDER, NOTICE-DAY, PUBLICITY-OPEN.
    """
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "书面告知由考核办登记", viewer.role, "")
    row = get_grade(session, grade_id)
    _in_order(row, SIGNED)
    if on > today or not notice_no.strip():
        raise ShijiError("NOTICE-DAY", "告知日期不能晚于今天，并须填写告知书编号", str(on), "请核对。")
    if row.grade == scheme_of(session, row.year).grades(row.kind).excellent:
        shown = publicity(session, row.year, row.kind)
        if shown is None or on <= shown.until:
            raise ShijiError("PUBLICITY-OPEN", "优秀等次须公示期满后告知", row.subject_id, "请先登记公示。")
    row.notified_on, row.notice_no, row.signature = on, notice_no.strip()[:80], "待签"
    return row


def record_signature(session: Session, viewer: Viewer, grade_id: int, signature: str, on: date, opinion: str) -> Grade:
    """考核办 records that the notice came back signed, or that the person declined to sign; the own opinion beside it.

    Raises RIGHTS-ROLE, GRADE-ORDER, NOTICE-DAY.
    """
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "签收由考核办登记", viewer.role, "")
    row = get_grade(session, grade_id)
    if row.notified_on is None or signature not in ("已签", "拒签") or on < row.notified_on:
        raise ShijiError("NOTICE-DAY", "请先登记告知；签收不能早于告知", row.subject_id, "请核对日期。")
    row.signature, row.signature_on, row.own_opinion = signature, on, opinion.strip()
    return row


def get_grade(session: Session, grade_id: int) -> Grade:
    """The record of a grade. Raises GRADE-UNKNOWN."""
    row = session.get(Grade, grade_id)
    if row is None:
        raise ShijiError("GRADE-UNKNOWN", "没有这条等次记录", str(grade_id), "请从考核工作台进入。")
    return row


def find_grade(session: Session, year: int, kind: str, subject_id: str) -> Grade | None:
    """The grade of one team or cadre in one year."""
    wanted = (Grade.year == year, Grade.kind == kind, Grade.subject_id == subject_id)
    return session.scalar(select(Grade).where(*wanted))


def grades_of(session: Session, year: int, kind: str) -> dict[str, Grade]:
    """Subject -> grade, for a year and kind."""
    rows = session.scalars(select(Grade).where(Grade.year == year, Grade.kind == kind))
    return {row.subject_id: row for row in rows}


def publicity(session: Session, year: int, kind: str) -> GradePublicity | None:
    """The newest 公示 of a year and kind."""
    query = select(GradePublicity).where(GradePublicity.year == year, GradePublicity.kind == kind)
    return session.scalar(query.order_by(GradePublicity.id.desc()).limit(1))


def taken(session: Session, scheme: Scheme, kind: str) -> dict[str, int]:
    """Pool -> 优秀 entered so far."""
    rows = session.execute(
        select(Grade.pool, func.count())
        .where(Grade.year == scheme.year, Grade.kind == kind, Grade.grade == scheme.grades(kind).excellent)
        .group_by(Grade.pool)
    )
    return {pool: int(count) for pool, count in rows}


def require_seat(session: Session, row: Grade, grade: str) -> None:
    """Refuse to turn a grade into a 优秀 without a signed seat. Raises QUOTA-PLAN, QUOTA-OVER, QUOTA-TIE."""
    scheme = scheme_of(session, row.year)
    if grade == scheme.grades(row.kind).excellent:
        _seat(session, scheme, find_subject(session, scheme, row.kind, row.subject_id), row)


def _seat(session: Session, scheme: Scheme, subject: Subject, held: Grade | None) -> None:
    """Refuse a 优秀 for which there is no signed seat, or which would break a tie nobody decided."""
    plan = plans.latest_plan(session, scheme.year, subject.kind, signed=True)
    if plan is not None:
        session.refresh(plan, with_for_update=True)  # one entry at a time, so that two cannot take the last seat
    if plan is None:
        raise ShijiError("QUOTA-PLAN", "名额方案尚未审定，不能录入优秀", subject.name, "请先审定名额方案。")
    given = plans.seats(session, plan).get(subject.pool, 0)
    used = taken(session, scheme, subject.kind).get(subject.pool, 0)
    already = held is not None and held.grade == scheme.grades(subject.kind).excellent
    if used - already >= given:
        raise ShijiError(
            "QUOTA-OVER", f"{subject.pool}优秀名额 {given} 个，已录入 {used - already} 个", subject.name,
            "不得超名额；确有需要的，由部长签署例外决定。",
        )  # fmt: skip
    tied = plans.ties(scheme, plan, _scores(session, scheme.year)).get(subject.pool, [])
    decided = any(row.kind == plans.TIE and row.pool == subject.pool for row in plans.decisions(session, plan.id))
    if subject.id in tied and not decided:
        names = "、".join(one.name for one in subjects(session, scheme, "team") if one.id in tied)
        raise ShijiError(
            "QUOTA-TIE", f"{subject.pool}在名额线处并列，须先研究决定：{names}", subject.name,
            "请登记并列处理决定和理由，或将名额空缺。",
        )  # fmt: skip


def _scores(session: Session, year: int) -> Mapping[str, Mapping[str, Decimal | None]]:
    snapshot = latest_snapshot(session, year)
    return scores_of(read_content(snapshot)) if snapshot else {}


def _not_recused(viewer: Viewer, subject: Subject) -> None:
    if subject.id in viewer.recused_teams | viewer.recused_cadres or subject.team_id in viewer.recused_teams:
        raise ShijiError("RIGHTS-RECUSAL", "回避：您与该对象存在回避情形", subject.name, "请由其他同志办理。")


def _in_order(row: Grade, wanted: str) -> None:
    if row.state != wanted:
        raise ShijiError("GRADE-ORDER", f"等次状态为“{row.state}”，不能办理这一步", row.subject_id, "请刷新页面。")
