"""站点地图: news sitemaps, sitemap indexes, packed or not; only what is recent."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from collector.dates import SHANGHAI
from collector.errors import CollectorError
from collector.port import Ask, Index, Item, Kind, distinct, index_of, wrong
from collector.sitemaps import LARGEST, parse_sitemap
from storage.errors import ShijiError

DAYS, MOST, CHILDREN, DEPTH = 7, 500, 10, 3


def items(ask: Ask) -> Index:
    """Recent pages, newest first; of an index the newest sitemaps, as far as they are recent."""
    first = ask.get(ask.source.url, conditional=True, largest=LARGEST)
    index = index_of(first)
    if index.unchanged:
        return index
    since = ask.moment - timedelta(days=float(ask.option("days", DAYS)))
    found: list[tuple[Item, str | None]] = []
    part, empty = str(ask.option("contains", "")), True
    waiting = [(0, first.body, first.final_url)]
    seen, left = {ask.source.url, first.final_url}, int(ask.option("max_pages", CHILDREN))
    while waiting:
        depth, body, url = waiting.pop(0)
        try:
            sitemap = parse_sitemap(body, url)
        except ShijiError as bad:
            if depth == 0:
                raise
            index.error = bad
            continue
        found += [page for page in sitemap.pages if part in page[0].url and _recent(page[1], since)]
        empty = empty and not sitemap.pages and not sitemap.children
        recent = sorted((c for c in sitemap.children if _recent(c[1], since)), key=lambda c: c[1] or "9", reverse=True)
        for address, _ in recent if depth < DEPTH else []:
            if address in seen or left <= 0:
                continue
            seen.add(address)
            left -= 1
            try:
                answer = ask.get(address, largest=LARGEST)
                waiting.append((depth + 1, answer.body, answer.final_url))
            except ShijiError as bad:
                if bad.code in {"FETCH-STOPPED", "FETCH-BUSY"}:
                    raise
                index.error = bad
    if empty and index.error is None:
        raise CollectorError("SITEMAP-EMPTY", "站点地图没有任何条目", ask.source.url, "请核对地址是否变更。")
    found.sort(key=lambda page: page[1] or "", reverse=True)
    index.items = distinct([item for item, _ in found])[:MOST]
    return index


def _recent(written: str | None, since: datetime) -> bool:
    """What has no date counts as recent."""
    if not written:
        return True
    moment = datetime.fromisoformat(written)
    day_only = len(written) <= 10
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return moment + timedelta(days=1 if day_only else 0) >= since


def check(values: Mapping[str, Any], where: str) -> None:
    """``contains`` is text, ``days`` a number of days."""
    config = values["config"]
    if not isinstance(config.get("contains", ""), str):
        raise wrong("SOURCE-CONFIG", "config.contains 应为网址中的一段文字", where)
    days = config.get("days", DAYS)
    if isinstance(days, bool) or not isinstance(days, (int, float)) or not 1 <= days <= 3650:
        raise wrong("SOURCE-CONFIG", "config.days 应在 1 到 3650 之间", where)


KIND = Kind(
    "sitemap", "站点地图", items, web=True, options=frozenset({"days", "contains", "max_pages"}), check=check
)  # fmt: skip
