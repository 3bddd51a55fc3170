"""交接清单 when a zone or a team changes hands: what is open with each team on a day (domain.md §1.11 a)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.liaison.activities import ActivityLine, activities
from dossier.liaison.coverage import coverage
from dossier.liaison.duties import DutyLine, duties, uncovered
from dossier.liaison.membership import Membership, history, team_ids_on
from dossier.liaison.rights import READERS, get_zone, require
from dossier.products.spans import choices
from dossier.scope import Viewer, evidence_clause, team_clause, unrestricted
from dossier.talks.follow_ups import FollowLine, follow_ups
from dossier.teamfile import members_of
from storage.tables import Evidence, Team, Zone

PAST = 4  # quarters of coverage


@dataclass
class TeamPack:
    """What is open with one team."""

    team_id: str
    team: str
    leaders: list[str]
    waiting: int  # items not yet confirmed
    verifying: int  # items being verified
    contacts: list[tuple[str, int]]  # quarter, contacts
    last: date | None
    liaison_open: list[ActivityLine] = field(default_factory=list)
    talk_open: list[FollowLine] = field(default_factory=list)


@dataclass
class Pack:
    """The hand-over of a zone on a day."""

    zone: Zone
    on: date
    duties: list[DutyLine]
    teams: list[TeamPack]
    changes: list[Membership]
    uncovered: list[str]


def hand_over_pack(session: Session, viewer: Viewer, zone_id: str, today: date) -> Pack:
    """Teams of a zone with what is open, for whoever takes over. Raises RIGHTS-ROLE, ZONE-UNKNOWN."""
    require(viewer, READERS)
    zone = get_zone(session, viewer, zone_id)
    ids = team_ids_on(session, zone_id, today)
    names = dict(session.execute(select(Team.id, Team.short).where(Team.id.in_(ids), team_clause(viewer))).all())
    quarters = choices("quarter", today, PAST)[::-1]
    matrices = [(q, {row.team_id: row for row in coverage(session, viewer, q.code, today).rows}) for q in quarters]
    year = (quarters[0].since, today)
    open_liaison = [
        a
        for a in activities(session, viewer, *year, today)
        if a.follow_up and a.followed_on is None and not a.void_reason
    ]
    # KH oversees zones and does not read what was agreed in talks
    open_talks = follow_ups(session, viewer, today, only_open=True) if viewer.role != "KH" else []
    packs = []
    for team_id in ids:
        if team_id not in names:
            continue
        people, _ = members_of(session, team_id, today)
        packs.append(
            TeamPack(
                team_id, names[team_id], [f"{m.name}（{m.post}）" for m in people],
                _count(session, viewer, team_id, terms.PENDING),
                _count(session, viewer, team_id, terms.TO_VERIFY, terms.VERIFYING),
                [(q.code, rows[team_id].total if team_id in rows else 0) for q, rows in matrices],
                matrices[-1][1][team_id].last if team_id in matrices[-1][1] else None,
                [a for a in open_liaison if a.team_id == team_id],
                [f for f in open_talks if f.cadre_id in {m.cadre_id for m in people} or f.whom == names[team_id]],
            )
        )  # fmt: skip
    return Pack(
        zone, today, duties(session, zone_id, today), packs, history(session, zone_id=zone_id),
        [names[t] for t in uncovered(session, zone_id, today) if t in names],
    )  # fmt: skip


def _count(session: Session, viewer: Viewer, team_id: str, *states: str) -> int:
    query = select(func.count(Evidence.id)).where(
        evidence_clause(viewer), unrestricted(), Evidence.team_id == team_id, Evidence.state.in_(states)
    )
    return session.scalar(query) or 0
