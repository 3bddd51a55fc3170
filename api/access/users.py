"""Account administration by SYS: rights over accounts, none over content; every act is recorded (domain.md §2.7)."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import ZONED, add_user
from api.access.passwords import hash_password
from api.system import System
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Cadre, LoginSession, Recusal, Team, User, UserZone, Zone


@dataclass(frozen=True)
class RecusalRow:
    """回避 from a team or a cadre."""

    id: int
    kind: str
    about: str
    name: str


@dataclass(frozen=True)
class Account:
    """One account as shown; the password never leaves the record."""

    id: int
    login: str
    name: str
    role: str
    section: str
    enabled: bool
    zones: tuple[str, ...]
    recusals: tuple[RecusalRow, ...]
    team_id: str = ""  # of a UNIT
    team: str = ""

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def accounts_of(session: Session, user_id: int | None = None) -> list[Account]:
    """All accounts in order of creation, or one."""
    query = select(User).order_by(User.id)
    users = session.scalars(query.where(User.id == user_id) if user_id else query).all()
    names = {row.id: row.short for row in session.execute(select(Team.id, Team.short))}
    names |= {row.id: row.name for row in session.execute(select(Cadre.id, Cadre.name))}
    zones: dict[int, list[str]] = {}
    for zone in session.scalars(select(UserZone).order_by(UserZone.zone_id)):
        zones.setdefault(zone.user_id, []).append(zone.zone_id)
    recusals: dict[int, list[RecusalRow]] = {}
    for row in session.scalars(select(Recusal).order_by(Recusal.id)):
        about = row.team_id or row.cadre_id or ""
        kind = "班子" if row.team_id else "干部"
        recusals.setdefault(row.user_id, []).append(RecusalRow(row.id, kind, about, names.get(about, about)))
    return [
        Account(
            u.id, u.login, u.name, u.role, u.section, u.enabled, tuple(zones.get(u.id, ())),
            tuple(recusals.get(u.id, ())), u.team_id or "", names.get(u.team_id or "", ""),
        )
        for u in users
    ]  # fmt: skip


def create(
    system: System, viewer: Viewer | None, login: str, name: str, role: str, password: str, zones: list[str],
    section: str = "", team_id: str = "",
) -> int:  # fmt: skip
    """Create an account; `team_id`: of a UNIT. Raises USER-…, PASSWORD-WEAK."""
    if not name.strip():
        raise ShijiError("USER-NAME", "请填写姓名", login, "")
    with system.database.write() as session:
        user = add_user(session, login.strip(), name.strip(), role, password, zones, section.strip(), team_id or None)
        detail = {"login": user.login, "role": role, "zones": zones} | ({"team": team_id} if team_id else {})
        audit.record(session, viewer, "user-add", "user", str(user.id), detail=detail)
        return user.id


def set_enabled(system: System, viewer: Viewer, user_id: int, enabled: bool, reason: str) -> None:
    """Switch an account on or off; its sessions end at once. Nobody switches off the own account."""
    if not reason.strip():
        raise ShijiError("USER-REASON", "启用或停用账号须写明理由", "", "请填写理由。")
    if user_id == viewer.user_id:
        raise ShijiError("USER-SELF", "不能停用自己的账号", "", "请由另一名系统管理员办理。")
    with system.database.write() as session:
        user = _user(session, user_id)
        user.enabled, user.failures, user.locked_until = enabled, 0, None
        if not enabled:
            session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))
        act = "user-enable" if enabled else "user-disable"
        audit.record(session, viewer, act, "user", str(user_id), detail={"login": user.login, "reason": reason.strip()})


def set_zones(system: System, viewer: Viewer, user_id: int, zones: list[str]) -> None:
    """Give an account its zones."""
    with system.database.write() as session:
        user = _user(session, user_id)
        if zones and user.role not in ZONED:
            raise ShijiError("USER-ZONE", "该角色不按联系片授权", user.login, "请不要选择联系片。")
        known = set(session.scalars(select(Zone.id)))
        if not set(zones) <= known:
            raise ShijiError("USER-ZONE", "没有这个联系片", "、".join(sorted(set(zones) - known)), "请重新选择。")
        user.zones = [UserZone(zone_id=zone) for zone in sorted(set(zones))]
        audit.record(session, viewer, "user-zones", "user", str(user_id), detail={"login": user.login, "zones": zones})


def set_password(system: System, viewer: Viewer | None, user_id: int, password: str) -> None:
    """Give a new password; the account's sessions end and its lock is lifted. Raises PASSWORD-WEAK."""
    with system.database.write() as session:
        user = _user(session, user_id)
        user.password, user.failures, user.locked_until = hash_password(password), 0, None
        session.execute(delete(LoginSession).where(LoginSession.user_id == user_id))
        audit.record(session, viewer, "user-password", "user", str(user_id), detail={"login": user.login})


def add_recusal(system: System, viewer: Viewer, user_id: int, about: str) -> None:
    """回避: the account sees nothing of this team or cadre (id). Raises RECUSAL-UNKNOWN, RECUSAL-EXISTS."""
    with system.database.write() as session:
        user = _user(session, user_id)
        team, cadre = session.get(Team, about), session.get(Cadre, about)
        if team is None and cadre is None:
            raise ShijiError("RECUSAL-UNKNOWN", f"没有这个班子或干部：{about}", user.login, "请从列表选择。")
        same = Recusal.team_id == about if team else Recusal.cadre_id == about
        if session.scalar(select(Recusal.id).where(Recusal.user_id == user_id, same)):
            raise ShijiError("RECUSAL-EXISTS", "该回避已登记", about, "")
        session.add(Recusal(user_id=user_id, team_id=about if team else None, cadre_id=None if team else about))
        detail = {"login": user.login, "about": about}
        audit.record(session, viewer, "recusal-add", "user", str(user_id), detail=detail)


def remove_recusal(system: System, viewer: Viewer, recusal_id: int, reason: str) -> int:
    """End a recusal, with a reason; returns the account's id."""
    if not reason.strip():
        raise ShijiError("USER-REASON", "解除回避须写明理由", "", "请填写理由。")
    with system.database.write() as session:
        row = session.get(Recusal, recusal_id)
        if row is None:
            raise ShijiError("RECUSAL-MISSING", "没有这条回避登记", str(recusal_id), "请刷新页面。")
        user_id, about = row.user_id, row.team_id or row.cadre_id or ""
        session.delete(row)
        detail = {"about": about, "reason": reason.strip()}
        audit.record(session, viewer, "recusal-remove", "user", str(user_id), detail=detail)
        return user_id


def _user(session: Session, user_id: int) -> User:
    user = session.get(User, user_id)
    if user is None:
        raise ShijiError("USER-UNKNOWN", "没有这个账号", str(user_id), "请从账号列表进入。")
    return user
