"""Lines put together to paragraphs again, over line ends, columns and pages."""

from __future__ import annotations

import re
from collections import Counter

from collector.office.pdf_lines import Line

NARROW = 40  # columns: text set narrower than this is a list or a title, not paragraphs
_ENDS = re.compile(r"[。！？；：:!?…”』》）)]$")
_STARTS = re.compile(
    r"^(?:[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十\d]+[）)]|\d+(?:[、．)）]|\.(?!\d))|\d+\s+\S|\d+$"
    r"|第.{1,4}[章节条]|[●■◆•·※*]|附件|注[:：])"
)


def paragraphs(columns: list[list[Line]]) -> list[str]:
    """Lines joined to paragraphs, over columns and pages too.

    A paragraph goes on where a line reaches the right edge and the next one begins at the left edge. In a file
    that does not indent its paragraphs, a closing mark or a numbered beginning ends it as well.
    """
    sides = [_sides(column) for column in columns]
    indented = _indents(columns, sides)
    out: list[str] = []
    goes_on = False
    for column, (left, right) in zip(columns, sides, strict=True):
        for line in column:
            inside = line.left > left + 1.2 * line.size
            row = bool(line.parts)  # cells of a table: a row goes on in no other
            starts = inside or row or (not indented and bool(_STARTS.match(line.text)))
            if goes_on and not starts:
                out[-1] = _glued(out[-1], line.text)
            else:
                out.append(line.text)
            full = line.right >= right - 1.9 * line.size and line.right - line.left > 8 * line.size
            goes_on = full and not row and (indented or not _ENDS.search(line.text))
    return out


def _sides(column: list[Line]) -> tuple[float, float]:
    """Left and right edge of a column's text: where most of its longer lines begin, and how far they reach."""
    longest = max((line.right - line.left for line in column), default=0.0)
    long = [line for line in column if line.right - line.left > 0.6 * longest] or column
    starts = Counter(round(line.left) for line in long)
    common = [left for left, count in starts.items() if count >= 0.2 * len(long)]
    return float(min(common or starts)), max((line.right for line in long), default=0.0)


def _indents(columns: list[list[Line]], sides: list[tuple[float, float]]) -> bool:
    """Whether the file begins its paragraphs with an indent of about two characters."""
    depths = [
        (line.left - left) / line.size for column, (left, _) in zip(columns, sides, strict=True) for line in column
    ]
    return sum(1.4 <= depth <= 2.8 for depth in depths) >= max(2, 0.08 * len(depths))


def reflow(lines: list[str]) -> list[str]:
    """Join lines whose places are not known: a full line without closing mark goes on in the next one."""
    if not lines:
        return []
    widths = sorted(_width(line) for line in lines)
    full = widths[int(len(widths) * 0.9)] * 0.85
    out: list[str] = []
    open_line = False
    for line in lines:
        if open_line and not _STARTS.match(line):
            out[-1] = _glued(out[-1], line)
        else:
            out.append(line)
        open_line = (
            _width(line) >= full and full > NARROW and not (_ENDS.search(line) and _width(line) < full / 0.85 * 0.95)
        )
    return out


def _width(line: str) -> int:
    """Columns a line takes: a Chinese character counts two."""
    return sum(2 if c > "\u2e7f" else 1 for c in line)


def _glued(before: str, after: str) -> str:
    """Two parts of a paragraph in one: Latin words keep a space, Chinese needs none."""
    latin = re.match(r"[A-Za-z0-9]", after) and re.search(r"[A-Za-z,.]$", before)
    return f"{before} {after}" if latin else before + after
