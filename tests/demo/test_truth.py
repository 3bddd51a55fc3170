"""The truth files load whole, and the comparison counts what it says it counts."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from demo.align import PredictedDocument, PredictedPassage
from demo.build_reports import TRUTH
from demo.compare import compare
from demo.truth import ArticleTruth, CadreTruth, PassageTruth, TeamTruth, clusters, load_truth
from dossier.terms import CADRE_ROLES, ROLES, SUB_TYPES, TOPIC_CODES
from nlp.roster import load_roster

FLOOD = PassageTruth(
    "云亭区提前十二小时转移山区群众一千三百八十人，逐户明确包保人。", "practice", "ZF2", ("highlight",),
    (TeamTruth("D05", "主体"),), (CadreTruth("P010", "出席"),), "E-1", "2025-07-28",
)  # fmt: skip
NOTICE = PassageTruth(
    "石岭县文化中心项目停工满十四个月，复工时间仍未确定。", "problem", "WT10", (), (TeamTruth("D09", "责任主体"),), (),
    "E-2", "",
)  # fmt: skip
MUSIC = PassageTruth("市民乐团在江边演出三场，票已售完。", "irrelevant", "NA", (), (), (), "", "")
DOCUMENT = ArticleTruth("A", "ribao", "两则", dt.date(2025, 7, 31), (FLOOD, NOTICE, MUSIC))


def said(truth: PassageTruth) -> PredictedPassage:
    return PredictedPassage(
        truth.text, truth.label, (), truth.sub, tuple((t.id, t.role) for t in truth.teams),
        tuple((c.id, c.role) for c in truth.cadres), truth.day,
    )  # fmt: skip


def right(document: ArticleTruth) -> PredictedDocument:
    return PredictedDocument(document.id, tuple(said(p) for p in document.paragraphs))


def test_truth_is_valid_against_roster_and_labelling_guide() -> None:
    roster = load_roster(TRUTH.parent / "roster.yaml")
    persons = {t.person for t in roster.tenures}
    for document in load_truth():
        for p in document.paragraphs:
            assert TOPIC_CODES[p.sub[:2]] == p.label, (document.id, p.text)
            assert p.sub == "NA" or p.sub in SUB_TYPES
            assert all(t.id in roster.by_id and t.role in ROLES for t in p.teams), (document.id, p.text)
            assert all(c.id in persons and c.role in CADRE_ROLES for c in p.cadres), (document.id, p.text)


def test_perfect_prediction_scores_full_marks() -> None:
    documents = load_truth()
    roots = clusters(documents)
    predicted = [
        PredictedDocument(d.id, quarantined=True) if d.quarantine
        else PredictedDocument(d.id, right(d).passages, cluster=roots[d.id]) for d in documents
    ]  # fmt: skip
    scores = compare(predicted, documents)
    assert scores.misses == []
    assert scores.wrong_person == scores.quarantine_missed == scores.quarantine_false == 0
    assert {k: v for k, v in scores.figures().items() if isinstance(v, float) and v != 1.0} == {}
    assert scores.paragraphs > 600


def test_nothing_predicted_finds_nothing() -> None:
    scores = compare([], [DOCUMENT])
    assert scores.accuracy == scores.team.recall == scores.cadre.recall == scores.day.recall == 0.0
    assert {m.kind for m in scores.misses} == {"主题", "漏认班子", "漏认干部"}


def test_wrong_label_counts_strictly_and_a_defensible_one_leniently() -> None:
    flood, notice, music = right(DOCUMENT).passages
    scores = compare([PredictedDocument("A", (replace(flood, label="highlight"), notice, music))], [DOCUMENT])
    assert scores.accuracy == pytest.approx(2 / 3)
    assert scores.accuracy_also == 1.0
    # practice 0 (missed), highlight 0 (false), problem 1, irrelevant 1
    assert scores.macro_f1 == pytest.approx(2 / 4)
    assert scores.highlight_precision == 0.0


def test_wrong_person_and_wrong_team_are_listed() -> None:
    flood, notice, music = right(DOCUMENT).passages
    notice = replace(notice, teams=(("D05", "主体"), ("D09", "责任主体")), cadres=(("P018", "主体"),))
    scores = compare([PredictedDocument("A", (flood, notice, music))], [DOCUMENT])
    assert scores.wrong_person == 1
    assert scores.cadre.precision == pytest.approx(1 / 2)
    assert scores.team.precision == pytest.approx(2 / 3)
    assert scores.team.recall == 1.0
    assert {(m.kind, m.got) for m in scores.misses} == {("错认干部", "P018 主体"), ("错认班子", "D05 主体")}


def test_a_role_outside_the_dossier_is_not_a_find_inside_it() -> None:
    flood, notice, music = right(DOCUMENT).passages
    scores = compare([PredictedDocument("A", (flood, replace(notice, teams=(("D09", "仅提及"),)), music))], [DOCUMENT])
    assert scores.team.recall == 1.0
    assert scores.dossier_team.recall == pytest.approx(1 / 2)
    assert scores.dossier_team.precision == 1.0
    assert scores.role_accuracy == pytest.approx(1 / 2)


def test_split_and_merged_passages_are_aligned() -> None:
    flood, notice, music = right(DOCUMENT).passages
    cut = flood.text.index("，") + 1
    rest = replace(flood, text=flood.text[cut:], teams=(), cadres=(), day=None)
    split = (replace(flood, text=flood.text[:cut]), rest)
    merged = replace(notice, text=notice.text + music.text)
    scores = compare([PredictedDocument("A", (*split, merged))], [DOCUMENT])
    assert scores.team.precision == scores.team.recall == scores.cadre.recall == 1.0
    assert scores.unaligned == 0
    assert [m.kind for m in scores.misses] == ["主题"]  # the irrelevant line went under in the merged passage


def test_a_person_in_text_of_no_paragraph_is_wrong_but_a_team_is_not() -> None:
    teams, cadres = (("D01", "主体"),), (("P001", "出席"),)
    stray = PredictedPassage("填表说明见第二页，联系电话另行通知。", "routine", teams=teams, cadres=cadres)
    scores = compare([PredictedDocument("A", (*right(DOCUMENT).passages, stray))], [DOCUMENT])
    assert (scores.unaligned, scores.wrong_person, scores.team.precision) == (1, 1, 1.0)


def test_dates_need_the_very_day() -> None:
    flood, notice, music = right(DOCUMENT).passages
    late = replace(flood, day=dt.date(2025, 7, 31))
    guessed = replace(notice, day=dt.date(2025, 7, 31))
    scores = compare([PredictedDocument("A", (late, guessed, music))], [DOCUMENT])
    assert (scores.day.precision, scores.day.recall) == (0.0, 0.0)


def test_quarantine_must_hold_all_and_only_the_letters() -> None:
    letter = replace(DOCUMENT, id="B", quarantine=True)
    scores = compare([PredictedDocument("A", quarantined=True), right(letter)], [DOCUMENT, letter])
    assert (scores.quarantine_missed, scores.quarantine_false) == (1, 1)


def test_duplicates_are_counted_in_pairs() -> None:
    documents = [DOCUMENT, replace(DOCUMENT, id="B", reprint_of="A"), replace(DOCUMENT, id="C", reprint_of="B"),
                 replace(DOCUMENT, id="D")]  # fmt: skip
    assert clusters(documents) == {"A": "A", "B": "A", "C": "A", "D": "D"}
    predicted = [replace(right(d), cluster="A" if d.id in "ABD" else d.id) for d in documents]
    scores = compare(predicted, documents)
    assert scores.duplicate.recall == pytest.approx(1 / 3)  # AB found; AC, BC missed
    assert scores.duplicate.precision == pytest.approx(1 / 3)  # AB right; AD, BD wrong
    assert sorted({m.kind for m in scores.misses}) == ["漏认重复", "错认重复"]
