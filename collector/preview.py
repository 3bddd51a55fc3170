"""What a source would bring in, before it is registered: 将收入这 10 篇, and how the first of them reads.

Nothing is kept. The guard, robots.txt, pace and limits of real visits apply.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.fetch import Client, host_key
from collector.keep import Reading
from collector.kinds import kinds
from collector.port import Ask, Delivery, Item, Places, charset_of, registered_hosts
from collector.reading import read_article, read_report
from collector.registry import judged
from collector.report import team_names
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Capture, Source, now

SHOWN = 10
MOST_PAGES = 2
WANTED, KNOWN, OUTSIDE = "将收入", "已收入", "不收入：网址不在登记的主机上"


@dataclass(frozen=True)
class Offer:
    """One thing the source offers and what would become of it (WANTED, KNOWN or OUTSIDE)."""

    title: str
    url: str
    published_at: str | None
    fate: str


@dataclass(frozen=True)
class Preview:
    """``offers``: all of them, newest first as a rule; ``first``: how the first wanted one reads, or None with
    ``error`` saying why; ``index_error``: a later list page could not be read."""

    offers: list[Offer] = field(default_factory=list)
    first: Reading | None = None
    first_url: str = ""
    error: ShijiError | None = None
    index_error: ShijiError | None = None

    @property
    def wanted(self) -> list[Offer]:
        """What would come in."""
        return [offer for offer in self.offers if offer.fate == WANTED]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for the JSON API and the command line."""
        first = self.first
        return {
            "found": len(self.offers),
            "wanted": len(self.wanted),
            "items": [
                {"title": o.title, "url": o.url, "published_at": o.published_at, "fate": o.fate}
                for o in self.offers[:SHOWN]
            ],
            "first": {
                "url": self.first_url, "title": first.title, "published_at": first.published_at,
                "origin": first.origin, "text": first.text, "confidence": first.confidence,
                "warnings": list(first.warnings),
            } if first else None,
            "errors": [bad.as_dict() for bad in (self.error, self.index_error) if bad],
        }  # fmt: skip


def preview(
    database: Database,
    client: Client,
    row: Mapping[str, Any],
    places: Places | None = None,
    moment: datetime | None = None,
) -> Preview:
    """Ask the source described by ``row`` (as in the register's YAML) what it offers, and read the first article.

    Raises CollectorError SOURCE-* for a wrong row and whatever keeps the index from being read (FETCH-*, FEED-*,
    LIST-*, SITEMAP-*, JSON-*, MAIL-*).
    """
    source = unsaved(row)
    kind = kinds()[source.kind]
    if kind.items is None:
        raise CollectorError("SOURCE-KIND", "该类来源无需访问，没有可预览的内容", source.id, "可直接保存。")
    if "max_pages" in kind.options:  # somebody waits: one list page, two sitemaps
        source.config = {**source.config, "max_pages": min(MOST_PAGES, int(source.config.get("max_pages", MOST_PAGES)))}
    with database.read() as session:
        teams = team_names(session)
    ask = Ask(source, client, moment or now(), _all_known, True, False, places, database, teams)
    index = kind.items(ask)
    if not kind.web:
        return _of_deliveries(index.deliveries)
    with database.read() as session:
        known = _on_record(session, source.id, [item.url for item in index.items])
    hosts = registered_hosts(source)
    offers = [Offer(i.title, i.url, i.published_at, _fate(i, known, hosts)) for i in index.items]
    first = next((o for o in offers if o.fate == WANTED), next((o for o in offers if o.fate == KNOWN), None))
    if first is None:
        return Preview(offers, index_error=index.error)
    try:
        page = ask.get(first.url)
        reading = read_article(page.body, page.final_url, charset_of(page.headers), first.title, first.published_at)
    except ShijiError as bad:
        return Preview(offers, None, first.url, bad, index.error)
    return Preview(offers, reading, first.url, None, index.error)


def unsaved(row: Mapping[str, Any]) -> Source:
    """A Source that is on no record. Raises CollectorError SOURCE-*."""
    values = judged(dict(row), "待登记来源")
    owner = values.pop("owner_team")
    return Source(
        **values, owner_team_id=owner or None, etag="", last_modified="", body_sha256="", failures=0, rhythm={}
    )  # fmt: skip


def _all_known(urls: list[str]) -> set[str]:
    """One list page is enough to show: everything counts as known, so that the walk ends."""
    return set(urls)


def _fate(item: Item, known: set[str], hosts: frozenset[str]) -> str:
    if host_key(item.url) not in hosts:
        return OUTSIDE
    return KNOWN if item.url in known else WANTED


def _on_record(session: Session, source_id: str, urls: list[str]) -> set[str]:
    found: set[str] = set()
    for start in range(0, len(urls), 500):
        part = urls[start : start + 500]
        found.update(session.scalars(select(Capture.url).where(Capture.source_id == source_id, Capture.url.in_(part))))
    return found


def _of_deliveries(deliveries: list[Delivery]) -> Preview:
    offers = [Offer(delivery.name, f"file:{delivery.name}", None, WANTED) for delivery in deliveries]
    first = next((delivery for delivery in deliveries if delivery.shows), None)
    if first is None:
        return Preview(offers)
    try:
        piece = next(iter(first.pieces()), None)
        if piece is None:
            return Preview(offers)
        reading = (
            read_article(piece.data, piece.url, piece.charset, piece.title)
            if piece.kind == "article"
            else read_report(piece.data, piece.name)
        )
    except ShijiError as bad:
        return Preview(offers, None, f"file:{first.name}", bad)
    return Preview(offers, reading, piece.url)
