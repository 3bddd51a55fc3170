"""Event dates relative to publication, never silently the publication date; and simple figures."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.dates import event_date
from nlp.figures import metrics

PUBLISHED = dt.date(2025, 10, 16)


@pytest.mark.parametrize(
    ("text", "start", "end", "precision"),
    [
        ("5月17日14时许，石岭县发生透水", "2025-05-17", "2025-05-17", "day"),
        ("12月3日发生", "2024-12-03", "2024-12-03", "day"),
        ("将于12月3日开幕", "2025-12-03", "2025-12-03", "day"),
        ("上周五召开", "2025-10-10", "2025-10-10", "day"),
        ("昨日", "2025-10-15", "2025-10-15", "day"),
        ("周一上午", "2025-10-13", "2025-10-13", "day"),
        ("近日，", "2025-10-09", "2025-10-16", "range"),
        ("今年上半年", "2025-01-01", "2025-06-30", "range"),
        ("前三季度", "2025-01-01", "2025-09-30", "range"),
        ("2024年长渚区", "2024-01-01", "2024-12-31", "year"),
        ("去年", "2024-01-01", "2024-12-31", "year"),
        ("二〇二四年十月二十日", "2024-10-20", "2024-10-20", "day"),
        ("9月30日投产，当月增长", "2025-09-30", "2025-09-30", "day"),
        ("3月1日至5日", "2025-03-01", "2025-03-05", "range"),
        ("3月1日至4月2日", "2025-03-01", "2025-04-02", "range"),
        ("1至7月", "2025-01-01", "2025-07-31", "range"),
        ("1-2月份", "2025-01-01", "2025-02-28", "range"),
        ("一季度", "2025-01-01", "2025-03-31", "quarter"),
        ("2019年6月", "2019-06-01", "2019-06-30", "month"),
        ("2020年6月3日垮塌，6月5日通报", "2020-06-03", "2020-06-03", "day"),
        ("今年以来", "2025-01-01", "2025-10-16", "range"),
        ("比2023年增长，5月6日公布", "2025-05-06", "2025-05-06", "day"),
        ("2025-09-01发布", "2025-09-01", "2025-09-01", "day"),
    ],
)
def test_dates_in_the_text(text, start, end, precision):
    found = event_date(text, PUBLISHED)
    assert (str(found.start), str(found.end), found.precision, found.source) == (start, end, precision, "text")
    assert text[found.span[0] : found.span[1]] == found.text


@pytest.mark.parametrize(
    "text",
    [
        "通过《总体规划（2021—2035年）》",
        "规划（2021—2035年）获批",
        "比2023年增长",
        "到2027年建成",
        "6月底前完成",
        "去年同期相比",
        "三年行动",
        "周边地区",
        "十五五时期",
        "强降雨期间",
        "13月45日",
    ],
)
def test_without_a_date_the_publication_is_named_as_the_source(text):
    found = event_date(text, PUBLISHED)
    assert (found.start, found.source, found.text) == (PUBLISHED, "publication", "")
    assert event_date(text, None).start is None
    assert event_date(text, None).precision == "none"


@given(st.text(st.sampled_from("0123456789年月日一二三十至—-上周近日季度半今去以来前底《》"), max_size=40))
def test_any_text_gives_an_ordered_date(text):
    found = event_date(text, PUBLISHED)
    assert found.start is not None
    assert found.end is not None
    assert found.start <= found.end


@pytest.mark.parametrize(
    ("text", "name", "value", "unit", "comparator", "period"),
    [
        ("上半年石岭县规上工业增加值同比下降2.1%。", "石岭县规上工业增加值", 2.1, "%", "同比下降", "上半年"),
        (
            "2024年长渚区城镇居民人均可支配收入增速比全市高1.3个百分点。",
            "长渚区城镇居民人均可支配收入增速",
            1.3,
            "个百分点",
            "比全市高",
            "2024年",
        ),
        ("计划投资120亿元。", "投资", 120.0, "亿元", "", ""),
        ("查处不合格食品120批次。", "查处不合格食品", 120.0, "批次", "", ""),
    ],
)
def test_one_figure(text, name, value, unit, comparator, period):
    (found,) = metrics(text)
    assert (found.name, found.value, found.unit) == (name, value, unit)
    assert (found.comparator, found.period) == (comparator, period)
    assert text[found.span[0] : found.span[1]].endswith(unit)


def test_the_second_figure_keeps_the_subject():
    found = metrics("外贸进出口总额达1,231.5亿元，同比增长8%。")
    assert [(m.value, m.comparator) for m in found] == [(1231.5, ""), (8.0, "同比增长")]
    assert {m.name for m in found} == {"外贸进出口总额"}


def test_dates_and_document_numbers_are_no_figures():
    assert metrics("澜政发〔2025〕12号，5月17日印发。") == []


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("当天，工作组还看了两座水库。", dt.date(2025, 3, 4)),
        ("会上，三个村作了发言。", dt.date(2025, 3, 4)),
        ("村民围观，当晚恢复供水。", dt.date(2025, 3, 4)),
        ("事故发生后，县里启动响应。", dt.date(2025, 3, 4)),
        ("次日清晨，道路抢通。", dt.date(2025, 3, 5)),
        ("书记在会上要求，抓紧清淤。", dt.date(2025, 3, 4)),
        ("当天，工作组接着看了3月6日开工的水库。", dt.date(2025, 3, 6)),
    ],
)
def test_a_day_told_before(text, day):
    told = event_date("3月4日，桐岭县召开清淤会。", dt.date(2025, 3, 8))
    found = event_date(text, dt.date(2025, 3, 8), told)
    assert (found.start, found.end, found.precision, found.source) == (day, day, "day", "text")
    assert text[found.span[0] : found.span[1]] == found.text


@pytest.mark.parametrize("text", ["会议提出，年内完成清淤。", "每当天晴，河水清亮。", "工作组看了两座水库。"])
def test_no_day_is_carried_without_words_that_refer_to_it(text):
    told = event_date("3月4日，桐岭县召开清淤会。", dt.date(2025, 3, 8))
    assert event_date(text, dt.date(2025, 3, 8), told).source == "publication"


def test_no_day_is_carried_from_a_month_or_from_nothing():
    month = event_date("3月，桐岭县召开清淤会。", dt.date(2025, 3, 28))
    assert event_date("当天，道路抢通。", dt.date(2025, 3, 28), month).source == "publication"
    assert event_date("当天，道路抢通。", dt.date(2025, 3, 28)).source == "publication"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("21日晚，抢修队通宵作业。", dt.date(2025, 4, 21)),
        ("29日，大坝合龙。", dt.date(2025, 3, 29)),
        ("截至22日8时，水位回落。", dt.date(2025, 4, 22)),
        ("4月20日公布的调查报告认定，2月3日发生的溃坝是责任事故。", dt.date(2025, 2, 3)),
    ],
)
def test_bare_days_and_inquiries(text, day):
    found = event_date(text, dt.date(2025, 4, 22))
    assert (found.start, found.precision, found.source) == (day, "day", "text")


@pytest.mark.parametrize(
    "text",
    ["公示期7日，欢迎监督。", "在3个工作日内办结。", "每月最后一个周五现场办公。", "吸取“2·3”溃坝事故教训，逐库排查。"],
)
def test_periods_and_lessons_are_no_days(text):
    assert (
        event_date(text, dt.date(2025, 4, 22)).precision != "day"
        or event_date(text, dt.date(2025, 4, 22)).source == "publication"
    )


def test_the_document_carries_its_day_from_paragraph_to_paragraph(read_other):
    text = "3月4日，柳溪区召开清淤会。\n会上，三个村作了发言。\n去年已完成两公里。\n当晚，首批机械进场。"
    found = read_other(text, "2025-03-08")
    assert [p.event_date.start.isoformat() for p in found.passages] == [
        "2025-03-04",
        "2025-03-04",
        "2024-01-01",
        "2025-03-04",
    ]
