"""What officers decided about topics, as training material and as a measure of the machine.

A verdict is the label that stood after a person had confirmed, corrected or rejected an item, beside what the machine
had said of its passage. Undone decisions do not count; a rejected item says only that it did not belong, so it teaches
无关 with half weight. Items held restricted are left out.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.drift import Drift, drift
from dossier.scope import restricted_passages
from nlp.topic_port import LABELS
from nlp.train_data import Example
from storage.tables import Decision, Document, Evidence, Passage, Source

REJECTED_WEIGHT = 0.5
KINDS = ("accept", "reject", "correct")


@dataclass(frozen=True)
class Verdict:
    """One item as the machine had it and as a person left it."""

    evidence_id: int
    decision_id: int
    document_id: int
    source_id: str
    source: str
    at: datetime
    text: str
    title: str
    machine: str
    person: str
    sub_type: str
    confidence: float
    rejected: bool

    @property
    def example(self) -> Example:
        """As training material; passages of one document stay together."""
        return Example(
            self.text, self.person, self.sub_type or "NA", self.title, (), REJECTED_WEIGHT if self.rejected else 1.0,
            f"document-{self.document_id}", "officer", self.source,
        )  # fmt: skip


def verdicts(session: Session, after: datetime | None = None) -> list[Verdict]:
    """All verdicts, the latest decision of each item, in order of decision."""
    query = (
        select(Decision, Evidence, Passage, Document, Source)
        .join(Evidence, Decision.evidence_id == Evidence.id)
        .join(Passage, Evidence.passage_id == Passage.id)
        .join(Document, Passage.document_id == Document.id)
        .join(Source, Document.source_id == Source.id)
        .where(
            Decision.kind.in_(KINDS), Decision.undone_by.is_(None), Evidence.restricted.is_(False),
            Passage.id.not_in(restricted_passages()),
        )
        .order_by(Decision.id)
    )  # fmt: skip
    if after is not None:
        query = query.where(Decision.at >= after)
    latest: dict[int, Verdict] = {}
    for decision, item, passage, document, source in session.execute(query):
        rejected = decision.kind == "reject" or item.state == terms.REJECTED
        label = "irrelevant" if rejected else item.label
        if label in LABELS and passage.label in LABELS:
            latest[item.id] = Verdict(
                item.id, decision.id, document.id, source.id, source.name, decision.at, passage.text, document.title,
                passage.label, label, "" if rejected else item.sub_type, passage.confidence, rejected,
            )  # fmt: skip
    return sorted(latest.values(), key=lambda v: v.decision_id)


@dataclass(frozen=True)
class Figures:
    """How often the machine's label stood. Shares are None where nothing was asked."""

    label: str
    said: int
    stood: int
    wanted: int
    precision: float | None
    recall: float | None
    f1: float | None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True)
class Slice:
    """Verdicts of one source or one month."""

    name: str
    verdicts: int
    stood: int
    unsure: int

    @property
    def accuracy(self) -> float | None:
        return self.stood / self.verdicts if self.verdicts else None

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "accuracy": self.accuracy}


@dataclass(frozen=True)
class Quality:
    """The quality page: figures from real decisions, never of teams or persons."""

    verdicts: int
    stood: int
    labels: tuple[Figures, ...]
    sources: tuple[Slice, ...]
    months: tuple[Slice, ...]
    drift: tuple[Drift, ...] = ()

    @property
    def accuracy(self) -> float | None:
        return self.stood / self.verdicts if self.verdicts else None

    def as_dict(self) -> dict[str, Any]:
        return {
            "verdicts": self.verdicts, "stood": self.stood, "accuracy": self.accuracy,
            "labels": [f.as_dict() for f in self.labels], "sources": [s.as_dict() for s in self.sources],
            "months": [s.as_dict() for s in self.months], "drift": [asdict(d) for d in self.drift],
        }  # fmt: skip


UNSURE = 0.5  # confidence below which the machine would rather be asked


def quality(session: Session) -> Quality:
    """Precision, recall and F1 of every label, by source and month, and sources whose mixture of labels changed."""
    found = verdicts(session)
    return Quality(
        len(found), sum(v.machine == v.person for v in found), tuple(_figures(label, found) for label in LABELS),
        tuple(_slices(found, lambda v: v.source)), tuple(_slices(found, lambda v: f"{v.at:%Y-%m}")),
        tuple(drift(session)),
    )  # fmt: skip


def _figures(label: str, found: Iterable[Verdict]) -> Figures:
    rows = list(found)
    said, wanted = sum(v.machine == label for v in rows), sum(v.person == label for v in rows)
    stood = sum(v.machine == v.person == label for v in rows)
    precision, recall = stood / said if said else None, stood / wanted if wanted else None
    f1 = None if not said or not wanted else (2 * stood / (said + wanted))
    return Figures(label, said, stood, wanted, precision, recall, f1)


def _slices(found: Iterable[Verdict], key: Any) -> list[Slice]:
    groups: dict[str, list[Verdict]] = {}
    for verdict in found:
        groups.setdefault(key(verdict), []).append(verdict)
    return [
        Slice(
            name, len(rows), sum(v.machine == v.person for v in rows), sum(v.confidence < UNSURE for v in rows)
        )
        for name, rows in sorted(groups.items())
    ]  # fmt: skip
