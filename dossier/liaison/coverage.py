"""联系覆盖: contacts by team and quarter, with the teams that had none named; and how work is spread (§1.11 a).

Teams stand in roster order. It counts the department's own contacts, never what a unit does (R-07).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.liaison.activities import KINDS
from dossier.liaison.membership import zone_on
from dossier.liaison.rights import READERS, require
from dossier.products.spans import Span, span_of
from dossier.scope import Viewer, team_clause
from storage.tables import LiaisonActivity, Team, User, UserZone, Zone


@dataclass(frozen=True)
class CoverageRow:
    """One team: contacts by kind in the quarter; `zone_id` at the quarter's end or today."""

    team_id: str
    team: str
    category: str
    zone_id: str
    zone: str
    counts: tuple[int, ...]  # by KINDS
    total: int
    last: date | None


@dataclass(frozen=True)
class Coverage:
    """The matrix of a quarter."""

    span: Span
    rows: list[CoverageRow]

    @property
    def missing(self) -> list[CoverageRow]:
        """Teams without any contact in the quarter."""
        return [row for row in self.rows if not row.total]


@dataclass(frozen=True)
class Load:
    """How many teams and contacts fall to an officer; for balance, not for comparison of persons."""

    officer: str
    section: str
    teams: int
    contacts: int


def coverage(session: Session, viewer: Viewer, quarter: str, today: date) -> Coverage:
    """The matrix of the viewer's teams for a quarter (2025Q3). Raises RIGHTS-ROLE, PRODUCT-PERIOD."""
    require(viewer, READERS)
    span = span_of("quarter", quarter)
    at = min(span.until, today)
    teams = session.scalars(select(Team).where(team_clause(viewer)).order_by(Team.ordinal, Team.id)).all()
    zones = dict(session.execute(select(Zone.id, Zone.name)).all())
    held: dict[str, list[LiaisonActivity]] = {}
    for row in _valid(session, span):
        held.setdefault(row.team_id, []).append(row)
    last: dict[str, date] = {}
    for team_id, on in session.execute(
        select(LiaisonActivity.team_id, LiaisonActivity.on)
        .where(LiaisonActivity.void_reason == "", LiaisonActivity.on <= at)
        .order_by(LiaisonActivity.on)
    ):
        last[team_id] = on
    rows = []
    for team in teams:
        kinds = Counter(a.kind for a in held.get(team.id, ()))
        zone = zone_on(session, team.id, at)
        rows.append(
            CoverageRow(
                team.id, team.short, team.category_id, zone, zones.get(zone, zone),
                tuple(kinds[kind] for kind in KINDS), sum(kinds.values()), last.get(team.id),
            )
        )  # fmt: skip
    return Coverage(span, rows)


def workload(session: Session, viewer: Viewer, quarter: str) -> list[Load]:
    """Officers of the viewer's zones with their teams and contacts in a quarter, by section and account order."""
    require(viewer, READERS)
    span = span_of("quarter", quarter)
    made: Counter[int] = Counter(user for row in _valid(session, span) for user in row.officers)
    zone_of = dict(session.execute(select(Team.id, Team.zone_id)).all())
    size = Counter(zone_of.values())
    held: dict[int, set[str]] = {}
    for zone in session.scalars(select(UserZone)):
        held.setdefault(zone.user_id, set()).add(zone.zone_id)
    officers = select(User).where(User.role == "OFF", User.enabled.is_(True)).order_by(User.section, User.id)
    return [
        Load(user.name, user.section, sum(size[z] for z in held.get(user.id, ())), made[user.id])
        for user in session.scalars(officers)
        if viewer.zones is None or held.get(user.id, set()) & viewer.zones
    ]


def _valid(session: Session, span: Span) -> Sequence[LiaisonActivity]:
    return session.scalars(
        select(LiaisonActivity).where(
            LiaisonActivity.on >= span.since, LiaisonActivity.on <= span.until, LiaisonActivity.void_reason == ""
        )
    ).all()
