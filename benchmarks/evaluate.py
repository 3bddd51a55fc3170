"""How well the analysis does on real texts and on the demo: topics, near-duplicates, page reading, the demo's truth.

Run: ``python -m benchmarks.evaluate``. The real texts lie under $SHIJI_SHARED, or in ``shared`` beside the
repository; where they are absent those parts are skipped with a reason. Always exits 0: floors are the tests' work.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from demo.judge import judge
from nlp.duplicates import DuplicateDoc, find_duplicates
from nlp.encoder import encoder_path
from nlp.topic import softmax
from nlp.topic_port import LABELS
from nlp.train import Measured, fit_temperature, measure, out_of_fold, out_of_fold_on
from nlp.train_data import read_examples, read_labelled, read_news

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ROOT / "quality.toml"
# five-fold on the same set
BASELINES = (
    ("characters TF-IDF + LinearSVC", 0.669, 0.641),
    ("e5-small + logistic regression", 0.609, 0.591),
    ("both together", 0.675, 0.647),
)


@dataclass(frozen=True)
class DuplicateFigures:
    """Over labelled pairs; precision is the share of merged pairs that are exact or edited."""

    exact_recall: float
    edited_recall: float
    precision: float
    wrong: tuple[tuple[str, str, str], ...]


def shared_data() -> Path | None:
    """Folder of the real test data, None where it is absent."""
    folder = Path(os.environ.get("SHIJI_SHARED") or ROOT.parent / "shared") / "data"
    return folder if folder.is_dir() else None


def topics(data: Path) -> dict[str, Measured]:
    """The labelled passages, each judged by a linear model that saw neither it nor its document: on our own passages
    alone, and on ours with the labelled ones of the other folds and the labelled news."""
    own, labelled, news = read_examples(), read_labelled(data), read_news(data)
    truth = np.array([LABELS.index(e.label) for e in labelled])
    whole = (np.empty(0, dtype=int), np.arange(len(labelled)))
    alone, warmth = out_of_fold_on([whole], labelled, own)
    both = out_of_fold(labelled, [*own, *news])
    return {
        "own passages alone": measure(softmax(alone / warmth), labelled),
        "own, labelled and news": measure(softmax(both / fit_temperature(both, truth)), labelled),
    }


def shipped() -> dict[str, float]:
    """What the cards of the shipped files say was measured by folds when both models were trained."""
    card = json.loads(encoder_path().with_suffix(".json").read_text(encoding="utf-8"))
    return {name: float(value) for name, value in card["measured"].items()}


def duplicates(data: Path) -> DuplicateFigures:
    """Documents clustered in the order of their days, judged on the labelled pairs."""
    folder = data / "near_duplicates"
    docs = sorted(_rows(folder / "docs.jsonl"), key=lambda d: (d["date"], d["id"]))
    cluster = {d.id: d.cluster for d in find_duplicates(DuplicateDoc(d["id"], d["title"], d["text"]) for d in docs)}
    pairs = _rows(folder / "pairs.jsonl")
    merged = [p for p in pairs if cluster[p["a"]] == cluster[p["b"]]]
    same = {"exact_dup", "edited_dup"}

    def recall(label: str) -> float:
        return sum(p["label"] == label for p in merged) / max(1, sum(p["label"] == label for p in pairs))

    wrong = tuple((p["a"], p["b"], p["label"]) for p in merged if p["label"] not in same)
    return DuplicateFigures(recall("exact_dup"), recall("edited_dup"), 1 - len(wrong) / max(1, len(merged)), wrong)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def _show_topics(data: Path) -> None:
    shown = {f"linear, {name}": vars(m) for name, m in topics(data).items()} | {"shipped, with the encoder": shipped()}
    columns = ("accuracy", "accuracy_also", "macro_f1", "problem_recall", "highlight_precision", "accuracy_at_80")
    print("\nTopics on the labelled passages, by folds of whole documents")
    print(f"{'':32}" + "".join(f"{name.replace('_', ' ')[:14]:>15}" for name in columns))
    for name, figures in shown.items():
        print(f"{name:32}" + "".join(f"{figures[column]:15.3f}" for column in columns))
    for name, accuracy, macro in BASELINES:
        print(f"{name:32}{accuracy:15.3f}{'':15}{macro:15.3f}")


def _show_duplicates(data: Path) -> None:
    figures = duplicates(data)
    print(f"\nNear-duplicates: exact recall {figures.exact_recall:.3f}, edited recall {figures.edited_recall:.3f}, "
          f"precision {figures.precision:.3f}")  # fmt: skip
    for one, other, label in figures.wrong:
        print(f"  merged wrongly: {one} {other} ({label})")


def _show_extraction(data: Path) -> None:
    print("\nReading pages", flush=True)
    done = subprocess.run([sys.executable, "-m", "benchmarks.extraction", str(data)], cwd=ROOT, check=False)
    if done.returncode:
        print(f"benchmarks.extraction ended with {done.returncode}")


def _show_demo() -> None:
    floors = tomllib.loads(FLOORS.read_text(encoding="utf-8"))["demo"]
    print("\nThe demo's own truth (python -m demo.judge lists every disagreement)")
    for name, value in judge().figures().items():
        pinned = next((f"{kind} {floors[kind][name]}" for kind in ("floor", "ceiling") if name in floors[kind]), "")
        print(f"{name:28}{value:8.3f}   {pinned}")


def main() -> int:
    """Print every table that can be made here."""
    data = shared_data()
    if data is None:
        print("skipped: no real test data (set SHIJI_SHARED to the folder that holds `data`)")
    else:
        _show_topics(data)
        _show_duplicates(data)
        _show_extraction(data)
    _show_demo()
    return 0


if __name__ == "__main__":
    sys.exit(main())
