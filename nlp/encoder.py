"""The topic encoder: a small transformer read with numpy alone, so that the default install needs no engine.

Six layers of multilingual-e5-small (Wang et al. 2024, MIT) with the vocabulary of Chinese news, trained on for the six
topics. Weights are kept in 8 bits with one scale a row. Each passage is read by itself: a result never depends on what
else is read.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
from threadpoolctl import ThreadpoolController

from nlp.errors import NlpError
from nlp.topic_port import TopicInput
from nlp.word_pieces import WordPieces

MOST_PIECES = 180
TITLE_CHARACTERS = 40
TEXT_CHARACTERS = 300
BAR = "\u2581|\u2581"  # between title and text, as in training
NORM_EPSILON = 1e-12


@dataclass(frozen=True)
class Layer:
    """Weights of one layer, float32: attention (query, key, value in one) and its output, then the feed-forward."""

    qkv: np.ndarray
    qkv_bias: np.ndarray
    out: np.ndarray
    out_bias: np.ndarray
    first_norm: tuple[np.ndarray, np.ndarray]
    widen: np.ndarray
    widen_bias: np.ndarray
    narrow: np.ndarray
    narrow_bias: np.ndarray
    second_norm: tuple[np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Encoder:
    """A trained encoder with its six-way head, labels in the order of `labels`."""

    version: str
    labels: tuple[str, ...]
    pieces: WordPieces
    words: np.ndarray
    word_scale: np.ndarray
    places: np.ndarray
    norm: tuple[np.ndarray, np.ndarray]
    layers: tuple[Layer, ...]
    heads: int
    head: np.ndarray
    head_bias: np.ndarray
    mix: tuple[float, float]  # weight of the linear model's calibrated scores, and of ours, in the sum of both

    def logits(self, passages: Sequence[TopicInput]) -> np.ndarray:
        """[passages, labels], float64."""
        with _blas().limit(limits=1, user_api="blas"):
            found = [self.head @ self.vector(joined(p)) + self.head_bias for p in passages]
        return np.array(found, dtype=np.float64).reshape(len(passages), len(self.labels))

    def vector(self, text: str) -> np.ndarray:
        """Mean of the last layer over all pieces, float32 [width]."""
        ids = self.pieces.ids(text, MOST_PIECES)
        x = self.words[ids].astype(np.float32) * self.word_scale[ids, None] + self.places[: len(ids)]
        x = _normed(x, self.norm)
        for layer in self.layers:
            x = _normed(x + self._attend(x, layer), layer.first_norm)
            wide = _gelu(x @ layer.widen + layer.widen_bias)
            x = _normed(x + wide @ layer.narrow + layer.narrow_bias, layer.second_norm)
        return np.asarray(x.mean(axis=0))

    def _attend(self, x: np.ndarray, layer: Layer) -> np.ndarray:
        tokens, width = x.shape
        q, k, v = (x @ layer.qkv + layer.qkv_bias).reshape(tokens, 3, self.heads, -1).transpose(1, 2, 0, 3)
        scores = q @ k.transpose(0, 2, 1) / np.float32(np.sqrt(width // self.heads))
        scores = np.exp(scores - scores.max(axis=-1, keepdims=True))
        mixed = (scores / scores.sum(axis=-1, keepdims=True)) @ v
        return np.asarray(mixed.transpose(1, 0, 2).reshape(tokens, width) @ layer.out + layer.out_bias)


@lru_cache(maxsize=1)
def _blas() -> ThreadpoolController:
    """The matrix library's threads. These matrices are small: more than one thread mostly waits for the other, and on
    a busy machine burns twenty times the time; several processes use the cores better (nlp/many.py)."""
    return ThreadpoolController()


def joined(passage: TopicInput) -> str:
    """Title and text as the encoder reads them."""
    title = passage.title[:TITLE_CHARACTERS]
    return (title + BAR if title else "") + passage.text[:TEXT_CHARACTERS]


def _normed(x: np.ndarray, norm: tuple[np.ndarray, np.ndarray]) -> np.ndarray:
    centred = x - x.mean(axis=-1, keepdims=True)
    spread = np.sqrt((centred * centred).mean(axis=-1, keepdims=True) + NORM_EPSILON)
    return np.asarray(centred / spread * norm[0] + norm[1])


def _gelu(x: np.ndarray) -> np.ndarray:
    """x·Φ(x) with the error function by Abramowitz and Stegun 7.1.26 (error below 2e-7), since numpy has none.

    Written in place: the arrays are large, and new ones would cost as much as the arithmetic.
    """
    size = np.abs(x)
    z = size * np.float32(0.7071067811865476)
    t = z * np.float32(0.3275911)
    t += 1
    np.reciprocal(t, out=t)
    tail = t * np.float32(1.061405429)
    for factor in (-1.453152027, 1.421413741, -0.284496736, 0.254829592):
        tail += np.float32(factor)
        tail *= t
    z *= z
    np.negative(z, out=z)
    tail *= np.exp(z, out=z)
    tail *= size
    tail *= np.float32(0.5)  # |x| times the share of the normal law beyond |x|
    return np.asarray(np.maximum(x, 0) - tail)


def quantised(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(int8 [rows, columns], float32 scale [rows])."""
    scale = np.maximum(np.abs(weight).max(axis=1), 1e-9) / 127
    return np.round(weight / scale[:, None]).astype(np.int8), scale.astype(np.float32)


