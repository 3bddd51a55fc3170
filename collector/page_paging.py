"""An article that goes on over several pages, read as one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from urllib.parse import urldefrag

from collector.page import Page, extract_page
from collector.page_furniture import PAGE_NUMBERS
from collector.page_next import MOST_PAGES, next_pages, page_number

Fetch = Callable[[str], tuple[bytes, str | None] | None]


def extract_article(
    data: bytes,
    url: str,
    fetch: Fetch,
    charset_header: str | None = None,
    second_opinion: bool = True,
) -> Page:
    """Read an article page and the pages it goes on over, as one.

    ``fetch`` gives (bytes, charset of the header) of an address, or None where it cannot be had; then the text
    ends with a gap and the warning PAGE-PART-MISSING says so. Title, people and time are the first page's. No page
    is read twice, at most MOST_PAGES are.
    """
    whole = extract_page(data, url, charset_header, second_opinion)
    seen, waiting = {urldefrag(url)[0]}, next_pages(url, whole.page_links)
    read: set[str] = {whole.text}
    while waiting and len(seen) < MOST_PAGES:
        address = waiting.pop(0)
        if address in seen:
            continue
        seen.add(address)
        got = fetch(address)
        part = extract_page(got[0], address, got[1], second_opinion) if got is not None else None
        if part is None or not part.text:
            if "PAGE-PART-MISSING" not in whole.warnings:
                whole.warnings.append("PAGE-PART-MISSING")
            continue
        if part.text in read:
            continue  # a site that answers any number with its first page
        read.add(part.text)
        whole = _joined(whole, part)
        waiting += [more for more in next_pages(url, part.page_links) if more not in seen and more not in waiting]
        waiting.sort(key=lambda a: page_number(url, a) or 0)
    return whole


def _joined(whole: Page, part: Page) -> Page:
    """Both texts as one article; the lower confidence counts."""
    lines = part.text.split("\n")
    if lines and (lines[0] == whole.title or PAGE_NUMBERS.match(lines[0])):
        lines = lines[1:]
    return replace(
        whole,
        text="\n".join([whole.text, *lines]),
        blocks=whole.blocks + part.blocks,
        images=whole.images + [p for p in part.images if p not in whole.images],
        attachments=whole.attachments + [a for a in part.attachments if a not in whole.attachments],
        links=whole.links + [link for link in part.links if link not in whole.links],
        editor=whole.editor or part.editor,
        author=whole.author or part.author,
        confidence=min(whole.confidence, part.confidence),
        warnings=whole.warnings + [w for w in part.warnings if w == "PAGE-DOUBTFUL" and w not in whole.warnings],
        pages=whole.pages + 1,
    )
