"""The evidence board of a team and quarter: boxes with linked items, what may be added, problems, doubts (§1.3)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from appraisal.review.boxes import BOXES, established, one_sided
from appraisal.review.facts import FigureFact, figure_facts
from appraisal.review.quarter import Quarter, parse_quarter
from dossier import terms
from dossier.brief_words import question
from dossier.scope import Viewer, evidence_clause, get_team, unrestricted
from dossier.views import NEWEST, EvidenceView, load_views
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import (
    Document,
    Evidence,
    Passage,
    ReviewDemand,
    ReviewEntry,
    ReviewOpinion,
    ReviewSignature,
    Team,
    TeamReview,
    User,
)

OPINION_READERS = frozenset({"HEAD", "DEP", "MIN"})


@dataclass(frozen=True)
class Placed:
    """One entry of a box: an item or a figure, never both."""

    id: int
    box: str
    item: EvidenceView | None
    figure: FigureFact | None
    prefilled: bool


@dataclass(frozen=True)
class Doubt:
    """An open matter as a question with its state; its words name no other person (domain.md §2.10 P1)."""

    evidence_id: int
    code: str
    month: str
    state: str
    text: str


@dataclass(frozen=True)
class Opinion:
    """An attributed opinion, shown only to whom it may be."""

    id: int
    kind: str
    attribution: str
    on: str
    text: str


@dataclass
class Board:
    """Everything a review page shows of one team and quarter. row None: nobody has opened the review yet."""

    team: Team
    quarter: Quarter
    row: TeamReview | None
    boxes: dict[str, list[Placed]] = field(default_factory=dict)
    spare: list[EvidenceView] = field(default_factory=list)  # verified, in no box
    reported: list[EvidenceView] = field(default_factory=list)  # 据报道 or 单位自报: not yet fit for a box
    problems: list[EvidenceView] = field(default_factory=list)  # verified adverse items, always listed
    doubts: list[Doubt] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    hidden_opinions: int = 0
    demands: list[ReviewDemand] = field(default_factory=list)
    signatures: list[tuple[ReviewSignature, str]] = field(default_factory=list)
    banner: tuple[str, str] | None = None

    @property
    def months(self) -> dict[str, list[Doubt]]:
        """Open doubts grouped by time, oldest month first."""
        found: dict[str, list[Doubt]] = {}
        for doubt in sorted(self.doubts, key=lambda one: one.month):
            found.setdefault(doubt.month, []).append(doubt)
        return found


def get_review(session: Session, viewer: Viewer, review_id: int) -> TeamReview:
    """The record of a review of a team the viewer may see. Raises REVIEW-UNKNOWN, TEAM-UNKNOWN, RIGHTS-RECUSAL."""
    row = session.get(TeamReview, review_id)
    if row is None:
        raise ShijiError("REVIEW-UNKNOWN", "没有这份分析研判", str(review_id), "请从分析研判列表进入。")
    get_team(session, viewer, row.team_id)
    return row


def find_review(session: Session, team_id: str, quarter: Quarter) -> TeamReview | None:
    """The review of a team and quarter."""
    wanted = (TeamReview.team_id == team_id, TeamReview.quarter == quarter.code)
    return session.scalar(select(TeamReview).where(*wanted))


def board(session: Session, viewer: Viewer, team_id: str, quarter_code: str) -> Board:
    """The board as this viewer may see it. Raises QUARTER-FORM, TEAM-UNKNOWN, RIGHTS-ROLE, RIGHTS-RECUSAL."""
    quarter = parse_quarter(quarter_code)
    team = get_team(session, viewer, team_id)
    row = find_review(session, team.id, quarter)
    items = quarter_items(session, viewer, team.id, quarter)
    shown = [item for item in items if item.state in terms.SHOWN]
    waiting = [item for item in items if item.state in (terms.TO_VERIFY, terms.VERIFYING)]
    made = Board(team, quarter, row, banner=one_sided(shown, waiting))
    made.boxes = _placed(session, viewer, row) if row else {box: [] for box in BOXES}
    inside = {place.item.id for places in made.boxes.values() for place in places if place.item}
    made.problems = [item for item in shown if item.adverse and established(item)]
    made.spare = [i for i in shown if established(i) and i.id not in inside and (not i.adverse or i.cadres)]
    made.reported = [item for item in shown if item.state == terms.ADOPTED]
    made.doubts = [
        Doubt(item.id, item.code, item.date[:7] or "日期不详", item.state, question(item, "", True).text)
        for item in waiting
    ]
    if row is not None:
        _people(session, viewer, row, made)
    return made


def quarter_items(session: Session, viewer: Viewer, team_id: str, quarter: Quarter) -> list[EvidenceView]:
    """Items of the team's dossier whose event, or publication where no event day is known, lies in the quarter."""
    query = select(Evidence).where(
        evidence_clause(viewer), unrestricted(), Evidence.team_id == team_id, Evidence.role.in_(terms.DOSSIER_ROLES),
        Evidence.label.in_(terms.DOSSIER_TOPICS), in_days(quarter.first, quarter.last),
    )  # fmt: skip
    return load_views(session, query.order_by(*NEWEST))


