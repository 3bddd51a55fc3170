"""Features of the topic model: words and characters by TF-IDF, and the named cues."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import rjieba
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.cues import CUES, cue_values
from nlp.topic_text import topic_text

CUE_WEIGHT = 0.25
CUE_COLUMNS = 3 * len(CUES)
WORDS: dict[str, Any] = {
    "tokenizer": rjieba.cut, "token_pattern": None, "ngram_range": (1, 2), "sublinear_tf": True, "lowercase": False,
    "dtype": np.float32,
}  # fmt: skip
CHARACTERS: dict[str, Any] = {
    "analyzer": "char", "ngram_range": (1, 3), "sublinear_tf": True, "lowercase": False, "dtype": np.float32,
}  # fmt: skip


class Features:
    """Turns texts into one sparse row each: characters, words, cues, in this order."""

    def __init__(self, characters: TfidfVectorizer, words: TfidfVectorizer) -> None:
        self.characters = characters
        self.words = words

    def rows(self, folded: Sequence[str]) -> csr_matrix:
        """Matrix [texts, columns] for texts already folded by `topic_text`."""
        cues = np.array([cue_values(text) for text in folded], dtype=np.float32).reshape(len(folded), CUE_COLUMNS)
        parts = [self.characters.transform(folded), self.words.transform(folded), csr_matrix(cues * CUE_WEIGHT)]
        return hstack(parts, format="csr")


def fit_features(texts: Sequence[str], minimum: int = 2) -> tuple[Features, csr_matrix]:
    """Learn the vocabulary from training texts (unfolded). Returns the features and the training matrix."""
    folded = [topic_text(text) for text in texts]
    characters = TfidfVectorizer(min_df=minimum, **CHARACTERS).fit(folded)
    words = TfidfVectorizer(min_df=minimum, **WORDS).fit(folded)
    features = Features(characters, words)
    return features, features.rows(folded)


def restore_vectorizer(options: dict[str, Any], terms: Sequence[str], idf: np.ndarray) -> TfidfVectorizer:
    """A vectorizer with a stored vocabulary."""
    vectorizer = TfidfVectorizer(vocabulary={term: column for column, term in enumerate(terms)}, **options)
    vectorizer.idf_ = idf.astype(np.float32)
    return vectorizer


def terms_of(vectorizer: TfidfVectorizer) -> list[str]:
    """Vocabulary in column order."""
    terms: list[str] = vectorizer.get_feature_names_out().tolist()
    return terms
