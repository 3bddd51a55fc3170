"""A review beside the one of the quarter before: what was asked then and answered since, and what is known now."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy.orm import Session

from appraisal.review.board import demands_of, find_review, quarter_items
from appraisal.review.quarter import Quarter
from dossier import terms
from dossier.scope import Viewer
from dossier.views import EvidenceView
from storage.tables import ReviewDemand


@dataclass(frozen=True)
class CountRow:
    """Items of one topic in both quarters, with the team's own share beside each count (R-26)."""

    topic: str
    before: int
    before_own: int
    now: int
    now_own: int


@dataclass(frozen=True)
class Comparison:
    """Last quarter beside this one. overall: what people picked then; empty when they had not."""

    quarter: Quarter
    sentence: str
    overall: str
    demands: tuple[ReviewDemand, ...]
    counts: tuple[CountRow, ...]


def compare(session: Session, viewer: Viewer, team_id: str, quarter: Quarter) -> Comparison:
    """The quarter before, as this viewer may see it. More items is not better: counts are only shown, never judged."""
    last = quarter.before
    row = find_review(session, team_id, last)
    asked = demands_of(session, row.id) if row else []
    now = quarter_items(session, viewer, team_id, quarter)
    before = quarter_items(session, viewer, team_id, last)
    counts = tuple(
        CountRow(terms.topic_name(label), *_count(before, label), *_count(now, label))
        for label in terms.DOSSIER_TOPICS
    )  # fmt: skip
    return Comparison(last, answered(row is not None, asked), row.overall if row else "", tuple(asked), counts)


def answered(reviewed: bool, demands: Iterable[ReviewDemand]) -> str:
    """上季度提出 3 项改进要求，已回应 2 项。"""
    listed = list(demands)
    if not reviewed:
        return "上季度没有分析研判记录。"
    if not listed:
        return "上季度没有提出改进要求。"
    return f"上季度提出 {len(listed)} 项改进要求，已回应 {sum(bool(one.response) for one in listed)} 项。"


def _count(items: Iterable[EvidenceView], label: str) -> tuple[int, int]:
    found = [item for item in items if item.label == label and item.state in terms.SHOWN]
    return len(found), sum(item.self_published for item in found)
