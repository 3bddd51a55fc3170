"""Bytes as a Reading: an article page, or a file that a page or a unit sends."""

from __future__ import annotations

import logging
from dataclasses import replace
from urllib.parse import unquote, urlsplit

from collector.dates import SHANGHAI
from collector.errors import CollectorError
from collector.keep import Reading
from collector.office.document import Limits, ReadDocument
from collector.office.worker import run_limited
from collector.page import extract_page
from collector.page_paging import Fetch, extract_article
from collector.page_stand_in import refuse_stand_in
from collector.report_date import report_date
from storage.errors import ShijiError
from storage.tables import now

log = logging.getLogger(__name__)
_FILES = (b"%PDF-", b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # PDF, zipped office formats, older office formats


def read_article(
    data: bytes,
    url: str,
    charset_header: str | None,
    listed_title: str = "",
    listed_date: str | None = None,
    fetch: Fetch | None = None,
) -> Reading:
    """Read a fetched page, and with ``fetch`` the further pages of the same article.

    What the page does not show is taken from the list that linked to it, and marked TITLE-FROM-LIST or
    DATE-FROM-LIST. Raises PAGE-EMPTY when there is no text at all, PAGE-GONE and
    PAGE-WALL for what stands in place of an article, PAGE-ERROR, and what ``fetch`` raises.
    """
    if data.lstrip()[:5].startswith(_FILES):
        file = read_report(data, unquote(urlsplit(url).path.rpartition("/")[2]) or "附件")
        title = listed_title or file.title
        dated = report_date(file.text, now().astimezone(SHANGHAI).date())
        marks = file.warnings if listed_date else (*file.warnings, *dated.warnings)
        return replace(file, kind="article", title=title, published_at=listed_date or dated.day, warnings=marks)
    try:
        page = extract_article(data, url, fetch, charset_header) if fetch else extract_page(data, url, charset_header)
    except ShijiError:
        raise  # of ``fetch``: the host wants quiet
    except Exception as bad:  # one hostile page must not end the visit
        log.exception("page reader broke on %s", url)
        raise CollectorError("PAGE-ERROR", f"网页解析出错：{type(bad).__name__}", url, "请打开原文核对。") from bad
    refuse_stand_in(page.title, page.text, url)
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


def read_report(data: bytes, name: str, limits: Limits | None = None) -> Reading:
    """Read a submitted file in a limited process of its own. Attachments of a message follow its text.

    Raises the readers' READ-* errors, and READ-NO-TEXT for a file that holds no text.
    """
    document = run_limited(data, name, limits)
    parts = [_whole(document), *(f"附件：{one.name}\n{_whole(one)}" for one in document.attachments)]
    text = "\n".join(part for part in parts if part.strip())
    if not text.strip():
        raise CollectorError("READ-NO-TEXT", "文件中没有可读的文字", name, "扫描件请先做文字识别，或报送文字版。")
    return Reading(
        kind="report",
        title=document.title,
        text=text,
        confidence=document.confidence,
        warnings=tuple(document.warnings),
    )


def _whole(document: ReadDocument) -> str:
    """Text of a document, or its tables a row a line where all it has is tables."""
    if document.text.strip():
        return document.text
    return "\n".join("\t".join(row) for table in document.tables for row in table)
