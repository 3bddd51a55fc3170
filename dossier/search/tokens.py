"""Texts as tokens, made in Python for both engines so that both give the same hits (parts/engines.md §1.1).

words: dictionary words in search mode, for ranking. characters: one token a CJK character or sign, one a run of
letters and digits; a phrase over them is an exact substring match, which words alone miss for 36 % of the names
the dictionary does not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

import rjieba

from nlp.text import normalise

BREAK = "¶"  # stands between title and text, and in place of a look-alike name: no phrase runs across it
LONGEST = 64  # Elasticsearch's whitespace tokenizer cuts at 255; both engines get the same pieces from here
_CHARACTER = re.compile(rf"[a-z0-9]{{1,{LONGEST}}}|\S")
_WORD = re.compile(r"[a-z0-9\u3400-\u9fff\U00020000-\U0003ffff]")
_UNUSABLE = re.compile(r"[\ud800-\udfff\x00-\x08\x0e-\x1f\x7f]")
_SPACE = re.compile(r"\s")
_EMPTY_WORDS = frozenset("的了和与及在是对于把被将为等也就都而或")


def fold(text: str) -> str:
    """Narrow, lower-case form with exactly one character for each of `text`."""
    lowered = "".join(low if len(low := ch.lower()) == 1 else ch for ch in normalise(text))
    return _UNUSABLE.sub(" ", lowered)


def characters(text: str) -> list[str]:
    """Single characters and letter/digit runs in order; signs are kept, so no phrase runs across a comma."""
    return _CHARACTER.findall(fold(text))


def is_searchable(text: str) -> bool:
    """Whether a text holds anything but signs."""
    return _WORD.search(fold(text)) is not None


class Segmenter:
    """Word segmentation, the same for texts and queries. Roster names are not added as words: a text indexed before
    a roster import would then be cut differently from the query; names are matched by characters instead.
    """

    def __init__(self) -> None:
        self._jieba = rjieba.Jieba()

    def words(self, text: str) -> list[str]:
        """Words and the shorter words within them, as indexed."""
        return list(self._pieces(self._jieba.cut_for_search(fold(text), True)))

    def in_order(self, text: str) -> list[str]:
        """The whole text in pieces, signs among them: joined they have its length."""
        return list(self._jieba.cut(fold(text), True))

    def query_words(self, text: str) -> list[str]:
        """Words of a query, each once, without the empty ones (的, 和 …) unless nothing else is left."""
        found = list(dict.fromkeys(self._pieces(self._jieba.cut(fold(text), True))))
        return [w for w in found if w not in _EMPTY_WORDS] or found

    @staticmethod
    def _pieces(cut: Iterable[str]) -> Iterable[str]:
        for word in cut:
            if _WORD.search(word) and not _SPACE.search(word):
                for start in range(0, len(word), LONGEST):
                    yield word[start : start + LONGEST]


@lru_cache(maxsize=1)
def segmenter() -> Segmenter:
    """The one segmenter of this process (its dictionary takes memory)."""
    return Segmenter()


def without_names(text: str, look_alikes: Iterable[str]) -> str:
    """The folded text with every look-alike name (云亭街道 for 云亭) replaced by a break, so that a name search passes
    it by."""
    folded = fold(text)
    for word in sorted(map(fold, look_alikes), key=len, reverse=True):
        folded = folded.replace(word, f" {BREAK} ")
    return folded
