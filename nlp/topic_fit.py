"""Learning the vocabulary of the topic model; needed for training only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from nlp.topic_features import LONGEST, TITLE_LONGEST, Features, all_keys
from nlp.topic_port import TopicInput
from nlp.topic_text import topic_texts

BATCH = 256  # passages read at once


def rows(features: Features, passages: Sequence[TopicInput]) -> csr_matrix:
    """Matrix [passages, width]."""
    columns, values, ends = [], [], [0]
    for begin in range(0, len(passages), BATCH):
        reading = features.read(passages[begin : begin + BATCH])
        columns.append(reading.column)
        values.append(reading.value)
        ends += (reading.start[1:] + ends[begin]).tolist()
    shape = (len(passages), features.width)
    if not columns:
        return csr_matrix(shape)
    return csr_matrix((np.concatenate(values), np.concatenate(columns), np.array(ends)), shape=shape)


def fit_features(passages: Sequence[TopicInput], minimum: int = 3) -> Features:
    """Learn vocabulary (n-grams in at least `minimum` passages) and inverse document frequencies."""
    keys, idf = _vocabulary(topic_texts([p.text for p in passages]), LONGEST, minimum)
    title_keys, title_idf = _vocabulary(topic_texts([p.title for p in passages if p.title]), TITLE_LONGEST, minimum)
    return Features(keys, idf, title_keys, title_idf)


def _vocabulary(texts: Sequence[str], longest: int, minimum: int) -> tuple[np.ndarray, np.ndarray]:
    """Sorted keys and their smoothed inverse document frequencies, as scikit-learn defines them."""
    found = [all_keys(text, longest) for text in texts]
    every = np.concatenate(found) if found else np.empty(0, dtype=np.uint64)
    keys, documents = np.unique(every, return_counts=True)
    kept = documents >= minimum
    return keys[kept], np.log((1 + len(texts)) / (1 + documents[kept])) + 1
