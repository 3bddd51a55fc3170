"""GB/T 9704-2012 paper in Word: page, grid, fonts, headings, sign-off, page numbers, tables (domain.md §4.1).

Fonts are written by name (they are on officers' PCs, not on servers); every size and distance is the standard's.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any
from xml.sax.saxutils import escape

from docx import Document as new_word
from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Mm, Pt
from docx.text.paragraph import Paragraph
from docx.text.run import Run

from dossier.gongwen_parts import set_footer_text, set_header_text
from dossier.gongwen_xml import put_child

SONG_TITLE, FANG_SONG, KAI_TI, HEI_TI, LATIN = "方正小标宋简体", "仿宋_GB2312", "楷体_GB2312", "黑体", "Times New Roman"
TITLE_SIZE, BODY_SIZE, NUMBER_SIZE, TABLE_SIZE = Pt(22), Pt(16), Pt(14), Pt(10.5)  # 二号 三号 四号 五号
SMALL_SIZE, FORM_SIZE = Pt(9), Pt(12)  # 小五 小四
TOP, LEFT, RIGHT, BOTTOM = Mm(37), Mm(28), Mm(26), Mm(35)
LINE_PITCH = 579  # twips: 225 mm / 22 lines
CHAR_SPACE = -848  # 1/4096 pt: 156 mm / 28 characters against 16 pt
CONDENSED = -5  # twips off each character, so that 28 of 16 pt fit 156 mm
CHARACTER = 316  # twips of one body character: 15.793 pt
CHARACTERS_PER_LINE = 28
SHORT_TABLE = 20  # lines of a table that is kept on one page
HEADING_FONTS = {1: HEI_TI, 2: KAI_TI, 3: FANG_SONG}
TITLE, TABLE, FORM = "公文标题", "公文表格", "公文表单"
_CODE = re.compile(r"(〔[A-Z]+-[0-9A-Z-]+〕)")
_NOT_XML = re.compile(r"[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def new_paper(title: str, mark: str = "内部资料　注意保存", serial: str = "") -> Document:
    """An empty A4 document with 22 lines of 28 characters; `mark` and `serial` head every page, numbers foot it."""
    word = new_word()
    _defaults(word)
    _page(word, clean(mark), clean(serial))
    properties = word.core_properties
    properties.title, properties.author, properties.comments = clean(title), "", ""
    properties.language = "zh-CN"
    return word


def clean(text: str) -> str:
    """Text that Word can hold: one line, no control characters."""
    return _NOT_XML.sub("", text).replace("\t", " ").replace("\n", "")


def add_title(word: Document, text: str) -> Paragraph:
    """The title: 2号小标宋, centred."""
    return _paragraph(word, text, TITLE)


def add_heading(word: Document, text: str, level: int) -> Paragraph:
    """A structure heading: 一、黑体 (1), （一）楷体 (2), 1.仿宋 (3), each indented 2 characters."""
    return _paragraph(word, text, f"Heading {level}")


def add_body(word: Document, text: str, indent: bool = True) -> Paragraph:
    """A body paragraph: 3号仿宋, first line indented 2 characters unless `indent` is off."""
    paragraph = _paragraph(word, text, "Normal")
    if indent:
        set_indent(paragraph, first=2)
    return paragraph


def add_cited(word: Document, text: str) -> Paragraph:
    """A body paragraph whose codes, 〔E-20250811-000123〕, are printed small."""
    return add_pieces(word, [(piece, bool(_CODE.fullmatch(piece))) for piece in _CODE.split(text) if piece])


def add_pieces(word: Document, pieces: Sequence[tuple[str, bool]]) -> Paragraph:
    """A body paragraph of (text, small): what is small is printed 小五, such as the codes of evidence."""
    paragraph = word.add_paragraph()
    for text, small in pieces:
        if not small:
            add_run(paragraph, text)
            continue
        first, *rest = text.split("-")
        run = add_run(paragraph, first)
        run.font.size = SMALL_SIZE
        for piece in rest:  # a code is not torn at the end of a line
            inside: Any = run._r
            inside.append(OxmlElement("w:noBreakHyphen"))
            inside.add_t(clean(piece))
    set_indent(paragraph, first=2)
    return paragraph


def add_centred(word: Document, text: str, font: str = "", size: Any = None) -> Paragraph:
    """A centred line, such as the issue under a title or the title of a table."""
    paragraph = _paragraph(word, text, "Normal", font)
    put_child(paragraph._p.get_or_add_pPr(), "w:jc", {"w:val": "center"})
    if size is not None:
        paragraph.runs[0].font.size = size
    return paragraph


def add_small(word: Document, text: str) -> Paragraph:
    """A line of table text outside a table, such as its unit or what its figures rest on."""
    return _paragraph(word, text, TABLE)


def add_blank(word: Document) -> Paragraph:
    """One blank line."""
    return _paragraph(word, "", "Normal")


def add_signature(word: Document, office: str, day: date) -> None:
    """署名 and date without seal: a blank line, the office 2 characters from the right, the date's first character
    2 characters to the right of the office's; a date longer than the office moves both (GB/T 9704 §7.3.5.2)."""
    add_blank(word).paragraph_format.keep_with_next = True
    written = f"{day.year}年{day.month}月{day.day}日"
    office_width, date_width = width_of(office), width_of(written)
    office_right, date_right = 2.0, office_width - date_width
    if date_right < 2:
        date_right, office_right = 2.0, 2 + date_width + 2 - office_width
    first = _paragraph(word, office, "Normal")
    first.paragraph_format.keep_with_next = True
    for paragraph, right in ((first, office_right), (_paragraph(word, written, "Normal"), date_right)):
        put_child(paragraph._p.get_or_add_pPr(), "w:jc", {"w:val": "right"})
        set_indent(paragraph, right=right)


