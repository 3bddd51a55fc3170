"""Marking what was found: plain text pieces with a flag, cut to a readable length around the best place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from dossier.search.port import Segments
from dossier.search.query import ParsedQuery, Word
from dossier.search.tokens import fold, segmenter

WIDTH = 120  # characters of a shown excerpt
_LEAD = 24  # characters kept before the first match when no sentence begins nearer
_SENTENCE_END = "。！？；\n"
_ELLIPSIS = "…"


class Marker:
    """Finds a query's words in texts; made once a page."""

    def __init__(self, query: ParsedQuery) -> None:
        self._terms = sorted({t for word in query.words for t in _terms(word)}, key=len, reverse=True)
        alternatives = "|".join(_pattern(term) for term in self._terms)
        self._pattern = re.compile(alternatives) if alternatives else None

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Character spans of all matches, apart and in order."""
        if self._pattern is None:
            return []
        merged: list[tuple[int, int]] = []
        for found in self._pattern.finditer(fold(text)):
            if merged and found.start() <= merged[-1][1]:
                merged[-1] = (merged[-1][0], found.end())
            else:
                merged.append(found.span())
        return merged

    def whole(self, text: str) -> Segments:
        """The whole text in pieces (titles)."""
        return _pieces(text, self.spans(text), 0, len(text))

    def excerpt(self, text: str, width: int = WIDTH) -> Segments:
        """About `width` characters around the place with most different words; the beginning when none occurs."""
        spans = self.spans(text)
        if len(text) <= width:
            return _pieces(text, spans, 0, len(text))
        start = _begin(text, _best(fold(text), spans, width), width)
        end = min(len(text), start + width)
        pieces = _pieces(text, [(max(a, start), min(b, end)) for a, b in spans if a < end and b > start], start, end)
        before = ((_ELLIPSIS, False),) if start else ()
        after = ((_ELLIPSIS, False),) if end < len(text) else ()
        return before + pieces + after


def _terms(word: Word) -> Iterable[str]:
    if word.exact:
        return [fold(word.text)]
    if word.named:
        return word.named.marks
    parts = segmenter().query_words(word.text)
    return [fold(word.text), *(p for p in parts if len(p) > 1)]


def _pattern(term: str) -> str:
    # a two-character name is often printed with a space inside; latin words are taken as they are
    if term.isascii():
        return rf"(?<![a-z0-9]){re.escape(term)}(?![a-z0-9])"
    return r"[ \n]?".join(re.escape(c) for c in term if not c.isspace())


def _best(folded: str, spans: Sequence[tuple[int, int]], width: int) -> int:
    """Start of the first match of the window that holds most different words."""
    best, best_score = 0, 0
    for at, (start, _end) in enumerate(spans):
        seen = set()
        for a, b in spans[at:]:
            if b > start + width - _LEAD:
                break
            seen.add(folded[a:b])
        score = sum(len(s) for s in seen)
        if score > best_score:
            best, best_score = start, score
    return best


def _begin(text: str, match: int, width: int) -> int:
    """Where the excerpt begins: the sentence's start if near, and never so late that the excerpt falls short."""
    earliest = max(0, match - _LEAD)
    sentence = max((text.rfind(end, earliest, match) + 1 for end in _SENTENCE_END), default=0)
    return max(0, min(sentence or earliest, len(text) - width))


def _pieces(text: str, spans: Sequence[tuple[int, int]], start: int, end: int) -> Segments:
    pieces: list[tuple[str, bool]] = []
    at = start
    for a, b in spans:
        if a > at:
            pieces.append((text[at:a], False))
        if b > max(a, at):
            pieces.append((text[max(a, at) : b], True))
        at = max(at, b)
    if at < end:
        pieces.append((text[at:end], False))
    return tuple(pieces)
