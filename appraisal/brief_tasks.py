"""重点工作 of a cadre's present teams for a briefing note: where each stood at the end of the last quarter (§4.3)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.quarterly.grading import lights_of
from appraisal.quarterly.tasks import TEAM
from appraisal.review.quarter import quarters_until
from dossier.brief_content import TaskLine
from dossier.cadrefile import TenureRow
from storage.tables import Team


def brief_tasks(session: Session, tenures: Iterable[TenureRow], today: date) -> list[TaskLine]:
    """Frozen tasks of the teams a cadre serves in today, in the order of roster and task; no count, no score."""
    teams = {row.team_id for row in tenures if row.current}
    quarter = quarters_until(today, 2)[1]
    lights = lights_of(session, quarter, TEAM, teams)
    named = session.execute(select(Team.id, Team.short).where(Team.id.in_(lights)).order_by(Team.ordinal, Team.id))
    return [
        TaskLine(light.task_id, team_id, team, light.number, light.title, quarter.title, light.level, light.why)
        for team_id, team in named
        for light in lights[team_id]
    ]
