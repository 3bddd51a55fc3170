"""The demo's tasks: three a team, levels that exist, and nothing that a person of the program would have to decide."""

from __future__ import annotations

from pathlib import Path

from appraisal.quarterly.rules import LEVELS
from appraisal.results.talks import CLASSES
from demo.rows import read_yaml

HOME = Path(__file__).parents[2] / "demo"
PLAN = read_yaml(HOME / "tasks.yaml")
TEAMS = [team["id"] for team in read_yaml(HOME / "roster.yaml")["teams"]]


def test_every_team_has_three_tasks_of_its_own() -> None:
    assert list(PLAN["teams"]) == TEAMS
    titles = [title for three in PLAN["teams"].values() for title in three]
    assert all(len(three) == 3 for three in PLAN["teams"].values())
    assert len(set(titles)) == len(titles) == 150


def test_levels_and_open_claims_name_teams_and_levels_that_exist() -> None:
    for told in PLAN["levels"].values():
        assert set(told) <= set(TEAMS)
        assert {level for three in told.values() for level in three} <= set(LEVELS)
    assert {team for teams in PLAN["open_2025Q3"].values() for team in teams} <= set(TEAMS)


def test_four_quarters_are_published_in_their_order_and_one_has_a_second_version() -> None:
    days = [told["day"] for told in PLAN["runs"]]
    assert [told["quarter"] for told in PLAN["runs"]] == ["2024Q4", "2025Q1", "2025Q2", "2025Q3"]
    assert days == sorted(days)
    assert PLAN["late"]["quarter"] == "2024Q4"
    assert days[0] < PLAN["late"]["day"] < days[1]


def test_classes_of_talk_have_reasons_and_none_is_the_third() -> None:
    assert all(told["class"] in CLASSES and told["reason"] for told in PLAN["talks"])
    assert 3 not in {told["class"] for told in PLAN["talks"]}
