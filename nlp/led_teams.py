"""A cadre attributed by name and post brings the team, where the passage does not name it: 市长龚启帆到疏港大道察看."""

from __future__ import annotations

from nlp.acts import chairs
from nlp.cadres import CadreAttribution, CadreFindings
from nlp.context import DocumentContext
from nlp.leaders import part_of_leader
from nlp.teams import TeamAttribution, TeamFindings
from nlp.topic_port import TopicResult


def with_teams_of_cadres(
    context: DocumentContext, teams: TeamFindings, cadres: CadreFindings, topic: TopicResult | None = None
) -> TeamFindings:
    """`teams` and the teams of accepted cadres that the passage does not name otherwise."""
    known = {t.id for t in teams.accepted}
    label = topic.label if topic else ""
    added: dict[str, TeamAttribution] = {}
    for cadre in cadres.accepted:
        if cadre.team not in known and cadre.team not in added:
            added[cadre.team] = _team(context, cadre, label)
    if not added:
        return teams
    left = tuple(t for t in teams.undecided if t.id not in added)
    return TeamFindings((*teams.accepted, *added.values()), left)


def _team(context: DocumentContext, cadre: CadreAttribution, label: str) -> TeamAttribution:
    roster = context.matcher.roster
    if cadre.by_earlier_line or "P3" in cadre.rules:
        role = "仅提及"
    else:
        role = part_of_leader(cadre.role, chairs(context.text[cadre.span[1] : cadre.span[1] + 40]), label) or "仅提及"
    unit, words = roster.by_id[cadre.team].full, context.text[cadre.span[0] : cadre.span[1]]
    because = f"命中：{words}；本段由其{unit}职务归属；角色：{role}"
    return TeamAttribution(cadre.team, role, min(cadre.confidence, 0.9), because, "accepted", ("P2",), 3, (cadre.span,))
