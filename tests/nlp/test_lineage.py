"""What an edited reprint changed, sentence by sentence."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from nlp.lineage import changes

FIRST = (
    "望澜区推行楼栋议事长制度，目前已在四十一个小区运行。每个楼栋推选一名议事长，每周收集居民意见。"
    "街道在三个工作日内答复。改造资金、工期和施工单位一并公开。"
)


def kinds(first: str, other: str) -> list[tuple[str, str, str]]:
    return [(c.kind, c.before, c.after) for c in changes(first, other)]


def test_the_same_words_are_no_change() -> None:
    assert changes(FIRST, FIRST) == []
    assert changes(FIRST, FIRST.replace("，", ",").replace("。", "。\n　　")) == []


def test_a_figure_corrected_is_a_changed_sentence() -> None:
    other = FIRST.replace("四十一个小区", "四十三个小区")
    (change,) = changes(FIRST, other)
    assert (change.kind, change.at) == ("changed", 0)
    assert "四十一个" in change.before
    assert "四十三个" in change.after


def test_left_out_and_put_in() -> None:
    shorter = FIRST.replace("街道在三个工作日内答复。", "")
    assert kinds(FIRST, shorter) == [("removed", "街道在三个工作日内答复。", "")]
    assert kinds(shorter, FIRST) == [("added", "", "街道在三个工作日内答复。")]
    assert changes(FIRST, shorter)[0].at == FIRST.index("街道在")
    ended = FIRST + "下一步将推广到全市。"
    assert [(c.kind, c.after, c.at) for c in changes(FIRST, ended)] == [("added", "下一步将推广到全市。", len(FIRST))]


def test_a_sentence_in_place_of_another_is_both() -> None:
    other = FIRST.replace("街道在三个工作日内答复。", "记者走访了两处工地！")
    assert kinds(FIRST, other) == [
        ("removed", "街道在三个工作日内答复。", ""),
        ("added", "", "记者走访了两处工地！"),
    ]


def test_empty_texts() -> None:
    assert changes("", "") == []
    assert kinds("", "新增一句。") == [("added", "", "新增一句。")]
    assert kinds("原有一句。", "") == [("removed", "原有一句。", "")]


SENTENCES = st.lists(
    st.sampled_from(["望澜推进改造。", "港口吞吐量增长一成！", "会议强调三点；", "", "街道答复居民意见。"]), max_size=8
)


@settings(max_examples=60, deadline=None)
@given(SENTENCES, SENTENCES)
def test_what_stays_plus_what_came_is_the_other_text(old: list[str], new: list[str]) -> None:
    first, other = "".join(old), "".join(new)
    found = changes(first, other)
    left = [s for s in old if s]
    for change in found:
        if change.before:
            left.remove(change.before)
    came = [c.after for c in found if c.after]
    assert sorted(left + came) == sorted(s for s in new if s)
    assert [c.at for c in found] == sorted(c.at for c in found)
    assert (not found) == ([s for s in old if s] == [s for s in new if s])
