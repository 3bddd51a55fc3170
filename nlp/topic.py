"""The topic model: label, sub-type, calibrated confidence, and the clause that decided."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from nlp.cues import CUES, cues_in
from nlp.errors import NlpError
from nlp.topic_features import CHARACTERS, CUE_COLUMNS, WORDS, Features, restore_vectorizer
from nlp.topic_port import TopicInput, TopicResult
from nlp.topic_text import topic_text

ALSO_AT = 0.25  # a second label this likely is named as defensible
TOPIC_NAMES = {
    "practice": "做法", "highlight": "亮点", "major_matter": "重大事项", "problem": "问题", "routine": "一般动态",
    "irrelevant": "无关",
}  # fmt: skip
_CLAUSE = re.compile(r"[^，。；！？\n]+[，。；！？]?")


@dataclass(frozen=True)
class TopicClassifier:
    """A trained model. Arrays: `weights` [labels, columns], `sub_weights` [sub-types, columns]."""

    version: str
    features: Features
    labels: tuple[str, ...]
    weights: np.ndarray
    bias: np.ndarray
    temperature: float
    sub_types: tuple[str, ...]
    sub_labels: tuple[str, ...]
    sub_weights: np.ndarray
    sub_bias: np.ndarray

    def predict(self, passages: Sequence[TopicInput], /) -> list[TopicResult]:
        """One result a passage, in order; identical whatever the batch."""
        if not passages:
            return []
        texts = [passage.text for passage in passages]
        folded = [topic_text(text) for text in texts]
        clauses = [[match.span() for match in _CLAUSE.finditer(text)] or [(0, len(text))] for text in texts]
        pieces = [topic_text(text[a:b]) for text, spans in zip(texts, clauses, strict=True) for a, b in spans]
        rows = self.features.rows(folded)
        logits = np.asarray(rows @ self.weights.T) + self.bias
        sub_logits = np.asarray(rows @ self.sub_weights.T) + self.sub_bias
        piece_logits = np.asarray(self.features.rows(pieces) @ self.weights.T)
        results, position = [], 0
        for number, spans in enumerate(clauses):
            part = piece_logits[position : position + len(spans)]
            own = pieces[position : position + len(spans)]
            position += len(spans)
            results.append(self._result(texts[number], logits[number], sub_logits[number], spans, part, own))
        return results

    def _result(
        self, text: str, logits: np.ndarray, sub_logits: np.ndarray, spans: list[tuple[int, int]],
        parts: np.ndarray, pieces: Sequence[str],
    ) -> TopicResult:  # fmt: skip
        probabilities = softmax(logits / self.temperature)
        best = int(np.argmax(probabilities))
        label = self.labels[best]
        also = tuple(name for name, p in zip(self.labels, probabilities, strict=True) if name != label and p >= ALSO_AT)
        # the clause that speaks most for this label against the mean of the others
        margin = parts[:, best] - (parts.sum(axis=1) - parts[:, best]) / (len(self.labels) - 1)
        chosen = int(np.argmax(margin))
        start, end = spans[chosen]
        return TopicResult(
            label=label,
            also=also,
            sub_type=self._sub_type(label, sub_logits),
            confidence=round(float(probabilities[best]), 4),
            probabilities={n: round(float(p), 4) for n, p in zip(self.labels, probabilities, strict=True)},
            because=self._because(best, text[start:end], pieces[chosen]),
            span=(start, end),
        )

    def _sub_type(self, label: str, sub_logits: np.ndarray) -> str | None:
        choices = [i for i, owner in enumerate(self.sub_labels) if owner == label]
        return self.sub_types[max(choices, key=lambda i: sub_logits[i])] if choices else None

    def _because(self, best: int, clause: str, folded: str) -> str:
        """One Chinese line: the deciding clause, and the cue or words in it that speak for the label."""
        cue_start = self.weights.shape[1] - CUE_COLUMNS
        cue_weights = self.weights[best, cue_start:]
        named = []
        for number, name, words in cues_in(folded):
            weight = cue_weights[2 * number] + cue_weights[2 * number + 1] + cue_weights[2 * len(CUES) + number]
            if weight > 0:
                named.append((float(weight), f"{name}“{words}”" if "□" not in words else name))
        named.sort(reverse=True)
        shown = "、".join(text for _weight, text in named[:2]) or f"用语“{self._words(best, folded)}”"
        quoted = clause.strip("，。；！？ ")
        return f"依据“{quoted[:40]}{'…' if len(quoted) > 40 else ''}”：含{shown}，判为{TOPIC_NAMES[self.labels[best]]}"

    def _words(self, best: int, folded: str) -> str:
        row = self.features.words.transform([folded])
        offset = len(self.features.characters.vocabulary_)
        scored = sorted(
            zip(row.data * self.weights[best, offset + row.indices], row.indices, strict=True), reverse=True
        )
        terms = self.features.words.get_feature_names_out()
        return "、".join(str(terms[i]).replace(" ", "") for weight, i in scored[:2] if weight > 0) or folded[:8]


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of one row of logits."""
    shifted = np.exp(logits - logits.max())
    return np.asarray(shifted / shifted.sum())


