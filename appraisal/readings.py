"""One indicator in one period, computed from the record: values, shares, growth and scores of all its teams."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.book import Indicator
from appraisal.decimals import total
from appraisal.growth import GrowthResult, GrowthSeries, mean_growth
from appraisal.indices import DEFAULT_ALPHA, Anchors, Composite, combine
from appraisal.methods import GroupData, score_group
from appraisal.ranking import DISTRICT_CATEGORIES
from appraisal.score import Score, no_score
from appraisal.shares import ShareTable, share_change
from appraisal.store import latest_city, latest_points, years_before
from storage.errors import ShijiError
from storage.tables import CityPoint, DataPoint, Team

YEARS = 3  # window of the mean growth, domain.md §1.7
LEVELS = ("level", "level_growth")


@dataclass(frozen=True)
class Assessed:
    """A team whose figures are scored."""

    id: str
    name: str
    category: str


@dataclass(frozen=True)
class Figures:
    """The newest versions of all figures needed, loaded at once."""

    teams: tuple[Assessed, ...]
    points: Mapping[tuple[str, str, str], DataPoint]  # indicator, team, period
    city: Mapping[tuple[str, str], CityPoint]  # indicator, period

    def point(self, code: str, team: str, period: str) -> DataPoint | None:
        return self.points.get((code, team, period))

    def value(self, code: str, team: str, period: str) -> Decimal | None:
        point = self.point(code, team, period)
        return point.value if point else None

    def values(self, code: str, teams: Iterable[Assessed], period: str) -> dict[str, Decimal | None]:
        return {team.id: self.value(code, team.id, period) for team in teams}


@dataclass
class Reading:
    """What is shown of one indicator and period. Mappings keep roster order; nothing here is sorted by value."""

    card: Indicator
    period: str
    figures: Figures
    teams: tuple[Assessed, ...]
    scores: dict[str, Score]
    shares: ShareTable | None = None
    growth: dict[str, GrowthResult] = field(default_factory=dict)
    parts: dict[str, Composite] = field(default_factory=dict)  # of method 1.8
    notes: tuple[str, ...] = ()

    @property
    def missing(self) -> tuple[Assessed, ...]:
        return tuple(t for t in self.teams if self.figures.value(self.card.code, t.id, self.period) is None)


def load_figures(session: Session, codes: Iterable[str]) -> Figures:
    """Newest figures of these indicators and the assessed teams in roster order."""
    wanted = set(codes)
    teams = session.execute(
        select(Team.id, Team.short, Team.category_id)
        .where(Team.category_id.in_(DISTRICT_CATEGORIES), Team.managed)
        .order_by(Team.ordinal, Team.id)
    )
    return Figures(tuple(Assessed(*row) for row in teams), latest_points(session, wanted), latest_city(session, wanted))


def read_indicator(card: Indicator, figures: Figures, period: str) -> Reading:
    """Compute everything for the teams the indicator applies to: 共同 all, 类别 its class, 特色 its owner."""
    teams = tuple(team for team in figures.teams if applies(card, team))
    reading = Reading(card, period, figures, teams, {})
    before = years_before(period, 1)
    now, prev = figures.values(card.code, teams, period), figures.values(card.code, teams, before)
    notes: list[str] = []
    if card.share_eligible and any(v is not None for v in now.values()) and any(v is not None for v in prev.values()):
        try:
            reading.shares = _shares(card, figures, teams, prev, now, period)
            if any(result.D is not None for result in reading.shares.results.values()):
                notes.extend(_mixed(card, figures, teams, (before, period)))
        except ShijiError as bad:
            notes.append(bad.message)
    if card.type in LEVELS and any(value is not None for value in now.values()):
        reading.growth = _growth(card, figures, teams, period)
    data = GroupData(
        values=now,
        city=city.value if (city := figures.city.get((card.code, period))) else None,
        share_change={t.id: reading.shares.results[t.id].D if reading.shares else None for t in teams},
        growth_index={t.id: result.G if (result := reading.growth.get(t.id)) else None for t in teams},
    )
    try:
        reading.scores = score_group(card, data, {team.id: team.category for team in teams})
        if card.method == "1.8":
            reading.parts = _parts(card, data)
    except ShijiError as bad:
        notes.append(bad.message)
        reading.scores = {team.id: no_score(bad.message) for team in teams}
    reading.notes = tuple(notes)
    return reading


def applies(card: Indicator, team: Assessed) -> bool:
    """Whether the indicator is one of the team's."""
    if card.team:
        return team.id == card.team
    return not card.category or team.category == card.category


def _shares(
    card: Indicator, figures: Figures, teams: Sequence[Assessed], prev: Mapping[str, Decimal | None],
    now: Mapping[str, Decimal | None], period: str,
) -> ShareTable:  # fmt: skip
    city = [figures.city.get((card.code, p)) for p in (years_before(period, 1), period)]
    published = tuple(point.value if point else None for point in city)
    names = {team.id: team.name for team in teams}
    return share_change(prev, now, indicator=card, names=names, published=(published[0], published[1]))


def _mixed(card: Indicator, figures: Figures, teams: Sequence[Assessed], both: tuple[str, str]) -> list[str]:
    """A remark when the two periods were not equally final."""
    states = [
        {point.status for team in teams if (point := figures.point(card.code, team.id, period)) and point.value}
        for period in both
    ]
    if states[0] == states[1]:
        return []
    shown = "，".join(f"{p}：{'、'.join(sorted(s))}" for p, s in zip(both, states, strict=True))
    return [f"两期数据状态不一致（{shown}），请核对口径"]


def _growth(card: Indicator, figures: Figures, teams: Sequence[Assessed], period: str) -> dict[str, GrowthResult]:
    window = [years_before(period, back) for back in range(YEARS, -1, -1)]
    kept = [
        t for t in teams
        if None not in (figures.value(card.code, t.id, window[0]), figures.value(card.code, t.id, window[-1]))
    ]  # fmt: skip
    # The city is the sum of the teams that have both ends, as for shares; its official growth is as published.
    levels = []
    for year in window:
        values = [value for t in kept if (value := figures.value(card.code, t.id, year)) is not None]
        levels.append(total(values) if kept and len(values) == len(kept) else None)
    rates = tuple(point.growth if (point := figures.city.get((card.code, p))) else None for p in window[1:])

    def series(team: Assessed) -> GrowthSeries:
        points = [figures.point(card.code, team.id, year) for year in window]
        yearly = tuple(p.growth if p else None for p in points)
        return GrowthSeries(tuple(p.value if p else None for p in points), yearly[1:])

    city = GrowthSeries(tuple(levels), rates if any(rate is not None for rate in rates) else ())
    return mean_growth({t.id: series(t) for t in teams}, city, indicator=card, years=YEARS)


def _parts(card: Indicator, data: GroupData) -> dict[str, Composite]:
    """Both transformed parts of method 1.8, for the drill-down; the score itself comes from `score_group`."""

    def ends(key: str) -> Anchors | None:
        pair = card.params.get(key)
        return Anchors(pair["bad"], pair["good"]) if pair else None

    return combine(
        data.share_change, data.growth_index, alpha=card.params.get("alpha", DEFAULT_ALPHA),
        share_anchors=ends("share"), growth_anchors=ends("growth"),
    )  # fmt: skip
