"""PDF reports as officers print them: heads and feet go, paragraphs stay whole, columns are read in order."""

from __future__ import annotations

import io

import pytest
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen import canvas

from collector.office.paragraphs import paragraphs, reflow
from collector.office.pdf_lines import Line
from collector.office.read import read_file

Drawn = list[tuple[float, float, str]]  # left, height from the bottom, text; 12 points high


def pdf(*pages: Drawn) -> bytes:
    pdfmetrics.registerFont(UnicodeCIDFont("STSong-Light"))
    out = io.BytesIO()
    sheet = canvas.Canvas(out, pagesize=(595, 842))
    for lines in pages:
        sheet.setFont("STSong-Light", 12)
        for left, height, text in lines:
            sheet.drawString(left, height, text)
        sheet.showPage()
    sheet.save()
    return out.getvalue()


FIRST = "今年以来，临湖区把老旧小区改造作为民生实事，按月调度、按季通报，累计开工十"
SECOND = "二个小区，惠及居民三千四百户，群众满意度比上年同期提高五点二个百分点以上，"
THIRD = "增速居全市第一位。"
HEAD = "临湖区住房和城乡建设局"


def page(number: int, *lines: str, indent: bool = True) -> Drawn:
    drawn: Drawn = [(72, 805, HEAD), (285, 30, f"— {number} —")]
    for i, text in enumerate(lines):
        starts = indent and not text.startswith(("二个", "增速", "%"))
        drawn.append((96 if starts else 72, 740 - 28 * i, text))
    return drawn


def test_heads_and_numbers_of_a_file_of_two_pages_go() -> None:
    read = read_file(pdf(page(1, "开头一段。"), page(2, "结尾一段。", HEAD)))
    assert read.text.split("\n") == ["开头一段。", "结尾一段。", HEAD]  # the signature is not the running head


def test_a_heading_that_only_one_page_shows_stays() -> None:
    assert HEAD in read_file(pdf(page(1, "只有一页。"))).text


def test_paragraphs_go_on_over_lines_and_pages() -> None:
    read = read_file(pdf(page(1, "总体情况。", FIRST[:-2]), page(2, SECOND, THIRD, "另起一段。")))
    assert read.text.split("\n") == ["总体情况。", FIRST[:-2] + SECOND + THIRD, "另起一段。"]


def test_an_indent_begins_a_paragraph_after_a_full_line() -> None:
    full = FIRST[:-3] + "。"
    read = read_file(pdf(page(1, full, full, SECOND, "又一段。")))
    assert read.text.split("\n")[1:] == [full, full + SECOND, "又一段。"]


def test_a_figure_at_the_start_of_a_line_is_no_numbering() -> None:
    lines = [FIRST, "17.2%，增速比上年高。", "二、下一步打算", "1.抓进度。", "2.抓质量。"]
    read = read_file(pdf(page(1, *lines, indent=False)))
    assert read.text.split("\n")[1:] == [FIRST + "17.2%，增速比上年高。", "二、下一步打算", "1.抓进度。", "2.抓质量。"]
    assert reflow([FIRST, "17.2%，增速比上年高。", "1.抓进度。"]) == [FIRST + "17.2%，增速比上年高。", "1.抓进度。"]


@pytest.mark.parametrize("by_row", [True, False])
def test_two_columns_are_read_one_after_the_other(by_row: bool) -> None:
    left = [f"左栏第{n}行文字，一二三四五六七八九" for n in "一二三四五六"]
    right = [f"右栏第{n}行文字，一二三四五六七八九" for n in "一二三四五六"]
    drawn: Drawn = [(72, 780, "临湖区老旧小区改造工作简报，两栏排印，这一行横跨全页，一直排到右边为止")]
    cells = [[(72 + 238.0 * side, 740 - 20.0 * i, text) for side, text in enumerate(row)]
             for i, row in enumerate(zip(left, right, strict=True))]  # fmt: skip
    drawn += [cell for row in cells for cell in row] if by_row else [row[side] for side in (1, 0) for row in cells]
    text = read_file(pdf(drawn)).text.replace("\n", "")
    assert text.index("左栏第六行") < text.index("右栏第一行")
    assert text.endswith("".join(left) + "".join(right))
    assert text.startswith("临湖区老旧小区")


def test_rows_of_a_table_are_no_columns() -> None:
    row = ((72.0, "甲社区"), (200.0, "改造楼栋"), (400.0, "已完成"))
    text = read_file(pdf([(left, 700 - 20.0 * i, cell) for i in range(8) for left, cell in row])).text
    assert text.split("\n") == ["甲社区 改造楼栋 已完成"] * 8


@pytest.mark.parametrize(("before", "after", "whole"), [("Smart", "City", "Smart City"), ("智慧", "城市", "智慧城市")])
def test_glue(before: str, after: str, whole: str) -> None:
    lines = [Line(before, 0, 200, 0, 10), Line(after, 0, 20, 12, 10), Line("。", 20, 30, 24, 10)]
    assert paragraphs([lines])[0] == whole
