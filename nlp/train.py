"""Train the topic model: on our own passages, and where the shared data is present on labelled news beside them.

Run `make train`. Deterministic. Measured by cross-validation grouped by document; the card beside the model tells what
it was trained on and what was measured.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.naive_bayes import ComplementNB

from nlp.topic import TopicClassifier, choose, model_path, save_model, softmax
from nlp.topic_fit import fit_features, rows
from nlp.topic_port import LABELS
from nlp.train_data import Example, digest, passages_of, read_examples, read_labelled, read_news

FOLDS = 5
SEED = 20251016
BAYES = 0.5  # share of naive Bayes beside logistic regression
NEWS_SUB_TYPES = 0.1  # weight of a sub-type read on news once, quickly, and from national television
STRENGTH = 3.0  # inverse regularisation of the label model
SHARED = Path(__file__).parents[1].parent / "shared" / "data"


def fit(examples: Sequence[Example], temperature: float = 1.0, version: str = "") -> TopicClassifier:
    """Fit label and sub-type models on the given passages."""
    passages = passages_of(examples)
    features = fit_features(passages)
    matrix = rows(features, passages)
    weights, bias = fit_labels(matrix, examples)
    subs = LogisticRegression(C=STRENGTH, max_iter=200, tol=1e-3, class_weight="balanced")
    chosen = [i for i, e in enumerate(examples) if e.sub_type != "NA" and e.label != "irrelevant"]
    sure = [NEWS_SUB_TYPES if examples[i].origin == "news" else 1.0 for i in chosen]
    subs.fit(matrix[chosen], [examples[i].sub_type for i in chosen], sample_weight=sure)
    owner = {examples[i].sub_type: examples[i].label for i in chosen}
    return TopicClassifier(
        version, features, LABELS, weights.astype(np.float32), bias.astype(np.float32), temperature,
        tuple(subs.classes_), tuple(owner[s] for s in subs.classes_), subs.coef_.T.astype(np.float32),
        subs.intercept_.astype(np.float32),
    )  # fmt: skip


def fit_labels(matrix: csr_matrix, examples: Sequence[Example]) -> tuple[np.ndarray, np.ndarray]:
    """Weights [columns, labels] and bias of the label model, labels in the order of LABELS.

    Logistic regression separates the training passages best; complement naive Bayes (Rennie et al. 2003) leans less on
    single features and holds up better on other papers. Both are linear, so their sum is one linear model.
    """
    labels = np.array([LABELS.index(e.label) for e in examples])
    weight = np.array([e.weight for e in examples])
    logistic = LogisticRegression(C=STRENGTH, max_iter=300, tol=1e-3, class_weight="balanced")
    logistic.fit(matrix, labels, sample_weight=weight)
    bayes = ComplementNB().fit(matrix, labels, sample_weight=weight)
    return (logistic.coef_ + BAYES * bayes.feature_log_prob_).T, logistic.intercept_


def out_of_fold(tested: Sequence[Example], always: Sequence[Example]) -> np.ndarray:
    """Logits [tested, labels] of each passage from a model that has seen neither it nor its document.

    `always` trains in every fold.
    """
    truth = [e.label for e in tested]
    splits = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    return out_of_fold_on(list(splits.split(truth, truth, [e.group for e in tested])), tested, always)[0]


Fold = tuple[np.ndarray, np.ndarray]


def out_of_fold_on(
    folds: Sequence[Fold], tested: Sequence[Example], always: Sequence[Example]
) -> tuple[np.ndarray, float]:
    """Logits of the tested passages over given (train, test) folds, and the temperature that makes them honest."""
    logits = np.zeros((len(tested), len(LABELS)))
    for train, test in folds:
        examples = [*always, *(tested[i] for i in train)]
        features = fit_features(passages_of(examples))
        weights, bias = fit_labels(rows(features, passages_of(examples)), examples)
        logits[test] = rows(features, passages_of([tested[i] for i in test])) @ weights + bias
    return logits, fit_temperature(logits, np.array([LABELS.index(e.label) for e in tested]))


def fit_temperature(logits: np.ndarray, truth: np.ndarray) -> float:
    """One number that makes the probabilities honest: minimises negative log likelihood out of fold."""

    def loss(value: float) -> float:
        scaled = logits / value
        scaled = scaled - scaled.max(axis=1, keepdims=True)
        log_sum = np.log(np.exp(scaled).sum(axis=1))
        return float(np.mean(log_sum - scaled[np.arange(len(truth)), truth]))

    return float(minimize_scalar(loss, bounds=(0.2, 3.0), method="bounded").x)


def calibration_error(probabilities: np.ndarray, truth: np.ndarray, bins: int = 10) -> float:
    """Expected calibration error of the winning label over equal-width bins."""
    confidence, hit = probabilities.max(axis=1), probabilities.argmax(axis=1) == truth
    edges = np.linspace(0, 1, bins + 1)
    total = 0.0
    for low, high in pairwise(edges):
        inside = (confidence > low) & (confidence <= high)
        if inside.any():
            total += inside.mean() * abs(confidence[inside].mean() - hit[inside].mean())
    return float(total)


@dataclass(frozen=True)
class Measured:
    """What cross-validation found; `also`: hits when a second defensible label counts."""

    passages: int
    accuracy: float
    accuracy_also: float
    macro_f1: float
    problem_recall: float
    highlight_precision: float
    calibration_error: float
    accuracy_at_80: float  # on the surest 80 %


def measure(probabilities: np.ndarray, examples: Sequence[Example]) -> Measured:
    """Figures of probabilities [examples, labels], decided as the model decides."""
    truth = np.array([LABELS.index(e.label) for e in examples])
    guess = choose(probabilities, LABELS)
    hit = guess == truth
    also = np.array([LABELS[g] == e.label or LABELS[g] in e.also for g, e in zip(guess, examples, strict=True)])
    problem, highlight = LABELS.index("problem"), LABELS.index("highlight")
    sure = np.argsort(-probabilities.max(axis=1), kind="stable")[: round(0.8 * len(examples))]
    return Measured(
        len(examples), _rounded(hit.mean()), _rounded(also.mean()),
        _rounded(f1_score(truth, guess, average="macro", labels=range(len(LABELS)), zero_division=0)),
        _share(hit[truth == problem]), _share(hit[guess == highlight]),
        _rounded(calibration_error(probabilities, truth)), _rounded(hit[sure].mean()),
    )  # fmt: skip


def _share(hits: np.ndarray) -> float:
    """Share of hits; 1 where nothing was asked."""
    return _rounded(hits.mean()) if len(hits) else 1.0


def _rounded(value: float) -> float:
    return round(float(value), 4)


def train(path: Path, shared: Path = SHARED) -> dict[str, object]:
    """Train on everything there is, measure by cross-validation, save. Returns the card."""
    own, labelled, news = read_examples(), read_labelled(shared), read_news(shared)
    examples = [*own, *labelled, *news]
    logits = out_of_fold(labelled, [*own, *news]) if labelled else out_of_fold(own, [])
    tested = labelled or own
    temperature = fit_temperature(logits, np.array([LABELS.index(e.label) for e in tested]))
    card: dict[str, object] = {
        "trained_on": {"own passages": len(own), "labelled passages": len(labelled), "labelled news": len(news)},
        "training_sha256": digest(own),
        "cross_validated_on": "labelled passages, by document" if labelled else "own passages",
        "measured": vars(measure(softmax(logits / temperature), tested)),
        "temperature": round(temperature, 4),
    }
    save_model(fit(examples, temperature, f"topic-{digest(examples)[:8]}"), path, card)
    return card


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=model_path())
    parser.add_argument("--shared", type=Path, default=SHARED, help="folder of the shared test data")
    chosen = parser.parse_args()
    json.dump(train(chosen.output, chosen.shared), sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