def encoder_path() -> Path:
    """Where the shipped encoder lies."""
    return Path(str(files("nlp") / "model" / "encoder.npz"))


@lru_cache(maxsize=2)
def load_encoder(path: Path | None = None) -> Encoder:
    """The shipped encoder, or the one at `path`. Raises NLP-M01 (missing) or NLP-M02 (hash is wrong)."""
    chosen = path or encoder_path()
    card_file = chosen.with_suffix(".json")
    if not chosen.exists() or not card_file.exists():
        raise NlpError("NLP-M01", "没有主题编码器文件", chosen.name, "恢复程序文件，或关闭编码器")
    card = json.loads(card_file.read_text(encoding="utf-8"))
    if hashlib.sha256(chosen.read_bytes()).hexdigest() != card.get("sha256"):
        raise NlpError("NLP-M02", "主题编码器文件与登记的校验值不符", chosen.name, "重新训练或从备份恢复")
    with np.load(chosen, allow_pickle=False) as data:
        arrays = {name: data[name] for name in data.files}
    return Encoder(
        version=str(card["version"]),
        labels=tuple(arrays["labels"].tolist()),
        pieces=WordPieces(tuple(arrays["pieces"].tolist()), tuple(arrays["scores"].astype(float).tolist())),
        words=arrays["word.w"],
        word_scale=arrays["word.s"],
        places=arrays["places"].astype(np.float32),
        norm=(arrays["norm.w"], arrays["norm.b"]),
        layers=tuple(_layer(arrays, number) for number in range(int(arrays["layers"]))),
        heads=int(arrays["heads"]),
        head=arrays["head.w"].astype(np.float32),
        head_bias=arrays["head.b"].astype(np.float32),
        mix=(float(card["mix"][0]), float(card["mix"][1])),
    )


def _layer(arrays: dict[str, np.ndarray], number: int) -> Layer:
    def weight(name: str) -> np.ndarray:
        stored, scale = arrays[f"{number}.{name}.w"], arrays[f"{number}.{name}.s"]
        return np.ascontiguousarray((stored.astype(np.float32) * scale[:, None]).T)

    def plain(name: str) -> np.ndarray:
        return arrays[f"{number}.{name}"].astype(np.float32)

    return Layer(
        qkv=np.concatenate([weight("q"), weight("k"), weight("v")], axis=1),
        qkv_bias=np.concatenate([plain("q.b"), plain("k.b"), plain("v.b")]),
        out=weight("ao"),
        out_bias=plain("ao.b"),
        first_norm=(plain("aln.w"), plain("aln.b")),
        widen=weight("fi"),
        widen_bias=plain("fi.b"),
        narrow=weight("fo"),
        narrow_bias=plain("fo.b"),
        second_norm=(plain("oln.w"), plain("oln.b")),
    )
