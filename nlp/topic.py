"""The topic model: label, sub-type, calibrated confidence, and the clause that decided."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np

from nlp.cues import CUES, SUPPORTS
from nlp.errors import NlpError
from nlp.rules import apply_rank_rule
from nlp.topic_features import Features, Reading, features_of
from nlp.topic_port import TopicInput, TopicResult
from nlp.topic_text import PLACE

PROBLEM_AT = 0.5
NEARLY = 0.5
ALSO_AT = 0.25  # a second label this likely is named as defensible
# words an officer recognises as a reason: of Chinese characters, two or more, and no place name
_TELLING = re.compile(r"(?![的了和在是有与及对])(?!.*[省市县区镇乡州]$)(?!.*(?:□|年|月|日)$)[\u4e00-\u9fff]{2,}")
TOPIC_NAMES = {
    "practice": "做法", "highlight": "亮点", "major_matter": "重大事项", "problem": "问题", "routine": "一般动态",
    "irrelevant": "无关",
}  # fmt: skip


@dataclass(frozen=True)
class TopicClassifier:
    """A trained model. Arrays: `weights` [columns, labels], `sub_weights` [columns, sub-types]."""

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
        return [self._one(passage.text) for passage in passages]

    def _one(self, text: str) -> TopicResult:
        reading = self.features.read(text)
        row = reading.values
        probabilities = softmax((row @ self.weights[reading.columns] + self.bias) / self.temperature)
        best = self._best(probabilities)
        label = self.labels[best]
        margin = self._margins(reading, best)
        clause = self._deciding(reading, label, margin)
        result = TopicResult(
            label=label,
            also=tuple(n for n, p in zip(self.labels, probabilities, strict=True) if n != label and p >= ALSO_AT),
            sub_type=self._sub_type(label, reading),
            confidence=round(float(probabilities[best]), 4),
            probabilities={n: round(float(p), 4) for n, p in zip(self.labels, probabilities, strict=True)},
            because=self._because(text, reading, best, clause),
            span=reading.spans[clause],
        )
        return apply_rank_rule(text, result)

    def _best(self, probabilities: np.ndarray) -> int:
        """The likeliest label; 问题 already at half of it: a person reviews, and a miss is worse (domain.md §3.9)."""
        best = int(np.argmax(probabilities))
        problem = self.labels.index("problem") if "problem" in self.labels else best
        return problem if probabilities[problem] >= PROBLEM_AT * probabilities[best] else best

    def _margins(self, reading: Reading, best: int) -> np.ndarray:
        """What each clause adds to this label over the mean of the others."""
        if not len(reading.hits):
            return np.zeros(len(reading.spans))
        rows = self.weights[reading.columns]
        spread = rows[:, best] - (rows.sum(axis=1) - rows[:, best]) / (len(self.labels) - 1)
        share = (reading.values * spread / reading.counts)[reading.hits]
        return np.bincount(reading.hit_clauses, weights=share, minlength=len(reading.spans))

    def _deciding(self, reading: Reading, label: str, margin: np.ndarray) -> int:
        """The clause that speaks most for the label; of nearly equal ones, one that also holds a nameable cue."""
        best = int(np.argmax(margin))
        named = {
            self._clause_of(reading, cue.start) for cue in reading.cues if CUES[cue.number].name in SUPPORTS[label]
        }
        near = [c for c in named if margin[c] >= NEARLY * margin[best]]
        return best if best in named or not near else max(near, key=lambda c: margin[c])

    @staticmethod
    def _clause_of(reading: Reading, place: int) -> int:
        return bisect_right(reading.clause_starts, place) - 1

    def _sub_type(self, label: str, reading: Reading) -> str | None:
        own = [i for i, owner in enumerate(self.sub_labels) if owner == label]
        if not own:
            return None
        logits = reading.values @ self.sub_weights[reading.columns][:, own] + self.sub_bias[own]
        return self.sub_types[own[int(np.argmax(logits))]]

    def _because(self, text: str, reading: Reading, best: int, clause: int) -> str:
        """One Chinese line: the deciding clause, and the cues or words in it that speak for the label."""
        start, end = reading.spans[clause]
        weights = self.weights[len(self.features.idf) :, best]
        named = []
        for cue in reading.cues:
            weight = weights[2 * cue.number] + weights[2 * cue.number + 1] + weights[2 * len(CUES) + cue.number]
            name = CUES[cue.number].name
            if name in SUPPORTS[self.labels[best]] and self._clause_of(reading, cue.start) == clause:
                named.append((float(weight), name if PLACE in cue.words else f"{name}“{cue.words}”"))
        named.sort(reverse=True)
        quoted = text[start:end].strip("，。；！？ ")
        telling = "、".join(words for _weight, words in named[:2])
        words = "" if telling else self._words(reading, best, clause, quoted)
        shown = f"含{telling}，" if telling else f"含用语“{words}”，" if words else "整句表述最接近此类，"
        return f"依据“{quoted[:40]}{'…' if len(quoted) > 40 else ''}”：{shown}判为{TOPIC_NAMES[self.labels[best]]}"

    def _words(self, reading: Reading, best: int, clause: int, quoted: str) -> str:
        inside = reading.columns[reading.hits[reading.hit_clauses == clause]]
        first = len(self.features.characters)
        names = self.features.word_list
        columns = sorted({int(c) for c in inside if first <= c}, key=lambda c: -self.weights[c, best])
        spoken = [names[c - first].replace(" ", "") for c in columns if self.weights[c, best] > 0]
        telling: list[str] = []
        for word in spoken:
            if _TELLING.fullmatch(word) and not any(word + unit in quoted for unit in "省市县区镇乡街"):
                telling.append(word)
                if len(telling) == 2:
                    break
        return "、".join(telling)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of one row of logits."""
    shifted = np.exp(logits - logits.max())
    return np.asarray(shifted / shifted.sum())


def model_path() -> Path:
    """Where the shipped model lies."""
    return Path(str(files("nlp") / "model" / "topic.npz"))


def save_model(model: TopicClassifier, path: Path, card: dict[str, object]) -> None:
    """Write model and card; the card holds the SHA-256 of the model file. Sub-type weights are kept in 8 bits."""
    scale = (np.abs(model.sub_weights).max(axis=0) / 127).astype(np.float32)
    with path.open("wb") as out:
        np.savez_compressed(
            out,
            characters=np.array(list(model.features.characters)), words=np.array(list(model.features.words)),
            idf=model.features.idf.astype(np.float16),
            weights=model.weights.astype(np.float16), bias=model.bias.astype(np.float32),
            temperature=np.array(model.temperature, dtype=np.float32), labels=np.array(model.labels),
            sub_types=np.array(model.sub_types), sub_labels=np.array(model.sub_labels),
            sub_weights=np.round(model.sub_weights / scale).astype(np.int8), sub_scale=scale,
            sub_bias=model.sub_bias.astype(np.float32),
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
        features = features_of(data["characters"].tolist(), data["words"].tolist(), data["idf"])
        return TopicClassifier(
            version=str(card["version"]),
            features=features,
            labels=tuple(data["labels"].tolist()),
            weights=data["weights"].astype(np.float32),
            bias=data["bias"],
            temperature=float(data["temperature"]),
            sub_types=tuple(data["sub_types"].tolist()),
            sub_labels=tuple(data["sub_labels"].tolist()),
            sub_weights=data["sub_weights"].astype(np.float32) * data["sub_scale"],
            sub_bias=data["sub_bias"],
        )
