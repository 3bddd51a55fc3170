"""From an address alone to a registration that can be previewed: which kind it is, and how its list is read.

A proposal is only that: heuristics find the right list on about half of the pages (parts/collecting.md §1.4), so
a person sees the preview and decides.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urljoin, urlsplit

from bs4 import BeautifulSoup

from collector.dates import parse_date
from collector.decode import decode
from collector.errors import CollectorError
from collector.fetch import Client, host_key
from collector.lists import propose_selector
from collector.port import charset_of
from collector.sitemaps import LARGEST

NEXT_WORDS = ("下一页", "下页", "后一页")
_FEED = re.compile(r"<(?:\w+:)?(?:rss|feed|rdf)\b", re.I)
_SITEMAP = re.compile(r"<(?:\w+:)?(?:urlset|sitemapindex)\b", re.I)
_FEED_TYPES = ("application/rss+xml", "application/atom+xml", "application/feed+json")


def propose(client: Client, url: str, rate_seconds: float = 5.0) -> dict[str, Any]:
    """Fields of a registration: id, name, kind, url, config; ``feeds``: feeds the page itself declares.

    Raises CollectorError FETCH-*; PROPOSE-NONE when neither a feed nor a list of articles is recognised.
    """
    page = client.fetch(url, hosts=frozenset({host_key(url)}), rate_seconds=rate_seconds, largest=LARGEST)
    text, _ = decode(page.body[:2_000_000], charset_of(page.headers))
    row: dict[str, Any] = {"id": source_id(url), "name": host_key(url), "url": url, "config": {}, "feeds": []}
    head = text[:5000].lstrip("\ufeff \r\n\t")
    if page.body[:2] == b"\x1f\x8b" or _SITEMAP.search(head):
        return row | {"kind": "sitemap"}
    if _FEED.search(head) or '"https://jsonfeed.org/version' in head:
        return row | {"kind": "feed", "name": _title(text) or row["name"]}
    if head.startswith(("{", "[")):
        return row | {"kind": "json", "config": _json_fields(text, url)}
    selector = propose_selector(text, page.final_url)
    soup = BeautifulSoup(text, "lxml")
    row["name"] = _title(text) or row["name"]
    row["feeds"] = [
        urljoin(page.final_url, str(link["href"]))
        for link in soup.find_all("link", href=True)
        if str(link.get("type", "")).lower() in _FEED_TYPES
    ]
    if selector is None and not row["feeds"]:
        raise CollectorError(
            "PROPOSE-NONE", "未能识别出文章列表", url, "页面可能由脚本生成：请改填其数据接口，或手工填写选择器。"
        )
    config = {"selector": selector or ""}
    for word in NEXT_WORDS:
        if any(word in link.get_text() for link in soup.find_all("a", href=True)):
            config["next_selector"] = f'a:-soup-contains("{word}")'
            break
    return row | {"kind": "list", "config": config}


def _json_fields(text: str, url: str) -> dict[str, str]:
    """Paths to the longest list of entries with an address, and to what looks like its fields."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as bad:
        raise CollectorError("JSON-NOT-JSON", "返回内容不是 JSON", url, "请核对接口地址。") from bad
    best: tuple[int, dict[str, str]] = (0, {})
    for path, rows in _lists(data, "", 0):
        entry = rows[0]
        links = [name for name, value in entry.items() if _is_address(value)]
        if links and len(rows) > best[0]:
            link = next((name for name in links if re.search(r"url|link|href", name, re.I)), links[0])
            texts = [name for name, value in entry.items() if isinstance(value, str) and name != link]
            title = next(
                (n for n in texts if "title" in n.lower()), max(texts, key=lambda n: len(entry[n]), default="")
            )
            date = next((n for n in entry if re.search(r"time|date", n, re.I) and _is_date(entry[n])), "")
            fields = {"list": path, "url": link, "title": title, "date": date}
            best = (len(rows), {name: value for name, value in fields.items() if value or name == "url"})
    if not best[0]:
        raise CollectorError("PROPOSE-NONE", "JSON 中未能识别出文章列表", url, "请手工填写各字段的路径。")
    return best[1]


def _lists(value: Any, path: str, depth: int) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    if depth > 4:
        return
    if isinstance(value, list) and value and all(isinstance(row, dict) for row in value[:5]):
        yield path, value
    elif isinstance(value, dict):
        for name, inner in value.items():
            if re.fullmatch(r"[^.\[\]]+", name):
                yield from _lists(inner, f"{path}.{name}" if path else name, depth + 1)


def _is_address(value: Any) -> bool:
    return isinstance(value, str) and bool(re.match(r"https?://|//|\.{0,2}/[\w./-]+", value))


def _is_date(value: Any) -> bool:
    return bool(re.fullmatch(r"\d{10}|\d{13}", str(value))) or parse_date(str(value)) is not None


def _title(text: str) -> str:
    match = re.search(r"<title[^>]*>(?:<!\[CDATA\[)?\s*([^<\]]{1,200})", text, re.I)
    return " ".join(match[1].split())[:60] if match else ""


def source_id(url: str) -> str:
    """A readable id: the telling parts of host and path."""
    parts = urlsplit(url)
    host = [p for p in (parts.hostname or "").split(".") if p not in ("www", "com", "cn", "gov", "net", "org")]
    path = [
        p for p in re.split(r"[^A-Za-z0-9]+", parts.path) if p and p not in ("index", "html", "htm", "shtml", "xml")
    ]
    return "-".join([*(host or ["site"]), *path[-2:]]).lower()[:60]
