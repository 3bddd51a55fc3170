"""Who sees which talk: who takes part, who planned it, the heads of the person's zones, the leaders (§2.7)."""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.scope import Viewer, cadre_zones
from storage.errors import ShijiError
from storage.tables import Talk, TalkPerson, TalkRequest

PLANNERS = frozenset({"OFF", "HEAD"})
APPROVERS = frozenset({"HEAD", "DEP", "MIN"})
READERS = frozenset({"OFF", "HEAD", "DEP", "MIN", "KH"})  # KH: statistics only
TALKERS = frozenset({"OFF", "HEAD", "DEP", "MIN"})  # who may take part for the department
REQUESTED = "干部约谈"
CLOSED_TRIGGERS = frozenset({"重要事项"})  # who is met for one would be a name outside the compartment


def require(viewer: Viewer, roles: frozenset[str]) -> None:
    """Raises RIGHTS-ROLE."""
    if viewer.role not in roles:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能办理谈心谈话", viewer.role, "请联系处室负责人。")


def takes_part(viewer: Viewer, talk: Talk) -> bool:
    """Whether the viewer interviews, sits in, or planned the talk."""
    return viewer.user_id in (talk.interviewer_id, talk.planned_by, *talk.staff)


def is_closed(talk: Talk) -> bool:
    """Whether only those who take part may know of it: asked for by the cadre, or on an important matter."""
    return talk.direction == REQUESTED or talk.trigger in CLOSED_TRIGGERS


def requested_talks(session: Session, viewer: Viewer) -> set[int]:
    """Talks of requests that are none of the viewer's: closed even to the heads of the zone."""
    rows = session.execute(
        select(TalkRequest.talk_id, TalkRequest.addressee_id, TalkRequest.scheduler_id).where(
            TalkRequest.talk_id.is_not(None)
        )
    )
    return {talk for talk, *own in rows if talk is not None and viewer.user_id not in own}


def visible_talks(session: Session, viewer: Viewer, talks: list[Talk], today: date) -> list[Talk]:
    """Those of these talks that the viewer may read, in the same order. A recusal closes all talks with the person."""
    closed = requested_talks(session, viewer)
    zones = cadre_zones(session, today) if viewer.role == "HEAD" and viewer.zones is not None else {}
    people: dict[int, list[TalkPerson]] = {}
    for person in session.scalars(select(TalkPerson).where(TalkPerson.talk_id.in_([t.id for t in talks]))):
        people.setdefault(person.talk_id, []).append(person)
    found = []
    for talk in talks:
        persons = people.get(talk.id, [])
        if any(p.cadre_id in viewer.recused_cadres or p.team_id in viewer.recused_teams for p in persons):
            continue
        if takes_part(viewer, talk) or (talk.id not in closed and _oversees(viewer, talk, persons, zones)):
            found.append(talk)
    return found


def _oversees(viewer: Viewer, talk: Talk, persons: list[TalkPerson], zones: dict[str, set[str]]) -> bool:
    if is_closed(talk):
        return False
    if viewer.role in ("DEP", "MIN"):
        return True
    if viewer.role != "HEAD":
        return False
    return viewer.zones is None or all(zones.get(p.cadre_id, set()) & viewer.zones for p in persons)


def get_talk(session: Session, viewer: Viewer, talk_id: int, today: date, lock: bool = False) -> Talk:
    """A talk the viewer may read. Raises RIGHTS-ROLE, TALK-UNKNOWN."""
    require(viewer, READERS)
    query = select(Talk).where(Talk.id == talk_id)
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None or not visible_talks(session, viewer, [row], today):
        raise ShijiError("TALK-UNKNOWN", "没有这次谈话，或您不在知悉范围", str(talk_id), "请从谈话台账进入。")
    return row
