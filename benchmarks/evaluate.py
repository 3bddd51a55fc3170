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
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.judge import judge
from nlp.duplicates import DuplicateDoc, find_duplicates
from nlp.topic import load_topic_model
from nlp.topic_port import LABELS, TopicInput

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ROOT / "quality.toml"
# five-fold on the labelled set itself: they have seen its sources, ours has not
BASELINES = (
    ("characters TF-IDF + LinearSVC", 0.669, 0.641),
    ("e5-small + logistic regression", 0.609, 0.591),
    ("both together", 0.675, 0.647),
)


@dataclass(frozen=True)
class TopicFigures:
    """Agreement with the labelled passages; `per_label` is label -> (precision, recall, F1, passages)."""

    passages: int
    accuracy: float
    accuracy_also: float
    macro_f1: float
    sub_accuracy: float
    per_label: dict[str, tuple[float, float, float, int]]


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


def topics(data: Path) -> TopicFigures:
    """The topic model, trained on our own passages only, against the labelled passages of `data`."""
    rows = _rows(data / "labelled" / "passages.jsonl")
    inputs = [TopicInput(r["text"], r.get("title") or "", r.get("date") or "", r.get("source") or "") for r in rows]
    said = load_topic_model().predict(inputs)
    pairs = Counter((r["label"], s.label) for r, s in zip(rows, said, strict=True))
    per_label = {}
    for label in LABELS:
        right = pairs[label, label]
        true = sum(n for (t, _), n in pairs.items() if t == label)
        claimed = sum(n for (_, s), n in pairs.items() if s == label)
        per_label[label] = (right / max(1, claimed), right / max(1, true), 2 * right / max(1, claimed + true), true)
    with_sub = [(r["sub"], s.sub_type) for r, s in zip(rows, said, strict=True)
                if r["label"] == s.label != "irrelevant"]  # fmt: skip
    return TopicFigures(
        passages=len(rows),
        accuracy=sum(pairs[label, label] for label in LABELS) / len(rows),
        accuracy_also=sum(s.label in {r["label"], *r["also"]} for r, s in zip(rows, said, strict=True)) / len(rows),
        macro_f1=sum(f1 for _, _, f1, _ in per_label.values()) / len(LABELS),
        sub_accuracy=sum(a == b for a, b in with_sub) / max(1, len(with_sub)),
        per_label=per_label,
    )


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
    figures = topics(data)
    print(f"\nTopics on {figures.passages} labelled passages (trained on our own texts only)")
    print(f"{'':32}{'accuracy':>9}{'macro-F1':>9}")
    print(f"{'ours':32}{figures.accuracy:9.3f}{figures.macro_f1:9.3f}   with `also` {figures.accuracy_also:.3f}, "
          f"sub-type {figures.sub_accuracy:.3f}")  # fmt: skip
    for name, accuracy, macro in BASELINES:
        print(f"{name:32}{accuracy:9.3f}{macro:9.3f}   five-fold on this set")
    print(f"{'label':16}{'P':>7}{'R':>7}{'F1':>7}{'n':>6}")
    for label, (precision, recall, f1, number) in figures.per_label.items():
        print(f"{label:16}{precision:7.3f}{recall:7.3f}{f1:7.3f}{number:6}")


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
