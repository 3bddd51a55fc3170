"""优秀名额: domain.md §1.14 to the seat, and what must hold for any pools (R-34)."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.annual.quota import PoolSize, apportion, feasible, hamilton, percent, seats_band, size_warning
from storage.errors import ShijiError

SIZES = (10, 10, 9, 8, 6, 7)
NAMES = ("县区", "经济管理", "社会事业", "执法监督", "政务综合", "党委群团")
POOLS = [PoolSize(name, n, n) for name, n in zip(NAMES, SIZES, strict=True)]


def test_the_sizes_without_a_whole_number() -> None:
    assert [n for n in range(1, 200) if not feasible(n)] == [1, 2, 3, 4, 7, 8, 9, 14]
    assert seats_band(15)[1] == 3  # 0.2·15 is 3, not 2.9999
    assert seats_band(50) == (8, 10)
    assert "没有整数名额" in size_warning(9)
    assert size_warning(10) == ""


@pytest.mark.parametrize(
    ("total", "seats"), [(9, [2, 2, 2, 1, 1, 1]), (10, [2, 2, 2, 2, 1, 1]), (8, [2, 2, 1, 1, 1, 1])]
)
def test_the_worked_examples(total: int, seats: list[int]) -> None:
    made = apportion(POOLS, total)
    assert [pool.seats for pool in made.pools] == seats
    assert (made.low, made.high, made.counted) == (8, 10, 50)


def test_exact_shares_of_the_example() -> None:
    shares = [pool.exact for pool in apportion(POOLS, 9).pools]
    assert [f"{float(share):.2f}" for share in shares] == ["1.80", "1.80", "1.62", "1.44", "1.08", "1.26"]
    assert any("社会事业 2/9 为 22.2%" in warning for warning in apportion(POOLS, 9).warnings)


def test_caps_in_every_pool() -> None:
    made = apportion(POOLS, 9, capped=True)
    assert [pool.seats for pool in made.pools] == [2, 2, 1, 1, 1, 1]
    assert made.given == 8
    assert all(pool.share <= Fraction(1, 5) for pool in made.pools)
    assert any("少 1 个" in warning for warning in made.warnings)


@pytest.mark.parametrize("total", [8, 9, 10])
def test_a_split_of_the_districts_leaves_the_zones_without_a_seat(total: int) -> None:
    split = [PoolSize("城区", 5, 5), PoolSize("开发区", 2, 2), PoolSize("县市", 3, 3), *POOLS[1:]]
    made = apportion(split, total)
    assert made.pools[1].seats == 0
    assert any("开发区（2 个）分得 0 个名额" in warning for warning in made.warnings)


def test_totals_outside_the_band_are_refused() -> None:
    for total in (7, 11):
        with pytest.raises(ShijiError, match="QUOTA-TOTAL"):
            apportion(POOLS, total)
    with pytest.raises(ShijiError, match="QUOTA-SMALL"):
        apportion([PoolSize("一组", 9, 9)], 1)


def test_a_tie_goes_to_the_larger_pool_then_to_the_approved_order() -> None:
    assert hamilton([5, 5], 1) == [1, 0]
    assert hamilton([3, 9], 2) == [0, 2]  # 0.5 and 1.5: the larger one
    assert hamilton([9, 3], 2) == [2, 0]


def test_both_bases_are_kept() -> None:
    made = apportion([PoolSize("一组", 30, 28), PoolSize("二组", 20, 20)], 9)
    assert (made.members, made.counted) == (50, 48)


def test_percent_is_exact() -> None:
    assert percent(Fraction(2, 9)) == "22.2%"
    assert percent(Fraction(15, 100)) == "15%"
    assert percent(Fraction(1, 8)) == "12.5%"
    assert percent(Fraction(2499, 10000)) == "25%"


sizes = st.lists(st.integers(0, 60), min_size=1, max_size=9).filter(any)


@given(sizes, st.data())
def test_hamilton_gives_every_seat_and_keeps_the_quota_rule(counts: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(counts)))
    seats = hamilton(counts, total)
    assert sum(seats) == total
    for n, got in zip(counts, seats, strict=True):
        exact = Fraction(n * total, sum(counts))
        assert exact // 1 <= got <= -(-exact // 1)


@given(sizes, st.data())
def test_a_larger_pool_never_gets_less(counts: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(counts)))
    seats = hamilton(counts, total)
    for n, got in zip(counts, seats, strict=True):
        for m, other in zip(counts, seats, strict=True):
            assert not (n > m and got < other)


@given(sizes, st.data())
def test_caps_are_never_passed_and_nothing_is_lost_below_them(counts: list[int], data: st.DataObject) -> None:
    total = data.draw(st.integers(0, sum(counts)))
    caps = [n // 5 for n in counts]
    seats = hamilton(counts, total, caps)
    assert all(got <= cap for got, cap in zip(seats, caps, strict=True))
    assert sum(seats) == min(total, sum(caps))


@given(st.integers(0, 10_000))
def test_the_band_is_the_band(n: int) -> None:
    low, high = seats_band(n)
    assert 100 * low >= 15 * n > 100 * (low - 1)
    assert 100 * high <= 20 * n < 100 * (high + 1)
