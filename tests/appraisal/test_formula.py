"""Methods as data: what a formula may say, worked examples that must hold, replacing a method, properties."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.decimals import nth_root
from appraisal.formula import compile_formula
from appraisal.methods import BUILTIN, GroupData, score_group
from appraisal.param_text import params_text, read_params
from appraisal.registry import method_of, read_definition
from storage.errors import ShijiError
from tests.appraisal.vectors import BOOK, CATEGORIES

EXCESS = {
    "code": "X1", "name": "超额加分", "formula": "100 * clip(x / b, 0, cap)", "high": 120,
    "examples": [{"x": 46, "b": 50, "cap": "1.2", "score": 92}, {"x": 70, "b": 50, "cap": "1.2", "score": 120}],
}  # fmt: skip


def test_a_formula_computes_exactly() -> None:
    made = compile_formula("60 + 40 * (x - bad) / (good - bad) if x >= bad else 0")
    assert made.names == {"x", "bad", "good"}
    numbers = {"x": Decimal("7.1"), "bad": Decimal(5), "good": Decimal(9)}
    assert made.value(numbers) == 81
    assert made.value({**numbers, "x": Decimal(4)}) == 0
    assert compile_formula("max(abs(-2), 1.5, x ** 2)").value({"x": Decimal("0.1")}) == 2
    assert compile_formula("0 < x < 3 and not x == 2").value({"x": Decimal(1)}) == 1


@pytest.mark.parametrize(
    "text",
    ["__import__('os')", "x.real", "x[0]", "[x for x in x]", "x ** 99", "x ** y", "open('f')", "lambda: 1", "'a'",
     "rank(x)", "min(x)", "clip(x, 1)", "x if", "True", "x; y", "1" * 500, "(" * 60 + "x" + ")" * 60 + "+" * 50 + "x"],
)  # fmt: skip
def test_a_formula_can_do_nothing_else(text: str) -> None:
    with pytest.raises(ShijiError, match="METHOD-FORMULA"):
        compile_formula(text)


def test_a_definition_that_contradicts_its_example_is_refused() -> None:
    with pytest.raises(ShijiError, match="METHOD-EXAMPLE"):
        read_definition({**EXCESS, "examples": [{"x": 46, "b": 50, "cap": 1, "score": 90}]}, "体系")
    with pytest.raises(ShijiError, match="METHOD-EXAMPLE"):
        read_definition({**EXCESS, "examples": [{"x": 46, "score": 92}]}, "体系")
    with pytest.raises(ShijiError, match="METHOD-DEFINITION"):
        read_definition({**EXCESS, "examples": []}, "体系")


def test_an_own_method_scores_and_leaves_the_others_alone() -> None:
    own = method_of(read_definition(EXCESS, "体系"))
    methods = {**BUILTIN, own.key: own}
    card = replace(BOOK["G8"], method="X1", params={"cap": Decimal("1.2")})
    data = GroupData(values={"D01": Decimal(46), "D02": None, "D03": Decimal(9)}, targets={"D01": Decimal(50)})
    scores = score_group(card, data, {team: CATEGORIES[team] for team in ("D01", "D02", "D03")}, methods)
    assert [one.text for one in scores.values()] == ["92.00", "—", "—"]
    assert scores["D02"].flags == ("缺报，暂不计分",)
    assert scores["D03"].flags == ("未定目标",)
    assert "100 * clip(x / b, 0, cap)" in scores["D01"].formula
    with pytest.raises(ShijiError, match="METHOD-UNKNOWN"):
        score_group(card, data, {"D01": "城区类"})
    with pytest.raises(ShijiError, match="METHOD-UNKNOWN"):
        score_group(replace(card, method_version=2), data, {"D01": "城区类"}, methods)


def test_a_second_version_replaces_a_built_in_method_only_where_it_is_named() -> None:
    second = method_of(read_definition({**EXCESS, "code": "9a", "version": 2}, "体系"))
    methods = {**BUILTIN, second.key: second}
    data = GroupData(values={"D01": Decimal(60)}, targets={"D01": Decimal(50)})
    old = replace(BOOK["G8"], params={"cap": Decimal("1.2")})
    assert score_group(old, data, {"D01": "城区类"}, methods)["D01"].text == "120.00"
    plain = replace(BOOK["G8"], params={"cap": Decimal("1.1")}, method_version=2)
    assert score_group(plain, data, {"D01": "城区类"}, methods)["D01"].text == "110.00"


def test_a_group_formula_keeps_to_the_category() -> None:
    mean = method_of(read_definition(
        {"code": "X2", "name": "均值差", "formula": "80 + 10 * (x - mean)",
         "examples": [{"x": 5, "mean": 4, "score": 90}]}, "体系",
    ))  # fmt: skip
    methods = {**BUILTIN, mean.key: mean}
    card = replace(BOOK["C1-2"], method="X2")
    urban = {team: kind for team, kind in CATEGORIES.items() if kind == "城区类"}
    values = dict(zip(urban, map(Decimal, (4, 5, 3, 4, 4)), strict=True))
    scores = score_group(card, GroupData(values=values), urban, methods)
    assert [one.text for one in scores.values()] == ["80.00", "90.00", "70.00", "80.00", "80.00"]
    offices = {"MA01": "经济管理", "MB01": "社会事业", "MC01": "执法监督"}
    with pytest.raises(ShijiError, match="COMPARE-CATEGORY"):
        score_group(replace(card, category=None, block="共同"), GroupData(), offices, methods)
    pair = GroupData(values={"D01": Decimal(1), "D02": Decimal(2)})
    two = score_group(card, pair, {"D01": "城区类", "D02": "城区类"}, methods)
    assert all(one.value is None for one in two.values())


def test_division_by_zero_is_no_score() -> None:
    own = method_of(read_definition(EXCESS, "体系"))
    data = GroupData(values={"D01": Decimal(5)}, targets={"D01": Decimal(0)})
    card = replace(BOOK["G8"], method="X1", params={"cap": Decimal(1)})
    score = score_group(card, data, {"D01": "城区类"}, {own.key: own})["D01"]
    assert score.value is None
    assert "除数为零" in score.flags[0]


amounts = st.decimals(min_value=-1000, max_value=1000, places=3)


@given(amounts, st.decimals(min_value=0, max_value=50, places=3))
def test_an_increasing_formula_never_falls_and_stays_in_its_limits(value: Decimal, more: Decimal) -> None:
    own = method_of(read_definition(EXCESS, "体系"))
    card = replace(BOOK["G8"], method="X1", params={"cap": Decimal("1.2")})

    def points(x: Decimal) -> Decimal:
        data = GroupData(values={"D01": x}, targets={"D01": Decimal(50)})
        found = score_group(card, data, {"D01": "城区类"}, {own.key: own})["D01"].value
        assert found is not None
        return found

    assert 0 <= points(value) <= points(value + more) <= 120


@given(st.decimals(min_value="0.001", max_value=10**9, places=6), st.integers(2, 5))
def test_a_root_is_the_root(value: Decimal, n: int) -> None:
    root = nth_root(value, n)
    assert abs(root**n - value) <= value * Decimal("1e-24")
    assert nth_root(Decimal(7) ** n, n) == 7


@given(st.dictionaries(st.sampled_from(["cap", "slope", "alpha", "bad"]), amounts, max_size=4))
def test_params_come_back_from_their_line(params: dict[str, Decimal]) -> None:
    assert read_params(params_text(params), "卡") == params


def test_params_with_parts_and_lists() -> None:
    text = "alpha=0.4；share.bad=-0.5; share.good=0.5; standards=9,7,5,3,0; form=difference"
    params = read_params(text, "卡")
    assert params["share"] == {"bad": Decimal("-0.5"), "good": Decimal("0.5")}
    assert params["standards"] == tuple(map(Decimal, (9, 7, 5, 3, 0)))
    assert params["form"] == "difference"
    assert read_params(params_text(params), "卡") == params
    for bad in ("cap", "a.b.c=1", "=3", "cap="):
        with pytest.raises(ShijiError, match="METHOD-PARAMETER"):
            read_params(bad, "卡")
