"""How well pages are read and the demo is understood; benchmarks/gate.py puts the analysis beside its rivals.

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

from demo.judge import judge
from nlp.duplicates import DuplicateDoc, find_duplicates
from nlp.encoder import encoder_path

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ROOT / "quality.toml"


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
        return float(sum(p["label"] == label for p in merged) / max(1, sum(p["label"] == label for p in pairs)))

    wrong = tuple((p["a"], p["b"], p["label"]) for p in merged if p["label"] not in same)
    return DuplicateFigures(recall("exact_dup"), recall("edited_dup"), 1 - len(wrong) / max(1, len(merged)), wrong)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


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
        _show_extraction(data)
    _show_demo()
    return 0


if __name__ == "__main__":
    sys.exit(main())
