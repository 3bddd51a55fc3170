"""The evidence of a year as a snapshot keeps it: what stands in dossiers, with state and text as of now (R-22, R-35).

Items that wait for verification are only counted: their texts may have to be destroyed, a snapshot never is (§2.9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from fractions import Fraction
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from appraisal.annual.quota import percent
from appraisal.annual.readiness import adverse_gap
from dossier import terms
from dossier.brief_words import excerpt
from dossier.scope import unrestricted
from dossier.views import EvidenceView, load_views
from storage.settings import CHINA
from storage.tables import Document, Evidence, Passage


@dataclass(frozen=True)
class Statistics:
    """What must stand beside every package: counts with the shares of verified and of self-published (R-26)."""

    total: int
    verified: int
    self_published: int
    adverse: int
    waiting: int

    @property
    def verified_share(self) -> str:
        return _percent(self.verified, self.total)

    @property
    def self_published_share(self) -> str:
        return _percent(self.self_published, self.total)

    def as_dict(self) -> dict[str, Any]:
        return {
            "total": self.total, "verified": self.verified, "verified_share": self.verified_share,
            "self_published": self.self_published, "self_published_share": self.self_published_share,
            "adverse": self.adverse, "waiting": self.waiting,
        }  # fmt: skip


def frozen_evidence(session: Session, year: int, cutoff: date, today: date) -> list[dict[str, Any]]:
    """Rows of all teams' shown items of a year, in the order of their ids; restricted ones are never in (R-04).

    today: the day on which it is asked whether an adverse item is ready for a package.
    """
    query = select(Evidence).where(*_of_year(year, cutoff), Evidence.state.in_(terms.SHOWN)).order_by(Evidence.id)
    return [frozen_row(session, view, today) for view in load_views(session, query)]


def frozen_claims(session: Session, year: int, cutoff: date, today: date) -> list[dict[str, Any]]:
    """Rows of 一般动态 that state figures: in no package and no count, but put beside official figures."""
    query = select(Evidence).where(*_of_year(year, cutoff, ("routine",)), Evidence.state.in_(terms.SHOWN))
    views = load_views(session, query.order_by(Evidence.id))
    return [frozen_row(session, view, today) for view in views if view.metrics]


def open_counts(session: Session, year: int, cutoff: date) -> dict[str, int]:
    """Team -> items of the year that still wait for verification: a number, no text."""
    rows = session.execute(
        select(Evidence.team_id, func.count())
        .where(*_of_year(year, cutoff), Evidence.state.in_((terms.TO_VERIFY, terms.VERIFYING)))
        .group_by(Evidence.team_id)
    )
    return {team: int(count) for team, count in rows if team}


def frozen_row(session: Session, item: EvidenceView, today: date) -> dict[str, Any]:
    """One item as it is frozen; `gap`: why an adverse one may not enter a package, empty when it may."""
    return {
        "id": item.id, "code": item.code, "version": item.version, "team": item.team_id, "role": item.role,
        "label": item.label, "sub_type": item.sub_type, "state": item.state, "adverse": item.adverse,
        "text": item.fact, "excerpt": excerpt(item), "title": item.title, "source": item.source,
        "origin": item.origin, "url": item.url, "document": item.document_id, "date": item.date,
        "date_from_text": item.date_from_text, "published": item.published[:10],
        "independent": item.independent_sources, "prints": item.prints, "self_published": item.self_published,
        "response": item.response, "leniency": item.leniency, "notified": item.notified[:10],
        "gap": adverse_gap(session, item, today),
        "cadres": [[c.id, c.name, c.role] for c in item.cadres],
        "metrics": [
            [str(m.get("name", "")), repr(m.get("value")), str(m.get("unit", "")), str(m.get("comparator", "")),
             str(m.get("period", ""))]
            for m in item.metrics
        ],
    }  # fmt: skip


def rows_of(content: Mapping[str, Any], team_id: str, part: str = "items") -> list[dict[str, Any]]:
    """The frozen items of one team, oldest first; part `claims`: 一般动态 that state figures."""
    rows = [row for row in content[part] if row["team"] == team_id]
    return sorted(rows, key=lambda row: (row["date"], row["id"]))


def statistics(rows: Sequence[Mapping[str, Any]], waiting: int) -> Statistics:
    """Counts of a team's frozen items."""
    return Statistics(
        len(rows), sum(row["state"] in terms.ESTABLISHED for row in rows), sum(row["self_published"] for row in rows),
        sum(row["adverse"] for row in rows), waiting,
    )  # fmt: skip


def _of_year(year: int, cutoff: date, labels: Sequence[str] = terms.DOSSIER_TOPICS) -> list[ColumnElement[bool]]:
    first, last = date(year, 1, 1), date(year, 12, 31)
    begin = datetime.combine(first, time(), CHINA)
    end = datetime.combine(last, time(23, 59, 59), CHINA)
    until = datetime.combine(cutoff, time(23, 59, 59), CHINA)
    published = select(Passage.id).join(Document, Passage.document_id == Document.id)
    return [
        Evidence.team_id.is_not(None), unrestricted(), Evidence.role.in_(terms.DOSSIER_ROLES),
        Evidence.label.in_(labels),
        or_(
            Evidence.event_date.between(first, last),
            and_(
                Evidence.event_date.is_(None),
                Evidence.passage_id.in_(published.where(Document.published_at.between(begin, end))),
            ),
        ),
        Evidence.passage_id.in_(
            published.where(or_(Document.published_at.is_(None), Document.published_at <= until))
        ),
    ]  # fmt: skip


def _percent(part: int, whole: int) -> str:
    return percent(Fraction(part, whole)) if whole else "—"
