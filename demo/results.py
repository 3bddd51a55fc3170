"""What the demo's people did with the published quarters: evidence linked to tasks, response, meeting, talks, register.

Every class of talk and every decision is in tasks.yaml, as a person of the fictional city chose it. Done once.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.quarterly import links, runs
from appraisal.results import register, responses, talks
from demo.history import Officers
from demo.rows import read_yaml
from dossier import terms
from dossier.scope import Viewer, viewer_of
from nlp.links import likeness_of_tasks
from nlp.sentences import load_static_model
from storage.database import Database
from storage.settings import CHINA
from storage.tables import Evidence, EvidenceCadre, GroupTalk, Task, TaskLink, Team, User

FILE = Path(__file__).with_name("tasks.yaml")
LIKELY = 90  # likeness from which the demo's officers confirmed; the rest is left to the visitor
People = Mapping[str, Viewer]


def use_results(database: Database, officers: Mapping[str, Officers], today: dt.date) -> bool:
    """Links, response, meeting, talks, register on the decided history; True when they were written now."""
    plan = read_yaml(FILE)
    with database.write() as session:
        if session.scalar(select(GroupTalk.id).limit(1)) is not None:
            return False
        people = {user.login: viewer_of(session, user) for user in session.scalars(select(User))}
        _link(session, people, officers)
        second, third = (runs.newest_run(session, code, published=True) for code in ("2025Q2", "2025Q3"))
        if second is None or third is None:
            return False
        told = plan["response"]
        row = responses.respond(session, people[told["login"]], third.id, told["text"], today)
        responses.reply(session, people["kh"], row.id, told["reply"])
        row.at = row.replied_at = dt.datetime.combine(today, dt.time(10), CHINA)
        _meet(session, people, second.id, plan, today)
        for told in plan["decisions"]:
            _register(session, people, told, today)
    return True


def _link(session: Session, people: People, officers: Mapping[str, Officers]) -> None:
    """Officers looked for evidence of their teams' tasks and confirmed what was plainly about them."""
    teams = session.execute(
        select(Team.id, Team.zone_id).where(Team.id.in_(select(Evidence.team_id).distinct())).order_by(Team.id)
    ).all()
    likeness = partial(likeness_of_tasks, load_static_model())
    for team, zone in teams:
        links.propose_links(session, people[officers[zone].first], 2025, team, likeness)
    query = select(TaskLink, Team.zone_id).join(Task, TaskLink.task_id == Task.id).join(Team, Task.team_id == Team.id)
    for row, zone in session.execute(query.where(TaskLink.likeness >= LIKELY)).all():
        links.decide_link(session, people[officers[zone].first], row.id, True)


def _meet(session: Session, people: People, run_id: int, plan: Mapping[str, Any], today: dt.date) -> None:
    told = plan["meeting"]
    districts = list(session.scalars(select(Team.id).where(Team.kind == "县区").order_by(Team.ordinal, Team.id)))
    talks.hold_meeting(
        session, people["kh"], run_id, told["day"], told["place"], told["chair"], districts, told["agenda"],
        told["minutes"],
    )  # fmt: skip
    for chosen in plan["talks"]:
        zone = session.get_one(Team, chosen["team"]).zone_id
        head = people["head1" if zone in ("Z1", "Z2") else "head"]
        row = talks.choose_class(session, head, run_id, chosen["team"], chosen["class"], chosen["reason"])
        talks.decide_class(session, people["dep"], row.id, True)
        talks.mark_talked(session, head, row.id, told["day"] + dt.timedelta(days=4), today)
        row.chosen_at = row.decided_at = dt.datetime.combine(told["day"], dt.time(16), CHINA)


def _register(session: Session, people: People, told: Mapping[str, Any], today: dt.date) -> None:
    """A decision the committee took, with what stood in the dossier then."""
    mine = select(EvidenceCadre.evidence_id).where(
        EvidenceCadre.cadre_id == told["cadre"], EvidenceCadre.role.in_(("主体", "参与"))
    )
    query = select(Evidence.code).where(
        Evidence.id.in_(mine), Evidence.state.in_(terms.ESTABLISHED), Evidence.adverse.is_(False),
        Evidence.restricted.is_(False),
    )  # fmt: skip
    codes = list(session.scalars(query.order_by(Evidence.id).limit(3)))
    row = register.enter_decision(
        session, people["head1"], told["cadre"], told["day"], told["body"], told["document"], told["text"], codes, today
    )
    register.confirm_decision(session, people["dep"], row.id)
    row.entered_at = row.confirmed_at = dt.datetime.combine(told["day"], dt.time(17), CHINA)
