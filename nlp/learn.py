"""Learning from officers: the model in use plus a small correction, fitted on what officers decided.

The passages that the model was first trained on need not be at hand: the correction is a linear model over the same
features whose starting point is the model in use, held small by its square (a Gaussian prior around what is known).
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix

from nlp.topic import TopicClassifier, softmax
from nlp.topic_fit import rows
from nlp.topic_port import LABELS
from nlp.train import Measured, measure
from nlp.train_data import Example, passages_of

PRIOR = 1.0  # how strongly the correction is held to zero
FROZEN_SHARE = 5  # one document in so many is never learned from, only measured on
LEAST_FROZEN = 30  # verdicts; fewer say nothing
TOLERANCE = 0.005  # a figure that falls by less has not fallen
GUARDED = ("accuracy", "macro_f1", "problem_recall", "highlight_precision")


@dataclass(frozen=True)
class Trial:
    """A candidate beside the model in use, on the frozen verdicts and on our own passages."""

    learned_from: int
    frozen: int
    old: Measured | None
    new: Measured | None
    old_own: Measured | None
    new_own: Measured | None
    refused: tuple[str, ...]

    @property
    def accepted(self) -> bool:
        return not self.refused


def is_frozen(group: str) -> bool:
    """Whether a document's verdicts are for measuring only; the same for ever."""
    return hashlib.sha256(group.encode()).digest()[0] % FROZEN_SHARE == 0


def learn(model: TopicClassifier, verdicts: Sequence[Example], own: Sequence[Example]) -> tuple[TopicClassifier, Trial]:
    """A corrected model and how it compares; grouped by document. The trial names every reason to refuse it."""
    kept = [v for v in verdicts if not is_frozen(v.group)]
    frozen = [v for v in verdicts if is_frozen(v.group)]
    if len(frozen) < LEAST_FROZEN or len({v.label for v in kept}) < 2:
        why = f"可用于检验的判定 {len(frozen)} 条，少于 {LEAST_FROZEN} 条，或学习样本只有一类"
        return model, Trial(len(kept), len(frozen), None, None, None, None, (why,))
    corrected = correct(model, kept)
    old, new = _compared(model, corrected, frozen)
    old_own, new_own = _compared(model, corrected, own)
    refused = [*_fallen("冻结样本", old, new), *_fallen("自有语料", old_own, new_own)]
    if not refused and new.accuracy <= old.accuracy:
        refused.append("冻结样本正确率没有提高")
    return corrected, Trial(len(kept), len(frozen), old, new, old_own, new_own, tuple(refused))


def correct(model: TopicClassifier, examples: Sequence[Example]) -> TopicClassifier:
    """The model with a correction fitted on these examples; deterministic."""
    passages = passages_of(examples)
    matrix = rows(model.features, passages)
    base = np.log(np.maximum(model.probabilities(passages), 1e-9))
    truth = np.array([model.labels.index(e.label) for e in examples])
    weight = np.array([e.weight for e in examples])
    used = np.unique(matrix.indices)
    change, bias = _fit(csr_matrix(matrix[:, used]), base, truth, weight)
    scale = model.temperature / (model.encoder.mix[0] if model.encoder else 1.0)
    weights = model.weights.astype(np.float64)
    weights[used] += change * scale
    version = hashlib.sha256(np.ascontiguousarray(change).tobytes() + bias.tobytes()).hexdigest()[:8]
    return replace(
        model, version=f"{model.version.split('+')[0].split('~')[0]}~{version}", weights=weights.astype(np.float32),
        bias=(model.bias + bias * scale).astype(np.float32),
    )  # fmt: skip


def _fit(matrix: csr_matrix, base: np.ndarray, truth: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Change of weights [columns, labels] and of bias that make the verdicts likely and stay small (L-BFGS)."""
    columns, labels = matrix.shape[1], base.shape[1]
    wanted = np.eye(labels)[truth]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        change, bias = flat[:-labels].reshape(columns, labels), flat[-labels:]
        probabilities = softmax(base + matrix @ change + bias)
        chosen = np.maximum(probabilities[np.arange(len(truth)), truth], 1e-12)
        value = -(weight * np.log(chosen)).sum() + 0.5 * PRIOR * float(flat @ flat)
        slope = (probabilities - wanted) * weight[:, None]
        gradient = np.concatenate([np.asarray(matrix.T @ slope).ravel(), slope.sum(axis=0)]) + PRIOR * flat
        return float(value), gradient

    found = minimize(loss, np.zeros((columns + 1) * labels), jac=True, method="L-BFGS-B", options={"maxiter": 100})
    return found.x[:-labels].reshape(columns, labels), found.x[-labels:]


def _compared(old: TopicClassifier, new: TopicClassifier, examples: Sequence[Example]) -> tuple[Measured, Measured]:
    """Figures of both models on the same examples; the encoder, which both share, reads them once."""
    passages = passages_of(examples)
    encoded = old.encoded(passages)
    order = [old.labels.index(label) for label in LABELS]
    before, after = (measure(m.probabilities(passages, encoded)[:, order], examples) for m in (old, new))
    return before, after


def _fallen(where: str, old: Measured, new: Measured) -> list[str]:
    names = {
        "accuracy": "正确率",
        "macro_f1": "宏平均F1",
        "problem_recall": "问题召回率",
        "highlight_precision": "亮点准确率",
    }
    return [
        f"{where}{names[name]}由 {getattr(old, name):.3f} 降至 {getattr(new, name):.3f}"
        for name in GUARDED
        if getattr(new, name) < getattr(old, name) - TOLERANCE
    ]
