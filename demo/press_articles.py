"""Articles of the demo press as their readers see them: the truth written beside each paragraph stays behind."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from demo.rows import read_rows

ARTICLES = Path(__file__).parent / "articles"


@dataclass(frozen=True)
class Article:
    """What is printed. ``published``: None where the page shows no time; ``minute``: whether it shows the hour."""

    id: str
    source: str
    title: str
    published: datetime | None
    minute: bool
    author: str
    editor: str
    origin: str
    paragraphs: tuple[str, ...]

    @property
    def number(self) -> int:
        """A stable number for the address, as content systems give one."""
        return 10_000_000 + zlib.crc32(self.id.encode()) % 90_000_000

    @property
    def day(self) -> str:
        """``20241120``, or eight zeros where there is no date."""
        return f"{self.published:%Y%m%d}" if self.published else "00000000"


def load_articles(folder: Path = ARTICLES) -> list[Article]:
    """All articles, newest first, undated ones last."""
    return sorted(map(_article, read_rows(folder)), key=lambda a: (a.published or datetime.min, a.id), reverse=True)


def _article(row: dict[str, Any]) -> Article:
    published, minute = _time(row.get("published"))
    return Article(
        id=str(row["id"]),
        source=str(row["source"]),
        title=str(row["title"]),
        published=published,
        minute=minute,
        author=str(row.get("author") or ""),
        editor=str(row.get("editor") or ""),
        origin=str(row.get("origin") or ""),
        paragraphs=tuple(str(paragraph["text"]) for paragraph in row["paragraphs"]),
    )


def _time(written: Any) -> tuple[datetime | None, bool]:
    """The time as written, and whether it has an hour."""
    if written is None:
        return None, False
    if isinstance(written, datetime):
        return written.replace(tzinfo=None), True
    if isinstance(written, date):
        return datetime(written.year, written.month, written.day), False
    text = str(written).strip()
    return datetime.fromisoformat(text), len(text) > 10
