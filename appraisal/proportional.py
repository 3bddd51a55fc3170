"""比例折算: the catalogue 9a-9g, each giving points and the sum that led there (domain.md §1.9)."""

from collections.abc import Mapping
from decimal import Decimal, localcontext
from functools import partial
from typing import Literal

from appraisal.decimals import HUNDRED, PRECISION, operand, plain
from appraisal.score import Score, Words, equation, no_score, written
from storage.errors import ShijiError

Direction = Literal["up", "down"]
Values = Mapping[str, Decimal | None]
MISSING = "缺报，暂不计分"
MIN_GROUP = 3  # domain.md §1.4: min-max is meaningless for a class of fewer than three


def completion(
    actual: Decimal | None,
    target: Decimal | None,
    *,
    points: Decimal = HUNDRED,
    cap: Decimal = Decimal(1),
    slope: Decimal | None = None,
) -> Score:
    """9a 目标完成率法: points·min(a/b, cap).

    A target of 0 gives no score; a negative one (a planned decline) uses points·clip(1 − slope·(b−a)) and needs
    slope, the share of the points lost for each unit missed.
    """
    if actual is None:
        return no_score(MISSING)
    if target is None:
        return no_score("未定目标")
    inputs = {"实际": actual, "目标": target}
    with localcontext(PRECISION):
        if target == 0:
            return no_score("目标为零，完成率无定义，请改用差值法或里程碑", inputs=inputs)
        if target < 0:
            if slope is None:
                return no_score("目标为负，须事先确定差值法系数", inputs=inputs)
            part, flag = _clip(1 - slope * (target - actual), Decimal(0), Decimal(1))
            core = f"［1 − {operand(slope)} ×（{plain(target)} − {operand(actual)}）］"
            return _points(points, part, core, inputs, ("目标为负，用差值法", *flag))
        part, flag = _clip(actual / target, Decimal(0), cap)
        return _points(points, part, partial(_quotient, actual, target), inputs, flag)


def ratio_to_best(values: Values, *, points: Decimal = HUNDRED) -> dict[str, Score]:
    """9b 最高值比例法: points·x/max. Needs a ratio scale: no negative value and a maximum above 0."""
    present = {team: value for team, value in values.items() if value is not None}
    if not present:
        return {team: no_score(MISSING) for team in values}
    best, least = max(present.values()), min(present.values())
    if best <= 0 or least < 0:
        why = "有负值或最高值不大于零，最高值比例法不适用"
        return {team: no_score(why if team in present else MISSING) for team in values}
    scores = {}
    for team, value in values.items():
        if value is None:
            scores[team] = no_score(MISSING)
            continue
        with localcontext(PRECISION):
            part = value / best
        inputs = {"实际": value, "最高值": best}
        scores[team] = _points(points, part, partial(_quotient, value, best), inputs, ())
    return scores


def min_max(
    values: Values,
    *,
    points: Decimal = HUNDRED,
    floor: Decimal = Decimal("0.6"),
    direction: Direction = "up",
    equal: Decimal = Decimal(1),
) -> dict[str, Score]:
    """9c 功效系数法（极差）: points·[c + (1−c)·(x−min)/(max−min)], c = floor.

    Fewer than three values: no score. All equal: points·equal for everyone, flagged 无区分度.
    """
    _fraction("功效系数底分 c", floor)
    present = {team: value for team, value in values.items() if value is not None}
    if 0 < len(present) < MIN_GROUP:
        why = f"同类可比单位不足 {MIN_GROUP} 个，极差法不适用，请改用目标值或固定标准"
        return {team: no_score(why if team in present else MISSING) for team in values}
    scores = {}
    low, high = (min(present.values()), max(present.values())) if present else (Decimal(0), Decimal(0))
    for team, value in values.items():
        if value is None:
            scores[team] = no_score(MISSING)
            continue
        inputs = {"实际": value, "最低": low, "最高": high, "c": floor}
        if low == high:
            scores[team] = _points(points, equal, plain(equal), inputs, ("各单位数值相同，无区分度",))
            continue
        worst, best = (low, high) if direction == "up" else (high, low)
        with localcontext(PRECISION):
            part = floor + (1 - floor) * (value - worst) / (best - worst)
        scores[team] = _points(points, part, partial(_spread, floor, value, worst, best), inputs, ())
    return scores


def anchored(
    value: Decimal | None,
    *,
    bad: Decimal,
    good: Decimal,
    points: Decimal = HUNDRED,
    base: Decimal = Decimal(60),
    span: Decimal = Decimal(40),
    low: Decimal = Decimal(60),
    high: Decimal = Decimal(100),
) -> Score:
    """9c′ 满意值/不允许值: base + span·(x−bad)/(good−bad), clipped to [low, high], on a scale of 100.

    For lower-is-better give bad > good. Raises ShijiError METHOD-PARAMETER if the two anchors are equal.
    """
    if good == bad:
        raise ShijiError("METHOD-PARAMETER", "满意值与不允许值相同", "满意值法", "请改标准值")
    if value is None:
        return no_score(MISSING)
    with localcontext(PRECISION):
        raw = base + span * (value - bad) / (good - bad)
        clipped, flag = _clip(raw, low, high)
        result = clipped * points / HUNDRED
    given = value

    def words() -> str:
        core = f"{plain(base)} + {plain(span)} ×（{plain(given)} − {operand(bad)}）÷（{plain(good)} − {operand(bad)}）"
        if points != HUNDRED:
            core = f"{plain(points)} ×［{core}］÷ 100"
        return equation(f"{core}{_limit(flag)}", result)

    return Score(result, words, {"实际": value, "不允许值": bad, "满意值": good}, flag)


