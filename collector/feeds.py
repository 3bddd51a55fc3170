"""RSS, Atom, RDF and JSON feeds as a list of items.

feedparser reads the structure of broken feeds well but their Chinese dates wrongly and their GB bytes
sometimes (parts/collecting.md §3.1): it is given decoded text, and dates are read by ``collector.dates``.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from io import BytesIO
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from collector.dates import parse_date
from collector.decode import decode
from collector.errors import CollectorError

MAX_FEED_BYTES = 20 * 1024 * 1024
_DECLARED = re.compile(r"^\s*(<\?xml[^>]*?)\s+encoding\s*=\s*[\"'][^\"']*[\"']", re.I)
_DOCTYPE = re.compile(r"<!DOCTYPE[^>\[]*(?:\[.*?\]\s*)?>", re.I | re.S)
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_TAG = re.compile(r"<[^>]*>")
_ROOT = re.compile(r"<(?:\w+:)?(rss|feed|rdf|RDF)\b", re.I)


@dataclass(frozen=True)
class FeedItem:
    """One entry: absolute address, title, ISO 8601 publish time (+08:00) or None, plain-text summary."""

    url: str
    title: str
    published_at: str | None
    summary: str


def parse_feed(
    data: bytes,
    base_url: str,
    charset_header: str | None = None,
    fetched_at: datetime | None = None,
) -> list[FeedItem]:
    """Read a feed in document order, each address once.

    ``fetched_at`` completes dates without a year. Raises CollectorError FEED-TOO-LARGE or FEED-NOT-A-FEED
    (an HTML page, an empty answer); a broken feed gives the items that can be read, and FEED-BROKEN only
    where there are none. A well-formed feed without items is an empty list, not an error.
    """
    if len(data) > MAX_FEED_BYTES:
        raise CollectorError(
            "FEED-TOO-LARGE", f"订阅源超过 {MAX_FEED_BYTES // 1024 // 1024} MB", base_url, "请核对地址"
        )
    text, _ = decode(data, charset_header)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _json_feed(text, base_url, fetched_at)
    text = _CONTROL.sub("", _DOCTYPE.sub("", _DECLARED.sub(r"\1", text.lstrip("\ufeff \t\r\n"))))
    if not _ROOT.search(text[:4000]):
        raise CollectorError(
            "FEED-NOT-A-FEED",
            "返回内容不是订阅源（RSS/Atom/RDF/JSON Feed）",
            base_url,
            "请在浏览器中核对地址，或改用栏目页方式",
        )
    parsed = feedparser.parse(
        BytesIO(text.encode("utf-8", "replace")),
        response_headers={"content-type": "application/xml; charset=utf-8"},
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    items: dict[str, FeedItem] = {}
    for entry in parsed.entries:
        item = _item(entry, base_url, fetched_at)
        if item is not None:
            items.setdefault(item.url, item)
    if not items and parsed.bozo:
        raise CollectorError("FEED-BROKEN", "订阅源内容损坏，未能读出任何条目", base_url, "请稍后重试或联系来源单位")
    return list(items.values())


def _json_feed(text: str, base_url: str, fetched_at: datetime | None) -> list[FeedItem]:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org)."""
    try:
        data = json.loads(text.lstrip("\ufeff \t\r\n"))
    except (ValueError, RecursionError) as bad:
        raise CollectorError("FEED-BROKEN", "订阅源内容损坏，未能读出任何条目", base_url, "请稍后重试") from bad
    if "jsonfeed.org" not in str(data.get("version", "")) or not isinstance(data.get("items"), list):
        raise CollectorError(
            "FEED-NOT-A-FEED", "返回内容是 JSON，但不是 JSON Feed", base_url, "请改用“JSON 接口”方式登记"
        )
    items: dict[str, FeedItem] = {}
    for entry in data["items"]:
        if isinstance(entry, dict):
            said = entry.get("date_published") or entry.get("date_modified")
            summary = entry.get("summary") or entry.get("content_text") or entry.get("content_html")
            link = entry.get("url") or entry.get("external_url") or entry.get("id")
            item = _item({**entry, "link": link, "published": said, "summary": summary}, base_url, fetched_at)
            if item is not None:
                items.setdefault(item.url, item)
    return list(items.values())


def _item(entry: Any, base_url: str, fetched_at: datetime | None) -> FeedItem | None:
    """One feedparser entry, or None where it has no http(s) address."""
    address = str(entry.get("link") or entry.get("id") or "").strip()
    try:
        url = urljoin(base_url, address) if address else ""
        usable = urlsplit(url).scheme in {"http", "https"}
    except ValueError:
        return None
    if not usable:
        return None
    raw = str(entry.get("published") or entry.get("updated") or entry.get("created") or entry.get("date") or "")
    return FeedItem(url, plain_text(entry.get("title")), parse_date(raw, fetched_at), plain_text(entry.get("summary")))


def plain_text(markup: object) -> str:
    """Text of a feed field that may hold escaped HTML."""
    return " ".join(unescape(_TAG.sub(" ", unescape(str(markup or "")))).split())
