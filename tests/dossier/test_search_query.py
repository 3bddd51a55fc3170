"""The query language: filters read out, names found, garbage survived."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.search.names import NameBook, make_book
from dossier.search.query import ParsedQuery, parse
from dossier.search.tokens import characters, fold, segmenter, without_names

TODAY = date(2025, 10, 16)
BOOK = make_book(
    teams=[
        ("D02", "青棠区", "青棠区"),
        ("D05", "云亭区", "云亭区"),
        ("D10", "泊湾市", "泊湾市"),
        ("MA01", "澜宁市发展和改革委员会", "市发改委"),
    ],
    aliases=[
        ("D02", "青棠", False), ("D05", "云亭", False), ("D10", "我市", True), ("D02", "该区", True),
        ("MA01", "市发展和改革委员会", False), ("MA01", "市发改委", False), ("MA01", "发改委", True),
    ],
    cadres=[("P023", "王伟"), ("P024", "王伟"), ("P003", "陆屿衡")],
    look_alikes=["云亭街道"],
)  # fmt: skip


def texts(query: ParsedQuery) -> list[list[str]]:
    return [[w.text for w in group] for group in query.groups]


def test_journey_nine_is_read_as_an_officer_means_it() -> None:
    query = parse("青棠 老旧小区 2024 上半年 问题", TODAY, BOOK)
    assert texts(query) == [["青棠"], ["老旧小区"]]
    assert query.groups[0][0].named is not None
    assert query.groups[0][0].named.teams == ("D02",)
    assert query.topics == ("problem",)
    assert (query.date_from, query.date_to) == (date(2024, 1, 1), date(2024, 6, 30))
    assert {(i.kind, i.typed) for i in query.interpreted} == {
        ("team", "青棠"), ("topic", "问题"), ("period", "2024 上半年"),
    }  # fmt: skip
    assert "时间：2024-01-01至2024-06-30" in [i.meaning for i in query.interpreted]


@pytest.mark.parametrize(
    ("typed", "first", "last"),
    [
        ("2024", "2024-01-01", "2024-12-31"),
        ("2024年", "2024-01-01", "2024-12-31"),
        ("２０２４年上半年", "2024-01-01", "2024-06-30"),
        ("2024年 下半年", "2024-07-01", "2024-12-31"),
        ("2024 第三季度", "2024-07-01", "2024-09-30"),
        ("2024Q1", "2024-01-01", "2024-03-31"),
        ("2024年2月", "2024-02-01", "2024-02-29"),
        ("2024-02", "2024-02-01", "2024-02-29"),
        ("2024-02-05", "2024-02-05", "2024-02-05"),
        ("2024年2月5日", "2024-02-05", "2024-02-05"),
        ("去年 四季度", "2024-10-01", "2024-12-31"),
        ("今年上半年", "2025-01-01", "2025-06-30"),
        ("上半年", "2025-01-01", "2025-06-30"),
        ("上月", "2025-09-01", "2025-09-30"),
        ("上季度", "2025-07-01", "2025-09-30"),
        ("近一周", "2025-10-10", "2025-10-16"),
        ("2023-2024", "2023-01-01", "2024-12-31"),
        ("2023 2024", "2023-01-01", "2024-12-31"),
    ],
)
def test_periods(typed: str, first: str, last: str) -> None:
    query = parse(typed, TODAY)
    assert not query.groups
    assert (str(query.date_from), str(query.date_to)) == (first, last)


@pytest.mark.parametrize("typed", ["2024-13", "2024-02-30", "13月", "20245", "3季度报", '"2024"'])
def test_what_is_no_period_stays_a_word(typed: str) -> None:
    query = parse(typed, TODAY)
    assert query.date_from is None
    assert len(query.groups) == 1


def test_operators() -> None:
    query = parse('"推进 迟缓" 供水 OR 排水 | 防涝 -演练 -"现场会"', TODAY)
    assert texts(query) == [["推进 迟缓"], ["供水", "排水", "防涝"]]
    assert query.groups[0][0].exact
    assert [w.text for w in query.without] == ["演练", "现场会"]
    assert [w.exact for w in query.without] == [False, True]


def test_typographic_quotes_and_full_width_signs() -> None:
    assert parse("“老旧小区” －演练", TODAY).without[0].text == "演练"
    assert parse("“老旧小区”", TODAY).groups[0][0].exact


def test_topics_and_states_are_filters_only_when_they_stand_alone() -> None:
    assert parse("亮点 OR 做法", TODAY).topics == ("highlight", "practice")
    assert parse("待核实 单位自报", TODAY).states == ("待核实",)
    assert parse("待核实 单位自报", TODAY).self_published is True
    mixed = parse("问题 OR 延误", TODAY)
    assert mixed.topics == ()
    assert texts(mixed) == [["问题", "延误"]]
    assert parse("问题整改", TODAY).topics == ()
    assert parse('"问题"', TODAY).topics == ()
    assert parse("-问题", TODAY).topics == ()


def test_an_old_or_short_name_stands_for_the_team_and_every_writing_of_it() -> None:
    named = parse("市发改委", TODAY, BOOK).groups[0][0].named
    assert named is not None
    assert named.teams == ("MA01",)
    assert "市发改委" in named.texts
    assert "市发展和改革委员会" in named.texts
    only_one = parse("发改委", TODAY, BOOK).groups[0][0].named
    assert only_one is not None
    assert only_one.teams == ("MA01",)
    full = parse("青棠区", TODAY, BOOK).groups[0][0].named
    assert full is not None
    assert full.texts == ("青棠区",)  # not the bare 青棠, which says more than was asked
    assert "青棠" in full.marks


def test_pronouns_and_look_alikes_are_no_names() -> None:
    for typed in ("我市", "该区", "云亭街道", "云亭街道办事处"):
        word = parse(typed, TODAY, BOOK).groups[0][0]
        assert word.named is None
        assert word.text == typed


def test_same_name_stands_for_both_persons() -> None:
    named = parse("王伟", TODAY, BOOK).groups[0][0].named
    assert named is not None
    assert named.cadres == ("P023", "P024")
    assert parse("王伟国", TODAY, BOOK).groups[0][0].named is None


def test_a_name_without_a_space_after_it_is_taken_apart() -> None:
    assert texts(parse("青棠区老旧小区", TODAY, BOOK)) == [["青棠区"], ["老旧小区"]]


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.text(max_size=60), st.text(alphabet='"“”-|OR 年月2024上半区青棠问题，\x00\ud800', max_size=40)))
def test_nothing_typed_is_an_error(typed: str) -> None:
    query = parse(typed, TODAY, BOOK)
    for word in (*query.words, *query.without):
        assert characters(word.text)
        for token in characters(word.text):
            token.encode()
    assert (query.date_from is None) == (query.date_to is None)
    if query.date_from and query.date_to:
        assert query.date_from <= query.date_to


def test_empty_book_and_empty_query() -> None:
    assert parse('  ，。 -  OR | "', TODAY, NameBook()).groups == ()


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=80))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)
    assert fold(fold(text)) == fold(text)


def test_characters_keep_signs_apart_and_runs_together() -> None:
    assert characters("ＡＢ12个，县 区") == ["ab12", "个", "，", "县", "区"]


def test_words_hold_the_shorter_words_too() -> None:
    assert {"老旧", "小区"} <= set(segmenter().words("老旧小区改造"))
    assert segmenter().query_words("的") == ["的"]
    assert "的" not in segmenter().query_words("青棠的小区")


def test_look_alikes_are_blanked_for_names_only() -> None:
    blanked = without_names("云亭街道与云亭区", ["云亭街道"])
    assert "云亭街道" not in blanked
    assert "云亭区" in blanked
