"""联系台账: contacts with teams, each by two officers at least, with facts, evidence and follow-up (§1.11 a)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dossier.liaison.membership import zone_on
from dossier.liaison.rights import READERS, WRITERS, require
from dossier.liaison.ties import tied_teams
from dossier.scope import Viewer, evidence_clause, get_team, team_clause, unrestricted
from storage.errors import ShijiError
from storage.tables import Evidence, LiaisonActivity, Team, User

KINDS = ("列席会议", "调研", "列席民主生活会", "查阅资料", "走访")


@dataclass(frozen=True)
class ActivityData:
    """A contact to be entered. `officers`: logins, two at least; `evidence`: codes of items it bears out."""

    team_id: str
    on: date
    kind: str
    officers: tuple[str, ...]
    facts: str
    evidence: tuple[str, ...] = ()
    follow_up: str = ""
    follow_due: date | None = None


@dataclass(frozen=True)
class ActivityLine:
    """A contact as shown. `evidence`: (id, code) of items the viewer may see."""

    id: int
    team_id: str
    team: str
    zone_id: str
    on: date
    kind: str
    officers: tuple[str, ...]
    facts: str
    evidence: tuple[tuple[int, str], ...]
    follow_up: str
    follow_due: date | None
    followed_on: date | None
    followed: str
    void_reason: str
    overdue: bool
    may_write: bool


def enter_activity(session: Session, viewer: Viewer, data: ActivityData, today: date) -> LiaisonActivity:
    """Enter a contact with a team of the viewer's zones. Raises RIGHTS-ROLE, TEAM-UNKNOWN, LIAISON-*."""
    require(viewer, WRITERS)
    team = get_team(session, viewer, data.team_id)
    if data.kind not in KINDS:
        raise _wrong(f"联系方式不可用，可选：{'、'.join(KINDS)}", "联系方式")
    if data.on > today:
        raise _wrong(f"联系日期晚于今天：{data.on}", "日期")
    if not data.facts.strip():
        raise _wrong("请写明了解到的事实", "事实")
    if data.follow_up.strip() and data.follow_due is None:
        raise _wrong("后续事项须有时限", "后续事项")
    ids = _officers(session, data.officers, team, data.on)
    codes = list(dict.fromkeys(code.strip() for code in data.evidence if code.strip()))
    _check_codes(session, viewer, codes)
    row = LiaisonActivity(
        team_id=team.id, zone_id=zone_on(session, team.id, data.on), on=data.on, kind=data.kind, officers=ids,
        facts=data.facts.strip(), evidence=codes, follow_up=data.follow_up.strip(), follow_due=data.follow_due,
        user_id=viewer.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def _officers(session: Session, logins: Sequence[str], team: Team, on: date) -> list[int]:
    users = session.scalars(select(User).where(User.login.in_(list(logins)), User.role.in_(WRITERS))).all()
    if len(users) < 2 or len(users) != len(set(logins)):
        raise _wrong("须由两名以上处室工作人员参加", "参加人员")
    for user in users:
        why = tied_teams(session, user.id, on).get(team.id)
        if why:
            raise ShijiError("LIAISON-RECUSAL", f"{user.name}应当回避{team.short}（{why}）", "参加人员", "请换人。")
    return sorted(user.id for user in users)


def _check_codes(session: Session, viewer: Viewer, codes: Sequence[str]) -> None:
    known = session.scalars(
        select(Evidence.code).where(Evidence.code.in_(list(codes)), evidence_clause(viewer), unrestricted())
    )
    missing = set(codes) - set(known)
    if missing:
        raise _wrong(f"没有这些条目：{'、'.join(sorted(missing))}", "关联条目")


def settle_follow_up(
    session: Session, viewer: Viewer, activity_id: int, on: date, result: str, today: date
) -> LiaisonActivity:
    """Note how the follow-up of a contact came out."""
    row = _writable(session, viewer, activity_id)
    if not row.follow_up or row.followed_on is not None:
        raise _wrong("没有待办的后续事项", f"联系{row.id}")
    if on < row.on or on > today or not result.strip():
        raise _wrong("请写明办理结果，日期在联系之日至今天之间", f"联系{row.id}")
    row.followed_on, row.followed = on, result.strip()
    return row


def void_activity(session: Session, viewer: Viewer, activity_id: int, reason: str) -> LiaisonActivity:
    """Take a wrong entry out of the counts; it stays to be seen, with the reason."""
    row = _writable(session, viewer, activity_id)
    if not reason.strip() or row.void_reason:
        raise _wrong("作废须写明理由，且只作废一次", f"联系{row.id}")
    row.void_reason = reason.strip()
    return row


def _writable(session: Session, viewer: Viewer, activity_id: int) -> LiaisonActivity:
    """One that the zone now responsible for the team may change; the former zone only reads."""
    require(viewer, WRITERS)
    row = session.get(LiaisonActivity, activity_id)
    if row is None or session.scalar(select(Team.id).where(Team.id == row.team_id, team_clause(viewer))) is None:
        raise ShijiError("LIAISON-UNKNOWN", "没有这条联系记录，或该班子现不在您的联系片", str(activity_id), "")
    return row


def activities(
    session: Session, viewer: Viewer, since: date, until: date, today: date, team_id: str = ""
) -> list[ActivityLine]:
    """Contacts in these days (both included), newest first: of the viewer's teams, and those made when the team was in
    the viewer's zone (both zones see the history)."""
    require(viewer, READERS)
    mine = select(Team.id).where(team_clause(viewer))
    query = select(LiaisonActivity).where(LiaisonActivity.on >= since, LiaisonActivity.on <= until)
    if viewer.zones is not None:
        query = query.where(or_(LiaisonActivity.team_id.in_(mine), LiaisonActivity.zone_id.in_(viewer.zones)))
    query = query.where(LiaisonActivity.team_id.not_in(viewer.recused_teams))
    if team_id:
        query = query.where(LiaisonActivity.team_id == team_id)
    rows = session.scalars(query.order_by(LiaisonActivity.on.desc(), LiaisonActivity.id.desc())).all()
    teams = dict(session.execute(select(Team.id, Team.short)).all())
    users = dict(session.execute(select(User.id, User.name)).all())
    codes = {code for row in rows for code in row.evidence}
    seen = select(Evidence.code, Evidence.id).where(Evidence.code.in_(codes), evidence_clause(viewer), unrestricted())
    items = dict(session.execute(seen).all()) if codes else {}
    writable = set(session.scalars(mine)) if viewer.role in WRITERS else set()
    return [
        ActivityLine(
            r.id, r.team_id, teams[r.team_id], r.zone_id, r.on, r.kind,
            tuple(users.get(u, "") for u in r.officers), r.facts,
            tuple((items[code], code) for code in r.evidence if code in items), r.follow_up, r.follow_due,
            r.followed_on, r.followed, r.void_reason,
            bool(r.follow_up and not r.followed_on and not r.void_reason and r.follow_due and today > r.follow_due),
            r.team_id in writable,
        )
        for r in rows
    ]  # fmt: skip


def _wrong(message: str, where: str) -> ShijiError:
    return ShijiError("LIAISON-FIELD", message, where, "请核对后重新填写。")
