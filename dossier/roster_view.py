"""The roster as shown: teams by zone with who holds which post since when."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.scope import Viewer, team_clause
from dossier.tenures import held_on
from storage.tables import Cadre, Post, Team, Tenure, Zone


@dataclass(frozen=True)
class Holder:
    """A post held today."""

    cadre_id: str
    name: str
    post: str
    since: str


@dataclass(frozen=True)
class TeamEntry:
    """A team with its other names and, for those who read content, its members."""

    id: str
    full: str
    category: str
    aliases: tuple[str, ...]
    ambiguous: tuple[str, ...]
    holders: tuple[Holder, ...]


@dataclass(frozen=True)
class ZoneEntry:
    """联系片 with its teams."""

    id: str
    name: str
    section: str
    teams: tuple[TeamEntry, ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def roster_by_zone(session: Session, viewer: Viewer, today: date) -> list[ZoneEntry]:
    """Zones in order, teams in roster order. SYS sees teams, for giving out zones, but no persons."""
    query = select(Team).order_by(Team.ordinal, Team.id)
    teams = session.scalars(query.where(team_clause(viewer)) if viewer.role != "SYS" else query).all()
    holders = _holders(session, {t.id for t in teams}, today) if viewer.reads_content else {}
    zones: dict[str, list[TeamEntry]] = {}
    for team in teams:
        zones.setdefault(team.zone_id, []).append(
            TeamEntry(
                team.id, team.full, team.category_id, tuple(a.alias for a in team.aliases if not a.ambiguous),
                tuple(a.alias for a in team.aliases if a.ambiguous),
                tuple(h for h in holders.get(team.id, []) if h.cadre_id not in viewer.recused_cadres),
            )
        )  # fmt: skip
    rows = session.scalars(select(Zone).where(Zone.id.in_(zones)).order_by(Zone.id))
    return [ZoneEntry(zone.id, zone.name, zone.section, tuple(zones[zone.id])) for zone in rows]


def _holders(session: Session, teams: set[str], today: date) -> dict[str, list[Holder]]:
    rows = session.execute(
        select(Post.team_id, Cadre.id, Cadre.name, Post.title, Tenure.start)
        .join(Tenure, Tenure.post_id == Post.id)
        .join(Cadre, Tenure.cadre_id == Cadre.id)
        .where(
            Post.team_id.in_(teams),
            held_on(today),
        )
        .order_by(Post.id, Tenure.start)
    )
    found: dict[str, list[Holder]] = {}
    for team_id, cadre_id, name, post, start in rows:
        found.setdefault(team_id, []).append(Holder(cadre_id, name, post, start.isoformat() if start else "不详"))
    return found
