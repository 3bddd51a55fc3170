"""What a viewer's search may reach: zones, recusals, and the names that may be shown (R-01, R-03)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.scope import Viewer, cadre_zones, require_reader, team_clause
from dossier.search.names import NameBook, make_book
from dossier.search.port import SearchScope
from storage.tables import Cadre, LookAlike, Team, TeamAlias


def scope_of(session: Session, viewer: Viewer, on: date) -> SearchScope:
    """The viewer's scope on a day. Raises RIGHTS-ROLE for roles without business content."""
    require_reader(viewer)
    teams = None if viewer.zones is None else frozenset(session.scalars(select(Team.id).where(team_clause(viewer))))
    return SearchScope(
        zones=viewer.zones,
        teams=teams,
        cadres=visible_cadres(session, viewer, on),
        hidden_teams=viewer.recused_teams,
        hidden_cadres=viewer.recused_cadres,
    )


def visible_cadres(session: Session, viewer: Viewer, on: date) -> frozenset[str] | None:
    """Ids of the cadres whose dossier the viewer may open, as `dossier.scope.cadre_zones` decides it.

    None: all but the recused.
    """
    if viewer.zones is None:
        return None
    zones = cadre_zones(session, on)
    return frozenset(c for c, held in zones.items() if held & viewer.zones and c not in viewer.recused_cadres)


def name_book(session: Session, scope: SearchScope) -> NameBook:
    """Names of the teams and cadres in the scope, so that a query is never explained with another zone's names."""
    teams = [row for row in session.execute(select(Team.id, Team.full, Team.short)) if scope.sees_team(row[0])]
    cadres = [row for row in session.execute(select(Cadre.id, Cadre.name)) if scope.sees_cadre(row[0])]
    aliases = session.execute(select(TeamAlias.team_id, TeamAlias.alias, TeamAlias.ambiguous).order_by(TeamAlias.id))
    return make_book(
        [(i, full, short) for i, full, short in teams],
        [(i, alias, ambiguous) for i, alias, ambiguous in aliases],
        [(i, name) for i, name in cadres],
        session.scalars(select(LookAlike.text)),
    )
