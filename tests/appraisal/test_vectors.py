"""T5 and T6 to the last printed digit, from the committed workbooks through every step."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from appraisal.decimals import total
from appraisal.indices import combine, mean_growth, share_change
from tests.appraisal.vectors import BOOK, T5, T6, levels, printed, series, table


def _same(computed: list[Decimal | None], expected: list[Decimal]) -> None:
    for got, want in zip(computed, expected, strict=True):
        assert got is not None
        assert got.quantize(want, rounding=ROUND_HALF_UP) == want


@pytest.fixture(scope="module")
def gdp() -> tuple:
    sheet = table("gdp_2021_2024")
    shares = share_change(levels(sheet, "2023年"), levels(sheet, "2024年"), indicator=BOOK["G1"])
    growth = mean_growth(*series(sheet), indicator=BOOK["G1"])
    return shares, growth


@pytest.mark.parametrize("team", T5)
def test_gdp_vectors(gdp: tuple, team: str) -> None:
    shares, growth = gdp
    both = combine({key: one.D for key, one in shares.results.items()}, {key: one.G for key, one in growth.items()})[
        team
    ]
    share, grown = shares.results[team], growth[team]
    _same(
        [share.share_prev, share.share_now, share.D, share.R, share.N, grown.mean, grown.G,
         both.share_part.value, both.growth_part.value, both.score.value],
        printed(T5[team]),
    )  # fmt: skip
    assert grown.method == "增速连乘"


def test_gdp_city(gdp: tuple) -> None:
    shares, growth = gdp
    assert (shares.total_prev, shares.total_now) == (Decimal("5860.5"), Decimal("6159.7"))
    assert abs(total(one.D for one in shares.results.values())) < Decimal("1e-45")
    assert "全市" not in "".join(growth["D01"].notes)
    assert "1 + 5.500%" in growth["D01"].formula


@pytest.mark.parametrize("team", T6)
def test_revenue_vectors(team: str) -> None:
    sheet = table("fiscal_revenue_2021_2024")
    shares = share_change(levels(sheet, "2023年"), levels(sheet, "2024年"), indicator=BOOK["G2"]).results[team]
    growth = mean_growth(*series(sheet), indicator=BOOK["G2"])[team]
    assert growth.method == "水平法"
    assert "1 + 4.874%" in growth.formula
    _same([shares.D, shares.R, shares.N, growth.mean, growth.G], printed(T6[team]))


def test_late_value_settles_investment_shares() -> None:
    sheet, late = table("fixed_investment_2021_2024"), table("fixed_investment_2023_revised")
    before, after = levels(sheet, "2022年"), levels(sheet, "2023年")
    assert after["D05"] is None
    first = share_change(before, after, names={"D05": "云亭区"})
    assert first.label == "不含云亭区（缺报）"
    assert first.provisional
    assert first.results["D05"].D is None
    assert first.total_now == Decimal("2930.2")
    settled = share_change(before, {**after, **levels(late, "2023年")})
    assert settled.total_now == Decimal("3123.0")
    assert not settled.provisional
    assert settled.label == ""
    assert late.rows[0].status == "修订"
    assert "后补" in late.rows[0].basis_note


def test_new_projects_zero_base_and_fall_to_zero() -> None:
    sheet = table("new_projects_2021_2024")
    first = share_change(levels(sheet, "2021年"), levels(sheet, "2022年")).results["D07"]
    assert (first.R, first.growth) == (None, None)
    assert first.D is not None
    assert first.D > 0
    assert first.notes == ("新增",)
    last = share_change(levels(sheet, "2023年"), levels(sheet, "2024年")).results["D09"]
    assert (last.R, last.notes) == (Decimal(0), ("归零",))
    growth = mean_growth(*series(sheet))
    assert (growth["D09"].mean, growth["D09"].G, growth["D09"].notes) == (Decimal(-100), Decimal(0), ("归零",))
    assert growth["D07"].mean is None
    assert "不可比" in growth["D07"].formula