def in_days(first: date, last: date) -> ColumnElement[bool]:
    """Condition on Evidence: the event's day, else the day of publication, lies between two days."""
    begin, end = (datetime.combine(day, clock, CHINA) for day, clock in ((first, time.min), (last, time.max)))
    published = select(Passage.id).join(Document, Passage.document_id == Document.id)
    return or_(
        Evidence.event_date.between(first, last),
        and_(
            Evidence.event_date.is_(None),
            Evidence.passage_id.in_(published.where(Document.published_at.between(begin, end))),
        ),
    )


def _placed(session: Session, viewer: Viewer, row: TeamReview) -> dict[str, list[Placed]]:
    entries = session.scalars(
        select(ReviewEntry)
        .where(ReviewEntry.review_id == row.id, ReviewEntry.removed.is_(False))
        .order_by(ReviewEntry.ordinal, ReviewEntry.id)
    ).all()
    ids = [entry.ref for entry in entries if entry.kind == "evidence"]
    query = select(Evidence).where(Evidence.id.in_(ids), evidence_clause(viewer), unrestricted())
    items = {item.id: item for item in load_views(session, query)}
    figures = figure_facts(session, [entry.ref for entry in entries if entry.kind == "figure"])
    found: dict[str, list[Placed]] = {box: [] for box in BOXES}
    for entry in entries:
        item = items.get(entry.ref) if entry.kind == "evidence" else None
        figure = figures.get(entry.ref) if entry.kind == "figure" else None
        if figure or (item and established(item)):  # one that no longer stands is no longer shown
            found[entry.box].append(Placed(entry.id, entry.box, item, figure, entry.prefilled))
    return found


def _people(session: Session, viewer: Viewer, row: TeamReview, made: Board) -> None:
    opinions = session.scalars(
        select(ReviewOpinion).where(ReviewOpinion.review_id == row.id).order_by(ReviewOpinion.on, ReviewOpinion.id)
    ).all()
    readable = [one for one in opinions if viewer.role in OPINION_READERS or one.user_id == viewer.user_id]
    made.opinions = [Opinion(o.id, o.kind, o.attribution, o.on.isoformat(), o.text) for o in readable]
    made.hidden_opinions = len(opinions) - len(readable)
    made.demands = demands_of(session, row.id)
    signed = session.execute(
        select(ReviewSignature, User.name)
        .join(User, ReviewSignature.user_id == User.id)
        .where(ReviewSignature.review_id == row.id)
        .order_by(ReviewSignature.id)
    )
    made.signatures = [(signature, name) for signature, name in signed]


def demands_of(session: Session, review_id: int) -> list[ReviewDemand]:
    """改进要求 of a review, in the order they were made."""
    query = select(ReviewDemand).where(ReviewDemand.review_id == review_id).order_by(ReviewDemand.id)
    return list(session.scalars(query))
