"""A led pattern finds what its plain pattern finds."""

from __future__ import annotations

import importlib
import pkgutil
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nlp
from nlp.scan import Led, led


def shipped() -> list[tuple[str, Led]]:
    """Every led pattern of the package, with its name."""
    found = []
    for part in pkgutil.iter_modules(nlp.__path__):
        if part.name not in {"train", "train_static"}:
            module = importlib.import_module(f"nlp.{part.name}")
            found += [(f"{part.name}.{name}", value) for name, value in vars(module).items() if isinstance(value, Led)]
    return found


PIECES = [
    "2025年", "去年", "3月", "十二月", "21日", "至", "上半年", "第三季度", "一是", "（二）", "1.", "①",
    "百分之五", "三千余户", "-12.5%", "，", "。", "指出", "：", "小说", "说", "上周", "五", "近日", "在",
    "本", "截至", "区长", "时任", "市委书记", "期", "2025-10-16", "前三季度", "今", "每个", "周", "5日上午",
]  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.sampled_from(PIECES) | st.characters(codec="utf-8", exclude_categories=["Nd"]), max_size=24).map(
        "".join
    ),
    st.integers(0, 9),
)
def test_every_led_pattern_finds_what_re_finds(text: str, start: int) -> None:
    for name, pattern in shipped():
        plain = [m.span() for m in pattern.pattern.finditer(text, start, len(text) - start)]
        assert [m.span() for m in pattern.finditer(text, start, len(text) - start)] == plain, name
        assert pattern.sub("□", text) == pattern.pattern.sub("□", text), name
        first = pattern.pattern.search(text, start)
        assert getattr(pattern.search(text, start), "span", lambda: None)() == (first and first.span()), name


def test_there_are_led_patterns_and_they_need_their_first_characters() -> None:
    assert {"dates._DAY", "topic_text._DATE", "passages._LIST_ITEM"} <= {name for name, _pattern in shipped()}
    assert next(led("甲", "甲?乙").finditer("乙甲乙")).span() == (1, 3), "乙 was not named as a beginning"
    with pytest.raises(re.error):
        led("一", "(")
