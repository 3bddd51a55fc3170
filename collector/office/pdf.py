"""PDF text with pypdfium2: paragraphs put together again, running heads and page numbers left out."""

from __future__ import annotations

import re
from collections import Counter

import pypdfium2
import pypdfium2.raw as pdfium_raw

from collector.office.document import Limits, ReadDocument, refuse
from collector.office.headline import guess_title

_PAGE_NUMBER = re.compile(
    r"^[\s\-—–－_.·]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，]?\s*(?:共\s*)?\d{1,4}\s*页?)?[\s\-—–－_.·]*$"
)
NARROW = 40  # columns: text set narrower than this is a list or a title, not paragraphs
_ENDS = re.compile(r"[。！？；：:!?…”』》）)]$")
_STARTS = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[）)]|\d+[、.．)）]|\d+\s+\S|第.{1,4}[章节条]|[●■◆•·※*]|附件|注[:：])"
)


def read_pdf(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Read a PDF. Pages without text are named in the warning READ-NEEDS-OCR.

    Raises CollectorError READ-ENCRYPTED (needs a password) or READ-BROKEN.
    """
    try:
        pdf = pypdfium2.PdfDocument(data)
        count = len(pdf)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise refuse("READ-ENCRYPTED", "PDF 文件已加密，无法读取", name, "请提供未加密的文件") from error
        raise refuse("READ-BROKEN", "PDF 文件已损坏，无法打开", name) from error
    document = ReadDocument(pages=count)
    pages: list[list[str]] = []
    size = 0
    for number in range(min(count, limits.pages)):
        pages.append(_page_lines(pdf, number))
        size += sum(map(len, pages[-1]))
        if size > limits.text_chars:
            break
    pdf.close()
    if len(pages) < count:
        document.warnings.append(f"READ-PAGES-CUT: {len(pages)}/{count}")
    bare = [str(i + 1) for i, lines in enumerate(pages) if sum(len(line.strip()) for line in lines) < 5]
    if bare:
        document.warnings.append("READ-NEEDS-OCR: " + ",".join(bare))
        document.confidence = round(1 - len(bare) / len(pages), 4)
    kept = _without_running(pages)
    document.title = guess_title([line for lines in kept[:2] for line in lines])
    document.text = "\n".join(reflow([line for lines in kept for line in lines]))
    return document


def _page_lines(pdf: pypdfium2.PdfDocument, number: int) -> list[str]:
    """Text lines of one page; a page that cannot be read counts as a page without text."""
    try:
        page = pdf[number]
        text_page = page.get_textpage()
        text = text_page.get_text_range() if pdfium_raw.FPDFText_CountChars(text_page) > 0 else ""
        text_page.close()
        page.close()
    except pypdfium2.PdfiumError:
        return []
    text = text.replace("\ufffe", "").replace("\x02", "").replace("\r\n", "\n").replace("\r", "\n")
    return [line.strip() for line in text.split("\n") if line.strip()]


def _without_running(pages: list[list[str]]) -> list[list[str]]:
    """Pages without page numbers and without head and foot lines that most pages share."""

    def shape(line: str) -> str:
        return re.sub(r"\d+", "0", re.sub(r"\s", "", line))

    seen: Counter[str] = Counter()
    for lines in pages:
        seen.update({shape(line) for line in lines[:2] + lines[-2:]})
    running = {s for s, n in seen.items() if len(pages) >= 3 and n >= max(3, 0.5 * len(pages))}
    kept = []
    for lines in pages:
        edge = {0, 1, len(lines) - 2, len(lines) - 1}
        kept.append(
            [
                line
                for i, line in enumerate(lines)
                if i not in edge or not (shape(line) in running or _PAGE_NUMBER.match(line))
            ]
        )
    return kept


def reflow(lines: list[str]) -> list[str]:
    """Join the lines of a paragraph: a full line without closing mark goes on in the next one."""
    if not lines:
        return []
    widths = sorted(_width(line) for line in lines)
    full = widths[int(len(widths) * 0.9)] * 0.85
    out: list[str] = []
    open_line = False
    for line in lines:
        if open_line and not _STARTS.match(line):
            glue = " " if re.match(r"[A-Za-z0-9]", line) and re.search(r"[A-Za-z,.]$", out[-1]) else ""
            out[-1] += glue + line
        else:
            out.append(line)
        open_line = (
            _width(line) >= full and full > NARROW and not (_ENDS.search(line) and _width(line) < full / 0.85 * 0.95)
        )
    return out


def _width(line: str) -> int:
    """Columns a line takes: a Chinese character counts two."""
    return sum(2 if c > "\u2e7f" else 1 for c in line)
