"""The lines of PDF pages with their places: what repeats at one place is a running head, two columns are put in
reading order."""

from __future__ import annotations

import ctypes
import re
from collections import defaultdict
from dataclasses import dataclass, replace
from statistics import median

import pypdfium2
import pypdfium2.raw as pdfium

PAGE_NUMBER = re.compile(
    r"^[\s\-—–－_.·一]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／,，]?\s*(?:共\s*)?\d{1,4}\s*页?)?[\s\-—–－_.·一]*$"
)
MARGIN = 0.15  # of the page's height: where running heads and page numbers stand
EDGE_LINES = 3  # that many lines from the top or the bottom may be running heads
WIDE_GAP = 1.5  # heights of a character: a gap that is more than a space between words
_INVISIBLE = re.compile("[\ufffe\x02\ufeff]")
SAME_PLACE = 6.0  # points; heads of one file stand at the same height


@dataclass(frozen=True)
class Line:
    """One line of text. Places in points from the page's top left corner; ``size`` is the characters' height.

    ``parts``: the pieces between wide gaps, where there are any (the cells of a row, or two columns).
    """

    text: str
    left: float
    right: float
    top: float
    size: float
    parts: tuple[Line, ...] = ()


@dataclass(frozen=True)
class PageLines:
    """A page's lines in the order the file draws them, and its size in points."""

    lines: list[Line]
    width: float
    height: float


def page_lines(page: pypdfium2.PdfPage) -> PageLines:
    """The text lines of one page. Raises PdfiumError where the page's text cannot be read."""
    width, height = page.get_size()
    text_page = page.get_textpage()
    try:
        # an empty page makes the library's own text call fail
        text = text_page.get_text_range() if pdfium.FPDFText_CountChars(text_page) > 0 else ""
        lines = [
            line
            for match in re.finditer(r"[^\r\n]+", text)
            if (line := _line(text_page, match.start(), match[0], height)) is not None
        ]
    finally:
        text_page.close()
    return PageLines(lines, width, height)


def _line(text_page: pypdfium2.PdfTextPage, start: int, text: str, height: float) -> Line | None:
    """The line that begins at this index of the page's text, None where it shows nothing."""
    pieces = [
        Line(words, left[0], right[2], height - left[3], max(left[3] - left[1], right[3] - right[1], 1.0))
        for match in re.finditer(r"\S+", text)
        if (words := _INVISIBLE.sub("", match[0]))
        for left in [_box(text_page, start + match.start())]
        for right in [_box(text_page, start + match.end() - 1)]
    ]
    if not pieces:
        return None
    parts: list[Line] = []
    for piece in pieces:
        if parts and piece.left - parts[-1].right < WIDE_GAP * piece.size:
            parts[-1] = _span(parts[-1], piece)
        else:
            parts.append(piece)
    whole = pieces[0]
    for piece in pieces[1:]:
        whole = _span(whole, piece)
    return replace(whole, parts=tuple(parts)) if len(parts) > 1 else whole


def _span(one: Line, other: Line) -> Line:
    return Line(
        f"{one.text} {other.text}", one.left, max(one.right, other.right), min(one.top, other.top),
        max(one.size, other.size),
    )  # fmt: skip


def _box(text_page: pypdfium2.PdfTextPage, text_index: int) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of the line's type around one character: wide as the glyph, high as the font."""
    index = pdfium.FPDFText_GetCharIndexFromTextIndex(text_page, text_index)
    rect = pdfium.FS_RECTF()
    if index < 0 or not pdfium.FPDFText_GetLooseCharBox(text_page, index, ctypes.byref(rect)):
        return 0.0, 0.0, 0.0, 0.0
    return rect.left, rect.bottom, rect.right, rect.top


def without_running(pages: list[PageLines]) -> list[PageLines]:
    """Pages without page numbers and without the lines that stand at the same place of several pages."""
    places: dict[str, list[tuple[int, float]]] = defaultdict(list)
    for number, page in enumerate(pages):
        for line in page.lines:
            if _in_margin(line, page):
                places[_shape(line.text)].append((number, line.top))
    kept = []
    for page in pages:
        gone = _running(page, places, len(pages))
        kept.append(PageLines([line for line in page.lines if id(line) not in gone], page.width, page.height))
    return kept


def _running(page: PageLines, places: dict[str, list[tuple[int, float]]], pages: int) -> set[int]:
    """Ids of the head and foot lines: from either edge inwards, up to the first line that is none."""
    gone: set[int] = set()
    downwards = sorted(page.lines, key=lambda line: line.top)
    for lines in (downwards, downwards[::-1]):
        for line in lines[:EDGE_LINES]:
            number = PAGE_NUMBER.match(line.text) is not None
            if not _in_margin(line, page) or not (number or _repeated(line, places[_shape(line.text)], pages)):
                break
            gone.add(id(line))
    return gone


def _repeated(line: Line, places: list[tuple[int, float]], pages: int) -> bool:
    """Whether enough pages show the same words (figures aside) at the same height."""
    same = {number for number, top in places if abs(top - line.top) <= SAME_PLACE}
    return len(same) >= max(2, 0.3 * pages)


def _in_margin(line: Line, page: PageLines) -> bool:
    return line.top < MARGIN * page.height or line.top + line.size > (1 - MARGIN) * page.height


def _shape(text: str) -> str:
    return re.sub(r"\d+", "0", re.sub(r"\s", "", text))


def in_columns(page: PageLines) -> list[list[Line]]:
    """The lines in reading order, a list a column: one list unless two columns of prose stand side by side.

    Lines across both columns (headings) part the page: above them both columns are read before what is below.
    """
    middle = page.width / 2
    pieces = [part for line in page.lines for part in (line.parts or (line,))]
    left = [line for line in pieces if line.right <= middle + line.size]
    right = [line for line in pieces if line.left >= middle - line.size]
    if not (_is_prose(left, page.width) and _is_prose(right, page.width) and _beside(left, right)):
        return [page.lines] if page.lines else []
    sides: dict[int, int] = {id(line): 0 for line in left} | {id(line): 1 for line in right}
    bands: list[list[Line]] = [[], []]
    out: list[list[Line]] = []
    for line in sorted(pieces, key=lambda line: line.top):
        side = sides.get(id(line))
        if side is None:
            out += [*bands, [line]]
            bands = [[], []]
        else:
            bands[side].append(line)
    return [column for column in [*out, *bands] if column]


def _is_prose(lines: list[Line], width: float) -> bool:
    """At least five lines that mostly fill their half of the page: text, not the cells of a table."""
    return len(lines) >= 5 and median(line.right - line.left for line in lines) > 0.3 * width


def _beside(left: list[Line], right: list[Line]) -> bool:
    """Whether most of the shorter side stands at the height of lines of the other side."""
    few, many = sorted((left, right), key=len)
    top, bottom = min(line.top for line in many), max(line.top + line.size for line in many)
    return sum(top - line.size <= line.top <= bottom for line in few) > 0.8 * len(few)