def add_attachment(word: Document, mark: str, title: str) -> None:
    """Start an attachment on a new page: `mark` (附件) 3号黑体 flush left, its title on the third line."""
    paragraph = _paragraph(word, mark, "Normal", HEI_TI)
    paragraph.paragraph_format.page_break_before = True
    add_blank(word)
    add_title(word, title)
    add_blank(word)


def add_table(
    word: Document, header: Sequence[str], rows: Sequence[Sequence[str]], widths: Sequence[float], numeric: int = 0
) -> None:
    """A table 5号, a short one on one page, else its header repeated; the last `numeric` columns right-aligned.

    `widths` in mm. Rows are written as XML at once: cell by cell a long list would take ten times as long.
    """
    table = new_table(word, 0, len(header))
    numbers = len(header) - numeric
    whole = sum(_height(row, widths) for row in rows) <= SHORT_TABLE
    lines = [_row(header, widths, "center", numbers, True, True)]
    lines += [_row(row, widths, "", numbers, False, whole and row is not rows[-1]) for row in rows]
    for row in parse_xml(f"<w:tbl {nsdecls('w')}>{''.join(lines)}</w:tbl>"):
        table._tbl.append(row)
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)


def _height(row: Sequence[str], widths: Sequence[float]) -> int:
    """Lines that a row takes, about: 5号 characters in cells with 1 mm of margin on either side."""
    room = [max(1.0, (Mm(width).pt - Mm(2).pt) / TABLE_SIZE.pt) for width in widths]
    return max(math.ceil(width_of(value) / space) for value, space in zip(row, room, strict=True)) or 1


def _row(values: Sequence[str], widths: Sequence[float], align: str, numbers: int, head: bool, keep: bool) -> str:
    """One row; from column `numbers` on aligned at the right, unless `align` says how. keep: on the next row's page."""
    font = f' w:eastAsia="{HEI_TI}"' if head else ""
    kept = "<w:keepNext/>" if keep else ""
    cells = []
    for column, (value, width) in enumerate(zip(values, widths, strict=True)):
        side = align or ("right" if column >= numbers else "")
        jc = f'<w:jc w:val="{side}"/>' if side else ""
        cells.append(
            f'<w:tc><w:tcPr><w:tcW w:type="dxa" w:w="{Mm(width).twips}"/></w:tcPr><w:p><w:pPr>'
            f'<w:pStyle w:val="{TABLE}"/>{kept}{jc}</w:pPr><w:r><w:rPr><w:rFonts w:hint="eastAsia"{font}/></w:rPr>'
            f'<w:t xml:space="preserve">{escape(clean(value))}</w:t></w:r></w:p></w:tc>'
        )
    marks = "<w:cantSplit/>" + ("<w:tblHeader/>" if head else "")
    return f"<w:tr><w:trPr>{marks}</w:trPr>{''.join(cells)}</w:tr>"


def new_table(word: Document, rows: int, columns: int) -> Any:
    """An empty table with lines, narrow margins and fixed widths, its edges on those of the type area."""
    table = word.add_table(rows=rows, cols=columns)
    table.style = "Table Grid"
    table.autofit = False
    put_child(table._tbl.tblPr, "w:jc", {"w:val": "center"})
    margins = put_child(table._tbl.tblPr, "w:tblCellMar")
    for side in ("left", "right"):
        put_child(margins, f"w:{side}", {"w:w": "57", "w:type": "dxa"})
    return table


def set_indent(paragraph: Paragraph, first: float = 0, left: float = 0, right: float = 0) -> None:
    """Indents in body characters, written both in characters and in twips."""
    values: dict[str, str] = {}
    for name, count in (("firstLine", first), ("left", left), ("right", right)):
        if count:
            values[f"w:{name}Chars"] = str(round(100 * count))
            values[f"w:{name}"] = str(round(CHARACTER * count))
    put_child(paragraph._p.get_or_add_pPr(), "w:ind", values)


def to_bytes(word: Document) -> bytes:
    """The .docx file."""
    out = BytesIO()
    word.save(out)
    return out.getvalue()


def _paragraph(word: Document, text: str, style: str, font: str = "") -> Paragraph:
    paragraph = word.add_paragraph()
    _dress(paragraph, style)
    if text:
        add_run(paragraph, text, font)
    return paragraph


