"""Summary of an event in its own words: sentences of its passages, each with the document it stands in (R-24)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.lineage import REPRINTS, STAGES
from dossier.review import get_evidence
from dossier.scope import Viewer, readable_clause, restricted_passages
from dossier.views import show_moment
from nlp.summary import summarise
from storage.tables import Document, Passage, Source

LONG = 200  # characters from which one passage alone is worth a summary
MOST_PASSAGES = 40


@dataclass(frozen=True)
class SummaryLine:
    """One sentence as printed, and where."""

    text: str
    document_id: int
    passage_id: int
    source: str
    published: str


def event_summary(session: Session, viewer: Viewer, evidence_id: int) -> list[SummaryLine]:
    """At most three sentences of the event's passages that the viewer may read, reprints left out.

    Empty where the event has a single short passage, or where the item is restricted.
    """
    item = get_evidence(session, viewer, evidence_id)
    rows = session.execute(
        select(Passage, Document, Source.name)
        .join(Document, Passage.document_id == Document.id)
        .join(Source, Document.source_id == Source.id)
        .where(
            Passage.event_id == item.event_id, Passage.relation.not_in(REPRINTS), readable_clause(viewer),
            Passage.id.not_in(restricted_passages()), Document.stage.in_(STAGES),
        )
        .order_by(Document.published_at.nulls_last(), Document.id, Passage.ordinal)
        .limit(MOST_PASSAGES)
    ).all()  # fmt: skip
    if sum(len(passage.text) for passage, _document, _source in rows) < LONG and len(rows) < 2:
        return []
    lines = []
    for cited in summarise([passage.text for passage, _document, _source in rows]):
        passage, document, source = rows[cited.passage]
        published = show_moment(document.published_at, document.published_precision)
        lines.append(SummaryLine(cited.text, document.id, passage.id, document.origin or source, published))
    return lines
