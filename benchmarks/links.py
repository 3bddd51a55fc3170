"""Fit and measure the mixture of nlp/links.py on benchmarks/link_cases.yaml. Run `python -m benchmarks.links`.

Prints the coefficients fitted on all cases, and precision and recall when every case is judged by coefficients fitted
on the cases of the other teams.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import yaml
from sklearn.linear_model import LogisticRegression

from nlp.links import INDICATOR, LEAST, NAMED, PROPOSED, TASK, Linker, Target, linker_of
from nlp.sentences import SentenceModel, load_static_model

ROOT = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Pair:
    """A passage and a target it could be linked to. score: of a target called by name, which is not fitted."""

    kind: str
    group: str
    text: str
    key: str
    features: tuple[float, float]
    linked: bool
    score: float | None


def demo_targets() -> tuple[Target, ...]:
    """Tasks of all teams and all indicators of the demo city."""
    teams = yaml.safe_load((ROOT / "demo" / "tasks.yaml").read_text(encoding="utf-8"))["teams"]
    book = yaml.safe_load((ROOT / "demo" / "indicators" / "book.yaml").read_text(encoding="utf-8"))["indicators"]
    tasks = [Target(TASK, f"{t}-{n}", title, team=t) for t, rows in teams.items() for n, title in enumerate(rows, 1)]
    return (*tasks, *(Target(INDICATOR, str(b["code"]), b["name"], team=b.get("team") or "") for b in book))


def pairs(linker: Linker, cases: Sequence[dict[str, Any]]) -> Iterator[Pair]:
    """Every passage with every target its team can be linked to."""
    for case in cases:
        gold = {f"{case['team']}-{n}" for n in case.get("tasks", ())} | set(case.get("indicators", ()))
        links = {link.key: link for link in linker.link(case["text"], (case["team"],), least=-1)}
        for at, target in enumerate(linker.targets):
            if target.key not in links:
                continue
            score = links[target.key].score
            fixed = score if score in (NAMED, 0.0) else None
            yield Pair(target.kind, case["team"], case["text"], target.key, linker.features(case["text"], at),
                       target.key in gold, fixed)  # fmt: skip


def fit(rows: Sequence[Pair]) -> LogisticRegression:
    """The mixture on these pairs."""
    return LogisticRegression(C=10, max_iter=500).fit([r.features for r in rows], [r.linked for r in rows])


def measure(model: SentenceModel) -> None:
    """Print coefficients and figures."""
    cases = yaml.safe_load((ROOT / "benchmarks" / "link_cases.yaml").read_text(encoding="utf-8"))
    made = list(pairs(linker_of(demo_targets(), model), cases))
    for kind in (TASK, INDICATOR):
        rows = [pair for pair in made if pair.kind == kind]
        free = [pair for pair in rows if pair.score is None]
        judged: list[tuple[float, bool]] = []
        for group in sorted({pair.group for pair in rows}):
            judge = fit([pair for pair in free if pair.group != group]) if any(p.linked for p in free) else None
            for pair in (pair for pair in rows if pair.group == group):
                chance = pair.score
                if chance is None:
                    chance = float(judge.predict_proba([pair.features])[0, 1]) if judge else 0.0
                judged.append((chance, pair.linked))
                if (chance >= LEAST) != pair.linked:
                    word = "missed" if pair.linked else "wrong"
                    print(f"  {word} {pair.key} {chance:.2f} {np.round(pair.features, 2)} {pair.text[:40]}")
        for least in (LEAST, PROPOSED):
            hits = [linked for chance, linked in judged if chance >= least]
            whole = sum(linked for _chance, linked in judged)
            print(f"{kind}: {len(rows)} pairs, {whole} linked; from {least}: precision {sum(hits) / len(hits):.3f}, "
                  f"recall {sum(hits) / whole:.3f}")  # fmt: skip
        if any(p.linked for p in free):
            found = fit(free)
            print(f"  constant {found.intercept_[0]:.2f}, overlap and rank {np.round(found.coef_[0], 2)}")


if __name__ == "__main__":
    measure(load_static_model())
