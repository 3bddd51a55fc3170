"""PDF text with pypdfium2: paragraphs put together again, running heads and page numbers left out."""

from __future__ import annotations

from dataclasses import dataclass, field

import pypdfium2

from collector.office import ocr
from collector.office.document import Limits, ReadDocument, refuse
from collector.office.headline import guess_title
from collector.office.paragraphs import paragraphs
from collector.office.pdf_lines import Line, PageLines, in_columns, page_lines, without_running

FEWEST_CHARS = 5  # a page with less is a picture


@dataclass
class _Pages:
    """What the pages gave. ``bare``: without text and not recognised; ``recognised``: page number -> confidence."""

    pages: list[PageLines] = field(default_factory=list)
    bare: list[int] = field(default_factory=list)
    recognised: dict[int, float] = field(default_factory=dict)


def read_pdf(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Read a PDF. Pages without text are recognised where the extra ``ocr`` is installed and named in READ-OCR,
    else named in READ-NEEDS-OCR.

    Raises CollectorError READ-ENCRYPTED (needs a password) or READ-BROKEN.
    """
    try:
        pdf = pypdfium2.PdfDocument(data)
        count = len(pdf)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise refuse("READ-ENCRYPTED", "PDF 文件已加密，无法读取", name, "请提供未加密的文件") from error
        raise refuse("READ-BROKEN", "PDF 文件已损坏，无法打开", name) from error
    with pdf:
        read = _read_pages(pdf, min(count, limits.pages), limits)
    document = ReadDocument(pages=count)
    if len(read.pages) < count:
        document.warnings.append(f"READ-PAGES-CUT: {len(read.pages)}/{count}")
    if read.bare:
        document.warnings.append("READ-NEEDS-OCR: " + ",".join(map(str, read.bare)))
    if read.recognised:
        document.warnings.append("READ-OCR: " + ",".join(map(str, read.recognised)))
    sure = len(read.pages) - len(read.bare) - sum(1 - score for score in read.recognised.values())
    document.confidence = round(sure / max(1, len(read.pages)), 4)
    kept = without_running(read.pages)
    document.title = guess_title([line.text for page in kept[:2] for line in page.lines])
    document.text = "\n".join(paragraphs([column for page in kept for column in in_columns(page)]))
    return document


def _read_pages(pdf: pypdfium2.PdfDocument, count: int, limits: Limits) -> _Pages:
    """The lines of the pages; pictures are recognised while there is time."""
    read = _Pages()
    budget = ocr.Budget(limits.ocr_seconds)
    size = 0
    for index in range(count):
        try:
            page = pdf[index]
            lines = page_lines(page)
        except pypdfium2.PdfiumError:  # a page that cannot be read counts as a page without text
            read.pages.append(PageLines([], 0.0, 0.0))
            read.bare.append(index + 1)
            continue
        if sum(len(line.text) for line in lines.lines) < FEWEST_CHARS:
            if ocr.installed() and budget.left():
                lines = _recognised(page, lines, read, index + 1)
            else:
                read.bare.append(index + 1)
        page.close()
        read.pages.append(lines)
        size += sum(len(line.text) for line in lines.lines)
        if size > limits.text_chars:
            break
    return read


def _recognised(page: pypdfium2.PdfPage, before: PageLines, read: _Pages, number: int) -> PageLines:
    """The page's picture read; a page that shows nothing is blank, not unread."""
    scale = min(3.0, ocr.SIDE / max(before.width, before.height, 1.0))
    picture = page.render(scale=scale, rev_byteorder=True).to_numpy()[:, :, :3]
    found = ocr.recognise(picture)
    if not found.lines:
        return before
    read.recognised[number] = found.confidence
    lines = [
        Line(one.text, one.left / scale, one.right / scale, one.top / scale, one.size / scale) for one in found.lines
    ]
    return PageLines(lines, before.width, before.height)
