"""Names offered while an officer types: teams and cadres of the viewer's zones, nothing else (R-01)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.scope import Viewer, require_reader, team_clause
from dossier.search.reach import visible_cadres
from dossier.search.tokens import fold, is_searchable
from storage.tables import Cadre, Team, TeamAlias


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A name to search for. kind: team | cadre; `because`: the alias that matched, when it is not the name itself."""

    kind: str
    id: str
    text: str
    because: str = ""


def suggest(session: Session, viewer: Viewer, prefix: str, on: date, limit: int = 8) -> list[Suggestion]:
    """Names that begin with (then: contain) what was typed; teams before cadres, roster order within."""
    require_reader(viewer)
    typed = fold(prefix).strip()
    if not is_searchable(typed) or len(typed) > 40:
        return []
    ranked: list[tuple[int, int, Suggestion]] = []
    names: dict[str, list[str]] = {}
    teams = session.execute(
        select(Team.id, Team.full, Team.short).where(team_clause(viewer)).order_by(Team.ordinal, Team.id)
    ).all()
    for team_id, full, short in teams:
        names[team_id] = [full, short]
    for team_id, alias in session.execute(
        select(TeamAlias.team_id, TeamAlias.alias).where(TeamAlias.ambiguous.is_(False)).order_by(TeamAlias.id)
    ):
        if team_id in names:
            names[team_id].append(alias)
    for at, (team_id, forms) in enumerate(names.items()):
        best = min((rank, n) for n, form in enumerate(forms) for rank in [_rank(form, typed)])
        if best[0] < _NONE:
            because = "" if best[1] == 0 else forms[best[1]]
            ranked.append((best[0], at, Suggestion("team", team_id, forms[0], because)))
    allowed = visible_cadres(session, viewer, on)
    for at, (cadre_id, name) in enumerate(session.execute(select(Cadre.id, Cadre.name).order_by(Cadre.id))):
        if cadre_id in viewer.recused_cadres or (allowed is not None and cadre_id not in allowed):
            continue
        if _rank(name, typed) == 0:  # a person is offered by the beginning of the name only
            ranked.append((0, len(names) + at, Suggestion("cadre", cadre_id, name)))
    return [found for _rank_, _at, found in sorted(ranked, key=lambda r: r[:2])[:limit]]


_NONE = 2


def _rank(name: str, typed: str) -> int:
    folded = fold(name)
    return 0 if folded.startswith(typed) else 1 if typed in folded else _NONE
