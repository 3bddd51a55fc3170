"""What stands around the body: the lines of its header and footer, and those of them that were taken for body."""

from __future__ import annotations

import re

from collector.dates import parse_date
from collector.page_furniture import BUTTON
from collector.page_header import Header, is_header_line, opens_with_date, read_footer, read_header
from collector.page_title import squash
from collector.page_tree import Line, Tree

HEADER_REACH = 25  # lines above the body that may still belong to its header
FOOTER_REACH = 15  # lines below it
MOST_TABLE = 40  # lines of a table above the body that describes the document in it
_FROM = re.compile(r"^(?:来自|发布于)[\u4e00-\u9fff]{2,6}$")
_FOLLOW = re.compile(r"^(?:点击|轻触|长按|戳)?.{0,8}(?:蓝字|关注我们|一键关注|卡片关注).{0,8}$")
_SIGNED = re.compile(
    r"[\d〇○零一二三四五六七八九十]{4}年[\d一二三四五六七八九十]{1,3}月[\d一二三四五六七八九十]{1,3}日"
)
_SENTENCE = re.compile(r"[。！？；]")


def read_around(tree: Tree, title_line: int, first: int, last: int) -> tuple[Header, Header]:
    """The fields above the body and those at or below its end. ``first``, ``last``: lines of the body."""
    lines = tree.lines
    start = title_line if 0 <= title_line < first else max(0, first - HEADER_REACH)
    top = min(_table_start(tree, start), max(0, start - 4))
    after_title = range(start, first) if start == title_line else range(top, first)
    header = read_header([_dated(tree, i) for i in after_title], [link for i in after_title for link in lines[i].links])
    if not (header.published_at and header.source):
        whole = read_header([_dated(tree, i) for i in range(top, first)])
        header.published_at = header.published_at or whole.published_at
        header.source = header.source or (whole.source if top < start - 4 else "")
    footer = read_footer([_dated(tree, i) for i in range(max(first, last - 2), min(len(lines), last + FOOTER_REACH))])
    return header, footer


def without_header(tree: Tree, indexes: list[int], title: str, title_line: int, account: str = "") -> list[int]:
    """The body without a repeated headline and header lines at its start and below its end; never empty.

    ``account``: the WeChat account that published, whose name stands in the header.
    """
    lines, plain = tree.lines, squash(title)
    start, read = 0, 0
    for position, index in enumerate(indexes[:15]):
        text = _dated(tree, index)
        headline = index == title_line or (len(squash(text)) >= 4 and squash(text) in plain)
        named = bool(account) and lines[index].size <= 40 and account in text and not _SENTENCE.search(text)
        if (headline and read < 120) or (
            read < 50 and (named or is_header_line(text) or opens_with_date(text) or _is_nothing(lines[index]))
        ):
            start = position + 1
        elif not headline:
            read += lines[index].size
    end = len(indexes)
    while end > start and lines[indexes[end - 1]].size < 40:
        text = lines[indexes[end - 1]].text
        if not is_header_line(text) or _SIGNED.fullmatch(text.replace(" ", "")):
            break
        end -= 1
    return indexes[start:end] or indexes


def _is_nothing(line: Line) -> bool:
    """A button or a mark above the article."""
    return line.size < 3 or bool(BUTTON.match(line.text) or _FROM.match(line.text) or _FOLLOW.match(line.text))


def _dated(tree: Tree, index: int) -> str:
    """A line with the full moment in place of what a <time> element shows of it (9月29日, 3小时前)."""
    text = tree.lines[index].text
    for line, shown, written in tree.times:
        moment = parse_date(written) if line == index else None
        if moment and parse_date(shown) in (None, moment[:10]):
            plain = moment[:19].replace("T", " ").removesuffix("+08:00").removesuffix("+08")
            text = text.replace(shown, plain, 1) if shown else f"{plain} {text}"
    return text


def _table_start(tree: Tree, line: int) -> int:
    """The first line of the small table around a line (the 索引号 table of a document), else the line itself."""
    block = tree.lines[line].block if 0 <= line < len(tree.lines) else -1
    while block >= 0 and tree.spans[block].tag != "table":
        block = tree.spans[block].parent
    span = tree.spans[block] if block >= 0 else None
    return span.first if span is not None and span.last - span.first <= MOST_TABLE else line
