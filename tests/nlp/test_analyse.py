"""The pipeline: offsets of the given text, one batch to the topic model, coded errors, any size of roster."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.analyse import DocumentIn, analyse, publication_day
from nlp.errors import NlpError
from nlp.names import Matcher
from nlp.roster import roster_from_dict
from tests.nlp.conftest import FixedTopic


def test_spans_are_of_the_text_as_given(read):
    text = "　　第一段没有班子。\r\n望\u200b澜区委书记沈\u200b砚舟到社区走访，投资１２亿元。\ufeff"
    found = read(text)
    passage = found.passages[1]
    assert passage.text == text[passage.start : passage.end]
    (team,), (cadre,), (metric,) = passage.teams, passage.cadres, passage.metrics
    assert text[team.spans[0][0] : team.spans[0][1]] == "望\u200b澜区"
    assert text[cadre.span[0] : cadre.span[1]] == "沈\u200b砚舟"
    assert passage.text[metric.span[0] : metric.span[1]] == "１２亿元"


def test_all_passages_go_to_the_model_at_once(matcher):
    calls = []

    class Counting(FixedTopic):
        def predict(self, passages, /):
            calls.append(list(passages))
            return super().predict(passages)

    analyse(DocumentIn("甲。\n乙。\n丙。", "题", "2025-01-01", "澜宁日报"), matcher, Counting("irrelevant"))
    assert [[p.text for p in call] for call in calls] == [["甲。", "乙。", "丙。"]]
    assert calls[0][0].date == "2025-01-01"
    assert analyse(DocumentIn(""), matcher, Counting("routine")).passages == ()


def test_a_passage_without_a_team_is_irrelevant(read):
    passage = read("某企业发布新产品。", label="practice").passages[0]
    assert (passage.label, passage.also, passage.teams, passage.cadres) == ("irrelevant", ("practice",), (), ())


def test_bad_input_has_a_code(matcher):
    with pytest.raises(NlpError, match="NLP-A02"):
        analyse(DocumentIn("甲。", published_at="某日"), matcher, FixedTopic("routine"))
    with pytest.raises(NlpError, match="NLP-A01"):
        analyse(DocumentIn(None), matcher, FixedTopic("routine"))


@pytest.mark.parametrize(
    "value",
    ["2025-10-16", "2025-10-16T08:00:00+08:00", "2025年10月16日", dt.date(2025, 10, 16), dt.datetime(2025, 10, 16, 8)],
)
def test_publication_day(value):
    assert publication_day(value) == dt.date(2025, 10, 16)


def test_five_thousand_names(read):
    base = [{"id": "D", "full": "望澜区"}]
    people = [
        {"person": f"P{i}", "name": chr(0x4E00 + i % 900) + chr(0x5000 + i) + "屿", "team": "D", "post": "副区长"}
        for i in range(5000)
    ]
    matcher = Matcher(roster_from_dict({"city": {"name": "澜宁市"}, "teams": base, "tenures": people}))
    name = people[4321]["name"]
    done = analyse(DocumentIn(f"望澜区副区长{name}到社区走访。", "", "2025-01-01", ""), matcher, FixedTopic("routine"))
    assert [c.id for c in done.passages[0].cadres] == ["P4321"]


@given(st.text(st.sampled_from("望澜区委书记沈砚舟市财政局副局长王伟该区我市，。；“”《》\n 0月日\u200b"), max_size=150))
def test_any_text_is_read_and_spans_hold(text):
    from nlp.roster import load_roster
    from tests.nlp.conftest import ROSTER

    matcher = _MATCHER[0] if _MATCHER else Matcher(load_roster(ROSTER))
    _MATCHER[:] = [matcher]
    done = analyse(DocumentIn(text, "", "2025-01-01", "澜宁日报"), matcher, FixedTopic("routine"))
    for p in done.passages:
        assert p.text == text[p.start : p.end]
        for team in p.teams:
            assert all(p.start <= a < b <= p.end for a, b in team.spans)
        for cadre in p.cadres:
            assert p.start <= cadre.span[0] < cadre.span[1] <= p.end


_MATCHER: list[Matcher] = []
