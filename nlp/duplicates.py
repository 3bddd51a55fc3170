"""Near-duplicate documents: MinHash candidates, Jaccard on character 4-grams, and vetoes (R-13).

Thresholds as measured in parts/collecting.md §7: >= .6 the same text; .3-.6 with the same names or dates the same
event, never merged.

What is kept of a document is bounded: the first KEPT characters of its text, from which all else is read again
when it becomes a candidate, its bands, and for longer texts a sample of at most SAMPLE grams of the whole (those
with the smallest hashes). Two sampled texts are compared on the part of the hash range that both samples cover,
which estimates Jaccard and containment without bias; texts of up to KEPT characters are compared exactly.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import Literal, NamedTuple

import numpy as np
import numpy.typing as npt
import rensa

from nlp.bands import BANDS, ROWS, BandTable
from nlp.boilerplate import letters_only, strip_boilerplate
from nlp.surroundings import tagged

Relation = Literal["first", "exact", "edited", "same_event"]

SAME_TEXT = 0.6
SAME_EVENT = 0.3
NEARLY_ALL = 0.9  # at or above: the same text with at most a changed line
_CONTAINED = 0.85
_GRAM = 4
KEPT = 4000  # characters of a text that are kept
SAMPLE = 2048  # grams kept of a longer one: the error of its Jaccard is about .01
_DATE = re.compile(r"\d{1,2}月\d{1,2}日")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_KEY_TAGS = ("nr", "ns", "nt")
_LEAD = 160
_TITLE = 200
_READ_AGAIN = 1024  # prints held ready


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


@dataclass(frozen=True, slots=True)
class _Kept:
    """What stays of a document; `sample` only where the text is longer than what is kept of it."""

    doc: str
    cluster: str
    title: str
    body: str
    sample: npt.NDArray[np.uint32] | None


@dataclass(frozen=True)
class _Print:
    """What a text is compared by; all of it can be read from the kept text again."""

    key: str
    grams: npt.NDArray[np.uint32]
    lead: str
    lead_grams: npt.NDArray[np.uint32]
    dates: frozenset[str]
    numbers: frozenset[str]


class _Seen(NamedTuple):
    kept: _Kept
    digest: bytes
    sketch: npt.NDArray[np.uint64] | None


class Look(NamedTuple):
    """A document that was compared and not yet kept; `known` tells how many documents it was compared with."""

    seen: _Seen
    match: Match | None
    known: int


class DuplicateIndex:
    """Documents seen so far. `query` looks, `add` looks and keeps; `look` and then `keep` do so with work between
    them, reading the document once."""

    def __init__(self) -> None:
        self._bands = BandTable()
        self._kept: list[_Kept] = []
        self._exact: dict[bytes, int] = {}

    def __len__(self) -> int:
        return len(self._kept)

    def query(self, doc: DuplicateDoc) -> Match | None:
        """The nearest kept document that is the same text, or else the same event; None when there is none."""
        return self.look(doc).match

    def add(self, doc: DuplicateDoc) -> Duplicate:
        """Compare with everything kept, then keep the document too."""
        return self.keep(self.look(doc))

    def look(self, doc: DuplicateDoc) -> Look:
        """Compare with everything kept; what was read of the document is held for `keep`."""
        seen = _fingerprint(doc)
        return Look(seen, self._nearest(seen), len(self._kept))

    def keep(self, look: Look) -> Duplicate:
        """Keep a document that was looked at; it is compared again only where others were kept since."""
        seen, kept = look.seen, look.seen.kept
        match = look.match if look.known == len(self._kept) else self._nearest(seen)
        merged = match is not None and match.relation in {"exact", "edited"}
        cluster = match.cluster if match is not None and merged else kept.doc
        if seen.digest:
            self._exact.setdefault(seen.digest, len(self._kept))
        self._kept.append(_Kept(kept.doc, cluster, kept.title, kept.body, kept.sample))
        self._bands.add(seen.sketch)
        return Duplicate(kept.doc, cluster, match.relation if match is not None else "first")

    def _nearest(self, seen: _Seen) -> Match | None:
        at = self._exact.get(seen.digest) if seen.digest else None
        if at is not None:
            known = self._kept[at]
            return Match(known.doc, known.cluster, "exact", 1.0, 1.0)
        if seen.sketch is None:
            return None
        best: Match | None = None
        for other in self._bands.near(seen.sketch):
            match = _compare(seen.kept, self._kept[other])
            if match is not None and (best is None or _order(match) > _order(best)):
                best = match
                if match.relation == "exact":
                    break
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


def _fingerprint(doc: DuplicateDoc) -> _Seen:
    """What is kept of a document, the digest of its whole text, and its MinHash sketch (None for very short ones)."""
    body = strip_boilerplate(doc.text)
    key = letters_only(body)
    sample = np.sort(_grams(key))[:SAMPLE] if len(body) > KEPT else None
    kept = _Kept(doc.id, doc.id, doc.title[:_TITLE], body[:KEPT], sample)
    digest = blake2b(key.encode(), digest_size=16).digest() if key else b""
    if len(key) < 2 * _GRAM:
        return _Seen(kept, digest, None)
    sketch = rensa.RMinHash(num_perm=BANDS * ROWS, seed=1)
    sketch.update([key[i : i + _GRAM] for i in range(len(key) - _GRAM + 1)])
    return _Seen(kept, digest, np.array(sketch.digest(), dtype=np.uint64))


@lru_cache(maxsize=_READ_AGAIN)
def _print(title: str, body: str) -> _Print:
    key = letters_only(body)
    lead = f"{title}\n{body[:_LEAD]}"
    lead_grams = np.concatenate([_grams(letters_only(title)), _grams(letters_only(body[:_LEAD]))])
    return _Print(key, _grams(key), lead, lead_grams, frozenset(_DATE.findall(lead)), frozenset(_NUMBER.findall(body)))


@lru_cache(maxsize=_READ_AGAIN)
def _names(lead: str) -> frozenset[str]:
    """Persons, places and bodies in a title and the opening below it."""
    return frozenset(letters_only(w) for w, tag in tagged(lead) if len(w) > 1 and tag.startswith(_KEY_TAGS))


def _grams(key: str) -> npt.NDArray[np.uint32]:
    """The 32-bit hashes of a key's 4-grams, evenly spread, each once, in rising order."""
    codes = np.frombuffer(key.encode("utf-32-le", "replace"), dtype=np.uint32).astype(np.uint64)
    if len(codes) < _GRAM:
        return np.empty(0, dtype=np.uint32)
    mixed = np.zeros(len(codes) - _GRAM + 1, dtype=np.uint64)
    for i in range(_GRAM):
        mixed = mixed * np.uint64(1_000_003) + codes[i : len(codes) - _GRAM + 1 + i]
    mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0x9E3779B97F4A7C15)
    return np.unique((mixed >> np.uint64(32)).astype(np.uint32))


