"""DR2: a stated rank decides by thirds; without its field, or in a mechanism, it decides nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.rules import apply_rank_rule
from nlp.topic_port import TopicResult

GUESS = TopicResult("highlight", (), "LD1", 0.8, {"highlight": 0.8})


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("市水务局按期办结率在38个市直部门中列第31位。", "problem"),
        ("泽阳县列全省88个县第75名。", "problem"),
        ("云州区满意度排名第11位（共12个）。", "problem"),
        ("该区空气质量在全省31个城市中排名第3位。", "highlight"),
        ("该县综合得分列12个县区第6位。", "routine"),
        ("该局多次位居末位。", "problem"),
        ("对排名末位的单位，由分管领导约谈。", "highlight"),
        ("该区排名第1位。", "highlight"),
        ("甲区在10个县区中列第1位，乙县在10个县区中列第10位。", "highlight"),
    ],
)
def test_ranks(text: str, label: str) -> None:
    result = apply_rank_rule(text, GUESS)
    assert result.label == label
    if label != "highlight":
        assert "DR2" in result.because
        assert text[result.span[0] : result.span[1]] in result.because


@given(st.integers(3, 300), st.data())
def test_a_third_is_a_third(field: int, data: st.DataObject) -> None:
    rank = data.draw(st.integers(1, field))
    label = apply_rank_rule(f"该局在{field}个单位中列第{rank}位。", GUESS).label
    assert label == ("problem" if 3 * rank > 2 * field else "highlight" if 3 * rank <= field else "routine")


@given(st.text(max_size=60))
def test_any_text_is_taken(text: str) -> None:
    apply_rank_rule(text, GUESS)


def test_irrelevant_stays_irrelevant() -> None:
    other = TopicResult("irrelevant", (), None, 0.9, {"irrelevant": 0.9})
    assert apply_rank_rule("某公司在40个参评企业中列第38位。", other) == other
