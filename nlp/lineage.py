"""What a reprint changed: the first print and an edited one compared sentence by sentence (R-13)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

from nlp.boilerplate import letters_only

ChangeKind = Literal["added", "removed", "changed"]

_SENTENCE = re.compile(r"[^。！？；\n]*(?:[。！？；]+[”’」』）)】]*|\n|$)")
ALIKE = 0.5  # two sentences at least this alike are one sentence, changed
_MOST = 4000  # sentences compared; what lies beyond is left out
_PAIRS = 2_500  # a differing stretch with more pairs than this is not paired: all of it removed, all of it added


@dataclass(frozen=True)
class Change:
    """`before` is '' for an added sentence, `after` is '' for a removed one.

    `at` is the position in the first text (characters) where the change begins.
    """

    kind: ChangeKind
    before: str
    after: str
    at: int


@dataclass(frozen=True)
class _Sentence:
    text: str
    key: str
    start: int


def changes(first: str, other: str) -> list[Change]:
    """What `other` adds to `first`, leaves out of it and says differently, in the order of the text.

    Punctuation, width and white space do not count. Two texts of the same wording give an empty list.
    """
    old, new = list(_sentences(first))[:_MOST], list(_sentences(other))[:_MOST]
    matcher = SequenceMatcher(None, [s.key for s in old], [s.key for s in new], autojunk=False)
    found: list[Change] = []
    for tag, low, high, new_low, new_high in matcher.get_opcodes():
        if tag != "equal":
            at = old[low].start if low < len(old) else len(first)
            found += _block(old[low:high], new[new_low:new_high], at)
    return found


def _sentences(text: str) -> Iterator[_Sentence]:
    for match in _SENTENCE.finditer(text):
        key = letters_only(match[0])
        if key:
            yield _Sentence(match[0].strip(), key, match.start())


def _block(old: list[_Sentence], new: list[_Sentence], at: int) -> Iterator[Change]:
    """The changes of one differing stretch; sentences are paired in order, each with the first one like it."""
    place = 0
    paired = len(old) * len(new) <= _PAIRS
    for sentence in old:
        candidates = range(place, len(new)) if paired else range(0)
        partner = next((i for i in candidates if _alike(sentence.key, new[i].key)), None)
        if partner is None:
            yield Change("removed", sentence.text, "", sentence.start)
            continue
        yield from (Change("added", "", s.text, sentence.start) for s in new[place:partner])
        yield Change("changed", sentence.text, new[partner].text, sentence.start)
        place = partner + 1
    end = old[-1].start + len(old[-1].text) if old else at
    yield from (Change("added", "", s.text, end) for s in new[place:])


def _alike(one: str, other: str) -> bool:
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    return matcher.real_quick_ratio() >= ALIKE and matcher.quick_ratio() >= ALIKE and matcher.ratio() >= ALIKE
