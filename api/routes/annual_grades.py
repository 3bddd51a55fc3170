"""JSON of quotas, grades, 复核 and 申诉. Grades are what people entered; there is no route that proposes one (R-30)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.performing import perform
from appraisal.annual import appeals, grades, plans, scheme, subjects, views
from appraisal.annual.quota import Apportionment, percent
from storage.tables import Grade, GradeAppeal

router = APIRouter(prefix="/api/annual", tags=["annual"])
Reader = Annotated[SignedIn, Depends(require("HEAD", "KH", "DEP", "MIN"))]
Registrar = Annotated[SignedIn, Depends(require("KH", "SUP", "DEP", "MIN"))]
Hand = Annotated[SignedIn, Depends(require_checked("HEAD", "KH", "DEP", "MIN", "SUP"))]


class PlanIn(BaseModel):
    """A total for teams or cadres. capped: at most the upper share in every pool."""

    kind: str = "team"
    total: int
    capped: bool = False


class Numbered(BaseModel):
    """The number of the decision an act rests on."""

    document_no: str


class DecisionIn(BaseModel):
    """例外 with extra seats, 并列 or 轮换, with reasons and the number of the decision."""

    what: str
    pool: str
    seats: int = 0
    reason: str
    document_no: str


class StatusIn(BaseModel):
    """A human status; empty takes it back."""

    kind: str
    subject: str
    status: str = ""
    inside: bool = False
    reason: str = ""


class GradeIn(BaseModel):
    """A grade that people settled on."""

    kind: str
    subject: str
    grade: str
    reason: str


class PublicityIn(BaseModel):
    """公示 of the best grade."""

    kind: str
    since: date
    until: date
    place: str


class NoticeIn(BaseModel):
    """The written notice."""

    on: date
    notice_no: str


class SignatureIn(BaseModel):
    """已签 or 拒签, with the own opinion."""

    signature: str
    on: date
    opinion: str = ""


class AppealIn(BaseModel):
    """复核 or 申诉."""

    grade: int
    kind: str
    on: date
    grounds: str = ""


class OutcomeIn(BaseModel):
    """维持, 变更 or 撤回."""

    result: str
    on: date
    decision_no: str
    new_grade: str = ""


class ReasonIn(BaseModel):
    """Why."""

    reason: str


@router.get("/{year:int}/quotas")
def quotas(
    system: SystemDep, person: Reader, year: int, kind: str = "team", total: int = 0, capped: bool = False
) -> dict[str, Any]:  # fmt: skip
    """Pools, the newest plan, and with a total what it would give."""
    with system.database.read() as session:
        shown = views.plan_view(session, year, kind)
        found: dict[str, Any] = {
            "scheme": scheme.scheme_of(session, year).name,
            "sizes": [
                {"pool": name, "members": members, "counted": counted, "alone": small or "可行"}
                for name, members, counted, small in views.sizes(session, year, kind)
            ],
            "plan": None, "tried": None,
        }  # fmt: skip
        if total:
            found["tried"] = _apportioned(plans.try_plan(session, year, kind, total, capped))
    if shown is not None:
        found["plan"] = {
            "id": shown.row.id, "version": shown.row.version, "state": shown.row.state,
            "document_no": shown.row.document_no, **_apportioned(shown.made),
            "tied": {pool.name: list(pool.tied) for pool in shown.pools if pool.tied},
            "taken": {pool.name: pool.taken for pool in shown.pools},
            "extra": {pool.name: pool.extra for pool in shown.pools if pool.extra},
        }  # fmt: skip
    return found


@router.post("/{year:int}/quotas", status_code=201)
def make_plan(system: SystemDep, person: Hand, year: int, wanted: PlanIn) -> dict[str, int]:
    """考核办 files a plan."""
    made = perform(
        system, person.viewer, "plan-make", "quota-plan", "",
        lambda s, v: plans.make_plan(s, v, year, wanted.kind, wanted.total, wanted.capped), wanted.model_dump(),
    )  # fmt: skip
    return {"id": made.id}


@router.post("/plans/{plan_id:int}/check")
def check_plan(system: SystemDep, person: Hand, plan_id: int) -> dict[str, str]:
    """处长 checks."""
    made = perform(
        system, person.viewer, "plan-check", "quota-plan", str(plan_id), lambda s, v: plans.check_plan(s, v, plan_id)
    )
    return {"state": made.state}


@router.post("/plans/{plan_id:int}/sign")
def sign_plan(system: SystemDep, person: Hand, plan_id: int, wanted: Numbered) -> dict[str, str]:
    """部长 signs with a number."""
    made = perform(
        system, person.viewer, "plan-sign", "quota-plan", str(plan_id),
        lambda s, v: plans.sign_plan(s, v, plan_id, wanted.document_no), wanted.model_dump(),
    )  # fmt: skip
    return {"state": made.state}


@router.post("/plans/{plan_id:int}/decisions", status_code=201)
def decide(system: SystemDep, person: Hand, plan_id: int, wanted: DecisionIn) -> dict[str, int]:
    """部长 signs an exception, a tie or a rotation."""
    w = wanted
    made = perform(
        system, person.viewer, "plan-decide", "quota-plan", str(plan_id),
        lambda s, v: plans.decide(s, v, plan_id, w.what, w.pool, w.seats, w.reason, w.document_no), w.model_dump(),
    )  # fmt: skip
    return {"id": made.id}


@router.get("/{year:int}/grades")
def show_grades(system: SystemDep, person: Reader, year: int, kind: str = "team") -> list[dict[str, Any]]:
    """Subjects of the caller's zones in roster order with what people recorded; never sorted by any score."""
    with system.database.read() as session:
        _, rows = views.grade_rows(session, person.viewer, year, kind)
    return [
        {
            "subject": row.subject.id, "name": row.subject.name, "pool": row.subject.pool,
            "status": row.subject.status, "inside": row.subject.inside,
            "grade": _grade(row.grade) if row.grade else None,
            "review_by": row.review_by.isoformat() if row.review_by else "",
            "appeal_by": row.appeal_by.isoformat() if row.appeal_by else "", "no_heavier": appeals.NO_HEAVIER,
        }
        for row in rows
    ]  # fmt: skip


