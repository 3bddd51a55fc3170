"""The list of cadres: by team and post, in roster order, without counts (R-30)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.scope import Viewer, list_cadres
from dossier.tenures import holds
from storage.tables import Post, Team, Tenure


def cadre_groups(session: Session, viewer: Viewer, today: date) -> list[tuple[str, list[dict[str, str]]]]:
    """Cadres by the team of their present post, in roster order; those without one at the end. No counts."""
    visible = {c.id: c for c in list_cadres(session, viewer, today)}
    rows = session.execute(
        select(Tenure.cadre_id, Tenure.start, Tenure.end, Post.title, Team.short)
        .join(Post, Tenure.post_id == Post.id)
        .join(Team, Post.team_id == Team.id)
        .where(Tenure.cadre_id.in_(visible))
        .order_by(Team.ordinal, Post.id, Tenure.start.nulls_first())
    ).all()
    groups: dict[str, list[dict[str, str]]] = {}
    placed: set[str] = set()
    for cadre_id, start, end, post, team in rows:
        if holds(start, end, today):
            placed.add(cadre_id)
            line = {"id": cadre_id, "name": visible[cadre_id].name, "post": post, "since": str(start or "")}
            groups.setdefault(team, []).append(line)
    former = [{"id": c.id, "name": c.name, "post": "", "since": ""} for c in visible.values() if c.id not in placed]
    return [*groups.items(), *([("已离任或未记载现职", former)] if former else [])]
