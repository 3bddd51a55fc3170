"""Sitemaps (sitemaps.org) and their news extension: addresses with titles and dates, or further sitemaps.

Read as a stream: an entry is forgotten once it is noted. No entity is resolved and nothing is loaded.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from io import BytesIO
from urllib.parse import urljoin, urlsplit

from lxml import etree

from collector.dates import parse_date
from collector.errors import CollectorError
from collector.inflate import inflate
from collector.port import Item

LARGEST = 50 * 1024 * 1024  # bytes of one sitemap, unpacked (sitemaps.org)
MOST_ENTRIES = 50_000  # of one sitemap (sitemaps.org)


@dataclass
class Sitemap:
    """``pages`` in file order and ``children`` (further sitemaps), each with the date it was published or last
    changed, or None. An item's own ``published_at`` is its news date only: ``lastmod`` says when a page changed."""

    pages: list[tuple[Item, str | None]] = field(default_factory=list)
    children: list[tuple[str, str | None]] = field(default_factory=list)


def parse_sitemap(data: bytes, base_url: str) -> Sitemap:
    """Read a sitemap or sitemap index, packed with gzip or not.

    Raises CollectorError SITEMAP-SIZE,
    SITEMAP-NOT-ONE (another format) or SITEMAP-BROKEN (damaged, and nothing could be read).
    """
    found = Sitemap()
    entry: dict[str, str] = {}
    root = ""
    try:
        reader = etree.iterparse(
            BytesIO(_unpacked(data, base_url)), events=("start", "end"), resolve_entities=False, load_dtd=False,
            no_network=True, huge_tree=False,
        )  # fmt: skip
        for event, element in reader:
            name = etree.QName(element).localname if isinstance(element.tag, str) else ""
            if event == "start":
                if not root:
                    root = name
                    if root not in ("urlset", "sitemapindex"):
                        raise _not_one(base_url)
                continue
            if name in ("loc", "lastmod", "publication_date", "title"):
                parent = element.getparent()
                owner = etree.QName(parent).localname if parent is not None else ""
                if owner in ("url", "sitemap", "news"):
                    entry.setdefault(name, " ".join((element.text or "").split()))
            elif name in ("url", "sitemap"):
                _note(entry, name, base_url, found)
                entry = {}
                element.clear()
                parent = element.getparent()
                while parent is not None and element.getprevious() is not None:
                    del parent[0]
                if len(found.pages) + len(found.children) >= MOST_ENTRIES:
                    break
    except etree.XMLSyntaxError as bad:
        if not root:
            raise _not_one(base_url) from bad
        if not found.pages and not found.children:
            raise CollectorError(
                "SITEMAP-BROKEN", "站点地图内容损坏，未能读出任何条目", base_url, "请稍后重试或联系来源单位。"
            ) from bad
    return found


def _note(entry: dict[str, str], name: str, base_url: str, found: Sitemap) -> None:
    try:
        url = urljoin(base_url, entry.get("loc", ""))
        usable = bool(entry.get("loc")) and urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return
    if not usable:
        return
    published, changed = parse_date(entry.get("publication_date", "")), parse_date(entry.get("lastmod", ""))
    if name == "url":
        found.pages.append((Item(url, entry.get("title", ""), published), published or changed))
    else:
        found.children.append((url, changed))


def _unpacked(data: bytes, where: str) -> bytes:
    if data[:2] != b"\x1f\x8b":
        return data
    plain = bytearray()
    try:
        for piece in inflate([data], "gzip", where):
            plain += piece
            if len(plain) > LARGEST:
                raise CollectorError(
                    "SITEMAP-SIZE", f"站点地图超过 {LARGEST // 1024 // 1024} MB", where, "请改用分栏目的站点地图。"
                )
    except CollectorError as bad:
        if bad.code == "FETCH-ENCODING":
            raise CollectorError("SITEMAP-BROKEN", "站点地图压缩内容已损坏", where, "请稍后重试。") from bad
        raise
    return bytes(plain)


def _not_one(where: str) -> CollectorError:
    return CollectorError("SITEMAP-NOT-ONE", "返回内容不是站点地图", where, "请核对地址，或改用订阅、栏目页方式。")
