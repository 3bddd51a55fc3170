"""稳健性: how far the order inside a category moves when weights and figures move a little (domain.md §1.13).

A difference of 0.3 points is noise. So an order is shown as a band of positions (5-95 % of seeded resamples), computed
in whole millionths of a point: the same seed gives the same bands on every machine. Only composites inside one
category are looked at, never a single indicator, and never a category of fewer than three teams.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal

import numpy as np
import numpy.typing as npt

from appraisal.assessment import Assessment, compute
from appraisal.book import Indicator
from appraisal.composite import OUTSIDE, is_district
from appraisal.decimals import TIE
from appraisal.drilldown import ScoreNode
from appraisal.figures import Figures, Point
from appraisal.ranking import mid_ranks

Whole = npt.NDArray[np.int64]
Sheet = dict[str, tuple[tuple[int | None, ...], ...]]  # team -> block -> indicator
MILLION = 1_000_000
SEED = 20251016
DRAWS = 1000
REPLICAS = 8  # scorings of the figures with noise; each draw takes one of them for each indicator
MIN_TEAMS = 3
MIN_COMPLETE = 60  # percent of the weight with data, below which a place would say more than the figures do
FINEST = 1000  # weights and noise move in thousandths


@dataclass(frozen=True)
class Noise:
    """How much is shaken. weights: each weight by up to ±; figures: by the status of a figure, relative; growth: pp."""

    weights: Decimal = Decimal("0.10")
    preliminary: Decimal = Decimal("0.01")
    final: Decimal = Decimal("0.002")
    growth: Decimal = Decimal("0.1")


@dataclass(frozen=True)
class PositionBand:
    """One team's place among `of` teams of its category. low..high: 5-95 % of the resamples; 1 is the best place.

    spread: 5-95 % of the score. position: None where no place may be given (see note).
    """

    team_id: str
    position: Decimal | None
    low: int | None
    high: int | None
    of: int
    spread: tuple[Decimal, Decimal] | None
    note: str = ""

    @property
    def text(self) -> str:
        """第 2～4 位（共 5 个）, or why there is none."""
        if self.low is None or self.high is None:
            return self.note
        span = f"第 {self.low} 位" if self.low == self.high else f"第 {self.low}～{self.high} 位"
        return f"{span}（共 {self.of} 个）"

    @property
    def third(self) -> str:
        """前 20%, 20%～80% or 后 20% of the category when the whole band lies there, else 跨档 (domain.md §1.13)."""
        if self.low is None or self.high is None:
            return ""
        ends = {_fifth(place, self.of) for place in (self.low, self.high)}
        return ends.pop() if len(ends) == 1 else "跨档"


def position_bands_of(
    made: Assessment, *, noise: Noise | None = None, draws: int = DRAWS, seed: int = SEED
) -> dict[str, PositionBand]:
    """Team -> band of positions inside its category, for all categories of an assessment, in roster order."""
    shaken = noise or Noise()
    random = np.random.Generator(np.random.PCG64(seed))
    sheets = [_sheet(made), *(_sheet(_noisy(made, shaken, random)) for _ in range(REPLICAS))]
    chance = _Chance(random, draws, int(shaken.weights * FINEST), len(sheets))
    result: dict[str, PositionBand] = {}
    for category in made.categories:
        nodes = made.category(category)
        scored = {key: node.value for key, node in nodes.items() if node.value is not None}
        lines = {key: _scores(made, key, sheets, chance) for key in scored}
        placed = {key: value for key, value in scored.items() if nodes[key].complete >= MIN_COMPLETE}
        result |= _bands(list(nodes), placed, lines)
    return {key: result[key] for key in made.nodes}


@dataclass
class _Chance:
    """The same draw shakes a weight for all teams alike: factors by block or indicator, and replicas by indicator."""

    random: np.random.Generator
    draws: int
    step: int
    replicas: int
    factors: dict[str, Whole] = field(default_factory=dict)
    picks: dict[str, Whole] = field(default_factory=dict)

    def factor(self, name: str) -> Whole:
        """A weight's factor in every draw, in thousandths."""
        if name not in self.factors:
            ends = (FINEST - self.step, FINEST + self.step)
            self.factors[name] = self.random.integers(*ends, self.draws, np.int64, endpoint=True)
        return self.factors[name]

    def pick(self, name: str) -> Whole:
        """Which scoring of the figures counts in every draw."""
        if name not in self.picks:
            self.picks[name] = self.random.integers(0, self.replicas, self.draws, np.int64)
        return self.picks[name]


def _sheet(made: Assessment) -> Sheet:
    """Scores of all indicators by team and block, in millionths of a point; the rest of an assessment is let go."""
    return {
        key: tuple(
            tuple(None if leaf.value is None else int(leaf.value * MILLION) for leaf in child.children)
            for child in node.children
        )
        for key, node in made.nodes.items()
    }


