"""Which teams were seen by which source, and how long ago: silence about a team is not good news (domain.md §1.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dossier.scope import Viewer, passage_clause, require_reader, team_clause
from storage.settings import CHINA
from storage.tables import Attribution, Document, Passage, Source, Team

THIN_DAYS = 30
MOST_COLUMNS = 16
OTHERS = "其他"


@dataclass(frozen=True)
class Seen:
    """The newest item about a team in one source."""

    source: str
    day: date
    days_ago: int


@dataclass(frozen=True)
class TeamCoverage:
    """One team, roster order. `thin`: nothing in the last 30 days from anybody but the team itself."""

    team_id: str
    team: str
    seen: tuple[Seen, ...]
    thin: bool


def coverage(session: Session, viewer: Viewer, today: date) -> list[TeamCoverage]:
    """Coverage of the viewer's teams, in roster order; within a team the newest first."""
    require_reader(viewer)
    rows = session.execute(
        select(Attribution.team_id, Source, func.max(Document.published_at))
        .join(Passage, Attribution.passage_id == Passage.id)
        .join(Document, Passage.document_id == Document.id)
        .join(Source, Document.source_id == Source.id)
        .where(Attribution.status == "accepted", Attribution.team_id.is_not(None), passage_clause(viewer))
        .group_by(Attribution.team_id, Source.id)
    ).all()
    by_team: dict[str, list[tuple[Seen, bool]]] = {}
    for team_id, source, moment in rows:
        if moment is None or team_id is None:
            continue
        day = moment.astimezone(CHINA).date()
        own = source.level == "单位报送" or source.owner_team_id == team_id
        by_team.setdefault(team_id, []).append((Seen(source.name, day, (today - day).days), own))
    teams = session.execute(
        select(Team.id, Team.short).where(team_clause(viewer)).order_by(Team.ordinal, Team.id)
    ).all()
    result = []
    for team_id, short in teams:
        seen = sorted(by_team.get(team_id, []), key=lambda pair: pair[0].day, reverse=True)
        thin = not any(not own and item.days_ago <= THIN_DAYS for item, own in seen)
        result.append(TeamCoverage(team_id, short, tuple(item for item, _ in seen), thin))
    return result


@dataclass(frozen=True)
class TeamDays:
    """One line of the table. `days`: since the team was last seen by each column's source, None for never."""

    team_id: str
    team: str
    days: tuple[int | None, ...]
    any: bool
    thin: bool


@dataclass(frozen=True)
class CoverageTable:
    """Teams in roster order by sources, the most recently active first. `left_out`: sources under 其他."""

    sources: tuple[str, ...]
    rows: tuple[TeamDays, ...]
    left_out: int


def coverage_table(teams: list[TeamCoverage], most: int = MOST_COLUMNS) -> CoverageTable:
    """Coverage as teams × sources; beyond `most` sources the rest share the column 其他."""
    newest: dict[str, int] = {}
    for team in teams:
        for seen in team.seen:
            newest[seen.source] = min(seen.days_ago, newest.get(seen.source, seen.days_ago))
    names = sorted(newest, key=lambda name: (newest[name], name))
    shown, rest = names[:most], frozenset(names[most:])
    rows = []
    for team in teams:
        found: dict[str, int] = {}
        for seen in team.seen:
            column = OTHERS if seen.source in rest else seen.source
            found[column] = min(seen.days_ago, found.get(column, seen.days_ago))
        columns = (*shown, OTHERS) if rest else tuple(shown)
        days = tuple(found.get(name) for name in columns)
        rows.append(TeamDays(team.team_id, team.team, days, bool(team.seen), team.thin))
    return CoverageTable((*shown, OTHERS) if rest else tuple(shown), tuple(rows), len(rest))
