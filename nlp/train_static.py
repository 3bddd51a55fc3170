"""Train the static sentence model with numpy and scikit-learn alone. Deterministic, one core, minutes.

Run `python -m nlp.train_static [--news FILE] [--output FILE]`. Two steps: word vectors from co-occurrence (positive
pointwise mutual information, singular vectors), then the same vectors moved so that two parts of one article meet and
parts of others do not (in-batch softmax). No sentence is kept, and names of persons are no words of the model.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rjieba
from scipy.sparse import csr_matrix, diags
from sklearn.utils.extmath import randomized_svd

from nlp.sentence_words import numbers_of, words_of
from nlp.sentences import count_words, save_static, static_path

HELD_OUT_FROM = "2024-07-01"  # news from this day on is never trained on: benchmarks/sentences.py measures with it
SEED = 20251016
DIMENSIONS, WINDOW, LEAST, MOST_WORDS = 160, 5, 3, 26000
RARE = 1e-3  # a of a / (a + p), the weight of a word of frequency p
EPOCHS, BATCH, SHARPNESS, RATE = 3, 512, 20.0, 0.02
_SENTENCE = re.compile(r"[^。！？\n]+[。！？]?")
_HAN = re.compile(r"[\u4e00-\u9fff]{4}")
_KEY = re.compile(r"[A-Za-z_]+:")
_SURNAME = re.compile(
    r"[王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏"
    r"钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文].{1,2}"
)


@dataclass(frozen=True)
class Article:
    """A text to learn from; the title may be empty."""

    title: str
    text: str


def own_articles(root: Path) -> list[Article]:
    """Training passages and the demo city's texts."""
    found = []
    for file in sorted((root / "nlp" / "training").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                row = json.loads(line)
                found.append(Article(row.get("title") or "", row["text"]))
    for file in sorted((root / "demo").rglob("*.yaml")):
        lines = file.read_text(encoding="utf-8").splitlines()
        found.extend(Article("", _KEY.sub(" ", line).strip()) for line in lines if _HAN.search(line))
    return found


def news_articles(file: Path, before: str = HELD_OUT_FROM) -> list[Article]:
    """News dated before a day."""
    rows = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    return [Article(row["title"], row["text"]) for row in rows if row["date"] < before]


def choose_words(texts: Iterable[str]) -> list[str]:
    """Words of the vocabulary: characters, of which unknown words are made, then the most frequent words.

    Names of persons are left out as far as the dictionary's tags and surnames tell.
    """
    counts: Counter[str] = Counter()
    characters: Counter[str] = Counter()
    for text in texts:
        words = list(words_of(text))
        counts.update(words)
        characters.update("".join(words))
    kept = [word for word, n in counts.items() if n >= LEAST and not (len(word) > 1 and _is_name(word))]
    singles = sorted(one for one, n in characters.items() if n >= LEAST)
    longer = sorted((w for w in kept if len(w) > 1), key=lambda w: (-counts[w], w))
    return [*singles, *longer][:MOST_WORDS]


def word_vectors(rows: Sequence[Sequence[int]], size: int) -> np.ndarray:
    """float32 [size, DIMENSIONS] from co-occurrence within WINDOW words."""
    flat = np.concatenate([np.asarray([*row, *[-1] * WINDOW], dtype=np.int32) for row in rows])
    pairs = csr_matrix((size, size), dtype=np.float32)
    for apart in range(1, WINDOW + 1):
        left, right = flat[:-apart], flat[apart:]
        both = (left >= 0) & (right >= 0)
        weight = np.full(int(both.sum()), 1 / apart, dtype=np.float32)
        pairs = pairs + csr_matrix((weight, (left[both], right[both])), shape=(size, size))
    pairs = (pairs + pairs.T).tocoo()
    totals = np.bincount(pairs.row, weights=pairs.data, minlength=size)
    context = np.maximum(totals, 1e-9) ** 0.75
    shift = np.log(pairs.data * context.sum() / (np.maximum(totals, 1e-9)[pairs.row] * context[pairs.col]))
    keep = shift > 0
    information = csr_matrix((shift[keep].astype(np.float32), (pairs.row[keep], pairs.col[keep])), shape=(size, size))
    left_vectors, strength, _right = randomized_svd(information, DIMENSIONS, n_iter=3, random_state=SEED)
    vectors = left_vectors * np.sqrt(strength)
    return np.asarray(vectors / max(float(np.linalg.norm(vectors, axis=1).mean()), 1e-9), dtype=np.float32)


def pairs_of(articles: Sequence[Article]) -> list[tuple[str, str]]:
    """Parts of one article that should meet: title and body, one sentence and the rest, first and second half."""
    chance = random.Random(SEED)  # noqa: S311
    made = []
    for article in articles:
        sentences = [s for s in _SENTENCE.findall(article.text) if len(s) >= 8]
        if article.title:
            made.append((article.title, article.text))
        if len(sentences) >= 2:
            for at in chance.sample(range(len(sentences)), min(3, len(sentences) - 1)):
                made.append((sentences[at], "".join(sentences[:at] + sentences[at + 1 :])))
    chance.shuffle(made)
    return made


def tune(vectors: np.ndarray, left: csr_matrix, right: csr_matrix) -> np.ndarray:
    """Move word vectors so that row i of `left` lies nearest to row i of `right` (Adagrad on in-batch softmax)."""
    moved = vectors.astype(np.float32).copy()
    seen = np.full((len(moved), 1), 1e-6, dtype=np.float32)
    chance = np.random.default_rng(SEED)
    for _epoch in range(EPOCHS):
        order = chance.permutation(left.shape[0])
        for start in range(0, len(order) - BATCH // 2, BATCH):
            batch = order[start : start + BATCH]
            a, b = left[batch], right[batch]
            gradient = _gradient(moved, a, b)
            seen += (gradient**2).mean(axis=1, keepdims=True)
            moved -= RATE * gradient / np.sqrt(seen)
    return moved


def _gradient(vectors: np.ndarray, a: csr_matrix, b: csr_matrix) -> np.ndarray:
    """Of the mean loss over both directions, for every word vector."""
    u, u_size = _unit(a @ vectors)
    v, v_size = _unit(b @ vectors)
    logits = SHARPNESS * (u @ v.T)
    same = np.eye(len(logits), dtype=np.float32)
    slope = SHARPNESS * (_softmax(logits) - same + (_softmax(logits.T) - same).T) / (2 * len(logits))
    du, dv = slope @ v, slope.T @ u
    du = (du - (du * u).sum(axis=1, keepdims=True) * u) / u_size
    dv = (dv - (dv * v).sum(axis=1, keepdims=True) * v) / v_size
    return np.asarray(a.T @ du + b.T @ dv)


def _unit(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    size = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-6)
    return rows / size, size


def _softmax(logits: np.ndarray) -> np.ndarray:
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True))