def inverse(
    actual: Decimal | None,
    target: Decimal | None,
    *,
    points: Decimal = HUNDRED,
    cap: Decimal = Decimal(1),
    form: Literal["ratio", "difference"] = "ratio",
) -> Score:
    """9d 逆指标 (lower is better): points·min(b/a, cap), or points·(2 − a/b) held inside [0, cap].

    A target of 0 gives no score (use 9e with the interval [0, 0]); an actual of 0 counts as the cap.
    """
    if actual is None:
        return no_score(MISSING)
    if target is None:
        return no_score("未定目标")
    inputs = {"实际": actual, "目标": target}
    if target <= 0 or actual < 0:
        return no_score("目标不大于零或实际为负，逆指标法不适用，请改用区间法", inputs=inputs)
    with localcontext(PRECISION):
        if form == "difference":
            part, flag = _clip(2 - actual / target, Decimal(0), cap)
            return _points(points, part, f"（2 − {plain(actual)} ÷ {plain(target)}）", inputs, flag)
        if actual == 0:
            return _points(points, cap, plain(cap), inputs, ("实际为零，按封顶计",))
        part, flag = _clip(target / actual, Decimal(0), cap)
        return _points(points, part, f"{plain(target)} ÷ {plain(actual)}", inputs, flag)


def interval(
    value: Decimal | None, *, lower: Decimal, upper: Decimal, slope: Decimal, points: Decimal = HUNDRED
) -> Score:
    """9e 区间/适度指标: full points inside [lower, upper]; outside, slope points are lost per unit, never below 0."""
    if lower > upper or slope < 0:
        raise ShijiError("METHOD-PARAMETER", "适度区间或扣分斜率有误", "区间法", "下限应不高于上限，斜率应不为负")
    if value is None:
        return no_score(MISSING)
    inputs = {"实际": value, "下限": lower, "上限": upper, "每单位扣分": slope}
    edge = f"适度区间 {plain(lower)}～{plain(upper)}"
    if lower <= value <= upper:
        return Score(points, equation(f"{plain(value)} 在{edge}内，满分", points), inputs)
    with localcontext(PRECISION):
        off = lower - value if value < lower else value - upper
        result, flag = _clip(points - slope * off, Decimal(0), points)
        gap = f"{plain(lower)} − {operand(value)}" if value < lower else f"{plain(value)} − {operand(upper)}"
    core = f"{plain(points)} − {plain(slope)} ×（{gap}）"
    return Score(result, equation(f"{core}{_limit(flag)}", result), inputs, (f"在{edge}外", *flag))


def plus_minus(
    value: Decimal | None,
    city: Decimal | None,
    *,
    base: Decimal,
    step: Decimal,
    per_step: Decimal,
    limit: Decimal,
    direction: Direction = "up",
) -> Score:
    """9f 加减分法: base ± per_step·(x − city)/step, at most `limit` points away from base (domain.md §1.9)."""
    if step <= 0 or limit < 0:
        raise ShijiError("METHOD-PARAMETER", "加减分步长或封顶有误", "加减分法", "步长应大于零，封顶应不为负")
    if value is None:
        return no_score(MISSING)
    if city is None:
        return no_score("全市水平未出数")
    with localcontext(PRECISION):
        gap = value - city if direction == "up" else city - value
        moved, flag = _clip(per_step * gap / step, -limit, limit)
        result = base + moved
    pair = (value, city) if direction == "up" else (city, value)
    core = f"{plain(base)} + {plain(per_step)} ×（{plain(pair[0])} − {operand(pair[1])}）÷ {plain(step)}"
    return Score(
        result,
        equation(f"{core}{_limit(flag, f'加减分以 {plain(limit)} 分为限')}", result),
        {"实际": value, "全市": city, "基础分": base},
        flag,
    )


def _points(
    points: Decimal, part: Decimal, core: Words, inputs: Mapping[str, Decimal], flags: tuple[str, ...]
) -> Score:
    """points × part, with its sum written out."""
    with localcontext(PRECISION):
        value = points * part
    return Score(
        value, lambda: equation(f"{plain(points)} × {written(core)}{_limit(flags)}", value), dict(inputs), flags
    )


def _quotient(above: Decimal, below: Decimal) -> str:
    return f"{operand(above)} ÷ {operand(below)}"


def _spread(floor: Decimal, value: Decimal, worst: Decimal, best: Decimal) -> str:
    with localcontext(PRECISION):
        rest = 1 - floor
    above, below = f"（{plain(value)} − {operand(worst)}）", f"（{plain(best)} − {operand(worst)}）"
    return f"［{plain(floor)} + {plain(rest)} ×{above}÷{below}］"


def _clip(value: Decimal, low: Decimal, high: Decimal) -> tuple[Decimal, tuple[str, ...]]:
    """value held inside [low, high], with a remark where that changed it."""
    if value > high:
        return high, ("已封顶",)
    return (low, ("已保底",)) if value < low else (value, ())


def _limit(flags: tuple[str, ...], text: str = "") -> str:
    """The words between a sum and a result that a cap or a floor changed."""
    for flag in flags:
        if flag in ("已封顶", "已保底"):
            return f"（{text or ('超上限，取上限' if flag == '已封顶' else '低于下限，取下限')}）"
    return ""


def _fraction(name: str, value: Decimal) -> None:
    if not 0 <= value < 1:
        raise ShijiError("METHOD-PARAMETER", f"{name} 应不小于 0 且小于 1，现为 {value}", "功效系数法", "请改参数")
