"""Learning the vocabulary of the topic model with scikit-learn; needed for training only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import rjieba
from scipy.sparse import csr_matrix
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.topic_features import Features, features_of
from nlp.topic_text import topic_text

CHARACTERS: dict[str, Any] = {"analyzer": "char", "ngram_range": (1, 3), "sublinear_tf": True, "lowercase": False}
WORDS: dict[str, Any] = {
    "tokenizer": rjieba.cut, "token_pattern": None, "ngram_range": (1, 2), "sublinear_tf": True, "lowercase": False
}  # fmt: skip


def rows(features: Features, texts: Sequence[str]) -> csr_matrix:
    """Matrix [texts, width]."""
    readings = [features.read(text) for text in texts]
    ends = np.cumsum([0, *(len(r.columns) for r in readings)])
    columns = np.concatenate([r.columns for r in readings]) if readings else np.empty(0)
    values = np.concatenate([r.values for r in readings]) if readings else np.empty(0)
    return csr_matrix((values, columns, ends), shape=(len(texts), features.width))


def fit_features(texts: Sequence[str], minimum: int = 2) -> Features:
    """Learn the vocabulary and the inverse document frequencies from training texts."""
    folded = [topic_text(text) for text in texts]
    characters = TfidfVectorizer(min_df=minimum, **CHARACTERS).fit(folded)
    words = TfidfVectorizer(min_df=minimum, **WORDS).fit(folded)
    return features_of(
        characters.get_feature_names_out().tolist(),
        words.get_feature_names_out().tolist(),
        np.concatenate([characters.idf_, words.idf_]),
    )
