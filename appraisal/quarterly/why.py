"""为什么是 80.2 分: the whole sum of one team in a run, down to the figures it was computed from (§6.3, 7)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from appraisal.core_four import core_four
from appraisal.drilldown import ScoreNode
from appraisal.pins import pinned_state
from appraisal.quarterly.reference import lights_in, reference, task_node
from appraisal.quarterly.rules import stored_rules
from dossier.scope import Viewer, get_team
from storage.tables import QuarterRun


def run_tree(session: Session, viewer: Viewer, row: QuarterRun, team_id: str) -> ScoreNode:
    """The tree behind the published number: figures as pinned, whatever was corrected since. Raises TEAM-UNKNOWN."""
    team, rules = get_team(session, viewer, team_id), stored_rules(row.rule)
    state = pinned_state(session, row.pin_id)
    four = core_four(session, row.quarter, book=state.book, figures=state.figures).get(team.id)
    tasks = task_node(lights_in(row.basis, team.id), rules)
    return reference(team.short, four.node if four else None, tasks, rules)
