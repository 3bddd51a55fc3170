"""The tree under a composite: weights, gaps, what does not apply, and the cells at the bottom."""

from decimal import Decimal

import pytest

from appraisal.drilldown import Cell, Part, ScoreNode, cells_of, indicator_node, weighted_node
from appraisal.proportional import anchored
from appraisal.score import Score, no_score
from storage.errors import ShijiError


def _leaf(label: str, value: str | None, status: str = "核定") -> ScoreNode:
    score = Score(Decimal(value), f"= {value}") if value else no_score("未出数")
    cell = Cell(f"dp-{label}", "D04", label, "2025Q2累计", Decimal(1), 2, status)
    return indicator_node(label, score, [cell])


def _parts(*values: str | None) -> list[Part]:
    return [Part(_leaf(f"I{i}", value), Decimal(25)) for i, value in enumerate(values)]


def test_the_four_core_indicators() -> None:
    node = weighted_node("核心指标", _parts("91", "84", "78", "95"))
    assert (node.text, node.flags, node.complete) == ("87.00", (), 100)
    assert node.formula == "25% × 91.00 + 25% × 84.00 + 25% × 78.00 + 25% × 95.00 = 87.00"


def test_a_missing_value_is_flagged_and_never_zero() -> None:
    node = weighted_node("核心指标", _parts("91", "84", "78", None))
    assert node.text == "84.33"
    assert node.flags == ("暂缺 25%",)
    assert node.formula.startswith("（25% × 91.00")
    assert node.formula.endswith("）÷ 75% = 84.33")
    nothing = weighted_node("核心指标", _parts(None, None, None, None))
    assert (nothing.value, nothing.flags) == (None, ("暂缺 100%",))


def test_structural_na_is_shared_out_without_a_gap() -> None:
    parts = _parts("91", "84", "78")
    parts.append(Part(_leaf("港口", None), Decimal(25), applicable=False))
    node = weighted_node("类别指标", parts)
    assert node.text == "84.33"
    assert node.complete == 100
    assert node.flags == ("港口不适用，权重 25% 在本板块内分摊",)


def test_three_in_one_composite_and_gap_passed_up() -> None:
    blocks = [Part(_leaf("共同指标", "84.6"), Decimal(50)), Part(_leaf("类别指标", "79.2"), Decimal(30)),
              Part(_leaf("特色指标", "91.0"), Decimal(20))]  # fmt: skip
    assert weighted_node("云亭区", blocks).text == "84.26"
    partial = weighted_node("共同指标", _parts("91", "84", "78", None))
    whole = weighted_node("综合", [Part(partial, Decimal(50)), *blocks[1:]])
    assert whole.complete == Decimal("87.5")
    assert whole.flags == ("暂缺 12.5%",)


def test_cap_and_bad_weights() -> None:
    assert weighted_node("特色指标", [Part(_leaf("T", "104"), Decimal(100))], cap=Decimal(100)).text == "100.00"
    with pytest.raises(ShijiError, match="WEIGHT-SUM"):
        weighted_node("核心指标", _parts("91", "84", "78"))


def test_down_to_the_data_point_version() -> None:
    cell = Cell("dp-7", "D01", "G7", "2024年", Decimal("7.1"), 3, "初步")
    leaf = indicator_node("城镇居民收入", anchored(cell.value, bad=Decimal("5.0"), good=Decimal("9.0")), [cell])
    root = weighted_node("综合", [Part(weighted_node("共同", [Part(leaf, Decimal(100))]), Decimal(60)),
                                  Part(leaf, Decimal(40))])  # fmt: skip
    assert leaf.flags == ("含初步数",)
    assert leaf.formula == "60 + 40 ×（7.1 − 5.0）÷（9.0 − 5.0）= 81.00"
    assert cells_of(root) == (cell,)
    assert root.children[0].children[0].cells[0].version == 3
