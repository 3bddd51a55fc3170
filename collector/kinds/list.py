"""列表页: links by a selector, over 下一页 as far as there is something new."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collector.decode import decode
from collector.fetch import FetchResult
from collector.lists import parse_list
from collector.port import Ask, Index, Item, Kind, charset_of, distinct, index_of, wrong
from storage.errors import ShijiError

DEFAULT_PAGES = 5


def items(ask: Ask) -> Index:
    """Follow 下一页 until a page brings nothing new, the limit is reached or there is no further page."""
    page: FetchResult = ask.get(ask.source.url, conditional=True)
    index = index_of(page)
    if index.unchanged:
        return index
    pages = int(ask.option("max_pages", DEFAULT_PAGES))
    seen = {ask.source.url, page.final_url}
    for number in range(1, pages + 1):
        text, _ = decode(page.body, charset_of(page.headers))
        try:
            rows, following = parse_list(
                text, page.final_url, ask.option("selector"), ask.option("next_selector"), ask.moment
            )
        except ShijiError as bad:
            if number == 1:
                raise
            index.error = bad
            break
        urls = {item.url for item in index.items}
        fresh = [item for item in distinct([Item(*row) for row in rows]) if item.url not in urls]
        index.items += fresh
        nothing_new = not fresh or len(ask.known([item.url for item in fresh])) == len(fresh)
        if number == pages or not following or following in seen or (nothing_new and not ask.walk_all):
            break
        seen.add(following)
        try:
            page = ask.get(following)
        except ShijiError as bad:
            index.error = bad
            break
    return index


def check(values: Mapping[str, Any], where: str) -> None:
    """A selector is needed."""
    if not values["config"].get("selector"):
        raise wrong("SOURCE-SELECTOR", "列表来源缺少 config.selector", where)


KIND = Kind(
    "list", "列表页", items, web=True, options=frozenset({"selector", "next_selector", "max_pages"}), check=check
)
