"""The common ways to do our work, for a table beside ours: topics by four recipes, and a plain system for the rest.

Each topic rival learns from the same passages as ours and is asked by the same folds.
"""

from __future__ import annotations

import datetime as dt
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import jieba
import jieba.posseg
import numpy as np
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.svm import LinearSVC

from demo.align import PredictedDocument, PredictedPassage
from demo.truth import ArticleTruth
from nlp.cues import CUES, SUPPORTS, find_cues
from nlp.passages import split_passages
from nlp.roster import Roster
from nlp.sentences import load_static_model
from nlp.topic_port import LABELS
from nlp.topic_text import topic_texts
from nlp.train import Fold
from nlp.train_data import Example

Fit = Callable[[Sequence[Example]], Callable[[Sequence[Example]], np.ndarray]]
FIRST_DAY = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})日")


@dataclass(frozen=True)
class Judged:
    """Guessed labels as numbers, and CPU milliseconds a passage to guess them."""

    guess: np.ndarray
    milliseconds: float


def characters_svm(examples: Sequence[Example]) -> Callable[[Sequence[Example]], np.ndarray]:
    """Characters by TF-IDF and a linear support vector machine: the best bag of parts.md."""
    model = make_pipeline(
        TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True),
        LinearSVC(C=0.5, class_weight="balanced"),
    )
    model.fit(_texts(examples), _labels(examples))
    return lambda asked: np.asarray(model.predict(_texts(asked)))


def paperless(examples: Sequence[Example]) -> Callable[[Sequence[Example]], np.ndarray]:
    """The recipe of paperless-ngx: counted one- and two-word terms in at least 1 % of texts, a small neural network."""
    model = make_pipeline(
        CountVectorizer(analyzer="word", ngram_range=(1, 2), min_df=0.01, token_pattern=r"\S+"), MLPClassifier(tol=0.01)
    )
    model.fit(_words(examples), _labels(examples))
    return lambda asked: np.asarray(model.predict(_words(asked)))


def sentence_model(examples: Sequence[Example]) -> Callable[[Sequence[Example]], np.ndarray]:
    """The sentence model alone: its vectors and logistic regression."""
    model = load_static_model()
    head = LogisticRegression(C=10, max_iter=500, class_weight="balanced")
    head.fit(model.encode(_texts(examples)), _labels(examples))
    return lambda asked: np.asarray(head.predict(model.encode(_texts(asked))))


def keywords(_examples: Sequence[Example]) -> Callable[[Sequence[Example]], np.ndarray]:
    """Keyword rules: the label most of whose named wordings stand in the text; 一般动态 where none does."""

    def guess(example: Example) -> int:
        found = [CUES[cue.number].name for cue in find_cues(topic_texts([example.text]))[0]]
        votes = [sum(name in SUPPORTS[label] for name in found) / len(SUPPORTS[label]) for label in LABELS]
        return int(np.argmax(votes)) if any(votes) else LABELS.index("routine")

    return lambda asked: np.array([guess(e) for e in asked])


TOPIC_RIVALS: dict[str, Fit] = {
    "characters, linear SVM": characters_svm,
    "paperless recipe": paperless,
    "sentence model alone": sentence_model,
    "keyword rules": keywords,
}


def judged_by(fit: Fit, folds: Sequence[Fold], labelled: Sequence[Example], always: Sequence[Example]) -> Judged:
    """Every labelled passage guessed by a model that saw neither it nor its document."""
    guess, spent = np.zeros(len(labelled), dtype=int), 0.0
    for train, test in folds:
        ask = fit([*always, *(labelled[i] for i in train)])
        began = time.process_time()
        guess[test] = ask([labelled[i] for i in test])
        spent += time.process_time() - began
    return Judged(guess, 1000 * spent / len(labelled))


def _texts(examples: Sequence[Example]) -> list[str]:
    return [f"{e.title}\n{e.text}" for e in examples]


def _words(examples: Sequence[Example]) -> list[str]:
    return [" ".join(jieba.cut(text)) for text in _texts(examples)]


def _labels(examples: Sequence[Example]) -> list[int]:
    return [LABELS.index(e.label) for e in examples]


def plain_system(documents: Sequence[ArticleTruth], roster: Roster) -> list[PredictedDocument]:
    """What a plain system makes of the demo: a team where its name stands, a person where jieba's tagger finds a name
    of the roster, the first day written, the same document where the titles are the same."""
    names = {name: team.id for team in roster.teams for name in (team.full, *team.aliases)}
    pattern = re.compile("|".join(sorted(map(re.escape, names), key=len, reverse=True)))
    first: dict[str, str] = {}
    found = []
    for document in documents:
        passages = []
        for span in split_passages(document.text):
            text = document.text[span.start : span.end]
            teams = dict.fromkeys(names[m[0]] for m in pattern.finditer(text))
            tagged = {word for word, tag in jieba.posseg.cut(text) if tag == "nr"}
            people = dict.fromkeys(t.person for name in tagged for t in roster.by_name.get(name, ()))
            named, day = tuple((t, "主体") for t in teams), _first_day(text, document.published)
            passages.append(
                PredictedPassage(text, "routine", (), None, named, tuple((p, "主要责任") for p in people), day)
            )
        found.append(
            PredictedDocument(document.id, tuple(passages), cluster=first.setdefault(document.title, document.id))
        )
    return found


def _first_day(text: str, published: dt.date | None) -> dt.date | None:
    day = FIRST_DAY.search(text)
    if day is None or (published is None and not day[1]):
        return None
    try:
        year = day[1] or (published.year if published else 0)
        return dt.date(int(year), int(day[2]), int(day[3]))
    except ValueError:
        return None
