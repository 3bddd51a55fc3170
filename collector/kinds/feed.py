"""订阅: RSS, Atom, RDF and JSON feeds."""

from __future__ import annotations

from collector.errors import CollectorError
from collector.feeds import parse_feed
from collector.port import Ask, Index, Item, Kind, charset_of, distinct, index_of


def items(ask: Ask) -> Index:
    """All entries of the feed."""
    first = ask.get(ask.source.url, conditional=True)
    index = index_of(first)
    if index.unchanged:
        return index
    found = parse_feed(first.body, first.final_url, charset_of(first.headers), ask.moment)
    if not found:
        raise CollectorError("FEED-EMPTY", "订阅源没有任何条目", ask.source.url, "请核对订阅地址是否变更。")
    index.items = distinct([Item(one.url, one.title, one.published_at) for one in found])
    return index


KIND = Kind("feed", "订阅", items, web=True)
