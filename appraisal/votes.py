"""9g 票数折算: points of a survey, without giving away small groups of voters (domain.md §1.5, §1.9)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal, localcontext

from appraisal.decimals import HUNDRED, PRECISION, plain, show, total
from appraisal.score import Score, equation, no_score
from storage.errors import ShijiError

GRADES: Mapping[str, Decimal] = {
    "好": Decimal(100),
    "较好": Decimal(80),
    "一般": Decimal(60),
    "较差": Decimal(40),
}
SECRET_BELOW = 5  # domain.md §1.5: a class of fewer ballots is not shown on its own


@dataclass(frozen=True)
class BallotClass:
    """The ballots of one kind of voter: grade -> number of valid ballots, and the weight of the kind."""

    name: str
    counts: Mapping[str, int]
    weight: Decimal


def survey(counts: Mapping[str, int], *, points: Decimal = HUNDRED, grades: Mapping[str, Decimal] = GRADES) -> Score:
    """Σ votes·value / valid ballots. Fewer than five ballots: no score on its own.

    Raises ShijiError SURVEY-BALLOT for an unknown grade or a negative count.
    """
    mean, ballots = _mean(counts, grades)
    if mean is None:
        return no_score("没有有效票")
    if ballots < SECRET_BELOW:
        return no_score(f"有效票不足 {SECRET_BELOW} 张，不单独显示")
    with localcontext(PRECISION):
        value = mean * points / HUNDRED
    terms = " + ".join(f"{count} × {plain(grades[grade])}" for grade, count in counts.items())
    core = f"（{terms}）÷ {ballots}"
    if points != HUNDRED:
        core = f"{plain(points)} × {core} ÷ 100"
    return Score(value, equation(core, value), {"有效票": Decimal(ballots)})


def weighted_survey(
    classes: tuple[BallotClass, ...], *, points: Decimal = HUNDRED, grades: Mapping[str, Decimal] = GRADES
) -> Score:
    """Means of several ballot classes by weight, over the classes that have ballots.

    If any class has fewer than five ballots, no class mean is written out: the others would give it away. If all
    ballots together are fewer than five, or a small class stands alone, there is no result at all.
    """
    if any(item.weight < 0 for item in classes):
        raise ShijiError("SURVEY-BALLOT", "票类权重为负", "票数折算", "请改权重")
    means = [(item, *_mean(item.counts, grades)) for item in classes]
    counted = [(item, mean, ballots) for item, mean, ballots in means if mean is not None]
    counted = [entry for entry in counted if entry[0].weight > 0]  # a class without weight must not be derived from
    weight = total(item.weight for item, _, _ in counted)
    if not counted or weight == 0:
        return no_score("没有有效票")
    small = any(ballots < SECRET_BELOW for _, _, ballots in counted)
    if small and (len(counted) == 1 or sum(ballots for _, _, ballots in counted) < SECRET_BELOW):
        return no_score(f"有效票不足 {SECRET_BELOW} 张，不单独显示")
    with localcontext(PRECISION):
        mean_all = total(item.weight * mean for item, mean, _ in counted) / weight
        value = mean_all * points / HUNDRED
    flags = tuple(f"{item.name}没有有效票，权重由其余票类分担" for item, mean, _ in means if mean is None)
    if small:
        return Score(
            value,
            f"各类票加权平均 = {show(value)}",
            {},
            (*flags, f"有票类不足 {SECRET_BELOW} 张，不分类显示"),
        )
    terms = " + ".join(f"{item.name} {show(mean)} × {plain(item.weight)}" for item, mean, _ in counted)
    core = f"（{terms}）÷ {plain(weight)}"
    if points != HUNDRED:
        core = f"{plain(points)} × {core} ÷ 100"
    return Score(value, equation(core, value), {item.name: mean for item, mean, _ in counted}, flags)


def _mean(counts: Mapping[str, int], grades: Mapping[str, Decimal]) -> tuple[Decimal | None, int]:
    """Mean on a scale of 100 and the number of valid ballots."""
    for grade, count in counts.items():
        if grade not in grades or count < 0:
            raise ShijiError(
                "SURVEY-BALLOT", f"票数有误：{grade} {count}", "票数折算", f"等次应为{'、'.join(grades)}，票数应不为负"
            )
    ballots = sum(counts.values())
    if ballots == 0:
        return None, 0
    with localcontext(PRECISION):
        return total(grades[grade] * count for grade, count in counts.items()) / ballots, ballots
