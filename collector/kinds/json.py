"""JSON 接口: the list that a page loads, by paths to the list and its fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from collector.decode import decode
from collector.errors import CollectorError
from collector.json_lists import check_path, parse_json_list
from collector.port import Ask, Index, Kind, charset_of, distinct, index_of, wrong
from storage.errors import ShijiError

FIELDS = ("list", "url", "title", "date")
PAGE = "{page}"


def items(ask: Ask) -> Index:
    """Entries of the first answer, then of ``page_url`` with its number as long as they bring something new."""
    answer = ask.get(ask.source.url, conditional=True)
    index = index_of(answer)
    if index.unchanged:
        return index
    fields = {name: str(ask.option(name, "")) for name in FIELDS}
    pattern, pages = str(ask.option("page_url", "")), int(ask.option("max_pages", 5))
    first_number = int(ask.option("first_page", 1))
    for number in range(pages):
        try:
            if number:
                answer = ask.get(pattern.replace(PAGE, str(first_number + number)))
            text, _ = decode(answer.body, charset_of(answer.headers))
            found = distinct(parse_json_list(text, answer.final_url, fields, ask.moment))
        except ShijiError as bad:
            if number == 0:
                raise
            index.error = bad
            break
        if number == 0 and not found:
            raise CollectorError("JSON-EMPTY", "接口没有返回任何条目", ask.source.url, "请核对接口地址是否变更。")
        urls = {item.url for item in index.items}
        fresh = [item for item in found if item.url not in urls]
        index.items += fresh
        # past its end an interface may repeat its last page for ever
        all_known = len(ask.known([item.url for item in fresh])) == len(fresh)
        if not pattern or not fresh or (all_known and not ask.walk_all):
            break
    return index


def check(values: Mapping[str, Any], where: str) -> None:
    """``url`` names the address field; paths are well formed; ``page_url`` holds {page}."""
    config = values["config"]
    if not config.get("url"):
        raise wrong("SOURCE-CONFIG", "JSON 来源缺少 config.url（条目中网址的路径）", where)
    for name in FIELDS:
        path = config.get(name, "")
        if not isinstance(path, str) or (path and "{" not in path and not check_path(path)):
            raise wrong("SOURCE-CONFIG", f"config.{name} 应为以点分隔的路径，如 data.list", where)
    if config.get("page_url") and PAGE not in str(config["page_url"]):
        raise wrong("SOURCE-CONFIG", "config.page_url 应含 {page}", where)
    first = config.get("first_page", 1)
    if isinstance(first, bool) or not isinstance(first, int) or not 0 <= first <= 1:
        raise wrong("SOURCE-CONFIG", "config.first_page 应为 0 或 1", where)


KIND = Kind(
    "json", "JSON 接口", items, web=True, options=frozenset({*FIELDS, "page_url", "first_page", "max_pages"}),
    check=check,
)  # fmt: skip