@router.post("/{year:int}/statuses", status_code=201)
def status(system: SystemDep, person: Hand, year: int, wanted: StatusIn) -> dict[str, str]:
    """考核办 records a status."""
    w = wanted
    perform(
        system, person.viewer, "eligibility-set", "eligibility", f"{year}-{w.kind}-{w.subject}",
        lambda s, v: subjects.set_status(
            s, v, scheme.scheme_of(s, year), w.kind, w.subject, w.status, w.inside, w.reason
        ),
    )  # fmt: skip
    return {"status": w.status}


@router.post("/{year:int}/grades", status_code=201)
def prepare(system: SystemDep, person: Hand, year: int, wanted: GradeIn) -> dict[str, Any]:
    """考核办 enters what the meeting settled on."""
    w = wanted
    made = perform(
        system, person.viewer, "grade-prepare", "grade", f"{year}-{w.kind}-{w.subject}",
        lambda s, v: grades.prepare(s, v, year, w.kind, w.subject, w.grade, w.reason),
    )  # fmt: skip
    return _grade(made)


@router.post("/grades/{grade_id:int}/check")
def check(system: SystemDep, person: Hand, grade_id: int) -> dict[str, Any]:
    """处长 of the zone checks."""
    return _grade(
        perform(system, person.viewer, "grade-check", "grade", str(grade_id), lambda s, v: grades.check(s, v, grade_id))
    )


@router.post("/grades/{grade_id:int}/sign")
def sign(system: SystemDep, person: Hand, grade_id: int, wanted: Numbered) -> dict[str, Any]:
    """部长 records the 市委 decision."""
    made = perform(
        system, person.viewer, "grade-sign", "grade", str(grade_id),
        lambda s, v: grades.sign(s, v, grade_id, wanted.document_no), wanted.model_dump(),
    )  # fmt: skip
    return _grade(made)


@router.post("/{year:int}/publicity", status_code=201)
def publish(system: SystemDep, person: Hand, year: int, wanted: PublicityIn) -> dict[str, str]:
    """考核办 records the 公示."""
    w = wanted
    made = perform(
        system, person.viewer, "grade-publish", "publicity", "",
        lambda s, v: grades.publish(s, v, year, w.kind, w.since, w.until, w.place), {"year": year, "kind": w.kind},
    )  # fmt: skip
    return {"since": made.since.isoformat(), "until": made.until.isoformat()}


