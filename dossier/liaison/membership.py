"""Which team belongs to which zone, and since when: exactly one at a time, and nothing of the past is lost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from dossier.liaison.rights import require_zones
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Team, TeamZone, Zone


@dataclass(frozen=True)
class Membership:
    """A team in a zone from `start` ("" for always) up to `end` (exclusive, "" for still)."""

    team_id: str
    team: str
    zone_id: str
    zone: str
    start: str
    end: str
    reason: str


def move_team(session: Session, viewer: Viewer, team_id: str, zone_id: str, on: date, reason: str) -> TeamZone:
    """Move a team to another zone from a day on. By 考核办, or a head of both zones.

    From then on one zone writes; both see the history. Raises RIGHTS-ROLE, RIGHTS-ZONE, ZONE-MOVE.
    """
    team = session.get(Team, team_id)
    if team is None or session.get(Zone, zone_id) is None:
        raise _wrong("没有这个班子或联系片", team_id)
    require_zones(viewer, team.zone_id, zone_id)
    if team.zone_id == zone_id:
        raise _wrong("该班子已在这一联系片", team_id)
    if not reason.strip():
        raise _wrong("调整联系片须写明理由", team_id)
    current = keep_history(session, team)
    if current.start is not None and on <= current.start:
        raise _wrong(f"调整日期应晚于现归属起始日{current.start}", team_id)
    current.end = on
    team.zone_id = zone_id
    row = TeamZone(team_id=team_id, zone_id=zone_id, start=on, reason=reason.strip(), user_id=viewer.user_id)
    session.add(row)
    session.flush()
    return row


def keep_history(session: Session, team: Team) -> TeamZone:
    """The open row of a team; written where the roster alone has said so far in which zone it is."""
    row = session.scalar(select(TeamZone).where(TeamZone.team_id == team.id, TeamZone.end.is_(None)))
    if row is None:
        last = session.scalar(select(TeamZone.end).where(TeamZone.team_id == team.id).order_by(TeamZone.end.desc()))
        row = TeamZone(team_id=team.id, zone_id=team.zone_id, start=last)
        session.add(row)
        session.flush()
    return row


def note_roster_change(session: Session, team_id: str, zone_id: str, on: date) -> None:
    """Called when an imported roster is about to put a known team into another zone: the history is kept."""
    team = session.get(Team, team_id)
    if team is None or team.zone_id == zone_id:
        return
    row = keep_history(session, team)
    if row.start is not None and on <= row.start:  # changed again on the same day: the last word holds
        row.zone_id = zone_id
        return
    row.end = on
    session.add(TeamZone(team_id=team_id, zone_id=zone_id, start=on, reason="名册导入"))
    session.flush()


def zone_on(session: Session, team_id: str, day: date) -> str:
    """The zone of a team on a day."""
    row = session.scalar(
        select(TeamZone.zone_id).where(
            TeamZone.team_id == team_id, or_(TeamZone.start.is_(None), TeamZone.start <= day),
            or_(TeamZone.end.is_(None), TeamZone.end > day),
        )
    )  # fmt: skip
    return row or session.get_one(Team, team_id).zone_id


def team_ids_on(session: Session, zone_id: str, day: date) -> list[str]:
    """Teams that were in a zone on a day, in roster order."""
    held = select(TeamZone.team_id).where(
        or_(TeamZone.start.is_(None), TeamZone.start <= day), or_(TeamZone.end.is_(None), TeamZone.end > day)
    )
    query = (
        select(Team.id)
        .where(
            or_(
                Team.id.in_(held.where(TeamZone.zone_id == zone_id)),
                and_(Team.zone_id == zone_id, Team.id.not_in(held)),
            )
        )
        .order_by(Team.ordinal, Team.id)
    )
    return list(session.scalars(query))


def history(session: Session, team_ids: list[str] | None = None, zone_id: str = "") -> list[Membership]:
    """Recorded changes, oldest first, of teams or of everything that ever was in a zone."""
    query = select(TeamZone, Team.short, Zone.name).join(Team, TeamZone.team_id == Team.id)
    query = query.join(Zone, TeamZone.zone_id == Zone.id)
    if team_ids is not None:
        query = query.where(TeamZone.team_id.in_(team_ids))
    if zone_id:
        ever = select(TeamZone.team_id).where(TeamZone.zone_id == zone_id)
        query = query.where(TeamZone.team_id.in_(ever))
    rows = session.execute(query.order_by(Team.ordinal, TeamZone.start.nulls_first())).all()
    return [
        Membership(
            row.team_id, team, row.zone_id, zone, row.start.isoformat() if row.start else "",
            row.end.isoformat() if row.end else "", row.reason,
        )
        for row, team, zone in rows
    ]  # fmt: skip


def _wrong(message: str, where: str) -> ShijiError:
    return ShijiError("ZONE-MOVE", message, where, "请核对后重新填写。")
