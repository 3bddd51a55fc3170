"""The addresses an article goes on at.

Only links inside or just below the article count, and only to the same path with a page number set behind it
(…/t1.html -> …/t1_2.html, …/t1-2.html, …/t1.html?page=2); a government content system that lays its page links by
script (createPageHTML) is read as well. 下一页 under a gallery, a list or the comments leads elsewhere.
"""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, urldefrag, urljoin, urlsplit

from lxml import html

from collector.page_tree import Line

MOST_PAGES = 40
_BELOW = 8  # lines below the body in which the page numbers stand
_LABEL = re.compile(r"^\W*(?:第?\s*\d{1,2}\s*页?|下一?[页頁]|后一?页|[尾末]页|余下全文|next)\W*$", re.I)
_CREATE = re.compile(
    r"createPageHTML\w*\(\s*(\d{1,2})\s*,\s*(\d{1,2})\s*,\s*[\"']([\w./-]{1,120})[\"']\s*,\s*[\"'](\w{2,5})[\"']"
)


def page_links(url: str | None, lines: list[Line], indexes: list[int], scripts: list[str]) -> list[str]:
    """Absolute addresses that page numbers and 下一页 in and just below the article lead to, on the same host.

    ``indexes``: the lines of the body; ``scripts``: ``script_texts`` of the page.
    """
    if not url or not indexes:
        return []
    found: dict[str, None] = {}
    for line in lines[indexes[0] : indexes[-1] + _BELOW]:
        for href, text in line.links:
            if not _LABEL.match(text):
                continue
            try:
                address = urldefrag(urljoin(url, href))[0]
                near = urlsplit(address).netloc.lower() == urlsplit(url).netloc.lower()
            except ValueError:
                continue
            if near and address != url:
                found[address] = None
    for address in _scripted(url, scripts):
        found[address] = None
    return list(found)[: 2 * MOST_PAGES]


def page_number(first: str, other: str) -> int | None:
    """The number that makes ``other`` a further page of ``first``; None where it is none."""
    one, two = urlsplit(first), urlsplit(other)
    if two.scheme not in {"http", "https"} or one.netloc.lower() != two.netloc.lower():
        return None
    if one.path == two.path:
        return _number_in_query(one.query, two.query)
    stem, dot, kind = one.path.rpartition(".")
    if "/" in kind or not dot:
        stem, kind = one.path.rstrip("/"), ""
    tail = f".{kind}" if kind else "/?"
    match = re.fullmatch(re.escape(stem) + r"[_-](\d{1,2})" + (re.escape(tail) if kind else tail), two.path)
    return int(match[1]) if match and one.query == two.query else None


def next_pages(url: str, links: list[str]) -> list[str]:
    """Those of ``links`` (``page_links``) that are further pages of the article that begins at ``url``, in order."""
    numbers = {address: number for address in links if (number := page_number(url, address)) is not None}
    return sorted(numbers, key=lambda address: numbers[address])[:MOST_PAGES]


def script_texts(root: html.HtmlElement) -> list[str]:
    """The scripts that lay page links."""
    return [s.text for s in root.iter("script") if s.text and "createPageHTML" in s.text]


def _scripted(url: str, scripts: list[str]) -> list[str]:
    """Pages that createPageHTML(count, this, "name", "html") lays: name_1.html is the second."""
    for script in scripts:
        for match in _CREATE.finditer(script):
            count, current, name, kind = int(match[1]), int(match[2]), match[3], match[4]
            if current == 0 and urlsplit(url).path.endswith(f"/{name}.{kind}"):
                return [urljoin(url, f"{name}_{i}.{kind}") for i in range(1, min(count, MOST_PAGES))]
    return []


def _number_in_query(one: str, two: str) -> int | None:
    """``page=2`` added to the same query, under one of the usual names."""
    before, after = dict(parse_qsl(one)), dict(parse_qsl(two))
    added = {k: v for k, v in after.items() if before.get(k) != v}
    if len(added) != 1 or set(before) - set(after):
        return None
    ((name, value),) = added.items()
    usual = name.lower() in {"page", "p", "pageno", "page_no", "pageindex", "pn", "currentpage"}
    return int(value) if usual and value.isdigit() and 1 < int(value) < 100 else None