@router.post("/grades/{grade_id:int}/notice")
def notify(system: SystemDep, person: Hand, grade_id: int, wanted: NoticeIn) -> dict[str, Any]:
    """考核办 records the written notice."""
    today = system.settings.today()
    made = perform(
        system, person.viewer, "grade-notify", "grade", str(grade_id),
        lambda s, v: grades.notify(s, v, grade_id, wanted.on, wanted.notice_no, today),
    )  # fmt: skip
    return _grade(made)


@router.post("/grades/{grade_id:int}/signature")
def signature(system: SystemDep, person: Hand, grade_id: int, wanted: SignatureIn) -> dict[str, Any]:
    """考核办 records that the notice came back."""
    w = wanted
    made = perform(
        system, person.viewer, "grade-signature", "grade", str(grade_id),
        lambda s, v: grades.record_signature(s, v, grade_id, w.signature, w.on, w.opinion),
    )  # fmt: skip
    return _grade(made)


@router.get("/{year:int}/appeals")
def show_appeals(system: SystemDep, person: Registrar, year: int) -> dict[str, Any]:
    """The register, for few eyes; never adverse information."""
    with system.database.read() as session:
        rows = views.appeal_rows(session, person.viewer, year)
    return {
        "note": appeals.NO_HEAVIER,
        "appeals": [{**_appeal(one), "name": name, "grade": grade.grade} for one, grade, name in rows],
    }


@router.post("/appeals", status_code=201)
def file_appeal(system: SystemDep, person: Hand, wanted: AppealIn) -> dict[str, Any]:
    """Register a 复核 or 申诉 within its clock."""
    w = wanted
    made = perform(
        system, person.viewer, "appeal-file", "appeal", "",
        lambda s, v: appeals.file_appeal(s, v, w.grade, w.kind, w.on, w.grounds),
    )  # fmt: skip
    return _appeal(made)


@router.post("/appeals/{appeal_id:int}/extension")
def extend(system: SystemDep, person: Hand, appeal_id: int, wanted: ReasonIn) -> dict[str, Any]:
    """Extend the decision on a 申诉 once."""
    made = perform(
        system, person.viewer, "appeal-extend", "appeal", str(appeal_id),
        lambda s, v: appeals.extend(s, v, appeal_id, wanted.reason),
    )  # fmt: skip
    return _appeal(made)


@router.post("/appeals/{appeal_id:int}/decision")
def decide_appeal(system: SystemDep, person: Hand, appeal_id: int, wanted: OutcomeIn) -> dict[str, Any]:
    """Record the decision; never a heavier grade."""
    w = wanted
    made = perform(
        system, person.viewer, "appeal-decide", "appeal", str(appeal_id),
        lambda s, v: appeals.decide(s, v, appeal_id, w.result, w.on, w.decision_no, w.new_grade),
    )  # fmt: skip
    return _appeal(made)


def _apportioned(made: Apportionment) -> dict[str, Any]:
    return {
        "total": made.total, "low": made.low, "high": made.high, "given": made.given, "members": made.members,
        "counted": made.counted, "warnings": list(made.warnings),
        "pools": [
            {"pool": p.name, "members": p.members, "counted": p.counted, "exact": str(p.exact), "seats": p.seats,
             "share": percent(p.share)}
            for p in made.pools
        ],
    }  # fmt: skip


def _grade(row: Grade) -> dict[str, Any]:
    return {
        "id": row.id, "year": row.year, "kind": row.kind, "subject": row.subject_id, "pool": row.pool,
        "grade": row.grade, "reason": row.reason, "state": row.state, "document_no": row.document_no,
        "notified_on": row.notified_on.isoformat() if row.notified_on else "", "notice_no": row.notice_no,
        "signature": row.signature, "own_opinion": row.own_opinion,
    }  # fmt: skip


def _appeal(row: GradeAppeal) -> dict[str, Any]:
    return {
        "id": row.id, "grade_id": row.grade_id, "kind": row.kind, "direct": row.direct,
        "filed_on": row.filed_on.isoformat(), "due": row.due.isoformat(), "extended": row.extended,
        "decided_on": row.decided_on.isoformat() if row.decided_on else "", "result": row.result,
        "new_grade": row.new_grade, "decision_no": row.decision_no,
    }  # fmt: skip
