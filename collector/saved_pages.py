"""Web pages that somebody saved: single-file HTML, MHTML and WARC, taken apart into pages as they were served."""

from __future__ import annotations

import email.policy
import hashlib
import re
from collections.abc import Iterator
from datetime import datetime
from email.message import EmailMessage
from email.utils import parsedate_to_datetime
from io import BytesIO
from typing import Any

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from collector.errors import CollectorError
from collector.fetch import LARGEST_PAGE, parse_url
from collector.inflate import inflate
from collector.port import Piece

MOST_PAGES = 20_000  # of one WARC file
MOST_BYTES = 2 * 1024 * 1024 * 1024  # unpacked, of one WARC file
# what browsers and SingleFile write at the head: saved from url=(0024)http://…, or a line "url: http://…"
_SAVED_FROM = re.compile(rb"<!--[^>]{0,300}?(?:saved from url=\(\d+\)|\burl:)\s*(https?://[^\s>]+)", re.I)
_CANONICAL = re.compile(
    rb"<link\b[^>]*\brel=[\"']?canonical[\"']?[^>]*\bhref=[\"']?(https?://[^\s\"'>]+)|"
    rb"<link\b[^>]*\bhref=[\"']?(https?://[^\s\"'>]+)[\"']?[^>]*\brel=[\"']?canonical",
    re.I,
)
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.I)
_MESSAGE = re.compile(rb"\A(?:[\w-]+:[^\n]*\n(?:[ \t][^\n]*\n)*)*?mime-version:", re.I)


def saved_pieces(data: bytes, name: str) -> Iterator[Piece]:
    """The pages of a saved file, told by its content, not its name.

    A page whose address the file does not say gets ``file:NAME#…``. Raises CollectorError SAVED-KIND (not a saved
    page), SAVED-EMPTY (no page in it) or SAVED-BROKEN.
    """
    head = data[:4096].lstrip()
    if data[:2] == b"\x1f\x8b" or head.startswith(b"WARC/"):
        pieces = _warc(data, name)
    elif _MESSAGE.match(head.replace(b"\r\n", b"\n")):
        pieces = _mhtml(data, name)
    elif re.search(rb"<(?:!doctype\s+html|html|head|body)\b", data[:20_000], re.I):
        pieces = iter([_html(data, name)])
    else:
        raise CollectorError(
            "SAVED-KIND", "不是保存的网页（HTML、MHTML 或 WARC）", name, "请用浏览器“另存为单个文件”重新保存。"
        )
    found = False
    for piece in pieces:
        found = True
        yield piece
    if not found:
        raise CollectorError("SAVED-EMPTY", "文件中没有网页", name, "请核对保存的内容。")


def _html(data: bytes, name: str) -> Piece:
    match = _SAVED_FROM.search(data[:4000]) or _CANONICAL.search(data[:50_000])
    said = next((part for part in match.groups() if part), b"") if match else b""
    return _piece(said.decode("utf-8", "replace"), data, name, None, None)


def _mhtml(data: bytes, name: str) -> Iterator[Piece]:
    try:
        message = email.message_from_bytes(data, policy=email.policy.default)
        location = str(message["snapshot-content-location"] or "")
        for part in message.walk():
            if part.get_content_type() != "text/html" or not isinstance(part, EmailMessage):
                continue
            body = part.get_payload(decode=True)
            if isinstance(body, bytes) and body.strip():
                address = location or str(part["content-location"] or "")
                # the first one is the page, the others are its frames
                yield _piece(address, body, name, part.get_content_charset(), _date(str(message["date"] or "")))
                return
    except (LookupError, ValueError, TypeError, AttributeError, RecursionError) as bad:
        raise CollectorError("SAVED-BROKEN", "MHTML 文件已损坏", name, "请重新保存。") from bad


def _warc(data: bytes, name: str) -> Iterator[Piece]:
    pages, total = 0, 0
    _check_packing(data, name)
    try:
        for record in ArchiveIterator(BytesIO(data)):
            served = record.http_headers
            if record.rec_type != "response" or served is None or served.get_statuscode() != "200":
                continue
            kind = served.get_header("Content-Type") or ""
            if not kind.lower().startswith(("text/html", "application/xhtml")):
                continue
            body = record.content_stream().read(LARGEST_PAGE + 1)
            if len(body) <= LARGEST_PAGE and not _is_whole(record.raw_stream):
                raise EOFError("cut off")
            pages, total = pages + 1, total + len(body)
            if pages > MOST_PAGES or total > MOST_BYTES:
                raise CollectorError("SAVED-SIZE", "WARC 文件内容过多", name, "请拆分后放入。")
            if len(body) > LARGEST_PAGE or not body.strip():
                continue
            charset = _CHARSET.search(kind)
            headers = {
                k.lower(): v for k, v in served.headers if k.lower() in ("content-type", "etag", "last-modified")
            }
            address = record.rec_headers.get_header("WARC-Target-URI") or ""
            moment = _date(record.rec_headers.get_header("WARC-Date") or "")
            yield _piece(address.strip("<>"), body, name, charset[1] if charset else None, moment, headers)
    except (ArchiveLoadFailed, OSError, ValueError, EOFError) as bad:
        raise CollectorError("SAVED-BROKEN", "WARC 文件已损坏", name, "请重新保存。") from bad


def _check_packing(data: bytes, name: str) -> None:
    """A packed file that ends too early or unpacks without end is refused before any of it is read."""
    if data[:2] != b"\x1f\x8b":
        return
    total = 0
    try:
        for piece in inflate([data], "gzip", name):
            total += len(piece)
            if total > MOST_BYTES:
                raise CollectorError("SAVED-SIZE", "WARC 文件内容过多", name, "请拆分后放入。")
    except CollectorError as bad:
        if bad.code == "FETCH-ENCODING":
            raise CollectorError("SAVED-BROKEN", "WARC 文件已损坏或不完整", name, "请重新保存。") from bad
        raise


def _is_whole(stream: Any) -> bool:
    """Whether a record held as many bytes as it promised."""
    stream.read()
    return int(getattr(stream, "limit", 0)) == 0


def _piece(
    address: str, body: bytes, name: str, charset: str | None, moment: datetime | None,
    headers: dict[str, Any] | None = None,
) -> Piece:  # fmt: skip
    try:
        url = str(parse_url(address))
    except CollectorError:
        url = f"file:{name}#{hashlib.sha256(body).hexdigest()[:12]}"
    return Piece(
        url, body, kind="article", name=name, charset=charset, headers={**(headers or {}), "x-saved-as": name},
        fetched_at=moment,
    )  # fmt: skip


def _date(value: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(value) if value[:4].isdigit() else parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return None
    return moment if moment.tzinfo else None
