"""班子档: the team's people and its evidence by topic and time (domain.md §4.12, R-22, R-26)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.scope import Viewer, evidence_clause, get_team, require_reader, team_clause, unrestricted
from dossier.tenures import holds
from dossier.views import NEWEST, EvidenceView, load_views
from storage.tables import Cadre, Evidence, Post, Team, Tenure, Zone


@dataclass(frozen=True)
class Member:
    """One tenure of one cadre in the team."""

    cadre_id: str
    name: str
    post: str
    start: str
    end: str


@dataclass(frozen=True)
class TopicCount:
    """Items of a topic that the default view shows, with the share that the team published about itself."""

    label: str
    name: str
    total: int
    self_published: int

    @property
    def self_published_percent(self) -> int:
        return round(100 * self.self_published / self.total) if self.total else 0


@dataclass
class TeamFile:
    """A 班子档 as one page."""

    team: Team
    members: list[Member]
    former: list[Member]
    counts: list[TopicCount]
    established: list[EvidenceView] = field(default_factory=list)  # 已核实, 部分属实
    reported: list[EvidenceView] = field(default_factory=list)  # 据报道 / 单位自报, a block of its own
    open: list[EvidenceView] = field(default_factory=list)  # 待核实, 核实中: only when asked for, with a reason

    @property
    def one_sided(self) -> bool:
        """All shown items are the team's own words (domain.md §1.3 banner 信源单一)."""
        shown = self.established + self.reported
        return bool(shown) and all(item.self_published for item in shown)


@dataclass(frozen=True)
class TeamRow:
    """A line of the team list. Never sorted by counts: volume is no merit (domain.md §1.11d)."""

    id: str
    name: str
    full: str
    category: str
    zone: str
    shown: int
    waiting: int
    self_published: int


def list_teams(session: Session, viewer: Viewer) -> list[TeamRow]:
    """Teams in the viewer's zones, in roster order."""
    require_reader(viewer)
    shown = _counts(session, viewer, Evidence.state.in_(terms.SHOWN), Evidence.role.in_(terms.DOSSIER_ROLES))
    own = _counts(
        session,
        viewer,
        Evidence.state.in_(terms.SHOWN),
        Evidence.role.in_(terms.DOSSIER_ROLES),
        Evidence.self_published,
    )
    waiting = _counts(session, viewer, Evidence.state == terms.PENDING)
    teams = session.scalars(select(Team).where(team_clause(viewer)).order_by(Team.ordinal, Team.id))
    return [
        TeamRow(
            t.id, t.short, t.full, t.category_id, t.zone_id, shown.get(t.id, 0), waiting.get(t.id, 0), own.get(t.id, 0)
        )
        for t in teams
    ]


def zone_names(session: Session, ids: set[str]) -> list[tuple[str, str]]:
    """Zones with their names, by id."""
    rows = session.execute(select(Zone.id, Zone.name).where(Zone.id.in_(ids)).order_by(Zone.id))
    return [(zone_id, name) for zone_id, name in rows]


def team_file(
    session: Session, viewer: Viewer, team_id: str, today: date, since: date | None = None, until: date | None = None,
    with_open: bool = False,
) -> TeamFile:  # fmt: skip
    """The 班子档. Items count by their role: 出席, 信息来源 and 仅提及 stay searchable but outside (§3.8)."""
    team = get_team(session, viewer, team_id)
    members, former = members_of(session, team_id, today)
    base = [evidence_clause(viewer), Evidence.team_id == team_id, unrestricted()]
    base.append(Evidence.role.in_(terms.DOSSIER_ROLES))
    base.append(Evidence.label.in_(terms.DOSSIER_TOPICS))
    if since:
        base.append(Evidence.event_date >= since)
    if until:
        base.append(Evidence.event_date <= until)
    established = select(Evidence).where(*base, Evidence.state.in_(terms.ESTABLISHED)).order_by(*NEWEST)
    reported = select(Evidence).where(*base, Evidence.state == terms.ADOPTED, ~Evidence.adverse).order_by(*NEWEST)
    file = TeamFile(team, members, former, [], load_views(session, established), load_views(session, reported))
    if with_open:
        waiting = select(Evidence).where(*base, Evidence.state.in_((terms.TO_VERIFY, terms.VERIFYING)))
        file.open = load_views(session, waiting.order_by(*NEWEST))
    file.counts = topic_counts(file.established + file.reported)
    return file


def topic_counts(items: list[EvidenceView]) -> list[TopicCount]:
    """Counts by topic with the self-published share beside each (R-26)."""
    return [
        TopicCount(
            label,
            terms.topic_name(label),
            sum(1 for i in items if i.label == label),
            sum(1 for i in items if i.label == label and i.self_published),
        )
        for label in terms.DOSSIER_TOPICS
    ]


def members_of(session: Session, team_id: str, today: date) -> tuple[list[Member], list[Member]]:
    """Who serves in a team on a day, and who did before; newest tenure first."""
    rows = session.execute(
        select(Tenure, Post, Cadre)
        .join(Post, Tenure.post_id == Post.id)
        .join(Cadre, Tenure.cadre_id == Cadre.id)
        .where(Post.team_id == team_id)
        .order_by(Tenure.start.desc().nulls_last(), Cadre.id)
    ).all()
    now_in: list[Member] = []
    before: list[Member] = []
    for tenure, post, cadre in rows:
        member = Member(
            cadre.id,
            cadre.name,
            post.title,
            tenure.start.isoformat() if tenure.start else "",
            tenure.end.isoformat() if tenure.end else "",
        )
        (now_in if holds(tenure.start, tenure.end, today) else before).append(member)
    now_in.sort(key=lambda member: protocol_rank(member.post))
    return now_in, before


def protocol_rank(post: str) -> int:
    """Customary order of a team on paper: 书记, the head of the executive, deputies; no judgment of persons."""
    bare = re.sub(r"[（(].*?[）)]", "", post)
    if re.search(r"(?<!副)书记", bare):
        return 0
    if re.search(r"副(?!书记)", bare) and not re.search(r"(?<!副)[区县市局]长|(?<!副)主任", bare):
        return 2
    return 1


def _counts(session: Session, viewer: Viewer, *clauses: object) -> dict[str, int]:
    query = (
        select(Evidence.team_id, func.count())
        .where(evidence_clause(viewer), unrestricted(), Evidence.label != "irrelevant", *clauses)  # type: ignore[arg-type]
        .group_by(Evidence.team_id)
    )
    return {team: count for team, count in session.execute(query) if team}
