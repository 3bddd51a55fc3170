"""Features of the topic model: characters and words by TF-IDF, and the named cues.

scikit-learn learns the vocabulary (nlp.topic_fit); reading a text is done here, since `TfidfVectorizer.transform`
spends far more on each call than on the text, and does not tell where a feature stands. A test holds the two equal.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import rjieba

from nlp.cues import CUES, CueFound, cue_values, find_cues
from nlp.topic_text import fold_clauses

CUE_WEIGHT = 0.25
CUE_COLUMNS = 3 * len(CUES)


class Reading(NamedTuple):
    """One text as features: `columns`, `values` are the sparse row, `counts` how often each stands in the text.

    `hits` are the occurrences as positions in `columns`, `hit_clauses` the clause of each.
    """

    columns: np.ndarray
    values: np.ndarray
    counts: np.ndarray
    spans: list[tuple[int, int]]
    hits: np.ndarray
    hit_clauses: np.ndarray
    cues: list[CueFound]
    clause_starts: list[int]


@dataclass(frozen=True)
class Features:
    """Vocabulary: columns are characters, then words, then cues; `idf` covers the first two."""

    characters: dict[str, int]
    words: dict[str, int]
    idf: np.ndarray
    word_list: tuple[str, ...]

    @property
    def width(self) -> int:
        return len(self.idf) + CUE_COLUMNS

    def read(self, text: str) -> Reading:
        """Features of one text, with the clause each stands in."""
        spans, clauses = fold_clauses(text)
        folded = "".join(clauses)
        starts = [0]
        for clause in clauses[:-1]:
            starts.append(starts[-1] + len(clause))
        clause_at = np.repeat(np.arange(len(clauses)), [len(c) for c in clauses])
        character_hits, character_places = self._characters(folded)
        word_hits, word_places = self._words(folded)
        columns, values, counts, hits = [], [], [], []
        offset = 0
        for found in (character_hits, word_hits):
            if found:
                unique, inverse, count = np.unique(np.array(found), return_inverse=True, return_counts=True)
                weights = (1 + np.log(count)) * self.idf[unique]
                columns.append(unique)
                values.append(weights / np.sqrt(np.dot(weights, weights)))
                counts.append(count)
                hits.append(inverse + offset)
                offset += len(unique)
        cues = find_cues(folded)
        extra = cue_values(cues, len(folded))
        columns.append(np.array([len(self.idf) + column for column, _value in extra], dtype=np.int64))
        values.append(np.array([value * CUE_WEIGHT for _column, value in extra]))
        counts.append(np.ones(len(extra), dtype=np.int64))
        places = np.array(character_places + word_places, dtype=np.int64)
        return Reading(
            np.concatenate(columns),
            np.concatenate(values),
            np.concatenate(counts),
            spans,
            np.concatenate(hits) if hits else places,
            clause_at[places] if len(places) else places,
            cues,
            starts,
        )

    def _characters(self, folded: str) -> tuple[list[int], list[int]]:
        hits, places = [], []
        find = self.characters.get
        for size in (1, 2, 3):
            for start in range(len(folded) - size + 1):
                column = find(folded[start : start + size])
                if column is not None:
                    hits.append(column)
                    places.append(start)
        return hits, places

    def _words(self, folded: str) -> tuple[list[int], list[int]]:
        hits, places = [], []
        find = self.words.get
        previous, before, start = "", 0, 0
        for word in rjieba.cut(folded):
            for term, place in ((word, start), (f"{previous} {word}", before)):
                column = find(term)
                if column is not None:
                    hits.append(column)
                    places.append(place)
            previous, before = word, start
            start += len(word)
        return hits, places


def features_of(characters: Sequence[str], words: Sequence[str], idf: np.ndarray) -> Features:
    """Features from stored vocabularies in column order."""
    first = {term: column for column, term in enumerate(characters)}
    second = {term: len(first) + column for column, term in enumerate(words)}
    return Features(first, second, idf.astype(np.float64), tuple(words))
