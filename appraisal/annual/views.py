"""The annual assessment as its pages and JSON show it: who, in which pool, what people decided; in roster order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.annual import appeals, plans
from appraisal.annual.grades import grades_of, taken
from appraisal.annual.package import find_package
from appraisal.annual.quota import Apportionment, percent, size_warning
from appraisal.annual.scheme import Scheme, scheme_of
from appraisal.annual.snapshot import latest_snapshot, read_content, scores_of
from appraisal.annual.subjects import Subject, pool_sizes, subjects
from dossier.scope import Viewer, require_reader, team_clause
from storage.errors import ShijiError
from storage.tables import AnnualSnapshot, Grade, GradeAppeal, QuotaDecision, QuotaPlan, Team

DECIDERS = frozenset({"HEAD", "KH", "DEP", "MIN"})


@dataclass(frozen=True)
class GradeRow:
    """One subject with the grade people recorded; grade None: none yet. review_by, appeal_by: last days to file."""

    subject: Subject
    grade: Grade | None
    review_by: date | None
    appeal_by: date | None


@dataclass(frozen=True)
class PoolRow:
    """One pool of a plan as shown."""

    name: str
    members: int
    counted: int
    exact: str
    seats: int
    extra: int
    share: str
    taken: int
    tied: tuple[str, ...]
    small: str


@dataclass(frozen=True)
class PlanView:
    """A plan with its pools, decisions and warnings."""

    row: QuotaPlan
    made: Apportionment
    pools: tuple[PoolRow, ...]
    decisions: tuple[QuotaDecision, ...]


@dataclass(frozen=True)
class PackageRow:
    """A team in the list of packages of a snapshot; package_id None: not drafted."""

    team_id: str
    team: str
    category: str
    package_id: int | None
    state: str
    items: int
    verified: int
    waiting: int
    adverse: int


def snapshots(session: Session, year: int) -> list[AnnualSnapshot]:
    """All snapshots of a year, newest first."""
    query = select(AnnualSnapshot).where(AnnualSnapshot.year == year).order_by(AnnualSnapshot.version.desc())
    return list(session.scalars(query))


def package_rows(session: Session, viewer: Viewer, year: int) -> tuple[AnnualSnapshot | None, list[PackageRow]]:
    """The newest snapshot and its packages for the viewer's teams."""
    require_reader(viewer)
    snapshot = latest_snapshot(session, year)
    if snapshot is None:
        return None, []
    content, rows = read_content(snapshot), []
    by_team: dict[str, list[Mapping[str, Any]]] = {}
    for item in content["items"]:
        by_team.setdefault(item["team"], []).append(item)
    for team in session.scalars(select(Team).where(team_clause(viewer), Team.managed).order_by(Team.ordinal, Team.id)):
        package, items = find_package(session, snapshot.id, team.id), by_team.get(team.id, [])
        rows.append(
            PackageRow(
                team.id, team.short, team.category_id, package.id if package else None,
                package.state if package else "", len(items), sum(i["state"] in ("已核实", "部分属实") for i in items),
                content["open"].get(team.id, 0), sum(i["adverse"] for i in items),
            )
        )  # fmt: skip
    return snapshot, rows


def plan_view(session: Session, year: int, kind: str) -> PlanView | None:
    """The newest plan of a year and kind."""
    row = plans.latest_plan(session, year, kind)
    if row is None:
        return None
    scheme, made = scheme_of(session, year), plans.apportionment(session, row)
    decided, used = plans.decisions(session, row.id), taken(session, scheme, kind)
    snapshot = latest_snapshot(session, year)
    scores = scores_of(read_content(snapshot)) if snapshot else {}
    names = {one.id: one.name for one in subjects(session, scheme, kind)}
    tied = plans.ties(scheme, row, scores)
    pools = tuple(
        PoolRow(
            pool.name, pool.members, pool.counted, _two_places(pool.exact), pool.seats,
            sum(d.seats for d in decided if d.kind == plans.EXCEPTION and d.pool == pool.name), percent(pool.share),
            used.get(pool.name, 0), tuple(names.get(key, key) for key in tied.get(pool.name, ())),
            size_warning(pool.counted, scheme.grades(kind).low, scheme.grades(kind).high),
        )
        for pool in made.pools
    )  # fmt: skip
    return PlanView(row, made, pools, tuple(decided))


def sizes(session: Session, year: int, kind: str) -> list[tuple[str, int, int, str]]:
    """Pool, members, counted and why it cannot stand alone, before any plan."""
    scheme = scheme_of(session, year)
    grades = scheme.grades(kind)
    return [
        (pool.name, pool.members, pool.counted, size_warning(pool.counted, grades.low, grades.high))
        for pool in pool_sizes(scheme, subjects(session, scheme, kind))
    ]


def grade_rows(session: Session, viewer: Viewer, year: int, kind: str) -> tuple[Scheme, list[GradeRow]]:
    """Subjects the viewer may see with their grades, in roster order. Raises RIGHTS-ROLE."""
    if viewer.role not in DECIDERS:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能查看等次", viewer.role, "")
    scheme, held = scheme_of(session, year), grades_of(session, year, kind)
    rows = []
    for one in subjects(session, scheme, kind):
        if not _seen(viewer, one):
            continue
        grade = held.get(one.id)
        limits = appeals.deadlines(scheme, grade.notified_on) if grade and grade.notified_on else None
        rows.append(GradeRow(one, grade, limits.review if limits else None, limits.direct if limits else None))
    return scheme, rows


def appeal_rows(session: Session, viewer: Viewer, year: int) -> list[tuple[GradeAppeal, Grade, str]]:
    """The register of a year with the names; for few eyes. Raises RIGHTS-ROLE."""
    scheme = scheme_of(session, year)
    listed = appeals.register(session, viewer, year)
    names = {(kind, one.id): one.name for kind in ("team", "cadre") for one in subjects(session, scheme, kind)}
    return [(appeal, grade, names.get((grade.kind, grade.subject_id), grade.subject_id)) for appeal, grade in listed]


def _seen(viewer: Viewer, one: Subject) -> bool:
    if one.team_id in viewer.recused_teams or one.id in viewer.recused_cadres:
        return False
    return viewer.zones is None or one.zone_id in viewer.zones


def _two_places(value: Any) -> str:
    hundredths = (value * 200 + 1) // 2
    return f"{hundredths // 100}.{hundredths % 100:02d}"
