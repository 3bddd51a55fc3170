"""The port behind which every kind of source stands: it is asked once a visit and says what it offers.

A kind offers items (articles still to be fetched from the web) or deliveries (files that are already here). One
file in ``collector/kinds`` is one kind; it is found by its name.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from collector.errors import CollectorError
from collector.fetch import Client, FetchResult, host_key, parse_url
from collector.keep import Reading
from storage.database import Database
from storage.errors import ShijiError
from storage.settings import Settings
from storage.tables import Source

LARGEST_DELIVERY = 50 * 1024 * 1024
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)

Known = Callable[[list[str]], set[str]]  # addresses -> those already on record or given up


@dataclass(frozen=True)
class Item:
    """An article a source links to. ``published_at``: ISO 8601 as the index shows it, or None."""

    url: str
    title: str = ""
    published_at: str | None = None


@dataclass(frozen=True)
class Piece:
    """One original that is already here. ``kind``: article or report; ``reading``: where it was read before;
    ``source_id``: where it belongs to another source than the one that brought it."""

    url: str
    data: bytes
    kind: str = "report"
    name: str = ""
    title: str = ""
    charset: str | None = None
    status: int = 200
    headers: dict[str, Any] = field(default_factory=dict)
    fetched_at: datetime | None = None
    final_url: str = ""
    submitted_by: str = ""
    warnings: tuple[str, ...] = ()
    reading: Reading | None = None
    source_id: str = ""


@dataclass(frozen=True)
class Delivery:
    """A file or message that brings pieces. ``done`` is called once they are on record, or with the error.

    ``shows``: looking at its pieces changes nothing, so a preview may."""

    name: str
    pieces: Callable[[], Iterator[Piece]]
    done: Callable[[ShijiError | None], None] = lambda error: None
    shows: bool = True


@dataclass
class Index:
    """Items in the order shown (newest first as a rule). ``error``: a later part could not be read. ``etag``,
    ``last_modified``, ``body_sha256``: what the next visit is to be asked with."""

    items: list[Item] = field(default_factory=list)
    deliveries: list[Delivery] = field(default_factory=list)
    unchanged: bool = False
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    error: ShijiError | None = None


@dataclass(frozen=True)
class Places:
    """Where sources without a website lie. ``drops``: a folder for each; ``secrets``: a file with the password
    of each mailbox; ``keys``: those of bundles. ``largest``: bytes of one delivered file."""

    drops: Path
    secrets: Path
    keys: Path
    private_hosts: frozenset[str] = frozenset()
    largest: int = LARGEST_DELIVERY
    settle_seconds: float = 1.0
    proxy: str = ""

    @classmethod
    def of(cls, settings: Settings) -> Places:
        data = settings.data
        return cls(
            settings.drops, data / "secrets", data / "keys", settings.private_hosts, settings.upload_bytes,
            proxy=settings.proxy,
        )  # fmt: skip


@dataclass(frozen=True)
class Ask:
    """One question to a kind. ``full``: without conditions; ``walk_all``: known entries do not end the walk."""

    source: Source
    client: Client
    moment: datetime
    known: Known = lambda urls: set()
    full: bool = True
    walk_all: bool = False
    places: Places | None = None
    database: Database | None = None
    teams: Mapping[str, str] = field(default_factory=dict)  # team ids, full and short names -> team id

    def get(self, url: str, *, conditional: bool = False, largest: int | None = None) -> FetchResult:
        """GET an address of the source, politely. ``conditional``: with the validators of the last visit."""
        source, asks = self.source, conditional and not self.full
        return self.client.fetch(
            url,
            hosts=registered_hosts(source),
            rate_seconds=source.rate_seconds,
            obey_robots=source.robots == "遵守",
            etag=source.etag if asks else "",
            last_modified=source.last_modified if asks else "",
            largest=largest,
            source_id=source.id,
        )

    def option(self, name: str, default: Any = None) -> Any:
        """A value of the source's ``config``."""
        return self.source.config.get(name, default)

    def drop(self) -> Path:
        """The folder in which this source's files are put."""
        if self.places is None:
            raise CollectorError("SOURCE-PLACE", "此处不能读取文件来源", self.source.id, "请在采集程序中运行。")
        return self.places.drops / str(self.option("folder") or self.source.id)


@dataclass(frozen=True)
class Kind:
    """A kind of source. ``items`` is None where nothing is visited (others bring it by another door).

    ``web``: it has an http(s) address and a host of its own; ``waits``: silence says nothing, others decide when
    something comes; ``options``: keys of ``config`` it knows; ``check``: judges url and config of a registration,
    raising CollectorError SOURCE-*.
    """

    name: str
    title: str
    items: Callable[[Ask], Index] | None
    web: bool = False
    waits: bool = False
    options: frozenset[str] = frozenset()
    check: Callable[[Mapping[str, Any], str], None] = lambda values, where: None


def registered_hosts(source: Source) -> frozenset[str]:
    """Host keys this source's pages, links and redirects may be on."""
    extra = source.config.get("hosts") or []
    return frozenset({host_key(source.url), *(str(host).lower() for host in extra)})


def charset_of(headers: Mapping[str, str]) -> str | None:
    """The charset a Content-Type header declares."""
    match = _CHARSET.search(headers.get("content-type", ""))
    return match[1] if match else None


def index_of(first: FetchResult) -> Index:
    """An empty index that remembers the validators of its first answer."""
    return Index(
        unchanged=first.not_modified,
        etag=first.headers.get("etag", ""),
        last_modified=first.headers.get("last-modified", ""),
        body_sha256=hashlib.sha256(first.body).hexdigest() if first.body else "",
    )


def distinct(items: list[Item]) -> list[Item]:
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


def wrong(code: str, message: str, where: str) -> CollectorError:
    """A registration that cannot stand."""
    return CollectorError(code, message, where, "请修改来源登记后重新保存或导入。")
