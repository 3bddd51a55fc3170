"""The topic model: label, sub-type, calibrated confidence, and the clause that decided."""

from __future__ import annotations

import hashlib
import json
import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import rjieba

from nlp.cues import CUES, SUPPORTS
from nlp.encoder import Encoder, load_encoder
from nlp.errors import NlpError
from nlp.rules import apply_rank_rule
from nlp.topic_features import Features, Reading
from nlp.topic_port import TopicInput, TopicResult
from nlp.topic_text import PLACE

PROBLEM_AT = 0.9  # share of the best probability from which 问题 is chosen
HIGHLIGHT_AT = 0.6  # probability below which 亮点 is not chosen
NEARLY = 0.5
BATCH = 256  # passages read at once
ALSO_AT = 0.25  # a second label this likely is named as defensible
# words an officer recognises as a reason: of Chinese characters, two or more, and no place name
_TELLING = re.compile(r"(?![的了和在是有与及对])(?!.*[省市县区镇乡州]$)(?!.*(?:□|年|月|日)$)[\u4e00-\u9fff]{2,}")
TOPIC_NAMES = {
    "practice": "做法", "highlight": "亮点", "major_matter": "重大事项", "problem": "问题", "routine": "一般动态",
    "irrelevant": "无关",
}  # fmt: skip


