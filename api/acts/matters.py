"""重要事项 for pages and JSON: the front page of each role, a report from typed fields, acts on one matter."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.acts.sealing import sealed, year_of
from api.form_fields import Fields
from api.system import System
from dossier.compartment import kinds, matters, register
from dossier.compartment.kinds import MatterData
from dossier.compartment.rights import KEEPERS, NAMED, RECEIVERS
from dossier.compartment.statistics import SEERS, statistics
from dossier.scope import Viewer
from dossier.teamfile import members_of
from storage.tables import Team, User

ACTS = frozenset({"readers", "end-reader", "correct", "merge", "care", "close"})


def front(system: System, viewer: Viewer) -> dict[str, Any]:
    """What stands on the page of 重要事项 for this role."""
    today = system.settings.today()
    values: dict[str, Any] = {
        "lines": [], "waiting": [], "own": [], "counts": [], "people": [], "teams": [], "units": [], "due": []
    }  # fmt: skip
    with system.database.read() as session:
        vault = system.vault(session)
        if viewer.role in KEEPERS | NAMED:
            values["lines"] = register.register(session, vault, viewer, *year_of(today))
            values["due"] = register.due_for_destruction(values["lines"], today)
        if viewer.role in RECEIVERS:
            values["waiting"] = register.waiting(session, vault, viewer)
        if viewer.role in SEERS:
            values["counts"] = statistics(session, viewer)
        if viewer.role == "UNIT":
            values["own"] = register.own(session, vault, viewer)
            values["people"] = people_of(session, viewer.team_id, today)
        elif viewer.role in KEEPERS:
            values["teams"] = teams_with_people(session, today)
            rows = session.execute(select(Team.id, Team.short).order_by(Team.ordinal, Team.id))
            values["units"] = [(row.id, row.short) for row in rows]
    return values


def readers_to_name(session: Session) -> list[User]:
    """Heads and leaders who may be named."""
    return list(session.scalars(select(User).where(User.role.in_(NAMED), User.enabled.is_(True)).order_by(User.id)))


def matter_of(typed: Fields, viewer: Viewer) -> MatterData:
    """The report as typed; a UNIT's is always of its own team. SUP chooses cadre and team as D01/P002."""
    team, _, cadre = typed.text("cadre").rpartition("/")
    unit = viewer.team_id or team or typed.text("team")
    return MatterData(
        typed.text("kind"), cadre, unit, typed.needed_day("occurred_on", "发生时间"),
        typed.text("occurred_hour"), typed.text("fact"), typed.text("effect") or "不影响", typed.text("expected"),
        typed.text("measures"), typed.text("signer"), typed.text("reporter"),
        typed.text("channel") or kinds.BY_LEADER, typed.text("urgent"), typed.text("family_kind"), typed.text("body"),
        typed.text("stage"), typed.text("public") == "1", "" if cadre else typed.text("cadre_name"),
    )  # fmt: skip


def act_on(system: System, viewer: Viewer, matter_id: int, act: str, typed: Fields) -> None:
    """One act on a matter. Raises MATTER-*."""
    today = system.settings.today()
    text = typed.text
    if act == "correct":
        data = matter_of(typed, viewer)
        sealed(
            system, viewer, "matter-correct", "matter", str(matter_id),
            lambda s, vault, v: matters.correct(s, vault, v, matter_id, data, text("reason")),
        )  # fmt: skip
        return
    on = typed.day("on", "日期") or today
    reader = typed.number("reader", "阅看人") if act == "end-reader" else 0
    changes: dict[str, Any] = {
        "readers": lambda s, vault, v: matters.name_reader(s, vault, v, matter_id, text("login")),
        "end-reader": lambda s, vault, v: matters.end_reader(s, vault, v, reader),
        "merge": lambda s, vault, v: matters.merge(s, vault, v, matter_id, text("into")),
        "care": lambda s, vault, v: matters.care(s, vault, v, matter_id, text("kind"), on, text("note")),
        "close": lambda s, vault, v: matters.close(s, vault, v, matter_id, on, text("note")),
    }
    sealed(system, viewer, f"matter-{act}", "matter", str(matter_id), changes[act])


def teams_with_people(session: Session, today: date) -> list[tuple[str, list[tuple[str, str]]]]:
    """Every team with its members, each as (D01/P002, name and post)."""
    teams = session.scalars(select(Team).order_by(Team.ordinal, Team.id))
    found = [(team.short, people_of(session, team.id, today)) for team in teams]
    return [(name, people) for name, people in found if people]


def people_of(session: Session, team_id: str, today: date) -> list[tuple[str, str]]:
    """Members of a team as (D01/P002, name and post)."""
    serving, _ = members_of(session, team_id, today)
    return [(f"{team_id}/{m.cadre_id}", f"{m.name}　{m.post}") for m in serving]
