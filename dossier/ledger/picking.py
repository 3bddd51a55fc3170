"""What an entry may rest on and where the person served: choices for the form (§1.12 rule 1)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.field.picking import Pick
from dossier.scope import Viewer, evidence_clause, team_clause, unrestricted
from dossier.views import NEWEST
from storage.tables import Evidence, Passage, Post, Team, Tenure


def teams_of(session: Session, viewer: Viewer, cadre_id: str) -> list[Team]:
    """Teams in which a person served, the latest first."""
    rows = session.scalars(
        select(Team)
        .join(Post, Post.team_id == Team.id)
        .join(Tenure, Tenure.post_id == Post.id)
        .where(Tenure.cadre_id == cadre_id, team_clause(viewer))
        .order_by(Tenure.start.desc().nulls_last())
    )
    return list(dict.fromkeys(rows))


def evidence_to_pick(session: Session, viewer: Viewer, team_id: str) -> list[Pick]:
    """Verified items of a team, newest first."""
    rows = session.execute(
        select(Evidence.id, Evidence.code, Team.short, Evidence.label, Evidence.state, Passage.text)
        .join(Team, Evidence.team_id == Team.id)
        .join(Passage, Evidence.passage_id == Passage.id)
        .where(
            evidence_clause(viewer), unrestricted(), Evidence.team_id == team_id,
            Evidence.state.in_(terms.ESTABLISHED),
        )
        .order_by(*NEWEST)
    )  # fmt: skip
    return [Pick(k, code, team, terms.topic_name(label), state, text) for k, code, team, label, state, text in rows]
