"""Speed of the whole analysis beside bare jieba.cut over the same text in the same run, one core; loading and memory.

Prints medians of alternating rounds and their ratio; absolute figures depend on the machine. ``--encoder`` loads the
encoder too before memory is read.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 5
ROOT = Path(__file__).parents[1]
Text = tuple[str, str, str]  # title, text, published


def texts() -> list[Text]:
    """The demo's articles: short and dense with names, the harder half for us."""
    from demo.truth import load_articles

    return [(a.title, a.text, str(a.published or "")) for a in load_articles()]


def long_texts() -> list[Text]:
    """The same articles, eight joined into one: as long as a paper's page."""
    every = texts()
    return [
        (group[0][0], "\n".join(text for _title, text, _day in group), group[0][2])
        for group in (every[i : i + 8] for i in range(0, len(every), 8))
    ]


def news_texts(data: Path, count: int = 100) -> list[Text]:
    """A fixed choice of the shared news: longer paragraphs, fewer names of ours."""
    lines = (data / "news" / "xwlb_2022_2024.jsonl").read_text(encoding="utf-8").splitlines()
    rows = map(json.loads, random.Random(1).sample(lines, count))
    return [(row["title"], row["text"], row["date"]) for row in rows]


def rates(documents: list[Text], with_encoder: bool = True) -> dict[str, dict[str, float]]:
    """Characters a CPU second of jieba.cut and of ours, without and (one round) with the encoder; ratios to jieba."""
    import jieba
    from threadpoolctl import threadpool_limits

    from nlp.analyse import DocumentIn, analyse_all
    from nlp.roster import load_roster
    from nlp.topic import load_topic_model

    jieba.setLogLevel(60)
    jieba.initialize()
    roster = load_roster(ROOT / "demo" / "roster.yaml")
    given = [DocumentIn(text, title, day) for title, text, day in documents]
    without = load_topic_model(with_encoder=False)

    def cut() -> None:
        for _title, text, _day in documents:
            for _word in jieba.cut(text):
                pass

    ways: dict[str, Callable[[], object]] = {
        "bare jieba.cut": cut,
        "ours, without the encoder": lambda: analyse_all(given, roster, without),
    }
    spent: dict[str, list[float]] = {name: [] for name in ways}
    with threadpool_limits(1):
        for way in ways.values():
            way()  # first use builds tables
        for _round in range(ROUNDS):
            for name, way in ways.items():
                spent[name].append(_seconds(way))
        if with_encoder:
            both = load_topic_model()
            spent["ours, with the encoder"] = [_seconds(lambda: analyse_all(given, roster, both))]
    size = sum(len(text) for _title, text, _day in documents)
    found = {name: size / statistics.median(times) for name, times in spent.items()}
    return {name: {"characters a second": rate, "beside jieba.cut": rate / found["bare jieba.cut"]}
            for name, rate in found.items()}  # fmt: skip


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def main() -> None:
    """Command line."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--encoder", action="store_true")
    chosen = options.parse_args()
    began = time.perf_counter()
    from benchmarks.evaluate import shared_data
    from nlp.analyse import matcher_for
    from nlp.roster import load_roster
    from nlp.topic import load_topic_model

    matcher_for(load_roster(ROOT / "demo" / "roster.yaml"))
    load_topic_model(with_encoder=chosen.encoder)
    loading, memory = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"loading {loading:.2f} s, resident {memory:.0f} MB\n")
    kinds = [("articles", texts()), ("long documents", long_texts())]
    data = shared_data()
    if data is not None:
        kinds.append(("real news", news_texts(data)))
    for name, documents in kinds:
        sys.stdout.write(f"{name}: {len(documents)}, {sum(len(t) for _a, t, _b in documents)} characters\n")
        for way, row in rates(documents, chosen.encoder).items():
            sys.stdout.write(
                f"  {way:28}{row['characters a second']:12,.0f} characters/s  {row['beside jieba.cut']:.2f}\n"
            )
    sys.stdout.write(f"peak {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB with jieba\n")


if __name__ == "__main__":
    main()
