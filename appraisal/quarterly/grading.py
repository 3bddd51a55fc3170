"""Where the tasks of a quarter stand, for many teams at once: lights, counts, and S3 (domain.md §1.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from appraisal.drilldown import ScoreNode
from appraisal.periods import period_key
from appraisal.quarterly.reference import Light, task_node
from appraisal.quarterly.rules import rules_of
from appraisal.quarterly.states import SETTLED
from appraisal.quarterly.tasks import TEAM, held_versions
from appraisal.review.quarter import Quarter
from dossier import terms
from storage.tables import Evidence, Task, TaskClaim, TaskLink

UNVERIFIED = (terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING)


@dataclass(frozen=True)
class Counts:
    """Claims of a quarter: how many, how many verified; open: claims and linked evidence not verified yet."""

    claims: int = 0
    verified: int = 0
    open: int = 0


def lights_of(
    session: Session, quarter: Quarter, kind: str = TEAM, teams: Collection[str] | None = None, cadre_id: str = ""
) -> dict[str, list[Light]]:
    """Team id -> its tasks in order with their verified levels. Personal ones only for one cadre (R-30)."""
    held = held_versions(session, quarter.year, quarter.number, kind, teams, cadre_id)
    query = (
        select(TaskClaim)
        .join(Task, TaskClaim.task_id == Task.id)
        .where(Task.year == quarter.year, Task.kind == kind, TaskClaim.quarter == quarter.number)
    )
    claims = {claim.task_id: claim for claim in session.scalars(query)}
    found: dict[str, list[Light]] = {}
    for task, words in held:
        claim = claims.get(task.id)
        settled = claim is not None and claim.state in SETTLED
        found.setdefault(task.team_id, []).append(
            Light(
                task.number, words.title, words.weight, claim.found if claim and settled else "",
                claim.level if claim else "", claim.state if claim else "", task.id, words.id, claim.id if claim else 0,
            )
        )  # fmt: skip
    return found


def counts_of(session: Session, quarter: Quarter) -> dict[str, Counts]:
    """Team id -> counts of claims on its 重点工作, and of evidence that officers linked to them in the quarter."""
    claims = (
        select(Task.team_id, TaskClaim.state, func.count())
        .join(Task, TaskClaim.task_id == Task.id)
        .where(Task.year == quarter.year, Task.kind == TEAM, TaskClaim.quarter == quarter.number)
        .group_by(Task.team_id, TaskClaim.state)
    )
    links = (
        select(Task.team_id, func.count(Evidence.id.distinct()))
        .join(TaskLink, TaskLink.task_id == Task.id)
        .join(Evidence, TaskLink.evidence_id == Evidence.id)
        .where(
            Task.year == quarter.year, Task.kind == TEAM, TaskLink.state == "confirmed", Evidence.state.in_(UNVERIFIED),
            and_(Evidence.event_date >= quarter.first, Evidence.event_date <= quarter.last),
        )
        .group_by(Task.team_id)
    )  # fmt: skip
    tally: dict[str, list[int]] = {}
    for team, state, count in session.execute(claims):
        row = tally.setdefault(team, [0, 0, 0])
        row[0] += count
        row[1] += count if state in SETTLED else 0
        row[2] += 0 if state in SETTLED else count
    for team, count in session.execute(links):
        tally.setdefault(team, [0, 0, 0])[2] += count
    return {team: Counts(*row) for team, row in tally.items()}


def task_nodes(session: Session, period: str, teams: Collection[str]) -> Mapping[str, ScoreNode]:
    """Team id -> S3 for a cumulative period, for the block 重点工作 of a department; only teams with frozen tasks."""
    year, number = period_key(period)
    quarter, rules = Quarter(year, number), rules_of(session, year)
    return {team: task_node(lights, rules) for team, lights in lights_of(session, quarter, TEAM, teams).items()}


def days_in_post(start: date | None, end: date | None, quarter: Quarter) -> int:
    """Days of a quarter that a tenure [start, end) covers."""
    first = max(start, quarter.first) if start else quarter.first
    after = min(end, quarter.following.first) if end else quarter.following.first
    return max(0, (after - first).days)