@dataclass(frozen=True)
class TopicClassifier:
    """A trained model. Arrays: `weights` [columns, labels], `sub_weights` [columns, sub-types].

    Both are read a label or sub-type at a time: Fortran order keeps what is read together together.
    """

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
    encoder: Encoder | None = None

    def predict(self, passages: Sequence[TopicInput], /) -> list[TopicResult]:
        """One result a passage, in order; identical whatever the batch."""
        return [r for begin in range(0, len(passages), BATCH) for r in self._predict(passages[begin : begin + BATCH])]

    def _predict(self, passages: Sequence[TopicInput]) -> list[TopicResult]:
        reading = self.features.read(passages)
        probabilities = softmax(self._scores(reading, self.encoded(passages)))
        best = choose(probabilities, self.labels)
        margins = self._margins(reading, best)
        rows = zip(passages, probabilities.tolist(), best.tolist(), self._sub_types(reading, best), strict=True)
        return [
            self._result(number, passage.text, reading, shares, label, sub_type, margins)
            for number, (passage, shares, label, sub_type) in enumerate(rows)
        ]

    def encoded(self, passages: Sequence[TopicInput]) -> np.ndarray | None:
        """What the encoder says of passages, [passages, labels]; None without one. It takes most of the time."""
        return None if self.encoder is None else self.encoder.logits(passages)

    def probabilities(self, passages: Sequence[TopicInput], encoded: np.ndarray | None = None) -> np.ndarray:
        """[passages, labels]. `encoded`: what `encoded` said of them, where it is known already."""
        said = self.encoded(passages) if encoded is None else encoded
        found = []
        for begin in range(0, len(passages), BATCH):
            part = slice(begin, begin + BATCH)
            reading = self.features.read(passages[part])
            found.append(softmax(self._scores(reading, None if said is None else said[part])))
        return np.concatenate(found) if found else np.empty((0, len(self.labels)))

    def _scores(self, reading: Reading, encoded: np.ndarray | None) -> np.ndarray:
        """Calibrated scores of both models together, or of the linear one alone."""
        scores = self.logits(reading) / self.temperature
        if self.encoder is None or encoded is None:
            return scores
        return np.asarray(self.encoder.mix[0] * scores + self.encoder.mix[1] * encoded)

    def logits(self, reading: Reading) -> np.ndarray:
        """[passages, labels]; each row sums its own entries in their order, so that neighbours change nothing."""
        row = np.repeat(np.arange(len(reading.start) - 1), np.diff(reading.start))
        sums = [
            np.bincount(row, self.weights[:, n][reading.column] * reading.value, len(reading.start) - 1)
            for n in range(len(self.labels))
        ]
        return np.asarray(np.stack(sums, axis=1) + self.bias)

    def _result(
        self, number: int, text: str, reading: Reading, probabilities: list[float], best: int, sub_type: str | None,
        margins: np.ndarray,
    ) -> TopicResult:  # fmt: skip
        label = self.labels[best]
        clause = self._deciding(number, reading, label, margins)
        shown = [round(p, 4) for p in probabilities]
        result = TopicResult(
            label=label,
            also=tuple(n for n, p in zip(self.labels, shown, strict=True) if n != label and p >= ALSO_AT),
            sub_type=sub_type,
            confidence=shown[best],
            probabilities=dict(zip(self.labels, shown, strict=True)),
            because=self._because(number, text, reading, best, clause),
            span=reading.spans[number][clause],
        )
        return apply_rank_rule(text, result)

    def _margins(self, reading: Reading, best: np.ndarray) -> np.ndarray:
        """What each clause of all passages adds to its passage's label over the mean of the other labels."""
        chosen = np.repeat(best, np.diff(reading.start))
        spread = self._spread[chosen, reading.column]
        share = (reading.value * spread / reading.count)[reading.hit]
        return np.bincount(reading.hit_clause, weights=share, minlength=int(reading.first_clause[-1]))

    @cached_property
    def _spread(self) -> np.ndarray:
        """[labels, columns]: each weight less the mean of the other labels'."""
        others = (self.weights.sum(axis=1)[:, None] - self.weights) / (len(self.labels) - 1)
        return np.ascontiguousarray((self.weights - others).T)

    def _deciding(self, number: int, reading: Reading, label: str, margins: np.ndarray) -> int:
        """The clause that speaks most for the label; of nearly equal ones, one that also holds a nameable cue."""
        margin = margins[reading.first_clause[number] : reading.first_clause[number + 1]].tolist()
        best = max(range(len(margin)), key=margin.__getitem__)
        starts = reading.clause_starts[number]
        named = {
            bisect_right(starts, cue.start) - 1
            for cue in reading.cues[number]
            if CUES[cue.number].name in SUPPORTS[label]
        }
        near = [c for c in named if margin[c] >= NEARLY * margin[best]]
        return best if best in named or not near else max(near, key=lambda c: margin[c])

    @cached_property
    def _sub_columns(self) -> dict[int, np.ndarray]:
        """Number of a label -> numbers of its sub-types; labels without sub-types are left out."""
        owner = np.array([self.labels.index(name) for name in self.sub_labels])
        return {label: np.flatnonzero(owner == label) for label in set(owner.tolist())}

    def _sub_types(self, reading: Reading, best: np.ndarray) -> list[str | None]:
        """The likeliest sub-type of each passage's label; each row sums its own entries in their order."""
        row = np.repeat(np.arange(len(best)), np.diff(reading.start))
        found: list[str | None] = [None] * len(best)
        for label, columns in self._sub_columns.items():
            mine = np.flatnonzero(best == label)
            if not len(mine):
                continue
            entries = np.flatnonzero((best == label)[row])
            place = np.searchsorted(mine, row[entries])
            column, value = reading.column[entries], reading.value[entries]
            sums = [np.bincount(place, self.sub_weights[:, n][column] * value, len(mine)) for n in columns.tolist()]
            likeliest = np.argmax(np.stack(sums, axis=1) + self.sub_bias[columns], axis=1)
            for number, chosen in zip(mine.tolist(), columns[likeliest].tolist(), strict=True):
                found[number] = self.sub_types[chosen]
        return found

    def _because(self, number: int, text: str, reading: Reading, best: int, clause: int) -> str:
        """One Chinese line: the deciding clause, and the cues or words in it that speak for the label."""
        start, end = reading.spans[number][clause]
        starts = reading.clause_starts[number]
        weights = self.weights[self.features.cues_from :, best]
        named = []
        for cue in reading.cues[number]:
            name = CUES[cue.number].name
            if name in SUPPORTS[self.labels[best]] and bisect_right(starts, cue.start) - 1 == clause:
                weight = weights[2 * cue.number] + weights[2 * cue.number + 1] + weights[2 * len(CUES) + cue.number]
                named.append((float(weight), name if PLACE in cue.words else f"{name}“{cue.words}”"))
        named.sort(reverse=True)
        quoted = text[start:end].strip("，。；！？ ")
        telling = "、".join(words for _weight, words in named[:2])
        words = "" if telling else self._words(best, quoted, reading.folded[number][clause])
        shown = f"含{telling}，" if telling else f"含用语“{words}”，" if words else "整句表述最接近此类，"
        return f"依据“{quoted[:40]}{'…' if len(quoted) > 40 else ''}”：{shown}判为{TOPIC_NAMES[self.labels[best]]}"

    def _words(self, best: int, quoted: str, folded: str) -> str:
        """Up to two words of the clause that speak most for the label and mean something to a reader."""
        weights = self.weights[:, best]
        weighed = []
        for word in set(rjieba.cut(folded)):
            column = self.features.column_of(word) if len(word) > 1 and _telling(word) else None
            if column is None or weights[column] <= 0 or any(word + unit in quoted for unit in "省市县区镇乡街"):
                continue
            weighed.append((-float(weights[column]), word))
        return "、".join(word for _weight, word in sorted(weighed)[:2])


