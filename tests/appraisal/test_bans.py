"""What must never come out: GDP rankings, comparisons across categories, books that allow them (R-32, R-33)."""

from dataclasses import replace
from decimal import Decimal

import pytest

import appraisal.ranking as ranking
from appraisal.book import group_weights, is_gdp, parse_book
from appraisal.methods import GroupData, score_group
from appraisal.ranking import assert_comparable, assert_rankable, mid_ranks, rank_in_category
from storage.errors import ShijiError
from tests.appraisal.vectors import BOOK, CATEGORIES, FOLDER

VALUES = {team: Decimal(i) for i, team in enumerate(CATEGORIES)}
URBAN = {team: kind for team, kind in CATEGORIES.items() if kind == "城区类"}


def test_gdp_cannot_be_ranked_by_any_door() -> None:
    with pytest.raises(ShijiError) as caught:
        assert_rankable(BOOK["G1"])
    assert caught.value.code == "RANK-FORBIDDEN"
    with pytest.raises(ShijiError, match="RANK-FORBIDDEN"):
        rank_in_category(BOOK["G1"], {team: VALUES[team] for team in URBAN}, CATEGORIES)
    with pytest.raises(ShijiError, match="RANK-FORBIDDEN"):
        score_group(replace(BOOK["G1"], method="10b"), GroupData(values=VALUES), URBAN)
    assert [card.code for card in BOOK.values() if card.never_rank] == ["G1"]


def test_ranks_only_inside_one_category() -> None:
    ranks = rank_in_category(BOOK["G2"], {team: VALUES[team] for team in URBAN}, CATEGORIES)
    assert ranks == {"D01": 5, "D02": 4, "D03": 3, "D04": 2, "D05": 1}
    with pytest.raises(ShijiError, match="COMPARE-CATEGORY"):
        rank_in_category(BOOK["G2"], VALUES, CATEGORIES)
    with pytest.raises(ShijiError, match="RANK-UNDEFINED"):
        rank_in_category(BOOK["V1"], {team: VALUES[team] for team in URBAN}, CATEGORIES)
    with pytest.raises(ShijiError, match="RANK-UNDEFINED"):
        rank_in_category(BOOK["G2"], {"MA01": Decimal(1)}, CATEGORIES)


def test_group_methods_never_mix_departments() -> None:
    offices = {"MA01": "经济管理", "MB01": "社会事业", "MC01": "执法监督"}
    with pytest.raises(ShijiError, match="COMPARE-CATEGORY"):
        assert_comparable(BOOK["G6"], offices)
    with pytest.raises(ShijiError, match="COMPARE-CATEGORY"):
        score_group(replace(BOOK["G6"], method="9c"), GroupData(), offices)
    assert_comparable(BOOK["G6"], CATEGORIES)
    with pytest.raises(ShijiError, match="COMPARE-CATEGORY"):
        score_group(replace(BOOK["G2"], method="10b"), GroupData(values=VALUES), CATEGORIES)


def test_ties_share_a_rank_without_chaining() -> None:
    ranks = mid_ranks({"A": Decimal("80.004"), "B": Decimal("80.000"), "C": Decimal("79.996"), "D": None})
    assert ranks == {"A": Decimal("1.5"), "B": Decimal("1.5"), "C": Decimal(3)}
    assert Decimal("0.005") == ranking.TIE


def test_gdp_by_name() -> None:
    assert all(map(is_gdp, ("地区生产总值", "GDP", "人均GDP", "地区生产总值增速（不变价）")))
    assert not any(map(is_gdp, ("单位GDP能耗下降率", "规上工业总产值", "规模以上工业增加值增速")))


def test_demo_book_sums_to_a_hundred() -> None:
    assert set(group_weights(BOOK).values()) == {Decimal(100)}
    assert len(BOOK) == 36


TEXT = (FOLDER / "book.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("old", "new", "code"),
    [
        ("never_rank: true", "never_rank: false", "BOOK-GDP"),
        ('official_growth: true, never_rank: true', "official_growth: true", "BOOK-GDP"),
        ("weight: 12", "weight: 13", "WEIGHT-SUM"),
        ("code: G2", "code: G1", "BOOK-CARD"),
        ("direction: range", "direction: sideways", "BOOK-CARD"),
        ("method: 10b", "method: 10z", "BOOK-CARD"),
        ("weight: 10,", "weight: ten,", "BOOK-CARD"),
        ("block: 类别, category: 城区类", "block: 类别", "BOOK-CARD"),
        ("params: {cap: 1.0, slope", "share_eligible: true, params: {cap: 1.0, slope", "BOOK-CARD"),
        ("indicators:", "cards:", "BOOK-CARD"),
        ("year: 2024", "year: [", "BOOK-CARD"),
    ],
)  # fmt: skip
def test_bad_books_are_refused(old: str, new: str, code: str) -> None:
    assert old in TEXT
    with pytest.raises(ShijiError) as caught:
        parse_book(TEXT.replace(old, new, 1))
    assert caught.value.code == code


def test_gdp_weight_is_capped() -> None:
    heavy = TEXT.replace("weight: 12", "weight: 21", 1).replace("weight: 10,", "weight: 1,", 1)
    with pytest.raises(ShijiError, match=r"BOOK-GDP.*20%"):
        parse_book(heavy)
