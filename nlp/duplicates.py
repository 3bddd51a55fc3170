"""Near-duplicate documents: MinHash candidates, exact Jaccard on character 4-grams, and vetoes (R-13).

Thresholds as measured in parts/collecting.md §7: >= .6 the same text; .3-.6 with the same names or dates the same
event, never merged.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import rensa

from nlp.boilerplate import letters_only, strip_boilerplate
from nlp.surroundings import tagged

Relation = Literal["first", "exact", "edited", "same_event"]

SAME_TEXT = 0.6
SAME_EVENT = 0.3
NEARLY_ALL = 0.9  # at or above: the same text with at most a changed line
_CONTAINED = 0.85
_GRAM = 4
_BANDS, _ROWS = 42, 3  # a pair at .6 becomes a candidate with 1 - (1 - .6^3)^42 = .99996
_DATE = re.compile(r"\d{1,2}月\d{1,2}日")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_KEY_TAGS = ("nr", "ns", "nt")
_LEAD = 160


class DuplicateDoc(NamedTuple):
    """A document to compare; `id` is any unique string."""

    id: str
    title: str
    text: str


class Duplicate(NamedTuple):
    """`cluster` is the id of the first document of the same text; a same_event document starts its own cluster."""

    id: str
    cluster: str
    relation: Relation


@dataclass(frozen=True)
class Match:
    """The nearest earlier document, with its measures; `vetoed` says why an alike text was not merged."""

    of: str
    cluster: str
    relation: Relation
    jaccard: float
    containment: float
    vetoed: str = ""


@dataclass(frozen=True)
class _Print:
    doc: str
    cluster: str
    grams: npt.NDArray[np.uint32]
    key: str
    names: frozenset[str]
    dates: frozenset[str]
    numbers: frozenset[str]


class DuplicateIndex:
    """Documents seen so far. `query` looks, `add` looks and then keeps."""

    def __init__(self) -> None:
        self._lsh = rensa.RMinHashLSH(threshold=SAME_TEXT, num_perm=_BANDS * _ROWS, num_bands=_BANDS)
        self._prints: list[_Print] = []
        self._exact: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._prints)

    def query(self, doc: DuplicateDoc) -> Match | None:
        """The nearest kept document that is the same text, or else the same event; None when there is none."""
        seen, sketch = _fingerprint(doc)
        return self._nearest(seen, sketch)

    def add(self, doc: DuplicateDoc) -> Duplicate:
        """Compare with everything kept, then keep the document too."""
        seen, sketch = _fingerprint(doc)
        match = self._nearest(seen, sketch)
        merged = match is not None and match.relation in {"exact", "edited"}
        cluster = match.cluster if match is not None and merged else doc.id
        at = len(self._prints)
        self._prints.append(_Print(doc.id, cluster, seen.grams, seen.key, seen.names, seen.dates, seen.numbers))
        self._exact.setdefault(seen.key, at)
        if sketch is not None:
            self._lsh.insert(at, sketch)
        return Duplicate(doc.id, cluster, match.relation if match is not None else "first")

    def _nearest(self, seen: _Print, sketch: rensa.RMinHash | None) -> Match | None:
        at = self._exact.get(seen.key) if seen.key else None
        if at is not None:
            known = self._prints[at]
            return Match(known.doc, known.cluster, "exact", 1.0, 1.0)
        if sketch is None:
            return None
        best: Match | None = None
        for other in self._lsh.query(sketch):
            match = _compare(seen, self._prints[other])
            if match is not None and (best is None or _order(match) > _order(best)):
                best = match
        return best


def find_duplicates(docs: Iterable[DuplicateDoc]) -> list[Duplicate]:
    """Cluster documents in the order given; the first of each text leads its cluster."""
    index = DuplicateIndex()
    return [index.add(doc) for doc in docs]


def similarity(one: str, other: str) -> float:
    """Jaccard of the character 4-grams of two passages, bylines and punctuation left out; 0 for very short ones."""
    a, b = _grams(letters_only(strip_boilerplate(one))), _grams(letters_only(strip_boilerplate(other)))
    if not len(a) or not len(b):
        return 0.0
    shared = len(np.intersect1d(a, b, assume_unique=True))
    return shared / (len(a) + len(b) - shared)


def _order(match: Match) -> tuple[bool, float]:
    return match.relation != "same_event", match.jaccard


def _fingerprint(doc: DuplicateDoc) -> tuple[_Print, rensa.RMinHash | None]:
    body = strip_boilerplate(doc.text)
    key = letters_only(body)
    lead = f"{doc.title}\n{body[:_LEAD]}"
    names = frozenset(letters_only(w) for w, tag in tagged(lead) if len(w) > 1 and tag.startswith(_KEY_TAGS))
    seen = _Print(doc.id, doc.id, _grams(key), key, names, frozenset(_DATE.findall(lead)),
                  frozenset(_NUMBER.findall(body)))
    if len(key) < 2 * _GRAM:
        return seen, None
    sketch = rensa.RMinHash(num_perm=_BANDS * _ROWS, seed=1)
    sketch.update([key[i:i + _GRAM] for i in range(len(key) - _GRAM + 1)])
    return seen, sketch


def _grams(key: str) -> npt.NDArray[np.uint32]:
    codes = np.frombuffer(key.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < _GRAM:
        return np.empty(0, dtype=np.uint32)
    mixed = np.zeros(len(codes) - _GRAM + 1, dtype=np.uint64)
    for i in range(_GRAM):
        mixed = mixed * np.uint64(1_000_003) + codes[i:len(codes) - _GRAM + 1 + i]
    return np.unique((mixed ^ (mixed >> np.uint64(29))).astype(np.uint32))


def _compare(a: _Print, b: _Print) -> Match | None:
    if not len(a.grams) or not len(b.grams):
        return None
    common = len(np.intersect1d(a.grams, b.grams, assume_unique=True))
    jaccard = common / (len(a.grams) + len(b.grams) - common)
    contained = common / min(len(a.grams), len(b.grams))
    if jaccard < SAME_EVENT and contained < _CONTAINED:
        return None
    veto = _veto(a, b)
    if jaccard >= SAME_TEXT and not veto:
        return Match(b.doc, b.cluster, "exact" if jaccard >= NEARLY_ALL else "edited", jaccard, contained)
    if veto or not ((a.names & b.names) or (a.dates & b.dates)):
        return None
    return Match(b.doc, b.cluster, "same_event", jaccard, contained, veto)


def _veto(a: _Print, b: _Print) -> str:
    """Alike in words yet about something else: another person or place, another day, other figures."""
    only_a = [n for n in a.names if n not in b.key]
    only_b = [n for n in b.names if n not in a.key]
    shared = min(len(a.names) - len(only_a), len(b.names) - len(only_b))
    if only_a and only_b and shared <= 2 * min(len(only_a), len(only_b)):
        return "names"
    if a.dates and b.dates and not a.dates & b.dates:
        return "dates"
    fewer = min(len(a.numbers), len(b.numbers))
    if fewer >= 4 and len(a.numbers & b.numbers) < 0.3 * fewer:
        return "numbers"
    return ""
