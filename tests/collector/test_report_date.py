"""What day a report bears; never the day it came in, never a day it merely speaks of."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.report_date import APPROXIMATE, UNDATED, ReportDate, report_date

TODAY = date(2025, 12, 1)
BODY = (
    "关于冬修水利进展情况的报告\n截至2025年9月12日，全区完成干渠清淤三十二公里。\n"
    "下一步，将于2025年11月30日前完成全部任务。"
)
ANNEX = "附件：清单\n" + "清单内容，逐项列出。\n" * 20 + "2025年3月1日"


@pytest.mark.parametrize(
    ("text", "day"),
    [
        (f"{BODY}\n望澜区人民政府\n2025年9月15日", "2025-09-15"),
        (f"{BODY}\n2025 年 9 月 15 日", "2025-09-15"),
        (f"{BODY}\n望澜区水务局\n二〇二五年九月十五日", "2025-09-15"),
        (f"{BODY}\n望澜区水务局    2025-09-15", "2025-09-15"),
        (
            f"{BODY}\n望澜区水务局\n2025年9月15日\n附件：清单\n" + "清单内容，逐项列出。\n" * 20 + "2025年3月1日",
            "2025-09-15",
        ),
        (f"冬修水利简报\n（2025年9月15日）\n{BODY}", "2025-09-15"),
        (f"冬修水利周报\n望澜区水务局 2025年9月15日\n{BODY}", "2025-09-15"),
        (f"冬修水利报表\n填报单位：望澜区水务局\n填报日期：2025/9/15\n{BODY}", "2025-09-15"),
        (f"{BODY}\n抄送：市水务局。\n望澜区人民政府办公室 2025年9月15日印发", "2025-09-15"),
        (f"望政发〔2025〕12号\n{BODY}\n望澜区人民政府\n2025年9月15日", "2025-09-15"),
    ],
)
def test_written_days(text: str, day: str) -> None:
    assert report_date(text, TODAY) == ReportDate(day)


@pytest.mark.parametrize(
    "text", [BODY, "", "2026年9月15日", f"{BODY}\n望澜区人民政府\n2026年9月15日", f"{BODY}\n发生时间\t2025-09-14"]
)
def test_no_day_is_made_up(text: str) -> None:
    assert report_date(text, TODAY) == ReportDate(None, (UNDATED,))


@pytest.mark.parametrize(
    ("text", "received", "day"),
    [
        (f"望政发〔2025〕12号\n{BODY}", TODAY, "2025-11-30"),
        ("望政发〔2024〕12号\n关于冬修水利的报告\n任务已完成。", TODAY, "2024-12-31"),
        ("水利简报\n2025年第7期\n任务已完成。", TODAY, "2025-12-01"),
    ],
)
def test_a_number_gives_the_year_only(text: str, received: date, day: str) -> None:
    assert report_date(text, received) == ReportDate(day, (APPROXIMATE,))


def test_a_number_of_a_cited_document_is_no_number_of_this_one() -> None:
    text = "工作总结\n按照《关于加强水利工作的意见》（江政发〔2024〕3号），我区各项任务已经完成。"
    assert report_date(text, TODAY).day is None


@given(
    st.lists(st.sampled_from(["2025年9月15日", "水务局", "正文。", "〔2025〕3号", "填报日期：2027-01-01"]), max_size=9)
)
def test_never_after_it_came_in(lines: list[str]) -> None:
    found = report_date("\n".join(lines), TODAY)
    assert found.day is None or found.day <= TODAY.isoformat()
    assert bool(found.warnings) == (found.day is None or found.warnings == (APPROXIMATE,))
