"""Sheets as lines in which every figure stands with the name of its column."""

from __future__ import annotations

import io

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from collector.office.read import read_file
from collector.office.rows import readable_rows


def book(**sheets: list[list[object]]) -> bytes:
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for name, rows in sheets.items():
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


PROJECTS: list[list[object]] = [
    ["2025年重点项目进展清单"],
    ["单位：亿元", None, None, "截至9月底"],
    ["序号", "项目", "属地", "完成投资"],
    [1, "港区道路", "临湖区", 0.6],
    [2, "文化中心", None, 0.1 + 0.2],
    ["市发展和改革委员会 2025-09-30"],
]


def test_rows_say_their_columns() -> None:
    read = read_file(book(进展=PROJECTS), "a.xlsx")
    assert read.title == "2025年重点项目进展清单"
    assert read.text.split("\n") == [
        "2025年重点项目进展清单",
        "单位：亿元 截至9月底",
        "序号：1；项目：港区道路；属地：临湖区；完成投资：0.6",
        "序号：2；项目：文化中心；完成投资：0.3",
        "市发展和改革委员会 2025-09-30",
    ]


def test_sheet_names_head_their_rows_only_where_there_are_several() -> None:
    read = read_file(book(进展=PROJECTS, 排名=[["区县", "增速"], ["临湖区", 6.5]]), "b.xlsx")
    lines = read.text.split("\n")
    assert [lines.count("进展"), lines.count("排名")] == [1, 1]
    assert lines[lines.index("排名") + 1] == "区县：临湖区；增速：6.5"
    assert "进展" not in read_file(book(进展=PROJECTS)).text.split("\n")


def test_group_names_over_years() -> None:
    rows = [
        ["地 区", "农机\n(万台)", "", "拖拉机(台)", ""],
        ["", "2024年", "2025年", "2024年", "2025年"],
        ["临湖区", "12.5", "13", "1.1", "1.2"],
    ]
    assert readable_rows(rows) == [
        "地区：临湖区；农机 (万台)2024年：12.5；农机 (万台)2025年：13；拖拉机(台)2024年：1.1；拖拉机(台)2025年：1.2"
    ]


def test_a_name_broken_over_two_rows_and_a_second_table_below() -> None:
    rows = [
        ["单位", "一般公共", "公共"],
        ["", "服务支出", "安全支出"],
        ["临湖区", "18", "22"],
        ["二、排名"],
        ["位次", "单位", "办结率"],
        ["1", "临湖区", "99.7"],
    ]
    assert readable_rows(rows) == [
        "单位：临湖区；一般公共服务支出：18；公共安全支出：22",
        "二、排名",
        "位次：1；单位：临湖区；办结率：99.7",
    ]


def test_tables_side_by_side_are_read_one_after_the_other() -> None:
    rows = [["区县", "户数", "", "区县", "户数"], ["临湖区", "3", "", "望澜区", "4"], ["北山县", "5", "", "", ""]]
    assert readable_rows(rows) == ["区县：临湖区；户数：3", "区县：北山县；户数：5", "区县：望澜区；户数：4"]


def test_forms_and_prose_stay_as_they_are() -> None:
    assert readable_rows([["单位", "临湖区"], ["类别", "防汛"]]) == ["单位：临湖区", "类别：防汛"]
    assert readable_rows([["今年以来开工43个项目。"], ["", "完成七成。"]]) == ["今年以来开工43个项目。", "完成七成。"]


@given(st.lists(st.lists(st.sampled_from(["", "区县", "12", "3.5%", "2025年", "临湖区", "已开工。"]), max_size=5)))
def test_no_figure_is_lost(rows: list[list[str]]) -> None:
    text = "\n".join(readable_rows(rows))
    for figure in ("12", "3.5%", "已开工。"):
        assert text.count(figure) >= sum(row.count(figure) for row in rows)
