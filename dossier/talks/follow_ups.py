"""商定事项 of talks: a person's moves with the person, a unit's stays with the unit (domain.md §1.11 c, journey 5)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.scope import Viewer, cadre_zones
from dossier.talks.rights import TALKERS, is_closed, require, takes_part
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Cadre, Talk, TalkFollowUp, TalkRecord, Team

OPEN, DONE, DROPPED = "open", "done", "dropped"
STATES = {OPEN: "未落实", DONE: "已落实", DROPPED: "不再办理"}


@dataclass(frozen=True)
class FollowLine:
    """A commitment as shown; `whom`: the person or the unit it falls to."""

    id: int
    talk_id: int
    talked_on: date
    cadre_id: str
    whom: str
    item: str
    owner: str
    due: date
    state: str
    settled_on: date | None
    result: str
    overdue: bool


def settle(
    session: Session, viewer: Viewer, follow_id: int, state: str, result: str, on: date, today: date
) -> TalkFollowUp:
    """Say that a commitment was kept, or is no longer pursued, with what was seen. Raises TALK-FOLLOW."""
    require(viewer, TALKERS)
    row = session.get(TalkFollowUp, follow_id)
    if row is None or row not in _visible(session, viewer, [row], today):
        raise ShijiError("TALK-FOLLOW-UNKNOWN", "没有这一商定事项，或不在您的范围", str(follow_id), "请从台账进入。")
    if row.state != OPEN or state not in (DONE, DROPPED) or not result.strip():
        raise ShijiError("TALK-FOLLOW", "请写明落实情况；已办结的不再改动", str(follow_id), "请核对。")
    if on > today:
        raise ShijiError("TALK-FOLLOW", f"日期晚于今天：{on}", str(follow_id), "请改正日期。")
    row.state, row.result, row.settled_on, row.settled_by = state, result.strip(), on, viewer.user_id
    return row


def follow_ups(session: Session, viewer: Viewer, today: date, only_open: bool = False) -> list[FollowLine]:
    """Commitments the viewer may see by where the person or the unit stands today, earliest due first."""
    require(viewer, TALKERS)
    query = select(TalkFollowUp).order_by(TalkFollowUp.due, TalkFollowUp.id)
    if only_open:
        query = query.where(TalkFollowUp.state == OPEN)
    return _lines(session, _visible(session, viewer, list(session.scalars(query)), today), today)


def standing(session: Session, viewer: Viewer, cadre_id: str, today: date) -> list[FollowLine]:
    """A person's own commitments in all held talks, newest talk first; wherever the person serves now. Those of talks
    the person asked for, and of restricted records, are left out for whoever did not take part."""
    rows = session.execute(
        select(TalkFollowUp, Talk)
        .join(Talk, TalkFollowUp.talk_id == Talk.id)
        .where(TalkFollowUp.cadre_id == cadre_id)
        .order_by(Talk.starts_at.desc(), TalkFollowUp.id)
    ).all()
    closed = _restricted(session, [row for row, _ in rows])
    kept = [row for row, talk in rows if takes_part(viewer, talk) or (not is_closed(talk) and talk.id not in closed)]
    return _lines(session, kept, today)


def of_talk(session: Session, talk_id: int, today: date) -> list[FollowLine]:
    """The commitments of one talk."""
    rows = session.scalars(select(TalkFollowUp).where(TalkFollowUp.talk_id == talk_id).order_by(TalkFollowUp.id))
    return _lines(session, list(rows), today)


def _visible(session: Session, viewer: Viewer, rows: list[TalkFollowUp], today: date) -> list[TalkFollowUp]:
    talks = {t.id: t for t in session.scalars(select(Talk).where(Talk.id.in_({row.talk_id for row in rows})))}
    zones = cadre_zones(session, today)
    team_zone = dict(session.execute(select(Team.id, Team.zone_id)).all())
    closed = _restricted(session, rows)
    found = []
    for row in rows:
        talk = talks[row.talk_id]
        if row.cadre_id in viewer.recused_cadres or row.team_id in viewer.recused_teams:
            continue
        if takes_part(viewer, talk):
            found.append(row)
        elif not is_closed(talk) and talk.id not in closed:
            held = zones.get(row.cadre_id, set()) if row.cadre_id else {team_zone.get(row.team_id or "", "")}
            if viewer.zones is None or held & viewer.zones:
                found.append(row)
    return found


def _restricted(session: Session, rows: list[TalkFollowUp]) -> set[int]:
    """Talks whose record is closed to all who did not take part."""
    query = select(TalkRecord.talk_id).where(TalkRecord.restricted.is_(True))
    return set(session.scalars(query.where(TalkRecord.talk_id.in_({row.talk_id for row in rows}))))


def _lines(session: Session, rows: list[TalkFollowUp], today: date) -> list[FollowLine]:
    talks = {t.id: t for t in session.scalars(select(Talk).where(Talk.id.in_({row.talk_id for row in rows})))}
    cadres = dict(session.execute(select(Cadre.id, Cadre.name)).all())
    teams = dict(session.execute(select(Team.id, Team.short)).all())
    return [
        FollowLine(
            r.id, r.talk_id, talks[r.talk_id].starts_at.astimezone(CHINA).date(), r.cadre_id or "",
            cadres.get(r.cadre_id or "") or teams.get(r.team_id or "", ""), r.item, r.owner, r.due, r.state,
            r.settled_on, r.result, r.state == OPEN and today > r.due,
        )
        for r in rows
    ]  # fmt: skip
