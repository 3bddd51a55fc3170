"""Quoted speech with its speaker, figures in words, and summaries that only cite."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.figures import metrics
from nlp.numerals import number_of
from nlp.speech import speeches
from nlp.summary import MOST_CHARACTERS, MOST_SENTENCES, summarise


def said(text):
    return [(text[s.start : s.end], s.speaker, s.kind, s.direct) for s in speeches(text)]


def test_speech_of_a_body_keeps_its_name_and_of_a_citizen_does_not() -> None:
    assert said("市教育局有关负责人表示，将抓好落实。群众很满意。") == [
        ("将抓好落实。", "市教育局有关负责人", "body", False)
    ]
    assert said("村民老郑告诉记者：“往年要跑两趟县城，今年就近办妥了。”") == [
        ("往年要跑两趟县城，今年就近办妥了。", "", "other", True)
    ]
    assert said("“推行网上办理，企业不用跑。”市政务服务局局长说。")[0][0] == "推行网上办理，企业不用跑。"
    assert said("望澜区推行楼栋议事长制度。") == []


def test_speech_of_a_cadre_is_the_cadres(read) -> None:
    found = read("望澜区委书记沈砚舟表示，望澜区将守住安全底线。", "2025-09-10")
    (passage,) = found.passages
    (speech,) = passage.speeches
    assert (speech.kind, speech.id, speech.speaker) == ("cadre", "P001", "沈砚舟")
    assert passage.text[speech.start : speech.end] == "望澜区将守住安全底线。"


@given(st.text(alphabet="望澜区委书记说表示，：“”。要求抓好落实\n", max_size=120))
def test_speech_lies_in_the_passage_in_order(text: str) -> None:
    found = speeches(text)
    assert all(0 <= s.start < s.end <= len(text) for s in found)
    assert [s.start for s in found] == sorted(s.start for s in found)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("三十二", 32), ("一千二百万", 1.2e7), ("两千零五", 2005), ("十", 10), ("一百二", 120), ("三点五亿", 3.5e8),
        ("一万二千亿", 1.2e12), ("二〇二五", 2025), ("万万", None), ("十十", None), ("点五", None), ("", None),
    ],
)  # fmt: skip
def test_chinese_numerals(text: str, value: float | None) -> None:
    assert number_of(text) == value


@given(st.integers(min_value=1, max_value=9999))
def test_every_number_to_a_myriad_is_read_back(number: int) -> None:
    digits, out, gap = "零一二三四五六七八九", "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        if digit:
            out += ("零" if gap and out else "") + digits[digit] + name
        gap = not digit and bool(out)
    assert number_of(out) == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("全区完成干渠清淤三十二公里，投入资金一千二百万元。", [("干渠清淤", 32, "公里"), ("投入资金", 1.2e7, "元")]),
        ("规上工业增加值同比增长百分之五点六。", [("规上工业增加值", 5.6, "%")]),
        ("秋种进度过九成半。", [("秋种进度过", 95, "%")]),
        ("召开十四届五次全会，一个项目落户，列第三位。", []),
    ],
)
def test_figures_in_words(text: str, expected) -> None:
    assert [(m.name, m.value, m.unit) for m in metrics(text)] == expected


EVENT = (
    "10月14日，望澜区推行楼栋议事长制度，41个小区已经运行。居民可在楼栋群提出议题。",
    "望澜区推行楼栋议事长制度，41个小区已经运行。",
    "省住建厅将这一做法写入全省工作指引，明年在七个市推广。天气晴好。",
)


def test_a_summary_opens_with_the_lead_and_tells_nothing_twice() -> None:
    found = summarise(EVENT)
    assert found[0].text == "10月14日，望澜区推行楼栋议事长制度，41个小区已经运行。"
    assert any("写入全省工作指引" in s.text for s in found)
    assert sum("41个小区" in s.text for s in found) == 1


@given(st.lists(st.text(alphabet="望澜区推行制度，。！？\n0123456789公里", max_size=200), max_size=5))
def test_every_sentence_of_a_summary_stands_where_it_says(passages: list[str]) -> None:
    found = summarise(passages)
    assert len(found) <= MOST_SENTENCES
    assert all(passages[s.passage][s.start : s.end].strip() == s.text for s in found)
    assert len(found) <= 1 or sum(len(s.text) for s in found) <= MOST_CHARACTERS


def test_the_analysis_names_the_team_that_speaks(read) -> None:
    found = read("市教育局有关负责人表示，将抓好落实。")
    (speech,) = found.passages[0].speeches
    assert (speech.kind, speech.id) == ("team", "MB01")


def test_two_speakers_in_one_paragraph_and_no_speaker_in_a_novel() -> None:
    text = "书目里有小说，有传记。市教育局负责人介绍，阅览室每晚开放。有居民建议，周末也延长两小时。"
    found = [(text[s.start : s.end], s.kind) for s in speeches(text)]
    assert found == [("阅览室每晚开放。", "body"), ("周末也延长两小时。", "other")]


def test_a_body_whose_report_speaks_is_named() -> None:
    text = "9月15日，省生态环境保护督察组反馈指出，长渚区截污工程进展迟缓。"
    assert [(s.speaker, s.kind) for s in speeches(text)] == [("省生态环境保护督察组", "body")]
