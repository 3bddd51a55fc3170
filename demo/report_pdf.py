"""A submitted report as a PDF: running header, page numbers, text that wraps as print does."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer

FONT = "STSong-Light"  # a CID font every reader supplies: nothing is embedded
_BODY = ParagraphStyle("body", fontName=FONT, fontSize=16, leading=28, firstLineIndent=32, wordWrap="CJK")
_TITLE = ParagraphStyle("title", fontName=FONT, fontSize=20, leading=32, alignment=TA_CENTER, wordWrap="CJK")
_SIGNED = ParagraphStyle("signed", parent=_BODY, alignment=TA_RIGHT)


def write_pdf(report: dict[str, Any], path: Path, stamp: datetime) -> None:
    """Write `report` (an entry of reports.yaml) to `path`; reportlab's invariant mode keeps the bytes the same."""
    pdfmetrics.registerFont(UnicodeCIDFont(FONT))
    story: list[Flowable] = [Paragraph(report["title"], _TITLE), Spacer(1, 8 * mm)]
    for number, entry in enumerate(report["paragraphs"], 1):
        story.append(Paragraph(entry["text"], _BODY))
        if number == report.get("page_break_after"):
            story.append(PageBreak())
    story.append(Spacer(1, 8 * mm))
    story += [Paragraph(x, _SIGNED) for x in (report["signed"], f"{stamp.year}年{stamp.month}月{stamp.day}日")]

    def edge(canvas: Canvas, template: SimpleDocTemplate) -> None:
        canvas.setFont(FONT, 10)
        canvas.drawString(28 * mm, 282 * mm, report["header"])
        canvas.drawCentredString(105 * mm, 14 * mm, f"— {template.page} —")

    path.parent.mkdir(parents=True, exist_ok=True)
    template = SimpleDocTemplate(
        str(path), pagesize=A4, leftMargin=28 * mm, rightMargin=26 * mm, topMargin=37 * mm, bottomMargin=35 * mm,
        title=report["title"], author=report["signed"], invariant=1,
    )  # fmt: skip
    template.build(story, onFirstPage=edge, onLaterPages=edge)