def _shared(a: _Kept, b: _Kept) -> tuple[float, float]:
    """Jaccard and containment, exact or on the hash range that both samples cover."""
    one = _print(a.title, a.body).grams if a.sample is None else a.sample
    other = _print(b.title, b.body).grams if b.sample is None else b.sample
    for sample in (a.sample, b.sample):
        if sample is not None and len(sample) == SAMPLE:
            one, other = one[one <= sample[-1]], other[other <= sample[-1]]
    if not len(one) or not len(other):
        return 0.0, 0.0
    common = len(np.intersect1d(one, other, assume_unique=True))
    return common / (len(one) + len(other) - common), common / min(len(one), len(other))


def _compare(a: _Kept, b: _Kept) -> Match | None:
    jaccard, contained = _shared(a, b)
    if jaccard < SAME_EVENT and contained < _CONTAINED:
        return None
    one, other = _print(a.title, a.body), _print(b.title, b.body)
    veto = _veto(one, other)
    if jaccard >= SAME_TEXT and not veto:
        return Match(b.doc, b.cluster, "exact" if jaccard >= NEARLY_ALL else "edited", jaccard, contained)
    if veto or not ((one.dates & other.dates) or (_names(one.lead) & _names(other.lead))):
        return None
    return Match(b.doc, b.cluster, "same_event", jaccard, contained, veto)


def _veto(a: _Print, b: _Print) -> str:
    """Alike in words yet about something else: another person or place, another day, other figures."""
    if _other_names(a, b):
        return "names"
    if a.dates and b.dates and not a.dates & b.dates:
        return "dates"
    fewer = min(len(a.numbers), len(b.numbers))
    if fewer >= 4 and len(a.numbers & b.numbers) < 0.3 * fewer:
        return "numbers"
    return ""


def _other_names(a: _Print, b: _Print) -> bool:
    """Each opening names somebody or some place that the other text lacks, and they share few."""
    if _told_by(a, b) or _told_by(b, a):
        return False  # no need for the costly search for names
    names_a, names_b = _names(a.lead), _names(b.lead)
    only_a = [n for n in names_a if n not in b.key]
    only_b = [n for n in names_b if n not in a.key]
    shared = min(len(names_a) - len(only_a), len(names_b) - len(only_b))
    return bool(only_a and only_b and shared <= 2 * min(len(only_a), len(only_b)))


def _told_by(a: _Print, b: _Print) -> bool:
    """Whether every 4-gram of a's title and opening stands in b as well: then a names nothing that b lacks."""
    return bool(np.isin(a.lead_grams, b.grams).all())
