"""Accounts, sign-in, lockout and sessions (R-05)."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, timedelta
from threading import BoundedSemaphore

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from api.access import audit
from api.access.passwords import hash_password, verify_password
from dossier.scope import Viewer, viewer_of
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import LoginSession, Team, User, UserZone, Zone, now

ROLES = {
    "OFF": "处室经办", "HEAD": "处长", "KH": "考核办", "SUP": "干部监督处", "DEP": "分管副部长", "MIN": "部长",
    "UNIT": "单位填报员", "SYS": "系统管理员", "AUD": "审计管理员",
}  # fmt: skip
ZONED = frozenset({"OFF", "HEAD"})  # the others see all zones, or none
MAX_FAILURES = 5
LOCKED = timedelta(minutes=15)
LONGEST = timedelta(hours=12)
_AT_ONCE = BoundedSemaphore(4)  # each password that is weighed takes 64 MiB


@dataclass(frozen=True)
class SignedIn:
    """A signed-in person: rights as of now, the session's CSRF token, and purposes stated in this session."""

    viewer: Viewer
    csrf: str
    token_sha256: str
    purposes: dict[str, str]


def add_user(
    session: Session, login: str, name: str, role: str, password: str, zones: list[str] | None = None,
    section: str = "", team_id: str | None = None,
) -> User:  # fmt: skip
    """Create an account; a UNIT speaks for one team and has no zones. Raises USER-…, PASSWORD-WEAK."""
    if role not in ROLES:
        raise ShijiError("USER-ROLE", f"没有这个角色：{role}", login, f"可用角色：{'、'.join(ROLES)}。")
    if not login.isascii() or not login.replace("-", "").replace("_", "").isalnum() or len(login) > 40:
        raise ShijiError("USER-LOGIN", "账号只能用字母、数字、“-”和“_”", login[:40], "请换一个账号名。")
    if session.scalar(select(User.id).where(User.login == login)):
        raise ShijiError("USER-EXISTS", "账号已存在", login, "请换一个账号名。")
    known = set(session.scalars(select(Zone.id)))
    for zone in zones or ():
        if zone not in known:
            raise ShijiError("USER-ZONE", f"没有这个联系片：{zone}", login, "请先导入名册。")
    if zones and role not in ZONED:
        raise ShijiError("USER-ZONE", f"{ROLES[role]}不按联系片授权", login, "请不要选择联系片。")
    if (role == "UNIT") != bool(team_id) or (team_id and session.get(Team, team_id) is None):
        raise ShijiError("USER-TEAM", "单位填报员须且只能对应一个班子", login, "请从名册选择班子。")
    user = User(login=login, name=name, role=role, section=section, password=hash_password(password), team_id=team_id)
    user.zones = [UserZone(zone_id=zone) for zone in zones or ()]
    session.add(user)
    session.flush()
    return user


def sign_in(database: Database, login: str, password: str) -> tuple[str, str] | None:
    """Token and CSRF token, or None. Wrong password, unknown, disabled and locked accounts look the same.

    The password is weighed, which is slow on purpose, before the write begins: a stranger cannot hold up the record.
    """
    with database.read() as session:
        stored = session.scalar(select(User.password).where(User.login == login))
    with _AT_ONCE:
        matched = verify_password(stored, password)
    with database.write() as session:
        return _admit(session, login, stored, matched)


def _admit(session: Session, login: str, stored: str | None, matched: bool) -> tuple[str, str] | None:
    user = session.scalar(select(User).where(User.login == login).with_for_update())
    moment = now()
    locked = user is not None and user.locked_until is not None and user.locked_until > moment
    matched = matched and user is not None and user.password == stored  # not one that was replaced meanwhile
    if user is None or locked or not matched or not user.enabled:
        if user is not None and not locked:
            user.failures += 1
            if user.failures >= MAX_FAILURES:
                user.locked_until, user.failures = moment + LOCKED, 0
                audit.record(session, None, "account-locked", "user", str(user.id), login=user.login)
        audit.record(session, None, "sign-in-failed", login=login[:40])
        return None
    user.failures, user.locked_until = 0, None
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(24)
    session.add(LoginSession(token_sha256=_digest(token), user_id=user.id, csrf=csrf))
    audit.record(session, viewer_of(session, user), "sign-in")
    return token, csrf


def signed_in(session: Session, token: str, idle_minutes: int, today: date | None = None) -> SignedIn | None:
    """Who holds this token, if the session is alive. Rights are read anew each time, as they stand `today`."""
    row = session.get(LoginSession, _digest(token))
    moment = now()
    if row is None or row.seen_at < moment - timedelta(minutes=idle_minutes) or row.created_at < moment - LONGEST:
        return None
    user = session.get(User, row.user_id)
    if user is None or not user.enabled:
        return None
    return SignedIn(viewer_of(session, user, today), row.csrf, row.token_sha256, dict(row.purposes))


def touch(session: Session, token_sha256: str) -> None:
    """Note activity, so that the idle clock starts again."""
    row = session.get(LoginSession, token_sha256)
    if row is not None:
        row.seen_at = now()


def sign_out(session: Session, token_sha256: str) -> None:
    """End a session."""
    session.execute(delete(LoginSession).where(LoginSession.token_sha256 == token_sha256))


def state_purpose(session: Session, token_sha256: str, cadre_id: str, purpose: str) -> None:
    """Remember the purpose stated for a cadre's dossier in this session (R-02)."""
    row = session.get_one(LoginSession, token_sha256)
    row.purposes = {**row.purposes, cadre_id: purpose}


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
