"""Every worked example and edge case of the methods catalogue (domain.md §1.5, §1.9, §1.10)."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from appraisal.bands import position_bands, rating_band, standard_bands
from appraisal.methods import GroupData, score_group
from appraisal.proportional import anchored, completion, interval, inverse, min_max, plus_minus, ratio_to_best
from appraisal.votes import BallotClass, survey, weighted_survey
from storage.errors import ShijiError
from tests.appraisal.vectors import BOOK, CATEGORIES

TEN = Decimal(10)
THREE = {"A": Decimal(12), "B": Decimal(9), "C": Decimal(3)}
STANDARDS = tuple(map(Decimal, (9, 7, 5, 3, 0)))


def d(text: str | int) -> Decimal:
    return Decimal(text)


def test_completion() -> None:
    assert completion(d(46), d(50), points=TEN).formula == "10 × 46 ÷ 50 = 9.20"
    assert completion(d(58), d(50), points=TEN).text == "10.00"
    assert completion(d(58), d(50), points=TEN).flags == ("已封顶",)
    assert completion(d(58), d(50), points=TEN, cap=d("1.2")).text == "11.60"
    assert completion(d(-5), d(50), points=TEN).text == "0.00"


def test_completion_where_a_ratio_means_nothing() -> None:
    assert completion(d(3), d(0)).value is None
    assert "目标为零" in completion(d(3), d(0)).formula
    assert completion(None, d(3)).value is None
    assert completion(d(3), None).flags == ("未定目标",)
    planned = completion(d(-3), d(-2), points=TEN, slope=d("0.1"))
    assert planned.text == "9.00"
    assert planned.formula == "10 ×［1 − 0.1 ×（−2 −（−3））］= 9.00"
    assert completion(d(-1), d(-2), points=TEN, slope=d("0.1")).text == "10.00"
    assert completion(d(-3), d(-2)).value is None


def test_ratio_to_best() -> None:
    assert [one.text for one in ratio_to_best(THREE, points=TEN).values()] == ["10.00", "7.50", "2.50"]
    assert all(one.value is None for one in ratio_to_best({"A": d(5), "B": d(-1)}).values())
    assert all(one.value is None for one in ratio_to_best({"A": d(0), "B": d(0)}).values())
    assert ratio_to_best({"A": d(5), "B": None})["B"].flags == ("缺报，暂不计分",)


def test_min_max() -> None:
    scores = min_max(THREE, points=TEN)
    assert [one.text for one in scores.values()] == ["10.00", "8.67", "6.00"]
    assert scores["B"].formula == "10 ×［0.6 + 0.4 ×（9 − 3）÷（12 − 3）］= 8.67"
    down = min_max(THREE, points=TEN, direction="down")
    assert [one.text for one in down.values()] == ["6.00", "7.33", "10.00"]


def test_min_max_edges() -> None:
    same = min_max({"A": d(5), "B": d(5), "C": d(5), "D": None}, points=TEN)
    assert [one.text for one in same.values()] == ["10.00", "10.00", "10.00", "—"]
    assert "无区分度" in same["A"].flags[0]
    assert all(one.value is None for one in min_max({"A": d(1), "B": d(2)}).values())
    with pytest.raises(ShijiError, match="METHOD-PARAMETER"):
        min_max(THREE, floor=d(1))


def test_anchored() -> None:
    score = anchored(d("7.1"), bad=d("5.0"), good=d("9.0"))
    assert score.formula == "60 + 40 ×（7.1 − 5.0）÷（9.0 − 5.0）= 81.00"
    assert anchored(d(12), bad=d(5), good=d(9)).flags == ("已封顶",)
    assert anchored(d(1), bad=d(5), good=d(9)).text == "60.00"
    assert anchored(d("0.42"), bad=d("0.60"), good=d("0.40"), points=TEN).text == "9.60"
    with pytest.raises(ShijiError, match="METHOD-PARAMETER"):
        anchored(d(1), bad=d(5), good=d(5))


def test_inverse() -> None:
    assert inverse(d("0.45"), d("0.42"), points=TEN).text == "9.33"
    assert inverse(d("0.45"), d("0.42"), points=TEN, form="difference").text == "9.29"
    assert inverse(d(0), d(3), points=TEN).flags == ("实际为零，按封顶计",)
    assert inverse(d(0), d(0)).value is None
    assert inverse(d(9), d(3), points=TEN, form="difference").text == "0.00"


def test_interval() -> None:
    card = {"lower": d(40), "upper": d(60), "slope": d("0.5"), "points": TEN}
    assert interval(d(66), **card).formula == "10 − 0.5 ×（66 − 60）= 7.00"
    assert [interval(d(x), **card).text for x in (40, 50, 60, 30, 99)] == ["10.00", "10.00", "10.00", "5.00", "0.00"]


def test_plus_minus() -> None:
    card = {"base": d(60), "step": d("0.1"), "per_step": d("0.1"), "limit": d(2)}
    assert plus_minus(d("6.3"), d("5.6"), **card).text == "60.70"
    assert plus_minus(d("5.0"), d("5.6"), **card).text == "59.40"
    assert plus_minus(d("5.0"), d("5.6"), direction="down", **card).text == "60.60"
    assert plus_minus(d(20), d(5), **card).text == "62.00"
    assert "为限" in plus_minus(d(20), d(5), **card).formula
    assert plus_minus(d(20), None, **card).value is None


def test_survey() -> None:
    votes = {"好": 18, "较好": 17, "一般": 4, "较差": 1}
    assert survey(votes).formula == "（18 × 100 + 17 × 80 + 4 × 60 + 1 × 40）÷ 40 = 86.00"
    assert survey({"好": 4}).value is None
    assert survey({}).value is None
    with pytest.raises(ShijiError, match="SURVEY-BALLOT"):
        survey({"很好": 3})


def test_weighted_survey_keeps_small_classes_secret() -> None:
    leaders = BallotClass("市领导", {"好": 10, "较好": 10}, d(40))  # 90
    peers = BallotClass("互评", {"好": 6, "较好": 10, "一般": 4}, d(30))  # 82
    served = BallotClass("服务对象", {"好": 12, "较好": 8}, d(30))  # 92
    score = weighted_survey((leaders, peers, served))
    assert score.text == "88.20"
    assert "市领导 90.00 × 40" in score.formula
    few = BallotClass("服务对象", {"好": 4}, d(30))
    hidden = weighted_survey((leaders, peers, few))
    assert hidden.text == "90.60"
    assert "90.00 ×" not in hidden.formula
    assert not hidden.inputs
    spread = weighted_survey((leaders, BallotClass("互评", {}, d(60))))
    assert spread.text == "90.00"
    assert "互评没有有效票" in spread.flags[0]


@pytest.mark.parametrize(
    ("value", "points"),
    [("9.4", "10.00"), ("8", "9.00"), ("7", "8.00"), ("6.2", "7.20"), ("4.1", "5.10"), ("1.5", "3.00"), ("-1", "0.00"),
     ("9", "10.00"), ("0", "2.00")],
)  # fmt: skip
def test_five_standards(value: str, points: str) -> None:
    assert standard_bands(d(value), STANDARDS, points=TEN).text == points


def test_five_standards_edges() -> None:
    assert standard_bands(d("6.2"), STANDARDS, points=TEN).formula == "6.0 +（6.2 − 5）÷（7 − 5）×（8.0 − 6.0）= 7.20"
    assert standard_bands(d(-1), STANDARDS, points=TEN, floor=d("0.2")).text == "2.00"
    rising = tuple(map(Decimal, (1, 2, 3, 4, 5)))
    assert [standard_bands(d(x), rising, points=TEN).text for x in ("0.5", "1.5", "6")] == ["10.00", "9.00", "0.00"]
    with pytest.raises(ShijiError, match="METHOD-PARAMETER"):
        standard_bands(d(1), tuple(map(Decimal, (9, 7, 7, 3, 0))))


def _bands(values: list[int]) -> list[int]:
    scores = position_bands({f"T{i}": Decimal(value) for i, value in enumerate(values)})
    return [int(score.inputs["档次"]) for score in scores.values()]


def test_position_bands() -> None:
    assert _bands([8, 7, 6, 5, 4, 3, 2, 1]) == [1, 1, 2, 3, 3, 4, 5, 5]
    assert _bands(list(range(10, 0, -1))) == [1, 1, 2, 2, 3, 3, 4, 4, 5, 5]
    assert _bands([9, 9, 9, 9, 1]) == [3, 3, 3, 3, 5]
    assert len(set(_bands([5, 5, 5, 5, 5]))) == 1


def test_position_bands_edges() -> None:
    values = {f"T{i}": Decimal(text) for i, text in enumerate(("9.02", "9.00", "8", "7", "6"))}
    scores = position_bands(values)
    assert scores["T1"].flags == ("第二档", "距上一档 0.02")
    assert scores["T1"].text == "90.00"
    few = position_bands({"A": d(1), "B": d(2), "C": d(3), "D": d(4), "E": None})
    assert all(one.value is None for one in few.values())
    assert "不足 5 个" in few["A"].flags[0]
    lower = position_bands(values, direction="down")
    assert (lower["T4"].text, lower["T0"].text) == ("100.00", "60.00")
    near = position_bands({**values, "T0": Decimal("9.004")})
    assert near["T0"].value == near["T1"].value


def test_ratings() -> None:
    assert [rating_band(word).text for word in ("好", "较好", "一般", "较差", "差")] == [
        "100.00", "85.00", "70.00", "55.00", "40.00",
    ]  # fmt: skip
    assert rating_band("优").value is None
    assert rating_band(None).flags == ("未评定",)


amounts = st.lists(st.decimals(min_value=-1000, max_value=1000, places=2), min_size=3, max_size=12)


@given(amounts)
def test_min_max_is_monotone_scale_free_and_order_free(rows: list[Decimal]) -> None:
    values = {f"T{i}": row for i, row in enumerate(rows)}
    scores = min_max(values)
    scaled = min_max({team: value * 7 + 3 for team, value in values.items()})
    turned = min_max(dict(reversed(values.items())))
    for a in values:
        assert 60 <= scores[a].value <= 100
        assert abs(scores[a].value - scaled[a].value) < Decimal("1e-25")
        assert scores[a].value == turned[a].value
        for b in values:
            assert values[a] < values[b] or scores[a].value >= scores[b].value


@given(st.decimals(min_value=-20, max_value=20, places=3), st.decimals(min_value=0, max_value=5, places=3))
def test_single_team_methods_never_fall_with_a_better_value(value: Decimal, more: Decimal) -> None:
    better = value + more
    assert standard_bands(better, STANDARDS).value >= standard_bands(value, STANDARDS).value
    assert anchored(better, bad=d(-3), good=d(9)).value >= anchored(value, bad=d(-3), good=d(9)).value
    assert completion(better, d(10)).value >= completion(value, d(10)).value


@given(amounts.filter(lambda rows: len(rows) >= 5))
def test_position_bands_are_monotone(rows: list[Decimal]) -> None:
    values = {f"T{i}": row for i, row in enumerate(rows)}
    scores = position_bands(values)
    for a in values:
        for b in values:
            assert values[a] < values[b] or scores[a].value >= scores[b].value


CITY_CLASS = {team: kind for team, kind in CATEGORIES.items() if kind == "城区类"}


def test_score_group_by_card() -> None:
    growth = {"D01": d("6.2"), "D02": d("9.4"), "D03": None, "D04": d("1.5"), "D05": d(-1)}
    scores = score_group(BOOK["G5"], GroupData(values=growth), CITY_CLASS)
    assert [one.text for one in scores.values()] == ["72.00", "100.00", "—", "30.00", "0.00"]
    deaths = score_group(BOOK["G11"], GroupData(values={"D01": d(0), "D02": d(3)}), {"D01": "城区类", "D02": "城区类"})
    assert [one.text for one in deaths.values()] == ["100.00", "70.00"]
    jobs = score_group(BOOK["G8"], GroupData(values={"D01": d(900)}, targets={"D01": d(1000)}), {"D01": "城区类"})
    assert jobs["D01"].text == "90.00"
    joined = score_group(
        BOOK["G1"], GroupData(share_change={"D01": d("0.1")}, growth_index={"D01": d(101)}), {"D01": "城区类"}
    )
    assert joined["D01"].text == "84.00"


def test_score_group_covers_every_method_of_the_book() -> None:
    data = GroupData(
        values={team: Decimal(50 + 3 * i) for i, team in enumerate(CATEGORIES)},
        targets={team: Decimal(60) for team in CATEGORIES},
        share_change={team: Decimal(i) / 10 for i, team in enumerate(CATEGORIES)},
        growth_index={team: Decimal(97 + i) for i, team in enumerate(CATEGORIES)},
    )
    for card in BOOK.values():
        group = {team: kind for team, kind in CATEGORIES.items()
                 if card.category in (None, kind) and card.team in (None, team)}  # fmt: skip
        scores = score_group(card, data, group)
        assert list(scores) == list(group)
        for score in scores.values():
            assert score.value is not None, (card.code, score.formula)
            assert score.formula.endswith(f"= {score.text}"), (card.code, score.formula)


def test_score_group_stays_in_its_scope() -> None:
    with pytest.raises(ShijiError, match="INDICATOR-SCOPE"):
        score_group(BOOK["C1-2"], GroupData(), {"D06": "开发区类"})
    with pytest.raises(ShijiError, match="INDICATOR-SCOPE"):
        score_group(BOOK["T01"], GroupData(), {"D02": "城区类"})
