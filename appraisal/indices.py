"""纵向比增速、横向比份额: the two indices and the score that joins them (domain.md §1.6-§1.8)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from appraisal.decimals import PRECISION, operand, show
from appraisal.growth import GrowthResult, GrowthSeries, mean_growth
from appraisal.proportional import anchored, min_max
from appraisal.score import Score, no_score
from appraisal.shares import ShareResult, ShareTable, share_change, share_sentence
from storage.errors import ShijiError

__all__ = [
    "DEFAULT_ALPHA",
    "Anchors",
    "Composite",
    "GrowthResult",
    "GrowthSeries",
    "ShareResult",
    "ShareTable",
    "combine",
    "mean_growth",
    "share_change",
    "share_sentence",
]

DEFAULT_ALPHA = Decimal("0.4")


@dataclass(frozen=True)
class Anchors:
    """Fixed ends of the 功效系数: `bad` gives 60 points and `good` gives 100, clipped (domain.md §1.8)."""

    bad: Decimal
    good: Decimal


@dataclass(frozen=True)
class Composite:
    """C = α·F(D) + (1−α)·F(G) of one team, with both transformed parts."""

    share_part: Score
    growth_part: Score
    score: Score


def combine(
    share: Mapping[str, Decimal | None],
    growth: Mapping[str, Decimal | None],
    *,
    alpha: Decimal = DEFAULT_ALPHA,
    share_anchors: Anchors | None = None,
    growth_anchors: Anchors | None = None,
) -> dict[str, Composite]:
    """Join share change D (percentage points) and growth index G of the teams of one category.

    Without anchors F is min-max over the teams present (three or more are needed); with anchors F is fixed, and a
    team's score does not depend on who else is compared. Order is the order given: this is no ranking (R-33).
    Raises ShijiError COMPOSITE-ALPHA for alpha outside [0, 1].
    """
    if not 0 <= alpha <= 1:
        raise ShijiError("COMPOSITE-ALPHA", f"份额权重 α 应在 0 与 1 之间，现为 {alpha}", "份额与增速合成", "请改 α")
    teams = list(dict.fromkeys([*share, *growth]))
    share_parts = _transform({team: share.get(team) for team in teams}, share_anchors)
    growth_parts = _transform({team: growth.get(team) for team in teams}, growth_anchors)
    return {
        team: Composite(share_parts[team], growth_parts[team], _join(share_parts[team], growth_parts[team], alpha))
        for team in teams
    }


def _transform(values: Mapping[str, Decimal | None], anchors: Anchors | None) -> dict[str, Score]:
    if anchors is None:
        return min_max(values, points=Decimal(100))
    return {team: anchored(value, bad=anchors.bad, good=anchors.good) for team, value in values.items()}


def _join(share: Score, growth: Score, alpha: Decimal) -> Score:
    flags = tuple([f"份额：{flag}" for flag in share.flags] + [f"增速：{flag}" for flag in growth.flags])
    if share.value is None or growth.value is None:
        return no_score(*(flags or ("份额或增速缺一，不合成",)))
    with localcontext(PRECISION):
        value = alpha * share.value + (1 - alpha) * growth.value
    halves = (share.value, growth.value)

    def words() -> str:
        rest = operand(1 - alpha)
        return f"{operand(alpha)} × {show(halves[0])} + {rest} × {show(halves[1])} = {show(value)}"

    return Score(value, words, {"α": alpha, "F(D)": share.value, "F(G)": growth.value}, flags)
