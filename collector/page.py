"""A web page's bytes as a clean document: title, people, source, time, body text, links.

The method is a mixture (parts/collecting.md §0): what the page declares, the lines around the headline, a
maximum-subtree sum for the body, and a second reader whose agreement is the confidence. Nothing is tuned to
a site.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import html

from collector.decode import decode
from collector.page_around import read_around, without_header
from collector.page_body import Body, find_body
from collector.page_byline import find_byline
from collector.page_header import Header, opening_date, outlet_name, people_names
from collector.page_meta import Meta, read_meta
from collector.page_next import page_links, script_texts
from collector.page_parts import Block, Picture, attachments_of, blocks_of, images_of
from collector.page_second import confidence_of, second_reading
from collector.page_title import find_title, known_titles, title_position
from collector.page_tree import SKIPPED, Line, Tree, build_tree, parse_html

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
    base_url = _base(root, base_url)
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


def _base(root: html.HtmlElement, base_url: str | None) -> str | None:
    """The address from which the page's relative links count: that of <base>, else the page's own."""
    element = next(root.iter("base"), None)
    href = (element.get("href") or "").strip() if element is not None else ""
    try:
        return urljoin(base_url or "", href) if href else base_url
    except ValueError:
        return base_url


def _strip(root: html.HtmlElement) -> None:
    """Take scripts and controls out of the tree: they are never text, and the second reader is slow on them."""
    for element in list(root.iter("script", "style", "noscript", "template", "iframe", "svg", "select", "textarea")):
        parent = element.getparent()
        if parent is not None and element.tag in SKIPPED:
            element.drop_tree()


def _assemble(tree: Tree, meta: Meta, body: Body, base_url: str | None, scripts: list[str]) -> Page:
    """Put title, header fields and body together."""
    title, title_line = find_title(tree, meta.titles, meta.document_title, body.lines[0])
    kept = without_header(tree, body.lines, title, title_line, meta.account)
    header, footer = read_around(tree, title_line, kept[0], kept[-1])
    page = Page(title=title)
    declared = outlet_name(meta.source)
    page.source = (declared if meta.government else "") or header.source or footer.source or declared
    page.source = page.source or meta.account or meta.publisher
    page.editor = header.editor or footer.editor or meta.editor
    page.blocks = blocks_of(tree, kept)
    page.text = "\n".join(block.text for block in page.blocks)
    page.published_at = _time(meta, header) or footer.published_at or opening_date(page.text.split("\n")) or None
    page.author = header.author or find_byline(page.text)
    named = footer.author or people_names(meta.author)
    # Content systems write the editor into the author tag: that is no author.
    page.author = page.author or (named if named != page.editor else "")
    page.images = images_of(tree, kept, base_url)
    page.attachments = attachments_of(tree, kept, base_url)
    page.page_links = page_links(base_url, tree.lines, kept, scripts)
    page.links = _links([tree.lines[i] for i in kept], base_url)
    if not page.title:
        page.warnings.append("PAGE-NO-TITLE")
    if not page.published_at:
        page.warnings.append("PAGE-NO-DATE")
    return page


def _time(meta: Meta, header: Header) -> str:
    """The shown time; the declared one where none is shown or where it only adds the hour."""
    shown, declared = header.published_at, meta.published_at
    if not shown or (meta.government and declared):
        return declared or shown
    if len(shown) == 10 and declared[:10] == shown and "T00:00" not in declared:
        return declared
    return shown


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