def _bands(teams: Sequence[str], placed: Mapping[str, Decimal], lines: Mapping[str, Whole]) -> dict[str, PositionBand]:
    """Bands of a category: lines of all teams with a score, places of those whose figures are complete enough."""
    few, size = len(placed) < MIN_TEAMS, len(placed)
    places = {} if few else mid_ranks(placed)
    positions = {} if few else _positions({key: lines[key] for key in placed})
    found = {}
    for key in teams:
        if key not in lines:
            found[key] = PositionBand(key, None, None, None, size, None, "未出分")
            continue
        bottom, top = (Decimal(end) / MILLION for end in _ends(lines[key]))
        if key not in placed:
            note = f"数据完整度不足 {MIN_COMPLETE}%，不列位次"
            found[key] = PositionBand(key, None, None, None, size, (bottom, top), note)
        elif few:
            note = f"同类不足 {MIN_TEAMS} 个，不列位次"
            found[key] = PositionBand(key, None, None, None, size, (bottom, top), note)
        else:
            low, high = _ends(positions[key])
            found[key] = PositionBand(key, places[key], low, high, size, (bottom, top))
    return found


def _positions(lines: Mapping[str, Whole]) -> dict[str, Whole]:
    """Place of every team in every draw: one more than the number of teams that are better by more than a tie."""
    table = np.stack(list(lines.values()))
    tie, size = int(TIE * MILLION), len(table)
    places = np.empty_like(table)
    for draw in range(table.shape[1]):
        column = table[:, draw]
        places[:, draw] = 1 + size - np.searchsorted(np.sort(column), column + tie, "right")
    return dict(zip(lines, places, strict=True))


def _scores(made: Assessment, key: str, sheets: Sequence[Sheet], chance: _Chance) -> Whole:
    """The team's composite in every draw, in millionths of a point."""
    book, node = made.book, made.nodes[key]
    weights = book.districts if is_district(made.teams[key]) else book.departments
    top, base = np.zeros(chance.draws, np.int64), np.zeros(chance.draws, np.int64)
    for spot, ((block, weight), child) in enumerate(zip(weights.items(), node.children, strict=True)):
        if child.value is None:
            continue
        share = int(weight * FINEST) * chance.factor(f"block {block}") // FINEST
        if block not in OUTSIDE:
            score = _block(child.children, [sheet[key][spot] for sheet in sheets], made.by_name, chance)
        else:
            score = np.full(chance.draws, int(child.value * MILLION), np.int64)
        top += share * score
        base += share
    return np.asarray(top // base, np.int64)


def _block(
    leaves: Sequence[ScoreNode], columns: Sequence[Sequence[int | None]], cards: Mapping[str, Indicator],
    chance: _Chance,
) -> Whole:  # fmt: skip
    """A block's score in every draw: the indicators that have a score, by shaken weights."""
    top, base = np.zeros(chance.draws, np.int64), np.zeros(chance.draws, np.int64)
    for at, leaf in enumerate(leaves):
        card, exact = cards.get(leaf.label), columns[0][at]
        if card is None or exact is None:
            continue
        scores = np.array([exact if (one := column[at]) is None else one for column in columns], np.int64)
        share = int(card.weight * FINEST) * chance.factor(card.code) // FINEST
        top += share * scores[chance.pick(card.code)]
        base += share
    return np.asarray(np.minimum(top // base, 100 * MILLION), np.int64)


def _noisy(made: Assessment, noise: Noise, random: np.random.Generator) -> Assessment:
    """The assessment with every figure of its period moved a little, official growth included."""
    figures, period = made.figures, made.period
    keys = [key for key, point in figures.points.items() if key[2] == period and point.value is not None]
    moves = random.integers(-FINEST, FINEST, (len(keys), 2), np.int64, endpoint=True)
    moved: dict[tuple[str, str, str], Point] = {}
    for key, (one, two) in zip(keys, moves, strict=True):
        point = figures.points[key]
        size = noise.preliminary if point.status == "初步" else noise.final
        value = point.value * (1 + size * int(one) / FINEST) if point.value is not None else None
        growth = point.growth + noise.growth * int(two) / FINEST if point.growth is not None else None
        moved[key] = point._replace(value=value, growth=growth)
    shaken = Figures(figures.teams, {**figures.points, **moved}, figures.city, figures.targets)
    return compute(period, made.book, shaken, made.outside)


def _ends(values: Whole) -> tuple[int, int]:
    """The 5 % and 95 % points of whole numbers, as members of the sample."""
    ordered = np.sort(values)
    last = len(ordered) - 1
    return int(ordered[last * 5 // 100]), int(ordered[-(-last * 95 // 100)])


def _fifth(place: int, of: int) -> str:
    """Which part of the category a place lies in, by its mid-rank."""
    twice = 2 * place - 1  # p = (place − 0.5)/of against 1/5 and 4/5
    return "前 20%" if 5 * twice < 2 * of else "后 20%" if 5 * twice > 8 * of else "20%～80%"