def _dress(paragraph: Paragraph, style: str) -> None:
    """Give a paragraph its style by id; looking each one up by name takes most of the time of a long table."""
    if style != "Normal":
        paragraph._p.style = style.replace(" ", "")


def add_run(paragraph: Paragraph, text: str, font: str = "") -> Run:
    """Text in a paragraph, Chinese where signs could be either."""
    run = paragraph.add_run(clean(text))
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    fonts.set(qn("w:hint"), "eastAsia")  # quotation marks and dashes take the Chinese font
    if font:
        fonts.set(qn("w:eastAsia"), font)
    return run


def _defaults(word: Document) -> None:
    """Styles: Normal 3号仿宋 on the grid, headings in black without spacing, title, table text."""
    lang = {"w:val": "en-US", "w:eastAsia": "zh-CN"}
    base: Any = word.styles.element.find(f"{qn('w:docDefaults')}/{qn('w:rPrDefault')}/{qn('w:rPr')}")
    _fonts(base, FANG_SONG)
    put_child(base, "w:lang", lang)
    title = word.styles.add_style(TITLE, WD_STYLE_TYPE.PARAGRAPH)
    table = word.styles.add_style(TABLE, WD_STYLE_TYPE.PARAGRAPH)
    form = word.styles.add_style(FORM, WD_STYLE_TYPE.PARAGRAPH)
    title.base_style = table.base_style = form.base_style = word.styles["Normal"]
    _style(word.styles["Normal"], FANG_SONG, BODY_SIZE, "both")
    _style(title, SONG_TITLE, TITLE_SIZE, "center")
    _style(table, FANG_SONG, TABLE_SIZE, "left", line=320)
    _style(form, FANG_SONG, FORM_SIZE, "left", line=400)
    # The page declares the grid; the text meets it by its own exact pitch, since programs other than Word stretch
    # 16 pt characters over two cells of 15.793 pt.
    normal = word.styles["Normal"].element
    put_child(normal.get_or_add_pPr(), "w:snapToGrid", {"w:val": "0"})
    put_child(normal.get_or_add_pPr(), "w:overflowPunct", {"w:val": "0"})  # no mark outside the type area
    for gap in ("w:autoSpaceDE", "w:autoSpaceDN"):  # no space of Word's own beside digits: 28 characters stay 28
        put_child(normal.get_or_add_pPr(), gap, {"w:val": "0"})
    put_child(normal.get_or_add_rPr(), "w:spacing", {"w:val": str(CONDENSED)})
    for level, font in HEADING_FONTS.items():
        heading = word.styles[f"Heading {level}"]
        _style(heading, font, BODY_SIZE, "both")
        put_child(
            heading.element.get_or_add_pPr(), "w:ind", {"w:firstLineChars": "200", "w:firstLine": str(2 * CHARACTER)}
        )


def _style(style: Any, font: str, size: Any, align: str, line: int = LINE_PITCH) -> None:
    style.font.size, style.font.bold, style.font.italic = size, False, False
    run = style.element.get_or_add_rPr()
    for old in run.findall(qn("w:color")):
        run.remove(old)
    _fonts(run, font)
    put_child(run, "w:szCs", {"w:val": str(int(size.pt * 2))})
    paragraph = style.element.get_or_add_pPr()
    put_child(paragraph, "w:widowControl", {"w:val": "0"})
    spacing = {"w:before": "0", "w:after": "0", "w:line": str(line), "w:lineRule": "exact"}
    put_child(paragraph, "w:spacing", spacing)
    put_child(paragraph, "w:jc", {"w:val": align})


def _fonts(run: Any, font: str) -> None:
    put_child(run, "w:rFonts", {"w:ascii": LATIN, "w:hAnsi": LATIN, "w:cs": LATIN, "w:eastAsia": font})


def _page(word: Document, mark: str, serial: str) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = TOP, BOTTOM
    section.left_margin, section.right_margin = LEFT, RIGHT
    section.gutter = Mm(0)
    section.header_distance = Mm(28)
    section.footer_distance = Mm(25.2)  # the dashes of the number stand 7 mm below the type area
    grid = {"w:type": "linesAndChars", "w:linePitch": str(LINE_PITCH), "w:charSpace": str(CHAR_SPACE)}
    put_child(section._sectPr, "w:docGrid", grid)
    word.settings.odd_and_even_pages_header_footer = True
    mode = {"w:name": "compatibilityMode", "w:uri": "http://schemas.microsoft.com/office/word", "w:val": "15"}
    put_child(word.settings.element.find(qn("w:compat")), "w:compatSetting", mode)  # else Word says 兼容模式
    for header in (section.header, section.even_page_header):
        set_header_text(header, mark, serial, HEI_TI, width=CHARACTERS_PER_LINE * CHARACTER)
    for footer, side in ((section.footer, "right"), (section.even_page_footer, "left")):
        set_footer_text(footer, side, NUMBER_SIZE.pt)


def width_of(text: str) -> float:
    """Width in body characters; Latin letters and digits take half of one."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)
