"""Running head and page number of a GB/T 9704 page: — 1 —, odd pages right, even pages left (domain.md §4.1)."""

from __future__ import annotations

from typing import Any
from xml.sax.saxutils import escape

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import qn
from docx.shared import Pt, Twips

SONG = "宋体"
_WATERMARK = (
    '<w:pict xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
    ' xmlns:v="urn:schemas-microsoft-com:vml" xmlns:o="urn:schemas-microsoft-com:office:office">'
    '<v:shapetype id="_x0000_t136" coordsize="21600,21600" o:spt="136" adj="10800"'
    ' path="m@7,l@8,m@5,21600l@6,21600e"><v:formulas><v:f eqn="sum #0 0 10800"/><v:f eqn="prod #0 2 1"/>'
    '<v:f eqn="sum 21600 0 @1"/><v:f eqn="sum 0 0 @2"/><v:f eqn="sum 21600 0 @3"/><v:f eqn="if @0 @3 0"/>'
    '<v:f eqn="if @0 21600 @1"/><v:f eqn="if @0 0 @2"/><v:f eqn="if @0 @4 21600"/></v:formulas>'
    '<v:path textpathok="t"/><v:textpath on="t" fitshape="t"/></v:shapetype><v:shape id="watermark{number}"'
    ' type="#_x0000_t136" stroked="f" fillcolor="#e4e4e4" style="position:absolute;width:430pt;height:30pt;'
    "rotation:315;z-index:-251658240;mso-position-horizontal:center;mso-position-horizontal-relative:margin;"
    'mso-position-vertical:center;mso-position-vertical-relative:margin"><v:textpath string="{words}"'
    ' style="font-family:&quot;仿宋_GB2312&quot;;font-size:1pt"/></v:shape></w:pict>'
)


def set_header_text(header: Any, mark: str, serial: str, font: str, width: int) -> None:
    """`mark` at the left in 3号 `font`, `serial` at the right end of the type area (`width` in twips)."""
    paragraph = _only_paragraph(header, 18)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT
    paragraph.paragraph_format.tab_stops.add_tab_stop(Twips(width), WD_TAB_ALIGNMENT.RIGHT)
    _add(paragraph, mark, font, 16)
    if serial:
        _add(paragraph, f"\t{serial}", "仿宋_GB2312", 14)


def stamp_header(header: Any, words: str) -> None:
    """Add words after the serial in a header that `set_header_text` made."""
    _add(header.paragraphs[0], f"　{words}", "仿宋_GB2312", 14)


def set_footer_text(footer: Any, side: str, size: float) -> None:
    """— 1 — in half-width Song digits of `size` points, one character in from the given side."""
    paragraph = _only_paragraph(footer, 16)
    paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT if side == "right" else WD_ALIGN_PARAGRAPH.LEFT
    if side == "right":
        paragraph.paragraph_format.right_indent = Pt(size)
    else:
        paragraph.paragraph_format.left_indent = Pt(size)
    _add(paragraph, "— ", SONG, size, latin=SONG)
    for kind in ("begin", "instrText", "separate", "t", "end"):
        _add(paragraph, "", SONG, size, latin=SONG)._r.append(_field(kind))
    _add(paragraph, " —", SONG, size, latin=SONG)


def _field(kind: str) -> Any:
    """A piece of the PAGE field."""
    if kind in ("instrText", "t"):
        element = OxmlElement(f"w:{kind}")
        element.text = "PAGE" if kind == "instrText" else "1"
        return element
    element = OxmlElement("w:fldChar")
    element.set(qn("w:fldCharType"), kind)
    return element


def _only_paragraph(part: Any, line: float) -> Any:
    part.is_linked_to_previous = False
    paragraph = part.paragraphs[0]
    paragraph.style = "Normal"
    paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    paragraph.paragraph_format.line_spacing = Pt(line)
    return paragraph


def _add(paragraph: Any, text: str, font: str, size: float, latin: str = "Times New Roman") -> Any:
    run = paragraph.add_run(text)
    run.font.size = Pt(size)
    fonts = run._r.get_or_add_rPr().get_or_add_rFonts()
    for key, value in (("ascii", latin), ("hAnsi", latin), ("cs", latin), ("eastAsia", font), ("hint", "eastAsia")):
        fonts.set(qn(f"w:{key}"), value)
    return run


def add_watermark(word: Any, words: str) -> None:
    """Grey words across every page, behind its text."""
    section = word.sections[0]
    for number, header in enumerate((section.header, section.even_page_header)):
        run = header.paragraphs[0].add_run()
        run._r.append(parse_xml(_WATERMARK.format(number=number, words=escape(words, {'"': "&quot;"}))))
