"""Title -> body retrieval on news the static model never saw: static vectors, TF-IDF, and both together, in one run.

Run `python -m benchmarks.sentences [--news FILE] [--model FILE.npz]`. "other words" deletes from every body each
sentence that shares 35 % of the title's pairs of characters, which handicaps methods that match words, by construction.
"""

from __future__ import annotations

import argparse
import json
import re
import time
from pathlib import Path

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer

from nlp.sentence_words import words_of
from nlp.sentences import load_static_model, static_path
from nlp.train_static import HELD_OUT_FROM

NEWS = Path(__file__).resolve().parent.parent.parent / "shared" / "data" / "news" / "xwlb_2022_2024.jsonl"
DEPTHS = (1, 10)


def held_out(file: Path) -> list[tuple[str, str]]:
    """Title and body of news that was not trained on; titles that stand twice are left out."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    late = [(row["title"], row["text"]) for row in rows if row["date"] >= HELD_OUT_FROM]
    titles = [title for title, _ in late]
    return [(title, text) for title, text in late if titles.count(title) == 1 and len(text) >= 40]


def in_other_words(title: str, text: str) -> str:
    """The body without its sentences that repeat the title."""
    pairs = {title[at : at + 2] for at in range(len(title) - 1)}
    kept = [
        s for s in re.findall(r"[^。！？\n]+[。！？]?", text)
        if sum(pair in s for pair in pairs) < 0.35 * max(1, len(pairs))
    ]  # fmt: skip
    return "".join(kept)


def recall(scores: np.ndarray) -> str:
    """recall@1 and @10, where row i should find column i."""
    right = np.diag(scores)[:, None]
    places = (scores > right).sum(axis=1)
    return "  ".join(f"R@{depth} {(places < depth).mean():.3f}" for depth in DEPTHS)


def main() -> None:
    """Command line."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--news", type=Path, default=NEWS)
    asked.add_argument("--model", type=Path, default=static_path())
    given = asked.parse_args()
    started = time.process_time()
    model = load_static_model(given.model)
    model.encode(["热身"])
    print(f"model {given.model.stat().st_size / 1e6:.2f} MB, loaded in {time.process_time() - started:.2f} cpu-s")
    pairs = held_out(given.news)
    for name, made in (("whole body", pairs), ("other words", [(t, in_other_words(t, b)) for t, b in pairs])):
        kept = [(title, body) for title, body in made if len(body) >= 40]
        titles, bodies = [t for t, _ in kept], [b for _, b in kept]
        started = time.process_time()
        vectors = model.encode(bodies)
        spent = time.process_time() - started
        static = model.encode(titles) @ vectors.T
        reader = TfidfVectorizer(analyzer=lambda text: list(words_of(text)), sublinear_tf=True)
        body_words = reader.fit_transform(bodies)
        lexical = np.asarray((reader.transform(titles) @ body_words.T).todense())
        both = lexical / lexical.max(axis=1, keepdims=True).clip(1e-9) + 0.2 * (
            (static - static.mean(axis=1, keepdims=True)) / static.std(axis=1, keepdims=True)
        )
        mean, rate = sum(map(len, bodies)) / len(bodies), len(kept) / spent
        print(f"{name}: {len(kept)} titles and bodies (mean {mean:.0f} characters), {rate:.0f} texts/cpu-s")
        for method, scores in (("static", static), ("TF-IDF words", lexical), ("TF-IDF + 0.2 z(static)", both)):
            print(f"  {method:24} {recall(scores)}")


if __name__ == "__main__":
    main()
