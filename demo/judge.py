"""Reading the demo's texts with the text analysis alone (no collecting, no database) and judging the result."""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import lru_cache

from demo.align import PredictedDocument, PredictedPassage
from demo.compare import Scores, compare
from demo.rows import read_yaml
from demo.truth import HERE, ArticleTruth, load_truth
from nlp.analyse import DocumentIn, PassageAnalysis, analyse
from nlp.context import SourceInfo
from nlp.duplicates import DuplicateDoc, find_duplicates
from nlp.quarantine import looks_like_accusation
from nlp.roster import Roster, load_roster
from nlp.topic import load_topic_model
from nlp.topic_port import TopicModel


@lru_cache(maxsize=1)
def _sources() -> dict[str, dict[str, object]]:
    raw = read_yaml(HERE / "sources.yaml")
    return {str(row["id"]): row for row in (raw["sources"] if isinstance(raw, dict) else raw)}


def source_of(document: ArticleTruth, roster: Roster) -> SourceInfo:
    """The source as intake passes it on: the printed origin, the level and owner of the registered source."""
    row = _sources()[document.source]
    submitted = document.submitted_by if document.submitted_by in roster.by_id else None
    owner = str(row["owner_team"]) if row.get("owner_team") else submitted
    return SourceInfo(document.origin or str(row["name"]), str(row["level"]), owner, bool(row.get("official")))


def predict(
    documents: Sequence[ArticleTruth], roster: Roster, model: TopicModel, texts: Mapping[str, str] | None = None
) -> list[PredictedDocument]:
    """What the analysis says of each document, oldest first as a year of collecting would meet them.

    `texts` (id -> text) replaces the text of the truth with what a reader made of the page or file.
    """
    read = {d.id: d.text for d in documents} | dict(texts or {})
    order = sorted(documents, key=lambda d: (d.published or dt.date.max, d.id))
    predicted = {}
    open_documents = []
    for document in order:
        source = source_of(document, roster)
        if looks_like_accusation(document.title, read[document.id], source.level):
            predicted[document.id] = PredictedDocument(document.id, quarantined=True)
        else:
            open_documents.append(document)
    repeats = find_duplicates(DuplicateDoc(d.id, d.title, read[d.id]) for d in open_documents)
    for document, repeat in zip(open_documents, repeats, strict=True):
        source = source_of(document, roster)
        given = DocumentIn(read[document.id], document.title, document.published, source, document.id)
        passages = tuple(as_predicted(p) for p in analyse(given, roster, model).passages)
        predicted[document.id] = PredictedDocument(document.id, passages, cluster=repeat.cluster)
    return [predicted[d.id] for d in documents]


def as_predicted(passage: PassageAnalysis) -> PredictedPassage:
    """The accepted part of an analysed passage; a day counts only where the text gives it."""
    when = passage.event_date
    return PredictedPassage(
        passage.text, passage.label, passage.also, passage.sub_type, tuple((t.id, t.role) for t in passage.teams),
        tuple((c.id, c.role) for c in passage.cadres),
        when.start if when.precision == "day" and when.source == "text" else None,
    )  # fmt: skip


def judge() -> Scores:
    """Read the whole demo and compare it with the truth."""
    documents = load_truth()
    roster = load_roster(HERE / "roster.yaml")
    return compare(predict(documents, roster, load_topic_model()), documents)


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the figures, then the disagreements (all, or those of the kinds named)."""
    options = argparse.ArgumentParser(prog="python -m demo.judge", description=main.__doc__)
    options.add_argument("kinds", nargs="*", help="such as 错认干部 错认班子 主题; all when none is named")
    options.add_argument("--brief", action="store_true", help="figures only")
    chosen = options.parse_args(arguments)
    scores = judge()
    for name, value in scores.figures().items():
        print(f"{name:28} {value:.3f}" if isinstance(value, float) else f"{name:28} {value}")
    print("；".join(f"{kind} {count}" for kind, count in Counter(m.kind for m in scores.misses).items()))
    for miss in [] if chosen.brief else scores.misses:
        if not chosen.kinds or miss.kind in chosen.kinds:
            print(f"{miss.kind} {miss.document} 应为 {miss.expected or '无'}，实为 {miss.got or '无'}\n    {miss.text}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
