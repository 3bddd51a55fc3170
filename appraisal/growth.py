"""平均增长指数: growth averaged over several years, against the city (domain.md §1.7).

The index belongs to a territory or a team, never to a leader who took office inside the window.
"""

import itertools
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import Literal

from appraisal.book import Indicator
from appraisal.decimals import HUNDRED, PRECISION, nth_root, operand, show
from appraisal.score import Words, close_brackets, written
from storage.errors import ShijiError


@dataclass(frozen=True)
class OneOff:
    """A series without an extreme one-off (a plant closed, a 留抵退税 year); only with a signed note."""

    series: "GrowthSeries"
    note: str
    signed_by: str


@dataclass(frozen=True)
class GrowthSeries:
    """What is known of one territory.

    levels: x_t-n ... x_t in the indicator's unit (n+1 values); rates: official yearly growth in percent, oldest first
    (n values); None marks a missing year; an empty tuple means that the series does not exist.
    """

    levels: tuple[Decimal | None, ...] = ()
    rates: tuple[Decimal | None, ...] = ()
    one_off: OneOff | None = None


@dataclass(frozen=True)
class GrowthResult:
    """mean: average yearly growth in percent; G: 100·(1+ḡ)/(1+ḡ_city); method 水平法 or 增速连乘; None is undefined."""

    mean: Decimal | None
    G: Decimal | None
    method: str
    words: Words = field(compare=False)
    yearly: tuple[Decimal | None, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def formula(self) -> str:
        """The sum written out."""
        return written(self.words)


Basis = Literal["auto", "levels", "rates"]


def mean_growth_levels(levels: tuple[Decimal | None, ...]) -> GrowthResult:
    """Geometric mean growth from the two end levels (水平法): (x_t/x_t-n)^(1/n) − 1, domain.md §1.7."""
    n = len(levels) - 1
    if n < 1:
        return _undefined("水平法", "数据不足两期")
    start, end = levels[0], levels[-1]
    yearly = tuple(_step(a, b) for a, b in itertools.pairwise(levels))
    notes = ("窗口内有缺报年份，仅用首末两期",) if any(level is None for level in levels[1:-1]) else ()
    if start is None or end is None:
        return _undefined("水平法", "首期或末期缺报，不可比", yearly)
    if start <= 0:
        return _undefined("水平法", "基期为零或负，不可比", yearly)
    if end < 0:
        return _undefined("水平法", "末期为负，不可比", yearly)
    with localcontext(PRECISION):
        mean = (nth_root(end / start, n) - 1) * HUNDRED

    def words() -> str:
        return f"（{operand(end)} ÷ {operand(start)}）^(1/{n}) − 1 = {show(mean, 3)}%"

    return GrowthResult(mean, None, "水平法", words, yearly, (*notes, "归零") if end == 0 else notes)


def mean_growth_rates(rates: tuple[Decimal | None, ...]) -> GrowthResult:
    """Mean of chained official yearly growth in percent (增速连乘): (Π(1+r_k))^(1/n) − 1, domain.md §1.7."""
    if not rates:
        return _undefined("增速连乘", "没有增速数据")
    known = [rate for rate in rates if rate is not None]
    if len(known) < len(rates):
        return _undefined("增速连乘", "窗口内有缺报年份，增速不能连乘", rates)
    if any(rate <= -HUNDRED for rate in known):
        return _undefined("增速连乘", "有年份增速不高于 −100%，不可比", rates)
    with localcontext(PRECISION):
        product = Decimal(1)
        for rate in known:
            product *= 1 + rate / HUNDRED
        mean = (nth_root(product, len(known)) - 1) * HUNDRED

    def words() -> str:
        factors = " × ".join(f"（1 + {operand(rate)}%）" for rate in known)
        return close_brackets(f"［{factors}］^(1/{len(known)}) − 1 = {show(mean, 3)}%")

    return GrowthResult(mean, None, "增速连乘", words, rates)


def mean_growth(
    series: Mapping[str, GrowthSeries],
    city: GrowthSeries,
    *,
    indicator: Indicator | None = None,
    basis: Basis = "auto",
    years: int = 3,
) -> dict[str, GrowthResult]:
    """Mean growth ḡ and index G of every team against the city, in the order given.

    basis: "levels", "rates", or "auto": levels, and the rate chain where a base level is unusable (the city is then
    read by the same method as the team). years: length of the window, 2-5. An indicator whose growth is official
    (GDP) is always chained from rates.
    Raises ShijiError GROWTH-WINDOW, GROWTH-OFFICIAL (levels asked for such an indicator), GROWTH-ONE-OFF (an adjustment
    without note or signature).
    """
    where = indicator.name if indicator else ""
    if not 2 <= years <= 5:
        raise ShijiError("GROWTH-WINDOW", f"平均年数应为 2 至 5 年，现为 {years} 年", where, "请改窗口长度")
    if indicator and indicator.official_growth:
        if basis == "levels":
            raise ShijiError("GROWTH-OFFICIAL", "该指标增速须用统计部门公布的不变价增速", where, "请提供各年增速")
        basis = "rates"
    result = {}
    city_means: dict[Basis, GrowthResult] = {}
    for team, own in series.items():
        flags: tuple[str, ...] = ()
        if own.one_off is not None:
            if not own.one_off.note.strip() or not own.one_off.signed_by.strip():
                raise ShijiError(
                    "GROWTH-ONE-OFF", "剔除一次性因素须有说明和签字", f"{where} {team}".strip(), "请补签字说明"
                )
            flags = (f"剔除一次性因素：{own.one_off.note}（签字：{own.one_off.signed_by}）",)
            own = own.one_off.series
        mean = _mean(own, basis, years)
        # The index compares like with like: a chained team against the chained city.
        same: Basis = "levels" if mean.method == "水平法" else "rates"
        if same not in city_means:
            city_means[same] = _mean(city, same, years)
        result[team] = _index(mean, city_means[same], flags)
    return result


def _mean(series: GrowthSeries, basis: Basis, years: int) -> GrowthResult:
    """One territory's mean over the last `years` years."""
    levels, rates = series.levels[-(years + 1) :], series.rates[-years:]
    if basis == "rates" or (basis == "auto" and not levels):
        if rates and len(rates) < years:
            return _undefined("增速连乘", f"不足 {years} 年", rates)
        return mean_growth_rates(rates)
    by_levels = mean_growth_levels(levels) if len(levels) == years + 1 else _undefined("水平法", f"不足 {years} 年", ())
    if by_levels.mean is None and basis == "auto" and len(rates) == years:
        chained = mean_growth_rates(rates)
        if chained.mean is not None:
            return GrowthResult(
                chained.mean,
                None,
                chained.method,
                chained.words,
                chained.yearly,
                (*by_levels.notes, "改用增速连乘"),
            )
    return by_levels


def _index(own: GrowthResult, city: GrowthResult, flags: tuple[str, ...]) -> GrowthResult:
    """The team's result with G filled in where both means exist and the city did not fall to nothing."""
    notes = own.notes + flags
    if own.mean is None:
        return GrowthResult(None, None, own.method, own.words, own.yearly, notes)
    if city.mean is None or city.mean <= -HUNDRED:
        return GrowthResult(own.mean, None, own.method, own.words, own.yearly, (*notes, "全市平均增速无定义"))
    with localcontext(PRECISION):
        index = HUNDRED * (1 + own.mean / HUNDRED) / (1 + city.mean / HUNDRED)
    means = (own.mean, city.mean)

    def words() -> str:
        one, all_of_it = (show(mean, 3) for mean in means)
        return f"{own.formula}；G = 100 ×（1 + {one}%）÷（1 + {all_of_it}%）= {show(index)}"

    return GrowthResult(own.mean, index, own.method, words, own.yearly, notes)


def _undefined(method: str, reason: str, yearly: tuple[Decimal | None, ...] = ()) -> GrowthResult:
    return GrowthResult(None, None, method, f"不可比：{reason}", yearly, (reason,))


def _step(before: Decimal | None, after: Decimal | None) -> Decimal | None:
    """Growth of one year in percent, None where undefined."""
    if before is None or after is None or before <= 0:
        return None
    with localcontext(PRECISION):
        return (after / before - 1) * HUNDRED
