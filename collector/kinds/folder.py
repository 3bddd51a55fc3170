"""收件文件夹: a watched folder of submitted reports. Sub-folders named after a team mark who submits.

The folder ``inbox`` of the settings is looked at all the time (collector/inbox.py); further ones are visited like
any other source and lie in the folder of drops.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from collector.drop import finished_files
from collector.inbox import file_delivery
from collector.port import LARGEST_DELIVERY, Ask, Index, Kind, wrong

_NAME = re.compile(r"[^\s./\\\x00-\x1f][^/\\\x00-\x1f]{0,79}")


def items(ask: Ask) -> Index:
    """One delivery a finished file."""
    root, places = ask.drop(), ask.places
    settle, largest = (places.settle_seconds, places.largest) if places else (1.0, LARGEST_DELIVERY)
    found = [
        file_delivery(path, root, ask.teams.get(path.parent.name, "") if path.parent != root else "", largest)
        for path in finished_files(root, settle)
    ]
    return Index(deliveries=found)


def check(values: Mapping[str, Any], where: str) -> None:
    """``folder`` is the plain name of a folder among the drops; without it, the source's id is."""
    name = values["config"].get("folder", values["id"])
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        raise wrong("SOURCE-CONFIG", "config.folder（缺省为来源编号）应为单个文件夹名", where)


KIND = Kind("folder", "收件文件夹", items, waits=True, options=frozenset({"folder"}), check=check)
