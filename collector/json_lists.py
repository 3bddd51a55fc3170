"""Lists of articles in JSON, as pages load them: where the list is and what its fields are called is configured."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urljoin

from collector.dates import SHANGHAI, parse_date
from collector.errors import CollectorError
from collector.feeds import plain_text
from collector.port import Item

_CALLBACK = re.compile(r"^\s*[\w$.]+\s*\((.*)\)\s*;?\s*$", re.S)
_STEP = re.compile(r"([^.\[\]]+)|\[(\d+)\]")
_PATH = re.compile(r"[^.\[\]]+(?:\[\d+\])*(?:\.[^.\[\]]+(?:\[\d+\])*)*|(?:\[\d+\])+")
_PLACE = re.compile(r"\{([^{}]+)\}")


def check_path(path: str) -> bool:
    """Whether a dotted path such as ``data.records`` or ``result[0].items`` is well formed."""
    return bool(_PATH.fullmatch(path))


def look_up(value: Any, path: str) -> Any:
    """What a dotted path leads to, or None where it ends."""
    for name, number in _STEP.findall(path):
        if number:
            value = value[int(number)] if isinstance(value, list) and int(number) < len(value) else None
        else:
            value = value.get(name) if isinstance(value, Mapping) else None
    return value


def parse_json_list(text: str, base_url: str, fields: Mapping[str, str], fetched_at: datetime | None) -> list[Item]:
    """Articles of a JSON answer (JSONP too), in its order.

    ``fields``: ``list`` the path to the list ("" where the answer is the list itself), ``url``, ``title``,
    ``date`` paths within an entry; ``url`` may be a pattern such as ``/news/{id}.html``. Dates are text or Unix
    time in seconds or milliseconds. Raises CollectorError JSON-NOT-JSON, JSON-PATH (no list there) or
    JSON-FIELDS (no entry has an address: the site has changed, which must not look like calm).
    """
    match = _CALLBACK.match(text)
    try:
        data = json.loads(match[1] if match else text)
    except (ValueError, RecursionError) as bad:
        raise CollectorError("JSON-NOT-JSON", "返回内容不是 JSON", base_url, "请核对接口地址。") from bad
    rows = look_up(data, fields["list"]) if fields.get("list") else data
    if not isinstance(rows, list):
        raise CollectorError(
            "JSON-PATH", f"路径“{fields.get('list', '')}”处没有列表", base_url, "接口可能已变更，请重新填写路径。"
        )
    found = [_item(row, base_url, fields, fetched_at) for row in rows]
    items = [item for item in found if item is not None]
    if rows and not items:
        raise CollectorError("JSON-FIELDS", f"条目中没有网址字段“{fields['url']}”", base_url, "请重新填写字段路径。")
    return items


def _item(row: Any, base_url: str, fields: Mapping[str, str], fetched_at: datetime | None) -> Item | None:
    address = _address(row, fields["url"])
    if not address:
        return None
    title = look_up(row, fields["title"]) if fields.get("title") else ""
    shown = look_up(row, fields["date"]) if fields.get("date") else None
    try:
        return Item(urljoin(base_url, address), plain_text(title), _date(shown, fetched_at))
    except ValueError:
        return None


def _address(row: Any, wanted: str) -> str:
    if "{" not in wanted:
        value = look_up(row, wanted)
        return str(value).strip() if isinstance(value, (str, int)) and not isinstance(value, bool) else ""
    parts = {name: look_up(row, name) for name in _PLACE.findall(wanted)}
    if any(not isinstance(value, (str, int)) or value == "" for value in parts.values()):
        return ""
    return _PLACE.sub(lambda place: str(parts[place[1]]), wanted)


def _date(value: Any, fetched_at: datetime | None) -> str | None:
    text = str(value or "").strip()
    if re.fullmatch(r"\d{10}|\d{13}", text):
        seconds = int(text) / (1000 if len(text) == 13 else 1)
        return datetime.fromtimestamp(seconds, UTC).astimezone(SHANGHAI).isoformat(timespec="minutes")
    return parse_date(text, fetched_at)
