"""Normalising keeps offsets; cleaning maps them back; passages cover the text within their limits."""

from __future__ import annotations

import itertools

from hypothesis import given
from hypothesis import strategies as st

from nlp.passages import HARD_LIMIT, split_passages
from nlp.text import clean, normalise, restore

TEXTS = st.text(st.sampled_from("望澜区推行，。；！？“”（）《》一是二、第 \n　0月日…abc\u200b"), max_size=500)


@given(st.text(max_size=200))
def test_normalise_keeps_length(text):
    assert len(normalise(text)) == len(text)


def test_normalise_is_narrow():
    assert normalise("ＡＢ１２％，（）：㎡…") == "AB12%，（）：㎡…"


@given(st.text(st.sampled_from("望澜\u200b\ufeff\r\n\x07区"), max_size=60), st.data())
def test_cleaning_maps_back(text, data):
    cleaned, offsets = clean(text)
    assert "\u200b" not in cleaned
    assert "\x07" not in cleaned
    if cleaned:
        a = data.draw(st.integers(0, len(cleaned) - 1))
        b = data.draw(st.integers(a + 1, len(cleaned)))
        start, end = restore((a, b), offsets)
        assert clean(text[start:end])[0].replace("\r", "\n") == cleaned[a:b]


@given(TEXTS)
def test_passages_cover_everything_once(text):
    spans = split_passages(text)
    assert all(a.end <= b.start for a, b in itertools.pairwise(spans))
    assert all(0 < s.end - s.start <= HARD_LIMIT for s in spans)
    assert all(text[s.start : s.end].strip() == text[s.start : s.end] for s in spans)
    kept = set().union(*[range(s.start, s.end) for s in spans]) if spans else set()
    assert all(ch.isspace() for i, ch in enumerate(text) if i not in kept)
    assert not any("\n" in text[s.start : s.end] for s in spans)


def test_sentences_are_grouped_and_quotes_kept():
    text = "望澜区推行新制度。居民说：“好！省事。以后常来。”他们还说。又说。再说。"
    cut = [text[s.start : s.end] for s in split_passages(text)]
    assert cut == ["望澜区推行新制度。居民说：“好！省事。以后常来。”他们还说。", "又说。再说。"]


def test_lists_are_split_at_their_items():
    text = "推出三项做法：一是建立议事长制度，须经三轮协商；二是设立夜间窗口，方便企业；三是开展夜查。"
    cut = [text[s.start : s.end] for s in split_passages(text)]
    assert [c[-4:] for c in cut] == ["轮协商；", "便企业；", "展夜查。"]


def test_a_new_date_starts_a_new_passage():
    text = "望澜区召开会议。5月17日，石岭县发生透水。"
    assert len(split_passages(text)) == 2


def test_a_sentence_without_stops_is_cut():
    spans = split_passages("望澜区推进改造，" * 100)
    assert len(spans) > 2
    assert all(s.end - s.start <= HARD_LIMIT for s in spans)
