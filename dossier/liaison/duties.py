"""Lead officer, backups and deputies of a zone; recusal is checked when a duty is given (domain.md §1.11 a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dossier.liaison.membership import team_ids_on
from dossier.liaison.rights import require_zones
from dossier.liaison.ties import tied_teams
from dossier.scope import Viewer
from dossier.standing import DEPUTY, years_after
from storage.errors import ShijiError
from storage.tables import Team, User, UserZone, ZoneDuty

LEAD, BACKUP = "lead", "backup"
KINDS = {LEAD: "联系负责人", BACKUP: "备岗", DEPUTY: "代管（仅限期间）"}
LONGEST_DEPUTY = 92  # days
ROTATE_AHEAD = 60  # days before three years are over


@dataclass(frozen=True)
class DutyLine:
    """A duty as shown; both days included."""

    id: int
    zone_id: str
    login: str
    officer: str
    kind: str
    start: date
    end: date | None
    excluded: tuple[str, ...]
    reason: str
    current: bool


@dataclass(frozen=True)
class Rotation:
    """A reminder: the officer has led the zone for three years, or will soon."""

    officer: str
    since: date
    due: date
    overdue: bool


def give_duty(
    session: Session, viewer: Viewer, zone_id: str, login: str, kind: str, start: date, end: date | None = None,
    excluded: Sequence[str] = (), reason: str = "",
) -> ZoneDuty:  # fmt: skip
    """Give a duty. A new lead ends the one before the day before; a deputy needs an end and a reason.

    Every team of the zone that the officer must keep away from has to stand in `excluded`, else ZONE-RECUSAL; lead and
    backups must have the zone in their account already (SYS gives rights), a deputy sees it for the period only.
    Raises RIGHTS-ROLE, RIGHTS-ZONE, ZONE-DUTY, ZONE-RECUSAL.
    """
    require_zones(viewer, zone_id)
    user = session.scalar(select(User).where(User.login == login, User.enabled.is_(True)))
    if user is None or user.role not in ("OFF", "HEAD") or kind not in KINDS:
        raise _wrong("只能由处室经办或处长承担联系职责")
    if end is not None and end < start:
        raise _wrong("结束日期早于开始日期")
    if kind == DEPUTY:
        if end is None or end - start > timedelta(days=LONGEST_DEPUTY):
            raise _wrong(f"代管须写明结束日期，且不超过{LONGEST_DEPUTY}天")
        if not reason.strip():
            raise _wrong("代管须写明事由")
    elif session.get(UserZone, (user.id, zone_id)) is None:
        raise _wrong("该同志的账号没有这一联系片，请先由系统管理员调整")
    inside = team_ids_on(session, zone_id, start)
    if not set(excluded) <= set(inside):
        raise _wrong("除外的班子不在这一联系片")
    _check_ties(session, user, inside, excluded, start)
    if kind == LEAD:
        _end_lead(session, zone_id, start)
    row = ZoneDuty(
        zone_id=zone_id, user_id=user.id, kind=kind, start=start, end=end, excluded=sorted(excluded),
        reason=reason.strip(), given_by=viewer.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def end_duty(session: Session, viewer: Viewer, duty_id: int, on: date) -> ZoneDuty:
    """End a duty after a day (included)."""
    row = session.get(ZoneDuty, duty_id)
    if row is None:
        raise _wrong("没有这条联系职责")
    require_zones(viewer, row.zone_id)
    if on < row.start or (row.end is not None and row.end <= on):
        raise _wrong("结束日期不可用")
    row.end = on
    return row


def duties(session: Session, zone_id: str, today: date) -> list[DutyLine]:
    """All duties of a zone, those in force first, then the newest."""
    rows = session.execute(
        select(ZoneDuty, User.login, User.name)
        .join(User, ZoneDuty.user_id == User.id)
        .where(ZoneDuty.zone_id == zone_id)
        .order_by(ZoneDuty.start.desc(), ZoneDuty.id)
    )
    names = dict(session.execute(select(Team.id, Team.short)).all())
    found = [
        DutyLine(
            d.id, d.zone_id, login, name, d.kind, d.start, d.end, tuple(names.get(t, t) for t in d.excluded), d.reason,
            d.start <= today and (d.end is None or today <= d.end),
        )
        for d, login, name in rows
    ]  # fmt: skip
    return sorted(found, key=lambda line: (not line.current, list(KINDS).index(line.kind)))


def rotation(session: Session, zone_id: str, today: date) -> Rotation | None:
    """A reminder when the lead has been so for three years, counted over duties that follow one another."""
    rows = session.scalars(
        select(ZoneDuty).where(ZoneDuty.zone_id == zone_id, ZoneDuty.kind == LEAD, ZoneDuty.start <= today)
        .order_by(ZoneDuty.start.desc())
    ).all()  # fmt: skip
    if not rows or (rows[0].end is not None and rows[0].end < today):
        return None
    since = rows[0].start
    for row in rows[1:]:
        if row.user_id != rows[0].user_id or row.end is None or row.end < since - timedelta(days=1):
            break
        since = row.start
    due = years_after(since)
    if today < due - timedelta(days=ROTATE_AHEAD):
        return None
    return Rotation(session.get_one(User, rows[0].user_id).name, since, due, today >= due)


def uncovered(session: Session, zone_id: str, today: date) -> list[str]:
    """Teams of a zone that no lead or backup in force may contact, because each must keep away from them."""
    rows = session.scalars(
        select(ZoneDuty).where(
            ZoneDuty.zone_id == zone_id, ZoneDuty.start <= today, or_(ZoneDuty.end.is_(None), ZoneDuty.end >= today)
        )
    ).all()
    if not rows:
        return []
    left = [set(row.excluded) | set(tied_teams(session, row.user_id, today)) for row in rows]
    return [team for team in team_ids_on(session, zone_id, today) if all(team in closed for closed in left)]


def _check_ties(session: Session, user: User, inside: Sequence[str], excluded: Sequence[str], on: date) -> None:
    ties = tied_teams(session, user.id, on)
    left = [team for team in inside if team in ties and team not in excluded]
    if left:
        names = dict(session.execute(select(Team.id, Team.short).where(Team.id.in_(left))).all())
        why = "；".join(f"{names[team]}（{ties[team]}）" for team in left)
        raise ShijiError(
            "ZONE-RECUSAL", f"{user.name}应当回避：{why}", "联系职责", "请换人，或把上述班子列为除外，由备岗联系。"
        )


def _end_lead(session: Session, zone_id: str, start: date) -> None:
    for row in session.scalars(select(ZoneDuty).where(ZoneDuty.zone_id == zone_id, ZoneDuty.kind == LEAD)):
        if row.start >= start:
            raise _wrong("已有更晚开始的联系负责人")
        if row.end is None or row.end >= start:
            row.end = start - timedelta(days=1)


def _wrong(message: str) -> ShijiError:
    return ShijiError("ZONE-DUTY", message, "联系职责", "请核对后重新填写。")
