"""名额方案: the total first, then pools; prepared by 考核办, checked by 处长, signed by 部长 with its number (R-34).

Beside the arithmetic stand decisions of people: a signed exception, a tie at the cut, a rotation. None is made here.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.annual.bands import tied_at_the_cut
from appraisal.annual.quota import Apportionment, PoolQuota, PoolSize, apportion
from appraisal.annual.scheme import Scheme, required_number, scheme_of
from appraisal.annual.subjects import pool_sizes, subjects
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import QuotaDecision, QuotaPlan, now

DRAFT, CHECKED, SIGNED = "草拟", "已审核", "已审定"
EXCEPTION, TIE, ROTATION = "例外", "并列", "轮换"
DECISIONS = (EXCEPTION, TIE, ROTATION)


def try_plan(session: Session, year: int, kind: str, total: int, capped: bool) -> Apportionment:
    """What a total would give every pool, without writing anything. Raises QUOTA-TOTAL, QUOTA-SMALL."""
    scheme = scheme_of(session, year)
    return _apportion(scheme, kind, pool_sizes(scheme, subjects(session, scheme, kind)), total, capped)


def make_plan(session: Session, viewer: Viewer, year: int, kind: str, total: int, capped: bool) -> QuotaPlan:
    """考核办 files a plan; a later one of the year and kind is a further version. Raises RIGHTS-ROLE, QUOTA-…."""
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "名额方案由考核办拟定", viewer.role, "")
    made = try_plan(session, year, kind, total, capped)
    query = select(func.max(QuotaPlan.version)).where(QuotaPlan.year == year, QuotaPlan.kind == kind)
    row = QuotaPlan(
        year=year, kind=kind, version=(session.scalar(query) or 0) + 1, total=total, capped=capped,
        pools=[_stored(pool) for pool in made.pools], prepared_by=viewer.user_id or None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def check_plan(session: Session, viewer: Viewer, plan_id: int) -> QuotaPlan:
    """处长 checks a plan. Raises RIGHTS-ROLE, PLAN-UNKNOWN, PLAN-ORDER."""
    if viewer.role != "HEAD":
        raise ShijiError("RIGHTS-ROLE", "名额方案由处长审核", viewer.role, "")
    row = get_plan(session, plan_id)
    _in_order(row, DRAFT)
    row.state, row.checked_by = CHECKED, viewer.user_id
    return row


def sign_plan(session: Session, viewer: Viewer, plan_id: int, document_no: str) -> QuotaPlan:
    """部长 signs a checked plan with its number. Raises RIGHTS-ROLE, PLAN-UNKNOWN, PLAN-ORDER, PLAN-STALE."""
    if viewer.role != "MIN":
        raise ShijiError("RIGHTS-ROLE", "名额方案由部长审定", viewer.role, "")
    row = get_plan(session, plan_id)
    _in_order(row, CHECKED)
    if apportionment(session, row).pools != try_plan(session, row.year, row.kind, row.total, row.capped).pools:
        raise ShijiError("PLAN-STALE", "拟定后参评数量或等次方案有变化", f"方案 {row.id}", "请考核办重新拟定。")
    row.state, row.signed_by, row.signed_at = SIGNED, viewer.user_id, now()
    row.document_no = required_number(document_no)
    return row


def get_plan(session: Session, plan_id: int) -> QuotaPlan:
    """The record of a plan. Raises PLAN-UNKNOWN."""
    row = session.get(QuotaPlan, plan_id)
    if row is None:
        raise ShijiError("PLAN-UNKNOWN", "没有这个名额方案", str(plan_id), "请从考核工作台进入。")
    return row


def latest_plan(session: Session, year: int, kind: str, signed: bool = False) -> QuotaPlan | None:
    """The newest plan of a year and kind; the newest signed one with `signed`."""
    query = select(QuotaPlan).where(QuotaPlan.year == year, QuotaPlan.kind == kind)
    if signed:
        query = query.where(QuotaPlan.state == SIGNED)
    return session.scalar(query.order_by(QuotaPlan.version.desc()).limit(1))


def apportionment(session: Session, plan: QuotaPlan) -> Apportionment:
    """The plan as it was filed, from its own numbers."""
    sizes = [PoolSize(pool["name"], pool["members"], pool["counted"]) for pool in plan.pools]
    return _apportion(scheme_of(session, plan.year), plan.kind, sizes, plan.total, plan.capped)


def seats(session: Session, plan: QuotaPlan) -> dict[str, int]:
    """Pool -> seats, signed exceptions included."""
    found = {pool["name"]: int(pool["seats"]) for pool in plan.pools}
    for row in decisions(session, plan.id):
        if row.kind == EXCEPTION:
            found[row.pool] += row.seats
    return found


def decisions(session: Session, plan_id: int) -> list[QuotaDecision]:
    """What people decided on a plan, oldest first."""
    query = select(QuotaDecision).where(QuotaDecision.plan_id == plan_id).order_by(QuotaDecision.id)
    return list(session.scalars(query))


def decide(
    session: Session, viewer: Viewer, plan_id: int, kind: str, pool: str, extra: int, reason: str, document_no: str
) -> QuotaDecision:
    """部长 records a decision beside the arithmetic. extra: seats beyond the quota, for an exception only.

    Raises RIGHTS-ROLE, PLAN-UNKNOWN, PLAN-ORDER, DECISION-KIND, DECISION-REASON, DECISION-NUMBER.
    """
    if viewer.role != "MIN":
        raise ShijiError("RIGHTS-ROLE", "名额的例外、并列和轮换由部长签署", viewer.role, "请提交部务会研究。")
    plan = get_plan(session, plan_id)
    _in_order(plan, SIGNED)
    if kind not in DECISIONS or pool not in {one["name"] for one in plan.pools}:
        raise ShijiError("DECISION-KIND", f"没有这种决定或分组：{kind} {pool}", f"方案 {plan_id}", "请重新选择。")
    if not reason.strip():
        raise ShijiError("DECISION-REASON", "须写明研究情况和理由", pool, "")
    if (kind == EXCEPTION) != (extra > 0) or extra > 9:
        raise ShijiError("DECISION-KIND", "例外须写明增加的名额数，其他决定不增加名额", pool, "请核对。")
    row = QuotaDecision(
        plan_id=plan.id, kind=kind, pool=pool, seats=extra, reason=reason.strip(),
        document_no=required_number(document_no), user_id=viewer.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def ties(scheme: Scheme, plan: QuotaPlan, scores: Mapping[str, Mapping[str, Decimal | None]]) -> dict[str, list[str]]:
    """Pool -> teams whose composites are equal at the last seat, for people to decide; cadres have no scores.

    Only pools of one category: composites of different categories are not compared (R-32).
    """
    if plan.kind != "team":
        return {}
    given = {pool["name"]: int(pool["seats"]) for pool in plan.pools}
    found = {}
    for pool in scheme.pools:
        if len(pool.categories) == 1 and pool.name in given:
            tied = tied_at_the_cut(scores.get(pool.categories[0], {}), given[pool.name])
            if tied:
                found[pool.name] = list(tied)
    return found


def _apportion(scheme: Scheme, kind: str, sizes: list[PoolSize], total: int, capped: bool) -> Apportionment:
    grades = scheme.grades(kind)
    return apportion(sizes, total, capped=capped, low=grades.low, high=grades.high)


def _stored(pool: PoolQuota) -> dict[str, int | str]:
    return {
        "name": pool.name, "members": pool.members, "counted": pool.counted, "exact": str(pool.exact),
        "seats": pool.seats,
    }  # fmt: skip


def _in_order(plan: QuotaPlan, wanted: str) -> None:
    if plan.state != wanted:
        raise ShijiError(
            "PLAN-ORDER", f"名额方案状态为“{plan.state}”，不能办理这一步", f"方案 {plan.id}", "请刷新页面。"
        )
