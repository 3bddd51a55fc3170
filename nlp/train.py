"""Train the topic model from the passages in nlp/training (written for this project). Deterministic.

Run `make train`. The model is refused when a floor in nlp/training/floors.json drops below its value.
"""

from __future__ import annotations

import argparse
import hashlib
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
from sklearn.metrics import accuracy_score, f1_score
from sklearn.model_selection import StratifiedKFold
from sklearn.naive_bayes import ComplementNB

from nlp.errors import NlpError
from nlp.topic import TopicClassifier, model_path, save_model, softmax
from nlp.topic_fit import fit_features, rows
from nlp.topic_port import LABELS

TRAINING = Path(__file__).parent / "training"
FOLDS = 5
SEED = 20251016
BAYES = 0.5  # share of naive Bayes beside logistic regression
STRENGTH = 3.0  # inverse regularisation of the label model


@dataclass(frozen=True)
class Example:
    """One training passage; `sub_type` "NA" for irrelevant."""

    text: str
    label: str
    sub_type: str


def read_examples(folder: Path = TRAINING) -> list[Example]:
    """All passages of nlp/training/*.jsonl. Raises NLP-T01 for a line that cannot be used."""
    examples = []
    for file in sorted(folder.glob("*.jsonl")):
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
            if not line.strip():
                continue
            try:
                row = json.loads(line)
                example = Example(row["text"], row["label"], row.get("sub") or "NA")
            except (ValueError, KeyError) as bad:
                raise NlpError("NLP-T01", f"训练行不可用：{bad}", f"{file.name} 第{number}行", "检查该行") from bad
            if example.label not in LABELS:
                raise NlpError("NLP-T01", f"没有这一分类：{example.label}", f"{file.name} 第{number}行", "改正 label")
            examples.append(example)
    return examples


def fit(examples: Sequence[Example], temperature: float = 1.0, version: str = "") -> TopicClassifier:
    """Fit label and sub-type models on the given passages."""
    features = fit_features([e.text for e in examples])
    matrix = rows(features, [e.text for e in examples])
    order, weights, bias = fit_labels(matrix, [e.label for e in examples])
    subs = LogisticRegression(C=STRENGTH, max_iter=400, class_weight="balanced")
    chosen = [i for i, e in enumerate(examples) if e.sub_type != "NA"]
    subs.fit(matrix[chosen], [examples[i].sub_type for i in chosen])
    owner = {examples[i].sub_type: examples[i].label for i in chosen}
    return TopicClassifier(
        version, features, tuple(order), weights.astype(np.float32),
        bias.astype(np.float32), temperature, tuple(subs.classes_),
        tuple(owner[s] for s in subs.classes_), subs.coef_.T.astype(np.float32),
        subs.intercept_.astype(np.float32),
    )  # fmt: skip


def fit_labels(matrix: csr_matrix, labels: Sequence[str] | np.ndarray) -> tuple[list[str], np.ndarray, np.ndarray]:
    """Label order, weights [columns, labels] and bias of the label model.

    Logistic regression separates the training passages best; complement naive Bayes (Rennie et al. 2003) leans less on
    single features and holds up better on other papers. Both are linear, so their sum is one linear model.
    """
    logistic = LogisticRegression(C=STRENGTH, max_iter=1000, class_weight="balanced").fit(matrix, labels)
    bayes = ComplementNB().fit(matrix, labels)
    return logistic.classes_.tolist(), (logistic.coef_ + BAYES * bayes.feature_log_prob_).T, logistic.intercept_


def out_of_fold(examples: Sequence[Example]) -> tuple[np.ndarray, list[str]]:
    """Logits [passages, labels] of each passage from a model that has not seen it, and the label order."""
    truth = np.array([e.label for e in examples])
    order = sorted(set(truth))
    logits = np.zeros((len(examples), len(order)))
    for train, test in StratifiedKFold(FOLDS, shuffle=True, random_state=SEED).split(truth, truth):
        features = fit_features([examples[i].text for i in train])
        _order, weights, bias = fit_labels(rows(features, [examples[i].text for i in train]), truth[train])
        logits[test] = rows(features, [examples[i].text for i in test]) @ weights + bias
    return logits, order


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


def train(path: Path) -> dict[str, object]:
    """Train on everything, measure by cross-validation, save. Returns the card."""
    examples = read_examples()
    digest = hashlib.sha256("\n".join(f"{e.label}\t{e.sub_type}\t{e.text}" for e in examples).encode()).hexdigest()
    logits, order = out_of_fold(examples)
    truth = np.array([order.index(e.label) for e in examples])
    temperature = fit_temperature(logits, truth)
    probabilities = np.apply_along_axis(softmax, 1, logits / temperature)
    guess = probabilities.argmax(axis=1)
    card: dict[str, object] = {
        "trained_on": f"{len(examples)} passages of nlp/training, all written for this project",
        "training_sha256": digest,
        "cross_validated": {
            "folds": FOLDS,
            "macro_f1": round(float(f1_score(truth, guess, average="macro")), 4),
            "accuracy": round(float(accuracy_score(truth, guess)), 4),
            "calibration_error": round(calibration_error(probabilities, truth), 4),
        },
        "temperature": round(temperature, 4),
    }
    model = fit(examples, temperature, f"topic-{digest[:8]}")
    save_model(model, path, card)
    return card


def main() -> None:
    """Command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=model_path())
    card = train(parser.parse_args().output)
    json.dump(card, sys.stdout, ensure_ascii=False, indent=2)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
