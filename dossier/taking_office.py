"""交接事项 for a leader who takes office: what the team still has open, whose time it fell into (journey 10).

Past items stay with whoever held the post then: nothing moves. Follow-ups of the unit go on with the unit.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.hearing.register import REVIEWED, NoticeView, notices
from dossier.ledger import status
from dossier.ledger.book import EntryView, all_entries
from dossier.scope import Viewer, evidence_clause, get_team, team_clause, unrestricted
from dossier.talks.follow_ups import FollowLine, follow_ups
from dossier.talks.rights import TALKERS
from dossier.teamfile import Member, members_of
from dossier.views import EvidenceView, load_views
from storage.tables import Cadre, Evidence, Post, ReviewDemand, Task, TaskVersion, Team, TeamReview, Tenure

RECENT = timedelta(days=180)


@dataclass(frozen=True)
class Taking:
    """Somebody who took a post, and who held it before."""

    cadre_id: str
    name: str
    team_id: str
    team: str
    post: str
    since: date
    before: str


@dataclass
class OfficePage:
    """What is open with a team on a day. waiting: asked, never stated as fact; told: 说明 and reviews under way."""

    team: Team
    takings: list[Taking]
    members: list[Member]
    waiting: list[EvidenceView] = field(default_factory=list)
    told: list[NoticeView] = field(default_factory=list)
    tasks: list[tuple[str, str]] = field(default_factory=list)
    demands: list[tuple[str, str]] = field(default_factory=list)
    talks: list[FollowLine] = field(default_factory=list)
    ledger: list[EntryView] = field(default_factory=list)


def takings(
    session: Session, viewer: Viewer, today: date, team_id: str = "", within: timedelta = RECENT
) -> list[Taking]:
    """Who took a post in the last half-year in the viewer's teams, newest first."""
    query = (
        select(Tenure, Post, Team, Cadre)
        .join(Post, Tenure.post_id == Post.id)
        .join(Team, Post.team_id == Team.id)
        .join(Cadre, Tenure.cadre_id == Cadre.id)
        .where(
            team_clause(viewer), Tenure.start > today - within, Tenure.start <= today,
            or_(Tenure.end.is_(None), Tenure.end > today),
        )
        .order_by(Tenure.start.desc(), Tenure.id)
    )  # fmt: skip
    rows = session.execute(query.where(Team.id == team_id) if team_id else query).all()
    return [
        Taking(c.id, c.name, t.id, t.short, p.title, tenure.start, _before(session, tenure))
        for tenure, p, t, c in rows
        if tenure.start and c.id not in viewer.recused_cadres
    ]


def office_page(session: Session, viewer: Viewer, team_id: str, today: date) -> OfficePage:
    """交接事项 of a team. Raises TEAM-UNKNOWN, RIGHTS-RECUSAL."""
    team = get_team(session, viewer, team_id)
    page = OfficePage(
        team, takings(session, viewer, today, team.id, timedelta(days=3650)), members_of(session, team.id, today)[0]
    )
    open_items = (
        select(Evidence)
        .where(
            evidence_clause(viewer), unrestricted(), Evidence.team_id == team.id,
            Evidence.state.in_((terms.TO_VERIFY, terms.VERIFYING)),
        )
        .order_by(Evidence.event_date, Evidence.id)
    )  # fmt: skip
    page.waiting = load_views(session, open_items)
    page.told = [n for n in notices(session, viewer, today, team_id=team.id) if n.state != REVIEWED]
    page.tasks = _tasks(session, team.id, today.year)
    page.demands = _demands(session, team.id)
    if viewer.role in TALKERS and viewer.role != "KH":
        people = {m.cadre_id for m in page.members}
        page.talks = [
            f for f in follow_ups(session, viewer, today, only_open=True)
            if f.whom == team.short or f.cadre_id in people
        ]  # fmt: skip
    open_states = (status.ENTERED, status.TRACKING)
    page.ledger = [e for e in all_entries(session, viewer, today) if e.team_id == team.id and e.state in open_states]
    return page


def _before(session: Session, tenure: Tenure) -> str:
    """Who left the same post, or one like it in the team, on that day or last before it."""
    row = session.execute(
        select(Cadre.name, Tenure.end)
        .join(Cadre, Tenure.cadre_id == Cadre.id)
        .join(Post, Tenure.post_id == Post.id)
        .where(
            or_(Tenure.post_id == tenure.post_id, Tenure.end == tenure.start),
            Post.team_id == tenure.post.team_id, Tenure.cadre_id != tenure.cadre_id, Tenure.end <= tenure.start,
        )
        .order_by(Tenure.end.desc())
        .limit(1)
    ).first()  # fmt: skip
    return f"{row[0]}（至 {row[1]}）" if row else ""


def _tasks(session: Session, team_id: str, year: int) -> list[tuple[str, str]]:
    """(title, deliverable) of the team's frozen tasks of the year."""
    rows = session.execute(
        select(Task.id, TaskVersion.title, TaskVersion.deliverable)
        .join(TaskVersion, TaskVersion.task_id == Task.id)
        .where(Task.team_id == team_id, Task.year == year, Task.kind == "team", TaskVersion.state == "frozen")
        .order_by(Task.number, TaskVersion.version)
    )
    latest = {key: (title, deliverable) for key, title, deliverable in rows}
    return list(latest.values())


def _demands(session: Session, team_id: str) -> list[tuple[str, str]]:
    """(quarter, text) of demands of reviews that nobody answered."""
    rows = session.execute(
        select(TeamReview.quarter, ReviewDemand.text)
        .join(ReviewDemand, ReviewDemand.review_id == TeamReview.id)
        .where(TeamReview.team_id == team_id, ReviewDemand.response == "")
        .order_by(TeamReview.quarter, ReviewDemand.id)
    ).all()
    return [(quarter, text) for quarter, text in rows]
