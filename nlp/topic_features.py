"""Features of the topic model: character n-grams of text and title by TF-IDF, and the named cues.

Many passages are read at once with array operations, since a document has several and each call costs. An n-gram of
up to four characters is one 64-bit key; the vocabulary is a sorted array of keys. What scikit-learn would compute with
`TfidfVectorizer(analyzer="char", sublinear_tf=True)` is computed here too (a test holds the two equal), but here each
feature also knows the clause it stands in.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

import numpy as np

from nlp.cues import CUES, CueFound, cue_values, find_cues
from nlp.key_table import NONE, KeyTable, key_table
from nlp.topic_port import TopicInput
from nlp.topic_text import fold_clauses, topic_texts

LONGEST = 4  # characters of an n-gram; four of 16 bits fill a key
TITLE_LONGEST = 2
TITLE_WEIGHT = 0.5
CUE_WEIGHT = 0.25
CUE_COLUMNS = 3 * len(CUES)
BEYOND = 0xFFFF  # stands for every character outside the basic plane
_PART = 16


@dataclass(frozen=True)
class Reading:
    """Passages as features, a sparse matrix in parts.

    Entry k stands in column `column[k]` with `value[k]`, its n-gram `count[k]` times; `start` [passages + 1] bounds the
    entries of a passage. The occurrences of n-grams: `hit` gives the entry of each, `hit_clause` its clause, numbered
    through all passages from `first_clause[passage]` on. `spans` are the clauses in each passage's own text,
    `folded` the same clauses as the model reads them.
    """

    column: np.ndarray
    value: np.ndarray
    count: np.ndarray
    start: np.ndarray
    hit: np.ndarray
    hit_clause: np.ndarray
    first_clause: np.ndarray
    spans: list[list[tuple[int, int]]]
    folded: list[list[str]]
    cues: list[list[CueFound]]
    clause_starts: list[list[int]]


@dataclass(frozen=True)
class Features:
    """Vocabulary as sorted keys. Columns: n-grams of the text, then of the title, then cues."""

    keys: np.ndarray
    idf: np.ndarray
    title_keys: np.ndarray
    title_idf: np.ndarray

    @property
    def width(self) -> int:
        return self.cues_from + CUE_COLUMNS

    @property
    def cues_from(self) -> int:
        """Column of the first cue."""
        return len(self.keys) + len(self.title_keys)

    @cached_property
    def weights_idf(self) -> np.ndarray:
        """Inverse document frequency of every n-gram column."""
        return np.concatenate([self.idf, self.title_idf])

    def column_of(self, term: str) -> int | None:
        """Column of an n-gram of the text; None when the vocabulary lacks it."""
        return self._columns.get(key_of(term)) if 1 <= len(term) <= LONGEST else None

    @cached_property
    def _columns(self) -> dict[int, int]:
        return {key: column for column, key in enumerate(self.keys.tolist())}

    @cached_property
    def _table(self) -> KeyTable:
        return key_table(self.keys)

    @cached_property
    def _title_table(self) -> KeyTable:
        return key_table(self.title_keys)

    def read(self, passages: Sequence[TopicInput]) -> Reading:
        """Features of some passages, with the clause each stands in."""
        cut = fold_clauses([passage.text for passage in passages])
        spans, clauses_of = [of_text for of_text, _clauses in cut], [clauses for _of_text, clauses in cut]
        folded = ["".join(clauses) for clauses in clauses_of]
        cues = find_cues(folded)
        starts = []
        lengths: list[int] = []  # of each clause, plus one for the gap after a passage's last
        for clauses in clauses_of:
            sizes = [len(c) for c in clauses]
            starts.append(list(accumulate(sizes[:-1], initial=0)))
            sizes[-1] += 1
            lengths += sizes
        first_clause = list(accumulate(map(len, clauses_of), initial=0))
        column, at = look_up(self._table, folded, LONGEST)
        ends = np.cumsum([len(f) + 1 for f in folded])
        clause_at = np.repeat(np.arange(len(lengths)), lengths)
        row = np.searchsorted(ends, at, side="right")
        known_titles = list({p.title for p in passages})
        title_text = dict(zip(known_titles, topic_texts(known_titles), strict=True))
        titles = [title_text[p.title] for p in passages]
        title_column, title_at = look_up(self._title_table, titles, TITLE_LONGEST)
        title_row = np.searchsorted(np.cumsum([len(t) + 1 for t in titles]), title_at, side="right")
        width = self.width
        entry, hit, count = np.unique(row * width + column, return_inverse=True, return_counts=True)
        title_entry, title_count = np.unique(title_row * width + title_column + len(self.keys), return_counts=True)
        entries = [entry, title_entry]
        values = [
            self._weigh(entry, count, 1.0, len(passages)),
            self._weigh(title_entry, title_count, TITLE_WEIGHT, len(passages)),
        ]
        cue_entry, cue_value = [], []
        for number, found in enumerate(cues):
            for place, value in cue_values(found, len(folded[number])):
                cue_entry.append(number * width + self.cues_from + place)
                cue_value.append(value * CUE_WEIGHT)
        entries.append(np.array(cue_entry, dtype=np.int64))
        values.append(np.array(cue_value))
        counts = np.concatenate([count, title_count, np.ones(len(cue_entry), dtype=np.int64)])
        every = np.concatenate(entries)
        order = np.argsort(every // width, kind="stable")
        place_of = np.empty(len(order), dtype=np.int64)
        place_of[order] = np.arange(len(order))
        every = every[order]
        return Reading(
            column=every % width,
            value=np.concatenate(values)[order],
            count=counts[order],
            start=np.searchsorted(every // width, np.arange(len(passages) + 1)),
            hit=place_of[hit],
            hit_clause=clause_at[at],
            first_clause=np.array(first_clause),
            spans=spans,
            folded=clauses_of,
            cues=cues,
            clause_starts=starts,
        )

    def _weigh(self, entry: np.ndarray, count: np.ndarray, weight: float, passages: int) -> np.ndarray:
        """TF-IDF of entries (row * width + column), each row of length `weight`."""
        row, column = np.divmod(entry, self.width)
        value = (1 + np.log(count)) * self.weights_idf[column]
        square = np.bincount(row, weights=value * value, minlength=passages)
        return np.asarray(value * (weight / np.sqrt(np.maximum(square, 1e-12)))[row])


def look_up(table: KeyTable, texts: Sequence[str], longest: int) -> tuple[np.ndarray, np.ndarray]:
    """(column, place) of every known n-gram; places count through the texts joined with a gap of one after each."""
    characters = _codes("\0".join(texts) + "\0")
    gaps = np.flatnonzero(characters == 0)
    left = gaps[np.searchsorted(gaps, np.arange(len(characters)))] - np.arange(len(characters))  # to the next gap
    columns, places = [], []
    key = np.zeros(len(characters), dtype=np.uint64)
    for size in range(1, longest + 1):
        shifted = characters[size - 1 :].astype(np.uint64) << np.uint64(_PART * (size - 1))
        key = key[: len(shifted)] | shifted
        at = np.flatnonzero(left[: len(key)] >= size)
        column = table.find(key[at])
        known = column != NONE
        columns.append(column[known])
        places.append(at[known])
    return np.concatenate(columns), np.concatenate(places)


def key_of(term: str) -> int:
    """The key of an n-gram of one to four characters."""
    key = 0
    for place, character in enumerate(term):
        key |= min(ord(character), BEYOND) << (_PART * place)
    return key


def all_keys(text: str, longest: int) -> np.ndarray:
    """Keys of all n-grams of a text, each once."""
    characters = _codes(text).astype(np.uint64)
    key = np.zeros(len(characters), dtype=np.uint64)
    found = []
    for size in range(1, min(longest, len(characters)) + 1):
        shifted = characters[size - 1 :] << np.uint64(_PART * (size - 1))
        key = key[: len(shifted)] | shifted
        found.append(key.copy())
    return np.unique(np.concatenate(found)) if found else key


def _codes(text: str) -> np.ndarray:
    """16-bit codes; a character outside the basic plane counts as one, as in Python's own indices."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)
    return np.minimum(codes, np.uint32(BEYOND))
