"""A submitted report as a Word file: tables, a text box, tracked changes as offices leave them in."""

from __future__ import annotations

import io
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from docx import Document
from docx.document import Document as DocumentObject
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docx.text.paragraph import Paragraph

from demo.steady import write_steady

_BOX = (
    '<w:r {ns} xmlns:v="urn:schemas-microsoft-com:vml"><w:pict>'
    '<v:rect style="width:380pt;height:60pt"><v:textbox><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p>'
    "</w:txbxContent></v:textbox></v:rect></w:pict></w:r>"
)


def write_docx(report: dict[str, Any], path: Path, stamp: datetime) -> None:
    """Write `report` (an entry of reports.yaml) to `path`."""
    document = Document()
    document.add_heading(report["title"], 0).alignment = WD_ALIGN_PARAGRAPH.CENTER
    table = report.get("table")
    if table and not table["caption"]:  # a form: the table comes first
        _table(document, table)
    for entry in report["paragraphs"]:
        paragraph = document.add_paragraph()
        if entry.get("place") == "text_box":
            _append(paragraph, _BOX.format(ns=nsdecls("w"), text=escape(entry["text"])))
            continue
        inserted = report.get("inserted", "")
        if inserted and entry["text"].endswith(inserted):
            paragraph.add_run(entry["text"].removesuffix(inserted))
            _tracked(paragraph, "ins", inserted, report["signed"], stamp)
            _tracked(paragraph, "del", report["deleted"], report["signed"], stamp)
        else:
            paragraph.add_run(entry["text"])
    if table and table["caption"]:
        document.add_paragraph(table["caption"])
        _table(document, table)
    for line in (report["signed"], f"{stamp.year}年{stamp.month}月{stamp.day}日"):
        document.add_paragraph(line).alignment = WD_ALIGN_PARAGRAPH.RIGHT
    core = document.core_properties
    core.title, core.author, core.last_modified_by = report["title"], report["signed"], report["signed"]
    core.created = core.modified = stamp
    held = io.BytesIO()
    document.save(held)
    write_steady(held, path, stamp)


def _table(document: DocumentObject, table: dict[str, Any]) -> None:
    rows = [table["header"], *table["rows"]]
    grid = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    for line, row in zip(grid.rows, rows, strict=True):
        for cell, value in zip(line.cells, row, strict=True):
            cell.text = str(value)


def _tracked(paragraph: Paragraph, kind: str, text: str, author: str, stamp: datetime) -> None:
    """A tracked insertion (`ins`) or deletion (`del`) at the end of the paragraph."""
    tag = "t" if kind == "ins" else "delText"
    _append(
        paragraph,
        f'<w:{kind} {nsdecls("w")} w:id="{1 if kind == "ins" else 2}" w:author="{escape(author)}" '
        f'w:date="{stamp.isoformat()}Z"><w:r><w:{tag}>{escape(text)}</w:{tag}></w:r></w:{kind}>',
    )


def _append(paragraph: Paragraph, xml: str) -> None:
    element: Any = paragraph._p
    element.append(parse_xml(xml))
