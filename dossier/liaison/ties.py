"""回避 of officers: a relative in a leading post, or work in the unit in the last three years (公务员法 76, [D])."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.liaison.rights import KEEPERS, require
from dossier.scope import Viewer
from dossier.standing import RELATIVE, WORKED, ties_in_force, years_after
from storage.errors import ShijiError
from storage.tables import OfficerTie, Recusal, Team, User

KINDS = {RELATIVE: "亲属任领导职务", WORKED: "三年内曾在该单位工作"}


@dataclass(frozen=True)
class TieLine:
    """Why an officer keeps away from a team; nothing about the relative is kept."""

    id: int
    officer: str
    login: str
    team_id: str
    team: str
    kind: str
    until: str  # last day of work there
    holds_until: str  # "" as long as it is not ended


def add_tie(
    session: Session, viewer: Viewer, login: str, team_id: str, kind: str, until: date | None = None
) -> OfficerTie:
    """Register a tie. `until`: last day of work in the unit, with WORKED only. Raises RIGHTS-ROLE, TIE-FIELD."""
    require(viewer, KEEPERS)
    user = session.scalar(select(User).where(User.login == login))
    if user is None or session.get(Team, team_id) is None or kind not in KINDS:
        raise _wrong("没有这个账号、班子或回避情形")
    if (kind == WORKED) != (until is not None):
        raise _wrong("曾在该单位工作的须填写离开日期，亲属回避不填")
    row = OfficerTie(user_id=user.id, team_id=team_id, kind=kind, until=until, given_by=viewer.user_id)
    session.add(row)
    session.flush()
    return row


def end_tie(session: Session, viewer: Viewer, tie_id: int, on: date, reason: str) -> OfficerTie:
    """End a tie, with a reason."""
    require(viewer, KEEPERS)
    row = session.get(OfficerTie, tie_id)
    if row is None or row.ended_on is not None:
        raise _wrong("没有这条回避情形")
    if not reason.strip():
        raise _wrong("解除回避须写明理由")
    row.ended_on, row.end_reason = on, reason.strip()
    return row


def tied_teams(session: Session, user_id: int, on: date) -> dict[str, str]:
    """Team id -> why the officer keeps away from it on a day: registered ties, and recusals of the account."""
    found = {
        team: "账号回避"
        for team in session.scalars(
            select(Recusal.team_id).where(Recusal.user_id == user_id, Recusal.team_id.is_not(None))
        )
        if team
    }
    return found | {row.team_id: KINDS[row.kind] for row in ties_in_force(session, user_id, on)}


def tie_lines(session: Session, viewer: Viewer) -> list[TieLine]:
    """All ties that are not ended; for keepers."""
    require(viewer, KEEPERS)
    rows = session.execute(
        select(OfficerTie, User.name, User.login, Team.short)
        .join(User, OfficerTie.user_id == User.id)
        .join(Team, OfficerTie.team_id == Team.id)
        .where(OfficerTie.ended_on.is_(None))
        .order_by(User.id, Team.ordinal)
    )
    return [
        TieLine(
            row.id, name, login, row.team_id, team, KINDS[row.kind], row.until.isoformat() if row.until else "",
            years_after(row.until).isoformat() if row.until else "",
        )
        for row, name, login, team in rows
    ]  # fmt: skip


def _wrong(message: str) -> ShijiError:
    return ShijiError("TIE-FIELD", message, "回避情形", "请核对后重新填写。")
