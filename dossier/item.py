"""One item with everything an officer needs to decide on it (domain.md §6.3 journeys 1-3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.documents import DocumentView, document_view
from dossier.history import DecisionRow, RecordRow, history, records, user_names
from dossier.holders import Holder, holders
from dossier.review import get_evidence, similar_items
from dossier.scope import Viewer, team_clause
from dossier.views import EvidenceView, day_of, load_views
from storage.errors import ShijiError
from storage.tables import Evidence, Team


@dataclass(frozen=True)
class TeamChoice:
    """A team that the viewer may attribute an item to."""

    id: str
    name: str
    category: str


@dataclass(frozen=True)
class SimilarRow:
    """Another waiting item with the same machine reason."""

    id: int
    code: str
    text: str


@dataclass
class ItemFile:
    """An item, its document, its records and history, and what may be chosen for it."""

    view: EvidenceView
    machine_team: str  # id, "" when the machine found none
    doubtful: bool
    document: DocumentView | None
    records: list[RecordRow]
    history: list[DecisionRow]
    teams: list[tuple[str, list[TeamChoice]]]  # by category, in roster order
    holders: list[Holder]
    similar: list[SimilarRow]
    proposer: str
    second: str
    day: date | None

    @property
    def moved(self) -> bool:
        """Whether an officer has changed the machine's team."""
        return self.view.team_id != self.machine_team

    @property
    def machine_name(self) -> str:
        """Short name of the machine's team."""
        return next((r.name for r in self.view.reasons if r.kind == "team" and r.id == self.machine_team), "")

    @property
    def spans(self) -> list[tuple[int, int, str]]:
        """What is marked in the passage: deciding span, teams, cadres."""
        marks = [(*self.view.span, "span")]
        return marks + [(r.start, r.end, r.kind) for r in self.view.reasons if r.end > r.start]


def item_file(session: Session, viewer: Viewer, evidence_id: int) -> ItemFile:
    """An item the viewer may see, with its surroundings."""
    item = get_evidence(session, viewer, evidence_id)
    [view] = load_views(session, select(Evidence).where(Evidence.id == item.id))
    day = day_of(item)
    names = user_names(session, [item.proposed_by, item.agreed_by])
    moved = item.state == terms.PENDING and (item.team_id or "") != item.team_key
    try:
        document = document_view(session, viewer, view.document_id)
    except ShijiError:  # the item is open to the viewer though the rest of its document is not
        document = None
    return ItemFile(
        view=view,
        machine_team=item.team_key,
        doubtful=item.doubtful,
        document=document,
        records=records(session, item.id),
        history=history(session, item.id),
        teams=by_category(team_choices(session, viewer)),
        holders=holders(session, viewer, item.team_id, day) if item.team_id and day else [],
        similar=[
            SimilarRow(e.id, e.code, e.passage.text) for e in similar_items(session, viewer, item)
        ] if moved else [],
        proposer=names.get(item.proposed_by or 0, ""),
        second=names.get(item.agreed_by or 0, ""),
        day=day,
    )  # fmt: skip


def team_choices(session: Session, viewer: Viewer) -> list[TeamChoice]:
    """Teams in scope, in roster order."""
    rows = session.scalars(select(Team).where(team_clause(viewer)).order_by(Team.ordinal, Team.id))
    return [TeamChoice(t.id, t.short, t.category_id) for t in rows]


def by_category(teams: list[TeamChoice]) -> list[tuple[str, list[TeamChoice]]]:
    """Teams under their categories, both in roster order."""
    groups: dict[str, list[TeamChoice]] = {}
    for team in teams:
        groups.setdefault(team.category, []).append(team)
    return list(groups.items())
