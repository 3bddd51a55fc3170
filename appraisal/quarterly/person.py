"""重点任务 of one member: the "2" of 4+3+2 (domain.md §1.1).

It stands on the person's own page for whoever states a purpose. There is no number over the two tasks, nothing is
averaged into the team, and no function here takes more than one person.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.quarterly.grading import days_in_post, lights_of
from appraisal.quarterly.rules import rules_of
from appraisal.quarterly.table import ShownLight, light_of
from appraisal.quarterly.tasks import PERSONAL, held_versions
from appraisal.review.quarter import Quarter
from dossier.scope import Viewer, get_cadre, team_clause
from storage.tables import Cadre, Post, Task, TaskClaim, TaskVersion, Team, Tenure

TOO_SHORT = "任职不满，不评"


@dataclass(frozen=True)
class PersonTask:
    """One task in one quarter. light None: 任职不满，不评."""

    number: int
    title: str
    milestone: str
    light: ShownLight | None
    claim: str
    task_id: int


@dataclass
class PersonQuarter:
    """A quarter of a post. note: 任职不满，不评 with the days, or empty."""

    quarter: Quarter
    days: int
    note: str
    tasks: list[PersonTask] = field(default_factory=list)


@dataclass
class PersonTeam:
    """A post's team and its four quarters."""

    team_id: str
    team: str
    post: str
    words: list[tuple[Task, TaskVersion]] = field(default_factory=list)
    quarters: list[PersonQuarter] = field(default_factory=list)


@dataclass
class PersonSheet:
    """The page of one cadre and year."""

    cadre: Cadre
    year: int
    teams: list[PersonTeam] = field(default_factory=list)


def person_sheet(session: Session, viewer: Viewer, cadre_id: str, year: int, today: date) -> PersonSheet:
    """Personal tasks of a cadre in the teams the viewer may see. Raises CADRE-UNKNOWN, RIGHTS-RECUSAL."""
    cadre = get_cadre(session, viewer, cadre_id, today)
    sheet = PersonSheet(cadre, year)
    first, last = date(year, 1, 1), date(year, 12, 31)
    rows = session.execute(
        select(Team.id, Team.short, Post.title, Tenure.start, Tenure.end)
        .join(Post, Post.team_id == Team.id)
        .join(Tenure, Tenure.post_id == Post.id)
        .where(Tenure.cadre_id == cadre_id, team_clause(viewer))
        .order_by(Tenure.start)
    ).all()
    spans: dict[str, list[tuple[date | None, date | None]]] = {}
    for team_id, short, post, start, end in rows:
        if (start or first) > last or (end is not None and end <= first):
            continue
        spans.setdefault(team_id, []).append((start, end))
        held = next((one for one in sheet.teams if one.team_id == team_id), None)
        if held is None:
            words = held_versions(session, year, 4, PERSONAL, [team_id], cadre_id)
            sheet.teams.append(PersonTeam(team_id, short, post, words))
        else:
            held.post = post
    short_days = rules_of(session, year).short_days
    for team in sheet.teams:
        for number in (1, 2, 3, 4):
            quarter = Quarter(year, number)
            if quarter.first <= today:
                team.quarters.append(_quarter(session, cadre_id, team, quarter, spans[team.team_id], short_days))
    return sheet


def _quarter(
    session: Session, cadre_id: str, team: PersonTeam, quarter: Quarter, spans: list[tuple[date | None, date | None]],
    short_days: int,
) -> PersonQuarter:  # fmt: skip
    days = sum(days_in_post(start, end, quarter) for start, end in spans)
    too_short = days < short_days
    note = f"{TOO_SHORT}（本季度任职 {days} 天）" if too_short else ""
    made = PersonQuarter(quarter, days, note)
    held = held_versions(session, quarter.year, quarter.number, PERSONAL, [team.team_id], cadre_id)
    words = {row.id: row for _, row in held}
    for light in lights_of(session, quarter, PERSONAL, [team.team_id], cadre_id).get(team.team_id, ()):
        claim = session.get(TaskClaim, light.claim_id) if light.claim_id else None
        shown = None if too_short else light_of(light.level, light.why, light.number, light.title)
        milestone = str(words[light.version_id].milestones.get(f"Q{quarter.number}", ""))
        made.tasks.append(
            PersonTask(light.number, light.title, milestone, shown, claim.text if claim else "", light.task_id)
        )
    return made
