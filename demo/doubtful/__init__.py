"""A page that two readers read differently: it waits under 存疑网页 until an officer has looked."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from collector.keep import Original, keep
from collector.reading import read_article
from storage.archive import Archive
from storage.database import Database

SOURCE, PATH = "wanglan", "/wanglan/20251013_yishi.html"
SEEN = datetime(2025, 10, 13, 10, 5, tzinfo=UTC)


def bring_doubtful(database: Database, archive: Archive, site: str) -> None:
    """Put the page on record as if it had been fetched from ``site`` (http://host:port); once only."""
    data = (Path(__file__).parent / "yishi.html").read_bytes()
    original = Original(SOURCE, site + PATH, data, headers={"content-type": "text/html"}, fetched_at=SEEN)
    keep(database, archive, original, read_article(data, original.url, None))
