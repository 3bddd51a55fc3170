"""五档折算: the three readings of "five bands", 10a standards, 10b positions, 10c ratings (domain.md §1.10)."""

import itertools
from collections.abc import Mapping, Sequence
from decimal import ROUND_FLOOR, Decimal, localcontext
from functools import partial

from appraisal.decimals import HUNDRED, PRECISION, TIE, operand, plain
from appraisal.proportional import MISSING, Direction
from appraisal.ranking import mid_ranks
from appraisal.score import Score, equation, no_score
from storage.errors import ShijiError

BAND_NAMES = ("优秀", "良好", "平均", "较低", "较差")
COEFFICIENTS = tuple(Decimal(text) for text in ("1.0", "0.8", "0.6", "0.4", "0.2"))
BAND_POINTS = tuple(Decimal(number) for number in (100, 90, 80, 70, 60))
RATINGS: Mapping[str, Decimal] = {
    "好": Decimal(100),
    "较好": Decimal(85),
    "一般": Decimal(70),
    "较差": Decimal(55),
    "差": Decimal(40),
}
MIN_POSITIONS = 5


def standard_bands(
    value: Decimal | None,
    standards: Sequence[Decimal],
    *,
    points: Decimal = HUNDRED,
    coefficients: Sequence[Decimal] = COEFFICIENTS,
    floor: Decimal = Decimal(0),
) -> Score:
    """10a: five standard values, best first, with linear steps inside a band; below the worst, points·floor.

    standards may fall (higher is better) or rise (lower is better) but must be strictly ordered; floor is 0 or, by
    choice, the last coefficient. Raises ShijiError METHOD-PARAMETER otherwise.
    """
    steps = [a - b for a, b in itertools.pairwise(standards)]
    if len(standards) != 5 or len(coefficients) != 5 or not (all(s > 0 for s in steps) or all(s < 0 for s in steps)):
        raise ShijiError("METHOD-PARAMETER", "五档标准值应为五个且依次递减或递增", "五档折算", "请改标准值")
    if any(a <= b for a, b in itertools.pairwise(coefficients)):
        raise ShijiError("METHOD-PARAMETER", "五档系数应依次递减", "五档折算", "请改系数")
    if value is None:
        return no_score(MISSING)
    higher = steps[0] > 0
    inputs = {"实际": value, **dict(zip((f"{name}值" for name in BAND_NAMES), standards, strict=False))}
    if value == standards[0] or (value > standards[0]) == higher:
        reached = value
        return Score(
            points,
            lambda: equation(f"{plain(reached)} 达到优秀值 {plain(standards[0])}，满分", points),
            inputs,
            ("优秀档",),
        )
    for index in range(1, 5):
        here, above = standards[index], standards[index - 1]
        if value != here and (value > here) != higher:
            continue
        with localcontext(PRECISION):
            base, top = points * coefficients[index], points * coefficients[index - 1]
            result = base + (value - here) / (above - here) * (top - base)
        words = partial(_between, value, here, above, base, top, result)
        return Score(result, words, inputs, (f"{BAND_NAMES[index]}档",))
    with localcontext(PRECISION):
        result = points * floor
    return Score(
        result, equation(f"{plain(value)} 未达较差值 {plain(standards[4])}，得分", result), inputs, ("未达较差值",)
    )


def position_bands(
    values: Mapping[str, Decimal | None],
    *,
    points: Sequence[Decimal] = BAND_POINTS,
    weight: Decimal = HUNDRED,
    direction: Direction = "up",
    tie: Decimal = TIE,
) -> dict[str, Score]:
    """10b: mid-rank percentile p = (rank − 0.5)/n, band floor(5p) + 1. Fewer than five teams: no score.

    Ranks are used to find the band and are not returned. The caller must have checked `assert_rankable` and the
    category; `methods.score_group` does. Each score below the first band says how far it is from the band above.
    """
    if len(points) != 5:
        raise ShijiError("METHOD-PARAMETER", "五档分值应为五个", "五档折算", "请改分值")
    present = {team: value for team, value in values.items() if value is not None}
    n = len(present)
    if n < MIN_POSITIONS:
        why = f"同类可比单位不足 {MIN_POSITIONS} 个，位次五档不适用，请改用标准值五档或满意值法"
        return {team: no_score(why if team in present else MISSING) for team in values}
    bands = {team: _band(rank, n) for team, rank in mid_ranks(present, direction=direction, tie=tie).items()}
    scores: dict[str, Score] = {}
    for team, value in values.items():
        if value is None:
            scores[team] = no_score(MISSING)
            continue
        band = bands[team]
        with localcontext(PRECISION):
            result = points[band - 1] * weight / HUNDRED
        better = [present[other] for other, other_band in bands.items() if other_band < band]
        flags = [f"第{'一二三四五'[band - 1]}档"]
        if better:
            with localcontext(PRECISION):
                gap = min(better) - value if direction == "up" else value - max(better)
            flags.append(f"距上一档 {plain(gap)}")
        if len(set(bands.values())) == 1:
            flags.append("各单位数值相同，无区分度")
        core = f"{plain(points[band - 1])} 分"
        if weight != HUNDRED:
            core += f" × {plain(weight)} ÷ 100"
        scores[team] = Score(
            result,
            equation(f"实际 {plain(value)}，同类 {n} 个单位五档中列{flags[0]}，{core}", result),
            {"实际": value, "档次": Decimal(band)},
            tuple(flags),
        )
    return scores


def rating_band(rating: str | None, *, points: Decimal = HUNDRED, ratings: Mapping[str, Decimal] = RATINGS) -> Score:
    """10c: a human rating 好/较好/一般/较差/差 as points. An unknown rating gives no score, with its reason."""
    if rating is None or not rating.strip():
        return no_score("未评定")
    grade = ratings.get(rating.strip())
    if grade is None:
        return no_score(f"评定等次“{rating.strip()}”不在{'、'.join(ratings)}之内")
    with localcontext(PRECISION):
        result = grade * points / HUNDRED
    core = f"{plain(grade)} 分" if points == HUNDRED else f"{plain(grade)} 分 × {plain(points)} ÷ 100"
    return Score(result, equation(f"评定“{rating.strip()}”，{core}", result), {"评定分": grade})


def _between(value: Decimal, here: Decimal, above: Decimal, base: Decimal, top: Decimal, result: Decimal) -> str:
    """The linear step inside a band, written out."""
    core = (
        f"{plain(base)} +（{plain(value)} − {operand(here)}）÷（{plain(above)} − {operand(here)}）"
        f"×（{plain(top)} − {plain(base)}）"
    )
    return equation(core, result)


def _band(rank: Decimal, n: int) -> int:
    """Band 1 (best) to 5 of a mid-rank among n."""
    with localcontext(PRECISION):
        share = 5 * (rank - Decimal("0.5")) / n
    return min(int(share.to_integral_value(ROUND_FLOOR)) + 1, 5)
