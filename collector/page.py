"""A web page's bytes as a clean document: title, people, source, time, body text, links.

The method is a mixture (parts/collecting.md §0): what the page declares, the lines around the headline, a
maximum-subtree sum for the body, and a second reader whose agreement is the confidence. Nothing is tuned to
a site.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import html

from collector.decode import decode
from collector.page_body import Body, find_body
from collector.page_byline import find_byline
from collector.page_furniture import BUTTON
from collector.page_header import (
    Header,
    is_header_line,
    opening_date,
    opens_with_date,
    outlet_name,
    people_names,
    read_footer,
    read_header,
)
from collector.page_meta import Meta, read_meta
from collector.page_next import page_links, script_texts
from collector.page_parts import Block, Picture, attachments_of, blocks_of, images_of
from collector.page_second import confidence_of, second_reading
from collector.page_title import find_title, known_titles, squash, title_position
from collector.page_tree import SKIPPED, Line, Tree, build_tree, parse_html

HEADER_REACH = 25  # lines above the body that may still belong to its header
FOOTER_REACH = 15  # lines below it
_FROM = re.compile(r"^(?:来自|发布于)[\u4e00-\u9fff]{2,6}$")
DOUBTFUL = 0.8  # below this agreement a person should look


@dataclass
class Page:
    """A read page. ``published_at`` is ISO 8601, +08:00, with the precision the page shows, or None.

    ``confidence`` is the agreement of two independent readers of the body, 0.0 to 1.0. ``warnings`` holds
    codes: PAGE-EMPTY, PAGE-DOUBTFUL, PAGE-NO-TITLE, PAGE-NO-DATE; PAGE-PART-MISSING where a further page of the
    article could not be had. ``blocks`` is ``text`` with its structure; ``page_links`` may lead to further pages
    (``collector.page_paging``), ``pages`` counts those in ``text``.
    """

    title: str = ""
    author: str = ""
    editor: str = ""
    source: str = ""
    published_at: str | None = None
    text: str = ""
    links: list[tuple[str, str]] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    images: list[Picture] = field(default_factory=list)
    attachments: list[tuple[str, str]] = field(default_factory=list)
    page_links: list[str] = field(default_factory=list)
    pages: int = 1
    confidence: float = 0.0
    warnings: list[str] = field(default_factory=list)


def extract_page(
    data: bytes,
    base_url: str | None = None,
    charset_header: str | None = None,
    second_opinion: bool = True,
) -> Page:
    """Read an article page. Never raises on content: a page with nothing to read comes back empty with
    the warning PAGE-EMPTY and confidence 0.

    ``charset_header`` is the charset of the Content-Type header; without ``second_opinion`` the confidence
    stays 0 and the call is about twice as fast.
    """
    text, _ = decode(data, charset_header)
    root = parse_html(text)
    if root is None:
        return Page(warnings=["PAGE-EMPTY"])
    meta = read_meta(root)
    scripts = script_texts(root)
    _strip(root)
    tree = build_tree(root)
    body = find_body(tree, title_position(tree, known_titles(meta.titles, meta.document_title)))
    if body is None or not body.lines:
        title, _ = find_title(tree, meta.titles, meta.document_title, 0)
        return Page(title=title, published_at=meta.published_at or None, warnings=["PAGE-EMPTY"])
    page = _assemble(tree, meta, body, base_url, scripts)
    if second_opinion:
        page.confidence = round(confidence_of(page.text, tree), 4)
        if page.confidence < DOUBTFUL:
            page.warnings.append("PAGE-DOUBTFUL")
    return page


def other_reading(data: bytes, charset_header: str | None = None) -> str:
    """The body as the second reader alone takes it, a line a paragraph; empty where it finds none."""
    text, _ = decode(data, charset_header)
    root = parse_html(text)
    if root is None:
        return ""
    _strip(root)
    return "\n".join(line.text for line in second_reading(build_tree(root)) if line.text)


def _strip(root: html.HtmlElement) -> None:
    """Take scripts and controls out of the tree: they are never text, and the second reader is slow on them."""
    for element in list(root.iter("script", "style", "noscript", "template", "iframe", "svg", "select", "textarea")):
        parent = element.getparent()
        if parent is not None and element.tag in SKIPPED:
            element.drop_tree()


def _assemble(tree: Tree, meta: Meta, body: Body, base_url: str | None, scripts: list[str]) -> Page:
    """Put title, header fields and body together."""
    title, title_line = find_title(tree, meta.titles, meta.document_title, body.lines[0])
    kept = _without_header(tree.lines, body.lines, title, title_line)
    first, last = (kept[0], kept[-1]) if kept else (body.lines[0], body.lines[-1])
    header, footer = _around(tree.lines, title_line, first, last)
    page = Page(title=title)
    declared = outlet_name(meta.source)
    page.source = (declared if meta.government else "") or header.source or footer.source or declared or meta.account
    page.editor = header.editor or footer.editor or meta.editor
    page.text = render(tree, kept)
    page.published_at = _time(meta, header) or footer.published_at or opening_date(page.text.split("\n")) or None
    page.author = header.author or find_byline(page.text)
    named = footer.author or people_names(meta.author)
    # Content systems write the editor into the author tag: that is no author.
    page.author = page.author or (named if named != page.editor else "")
    page.blocks = blocks_of(tree, kept)
    page.images = images_of(tree, kept, base_url)
    page.attachments = attachments_of(tree, kept, base_url)
    page.page_links = page_links(base_url, tree.lines, kept, scripts)
    page.links = _links([tree.lines[i] for i in kept], base_url)
    if not page.title:
        page.warnings.append("PAGE-NO-TITLE")
    if not page.published_at:
        page.warnings.append("PAGE-NO-DATE")
    return page


def _around(lines: list[Line], title_line: int, first: int, last: int) -> tuple[Header, Header]:
    """The fields above the body and those at or below its end."""
    start = title_line if 0 <= title_line < first else max(0, first - HEADER_REACH)
    region = lines[max(0, start - 4) : first]
    after_title = lines[start:first] if start == title_line else region
    header = read_header([line.text for line in after_title], [link for line in after_title for link in line.links])
    if not header.published_at:
        header.published_at = read_header([line.text for line in region]).published_at
    footer = read_footer([line.text for line in lines[max(first, last - 2) : last + FOOTER_REACH]])
    return header, footer


def _without_header(lines: list[Line], indexes: list[int], title: str, title_line: int) -> list[int]:
    """The body without a repeated headline and header lines at its start."""
    plain = squash(title)
    start, read = 0, 0
    for position, index in enumerate(indexes[:15]):
        text = lines[index].text
        headline = index == title_line or (len(squash(text)) >= 4 and squash(text) in plain)
        if (
            (headline and read < 120)
            or (read < 50 and (is_header_line(text) or opens_with_date(text)))
            or (read < 50 and _is_nothing(lines[index]))
        ):
            start = position + 1
        elif not headline:
            read += lines[index].size
    end = len(indexes)
    while end > start and is_header_line(lines[indexes[end - 1]].text) and lines[indexes[end - 1]].size < 40:
        end -= 1
    return indexes[start:end] or indexes


def _is_nothing(line: Line) -> bool:
    """A button or a mark above the article."""
    return line.size < 3 or bool(BUTTON.match(line.text) or _FROM.match(line.text))


def _time(meta: Meta, header: Header) -> str:
    """The shown time; the declared one where none is shown or where it only adds the hour."""
    shown, declared = header.published_at, meta.published_at
    if not shown or (meta.government and declared):
        return declared or shown
    if len(shown) == 10 and declared[:10] == shown and "T00:00" not in declared:
        return declared
    return shown


def render(tree: Tree, indexes: list[int]) -> str:
    """Lines as text: a paragraph a line, the cells of a table row joined by tabs."""
    out: list[str] = []
    row = -1
    for index in indexes:
        line = tree.lines[index]
        if not line.text:
            continue
        if line.row >= 0 and line.row == row and line.size < 60:
            out[-1] += "\t" + line.text
        else:
            out.append(line.text)
        row = line.row if line.size < 60 else -1
    return "\n".join(out)


def _links(lines: list[Line], base_url: str | None) -> list[tuple[str, str]]:
    """Absolute http(s) links of the body with their text, each address once, in order."""
    found: dict[str, str] = {}
    for line in lines:
        for href, text in line.links:
            try:
                url = urljoin(base_url or "", href)
                scheme = urlsplit(url).scheme
            except ValueError:
                continue
            if scheme in {"http", "https"} or (not scheme and not base_url and not href.startswith("#")):
                found.setdefault(url, text)
    return list(found.items())
