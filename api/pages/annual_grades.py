"""考核工作台: 名额, 等次, 复核申诉 of a year. Every grade on these pages was entered by a person (R-30, R-34, R-36)."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.performing import perform
from api.days import typed_day
from api.render import page
from appraisal.annual import appeals, grades, plans, scheme, subjects, views
from storage.errors import ShijiError

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("HEAD", "KH", "DEP", "MIN"))]
Registrar = Annotated[SignedIn, Depends(require("KH", "SUP", "DEP", "MIN"))]
Hand = Annotated[SignedIn, Depends(require_checked("HEAD", "KH", "DEP", "MIN", "SUP"))]
Text = Annotated[str, Form()]
Number = Annotated[int, Form()]


@router.get("/annual/{year:int}/quotas")
def quotas(
    request: Request, system: SystemDep, person: Reader, year: int, kind: str = "team", total: int = 0,
    capped: bool = False,
) -> Response:  # fmt: skip
    """Pools and the newest plan; with a total, what it would give, before anything is written."""
    error, tried = None, None
    with system.database.read() as session:
        known = scheme.scheme_of(session, year)
        shown, sizes = views.plan_view(session, year, kind), views.sizes(session, year, kind)
        if total:
            try:
                tried = plans.try_plan(session, year, kind, total, capped)
            except ShijiError as bad:
                error = bad
    return page(
        request, "annual/quotas.html", person, 422 if error else 200, year=year, kind=kind, scheme=known, shown=shown,
        sizes=sizes, tried=tried, error=error, total=total, capped=capped, kinds=scheme.KINDS, tab="quotas",
        role=person.viewer.role, decisions=plans.DECISIONS,
    )  # fmt: skip


@router.post("/annual/{year:int}/quotas")
def make_plan(
    system: SystemDep, person: Hand, year: int, kind: Text, total: Number = 0, capped: Annotated[bool, Form()] = False
) -> Response:  # fmt: skip
    perform(
        system, person.viewer, "plan-make", "quota-plan", "",
        lambda s, v: plans.make_plan(s, v, year, kind, total, capped), {"year": year, "kind": kind, "total": total},
    )  # fmt: skip
    return _to(year, "quotas", kind)


@router.post("/annual/plans/{plan_id:int}/{act}")
def plan_step(
    system: SystemDep, person: Hand, plan_id: int, act: str, document_no: Text = "", pool: Text = "", what: Text = "",
    seats: Number = 0, reason: Text = "",
) -> Response:  # fmt: skip
    """check, sign, decide."""
    changes: dict[str, Any] = {
        "check": lambda s, v: plans.check_plan(s, v, plan_id),
        "sign": lambda s, v: plans.sign_plan(s, v, plan_id, document_no),
        "decide": lambda s, v: plans.decide(s, v, plan_id, what, pool, seats, reason, document_no),
    }
    with system.database.read() as session:
        row = plans.get_plan(session, plan_id)
    if act in changes:
        perform(
            system, person.viewer, f"plan-{act}", "quota-plan", str(plan_id), changes[act],
            {"document_no": document_no, "pool": pool, "what": what, "seats": seats},
        )  # fmt: skip
    return _to(row.year, "quotas", row.kind)


@router.get("/annual/{year:int}/grades")
def show_grades(request: Request, system: SystemDep, person: Reader, year: int, kind: str = "team") -> Response:
    with system.database.read() as session:
        known, rows = views.grade_rows(session, person.viewer, year, kind)
        shown, publicity = views.plan_view(session, year, kind), grades.publicity(session, year, kind)
    pools: dict[str, list[views.GradeRow]] = {}
    for row in rows:
        pools.setdefault(row.subject.pool, []).append(row)
    return page(
        request, "annual/grades.html", person, year=year, kind=kind, scheme=known, names=known.grades(kind).names,
        pools=list(pools.items()), shown=shown, publicity=publicity, kinds=scheme.KINDS, tab="grades",
        role=person.viewer.role, no_heavier=appeals.NO_HEAVIER, today=system.settings.today(),
        registrar=person.viewer.role in ("KH", "SUP"),
    )  # fmt: skip


@router.post("/annual/{year:int}/grades")
def prepare(
    system: SystemDep, person: Hand, year: int, kind: Text, subject: Text, grade: Text = "", reason: Text = ""
) -> Response:  # fmt: skip
    perform(
        system, person.viewer, "grade-prepare", "grade", f"{year}-{kind}-{subject}",
        lambda s, v: grades.prepare(s, v, year, kind, subject, grade, reason),
    )  # fmt: skip
    return _to(year, "grades", kind)


@router.post("/annual/{year:int}/status")
def status(
    system: SystemDep, person: Hand, year: int, kind: Text, subject: Text, status: Text = "",
    inside: Annotated[bool, Form()] = False, reason: Text = "",
) -> Response:  # fmt: skip
    """不定等次, 暂不定 and the like."""
    perform(
        system, person.viewer, "eligibility-set", "eligibility", f"{year}-{kind}-{subject}",
        lambda s, v: subjects.set_status(s, v, scheme.scheme_of(s, year), kind, subject, status, inside, reason),
    )  # fmt: skip
    return _to(year, "grades", kind)


@router.post("/annual/{year:int}/publicity")
def publicity(
    system: SystemDep, person: Hand, year: int, kind: Text, since: Text, until: Text, place: Text = ""
) -> Response:  # fmt: skip
    first, last = _day(since, "公示开始"), _day(until, "公示结束")
    perform(
        system, person.viewer, "grade-publish", "publicity", "",
        lambda s, v: grades.publish(s, v, year, kind, first, last, place), {"year": year, "kind": kind},
    )  # fmt: skip
    return _to(year, "grades", kind)


@router.post("/annual/grades/{grade_id:int}/{act}")
def grade_step(
    system: SystemDep, person: Hand, grade_id: int, act: str, document_no: Text = "", on: Text = "",
    notice_no: Text = "", signature: Text = "", opinion: Text = "",
) -> Response:  # fmt: skip
    """check, sign, notify, signature."""
    today = system.settings.today()
    changes: dict[str, Any] = {
        "check": lambda s, v: grades.check(s, v, grade_id),
        "sign": lambda s, v: grades.sign(s, v, grade_id, document_no),
        "notify": lambda s, v: grades.notify(s, v, grade_id, _day(on, "告知日期"), notice_no, today),
        "signature": lambda s, v: grades.record_signature(
            s, v, grade_id, signature, _day(on, "签收日期"), opinion
        ),
    }  # fmt: skip
    with system.database.read() as session:
        row = grades.get_grade(session, grade_id)
    if act in changes:
        detail = {"document_no": document_no} if document_no else None
        perform(system, person.viewer, f"grade-{act}", "grade", str(grade_id), changes[act], detail)
    return _to(row.year, "grades", row.kind)


@router.get("/annual/{year:int}/appeals")
def show_appeals(request: Request, system: SystemDep, person: Registrar, year: int) -> Response:
    """The register, for few eyes."""
    with system.database.read() as session:
        rows, known = views.appeal_rows(session, person.viewer, year), scheme.scheme_of(session, year)
        notified = [
            (grade, one.name)
            for kind in scheme.KINDS
            for one in subjects.subjects(session, known, kind)
            if (grade := grades.find_grade(session, year, kind, one.id)) and grade.notified_on
        ]
    return page(
        request, "annual/appeals.html", person, year=year, rows=rows, notified=notified, scheme=known, tab="appeals",
        no_heavier=appeals.NO_HEAVIER, role=person.viewer.role, kinds=(appeals.REVIEW, appeals.APPEAL),
        results=(appeals.KEPT, appeals.CHANGED, appeals.WITHDRAWN), today=system.settings.today(),
    )  # fmt: skip


@router.post("/annual/{year:int}/appeals")
def file_appeal(
    system: SystemDep, person: Hand, year: int, grade: Number, kind: Text = "", on: Text = "", grounds: Text = ""
) -> Response:  # fmt: skip
    day = _day(on, "申请日期")
    perform(
        system, person.viewer, "appeal-file", "appeal", "",
        lambda s, v: appeals.file_appeal(s, v, grade, kind, day, grounds),
    )  # fmt: skip
    return _to(year, "appeals", "")


@router.post("/annual/appeals/{appeal_id:int}/{act}")
def appeal_step(
    system: SystemDep, person: Hand, appeal_id: int, act: str, year: Number, reason: Text = "", result: Text = "",
    on: Text = "", decision_no: Text = "", new_grade: Text = "",
) -> Response:  # fmt: skip
    """extend, decide."""
    changes: dict[str, Any] = {
        "extend": lambda s, v: appeals.extend(s, v, appeal_id, reason),
        "decide": lambda s, v: appeals.decide(
            s, v, appeal_id, result, _day(on, "决定日期"), decision_no, new_grade
        ),
    }  # fmt: skip
    if act in changes:
        perform(system, person.viewer, f"appeal-{act}", "appeal", str(appeal_id), changes[act])
    return _to(year, "appeals", "")


def _day(text: str, what: str) -> date:
    day = typed_day(text, what)
    if day is None:
        raise ShijiError("REQUEST-FIELD", f"请填写{what}", "", "请按 2025-10-16 的形式填写。")
    return day


def _to(year: int, tab: str, kind: str) -> Response:
    return RedirectResponse(f"/annual/{year}/{tab}" + (f"?kind={kind}" if kind else ""), 303)
