"""Which lines of a page are the article.

Every line gets a worth: running prose is worth its length, links and page furniture cost. The article is
the run of lines with the greatest sum (Kadane), within the innermost block element that holds (nearly) all
of it. Nothing here knows a site; class names only lower the worth of what calls itself a comment list or a
side bar, and lines before the headline count for half.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from collector.page_furniture import (
    AFTER,
    ATTACHMENT,
    BUTTON,
    CLOSE,
    EDGE,
    EDITED,
    LOW_HINT,
    PAGE_NUMBERS,
    SITE,
    SITE_WORD,
)
from collector.page_tree import HEADINGS, Line, Span, Tree

_PROSE = re.compile(r"[，。！？；：、,;!?“”]")
_STRONG = re.compile(r"[。！？；!?]")
AFTER_EDITOR = 0.3  # what follows the editor's line is no article if it is shorter than this share of it
LIST_COST = 60.0  # what a list of links inside an article may cost at most
ARTICLE = 60.0  # what two sentences are worth
TEASER_COST = 10.0  # what a line of a teaser costs
BESIDE = frozenset({"nav", "aside", "footer"})
HOLDS = 0.97  # a block this near to the best is preferred for being deeper


@dataclass(frozen=True)
class Body:
    """The article: its container (index into ``Tree.spans``) and the indexes of its lines, in order."""

    span: int
    lines: list[int]


def line_worth(line: Line) -> float:
    """Positive for prose, about zero for short unlinked text, negative for links and furniture."""
    if not line.size:
        return 0.0
    if any(ATTACHMENT.search(href) for href, _ in line.links):
        return 2.0
    marks = len(_PROSE.findall(line.text))
    if line.size <= 14 and SITE_WORD.search(line.text) and not _STRONG.search(line.text):
        return -12.0
    if line.size < 120 and SITE.search(line.text):
        return -30.0
    if _is_edge(line):
        return 0.0
    if line.linked > 0.5 * line.size and not (marks >= 3 and line.size > 80):
        return -(10.0 + min(line.size, 40))
    free = line.size - line.linked
    if marks:
        return free * (1.0 if _STRONG.search(line.text) or line.size > 40 else 0.6) - line.linked
    return min(free, 60) * (0.4 if free > 12 else 0.15)


def _is_edge(line: Line) -> bool:
    """A byline, share or editor line; a whole sentence (凭二维码预约进场。) is the article's own."""
    sentence = line.size >= 20 and _STRONG.search(line.text)
    return line.size < 60 and not sentence and bool(EDGE.search(line.text))


def find_body(tree: Tree, title_line: int = -1) -> Body | None:
    """The article's container and lines, or None where the page has no prose at all.

    ``title_line``: index of the line that shows the headline, -1 where unknown.
    """
    worth = _weigh(tree, title_line)
    total = _best_run(worth, range(len(worth)))[0]
    if total <= 0:
        return None
    best, best_run = -1, range(0)
    for index, span in enumerate(tree.spans):
        if sum(w for w in worth[span.first : span.last] if w > 0) < HOLDS * total:
            continue
        score, run = _best_run(worth, range(span.first, span.last))
        if score >= HOLDS * total:
            best, best_run = index, run
    if best < 0:
        best_run = _best_run(worth, range(len(worth)))[1]
    # The tail first: what says that the article is over may itself be furniture that is dropped.
    whole = _cut_tail(tree.lines, list(_from_title(best_run, title_line, worth)))
    return Body(best, _without_edges(tree.lines, _drop_lists(tree, whole, worth)))


def _from_title(run: range, title_line: int, worth: list[float]) -> range:
    """A run that holds the headline starts there, unless most of the prose stands above it."""
    if title_line not in run or title_line == run.start:
        return run
    above = sum(w for w in worth[run.start : title_line] if w > 0)
    below = sum(w for w in worth[title_line : run.stop] if w > 0)
    return range(title_line, run.stop) if below > above else run


def _weigh(tree: Tree, title_line: int) -> list[float]:
    """The worth of every line in its surroundings."""
    worth = [line_worth(line) for line in tree.lines]
    seen: set[str] = set()
    for index, line in enumerate(tree.lines):
        # The same page often carries a phone version of itself: the second copy is worth nothing.
        if line.size >= 30:
            if line.text in seen and worth[index] > 0:
                worth[index] = -5.0
            seen.add(line.text)
        if title_line >= 0 and worth[index] > 0:
            after = index - title_line
            worth[index] *= 0.5 if after < 0 else max(0.4, 1 - after / 1000)
    for span in tree.spans:
        if span.last - span.first < len(tree.lines) * 0.7 and _is_beside(span):
            for index in range(span.first, span.last):
                worth[index] *= 0.3 if worth[index] > 0 else 1
    _lower_teasers(tree, worth, title_line)
    _soften_lists(tree, worth)
    return worth


