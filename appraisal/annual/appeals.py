"""复核 and 申诉 with their statutory clocks (公务员法 第95条; domain.md §2.1 rule 3, §2.6, R-36).

A register of its own, for 考核办, 干部监督, 分管副部长 and 部长. Nothing of it enters a dossier, a package, a brief or
a count: that somebody appealed is never information against them, and no outcome is heavier than what was appealed.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.annual.grades import get_grade, require_seat
from appraisal.annual.scheme import Scheme, required_number, scheme_of
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Grade, GradeAppeal

REVIEW, APPEAL = "复核", "申诉"
KEPT, CHANGED, WITHDRAWN = "维持", "变更", "撤回"
READERS = frozenset({"KH", "SUP", "DEP", "MIN"})
NO_HEAVIER = "不因申请复核、提出申诉而加重处理"


@dataclass(frozen=True)
class Deadlines:
    """Last days on which something may be filed. after_review is None until a 复核 was decided."""

    review: date
    direct: date
    after_review: date | None


def deadlines(scheme: Scheme, notified_on: date, review_decided_on: date | None = None) -> Deadlines:
    """Clocks that run from the written notice, and from the decision on a 复核 (calendar days)."""
    clocks = scheme.clocks
    after = review_decided_on + timedelta(clocks["appeal_after_review"]) if review_decided_on else None
    return Deadlines(
        notified_on + timedelta(clocks["review_within"]), notified_on + timedelta(clocks["appeal_direct"]), after
    )


def decision_due(scheme: Scheme, kind: str, filed_on: date, extended: bool = False) -> date:
    """Day by which it must be decided: 复核 30 days, 申诉 60 days and 30 more when extended."""
    clocks = scheme.clocks
    if kind == REVIEW:
        return filed_on + timedelta(clocks["review_decision"])
    return filed_on + timedelta(clocks["appeal_decision"] + (clocks["appeal_extension"] if extended else 0))


def file_appeal(
    session: Session, viewer: Viewer, grade_id: int, kind: str, filed_on: date, grounds: str
) -> GradeAppeal:
    """Register a 复核 or a 申诉. Raises RIGHTS-ROLE, GRADE-UNKNOWN, APPEAL-NOTICE, -KIND, -LATE or -OPEN."""
    _reader(viewer)
    if viewer.role not in ("KH", "SUP"):
        raise ShijiError("RIGHTS-ROLE", "复核、申诉由考核办或干部监督处登记", viewer.role, "")
    grade = get_grade(session, grade_id)
    if grade.notified_on is None or filed_on < grade.notified_on:
        raise ShijiError("APPEAL-NOTICE", "尚未书面告知，或申请日期早于告知日期", grade.subject_id, "请核对告知日期。")
    earlier = appeals_of(session, grade.id)
    if any(row.decided_on is None for row in earlier):
        raise ShijiError("APPEAL-OPEN", "已有未办结的复核或申诉", grade.subject_id, "请先办结。")
    reviewed = next((row for row in reversed(earlier) if row.kind == REVIEW), None)
    limits = deadlines(scheme_of(session, grade.year), grade.notified_on, reviewed.decided_on if reviewed else None)
    last = _last_day(kind, limits, bool(reviewed), any(row.kind == APPEAL for row in earlier), grade)
    if filed_on > last:
        raise ShijiError("APPEAL-LATE", f"已超过期限（{last}）", grade.subject_id, "逾期情形请由干部监督处研究。")
    row = GradeAppeal(
        grade_id=grade.id, kind=kind, direct=kind == APPEAL and reviewed is None, filed_on=filed_on,
        grounds=grounds.strip(), due=decision_due(scheme_of(session, grade.year), kind, filed_on),
        entered_by=viewer.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def extend(session: Session, viewer: Viewer, appeal_id: int, reason: str) -> GradeAppeal:
    """干部监督 extends the decision on a 申诉 once. Raises RIGHTS-ROLE, APPEAL-UNKNOWN, APPEAL-EXTENSION."""
    if viewer.role not in ("SUP", "DEP"):
        raise ShijiError("RIGHTS-ROLE", "延长由干部监督处或分管副部长办理", viewer.role, "")
    row = _open(session, appeal_id)
    if row.kind != APPEAL or row.extended or not reason.strip():
        raise ShijiError("APPEAL-EXTENSION", "只有申诉可以延长一次，并须写明理由", str(appeal_id), "")
    scheme = scheme_of(session, get_grade(session, row.grade_id).year)
    row.extended, row.extension_reason = True, reason.strip()
    row.due = decision_due(scheme, APPEAL, row.filed_on, extended=True)
    return row


def decide(
    session: Session, viewer: Viewer, appeal_id: int, result: str, on: date, decision_no: str, new_grade: str = ""
) -> GradeAppeal:
    """分管副部长 or 部长 records the decision; a 申诉 is not decided by who signed the grade, none is ever heavier.

    Raises RIGHTS-ROLE, APPEAL-UNKNOWN, APPEAL-SAME, APPEAL-RESULT, APPEAL-HEAVIER, DECISION-NUMBER, QUOTA-….
    """
    if viewer.role not in ("DEP", "MIN"):
        raise ShijiError("RIGHTS-ROLE", "复核、申诉决定由分管副部长或部长签署", viewer.role, "")
    row = _open(session, appeal_id)
    grade = get_grade(session, row.grade_id)
    if row.kind == APPEAL and grade.signed_by == viewer.user_id:
        raise ShijiError("APPEAL-SAME", "签署等次的人不能决定对该等次的申诉", "", "请由另一名负责同志办理。")
    names = scheme_of(session, grade.year).grades(grade.kind).names
    if result not in (KEPT, CHANGED, WITHDRAWN) or on < row.filed_on:
        raise ShijiError("APPEAL-RESULT", "请选择维持、变更或撤回；决定不能早于申请", str(appeal_id), "")
    if (result == CHANGED) != bool(new_grade) or (new_grade and new_grade not in names):
        raise ShijiError("APPEAL-RESULT", "变更须写明变更后的等次", str(appeal_id), f"可选：{'、'.join(names)}。")
    if new_grade and names.index(new_grade) > names.index(grade.grade):
        raise ShijiError(
            "APPEAL-HEAVIER", f"{NO_HEAVIER}：原等次{grade.grade}，不能变更为{new_grade}", str(appeal_id), ""
        )
    row.result, row.decided_on, row.new_grade = result, on, new_grade
    row.decision_no, row.decided_by = required_number(decision_no), viewer.user_id
    if new_grade:
        require_seat(session, grade, new_grade)
        grade.grade, grade.reason = new_grade, f"{grade.reason}（经{row.kind}变更，{row.decision_no}）"
    return row


def appeals_of(session: Session, grade_id: int) -> list[GradeAppeal]:
    """All 复核 and 申诉 against one grade, oldest first."""
    query = select(GradeAppeal).where(GradeAppeal.grade_id == grade_id).order_by(GradeAppeal.id)
    return list(session.scalars(query))


def register(session: Session, viewer: Viewer, year: int) -> list[tuple[GradeAppeal, Grade]]:
    """The register of a year, by the day a decision is due. Raises RIGHTS-ROLE."""
    _reader(viewer)
    rows = session.execute(
        select(GradeAppeal, Grade)
        .join(Grade, GradeAppeal.grade_id == Grade.id)
        .where(Grade.year == year)
        .order_by(GradeAppeal.due, GradeAppeal.id)
    )
    return [(appeal, grade) for appeal, grade in rows]


def _last_day(kind: str, limits: Deadlines, reviewed: bool, appealed: bool, grade: Grade) -> date:
    if kind == REVIEW and not reviewed and not appealed:
        return limits.review
    if kind == APPEAL and not appealed:
        return limits.after_review or limits.direct
    raise ShijiError("APPEAL-KIND", "复核、申诉各一次，申诉之后不再复核", grade.subject_id, "请核对登记。")


def _open(session: Session, appeal_id: int) -> GradeAppeal:
    row = session.get(GradeAppeal, appeal_id)
    if row is None or row.decided_on is not None:
        raise ShijiError("APPEAL-UNKNOWN", "没有这项未办结的复核或申诉", str(appeal_id), "请从登记表进入。")
    return row


def _reader(viewer: Viewer) -> None:
    if viewer.role not in READERS:
        raise ShijiError("RIGHTS-ROLE", "复核、申诉登记为受控内容", viewer.role, "")
