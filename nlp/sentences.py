"""Sentence vectors behind one port: `StaticModel` (numpy alone, shipped) or any sentence-transformers model (ONNX).

Cosines of such vectors are comparable within one query only: use ranks, never a fixed limit (nlp/links.py).
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

import numpy as np

from nlp.errors import NlpError
from nlp.sentence_words import Vocabulary, numbers_of

STATIC = "static"


class SentenceModel(Protocol):
    """A model of sentences. Each text is encoded by itself: the vector does not depend on the batch."""

    @property
    def name(self) -> str:
        """Which model, as a person would name it."""

    @property
    def version(self) -> str:
        """Of the weights; vectors of different versions must not be compared."""

    def encode(self, texts: Sequence[str], /) -> np.ndarray:
        """float32 [texts, dimensions], each row of length 1, or all zero where nothing of the text is known."""


@dataclass(frozen=True)
class StaticModel:
    """Weighted sum of word vectors, without the direction all texts share.

    table: int8 [words, dimensions]; scale: float32 [words], weight of the word and step of its row in one;
    common: float32 [dimensions], length 1.
    """

    version: str
    vocabulary: Vocabulary
    table: np.ndarray
    scale: np.ndarray
    common: np.ndarray
    name: str = STATIC

    def encode(self, texts: Sequence[str], /) -> np.ndarray:
        """See `SentenceModel.encode`."""
        out = np.zeros((len(texts), self.table.shape[1]), dtype=np.float32)
        for row, text in zip(out, texts, strict=True):
            columns, counts = count_words(numbers_of(text, self.vocabulary))
            if len(columns):
                total = (self.scale[columns] * counts) @ self.table[columns].astype(np.float32)
                total -= (total @ self.common) * self.common
                row[:] = total / max(float(np.linalg.norm(total)), 1e-9)
        return out


@dataclass(frozen=True)
class TransformerModel:
    """A sentence-transformers model run by onnxruntime; `prefix` is put before every text (e5: "query: ")."""

    name: str
    version: str
    engine: Any
    prefix: str = ""

    def encode(self, texts: Sequence[str], /) -> np.ndarray:
        """See `SentenceModel.encode`; one text at a time, because padding to a batch changes the last digits."""
        rows = [np.asarray(self.engine.encode([self.prefix + text], batch_size=1, show_progress_bar=False))[0]
                for text in texts]  # fmt: skip
        if not rows:
            return np.zeros((0, 0), dtype=np.float32)
        made = np.stack(rows).astype(np.float32)
        return np.asarray(made / np.maximum(np.linalg.norm(made, axis=1, keepdims=True), 1e-9))


def count_words(numbers: Sequence[int]) -> tuple[np.ndarray, np.ndarray]:
    """Distinct word numbers in order, and 1 + ln of how often each stands."""
    columns, counts = np.unique(np.asarray(numbers, dtype=np.int64), return_counts=True)
    return columns, (1 + np.log(counts)).astype(np.float32)


def open_sentence_model(setting: str = "") -> SentenceModel:
    """The model a setting names: empty or "static" the shipped one, else a folder or name of sentence-transformers.

    Raises NLP-S01 to NLP-S04.
    """
    chosen = setting.strip()
    return load_static_model() if chosen in ("", STATIC) else _open_transformer(chosen)


def static_path() -> Path:
    """Where the shipped model lies."""
    return Path(str(files("nlp") / "model" / "static.npz"))


def save_static(
    path: Path, vocabulary: Sequence[str], vectors: np.ndarray, common: np.ndarray, card: dict[str, object]
) -> StaticModel:
    """Write weighted word vectors float32 [words, dimensions] in 8 bits, with a card that holds the SHA-256."""
    scale = np.maximum(np.abs(vectors).max(axis=1), 1e-9).astype(np.float32) / 127
    table = np.round(vectors / scale[:, None]).astype(np.int8)
    words = np.frombuffer("\n".join(vocabulary).encode(), dtype=np.uint8)
    with path.open("wb") as out:
        np.savez_compressed(out, words=words, table=table, scale=scale, common=common.astype(np.float32))
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    full = {"version": f"static-{digest[:12]}", "sha256": digest, **card}
    path.with_suffix(".json").write_text(json.dumps(full, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    load_static_model.cache_clear()
    return load_static_model(path)


@lru_cache(maxsize=2)
def load_static_model(path: Path | None = None) -> StaticModel:
    """The shipped model, or the one at `path`. Raises NLP-S01 (missing) or NLP-S02 (hash is wrong)."""
    chosen = path or static_path()
    card_file = chosen.with_suffix(".json")
    if not chosen.exists() or not card_file.exists():
        raise NlpError("NLP-S01", "没有句向量模型文件", chosen.name, "运行 python -m nlp.train_static")
    card = json.loads(card_file.read_text(encoding="utf-8"))
    if hashlib.sha256(chosen.read_bytes()).hexdigest() != card.get("sha256"):
        raise NlpError("NLP-S02", "句向量模型文件与登记的校验值不符", chosen.name, "重新训练或从备份恢复")
    with np.load(chosen, allow_pickle=False) as data:
        words = data["words"].tobytes().decode().split("\n")
        vocabulary = {word: number for number, word in enumerate(words)}
        return StaticModel(str(card["version"]), vocabulary, data["table"], data["scale"], data["common"])


def _open_transformer(name: str) -> TransformerModel:
    try:
        module = importlib.import_module("sentence_transformers")
    except ImportError as bad:
        raise NlpError(
            "NLP-S03", "未安装句向量扩展组件", name, "安装扩展 semantic（pip install shiji[semantic]），或清空该设置"
        ) from bad
    try:
        engine = module.SentenceTransformer(name, backend="onnx", device="cpu")
    except Exception as bad:  # whatever the library raises for an absent folder, name or engine
        raise NlpError(
            "NLP-S04", f"打不开句向量模型：{type(bad).__name__}", name, "检查 SHIJI_SENTENCE_MODEL 指向的目录是否完整"
        ) from bad
    prefix = "query: " if "e5" in Path(name).name.lower() else ""
    return TransformerModel(name, f"onnx-{Path(name).name}", engine, prefix)
