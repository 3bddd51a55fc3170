"""Summary of an event from its passages: extractive, each sentence with its place (domain.md R-24).

News says the main thing first: the lead of the first print opens (parts.md "Understanding": the two leading sentences
cover 76 % of a title, centroid methods half). What follows are sentences of later passages that add most that is new.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from nlp.duplicates import similarity
from nlp.passages import split_sentences

MOST_SENTENCES = 3
MOST_CHARACTERS = 200
SAME = 0.5  # share of common 4-grams from which two sentences say the same
SHORTEST, LONGEST = 10, 120


@dataclass(frozen=True)
class Cited:
    """One sentence: number of its passage in the given order and its place [start, end) there."""

    passage: int
    start: int
    end: int
    text: str


def summarise(passages: Sequence[str], most: int = MOST_SENTENCES, characters: int = MOST_CHARACTERS) -> list[Cited]:
    """At most `most` sentences and `characters` characters, the first print's lead before all; never a made-up word."""
    sentences = [
        Cited(number, s.start, s.end, text[s.start : s.end].strip())
        for number, text in enumerate(passages)
        for s in split_sentences(text, 0, len(text))
    ]
    usable = [s for s in sentences if SHORTEST <= len(s.text) <= LONGEST] or sentences[:1]
    if not usable:
        return []
    chosen = [usable[0]]
    weight = _weights([s.text for s in usable])
    rest = usable[1:]
    while rest and len(chosen) < most:
        told = {g for s in chosen for g in _bigrams(s.text)}
        room = characters - sum(len(s.text) for s in chosen)
        fitting = [s for s in rest if len(s.text) <= room and all(similarity(s.text, c.text) < SAME for c in chosen)]
        if not fitting:
            break
        best = max(fitting, key=lambda s: (_news(s, told, weight), -s.passage, -s.start))
        if _news(best, told, weight) <= 0:
            break
        chosen.append(best)
        rest.remove(best)
    return sorted(chosen, key=lambda s: (s.passage, s.start))


def _bigrams(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1) if "\u4e00" <= text[i] <= "\u9fff" or text[i].isdigit()}


def _weights(texts: Sequence[str]) -> dict[str, float]:
    """What a bigram says of the event: told often, but not in every sentence."""
    counts = Counter(g for text in texts for g in _bigrams(text))
    return {g: n * log(1 + len(texts) / n) for g, n in counts.items()}


def _news(sentence: Cited, told: set[str], weight: dict[str, float]) -> float:
    """Weight of what is not yet told, a character; earlier sentences of a passage count a little more."""
    fresh = sum(weight.get(g, 0.0) for g in _bigrams(sentence.text) - told)
    return fresh / len(sentence.text) / (1 + 0.1 * (sentence.start > 0))
