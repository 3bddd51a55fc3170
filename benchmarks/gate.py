"""One table: what the analysis does beside its rivals, each figure with its floor of quality.toml.

Run: ``python -m benchmarks.gate`` (part of ``make evaluate``). Topics are asked on the labelled passages of the shared
data by folds of whole documents, every rival trained on what ours is trained on; the rest on the demo's own truth.
Without the shared data the topic part is left out and said so.
"""

from __future__ import annotations

import sys
import tomllib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from sklearn.model_selection import StratifiedGroupKFold

from benchmarks.evaluate import FLOORS, duplicates, shared_data, shipped
from benchmarks.gate_rivals import TOPIC_RIVALS, Judged, judged_by, plain_system
from benchmarks.speed import news_texts, rates, texts
from demo.compare import compare
from demo.judge import judge
from demo.truth import HERE, load_truth
from nlp.roster import load_roster
from nlp.topic import choose, softmax
from nlp.topic_port import LABELS
from nlp.train import FOLDS, SEED, measure, out_of_fold_on
from nlp.train_data import Example, read_examples, read_labelled, read_news

Row = dict[str, float]
TOPIC_FIGURES = ("accuracy", "accuracy_also", "macro_f1", "problem_recall", "highlight_precision")
DEMO_FIGURES = (
    "team_precision", "team_recall", "cadre_precision", "cadre_recall", "wrong_person", "day_precision", "day_recall",
    "duplicate_precision", "duplicate_recall",
)  # fmt: skip


def topic_rows(data: Path) -> dict[str, Row]:
    """Topic figures of ours and of every rival; ours as shipped is read from its card, being hours in the training."""
    own, labelled, news = read_examples(), read_labelled(data), read_news(data)
    truth = [LABELS.index(e.label) for e in labelled]
    splits = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    folds = list(splits.split(truth, truth, [e.group for e in labelled]))
    always = [*own, *news]
    logits, warmth = out_of_fold_on(folds, labelled, always)
    unseen, cool = out_of_fold_on([(np.empty(0, dtype=int), np.arange(len(labelled)))], labelled, own)
    rows = {
        "ours, as shipped": shipped(),
        "ours, linear model alone": _topic_row(labelled, _linear(logits / warmth)),
        "the same, own passages alone": _topic_row(labelled, _linear(unseen / cool)),
    }
    for name, fit in TOPIC_RIVALS.items():
        rows[name] = _topic_row(labelled, judged_by(fit, folds, labelled, always))
    return rows


def _linear(scores: np.ndarray) -> Judged:
    return Judged(choose(softmax(scores), LABELS), float("nan"))


def _topic_row(labelled: Sequence[Example], judged: Judged) -> Row:
    measured = vars(measure(np.eye(len(LABELS))[judged.guess], labelled))
    return {name: measured[name] for name in TOPIC_FIGURES} | {"ms a passage": judged.milliseconds}


def demo_rows() -> dict[str, Row]:
    """Attribution, dates and duplicates on the demo's truth."""
    documents = load_truth()
    plain = compare(plain_system(documents, load_roster(HERE / "roster.yaml")), documents).figures()
    ours = judge().figures()
    return {"ours": ours, "names, jieba's tagger, first day": plain}


def show(title: str, columns: Sequence[str], rows: dict[str, Row], floors: Row) -> None:
    """One part of the table."""
    print(f"\n{title}")
    print(f"{'':34}" + "".join(f"{name.replace('_', ' ')[:19]:>20}" for name in columns))
    for name, row in rows.items():
        cells = (f"{row[c]:20,.3f}" if c in row and not np.isnan(row[c]) else f"{'':20}" for c in columns)
        print(f"{name:34}" + "".join(cells))
    if floors:
        print(
            f"{'floor or ceiling pinned':34}"
            + "".join(f"{floors[c]:20.3f}" if c in floors else f"{'':20}" for c in columns)
        )


def main() -> int:
    """Print every part that can be made here."""
    pinned = tomllib.loads(FLOORS.read_text(encoding="utf-8"))
    data = shared_data()
    if data is None:
        print("topics: left out, no shared data here (set SHIJI_SHARED to the folder that holds `data`)")
    else:
        asked = (*TOPIC_FIGURES, "accuracy_at_80", "calibration_error", "ms a passage")
        show(
            "Topics, labelled passages, folds of whole documents",
            asked,
            topic_rows(data),
            pinned["labelled"]["floor"] | pinned["labelled"]["ceiling"],
        )
        figures = duplicates(data)
        row = {"exact_recall": figures.exact_recall, "edited_recall": figures.edited_recall,
               "precision": figures.precision}  # fmt: skip
        show("Near-duplicates, labelled pairs", tuple(row), {"ours": row}, pinned["near_duplicates"]["floor"])
    demo = pinned["demo"]["floor"] | pinned["demo"]["ceiling"]
    show("Attribution, dates, duplicates, the demo's truth", DEMO_FIGURES, demo_rows(), demo)
    columns = ("characters a second", "beside jieba.cut")
    show("Speed, one core, the demo's short articles, dense with names", columns, rates(texts()), {})
    if data is not None:
        show("Speed, one core, the shared news", columns, rates(news_texts(data)), {})
    return 0


if __name__ == "__main__":
    sys.exit(main())
