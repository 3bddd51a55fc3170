"""Surveys as shown: their state, and results that give no small class of ballots away (domain.md §1.5)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.surveys import get_survey, survey_scores
from dossier.scope import Viewer, require_reader, team_clause
from storage.tables import Survey, SurveyCount, Team


@dataclass(frozen=True)
class SurveyLine:
    """A survey in the list. rows: teams with ballots, without any count of ballots."""

    id: int
    year: int
    title: str
    classes: dict[str, str]
    state: str
    teams: int


@dataclass(frozen=True)
class SurveyRow:
    """One team's result."""

    team_id: str
    team: str
    category: str
    score: str
    formula: str
    flags: tuple[str, ...]


def survey_list(session: Session) -> list[SurveyLine]:
    """All surveys, newest first."""
    counts = dict(
        session.execute(
            select(SurveyCount.survey_id, func.count(SurveyCount.team_id.distinct())).group_by(SurveyCount.survey_id)
        ).all()
    )
    rows = session.scalars(select(Survey).order_by(Survey.id.desc()))
    return [SurveyLine(r.id, r.year, r.title, dict(r.classes), r.state, counts.get(r.id, 0)) for r in rows]


def survey_rows(session: Session, viewer: Viewer, survey_id: int) -> list[SurveyRow]:
    """Results of a closed survey for the teams the viewer may see, in roster order; none of an open one."""
    require_reader(viewer)
    if get_survey(session, survey_id).state != "closed":
        return []
    teams = session.execute(
        select(Team.id, Team.short, Team.category_id).where(team_clause(viewer)).order_by(Team.ordinal, Team.id)
    ).all()
    scores = survey_scores(session, survey_id, [row.id for row in teams])
    return [
        SurveyRow(key, name, category, scores[key].text, scores[key].formula, scores[key].flags)
        for key, name, category in teams
        if key in scores
    ]
