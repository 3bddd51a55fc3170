"""Excerpts: cut around the best place, nothing lost or invented, names marked in every writing."""

from __future__ import annotations

from datetime import date

from hypothesis import given, settings
from hypothesis import strategies as st

from dossier.search.highlight import WIDTH, Marker
from dossier.search.query import parse
from tests.dossier.search_passages import BOOK

TODAY = date(2025, 10, 16)
FILLER = "全市各级各部门认真落实部署。" * 20


def marked(typed: str, text: str) -> list[str]:
    return [piece for piece, found in Marker(parse(typed, TODAY, BOOK)).excerpt(text) if found]


def test_the_excerpt_shows_the_place_where_most_of_the_query_stands() -> None:
    text = f"小区很多。{FILLER}老旧小区改造推进迟缓，群众反映强烈。{FILLER}"
    pieces = Marker(parse("老旧小区 迟缓", TODAY)).excerpt(text)
    shown = "".join(piece for piece, _found in pieces)
    assert "老旧小区改造推进迟缓" in shown
    assert shown.startswith("…老旧小区")  # from the sentence's beginning
    assert shown.endswith("…")
    assert len(shown) <= WIDTH + 2
    assert [p for p, found in pieces if found] == ["老旧小区", "迟缓"]


def test_without_a_match_the_beginning_is_shown() -> None:
    pieces = Marker(parse("", TODAY)).excerpt(FILLER)
    assert pieces == ((FILLER[:WIDTH], False), ("…", False))


def test_every_writing_of_a_team_is_marked_and_a_spaced_name_too() -> None:
    assert marked("市发改委", "澜宁市发展和改革委员会（市发改委）") == ["澜宁市发展和改革委员会", "市发改委"]
    assert marked("王伟", "副县长王 伟、王炜") == ["王 伟"]


def test_latin_words_are_whole_words_in_any_width() -> None:
    assert marked("ai", "ＡＩ政务与AIR公司、ai") == ["ＡＩ", "ai"]


def test_markup_stays_text() -> None:
    pieces = Marker(parse("小区", TODAY)).excerpt("<b>小区</b>")
    assert pieces == (("<b>", False), ("小区", True), ("</b>", False))


@settings(max_examples=200, deadline=None)
@given(typed=st.text(max_size=12), before=st.text(max_size=200), after=st.text(max_size=200))
def test_pieces_put_together_are_a_piece_of_the_text(typed: str, before: str, after: str) -> None:
    text = before + typed + after
    marker = Marker(parse(typed, TODAY, BOOK))
    assert "".join(p for p, _ in marker.whole(text)) == text
    pieces = list(marker.excerpt(text))
    if len(text) > WIDTH:
        pieces = [p for n, p in enumerate(pieces) if p != ("…", False) or 0 < n < len(pieces) - 1]
    shown = "".join(p for p, _ in pieces)
    assert shown in text
    assert len(shown) <= WIDTH
