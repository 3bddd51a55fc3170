"""The headline: what the page shows as its title and repeats in <title> or meta."""

from __future__ import annotations

import re
import unicodedata

from collector.dates import find_dates
from collector.page_header import is_header_line
from collector.page_tree import HEADINGS, Tree

_SEPARATOR = re.compile(r"\s*(?:[_|｜]|\s[-–—]+\s|-{1,2}|—{1,2}|–)\s*")
_SPACES = re.compile(r"\s+")
_TITLE_HINT = re.compile(r"title|headline|biaoti|\bbt\b|tit\b|topic", re.I)
_SUBTITLE = re.compile(r"^(?:—{1,2}|－－|--|──)\s*\S")
_NO_TITLE = re.compile(r"[。；>»]|位置[:：]")
BYLINE_REACH = 8  # lines around the start of the body among which the date is looked for
_HEADING_BONUS = {"h1": 0.2, "h2": 0.12, "h3": 0.08}


def squash(text: str) -> str:
    """NFKC without white space: the form in which titles are compared."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


def known_titles(declared: list[str], document_title: str) -> list[str]:
    """Squashed titles that the page declares, meta first, the <title> element last."""
    return [s for t in [*declared, document_title] if len(s := squash(t)) >= 4]


def title_position(tree: Tree, known: list[str]) -> int:
    """Index of the line that most likely shows the headline, before the body is known; -1 where none does."""
    best, best_score = -1, 0.45
    for index, line in enumerate(tree.lines):
        if 5 <= line.size <= 120 and line.linked * 2 <= line.size:
            score = _cover(squash(line.text), known) + _HEADING_BONUS.get(tree.spans[line.block].tag, 0.0)
            if score > best_score:
                best, best_score = index, score
    return best


def find_title(tree: Tree, declared: list[str], document_title: str, body_first: int) -> tuple[str, int]:
    """The headline and the index of its first line (-1 where it is not shown on the page).

    ``declared``: titles from meta tags, best first. ``body_first``: first line of the body.
    """
    known = known_titles(declared, document_title)
    best: tuple[float, str, int, int] | None = None
    for text, first, last, bonus in _candidates(tree, body_first):
        cover = _cover(squash(text), known)
        if cover > 0 and (best is None or cover + bonus > best[0]):
            best = (cover + bonus, text, first, last)
    if best and best[0] >= 0.45:
        return _with_subtitle(tree, best[1], best[3]), best[2]
    heading = _nearest_heading(tree, body_first)
    if heading:
        return heading
    if declared:
        return declared[0], -1
    return _above_byline(tree, body_first) or (strip_site(document_title), -1)


def _candidates(tree: Tree, body_first: int) -> list[tuple[str, int, int, float]]:
    """(text, first line, end line, bonus): lines, runs of two or three lines, and small blocks."""
    found: list[tuple[str, int, int, float]] = []
    limit = min(len(tree.lines), body_first + 8)
    for index in range(limit):
        line = tree.lines[index]
        if not 2 <= line.size <= 120:
            continue
        linked = -0.15 if line.linked * 2 > line.size else 0.0
        found.append((line.text, index, index + 1, linked + _near(index, body_first)))
        for end in range(index + 2, min(index + 5, limit + 1)):
            text = " ".join(other.text for other in tree.lines[index:end])
            if len(text) > 160:
                break
            found.append((text, index, end, linked - 0.02 + _near(index, body_first)))
    for span in tree.spans:
        count = span.last - span.first
        named = span.tag in HEADINGS or bool(_TITLE_HINT.search(span.hint))
        if span.first >= limit or not 1 <= count <= 4 or (count == 1 and not named):
            continue
        text = " ".join(line.text for line in tree.lines[span.first : span.last] if line.text)
        if 4 <= len(text) <= 160:
            bonus = _HEADING_BONUS.get(span.tag, 0.05 if named else 0.0)
            found.append((text, span.first, span.last, bonus + _near(span.first, body_first)))
    return found


def _near(index: int, body_first: int) -> float:
    """Up to .1 for standing just above the body."""
    return max(0.0, 0.1 - 0.004 * abs(body_first - index))


def _cover(plain: str, known: list[str]) -> float:
    """How much of a declared title the candidate shows, 0 to 1; 0 when it is no title."""
    if len(plain) < 4:
        return 0.0
    best = 0.0
    for position, title in enumerate(known):
        if plain in title:
            share = len(plain) / len(title)
            # A site suffix is short; a fragment of the headline is shorter still.
            if share >= 0.3 or len(plain) >= 10:
                best = max(best, 0.3 + 0.7 * share - 0.01 * position)
        elif title in plain and len(title) * 2 > len(plain):
            best = max(best, 0.3 + 0.6 * len(title) / len(plain) - 0.01 * position)
        elif title.endswith(("…", "...")) and plain.startswith(title.rstrip("….")[:40]):
            best = max(best, 0.9)
    return best


def _with_subtitle(tree: Tree, text: str, end: int) -> str:
    """A headline whose second half stands on the next line after a dash."""
    if end < len(tree.lines):
        following = tree.lines[end]
        if _SUBTITLE.match(following.text) and following.size <= 60 and not following.linked:
            return text + following.text
    return text


def _nearest_heading(tree: Tree, body_first: int) -> tuple[str, int] | None:
    """The last h1 or h2 above the body: for pages whose <title> names only the site."""
    for tag in ("h1", "h2"):
        spans = [s for s in tree.spans if s.tag == tag and s.first < body_first and 1 <= s.last - s.first <= 3]
        if spans:
            text = " ".join(line.text for line in tree.lines[spans[-1].first : spans[-1].last]).strip()
            if len(text) >= 4:
                return text, spans[-1].first
    return None


def _above_byline(tree: Tree, body_first: int) -> tuple[str, int] | None:
    """The line right above the date and source, for pages whose <title> names only the site."""
    lowest = min(len(tree.lines) - 1, body_first + BYLINE_REACH)  # the headline may have been taken for body
    for index in range(lowest, max(0, body_first - BYLINE_REACH), -1):
        if is_header_line(tree.lines[index].text) and next(find_dates(tree.lines[index].text), None):
            above = next((i for i in range(index - 1, max(-1, index - 4), -1) if tree.lines[i].size), -1)
            line = tree.lines[above] if above >= 0 else None
            if line and 6 <= line.size <= 60 and not line.linked and not _NO_TITLE.search(line.text):
                return line.text, above
    return None


def strip_site(document_title: str) -> str:
    """A <title> without the site and channel names joined to its end."""
    parts = [p for p in _SEPARATOR.split(document_title) if p.strip()]
    if not parts:
        return document_title.strip()
    longest = max(parts, key=len)
    return (parts[0] if len(parts[0]) >= 8 else longest).strip()