def model_path() -> Path:
    """Where the shipped model lies."""
    return Path(str(files("nlp") / "model" / "topic.npz"))


def save_model(model: TopicClassifier, terms: tuple[list[str], list[str]], path: Path, card: dict[str, object]) -> None:
    """Write model and card; the card holds the SHA-256 of the model file."""
    with path.open("wb") as out:
        np.savez_compressed(
            out,
            characters=np.array(terms[0]), words=np.array(terms[1]),
            characters_idf=model.features.characters.idf_.astype(np.float16),
            words_idf=model.features.words.idf_.astype(np.float16),
            weights=model.weights.astype(np.float16), bias=model.bias.astype(np.float32),
            temperature=np.array(model.temperature, dtype=np.float32), labels=np.array(model.labels),
            sub_types=np.array(model.sub_types), sub_labels=np.array(model.sub_labels),
            sub_weights=model.sub_weights.astype(np.float16), sub_bias=model.sub_bias.astype(np.float32),
        )  # fmt: skip
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    full = {"version": model.version, "sha256": digest, **card}
    path.with_suffix(".json").write_text(json.dumps(full, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")


@lru_cache(maxsize=2)
def load_topic_model(path: Path | None = None) -> TopicClassifier:
    """The shipped model, or the one at `path`. Raises NLP-M01 (missing) or NLP-M02 (hash or form is wrong)."""
    chosen = path or model_path()
    card_file = chosen.with_suffix(".json")
    if not chosen.exists() or not card_file.exists():
        raise NlpError("NLP-M01", "没有主题模型文件", chosen.name, "运行 make train")
    card = json.loads(card_file.read_text(encoding="utf-8"))
    if hashlib.sha256(chosen.read_bytes()).hexdigest() != card.get("sha256"):
        raise NlpError("NLP-M02", "主题模型文件与登记的校验值不符", chosen.name, "重新训练或从备份恢复")
    with np.load(chosen, allow_pickle=False) as data:
        features = Features(
            restore_vectorizer(CHARACTERS, data["characters"].tolist(), data["characters_idf"]),
            restore_vectorizer(WORDS, data["words"].tolist(), data["words_idf"]),
        )
        return TopicClassifier(
            version=str(card["version"]),
            features=features,
            labels=tuple(data["labels"].tolist()),
            weights=data["weights"].astype(np.float32),
            bias=data["bias"],
            temperature=float(data["temperature"]),
            sub_types=tuple(data["sub_types"].tolist()),
            sub_labels=tuple(data["sub_labels"].tolist()),
            sub_weights=data["sub_weights"].astype(np.float32),
            sub_bias=data["sub_bias"],
        )
