"""核心指标 "4" of 4+3+2: S4 of every county and district for a quarter (domain.md §1.1).

The four digits are counts, not weights: the weights are the book's (`core`, 25 each by default). A figure that is not
out yet is left out and flagged 暂缺 with its weight, never a zero. Results are in roster order and are no ranking.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal, localcontext

from sqlalchemy.orm import Session

from appraisal.books import book_of
from appraisal.decimals import HUNDRED, PRECISION
from appraisal.drilldown import Part, ScoreNode, weighted_node
from appraisal.figures import Assessed, Figures, load_figures
from appraisal.periods import period_key, period_of_quarter
from appraisal.ranking import DISTRICT_CATEGORIES
from appraisal.readings import Reading, read_indicator
from appraisal.team_scores import score_tree
from appraisal.year_book import YearBook


@dataclass(frozen=True)
class CoreLine:
    """One of the four for one team. value: cumulative from 1 January, None is missing (see status), never zero.

    growth: official, percent; progress: completion of the year's target against its schedule, percent (100 = on time),
    None without a target; score: 0-100 or None; never_rank: no list may be ordered by this indicator (GDP, R-33).
    """

    code: str
    name: str
    unit: str
    weight: Decimal
    value: Decimal | None
    growth: Decimal | None
    status: str
    version: int
    target: Decimal | None
    progress: Decimal | None
    score: Decimal | None
    never_rank: bool


@dataclass(frozen=True)
class CoreFour:
    """S4 of one team: `node` is the tree (value, formula, flags, completeness in percent, cells with versions)."""

    team: Assessed
    period: str
    book: str
    node: ScoreNode
    lines: tuple[CoreLine, ...]

    @property
    def score(self) -> Decimal | None:
        """S4 at full precision, None where nothing is out yet."""
        return self.node.value

    @property
    def complete(self) -> Decimal:
        """Percent of the weight that had data."""
        return self.node.complete


def core_four(
    session: Session, quarter: str, *, book: YearBook | None = None, figures: Figures | None = None
) -> dict[str, CoreFour]:
    """Team id -> S4 for every county and district, in roster order. quarter: 2025Q3 or 2025Q3累计, 2024Q4 or 2024年.

    By default the approved book of the year and the newest figures; pass both to compute from a pin
    (`pins.pinned_state`). Empty when the book names no core indicators.
    """
    period = period_of_quarter(quarter)
    chosen = book or book_of(session, period)
    loaded = figures or load_figures(session, chosen.core, period)
    readings = [read_indicator(chosen.cards[code], loaded, period, chosen) for code in chosen.core]
    if not readings:
        return {}
    result = {}
    for team in loaded.teams:
        if team.category in DISTRICT_CATEGORIES:
            parts = [_part(reading, team, chosen) for reading in readings]
            node = weighted_node("核心指标", parts)
            lines = tuple(_line(reading, team, chosen) for reading in readings)
            result[team.id] = CoreFour(team, period, chosen.name, node, lines)
    return result


def _part(reading: Reading, team: Assessed, book: YearBook) -> Part:
    weight = book.core[reading.card.code]
    if team.id not in reading.scores:
        reason = book.exempt.get((team.id, reading.card.code), "")
        return Part(ScoreNode(reading.card.name, None, f"不适用：{reason}", complete=Decimal(0)), weight, False)
    return Part(score_tree(reading, team.id), weight)


def _line(reading: Reading, team: Assessed, book: YearBook) -> CoreLine:
    card, period = reading.card, reading.period
    point, target = reading.figures.point(card.code, team.id, period), reading.targets.get(team.id)
    progress = None
    if point and point.value is not None and target and target.value > 0:
        with localcontext(PRECISION):
            progress = HUNDRED * point.value / target.value / book.due(card, period_key(period)[1])
    score = reading.scores[team.id].value if team.id in reading.scores else None
    return CoreLine(
        card.code, card.name, card.unit, book.core[card.code], point.value if point else None,
        point.growth if point else None, point.status if point else "未出数", point.version if point else 0,
        target.value if target else None, progress, score, card.never_rank,
    )  # fmt: skip
