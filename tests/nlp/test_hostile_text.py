"""Texts made to be slow to read: the time must grow with the length, not with its square."""

from __future__ import annotations

import time

import pytest

from nlp.scrub import scrub

LENGTH = 200_000


@pytest.mark.parametrize("piece", ["1", "a.", "1-", "a@", "家住", "张某", "群众", " ", "（", "1,"])
def test_masking_takes_no_longer_for_odd_texts(piece: str) -> None:
    text = (piece * LENGTH)[:LENGTH]
    started = time.process_time()
    assert len(scrub(text).text) == LENGTH
    assert time.process_time() - started < 5.0  # the square of it took half a minute


def test_addresses_side_by_side_are_masked() -> None:
    masked = scrub("来信a.b@c.cn，另b@d.com.cn-e@f.org。").text
    assert "@" not in masked
    assert masked.endswith("。")
