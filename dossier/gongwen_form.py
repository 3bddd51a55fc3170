"""The boxes of a form, large enough to write in by hand, and the unit line of an official paper's tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from docx.document import Document
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT as VERTICAL
from docx.enum.table import WD_ROW_HEIGHT_RULE
from docx.shared import Mm

from dossier import gongwen
from dossier.gongwen_xml import put_child

PAIR = (42, 114)  # mm of label and text, together the type area
LEAST_HEIGHT, SIGNED_HEIGHT = 10, 22  # mm
SIGNATURE = "签名：　　　　　　　　　年　　月　　日"


@dataclass(frozen=True)
class Box:
    """One box: its label, what stands in it, its least height in mm, and whether it is signed by hand."""

    label: str
    text: str = ""
    height: float = LEAST_HEIGHT
    signed: bool = False


def add_form(word: Document, boxes: Sequence[tuple[str, str]]) -> None:
    """Labelled boxes, one a line: 单位 | 望澜区. A text of several lines keeps them; a 签字 box has room for it."""
    rows = [[Box(label, text, SIGNED_HEIGHT if "签字" in label else LEAST_HEIGHT)] for label, text in boxes]
    add_boxes(word, rows, PAIR)


def add_boxes(word: Document, rows: Sequence[Sequence[Box]], widths: Sequence[float]) -> None:
    """Rows of boxes, a label and a text column for each; where a row has fewer, its last text takes the rest."""
    table = gongwen.new_table(word, 0, len(widths))
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Mm(width)
    for boxes in rows:
        row = table.add_row()
        put_child(row._tr.get_or_add_trPr(), "w:cantSplit")
        row.height, row.height_rule = Mm(max(box.height for box in boxes)), WD_ROW_HEIGHT_RULE.AT_LEAST
        cells = list(row.cells)
        for cell, width in zip(cells, widths, strict=True):
            cell.width = Mm(width)
        for at, box in enumerate(boxes):
            _fill(cells[2 * at], box.label, gongwen.HEI_TI, "center")
            text = cells[2 * at + 1]
            if box is boxes[-1] and 2 * at + 1 < len(cells) - 1:
                text = text.merge(cells[-1])
                for spare in text.paragraphs[1:]:  # merging leaves an empty line for each cell
                    spare._p.getparent().remove(spare._p)
            _fill(text, box.text)
            if box.signed:
                text.vertical_alignment = VERTICAL.BOTTOM
                _line(text.add_paragraph(), SIGNATURE, align="right")


def add_unit(word: Document, unit: str) -> None:
    """The unit of a table's figures, at its upper right."""
    paragraph = gongwen.add_small(word, unit)
    put_child(paragraph._p.get_or_add_pPr(), "w:jc", {"w:val": "right"})
    paragraph.paragraph_format.keep_with_next = True


def _fill(cell: Any, text: str, font: str = "", align: str = "") -> None:
    cell.vertical_alignment = VERTICAL.CENTER
    for number, line in enumerate(text.split("\n") or [""]):
        _line(cell.add_paragraph() if number else cell.paragraphs[0], line, font, align)


def _line(paragraph: Any, text: str, font: str = "", align: str = "") -> None:
    paragraph._p.style = gongwen.FORM
    gongwen.add_run(paragraph, text, font)
    if align:
        put_child(paragraph._p.get_or_add_pPr(), "w:jc", {"w:val": align})
