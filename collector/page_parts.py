"""What an article holds besides running text: headings, lists, tables, images with captions, attachments."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import unquote, urljoin, urlsplit

from collector.page_furniture import AFTER, ATTACHMENT, SITE
from collector.page_tree import HEADINGS, Image, Line, Tree

BlockKind = Literal["paragraph", "heading", "item", "table"]

_NUMBERED = (
    (re.compile(r"^[一二三四五六七八九十]{1,3}、\S"), 2),
    (re.compile(r"^（[一二三四五六七八九十]{1,3}）\S"), 3),
)
_SENTENCE = re.compile(r"[。！？；]")
_CAPTION = re.compile(
    r"(?:摄|供图|图片来源[:：].{1,20}|摄影|资料图|制图|图源.{1,16}|[（(](?:图片|资料图|效果图).{0,12}[）)])[）)。]?$|^[▲△↑▼图]"
)
_CAPTION_HINT = re.compile(r"caption|pic_?(?:desc|txt|text|title)|img_?(?:desc|txt|text|title)|tushuo|figure")
_FILE_NAME = re.compile(
    r"\.(?:jpe?g|png|gif|webp|bmp)$|^[A-Za-z0-9_-]{8,}$|^(?:图片|image|img|undefined|null|\d+)$", re.I
)
_ICON = re.compile(r"(?:icon|logo|qrcode|ewm|erweima|blank|spacer|loading|placeholder|/arrow|share|btn)[^/]*$", re.I)
_SMALL = 60  # pixels: what is smaller is no picture of the article
_CELL = 160  # characters: a table whose cells hold more is a page layout
_BELOW = 12  # lines below the body in which attachments are listed


@dataclass(frozen=True)
class Block:
    """A piece of the article in order. ``level``: 1 to 6 of a heading, else 0; ``rows``: cells of a table."""

    kind: BlockKind
    text: str
    level: int = 0
    rows: list[list[str]] = field(default_factory=list)


@dataclass(frozen=True)
class Picture:
    """An image of the article: its address and its caption, '' where it has none."""

    url: str
    caption: str


def blocks_of(tree: Tree, indexes: list[int]) -> list[Block]:
    """The lines of the article as paragraphs, headings, list items and tables, in order."""
    blocks: list[Block] = []
    layouts: set[int] = set()  # tables that only lay out the page
    position = 0
    while position < len(indexes):
        line = tree.lines[indexes[position]]
        table = _ancestor(tree, line, "table") if line.row >= 0 else -1
        if table >= 0 and table not in layouts:
            inside = indexes[position : bisect_left(indexes, tree.spans[table].last)]
            rows = _rows(tree, inside)
            if rows:
                blocks.append(Block("table", "\n".join("\t".join(row) for row in rows), 0, rows))
                position += len(inside)
                continue
            layouts.add(table)
        if line.text:
            blocks.append(_block(tree, line))
        position += 1
    return blocks


def images_of(tree: Tree, indexes: list[int], base_url: str | None) -> list[Picture]:
    """The pictures between the first and the last line of the article, each address once, in order."""
    if not indexes:
        return []
    found: dict[str, Picture] = {}
    for image in tree.images:
        if not indexes[0] <= image.line <= indexes[-1] + 1 or _is_ornament(image):
            continue
        url = _absolute(base_url, image.href)
        if url and url not in found:
            found[url] = Picture(url, _caption(tree, image))
    return list(found.values())


def attachments_of(tree: Tree, indexes: list[int], base_url: str | None) -> list[tuple[str, str]]:
    """(url, name) of the files linked in the article and just below it, each once, in order."""
    found: dict[str, str] = {}
    for number, line in enumerate(tree.lines[indexes[0] : indexes[-1] + _BELOW] if indexes else []):
        if indexes[0] + number > indexes[-1] and (SITE.search(line.text) or AFTER.match(line.text)):
            break
        for href, text in line.links:
            if ATTACHMENT.search(href):
                url = _absolute(base_url, href)
                name = text.strip() or unquote(urlsplit(url).path.rpartition("/")[2])
                if url and (url not in found or len(name) > len(found[url])):
                    found[url] = name
    return list(found.items())


def _block(tree: Tree, line: Line) -> Block:
    tag = tree.spans[line.block].tag if line.block >= 0 else ""
    if tag in HEADINGS:
        return Block("heading", line.text, int(tag[1]))
    if line.size <= 40 and not _SENTENCE.search(line.text):
        for pattern, level in _NUMBERED:
            if pattern.match(line.text):
                return Block("heading", line.text, level)
    if _ancestor(tree, line, "li") >= 0:
        return Block("item", line.text)
    return Block("paragraph", line.text)


def _ancestor(tree: Tree, line: Line, tag: str) -> int:
    """The innermost block element of that tag around a line, -1 where there is none."""
    index = line.block
    while index >= 0 and tree.spans[index].tag != tag:
        index = tree.spans[index].parent
    return index


def _rows(tree: Tree, indexes: list[int]) -> list[list[str]]:
    """Rows of cells; empty where the table only lays out the page or has no second column or row."""
    rows: dict[int, dict[int, list[str]]] = {}
    for index in indexes:
        line = tree.lines[index]
        cell = max(_ancestor(tree, line, "td"), _ancestor(tree, line, "th"))
        rows.setdefault(line.row, {}).setdefault(cell, []).append(line.text)
    cells = [[" ".join(t for t in texts if t) for texts in row.values()] for row in rows.values()]
    wide = sum(len(row) > 1 for row in cells)
    longest = max((len(text) for row in cells for text in row), default=0)
    return cells if len(cells) > 1 and wide * 2 >= len(cells) and longest <= 5 * _CELL and _mean(cells) <= _CELL else []


def _mean(cells: list[list[str]]) -> float:
    sizes = [len(text) for row in cells for text in row]
    return sum(sizes) / len(sizes)


def _is_ornament(image: Image) -> bool:
    """An icon, a code to scan, a tracking dot."""
    return bool(_ICON.search(image.href.split("?")[0])) or any(
        0 < size < _SMALL for size in (image.width, image.height)
    )


def _caption(tree: Tree, image: Image) -> str:
    """A line that is a caption by its class, its place in a figure or its words, else the written alternative."""
    for line in tree.lines[image.line : image.line + 2]:
        hint = tree.spans[line.block].hint if line.block >= 0 else ""
        in_figure = _ancestor(tree, line, "figcaption") >= 0
        if line.size <= 80 and (in_figure or _CAPTION_HINT.search(hint) or _CAPTION.search(line.text)):
            return line.text
        if line.size:
            break
    alternative = " ".join(image.label.split())
    return "" if _FILE_NAME.search(alternative) or len(alternative) > 80 else alternative


def _absolute(base_url: str | None, href: str) -> str:
    """The address as http(s), or as written where the page's own address is not known; '' for anything else."""
    try:
        url = urljoin(base_url or "", href.strip())
        scheme = urlsplit(url).scheme
    except ValueError:
        return ""
    return url if scheme in {"http", "https"} or (not scheme and not base_url) else ""
