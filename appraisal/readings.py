"""One indicator in one period, computed from the record: values, shares, growth and scores of all its teams."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from functools import cached_property

from appraisal.book import Indicator
from appraisal.decimals import PRECISION, plain, show, total
from appraisal.figures import YEARS, Assessed, Figures, Target, load_figures
from appraisal.growth import GrowthResult, GrowthSeries, mean_growth
from appraisal.indices import DEFAULT_ALPHA, Anchors, Composite, combine
from appraisal.methods import GroupData, score_group
from appraisal.periods import period_key, years_before
from appraisal.ranking import DISTRICT_CATEGORIES
from appraisal.score import Score, no_score
from appraisal.shares import ShareTable, share_change
from appraisal.year_book import YearBook
from storage.errors import ShijiError

__all__ = ["YEARS", "Assessed", "Figures", "Reading", "applies", "load_figures", "read_indicator"]

LEVELS = ("level", "level_growth")
CAP = Decimal(100)  # 特色 is capped, domain.md §1.4


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
    targets: dict[str, Target] = field(default_factory=dict)
    data: GroupData = field(default_factory=GroupData)
    notes: tuple[str, ...] = ()

    @cached_property
    def parts(self) -> dict[str, Composite]:
        """Both transformed parts of a score by method 1.8, computed when somebody looks into it."""
        return _parts(self.card, self.data) if self.card.method == "1.8" else {}

    @property
    def missing(self) -> tuple[Assessed, ...]:
        return tuple(t for t in self.teams if self.figures.value(self.card.code, t.id, self.period) is None)


def read_indicator(card: Indicator, figures: Figures, period: str, book: YearBook | None = None) -> Reading:
    """Compute everything for the teams the indicator applies to: 共同 all districts, 类别 its class, 特色 its owner.

    book: the year's book, for its methods, its schedule and what does not apply; without it the built-in ones.
    """
    year_book = book or YearBook(int(period[:4]), {})
    spared = year_book.exempt
    teams = tuple(team for team in figures.teams if applies(card, team) and (team.id, card.code) not in spared)
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
    due = year_book.due(card, period_key(period)[1])
    reading.targets = {
        team.id: target for team in teams if (target := figures.targets.get((int(period[:4]), card.code, team.id)))
    }
    data = reading.data = GroupData(
        values=now,
        targets={team: target.value * due for team, target in reading.targets.items()},
        city=city.value if (city := figures.city.get((card.code, period))) else None,
        share_change={t.id: reading.shares.results[t.id].D if reading.shares else None for t in teams},
        growth_index={t.id: result.G if (result := reading.growth.get(t.id)) else None for t in teams},
    )
    try:
        reading.scores = score_group(card, data, {team.id: team.category for team in teams}, year_book.methods)
    except ShijiError as bad:
        notes.append(bad.message)
        reading.scores = {team.id: no_score(bad.message) for team in teams}
    for team, target in reading.targets.items():
        reading.scores[team] = _explained(card, reading.scores[team], target, due)
    reading.notes = tuple(notes)
    return reading


def applies(card: Indicator, team: Assessed) -> bool:
    """Whether the indicator is one of the team's: 共同 is for counties and districts, 职能 for departments."""
    if card.team:
        return team.id == card.team
    if card.category:
        return team.category == card.category
    return team.category in DISTRICT_CATEGORIES


def _explained(card: Indicator, score: Score, target: Target, due: Decimal) -> Score:
    """The score with its target spelled out, and for a 特色 indicator with the approved difficulty, at most 100."""
    if score.value is None or "目标" not in score.inputs:
        return score
    raised = target.difficulty if card.block == "特色" else Decimal(1)
    with localcontext(PRECISION):
        value = score.value * raised
    capped = card.block == "特色" and value > CAP
    result = CAP if capped else value

    def words() -> str:
        first = f"序时目标 = {plain(target.value)} × {plain(due)} = {plain(target.value * due)}；" if due != 1 else ""
        harder = f"；难度系数 {plain(raised)}（{target.document_no}）" if raised != 1 else ""
        limit = "；100 分封顶" if capped else ""
        return f"{first}{score.formula}{harder}{limit}" + (f" = {show(result)}" if harder or limit else "")

    flags = (*score.flags, f"难度系数 {plain(raised)}") if raised != 1 else score.flags
    return Score(result, words, score.inputs, flags)


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
