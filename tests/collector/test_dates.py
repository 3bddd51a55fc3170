"""Every way in which Chinese pages and feeds write a date."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.dates import find_dates, parse_date

BASE = datetime(2022, 3, 1, 12, 0)

FORMS = [
    ("2022年3月1日 08:30", "2022-03-01T08:30+08:00"),
    ("2022/3/1 8:30:00", "2022-03-01T08:30:00+08:00"),
    ("2022-03-01 08:30:15", "2022-03-01T08:30:15+08:00"),
    ("2022-03-01T00:30:00Z", "2022-03-01T08:30:00+08:00"),
    ("2022-03-01T08:30:00.123+08:00", "2022-03-01T08:30:00+08:00"),
    ("Tue, 01 Mar 2022 08:30:00 +0800", "2022-03-01T08:30:00+08:00"),
    ("Tue, 01 Mar 2022 00:30:00 GMT", "2022-03-01T08:30:00+08:00"),
    ("Tue Mar 01 08:30:00 CST 2022", "2022-03-01T08:30:00+08:00"),
    ("二〇一七年十一月二日", "2017-11-02"),
    ("二○一七年十二月三十一日", "2017-12-31"),
    ("2005.08.2605:39", "2005-08-26T05:39+08:00"),
    ("2017年11月2日", "2017-11-02"),
    ("20171102", "2017-11-02"),
    ("20220301083000", "2022-03-01T08:30:00+08:00"),
    ("2022年3月1日上午9时30分", "2022-03-01T09:30+08:00"),
    ("2022年3月1日下午3点20分", "2022-03-01T15:20+08:00"),
    ("2022年3月1日晚8时", "2022-03-01T20:00+08:00"),
    ("2022年03月01日 星期二 08:30", "2022-03-01T08:30+08:00"),
    ("来源：澜宁日报 2022-03-01 08:30 责编：甲", "2022-03-01T08:30+08:00"),
    ("２０２２年３月１日　０８：３０", "2022-03-01T08:30+08:00"),
    ("1646094600", "2022-03-01T08:30:00+08:00"),
    ("1646094600000", "2022-03-01T08:30:00+08:00"),
    ("11月2日", "2021-11-02"),
    ("2月28日", "2022-02-28"),
    ("03-01 08:30", "2022-03-01T08:30+08:00"),
    ("昨天 08:30", "2022-02-28T08:30+08:00"),
    ("3小时前", "2022-03-01T09:00+08:00"),
    ("2天前", "2022-02-27"),
    ("17/9/2004", "2004-09-17"),
    ("9/17/2004 5:54:13 PM", "2004-09-17T17:54:13+08:00"),
]


@pytest.mark.parametrize(("text", "expected"), FORMS)
def test_forms(text: str, expected: str) -> None:
    assert parse_date(text, BASE) == expected


@pytest.mark.parametrize(
    "text",
    ["", "2022-02-30", "13912345678", "版本 1.2022.3.1", "2022年3月", "3月的风", "7/5/2005", "第20条", "0.20221301"],
)
def test_what_is_no_date_is_not_guessed(text: str) -> None:
    assert parse_date(text, BASE) is None


def test_relative_forms_need_a_base() -> None:
    assert parse_date("11月2日") is None
    assert parse_date("昨天 08:30") is None


@given(
    st.dates(date(1950, 1, 1), date(2098, 12, 31)),
    st.sampled_from(["{y}年{m}月{d}日", "{y}-{m:02}-{d:02}", "{y}/{m}/{d}"]),
)
def test_a_written_day_comes_back(day: date, form: str) -> None:
    assert parse_date("发布于" + form.format(y=day.year, m=day.month, d=day.day) + "，转载") == day.isoformat()


@given(st.datetimes(datetime(2000, 1, 2), datetime(2098, 1, 1)))
def test_a_day_without_year_is_never_in_the_future(base: datetime) -> None:
    later = (base + timedelta(days=5)).date()
    found = parse_date(f"{later.month}月{later.day}日", base)
    assert found is None or found <= base.date().isoformat()


@given(st.text(max_size=60))
def test_positions_are_those_of_the_text(text: str) -> None:
    full = text + " 2022年3月1日 08:30 " + text
    for found in find_dates(full):
        assert 0 <= found.start < found.end <= len(full)
    assert any(full[f.start : f.end].startswith("2022年3月1日") for f in find_dates(full)) or text
