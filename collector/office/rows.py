"""A sheet as readable lines: ``列名：值；列名：值``, so that a row says by itself what its figures mean.

A title, a note or a signature stays the plain line it is. Column names may stand in two or three rows (a group
name over its years), and tables that stand side by side are read one after the other.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import pairwise

from collector.office.document import Table

HEADER_ROWS = 3  # column names take at most this many rows
NAME_LENGTH = 40  # a longer cell is no column name
_NUMBER = re.compile(r"[-+−(（]?[\d,，.]+(?:%|％|‰)?[)）]?|[-—–…/]+|\d{4}[-/]\d\d?[-/]\d\d?(?:[ T][\d:]+)?")
_YEAR = re.compile(r"(?:19|20)\d\d(?:\s*年)?")
_SENTENCE = re.compile(r"[。！？；]")
_BETWEEN_HAN = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+(?=[\u3000-\u9fff\uff00-\uffef])")


@dataclass(frozen=True)
class _Header:
    """The column names, and how many rows they take."""

    names: list[str]
    rows: int


def readable_rows(table: Table) -> list[str]:
    """The lines of a sheet, rows of cells in, one line a filled row out (the rows of column names give none)."""
    lines: list[str] = []
    for block in _side_by_side([[_plain(cell) for cell in row] for row in table]):
        lines += _lines(block)
    return lines


def find_header(rows: Table, start: int = 0) -> tuple[int, int]:
    """Where the column names begin and end, as a half-open range of row indexes; (-1, -1) where there are none."""
    for index in range(start, len(rows)):
        if (header := _header_at(rows, index)) is not None:
            return index, index + header.rows
    return -1, -1


def _lines(rows: Table) -> list[str]:
    lines: list[str] = []
    names: list[str] = []
    fresh = True  # nothing but a heading or an empty row since the last table: new column names may follow
    index = 0
    while index < len(rows):
        filled = [cell for cell in rows[index] if cell]
        header = _header_at(rows, index) if fresh else None
        if header is not None:
            names, fresh = header.names, False
            index += header.rows
            continue
        if len(filled) <= 1:
            fresh = True
        if filled:
            lines.append(_row(rows[index], names) if len(filled) > 1 else filled[0])
        index += 1
    return lines


def _row(row: list[str], names: list[str]) -> str:
    """One row; a value without a column name stands alone."""
    if not any(names):
        filled = [cell for cell in row if cell]
        # two cells of words are a field and its value, as in a form
        return ("：" if len(filled) == 2 and not re.search("[:：]", filled[0]) else " ").join(filled)
    parts = []
    for column, cell in enumerate(row):
        if cell:
            name = names[column] if column < len(names) else ""
            parts.append(f"{name}：{cell}" if name else cell)
    return "；".join(parts)


def _header_at(rows: Table, index: int) -> _Header | None:
    """The column names that begin in this row: words only (years count as words), with a table below them."""
    if not _names_only(rows[index]) or sum(map(bool, rows[index])) < 2:
        return None
    taken = 1
    while taken < HEADER_ROWS and index + taken < len(rows) and _goes_on(rows[index : index + taken + 1]):
        taken += 1
    below = [row for row in rows[index + taken : index + taken + 8] if any(row)]
    width = sum(map(bool, rows[index]))
    like = [row for row in below if sum(map(bool, row)) >= min(2, width)]
    names = _joined(rows[index : index + taken])
    if max((sum(map(bool, row)) for row in below), default=0) * 0.6 > sum(map(bool, names)):
        return None  # a line of notes over a wider table
    figures = any(_NUMBER.fullmatch(cell) for row in like for cell in row if cell)
    if not like or like[0] is not below[0] or not (figures or width >= 3):
        return None
    return _Header(names, taken)


def _names_only(row: list[str]) -> bool:
    """Whether every filled cell could be a column name, the first of them not a figure."""
    filled = [cell for cell in row if cell]
    return (
        bool(filled)
        and not _is_figure(filled[0])
        and all(len(c) <= NAME_LENGTH and not _SENTENCE.search(c) and not _is_figure(c) for c in filled)
    )


def _goes_on(rows: Table) -> bool:
    """Whether the last of these rows carries the column names on: its first cell is empty, its words are names."""
    last = rows[-1]
    filled = [cell for cell in last if cell]
    if not filled:
        return not any(rows[-1])  # an empty row inside merged names
    return not last[0] and not any(_is_figure(cell) for cell in filled)


def _is_figure(cell: str) -> bool:
    return bool(_NUMBER.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _joined(rows: Table) -> list[str]:
    """Column names from their rows; a group name covers the empty cells to its right that have a name below."""
    width = max(len(row) for row in rows)
    cells = [[row[c] if c < len(row) else "" for c in range(width)] for row in rows]
    for row, below in pairwise(cells):
        for column in range(1, width):
            if not row[column] and below[column] and below[column - 1]:
                row[column] = row[column - 1]
    return ["".join(dict.fromkeys(row[c] for row in cells if row[c])) for c in range(width)]


def _side_by_side(rows: Table) -> list[Table]:
    """The sheet cut at empty columns where a table of two or more columns stands on either side."""
    width = max((len(row) for row in rows), default=0)
    wide = [row + [""] * (width - len(row)) for row in rows]
    empty = [c for c in range(width) if not any(row[c] for row in wide)]
    edges = [-1, *empty, width]
    spans = [(a + 1, b) for a, b in pairwise(edges) if b > a + 1]
    full = [(a, b) for a, b in spans if _is_table([row[a:b] for row in wide])]
    if len(full) < 2 or len(full) != len(spans):
        return [wide]
    return [[row[a:b] for row in wide] for a, b in spans]


def _is_table(rows: Table) -> bool:
    return find_header(rows) != (-1, -1)


def _plain(cell: str) -> str:
    """A cell on one line; the spaces that spread out Chinese words are taken out."""
    return _BETWEEN_HAN.sub("", " ".join(cell.split()))
