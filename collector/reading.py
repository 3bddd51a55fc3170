"""Bytes as a Reading: an article page, or a file that a page or a unit sends."""

from __future__ import annotations

import logging

from collector.errors import CollectorError
from collector.keep import Reading
from collector.page import extract_page

log = logging.getLogger(__name__)
_FILES = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # PDF, zipped office formats, older office formats


def read_article(
    data: bytes, url: str, charset_header: str | None, listed_title: str = "", listed_date: str | None = None
) -> Reading:
    """Read a fetched page. What the page does not show is taken from the list that linked to it, and marked
    TITLE-FROM-LIST or DATE-FROM-LIST. Raises PAGE-EMPTY when there is no text at all.
    """
    if data.lstrip()[:5].startswith(_FILES):
        raise CollectorError("PAGE-FILE", "链接指向文件而非网页", url, "请由单位报送或手工上传该文件。")
    try:
        page = extract_page(data, url, charset_header)
    except Exception as bad:  # one hostile page must not end the visit
        log.exception("page reader broke on %s", url)
        raise CollectorError("PAGE-ERROR", f"网页解析出错：{type(bad).__name__}", url, "请打开原文核对。") from bad
    if not page.text.strip():
        raise CollectorError("PAGE-EMPTY", "网页没有可读的正文", url, "请打开原文核对，必要时手工上传。")
    warnings = [w for w in page.warnings if w not in {"PAGE-NO-TITLE", "PAGE-NO-DATE"}]
    title, published_at = page.title, page.published_at
    if not title:
        title = listed_title
        warnings.append("TITLE-FROM-LIST" if title else "PAGE-NO-TITLE")
    if not published_at:
        published_at = listed_date
        warnings.append("DATE-FROM-LIST" if published_at else "PAGE-NO-DATE")
    elif listed_date and len(published_at) == 10 and listed_date[:10] == published_at:
        published_at = listed_date  # same day, and the list knows the minute
    return Reading(
        kind="article",
        title=title,
        text=page.text,
        author=page.author,
        editor=page.editor,
        origin=page.source,
        published_at=published_at,
        confidence=page.confidence,
        warnings=tuple(warnings),
    )


def read_report(data: bytes, name: str) -> Reading:
    """Read a submitted file in a process of its own. Raises the readers' READ-* errors, READ-EMPTY for no text."""
    raise CollectorError("READ-UNSUPPORTED", "x", name)