@lru_cache(maxsize=1 << 15)
def _telling(word: str) -> bool:
    return _TELLING.fullmatch(word) is not None


def choose(probabilities: np.ndarray, labels: Sequence[str]) -> np.ndarray:
    """Number of the chosen label of each row (domain.md §3.9).

    问题 is chosen already near the best: a person reviews, and a miss is worse than a false alarm. 亮点 is chosen only
    when it is likely by itself: self-praise is the main error there, and the next best label serves as well.
    """
    weighed = probabilities.copy()
    if "highlight" in labels:
        highlight = labels.index("highlight")
        weighed[probabilities[:, highlight] < HIGHLIGHT_AT, highlight] = 0
    best = np.argmax(weighed, axis=1)
    if "problem" in labels:
        problem = labels.index("problem")
        best[weighed[:, problem] >= PROBLEM_AT * weighed.max(axis=1)] = problem
    return np.asarray(best)


def softmax(logits: np.ndarray) -> np.ndarray:
    """Probabilities of logits along the last axis."""
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=-1, keepdims=True))


def model_path() -> Path:
    """Where the shipped model lies."""
    return Path(str(files("nlp") / "model" / "topic.npz"))


def save_model(model: TopicClassifier, path: Path, card: dict[str, object]) -> str:
    """Write model and card; returns the SHA-256 of the model file, which the card holds too.

    Sub-type weights are kept in 8 bits.
    """
    scale = (np.abs(model.sub_weights).max(axis=0) / 127).astype(np.float32)
    with path.open("wb") as out:
        np.savez_compressed(
            out,
            keys=model.features.keys, idf=model.features.idf.astype(np.float16),
            title_keys=model.features.title_keys, title_idf=model.features.title_idf.astype(np.float16),
            weights=model.weights.astype(np.float16), bias=model.bias.astype(np.float32),
            temperature=np.array(model.temperature, dtype=np.float32), labels=np.array(model.labels),
            sub_types=np.array(model.sub_types), sub_labels=np.array(model.sub_labels),
            sub_weights=np.round(model.sub_weights / scale).astype(np.int8), sub_scale=scale,
            sub_bias=model.sub_bias.astype(np.float32),
        )  # fmt: skip
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    full = {"version": model.version, "sha256": digest, **card}
    path.with_suffix(".json").write_text(json.dumps(full, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return digest


@lru_cache(maxsize=4)
def load_topic_model(path: Path | None = None, with_encoder: bool = True) -> TopicClassifier:
    """The shipped model, or the one at `path`, with the shipped encoder beside it where that is wanted.

    Without the encoder the labels are less often right, and a document is read many times faster.
    Raises NLP-M01 (missing) or NLP-M02 (hash or form is wrong).
    """
    encoder = load_encoder() if with_encoder else None
    chosen = path or model_path()
    card_file = chosen.with_suffix(".json")
    if not chosen.exists() or not card_file.exists():
        raise NlpError("NLP-M01", "没有主题模型文件", chosen.name, "运行 make train")
    card = json.loads(card_file.read_text(encoding="utf-8"))
    if hashlib.sha256(chosen.read_bytes()).hexdigest() != card.get("sha256"):
        raise NlpError("NLP-M02", "主题模型文件与登记的校验值不符", chosen.name, "重新训练或从备份恢复")
    with np.load(chosen, allow_pickle=False) as data:
        features = Features(
            data["keys"], data["idf"].astype(np.float64), data["title_keys"], data["title_idf"].astype(np.float64)
        )
        return TopicClassifier(
            version=f"{card['version']}+{encoder.version}" if encoder else str(card["version"]),
            features=features,
            labels=tuple(data["labels"].tolist()),
            weights=data["weights"].astype(np.float32, order="F"),
            bias=data["bias"],
            temperature=float(data["temperature"]),
            sub_types=tuple(data["sub_types"].tolist()),
            sub_labels=tuple(data["sub_labels"].tolist()),
            sub_weights=data["sub_weights"].astype(np.float32, order="F") * data["sub_scale"],
            sub_bias=data["sub_bias"],
            encoder=encoder,
        )
