"""Numbers that Word counts by itself stand in the text as readers see them."""

from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.office.numbering import chinese, numeral
from collector.office.read import read_file

W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
LISTS = (
    f"<w:numbering {W}><w:abstractNum w:abstractNumId='7'>"
    "<w:lvl w:ilvl='0'><w:start w:val='1'/><w:numFmt w:val='chineseCounting'/><w:lvlText w:val='%1、'/></w:lvl>"
    "<w:lvl w:ilvl='1'><w:start w:val='1'/><w:numFmt w:val='japaneseCounting'/><w:lvlText w:val='（%2）'/></w:lvl>"
    "<w:lvl w:ilvl='2'><w:numFmt w:val='decimal'/><w:lvlText w:val='%3.'/></w:lvl>"
    "<w:lvl w:ilvl='3'><w:numFmt w:val='bullet'/><w:lvlText w:val='\uf0b7'/></w:lvl></w:abstractNum>"
    "<w:num w:numId='1'><w:abstractNumId w:val='7'/></w:num>"
    "<w:num w:numId='2'><w:abstractNumId w:val='7'/>"
    "<w:lvlOverride w:ilvl='0'><w:startOverride w:val='5'/></w:lvlOverride></w:num></w:numbering>"
)
STYLES = (
    f"<w:styles {W}><w:style w:type='paragraph' w:styleId='A'><w:pPr><w:numPr><w:ilvl w:val='1'/>"
    "<w:numId w:val='1'/></w:numPr></w:pPr></w:style>"
    "<w:style w:type='paragraph' w:styleId='B'><w:basedOn w:val='A'/></w:style>"
    "<w:style w:type='paragraph' w:styleId='C'><w:basedOn w:val='C'/></w:style></w:styles>"
)


def paragraph(text: str, number: str = "", level: int = 0, style: str = "") -> str:
    own = f"<w:numPr><w:ilvl w:val='{level}'/><w:numId w:val='{number}'/></w:numPr>" if number else ""
    styled = f"<w:pStyle w:val='{style}'/>" if style else ""
    return f"<w:p><w:pPr>{styled}{own}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def lines(*paragraphs: str) -> list[str]:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", f"<w:document {W}><w:body>{''.join(paragraphs)}</w:body></w:document>")
        archive.writestr("word/numbering.xml", LISTS)
        archive.writestr("word/styles.xml", STYLES)
    return read_file(out.getvalue()).text.split("\n")


def test_levels_count_and_begin_again() -> None:
    assert lines(
        paragraph("基本情况", "1"), paragraph("进展", "1", 1), paragraph("问题", "1", 1), paragraph("甲", "1", 2),
        paragraph("打算", "1"), paragraph("近期", "1", 1), paragraph("要点", "1", 3), paragraph("正文"),
        paragraph("取消编号", "0", style="A"),
    ) == ["一、基本情况", "（一）进展", "（二）问题", "1.甲", "二、打算", "（一）近期", "要点", "正文", "取消编号"]  # fmt: skip  # noqa: E501


def test_styles_number_too_and_a_list_may_start_elsewhere() -> None:
    assert lines(
        paragraph("甲", style="A"), paragraph("乙", style="B"), paragraph("丙", style="C"), paragraph("丁", "2"),
        paragraph("戊", "2"), paragraph("己", "1"), paragraph("庚", "99"),
    ) == ["（一）甲", "（二）乙", "丙", "五、丁", "六、戊", "一、己", "庚"]  # fmt: skip


def test_empty_paragraphs_are_not_counted_and_cells_are() -> None:
    row = "".join(f"<w:tr><w:tc>{paragraph(t, '1', 2)}</w:tc></w:tr>" for t in ("甲", "乙"))
    assert lines(paragraph("", "1"), paragraph("首", "1"), f"<w:tbl>{row}</w:tbl>") == ["一、首", "1.甲", "2.乙"]


@pytest.mark.parametrize(
    ("number", "form", "written"),
    [(10, "chineseCounting", "十"), (12, "chineseCountingThousand", "十二"), (20, "japaneseCounting", "二十"),
     (105, "chineseCounting", "一百零五"), (110, "chineseCounting", "一百一十"), (3, "chineseLegalSimplified", "叁"),
     (2, "decimalEnclosedCircle", "②"), (27, "upperLetter", "AA"), (4, "lowerRoman", "iv"), (5, "other", "5")],
)  # fmt: skip
def test_numerals(number: int, form: str, written: str) -> None:
    assert numeral(number, form) == written


@given(st.integers(1, 999))
def test_chinese_numbers_are_all_different_and_read_back(number: int) -> None:
    worth = {c: i for i, c in enumerate("〇一二三四五六七八九")}
    total = part = 0
    for c in chinese(number).replace("零", ""):
        if c in worth:
            part = worth[c]
        else:
            total, part = total + max(part, 1) * {"十": 10, "百": 100}[c], 0
    assert total + part == number
