"""Running head and page number of a GB/T 9704 page: — 1 —, odd pages right, even pages left (domain.md §4.1)."""

from __future__ import annotations

from typing import Any

from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Pt, Twips

SONG = "宋体"


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
