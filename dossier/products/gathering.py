"""What a digest may draw on: confirmed items of a span, what is still open, and counts with their self-published share.

Scope, recusal and restriction are scope's. An adverse item is a fact only when settled and told to whom it concerns.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.scope import Viewer, evidence_clause, passage_clause, require_reader, team_clause, unrestricted
from dossier.views import EvidenceView, load_views
from storage.settings import CHINA
from storage.tables import City, Document, Evidence, Passage, Team, Zone

OPEN = (terms.TO_VERIFY, terms.VERIFYING)


@dataclass(frozen=True)
class Tally:
    """A count of items and how many of them the teams published or reported themselves (R-26)."""

    total: int
    own: int

    @property
    def share(self) -> str:
        """自采自发占比 as a whole percentage, halves up; — without items, never 0."""
        return f"{(200 * self.own + self.total) // (2 * self.total)}%" if self.total else "—"


@dataclass
class Gathered:
    """Matter of a span: `facts` may stand, `open` is only asked or listed by title. Roster order decides, never count.

    visits: 收集次数, one for a source on a day with new matter; documents: originals.
    """

    since: date
    until: date
    facts: list[EvidenceView] = field(default_factory=list)
    open: list[EvidenceView] = field(default_factory=list)
    visits: int = 0
    documents: int = 0
    teams: tuple[TeamRow, ...] = ()
    city: str = ""

    def of_topic(self, *labels: str) -> list[EvidenceView]:
        """Facts of these topics, in roster order of their teams, newest first inside one."""
        return [v for v in self.facts if v.label in labels]

    def teams_told(self) -> list[TeamRow]:
        """Teams with facts, in roster order."""
        told = {v.team_id for v in self.facts}
        return [team for team in self.teams if team.id in told]


@dataclass(frozen=True)
class TeamRow:
    """A team in roster order with its zone and category."""

    id: str
    short: str
    zone: str
    zone_name: str
    category: str
    managed: bool


def tally(items: Iterable[EvidenceView]) -> Tally:
    """Count items and their self-published part."""
    kept = list(items)
    return Tally(len(kept), sum(v.self_published for v in kept))


def gather(session: Session, viewer: Viewer, since: date, until: date) -> Gathered:
    """All that was published from `since` to `until` (both included) and that the viewer may tell of."""
    require_reader(viewer)
    found = Gathered(since, until, city=session.scalar(select(City.name).limit(1)) or "")
    found.teams = _teams(session, viewer)
    order = {team.id: number for number, team in enumerate(found.teams)}
    items = load_views(
        session,
        _published(viewer, since, until).where(Evidence.state.in_((*terms.SHOWN, *OPEN))),
    )
    closed = viewer.recused_cadres
    for item in items:
        if closed & {c.id for c in item.cadres} or item.team_id not in order:
            continue
        (found.facts if may_stand(item) else found.open).append(item)
    for held in (found.facts, found.open):
        held.sort(key=lambda v: (v.published, v.id), reverse=True)
        held.sort(key=lambda v: order[v.team_id])
    first, after = _moments(since, until)
    published = (Document.published_at >= first, Document.published_at < after)
    kept = select(Document.id, Document.source_id, Document.published_at).where(
        Document.id.in_(select(Passage.document_id).where(passage_clause(viewer))), *published
    )
    rows = session.execute(kept).all()
    found.documents = len(rows)
    found.visits = len({(row.source_id, row.published_at.astimezone(CHINA).date()) for row in rows})
    return found


def may_stand(item: EvidenceView) -> bool:
    """Whether the item may be stated: settled and notified where adverse, shown otherwise (domain.md §2.5-2.6)."""
    if item.adverse:
        return item.state in terms.ESTABLISHED and bool(item.notified)
    return item.state in terms.SHOWN


def load_items(session: Session, viewer: Viewer, *clauses: ColumnElement[bool]) -> Sequence[EvidenceView]:
    """Unrestricted items in scope that satisfy the clauses, oldest first."""
    require_reader(viewer)
    query = select(Evidence).where(evidence_clause(viewer), unrestricted(), *clauses)
    return load_views(session, query.order_by(Evidence.event_date, Evidence.id))


def _published(viewer: Viewer, since: date, until: date) -> Select[Evidence]:
    first, after = _moments(since, until)
    return (
        select(Evidence)
        .join(Passage, Evidence.passage_id == Passage.id)
        .join(Document, Passage.document_id == Document.id)
        .where(
            evidence_clause(viewer), unrestricted(), Evidence.label.in_(terms.DOSSIER_TOPICS),
            Evidence.role.in_(terms.DOSSIER_ROLES), Evidence.team_id.is_not(None),
            Document.published_at >= first, Document.published_at < after,
        )
    )  # fmt: skip


def _moments(since: date, until: date) -> tuple[datetime, datetime]:
    return datetime.combine(since, time(), CHINA), datetime.combine(until + timedelta(days=1), time(), CHINA)


def _teams(session: Session, viewer: Viewer) -> tuple[TeamRow, ...]:
    rows = session.execute(
        select(Team.id, Team.short, Team.zone_id, Zone.name, Team.category_id, Team.managed)
        .join(Zone, Team.zone_id == Zone.id)
        .where(team_clause(viewer))
        .order_by(Team.ordinal, Team.id)
    )
    return tuple(TeamRow(*row) for row in rows)


def city_of(session: Session) -> str:
    """The city's name, "" in an empty record."""
    return session.scalar(select(City.name).limit(1)) or ""
