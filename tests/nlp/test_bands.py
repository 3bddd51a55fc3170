"""The table of bands: finds what shares a band, grows, and costs a bounded amount a document."""

from __future__ import annotations

import random

import numpy as np

from nlp.bands import BANDS, DEPTH, MOST, ROWS, BandTable
from nlp.duplicates import KEPT, SAMPLE, DuplicateDoc, DuplicateIndex


def sketch(rng: np.random.Generator) -> np.ndarray:
    return rng.integers(0, 2**32, BANDS * ROWS, dtype=np.uint64)


def test_one_shared_band_is_enough_and_none_is_none() -> None:
    rng = np.random.default_rng(1)
    table, first = BandTable(), sketch(rng)
    table.add(first)
    other = sketch(rng)
    assert table.near(other) == []
    other[ROWS * 5 : ROWS * 6] = first[ROWS * 5 : ROWS * 6]
    assert table.near(other) == [0]
    moved = sketch(rng)
    moved[ROWS * 6 : ROWS * 7] = first[ROWS * 5 : ROWS * 6]
    assert table.near(moved) == [], "the same rows in another band are no match"


def test_everything_is_found_after_growth_nearest_first() -> None:
    rng = np.random.default_rng(2)
    table = BandTable()
    sketches = [sketch(rng) for _ in range(3000)]
    for one in sketches:
        table.add(one)
    table.add(None)
    assert len(table) == 3001
    for number in (0, 7, 1023, 1024, 2999):
        near = sketches[number].copy()
        near[: ROWS * 30] = sketch(rng)[: ROWS * 30]
        far = 11
        near[:ROWS] = sketches[far][:ROWS]
        assert table.near(near) == [number, far]
    assert table.bytes_held() <= 3001 * BANDS * 12 * 2


def test_a_form_that_everyone_uses_is_walked_a_bounded_way() -> None:
    rng = np.random.default_rng(3)
    table, form = BandTable(), sketch(rng)
    for _ in range(500):
        table.add(form)
    found = table.near(form)
    assert len(found) == min(MOST, DEPTH)
    assert set(found) <= set(range(500 - DEPTH, 500)), "the newest"


def long_text(rng: random.Random, sentences: int) -> str:
    return "".join(
        "".join(rng.choices("望澜推行楼栋议事改造方案公示施工运行居民意见街道答复资金", k=24)) + "。"
        for _ in range(sentences)
    )


def test_long_texts_are_compared_by_a_sample_of_the_whole() -> None:
    rng = random.Random(5)
    head, tail, other_tail = (long_text(rng, n) for n in (200, 800, 800))
    assert len(head) > KEPT
    index = DuplicateIndex()
    index.add(DuplicateDoc("first", "", head + tail))
    edited = index.query(DuplicateDoc("edited", "", head + long_text(rng, 50) + tail))
    assert edited is not None
    assert edited.relation in {"exact", "edited"}
    assert abs(edited.jaccard - 1000 / 1050) < 0.03
    # The same opening, then something else: what is kept of the text agrees, the whole does not.
    found = index.add(DuplicateDoc("second", "", head + other_tail))
    assert found.relation in {"first", "same_event"}
    kept = index._kept[0]
    assert len(kept.body) <= KEPT
    assert kept.sample is not None
    assert len(kept.sample) == SAMPLE
