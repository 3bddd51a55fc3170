"""Step 1 of the decision procedure (domain.md §3.5): is a team or cadre of this roster actor, object or duty-holder?

A topic model knows no roster. What it takes for local work may be another city's, and what it takes for irrelevant may
name one of our teams as the actor; the attribution decides both.
"""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.cadres import CadreFindings
from nlp.roles import IN_DOSSIER_ROLES
from nlp.teams import TeamFindings
from nlp.topic_port import TopicResult

SURE = 0.9  # no local body is named at all: what remains is reference from another passage
RUMOUR = "WT15"  # an allegation that names nobody is kept for a person to judge (gold passage 36)
IRRELEVANT = "irrelevant"
LONGEST_FRAGMENT = 20
_SENTENCE = re.compile(r"[。！？；，,：:]")  # without any of these a short line is a heading, a signature or a cell


def as_fragment(text: str, topic: TopicResult) -> TopicResult | None:
    """The topic of a line that is no statement (heading, signature, cell); None for anything that may be one."""
    if len(text) > LONGEST_FRAGMENT or _SENTENCE.search(text):
        return None
    why = "标题、落款或表格单元，不单独成条"
    return replace(topic, label=IRRELEVANT, also=(), sub_type=None, confidence=SURE, because=why)


def relevant(topic: TopicResult, teams: TeamFindings, cadres: CadreFindings, owned: bool) -> TopicResult:
    """The topic after asking the roster. `owned`: the document is a team's own paper, which speaks of 我局 unnamed."""
    named = bool(teams.accepted or teams.undecided or cadres.accepted or cadres.undecided)
    if topic.label != IRRELEVANT:
        if named or owned or topic.sub_type == RUMOUR:
            return topic
        return replace(
            topic,
            label=IRRELEVANT,
            also=(topic.label,),
            sub_type=None,
            confidence=max(SURE, topic.probabilities.get(IRRELEVANT, 0.0)),
            because="未提及本市管理的班子和干部，判为无关",
        )
    acting = [t for t in teams.accepted if t.role in IN_DOSSIER_ROLES]
    others = {label: p for label, p in topic.probabilities.items() if label != IRRELEVANT}
    if not acting or not others:
        return topic
    best = max(others, key=lambda label: others[label])
    if others[best] * 4 < topic.probabilities.get(IRRELEVANT, 0.0):
        return topic  # named as the place of something else's story
    share = others[best] / (sum(others.values()) or 1.0)
    return replace(
        topic, label=best, also=(IRRELEVANT,), sub_type=None, confidence=share,
        because=f"{topic.because.split('，判为')[0]}；文中有本市班子为{acting[0].role}，不判无关",
    )  # fmt: skip
