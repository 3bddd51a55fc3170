"""The claim picker: what a record of this officer may support now (domain.md §1.2, one visit for many claims)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.scope import Viewer, evidence_clause, unrestricted
from dossier.views import NEWEST
from storage.tables import Evidence, Passage, Team

MOST = 300


@dataclass(frozen=True)
class Pick:
    """An item that may be ticked."""

    id: int
    code: str
    team: str
    topic: str
    state: str
    text: str


def items_to_pick(session: Session, viewer: Viewer, most: int = MOST) -> list[Pick]:
    """Confirmed, unsettled items in scope: those under verification first, then the newest."""
    states = (terms.VERIFYING, terms.TO_VERIFY, terms.ADOPTED)
    rows = session.execute(
        select(Evidence.id, Evidence.code, Team.short, Evidence.label, Evidence.state, Passage.text)
        .join(Team, Evidence.team_id == Team.id)
        .join(Passage, Evidence.passage_id == Passage.id)
        .where(evidence_clause(viewer), unrestricted(), Evidence.state.in_(states))
        .order_by(Evidence.state.desc(), *NEWEST)
        .limit(most)
    )
    picks = [Pick(k, code, team, terms.topic_name(label), state, text) for k, code, team, label, state, text in rows]
    return sorted(picks, key=lambda p: states.index(p.state))
