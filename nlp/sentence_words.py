"""Words of a text as numbers of a vocabulary; a word it lacks counts as its parts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

import rjieba

from nlp.text import normalise

Vocabulary = Mapping[str, int]
_WORD = re.compile(r"[\u4e00-\u9fff]+|[a-z]{2,}")


def words_of(text: str) -> Iterator[str]:
    """Chinese words and Latin words in lower case, in order; figures and signs are left out."""
    for word in rjieba.cut(normalise(text).lower()):
        if _WORD.fullmatch(word):
            yield word


def numbers_of(text: str, vocabulary: Vocabulary) -> list[int]:
    """Numbers of the words; an unknown word gives its known pairs of characters, else its known characters."""
    found: list[int] = []
    for word in words_of(text):
        number = vocabulary.get(word)
        found.extend([number] if number is not None else _parts(word, vocabulary))
    return found


def _parts(word: str, vocabulary: Vocabulary) -> list[int]:
    found = []
    at = 0
    while at < len(word):
        pair = vocabulary.get(word[at : at + 2]) if at + 2 <= len(word) else None
        number = pair if pair is not None else vocabulary.get(word[at])
        if number is not None:
            found.append(number)
        at += 2 if pair is not None else 1
    return found
