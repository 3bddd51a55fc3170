"""The parts of a score that are no indicators: surveys, and 重点工作 as the task board has them (domain.md §1.5)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy.orm import Session

from appraisal.drilldown import ScoreNode
from appraisal.figures import Assessed
from appraisal.periods import period_key
from appraisal.quarterly.grading import task_nodes
from appraisal.ranking import DISTRICT_CATEGORIES
from appraisal.surveys import LABEL, latest_survey, survey_nodes


def outside_parts(
    session: Session, period: str, teams: Sequence[Assessed], survey_id: int | None = None
) -> dict[str, dict[str, ScoreNode]]:
    """Team -> block -> node, for departments. survey_id: that of a pin; by default the year's newest."""
    departments = [team.id for team in teams if team.category not in DISTRICT_CATEGORIES]
    if not departments:
        return {}
    found: dict[str, dict[str, ScoreNode]] = {team: {} for team in departments}
    _put(found, "重点工作", task_nodes(session, period, departments))
    chosen = survey_id or latest_survey(session, period_key(period)[0])
    if chosen:
        _put(found, LABEL, survey_nodes(session, chosen, departments))
    return found


def _put(found: dict[str, dict[str, ScoreNode]], block: str, nodes: Mapping[str, ScoreNode]) -> None:
    for team, node in nodes.items():
        if team in found:
            found[team][block] = node
