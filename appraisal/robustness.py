"""稳健性: how far the order inside a category moves when weights and figures move a little (domain.md §1.13).

A difference of 0.3 points is noise. So an order is shown as a band of positions (5-95 % of seeded resamples), computed
in whole millionths of a point: the same seed gives the same bands on every machine. Only composites inside one
category are looked at, never a single indicator, and never a category of fewer than three teams.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from appraisal.assessment import Assessment, compute
from appraisal.decimals import TIE
from appraisal.figures import Figures, Point
from appraisal.ranking import mid_ranks

Whole = npt.NDArray[np.int64]
MILLION = 1_000_000
SEED = 20251016
DRAWS = 1000
REPLICAS = 8  # scorings of the figures with noise; each draw takes one of them for each indicator
MIN_TEAMS = 3
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
    replicas = [made, *(_noisy(made, shaken, random) for _ in range(REPLICAS))]
    factors: dict[str, Whole] = {}
    picks: dict[str, Whole] = {}
    step = int(shaken.weights * FINEST)

    def factor(name: str) -> Whole:
        if name not in factors:
            factors[name] = random.integers(FINEST - step, FINEST + step, draws, np.int64, endpoint=True)
        return factors[name]

    def pick(name: str) -> Whole:
        if name not in picks:
            picks[name] = random.integers(0, len(replicas), draws, np.int64)
        return picks[name]

    result: dict[str, PositionBand] = {}
    for category in made.categories:
        nodes = made.category(category)
        scored = {key: node.value for key, node in nodes.items() if node.value is not None}
        lines = {key: _scores(key, replicas, factor, pick, draws) for key in scored}
        result |= _bands(list(nodes), scored, lines)
    return {key: result[key] for key in made.nodes}


def _bands(
    teams: Sequence[str], scored: Mapping[str, Decimal], lines: Mapping[str, Whole]
) -> dict[str, PositionBand]:
    few = len(scored) < MIN_TEAMS
    places = {} if few else mid_ranks(scored)
    table = np.stack([lines[key] for key in scored]) if scored else np.zeros((0, 0), np.int64)
    tie = int(TIE * MILLION)
    found = {}
    for key in teams:
        if key not in scored:
            found[key] = PositionBand(key, None, None, None, len(scored), None, "未出分")
            continue
        own = lines[key]
        spread = tuple(Decimal(int(end)) / MILLION for end in _ends(own))
        if few:
            note = f"同类不足 {MIN_TEAMS} 个，不列位次"
            found[key] = PositionBand(key, None, None, None, len(scored), (spread[0], spread[1]), note)
            continue
        low, high = _ends(1 + (table > own + tie).sum(axis=0))
        band = PositionBand(key, places[key], int(low), int(high), len(scored), (spread[0], spread[1]))
        found[key] = band
    return found


def _scores(key: str, replicas: Sequence[Assessment], factor: Any, pick: Any, draws: int) -> Whole:
    """The team's composite in every draw, in millionths of a point."""
    book, node = replicas[0].book, replicas[0].nodes[key]
    weights = book.districts if any(child.label == "共同指标" for child in node.children) else book.departments
    top, base = np.zeros(draws, np.int64), np.zeros(draws, np.int64)
    for (block, weight), child in zip(weights.items(), node.children, strict=True):
        if child.value is None:
            continue
        spot = list(weights).index(block)
        share = int(weight * FINEST) * factor(f"block {block}") // FINEST
        if child.children:
            block_score = _block([r.nodes[key].children[spot] for r in replicas], replicas[0], key, factor, pick)
        else:
            block_score = np.full(draws, int(child.value * MILLION), np.int64)
        top += share * block_score
        base += share
    return np.asarray(top // base, np.int64)


def _block(children: Sequence[Any], made: Assessment, key: str, factor: Any, pick: Any) -> Whole:
    """A block's score in every draw: indicators that have a score in all replicas, by shaken weights."""
    cards = {card.name: card for card in made.book.cards.values()}
    top: Any = 0
    base: Any = 0
    for at, leaf in enumerate(children[0].children):
        card = cards.get(leaf.label)
        if leaf.value is None or card is None:
            continue
        column = np.array(
            [int((child.children[at].value if child.children[at].value is not None else leaf.value) * MILLION)
             for child in children], np.int64,
        )  # fmt: skip
        share = int(card.weight * FINEST) * factor(card.code) // FINEST
        top = top + share * column[pick(card.code)]
        base = base + share
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
    return replace(compute(period, made.book, shaken, made.outside), readings={})


def _ends(values: Whole) -> tuple[int, int]:
    """The 5 % and 95 % points of whole numbers, as members of the sample."""
    ordered = np.sort(values)
    last = len(ordered) - 1
    return int(ordered[last * 5 // 100]), int(ordered[-(-last * 95 // 100)])


def _fifth(place: int, of: int) -> str:
    """Which part of the category a place lies in, by its mid-rank."""
    twice = 2 * place - 1  # p = (place − 0.5)/of against 1/5 and 4/5
    return "前 20%" if 5 * twice < 2 * of else "后 20%" if 5 * twice > 8 * of else "20%～80%"
