"""GB/T 9704 geometry, fonts and page numbers, read back from the XML of the Word file (domain.md §4.1)."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from xml.etree import ElementTree as tree

import pytest
from docx import Document as open_word

from dossier import gongwen
from dossier.gongwen_form import SIGNATURE, Box, add_boxes

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def paper() -> bytes:
    word = gongwen.new_paper("标题", serial="编号：JB-000001")
    gongwen.add_title(word, "谈话前情况简报")
    for level, text in ((1, "一、基本情况"), (2, "（一）本人"), (3, "1.第一项")):
        gongwen.add_heading(word, text, level)
    gongwen.add_body(word, "正文“引语”2025年\x00\ufffe。")
    gongwen.add_signature(word, "干部一处", date(2025, 7, 9))
    gongwen.add_attachment(word, "附件", "清单")
    gongwen.add_table(word, ("编号", "数"), [("E-1", "12"), ("E-2", "3")], (100, 56), numeric=1)
    return gongwen.to_bytes(word)


@pytest.fixture(scope="module")
def parts() -> dict[str, tree.Element]:
    with zipfile.ZipFile(io.BytesIO(paper())) as file:
        return {
            n: tree.fromstring(file.read(n)) for n in file.namelist() if n.endswith(".xml") and n.startswith("word/")
        }


def one(parent: tree.Element, path: str) -> dict[str, str]:
    found = parent.find("/".join(f"{W}{p}" for p in path.split("/")))
    assert found is not None, path
    return {k.replace(W, ""): v for k, v in found.attrib.items()}


def style(parts: dict[str, tree.Element], name: str) -> tree.Element:
    for found in parts["word/styles.xml"].iter(f"{W}style"):
        if one(found, "name")["val"].lower() == name.lower():
            return found
    raise AssertionError(name)


def paragraph(parts: dict[str, tree.Element], text: str) -> tree.Element:
    for found in parts["word/document.xml"].iter(f"{W}p"):
        if "".join(t.text or "" for t in found.iter(f"{W}t")) == text:
            return found
    raise AssertionError(text)


def test_page_margins_and_grid_in_twips(parts: dict[str, tree.Element]) -> None:
    section = next(parts["word/document.xml"].iter(f"{W}sectPr"))
    assert one(section, "pgSz") == {"w": "11906", "h": "16838"}
    margins = one(section, "pgMar")
    expected = {"top": 37, "left": 28, "right": 26, "bottom": 35}
    assert {k: margins[k] for k in expected} == {k: str(round(mm * 1440 / 25.4)) for k, mm in expected.items()}
    assert one(section, "docGrid") == {"type": "linesAndChars", "linePitch": "579", "charSpace": "-848"}


def test_22_lines_of_28_characters_fit_the_type_area(parts: dict[str, tree.Element]) -> None:
    section = next(parts["word/document.xml"].iter(f"{W}sectPr"))
    size, margins = one(section, "pgSz"), {k: int(v) for k, v in one(section, "pgMar").items()}
    height = int(size["h"]) - margins["top"] - margins["bottom"]
    width = int(size["w"]) - margins["left"] - margins["right"]
    normal = style(parts, "Normal")
    spacing = one(normal, "pPr/spacing")
    assert spacing == {"before": "0", "after": "0", "line": "579", "lineRule": "exact"}
    assert height // int(spacing["line"]) == 22
    character = 20 * int(one(normal, "rPr/sz")["val"]) // 2 + int(one(normal, "rPr/spacing")["val"])
    assert width // character == 28
    for gap in ("autoSpaceDE", "autoSpaceDN"):  # Word's own space beside digits would make it 27
        assert one(normal, f"pPr/{gap}")["val"] == "0"


def test_word_does_not_open_the_file_in_its_compatibility_mode(parts: dict[str, tree.Element]) -> None:
    found = parts["word/settings.xml"].find(f"{W}compat/{W}compatSetting")
    assert found is not None
    assert (found.get(f"{W}name"), found.get(f"{W}val")) == ("compatibilityMode", "15")


def test_a_table_keeps_to_the_type_area(parts: dict[str, tree.Element]) -> None:
    table = next(parts["word/document.xml"].iter(f"{W}tbl"))
    assert one(table, "tblPr/jc")["val"] == "center"  # else its cell margins push it out on the left
    grid = [int(column.get(f"{W}w", "0")) for column in table.iter(f"{W}gridCol")]
    assert sum(grid) == pytest.approx(156 / 25.4 * 1440, abs=2)


def test_boxes_of_a_form_have_their_widths_in_the_grid_and_one_line_each() -> None:
    word = gongwen.new_paper("表")
    rows = [[Box("姓名", "佟以宁"), Box("性别", "女")], [Box("个人总结", height=130, signed=True)]]
    add_boxes(word, rows, (34, 58, 30, 34))
    with zipfile.ZipFile(io.BytesIO(gongwen.to_bytes(word))) as file:
        table = next(tree.fromstring(file.read("word/document.xml")).iter(f"{W}tbl"))
    widths = [int(column.get(f"{W}w", "0")) / 1440 * 25.4 for column in table.iter(f"{W}gridCol")]
    assert widths == pytest.approx([34, 58, 30, 34], abs=0.1)
    last = list(table.iter(f"{W}tr"))[1]
    assert one(last, "trPr/trHeight")["val"] == str(round(130 / 25.4 * 1440))
    text = last.findall(f"{W}tc")[1]
    assert one(text, "tcPr/gridSpan")["val"] == "3"
    assert ["".join(p.itertext()) for p in text.iter(f"{W}p")] == ["", SIGNATURE]  # no line for each merged cell


@pytest.mark.parametrize(
    ("name", "font", "half_points"),
    [
        ("Normal", "仿宋_GB2312", "32"), ("公文标题", "方正小标宋简体", "44"), ("heading 1", "黑体", "32"),
        ("heading 2", "楷体_GB2312", "32"), ("heading 3", "仿宋_GB2312", "32"), ("公文表格", "仿宋_GB2312", "21"),
    ],
)  # fmt: skip
def test_fonts_and_sizes(parts: dict[str, tree.Element], name: str, font: str, half_points: str) -> None:
    found = style(parts, name)
    fonts = one(found, "rPr/rFonts")
    assert fonts == {"ascii": "Times New Roman", "hAnsi": "Times New Roman", "cs": "Times New Roman", "eastAsia": font}
    assert one(found, "rPr/sz")["val"] == half_points
    assert one(found, "rPr/b")["val"] == "0"
    assert found.find(f"{W}rPr/{W}color") is None


def test_title_centred_and_body_and_headings_indented_two_characters(parts: dict[str, tree.Element]) -> None:
    assert one(style(parts, "公文标题"), "pPr/jc")["val"] == "center"
    for level in (1, 2, 3):
        assert one(style(parts, f"heading {level}"), "pPr/ind")["firstLineChars"] == "200"
    body = paragraph(parts, "正文“引语”2025年。")
    assert one(body, "pPr/ind") == {"firstLineChars": "200", "firstLine": "632"}
    assert one(body, "r/rPr/rFonts") == {"hint": "eastAsia"}


def test_page_numbers_odd_right_even_left(parts: dict[str, tree.Element]) -> None:
    assert parts["word/settings.xml"].find(f"{W}evenAndOddHeaders") is not None
    seen = {}
    for name, part in parts.items():
        if name.startswith("word/footer"):
            text = "".join(t.text or "" for t in part.iter() if t.tag in (f"{W}t", f"{W}instrText"))
            assert text == "— PAGE1 —"
            assert {one(r, "rPr/sz")["val"] for r in part.iter(f"{W}r")} == {"28"}
            assert {one(r, "rPr/rFonts")["ascii"] for r in part.iter(f"{W}r")} == {"宋体"}
            paragraph = next(part.iter(f"{W}p"))
            seen[one(paragraph, "pPr/jc")["val"]] = one(paragraph, "pPr/ind")
    assert seen == {"right": {"right": "280"}, "left": {"left": "280"}}
    heads = [p for name, p in parts.items() if name.startswith("word/header")]
    assert len(heads) == 2
    assert all("内部资料　注意保存" in "".join(p.itertext()) for p in heads)


@pytest.mark.parametrize(
    ("office", "right_of_office", "right_of_date"),
    [("中共澜宁市委组织部干部一处", "200", "700"), ("干部一处", "600", "200")],
)
def test_date_starts_two_characters_right_of_the_office(office: str, right_of_office: str, right_of_date: str) -> None:
    word = gongwen.new_paper("标题")
    gongwen.add_signature(word, office, date(2025, 7, 9))
    office_line, date_line = word.paragraphs[-2:]
    assert date_line.text == "2025年7月9日"
    indents = [p._p.pPr.find(f"{W}ind").get(f"{W}rightChars") for p in (office_line, date_line)]
    assert indents == [right_of_office, right_of_date]
    widths = [len(office), 6]  # of the date: six half-width digits and three characters
    starts = [28 - int(i) / 100 - w for i, w in zip(indents, widths, strict=True)]
    assert starts[1] - starts[0] == pytest.approx(2)


def test_attachment_on_its_own_page_and_table_head_repeats(parts: dict[str, tree.Element]) -> None:
    mark = paragraph(parts, "附件")
    assert mark.find(f"{W}pPr/{W}pageBreakBefore") is not None
    assert one(mark, "r/rPr/rFonts")["eastAsia"] == "黑体"
    rows = list(parts["word/document.xml"].iter(f"{W}tr"))
    assert [r.find(f"{W}trPr/{W}tblHeader") is not None for r in rows] == [True, False, False]
    assert one(rows[1].findall(f"{W}tc")[1], "p/pPr/jc")["val"] == "right"
    kept = [{p.find(f"{W}pPr/{W}keepNext") is not None for p in r.iter(f"{W}p")} for r in rows]
    assert kept == [{True}, {True}, {False}]  # a header is never the last line of a page, a short table never torn


def test_codes_in_a_paragraph_are_small_and_not_torn() -> None:
    word = gongwen.new_paper("标题")
    runs = gongwen.add_cited(word, "1.事实。〔E-20250811-000123〕余下。").runs
    assert [(r.text, r.font.size) for r in runs] == [
        ("1.事实。", None), ("〔E-20250811-000123〕", gongwen.SMALL_SIZE), ("余下。", None),
    ]  # fmt: skip
    assert len(runs[1]._r.findall(f"{W}noBreakHyphen")) == 2


def test_children_stand_in_the_schema_order(parts: dict[str, tree.Element]) -> None:
    order = ["pStyle", "keepNext", "keepLines", "pageBreakBefore", "widowControl", "snapToGrid", "spacing", "ind", "jc",
             "outlineLvl", "rPr"]  # fmt: skip
    for part in (parts["word/document.xml"], parts["word/styles.xml"]):
        for properties in part.iter(f"{W}pPr"):
            names = [c.tag.replace(W, "") for c in properties if c.tag.replace(W, "") in order]
            assert names == sorted(names, key=order.index)


def test_the_file_opens_again_and_stays_editable() -> None:
    word = open_word(io.BytesIO(paper()))
    assert word.paragraphs[0].text == "谈话前情况简报"
    word.paragraphs[0].text = "改过的标题"
    word.save(io.BytesIO())


@pytest.mark.parametrize(("text", "kept"), [("短", True), ("一二三四五六七八九十" * 12, False)])
def test_a_table_of_few_but_tall_rows_may_be_parted(text: str, kept: bool) -> None:
    word = gongwen.new_paper("表")
    gongwen.add_table(word, ("编号", "事实"), [(str(n), text) for n in range(8)], (100, 56))
    rows = word.tables[0].rows
    assert [r.cells[0].paragraphs[0].paragraph_format.keep_with_next for r in rows] == [True, *[kept or None] * 7, None]
