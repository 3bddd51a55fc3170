"""The form of a fresh page: what is served, and what a careful person would write down of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Fresh:
    """`html` as written; `charset`: of the bytes; `header`: what the server claims; `time`: to the minute, or a day."""

    name: str
    html: str
    title: str
    time: str
    source: str
    body: list[str]
    author: str = ""
    editor: str = ""
    charset: str = "utf-8"
    header: str | None = None
    images: list[str] = field(default_factory=list)  # captions
    files: list[str] = field(default_factory=list)  # names of attachments

    @property
    def data(self) -> bytes:
        """The bytes as served."""
        return self.html.encode(self.charset)


def each(paragraphs: list[str], wrap: Callable[[str], str]) -> str:
    """Paragraphs in a page's own markup."""
    return "\n".join(wrap(text) for text in paragraphs)
