"""Speed of the whole analysis beside bare jieba.cut over the same text in the same run, one process, and memory.

Prints medians of alternating rounds and their ratio; absolute figures depend on the machine.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time
from pathlib import Path

import yaml

ROUNDS = 5
ROOT = Path(__file__).parents[1]


def texts() -> list[tuple[str, str, str]]:
    """(title, text, published) of the demo articles."""
    found = []
    for file in sorted((ROOT / "demo" / "articles").glob("*.yaml")):
        for article in yaml.safe_load(file.read_text(encoding="utf-8")):
            body = "\n".join(p["text"] for p in article["paragraphs"])
            found.append((article["title"], body, str(article.get("published") or "")))
    return found


def main() -> None:
    """Command line."""
    started = time.perf_counter()
    from nlp.analyse import DocumentIn, analyse
    from nlp.roster import load_roster
    from nlp.topic import load_topic_model

    roster, model = load_roster(ROOT / "demo" / "roster.yaml"), load_topic_model()
    loading = time.perf_counter() - started
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    import jieba

    jieba.setLogLevel(60)
    jieba.initialize()
    documents = texts()
    characters = sum(len(body) for _title, body, _published in documents)

    def whole() -> None:
        for title, body, published in documents:
            analyse(DocumentIn(body, title, published), roster, model)

    def bare() -> None:
        for _title, body, _published in documents:
            for _word in jieba.cut(body):
                pass

    seconds: dict[str, list[float]] = {"analysis": [], "jieba.cut": []}
    whole()  # first use builds the matcher
    for _round in range(ROUNDS):
        for name, work in (("analysis", whole), ("jieba.cut", bare)):
            start = time.process_time()
            work()
            seconds[name].append(time.process_time() - start)
    rates = {name: characters / statistics.median(values) for name, values in seconds.items()}
    sys.stdout.write(f"documents {len(documents)}, characters {characters}, rounds {ROUNDS} (CPU time, medians)\n")
    for name, rate in rates.items():
        sys.stdout.write(f"{name:10s} {rate:12,.0f} characters/s\n")
    sys.stdout.write(f"ratio analysis / jieba.cut = {rates['analysis'] / rates['jieba.cut']:.2f}\n")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    sys.stdout.write(f"loading {loading:.2f} s; resident {memory:.0f} MB after it, {peak:.0f} MB peak with jieba\n")


if __name__ == "__main__":
    main()
