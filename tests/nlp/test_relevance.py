"""Step 1 of the decision procedure: the roster decides what is irrelevant (domain.md §3.5)."""

from __future__ import annotations

import pytest

from nlp.cadres import CadreFindings
from nlp.context import SourceInfo
from nlp.relevance import relevant
from nlp.teams import TeamAttribution, TeamFindings
from nlp.topic_port import TopicResult

NOBODY = (TeamFindings(), CadreFindings())


def topic(label: str, irrelevant: float, sub: str | None = None, **others: float) -> TopicResult:
    return TopicResult(
        label,
        sub_type=sub,
        confidence=max(irrelevant, *others.values(), 0.0),
        probabilities={"irrelevant": irrelevant, **others},
        because="依据“甲”：含乙，判为无关",
    )


def acting(role: str) -> TeamFindings:
    return TeamFindings((TeamAttribution("U1", role, 0.9, "命中"),))


def test_nobody_of_ours_makes_it_irrelevant_and_keeps_the_first_reading():
    found = relevant(topic("practice", 0.2, "ZF1", practice=0.7), *NOBODY, owned=False)
    assert (found.label, found.also, found.sub_type) == ("irrelevant", ("practice",), None)
    assert found.confidence == 0.9
    assert "未提及" in found.because


def test_a_surer_irrelevance_is_not_talked_down():
    assert relevant(topic("practice", 0.95, practice=0.05), *NOBODY, owned=False).confidence == 0.95


def test_own_paper_rumours_and_open_questions_keep_their_topic():
    given = topic("practice", 0.2, "ZF1", practice=0.7)
    assert relevant(given, *NOBODY, owned=True) is given
    rumour = topic("problem", 0.2, "WT15", problem=0.7)
    assert relevant(rumour, *NOBODY, owned=False) is rumour
    asked = TeamFindings((), (TeamAttribution("U1", "仅提及", 0.4, "仅简称", "undecided"),))
    assert relevant(given, asked, CadreFindings(), owned=False) is given


def test_a_team_that_acts_is_relevant_unless_the_model_is_very_sure():
    given = topic("irrelevant", 0.6, routine=0.3, practice=0.1)
    found = relevant(given, acting("主体"), CadreFindings(), owned=False)
    assert (found.label, found.also) == ("routine", ("irrelevant",))
    assert found.confidence == pytest.approx(0.75)
    assert "主体" in found.because
    sure = topic("irrelevant", 0.9, routine=0.1)
    assert relevant(sure, acting("主体"), CadreFindings(), owned=False) is sure
    assert relevant(given, acting("仅提及"), CadreFindings(), owned=False) is given
    assert relevant(given, *NOBODY, owned=False) is given


def test_in_the_whole_reading(read_other):
    assert read_other("一家果汁公司发布新品。", label="practice").passages[0].label == "irrelevant"
    own = SourceInfo("市水利局报送", "单位报送", "V1")
    assert read_other("已完成河道清淤三公里。", source=own, label="practice").passages[0].label == "practice"
    assert read_other("柳溪区清淤三公里。", label="practice").passages[0].label == "practice"


def test_headings_and_signatures_are_no_statements() -> None:
    from nlp.relevance import as_fragment

    given = topic("major_matter", 0.9, "ZD3", major_matter=0.9)
    for line in ("望澜区人民政府", "一、总体情况", "附件1", "市住房和城乡建设局"):
        found = as_fragment(line, given)
        assert found is not None
        assert found.label == "irrelevant"
    for line in ("望澜区获批省级试点。", "区委书记到社区走访，慰问群众", "办结率：98%；位次：3"):
        assert as_fragment(line, given) is None
