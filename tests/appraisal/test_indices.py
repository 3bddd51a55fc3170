"""The worked example of domain.md §1.6-§1.8, the edge cases, and what must hold for any numbers."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.decimals import show, to_decimal, total
from appraisal.growth import OneOff, mean_growth_rates
from appraisal.indices import Anchors, GrowthSeries, combine, mean_growth, share_change, share_sentence
from appraisal.shares import Restatement
from storage.errors import ShijiError
from tests.appraisal.vectors import BOOK

X0 = {"A": Decimal("520.0"), "B": Decimal("310.0"), "C": Decimal("120.0"), "D": Decimal("50.0")}
X1 = {"A": Decimal("546.0"), "B": Decimal("328.6"), "C": Decimal("132.0"), "D": Decimal("49.0")}
RATES = {
    "A": ("4.8", "5.1", "5.0"),
    "B": ("5.5", "6.2", "6.0"),
    "C": ("8.2", "9.1", "10.0"),
    "D": ("2.1", "-3.5", "-2.0"),
}
CITY_RATES = ("5.4", "5.8", "5.56")
TINY = Decimal("1e-30")


def _rates(words: tuple[str, ...]) -> GrowthSeries:
    return GrowthSeries(rates=tuple(Decimal(word) for word in words))


def _growth() -> dict:
    return mean_growth({team: _rates(words) for team, words in RATES.items()}, _rates(CITY_RATES))


def _round(value: Decimal | None, places: str) -> Decimal:
    assert value is not None
    return value.quantize(Decimal(places), rounding=ROUND_HALF_UP)


@pytest.mark.parametrize(
    ("team", "d", "r", "n"),
    [("A", "-0.2759", "99.469", "0.4676"), ("B", "0.1292", "100.417", "0.3345"), ("C", "0.5047", "104.206", "0.2158"),
     ("D", "-0.3581", "92.838", "-0.0180")],
)  # fmt: skip
def test_share_worked_example(team: str, d: str, r: str, n: str) -> None:
    result = share_change(X0, X1).results[team]
    assert (_round(result.D, d), _round(result.R, r), _round(result.N, n)) == (Decimal(d), Decimal(r), Decimal(n))


def test_share_sentence_never_says_backwards() -> None:
    table = share_change(X0, X1)
    assert (
        share_sentence(table.results["A"], table) == "总量增长 5.0%，慢于全市 0.56 个百分点，份额下降 0.28 个百分点。"
    )
    assert share_sentence(table.results["D"], table).startswith("总量下降 2.0%")
    nominal = share_sentence(table.results["A"], table, nominal=True, official_growth=Decimal("5.2"))
    assert nominal == "按现价计份额下降 0.28 个百分点，不变价增长 5.2%（统计部门公布数）。"


def test_growth_worked_example() -> None:
    got = {team: (show(one.mean, 3), show(one.G)) for team, one in _growth().items()}
    assert got == {
        "A": ("4.967", "99.41"),
        "B": ("5.900", "100.30"),
        "C": ("9.098", "103.33"),
        "D": ("−1.161", "93.61"),
    }
    assert show(mean_growth_rates(_rates(CITY_RATES).rates).mean, 3) == "5.587"


def test_composite_by_min_max_and_by_anchors() -> None:
    d = {team: one.D for team, one in share_change(X0, X1).results.items()}
    g = {team: one.G for team, one in _growth().items()}
    free = combine(d, g)
    assert [one.score.text for one in free.values()] == ["75.86", "85.56", "100.00", "60.00"]
    assert [one.share_part.text for one in free.values()] == ["63.81", "82.59", "100.00", "60.00"]
    assert [one.growth_part.text for one in free.values()] == ["83.89", "87.53", "100.00", "60.00"]
    fixed = combine(
        d, g, share_anchors=Anchors(Decimal("-0.5"), Decimal("0.5")), growth_anchors=Anchors(Decimal(95), Decimal(105))
    )
    assert [one.share_part.text for one in fixed.values()] == ["68.97", "85.17", "100.00", "65.68"]
    assert [one.growth_part.text for one in fixed.values()] == ["77.65", "81.19", "93.30", "60.00"]
    assert [one.score.text for one in fixed.values()] == ["74.18", "82.78", "95.98", "62.27"]
    assert free["A"].score.formula == "0.4 × 63.81 + 0.6 × 83.89 = 75.86"


def test_composite_needs_both_parts() -> None:
    d = {"A": Decimal(1), "B": Decimal(2), "C": Decimal(3), "D": None}
    g = {"A": Decimal(99), "B": Decimal(100), "C": Decimal(101), "D": Decimal(102)}
    scores = combine(d, g)
    assert scores["D"].score.value is None
    assert "缺报" in scores["D"].score.formula
    with pytest.raises(ShijiError, match="COMPOSITE-ALPHA"):
        combine(d, g, alpha=Decimal("1.1"))


def test_missing_value_makes_a_labelled_subset_or_nothing() -> None:
    now = {**X1, "D": None}
    subset = share_change(X0, now)
    assert (subset.label, subset.provisional) == ("不含D（缺报）", True)
    assert subset.total_prev == Decimal("950.0")
    assert abs(total(one.D for one in subset.results.values() if one.D is not None)) < TINY
    strict = share_change(X0, now, on_missing="undefined")
    assert all(one.D is None for one in strict.results.values())
    assert strict.label == "因D缺报，份额未定"
    absent = share_change(X0, {team: value for team, value in X1.items() if team != "B"})
    assert absent.label == "不含B（缺报）"


def test_flat_and_shrinking_city() -> None:
    flat = share_change({"A": Decimal(1), "B": Decimal(3)}, {"A": Decimal(2), "B": Decimal(2)})
    assert [one.N for one in flat.results.values()] == [None, None]
    assert flat.results["A"].D == 25
    shrinking = share_change({"A": Decimal(4), "B": Decimal(6)}, {"A": Decimal(4), "B": Decimal(4)})
    assert [one.N for one in shrinking.results.values()] == [None, None]
    assert shrinking.notes == ("全市总量下降，增量贡献不显示",)
    empty = share_change({"A": Decimal(0)}, {"A": Decimal(1)})
    assert empty.results["A"].D is None


def test_refusals_are_coded() -> None:
    with pytest.raises(ShijiError, match="SHARE-NOT-ADDITIVE"):
        share_change(X0, X1, indicator=BOOK["G9"])
    with pytest.raises(ShijiError, match="SHARE-NEGATIVE"):
        share_change(X0, {**X1, "D": Decimal("-0.1")})
    with pytest.raises(ShijiError, match="SHARE-MIXED-VERSIONS"):
        share_change(X0, X1, bases=("初步核算", "普查修订"))


def test_restatement_keeps_both_values_and_published_gap_is_shown() -> None:
    table = share_change(
        X0, X1, restated={"C": Restatement(Decimal("125.0"), "托管区划入")}, published=(None, Decimal("1060.0"))
    )
    assert table.results["C"].x_prev == Decimal("125.0")
    assert table.results["C"].notes == ("上期按现辖区重述：120.0 → 125.0（托管区划入）",)
    assert table.gaps == (None, Decimal("4.4"))


def test_growth_edges() -> None:
    city = GrowthSeries(tuple(map(Decimal, (100, 105, 110, 120))), tuple(map(Decimal, (5, 5, 9))))
    missing = (None, Decimal(5), Decimal(5))
    own = {
        "zero base": GrowthSeries((Decimal(0), Decimal(3), Decimal(4), Decimal(5))),
        "chain instead": GrowthSeries(
            (Decimal(-1), Decimal(3), Decimal(4), Decimal(5)), tuple(map(Decimal, (3, 3, 3)))
        ),
        "gap inside": GrowthSeries((Decimal(100), None, Decimal(110), Decimal("133.1"))),
        "gap at end": GrowthSeries((Decimal(100), Decimal(1), Decimal(2), None)),
        "short": GrowthSeries((Decimal(100), Decimal(110))),
        "rates with gap": GrowthSeries((), missing),
        "total loss": GrowthSeries((), (Decimal(3), Decimal(-100), Decimal(4))),
    }
    got = mean_growth(own, city)
    assert [got[key].mean for key in ("zero base", "gap at end", "short", "rates with gap", "total loss")] == [None] * 5
    assert show(got["chain instead"].mean) == "3.00"
    assert "改用增速连乘" in got["chain instead"].notes
    assert show(got["gap inside"].mean) == "10.00"
    assert got["gap inside"].notes == ("窗口内有缺报年份，仅用首末两期",)
    assert got["rates with gap"].yearly == missing


def test_gdp_growth_is_chained_and_never_from_levels() -> None:
    nominal = {"A": GrowthSeries((Decimal(100), Decimal(110), Decimal(120), Decimal(130)))}
    assert mean_growth(nominal, nominal["A"], indicator=BOOK["G1"])["A"].mean is None
    with pytest.raises(ShijiError, match="GROWTH-OFFICIAL"):
        mean_growth(nominal, nominal["A"], indicator=BOOK["G1"], basis="levels")
    with pytest.raises(ShijiError, match="GROWTH-WINDOW"):
        mean_growth(nominal, nominal["A"], years=6)


def test_one_off_needs_a_signature() -> None:
    plain = _rates(("4.8", "-20", "5.0"))
    without = _rates(("4.8", "5.1", "5.0"))
    city = _rates(CITY_RATES)
    with pytest.raises(ShijiError, match="GROWTH-ONE-OFF"):
        mean_growth({"A": GrowthSeries(rates=plain.rates, one_off=OneOff(without, "留抵退税", " "))}, city)
    signed = GrowthSeries(rates=plain.rates, one_off=OneOff(without, "留抵退税", "考核办负责人"))
    result = mean_growth({"A": signed}, city)["A"]
    assert show(result.mean, 3) == "4.967"
    assert result.notes == ("剔除一次性因素：留抵退税（签字：考核办负责人）",)


amounts = st.decimals(min_value=0, max_value=10**6, places=2)
groups = st.lists(st.tuples(amounts, amounts), min_size=2, max_size=12).filter(
    lambda rows: sum(row[0] for row in rows) > 0 and sum(row[1] for row in rows) > 0
)


def _two(rows: list[tuple[Decimal, Decimal]]) -> tuple[dict, dict]:
    return {f"T{i}": row[0] for i, row in enumerate(rows)}, {f"T{i}": row[1] for i, row in enumerate(rows)}


@given(groups)
def test_share_changes_sum_to_zero_and_equal_the_shift(rows: list[tuple[Decimal, Decimal]]) -> None:
    prev, now = _two(rows)
    table = share_change(prev, now)
    assert abs(total(one.D for one in table.results.values())) < TINY
    for one in table.results.values():
        shift = one.x_now - (1 + table.growth) * one.x_prev
        assert abs(one.D / 100 * table.total_now - shift) < Decimal("1e-15")
        if one.x_prev:
            assert abs(one.R - 100 * (1 + one.growth) / (1 + table.growth)) < Decimal("1e-15") * (1 + one.R)
        if one.N is not None and one.growth is not None and one.growth != table.growth:
            assert (one.share_prev < one.N * 100) == (one.growth > table.growth)


@given(groups, st.integers(2, 10000))
def test_shares_are_free_of_scale_and_order(rows: list[tuple[Decimal, Decimal]], factor: int) -> None:
    prev, now = _two(rows)
    table = share_change(prev, now)
    scaled = share_change({k: v * factor for k, v in prev.items()}, {k: v * factor for k, v in now.items()})
    turned = share_change(dict(reversed(prev.items())), dict(reversed(now.items())))
    assert list(turned.results) == list(reversed(table.results))
    for team, one in table.results.items():
        assert one == turned.results[team]
        assert abs(one.D - scaled.results[team].D) < TINY


@given(groups, st.decimals(min_value=1, max_value=1000, places=2))
def test_more_now_never_lowers_the_share(rows: list[tuple[Decimal, Decimal]], more: Decimal) -> None:
    prev, now = _two(rows)
    higher = share_change(prev, {**now, "T0": now["T0"] + more}).results["T0"].D
    assert higher >= share_change(prev, now).results["T0"].D


@given(st.lists(st.decimals(min_value=-50, max_value=80, places=1), min_size=3, max_size=3))
def test_rate_chain_equals_levels_and_ignores_order(rates: list[Decimal]) -> None:
    level, path = Decimal(100), [Decimal(100)]
    for rate in rates:
        level *= 1 + rate / 100
        path.append(level)
    city = GrowthSeries(tuple(map(Decimal, (1, 2, 3, 4))), tuple(map(Decimal, (5, 5, 5))))
    by_rates = mean_growth({"A": GrowthSeries(rates=tuple(rates))}, city)["A"]
    by_levels = mean_growth({"A": GrowthSeries(tuple(path))}, city)["A"]
    turned = mean_growth({"A": GrowthSeries(rates=tuple(reversed(rates)))}, city)["A"]
    assert abs(by_rates.mean - by_levels.mean) < Decimal("1e-15")
    assert abs(by_rates.G - turned.G) < TINY


def test_show_rounds_half_up_once() -> None:
    assert (show(Decimal("2.005")), show(Decimal("-2.005")), show(Decimal("-0.001")), show(None)) == (
        "2.01",
        "−2.01",
        "0.00",
        "—",
    )
    assert to_decimal(192.8) == Decimal("192.8")
    with pytest.raises(ValueError, match="finite"):
        to_decimal(float("nan"))
