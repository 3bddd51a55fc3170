"""What a source offers now: the items of its feed, or of its list pages one after another."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from collector.decode import decode
from collector.errors import CollectorError
from collector.feeds import parse_feed
from collector.fetch import Client, FetchResult, host_key, parse_url
from collector.lists import parse_list
from collector.registry import registered_hosts
from collector.runs import Visit
from storage.errors import ShijiError
from storage.tables import Source

DEFAULT_PAGES = 5
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)

Known = Callable[[list[str]], set[str]]  # addresses -> those already on record or given up


@dataclass(frozen=True)
class Item:
    """An article a source links to. ``published_at``: ISO 8601 as the index shows it, or None."""

    url: str
    title: str = ""
    published_at: str | None = None


@dataclass
class Index:
    """Items in the order shown (newest first as a rule). ``error``: a later page could not be read."""

    items: list[Item] = field(default_factory=list)
    unchanged: bool = False
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    error: ShijiError | None = None


def read_index(client: Client, visit: Visit, known: Known, moment: datetime) -> Index:
    """Fetch and read the feed or list pages. Raises a coded error when the first page cannot be had or read."""
    source = visit.source
    first = _get(client, source, source.url, None if visit.full else source)
    if first.not_modified:
        return Index(unchanged=True)
    index = Index(
        etag=first.headers.get("etag", ""),
        last_modified=first.headers.get("last-modified", ""),
        body_sha256=hashlib.sha256(first.body).hexdigest(),
    )
    if source.kind == "feed":
        found = parse_feed(first.body, first.final_url, charset_of(first.headers), moment)
        if not found:
            raise CollectorError("FEED-EMPTY", "订阅源没有任何条目", source.url, "请核对订阅地址是否变更。")
        index.items = _distinct([Item(one.url, one.title, one.published_at) for one in found])
    else:
        _walk(client, visit, first, known, moment, index)
    return index


def charset_of(headers: dict[str, str]) -> str | None:
    """The charset a Content-Type header declares."""
    match = _CHARSET.search(headers.get("content-type", ""))
    return match[1] if match else None


def _walk(client: Client, visit: Visit, first: FetchResult, known: Known, moment: datetime, index: Index) -> None:
    """Follow 下一页 until a page brings nothing new, the limit is reached or there is no further page."""
    source = visit.source
    pages = int(source.config.get("max_pages", DEFAULT_PAGES))
    seen = {source.url, first.final_url}
    page = first
    for number in range(1, pages + 1):
        text, _ = decode(page.body, charset_of(page.headers))
        try:
            rows, following = parse_list(
                text, page.final_url, source.config["selector"], source.config.get("next_selector"), moment
            )
        except ShijiError as bad:
            if number == 1:
                raise
            index.error = bad
            break
        urls = {item.url for item in index.items}
        fresh = [item for item in _distinct([Item(*row) for row in rows]) if item.url not in urls]
        index.items += fresh
        nothing_new = not fresh or len(known([item.url for item in fresh])) == len(fresh)
        if number == pages or not following or following in seen or (nothing_new and not visit.walk_all):
            break
        seen.add(following)
        try:
            page = _get(client, source, following, None)
        except ShijiError as bad:
            index.error = bad
            break


def _get(client: Client, source: Source, url: str, validators: Source | None) -> FetchResult:
    return client.fetch(
        url,
        hosts=registered_hosts(source),
        rate_seconds=source.rate_seconds,
        obey_robots=source.robots == "遵守",
        etag=validators.etag if validators else "",
        last_modified=validators.last_modified if validators else "",
    )


def _distinct(items: list[Item]) -> list[Item]:
    """Each readable address once, without fragments, in order."""
    found: dict[str, Item] = {}
    for item in items:
        try:
            url = str(parse_url(item.url))
            host_key(url)
        except CollectorError:
            continue
        found.setdefault(url, Item(url, item.title, item.published_at))
    return list(found.values())
