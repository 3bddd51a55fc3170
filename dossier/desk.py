"""What an officer sees first in the morning: what came in, what is overdue. Counts of work, never of persons."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.scope import Viewer, evidence_clause, passage_clause, require_reader, unrestricted
from dossier.views import EvidenceView, load_views
from storage.settings import CHINA
from storage.tables import Document, Evidence, Passage

REMIND_DAYS = 60  # domain.md §2.5: reminder for what is still 待核实


@dataclass(frozen=True)
class Arrivals:
    """What was published in a span of days and is visible to the viewer; `own` items are 自采自发 or 单位自报."""

    since: date
    until: date
    documents: int
    passages: int
    items: int
    own: int

    @property
    def own_percent(self) -> int:
        return round(100 * self.own / self.items) if self.items else 0


def arrivals(session: Session, viewer: Viewer, since: date, until: date) -> Arrivals:
    """Documents, passages and items published from `since` to `until` (both included, China time)."""
    require_reader(viewer)
    first = datetime.combine(since, time(), CHINA)
    after = datetime.combine(until + timedelta(days=1), time(), CHINA)
    published = (Document.published_at >= first, Document.published_at < after)
    documents, passages = session.execute(
        select(func.count(func.distinct(Passage.document_id)), func.count(Passage.id))
        .join(Document, Passage.document_id == Document.id)
        .where(passage_clause(viewer), *published)
    ).one()
    items = (
        select(Evidence.self_published, func.count())
        .join(Passage, Evidence.passage_id == Passage.id)
        .join(Document, Passage.document_id == Document.id)
        .where(evidence_clause(viewer), unrestricted(), *published)
        .group_by(Evidence.self_published)
    )
    counts = {bool(own): count for own, count in session.execute(items)}
    return Arrivals(since, until, documents, passages, sum(counts.values()), counts.get(True, 0))


def overdue(session: Session, viewer: Viewer, today: date, limit: int = 20) -> list[EvidenceView]:
    """Items that have waited for verification for more than 60 days, oldest first."""
    require_reader(viewer)
    before = datetime.combine(today - timedelta(days=REMIND_DAYS), time(), CHINA)
    query = (
        select(Evidence)
        .where(
            evidence_clause(viewer), Evidence.state.in_((terms.TO_VERIFY, terms.VERIFYING)),
            Evidence.created_at < before,
        )
        .order_by(Evidence.created_at, Evidence.id)
        .limit(limit)
    )  # fmt: skip
    return load_views(session, query)
