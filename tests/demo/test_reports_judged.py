"""The report files, read as the inbox reads them and then analysed: tables and signatures must mislead nobody."""

from __future__ import annotations

import pytest
import yaml

from collector.office.read import read_file
from demo.build_reports import FOLDER, TRUTH
from demo.compare import Scores, compare
from demo.judge import HERE, predict
from demo.truth import load_reports
from nlp.roster import load_roster
from nlp.topic import load_topic_model

REPORTS = yaml.safe_load(TRUTH.read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def scores() -> Scores:
    truth = load_reports()
    texts = {r["id"]: read_file(FOLDER / r["folder"] / r["file"]).text for r in REPORTS}
    predicted = predict(truth, load_roster(HERE / "roster.yaml"), load_topic_model(), texts)
    return compare(predicted, truth)


def test_no_wrong_person_and_only_the_letter_is_quarantined(scores: Scores) -> None:
    assert scores.wrong_person == 0, [m for m in scores.misses if m.kind == "错认干部"]
    assert (scores.quarantine_missed, scores.quarantine_false) == (0, 0)


def test_teams_of_read_files_are_as_good_as_those_of_the_plain_texts(scores: Scores) -> None:
    assert scores.team.precision >= 0.95, [m for m in scores.misses if m.kind == "错认班子"]
    assert scores.team.recall >= 0.9, [m for m in scores.misses if m.kind == "漏认班子"]
    assert scores.unaligned > 40  # the 40 ranks of the hotline table and others, which belong to no paragraph
    assert scores.duplicate.precision == 1.0
