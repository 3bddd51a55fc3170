"""All figures an assessment needs, loaded at once: newest versions, or exactly the versions that were pinned."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.periods import years_before
from storage.tables import CityPoint, DataPoint, IndicatorTarget, Team

YEARS = 3  # window of the mean growth, domain.md §1.7
AT_ONCE = 800  # ids in one query


@dataclass(frozen=True)
class Assessed:
    """A team whose figures are scored."""

    id: str
    name: str
    category: str


class Point(NamedTuple):
    """One version of one figure. value None: missing, never zero."""

    id: int
    value: Decimal | None
    growth: Decimal | None
    status: str
    version: int


class Target(NamedTuple):
    """An approved yearly target; difficulty is the coefficient fixed before figures existed."""

    id: int
    value: Decimal
    difficulty: Decimal
    document_no: str


@dataclass(frozen=True)
class Figures:
    """Figures by key, with the teams in roster order."""

    teams: tuple[Assessed, ...]
    points: Mapping[tuple[str, str, str], Point]  # indicator, team, period
    city: Mapping[tuple[str, str], Point]  # indicator, period
    targets: Mapping[tuple[int, str, str], Target] = field(default_factory=dict)  # year, indicator, team

    def point(self, code: str, team: str, period: str) -> Point | None:
        return self.points.get((code, team, period))

    def value(self, code: str, team: str, period: str) -> Decimal | None:
        point = self.points.get((code, team, period))
        return point.value if point else None

    def values(self, code: str, teams: Iterable[Assessed], period: str) -> dict[str, Decimal | None]:
        return {team.id: self.value(code, team.id, period) for team in teams}


@dataclass(frozen=True)
class Versions:
    """Ids of exactly the versions an assessment rests on (口径快照)."""

    points: Collection[int]
    city: Collection[int]
    targets: Collection[int]


def window(period: str) -> list[str]:
    """The periods that a score of `period` may look at: itself and the same one of earlier years, newest first."""
    return [years_before(period, back) for back in range(YEARS + 1)]


def assessed_teams(session: Session) -> tuple[Assessed, ...]:
    """All managed teams in roster order."""
    rows = session.execute(
        select(Team.id, Team.short, Team.category_id).where(Team.managed).order_by(Team.ordinal, Team.id)
    )
    return tuple(Assessed(*row) for row in rows)


def load_figures(session: Session, codes: Iterable[str], period: str | None = None) -> Figures:
    """Newest figures of these indicators, for all periods or for the `window` of one, and the approved targets."""
    wanted = set(codes)
    points = _points(DataPoint.indicator_code.in_(wanted))
    city = _city(CityPoint.indicator_code.in_(wanted))
    if period:
        points = points.where(DataPoint.period.in_(window(period)))
        city = city.where(CityPoint.period.in_(window(period)))
    targets = _targets(IndicatorTarget.indicator_code.in_(wanted), IndicatorTarget.state == "approved")
    return Figures(
        assessed_teams(session), _pointed(session.execute(points)), _published(session.execute(city)),
        _aimed(session.execute(targets)),
    )  # fmt: skip


def pinned_figures(session: Session, versions: Versions, teams: Sequence[Assessed]) -> Figures:
    """Exactly these versions, for the teams as they stood then."""
    points: dict[tuple[str, str, str], Point] = {}
    city: dict[tuple[str, str], Point] = {}
    targets: dict[tuple[int, str, str], Target] = {}
    for part in _batches(versions.points):
        points.update(_pointed(session.execute(_points(DataPoint.id.in_(part)))))
    for part in _batches(versions.city):
        city.update(_published(session.execute(_city(CityPoint.id.in_(part)))))
    for part in _batches(versions.targets):
        targets.update(_aimed(session.execute(_targets(IndicatorTarget.id.in_(part)))))
    return Figures(tuple(teams), points, city, targets)


def _batches(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = iter(ids)
    while part := list(islice(rest, AT_ONCE)):
        yield part


def _points(condition: Any) -> Any:
    d = DataPoint
    columns = (d.indicator_code, d.team_id, d.period, d.id, d.value, d.growth, d.status, d.version)
    return select(*columns).where(condition).order_by(d.version)


def _city(condition: Any) -> Any:
    c = CityPoint
    return (
        select(c.indicator_code, c.period, c.id, c.value, c.growth, c.status, c.version)
        .where(condition)
        .order_by(c.version)
    )


def _targets(*conditions: Any) -> Any:
    t = IndicatorTarget
    columns = (t.year, t.indicator_code, t.team_id, t.id, t.value, t.difficulty, t.document_no)
    return select(*columns).where(*conditions).order_by(t.version)


def _pointed(rows: Iterable[Any]) -> dict[tuple[str, str, str], Point]:
    return {(code, team, period): Point(*rest) for code, team, period, *rest in rows}


def _published(rows: Iterable[Any]) -> dict[tuple[str, str], Point]:
    return {(code, period): Point(*rest) for code, period, *rest in rows}


def _aimed(rows: Iterable[Any]) -> dict[tuple[int, str, str], Target]:
    return {(year, code, team): Target(*rest) for year, code, team, *rest in rows}
