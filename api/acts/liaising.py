"""分片联系 for pages, JSON and commands: typed fields to rules, each act with its audit entry."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.acts.performing import perform
from api.days import typed_day
from api.form_fields import Fields
from api.system import System
from dossier.liaison import activities, duties, membership, rights, ties
from dossier.liaison.activities import ActivityData
from dossier.scope import Viewer, team_clause
from storage.tables import LiaisonActivity, Team, User, Zone


@dataclass(frozen=True)
class ZoneRow:
    """A zone in the list."""

    id: str
    name: str
    section: str
    lead: str
    backups: tuple[str, ...]
    deputies: tuple[str, ...]
    teams: int
    rotation: duties.Rotation | None
    uncovered: int


def zone_rows(session: Session, viewer: Viewer, today: date) -> list[ZoneRow]:
    """The viewer's zones with who is responsible today."""
    query = select(Zone).order_by(Zone.id)
    if viewer.zones is not None:
        query = query.where(Zone.id.in_(viewer.zones))
    found = []
    for zone in session.scalars(query):
        held = [d for d in duties.duties(session, zone.id, today) if d.current]
        named = {kind: tuple(d.officer for d in held if d.kind == kind) for kind in duties.KINDS}
        found.append(
            ZoneRow(
                zone.id, zone.name, zone.section, "、".join(named["lead"]), named["backup"], named["deputy"],
                len(membership.team_ids_on(session, zone.id, today)), duties.rotation(session, zone.id, today),
                len(duties.uncovered(session, zone.id, today)),
            )
        )  # fmt: skip
    return found


def all_zones(session: Session) -> list[tuple[str, str]]:
    """Ids and names of all zones."""
    return [(row.id, row.name) for row in session.execute(select(Zone.id, Zone.name).order_by(Zone.id))]


def teams(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """The viewer's teams in roster order."""
    rows = session.execute(select(Team.id, Team.short).where(team_clause(viewer)).order_by(Team.ordinal, Team.id))
    return [(row.id, row.short) for row in rows]


def officers(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """Logins and names of officers and heads, those of the viewer's section first."""
    users = session.scalars(select(User).where(User.role.in_(rights.WRITERS), User.enabled.is_(True)).order_by(User.id))
    ordered = sorted(users, key=lambda u: (u.section != viewer.section, u.section))
    return [(u.login, f"{u.name}　{u.section}") for u in ordered]


def days(since: str, until: str, usual: tuple[date, date]) -> tuple[date, date]:
    """The days asked for, or the usual ones."""
    return typed_day(since, "起始日期") or usual[0], typed_day(until, "截止日期") or usual[1]


def activity_of(typed: Fields) -> ActivityData:
    """A contact as typed."""
    return ActivityData(
        typed.text("team"), typed.needed_day("on", "联系日期"), typed.text("kind"), tuple(typed.texts("officers")),
        typed.text("facts"), tuple(typed.text("evidence").replace("，", " ").replace("、", " ").split()),
        typed.text("follow_up"), typed.day("follow_due", "后续时限"),
    )  # fmt: skip


def enter(system: System, viewer: Viewer, typed: Fields) -> LiaisonActivity:
    """Enter a contact."""
    data, today = activity_of(typed), system.settings.today()
    return perform(
        system, viewer, "liaison-enter", "liaison", "",
        lambda s, v: activities.enter_activity(s, v, data, today), {"team": data.team_id},
    )  # fmt: skip


def change(system: System, viewer: Viewer, activity_id: int, act: str, typed: Fields) -> None:
    """follow: how the follow-up came out; void: take a wrong entry out of the counts."""
    today = system.settings.today()
    on, text = typed.day("on", "日期") or today, typed.text("text")
    changes: dict[str, Any] = {
        "follow": lambda s, v: activities.settle_follow_up(s, v, activity_id, on, text, today),
        "void": lambda s, v: activities.void_activity(s, v, activity_id, text),
    }
    if act in changes:
        perform(system, viewer, f"liaison-{act}", "liaison", str(activity_id), changes[act])


def change_zone(system: System, viewer: Viewer, zone_id: str, act: str, typed: Fields) -> None:
    """duties: give one; end-duty; move: a team to another zone."""
    today = system.settings.today()
    login, kind, team = typed.text("login"), typed.text("kind"), typed.text("team")
    start, end = typed.day("start", "开始日期") or today, typed.day("end", "结束日期")
    excluded, reason, duty = typed.texts("excluded"), typed.text("reason"), typed.number("duty", "职责")
    changes: dict[str, Any] = {
        "duties": lambda s, v: duties.give_duty(s, v, zone_id, login, kind, start, end, excluded, reason),
        "end-duty": lambda s, v: duties.end_duty(s, v, duty, end or today),
        "move": lambda s, v: membership.move_team(s, v, team, typed.text("to"), start, reason),
    }
    if act in changes:
        detail = {"login": login, "team": team, "reason": reason}
        perform(system, viewer, f"zone-{act}", "zone", zone_id, changes[act], {k: x for k, x in detail.items() if x})


def add_tie(system: System, viewer: Viewer, typed: Fields) -> None:
    """Register a recusal of an officer."""
    until = typed.day("until", "离开日期")
    perform(
        system, viewer, "tie-add", "user", "",
        lambda s, v: ties.add_tie(s, v, typed.text("login"), typed.text("team"), typed.text("kind"), until),
        {"login": typed.text("login"), "team": typed.text("team")},
    )  # fmt: skip


def end_tie(system: System, viewer: Viewer, tie_id: int, typed: Fields) -> None:
    """End one, with a reason."""
    today, reason = system.settings.today(), typed.text("reason")
    perform(
        system, viewer, "tie-end", "user", str(tie_id), lambda s, v: ties.end_tie(s, v, tie_id, today, reason),
        {"reason": reason},
    )  # fmt: skip
