"""Labelled boxes and the unit line of an official paper's tables."""

from __future__ import annotations

from collections.abc import Sequence

from docx.document import Document

from dossier import gongwen
from dossier.gongwen_xml import put_child

LABEL_WIDTH, TEXT_WIDTH = 34, 122  # mm of a form's two columns


def add_form(word: Document, boxes: Sequence[tuple[str, str]]) -> None:
    """Labelled boxes, one a line: 单位 | 望澜区. A text of several lines keeps them."""
    table = gongwen.new_table(word, len(boxes), 2)
    for row, (label, text) in zip(table.rows, boxes, strict=True):
        put_child(row._tr.get_or_add_trPr(), "w:cantSplit")
        cells = row.cells
        gongwen.fill_cell(cells[0], label, LABEL_WIDTH, gongwen.HEI_TI)
        for number, line in enumerate(text.split("\n") or [""]):
            if number:
                cells[1].add_paragraph()
            gongwen.fill_cell(cells[1], line, TEXT_WIDTH, at=number)


def add_unit(word: Document, unit: str) -> None:
    """The unit of a table's figures, at its upper right."""
    paragraph = gongwen.add_small(word, unit)
    put_child(paragraph._p.get_or_add_pPr(), "w:jc", {"w:val": "right"})
    paragraph.paragraph_format.keep_with_next = True
