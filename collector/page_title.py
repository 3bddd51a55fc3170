"""The headline: the visible line that the page's own <title> or meta repeats."""

from __future__ import annotations

import re
import unicodedata

from collector.page_tree import HEADINGS, Tree

_SEPARATOR = re.compile(r"\s*(?:[_|｜]|\s[-–—]+\s|-{1,2}|—{1,2}|–)\s*")
_SPACES = re.compile(r"\s+")
_TITLE_HINT = re.compile(r"title|headline|biaoti|\bbt\b|tit\b|topic", re.I)


def squash(text: str) -> str:
    """NFKC without white space: the form in which titles are compared."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


def find_title(tree: Tree, declared: list[str], document_title: str, body_first: int) -> tuple[str, int]:
    """The headline and the index of its first line (-1 where it is not shown on the page).

    ``declared``: titles from meta tags, best first. ``body_first``: first line of the body.
    """
    known = [squash(t) for t in [*declared, document_title] if len(squash(t)) >= 4]
    best: tuple[float, str, int] | None = None
    for text, first, rank in _candidates(tree, body_first):
        plain = squash(text)
        score = _match(plain, known) + rank
        if score > 0 and (best is None or score > best[0]):
            best = (score, text, first)
    if best:
        return best[1], best[2]
    if declared:
        return declared[0], -1
    return strip_site(document_title), -1


def _candidates(tree: Tree, body_first: int) -> list[tuple[str, int, float]]:
    """(text, first line, bonus) of single lines and of small blocks whose lines read as one headline."""
    found: list[tuple[str, int, float]] = []
    limit = min(len(tree.lines), body_first + 8)
    for index in range(limit):
        line = tree.lines[index]
        if 4 <= line.size <= 120:
            linked = -0.15 if line.linked * 2 > line.size else 0.0
            found.append((line.text, index, linked + _near(index, body_first)))
    for span in tree.spans:
        count = span.last - span.first
        heading = span.tag in HEADINGS
        if (
            span.first >= limit
            or not 1 <= count <= 4
            or (count == 1 and not heading and not _TITLE_HINT.search(span.hint))
        ):
            continue
        text = " ".join(line.text for line in tree.lines[span.first : span.last] if line.text)
        if 4 <= len(text) <= 160:
            bonus = {"h1": 0.2, "h2": 0.12, "h3": 0.08}.get(
                span.tag, 0.05 if _TITLE_HINT.search(span.hint) else 0.0
            )
            found.append((text, span.first, bonus + _near(span.first, body_first)))
    return found


def _near(index: int, body_first: int) -> float:
    """Up to .1 for standing just above the body."""
    return max(0.0, 0.1 - 0.004 * abs(body_first - index))


def _match(plain: str, known: list[str]) -> float:
    """How much of a known title the candidate covers, 0 to 1; below -1 when it is no title at all."""
    if len(plain) < 4:
        return -9.0
    best = -9.0
    for position, title in enumerate(known):
        if plain in title:
            share = len(plain) / len(title)
            best = max(best, 0.5 + 0.5 * share - 0.01 * position if len(plain) >= 6 or share > 0.4 else -9.0)
        elif title in plain and len(title) * 2 > len(plain):
            best = max(best, 0.4 + 0.5 * len(title) / len(plain) - 0.01 * position)
        elif title.endswith(("…", "...")) and plain.startswith(title.rstrip("….")[:40]):
            best = max(best, 0.9)
    return best


def strip_site(document_title: str) -> str:
    """A <title> without the site and channel names joined to its end."""
    parts = [p for p in _SEPARATOR.split(document_title) if p.strip()]
    if not parts:
        return document_title.strip()
    longest = max(parts, key=len)
    return (parts[0] if len(parts[0]) >= 8 else longest).strip()
