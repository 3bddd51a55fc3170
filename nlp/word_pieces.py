"""Cutting a text into the word pieces a sentence encoder was trained on (unigram language model, best path)."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

SPACE = "\u2581"  # how the vocabulary writes a space
UNKNOWN_COST = 10.0  # an unknown character is this much less likely than the rarest piece


@dataclass(frozen=True)
class WordPieces:
    """A vocabulary in id order with log probabilities; ids 0-3 are start, padding, end and unknown."""

    pieces: tuple[str, ...]
    scores: tuple[float, ...]

    @cached_property
    def _known(self) -> dict[str, tuple[int, float]]:
        pairs = zip(self.pieces, self.scores, strict=True)
        return {piece: (number, score) for number, (piece, score) in enumerate(pairs) if number > 3 and piece}

    @cached_property
    def _longest(self) -> int:
        return max(map(len, self._known))

    @cached_property
    def _worst(self) -> float:
        return min(self.scores) - UNKNOWN_COST

    def ids(self, text: str, most: int) -> list[int]:
        """At most `most` piece ids of the text between start and end marks."""
        plain = SPACE + SPACE.join(unicodedata.normalize("NFKC", text).split())
        best = [0.0] + [float("-inf")] * len(plain)
        step: list[tuple[int, int]] = [(0, 0)] * (len(plain) + 1)
        for begin in range(len(plain)):
            here = best[begin]
            for end in range(begin + 1, min(begin + self._longest, len(plain)) + 1):
                found = self._known.get(plain[begin:end])
                if found is not None and here + found[1] > best[end]:
                    best[end], step[end] = here + found[1], (begin, found[0])
            if here + self._worst > best[begin + 1]:
                best[begin + 1], step[begin + 1] = here + self._worst, (begin, 3)
        return [0, *_path(step, len(plain))[:most], 2]


def _path(step: Sequence[tuple[int, int]], end: int) -> list[int]:
    """Piece ids along the best path to `end`, in reading order."""
    ids = []
    while end > 0:
        end, piece = step[end]
        ids.append(piece)
    return ids[::-1]