def _is_beside(span: Span) -> bool:
    """A block that says of itself, by its tag or its names, that it stands beside the article."""
    return span.tag in BESIDE or bool(LOW_HINT.search(span.hint))


def _lower_teasers(tree: Tree, worth: list[float], title_line: int) -> None:
    """A list whose entries each open with a link and go on in prose tells of other pages, not of this one's matter.

    Where that is most of what the page says, and no article stands between the headline and it, it is left alone.
    """
    entries: dict[int, list[Span]] = {}
    for span in tree.spans:
        if span.parent >= 0 and span.last - span.first >= 2:
            entries.setdefault(span.parent, []).append(span)
    whole = sum(w for w in worth if w > 0)
    for found in entries.values():
        opened = [s for s in found if (line := tree.lines[s.first]).size >= 6 and line.linked >= 0.9 * line.size]
        if len(opened) < 3 or len(opened) < 0.8 * len(found):
            continue
        lines = [i for span in opened for i in range(span.first, span.last) if worth[i] > 0]
        above = sum(w for w in worth[max(0, title_line) : opened[0].first] if w > 0)
        if sum(worth[i] for i in lines) < 0.5 * whole or above >= ARTICLE:
            for i in lines:
                worth[i] = -TEASER_COST


def _soften_lists(tree: Tree, worth: list[float]) -> None:
    """A list of links set into an article costs LIST_COST at most, however long it is."""
    done = 0
    for span in tree.spans:
        count = span.last - span.first
        if span.first < done or count < 3:
            continue
        block = worth[span.first : span.last]
        total = sum(block)
        if total < -LIST_COST and max(block) < 20 and sum(w for w in block if w > 0) < 40:
            worth[span.first : span.last] = [-LIST_COST / count] * count
            done = span.last


def _best_run(worth: Sequence[float], indexes: range) -> tuple[float, range]:
    """The contiguous run of lines with the greatest sum, as (sum, range)."""
    best, low, high = 0.0, indexes.start, indexes.start
    total, start = 0.0, indexes.start
    for index in indexes:
        if total <= 0:
            total, start = 0.0, index
        total += worth[index]
        if total > best:
            best, low, high = total, start, index + 1
    return best, range(low, high)


def _drop_lists(tree: Tree, indexes: list[int], worth: list[float]) -> list[int]:
    """Leave out inner blocks that are lists of links or furniture (related news, share bars)."""
    if not indexes:
        return indexes
    low, high = indexes[0], indexes[-1] + 1
    dropped: set[int] = set()
    for span in tree.spans:
        count = span.last - span.first
        if not count or span.first < low or span.last > high or count >= high - low:
            continue
        lines = tree.lines[span.first : span.last]
        size = sum(line.size for line in lines)
        listed = sum(worth[span.first : span.last]) < 0 and sum(line.linked for line in lines) > 0.5 * size
        hinted = _is_beside(span)
        if (listed and (count >= 3 or hinted)) or (hinted and size < 400 and span.tag not in HEADINGS):
            dropped.update(range(span.first, span.last))
    return [i for i in indexes if i not in dropped and not _is_furniture(tree.lines[i])]


def _is_furniture(line: Line) -> bool:
    """A line of the site itself in the middle of an article."""
    if CLOSE.match(line.text) or (PAGE_NUMBERS.match(line.text) and (line.linked or line.text[0] in "[【")):
        return True
    short = line.size < 40 and not _STRONG.search(line.text)
    return short and bool(SITE.search(line.text) or (line.linked == line.size and SITE_WORD.search(line.text)))


def _cut_tail(lines: list[Line], indexes: list[int]) -> list[int]:
    """End the article where a line says that it is over, once there is an article at all."""
    read, whole = 0, sum(lines[i].size for i in indexes)
    for position, index in enumerate(indexes):
        line = lines[index]
        if read >= 60 and line.size < 80 and AFTER.match(line.text):
            return indexes[:position]
        if read >= 60 and whole - read < AFTER_EDITOR * read and line.size < 40 and EDITED.match(line.text):
            return indexes[:position]
        read += line.size
    return indexes


def _without_edges(lines: list[Line], indexes: list[int]) -> list[int]:
    """Without the byline, share, editor and 相关信息 lines at the very end, however short the article is."""
    end = len(indexes)
    while end > 1 and lines[indexes[end - 1]].size < 60:
        line = lines[indexes[end - 1]]
        if not (_is_edge(line) or AFTER.match(line.text) or BUTTON.match(line.text)):
            break
        end -= 1
    return indexes[:end]
