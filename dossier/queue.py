"""The review queue: what waits for an officer, most consequential first (domain.md §6.3 journey 1)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, case, func, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.scope import Viewer, evidence_clause, require_reader
from dossier.views import EvidenceView, load_views
from storage.errors import ShijiError
from storage.tables import Evidence, Passage

ORDER = {"problem": 0, "major_matter": 1, "highlight": 2, "practice": 3, "routine": 4, "irrelevant": 5}
LANES = {
    "todo": "待确认",
    "undecided": "待判归属",
    "verify": "待核实",
    "agree": "待复核",
    "sign": "待签批",
}


@dataclass(frozen=True)
class QueuePage:
    """One page of a lane with the counts of all lanes (only what the viewer may see)."""

    lane: str
    items: list[EvidenceView]
    total: int
    counts: dict[str, int]


def lane_clause(lane: str, viewer: Viewer) -> list[ColumnElement[bool]]:
    """Which items stand in a lane."""
    pending = Evidence.state == terms.PENDING
    lanes: dict[str, list[ColumnElement[bool]]] = {
        "todo": [pending, Evidence.team_id.is_not(None)],
        "undecided": [pending, Evidence.team_id.is_(None)],
        "verify": [Evidence.state.in_((terms.TO_VERIFY, terms.VERIFYING)), Evidence.proposed_state == ""],
        "agree": [
            Evidence.proposed_state != "", Evidence.agreed_by.is_(None), Evidence.proposed_by != viewer.user_id
        ],
        "sign": [Evidence.proposed_state != "", Evidence.agreed_by.is_not(None)],
    }  # fmt: skip
    if lane not in lanes:
        raise ShijiError("QUEUE-LANE", f"没有这个队列：{lane}", "", "请从工作台进入。")
    return lanes[lane]


def queue_page(
    session: Session, viewer: Viewer, lane: str = "todo", label: str = "", team_id: str = "", limit: int = 50,
    offset: int = 0, instructive: bool = False,
) -> QueuePage:  # fmt: skip
    """A page of the queue. Adverse matter first, then by topic, newest first.

    `instructive`: what the machine is least sure of comes first, since a decision there teaches it most.
    """
    require_reader(viewer)
    clauses = [evidence_clause(viewer), *lane_clause(lane, viewer)]
    if label:
        clauses.append(Evidence.label == label)
    if team_id:
        clauses.append(Evidence.team_id == team_id)
    query = (
        select(Evidence)
        .join(Passage, Evidence.passage_id == Passage.id)
        .where(*clauses)
        .order_by(
            *((Passage.confidence,) if instructive else ()),
            case(ORDER, value=Evidence.label, else_=9),
            Evidence.event_date.desc().nulls_last(),
            Evidence.id.desc(),
        )
        .limit(limit)
        .offset(offset)
    )
    counts = {key: count_lane(session, viewer, key) for key in LANES}
    total = session.scalar(select(func.count()).select_from(Evidence).where(*clauses)) or 0
    return QueuePage(lane, load_views(session, query), total, counts)


def count_lane(session: Session, viewer: Viewer, lane: str) -> int:
    """Items in a lane within the viewer's zones."""
    clauses = [evidence_clause(viewer), *lane_clause(lane, viewer)]
    return session.scalar(select(func.count()).select_from(Evidence).where(*clauses)) or 0
