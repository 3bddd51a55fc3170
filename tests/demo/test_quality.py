"""The gate: what the analysis makes of the demo and of the real texts may not fall below quality.toml."""

from __future__ import annotations

import tomllib
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from benchmarks import evaluate
from demo.compare import Scores
from demo.judge import judge
from nlp.topic import load_topic_model

QUALITY: dict[str, Any] = tomllib.loads(evaluate.FLOORS.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scores() -> Scores:
    return judge()


@pytest.fixture
def data() -> Path:
    folder = evaluate.shared_data()
    if folder is None:
        pytest.skip("no real test data: set SHIJI_SHARED to the folder that holds `data`")
    return folder


def below(figures: dict[str, Any], floors: dict[str, float]) -> dict[str, tuple[float, float]]:
    """Name -> (measured, floor) of every figure that is too low; an unknown name is an error."""
    return {name: (figures[name], floor) for name, floor in floors.items() if figures[name] < floor}


@pytest.mark.parametrize("name", QUALITY["demo"]["floor"])
def test_demo_floor(scores: Scores, name: str) -> None:
    assert below(scores.figures(), {name: QUALITY["demo"]["floor"][name]}) == {}


@pytest.mark.parametrize("name", QUALITY["demo"]["ceiling"])
def test_demo_ceiling(scores: Scores, name: str) -> None:
    kinds = {"wrong_person": "错认干部", "quarantine_missed": "隔离", "quarantine_false": "隔离"}
    shown = [m for m in scores.misses if m.kind == kinds.get(name)]
    assert scores.figures()[name] <= QUALITY["demo"]["ceiling"][name], shown


def test_the_gate_covers_what_trust_hangs_on() -> None:
    assert QUALITY["demo"]["ceiling"]["wrong_person"] == 0
    assert QUALITY["demo"]["ceiling"]["quarantine_missed"] == 0
    assert QUALITY["demo"]["floor"]["team_precision"] >= 0.97  # domain.md §3.9
    assert QUALITY["demo"]["floor"]["cadre_precision"] >= 0.98


def test_labelled_floor() -> None:
    """As measured by folds when the shipped files were made; their hashes are checked when they are read."""
    load_topic_model()
    assert below(evaluate.shipped(), QUALITY["labelled"]["floor"]) == {}
    assert evaluate.shipped()["calibration_error"] <= QUALITY["labelled"]["ceiling"]["calibration_error"]


def test_near_duplicates_floor(data: Path) -> None:
    assert below(asdict(evaluate.duplicates(data)), QUALITY["near_duplicates"]["floor"]) == {}