def bags(rows: Sequence[Sequence[int]], size: int) -> csr_matrix:
    """Texts as counts of words, in the form the model sums them."""
    counted = [count_words(row) for row in rows]
    starts = np.cumsum([0, *(len(columns) for columns, _ in counted)])
    columns = np.concatenate([c for c, _ in counted]) if counted else np.zeros(0)
    values = np.concatenate([v for _, v in counted]) if counted else np.zeros(0)
    return csr_matrix((values.astype(np.float32), columns, starts), shape=(len(rows), size))


def train(articles: Sequence[Article], output: Path, card: dict[str, object]) -> None:
    """Train and write model and card."""
    texts = [f"{one.title} {one.text}" for one in articles]
    words = choose_words(texts)
    numbers = {word: number for number, word in enumerate(words)}
    rows = [numbers_of(text, numbers) for text in texts]
    counts = np.bincount(np.concatenate([np.asarray(row, dtype=np.int64) for row in rows]), minlength=len(words))
    weight = RARE / (RARE + counts / counts.sum())
    vectors = word_vectors(rows, len(words)) * weight[:, None].astype(np.float32)
    pairs = pairs_of(articles)
    left = bags([numbers_of(a, numbers) for a, _ in pairs], len(words))
    right = bags([numbers_of(b, numbers) for _, b in pairs], len(words))
    full = np.asarray((left.getnnz(axis=1) > 0) & (right.getnnz(axis=1) > 0))
    vectors = tune(vectors, left[full], right[full])
    whole = bags(rows, len(words)) @ vectors
    whole = diags(1 / np.maximum(np.linalg.norm(whole, axis=1), 1e-6)) @ whole
    _values, directions = np.linalg.eigh(whole.T @ whole)
    details = {"words": len(words), "dimensions": DIMENSIONS, "articles": len(articles), "pairs": len(pairs)}
    save_static(output, words, vectors, directions[:, -1], {**card, **details})


def _is_name(word: str) -> bool:
    if not rjieba.has_word(word):
        return bool(_SURNAME.fullmatch(word))
    return any(str(tag).startswith("nr") for _word, tag in rjieba.tag(word))


def main() -> None:
    """Command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    root = Path(__file__).resolve().parent.parent
    asked.add_argument("--news", type=Path, default=root.parent / "shared" / "data" / "news" / "xwlb_2022_2024.jsonl")
    asked.add_argument("--output", type=Path, default=static_path())
    given = asked.parse_args()
    articles = own_articles(root)
    sources = ["nlp/training", "demo"]
    if given.news.is_file():
        articles += news_articles(given.news)
        sources.append(f"{given.news.stem} before {HELD_OUT_FROM}")
    train(articles, given.output, {"sources": sources})


if __name__ == "__main__":
    main()
