"""What the collector was answered, as WARC 1.1 records (ISO 28500): headers and body, before anything is read.

A body seen unchanged again, and an answer 304, become revisit records. Bodies are kept unpacked, so that headers
about the packing on the way are kept under ``X-Archive-Orig-``.
"""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Callable
from datetime import UTC, datetime
from io import BytesIO
from string import printable
from threading import Lock
from typing import Any
from urllib.parse import quote

from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from collector.dates import SHANGHAI
from collector.errors import CollectorError
from collector.fetch import VERSION, Answer
from collector.keep import is_quarantined
from storage.database import Database
from storage.settings import Settings
from storage.tables import now
from storage.warc import WarcFolder

MOST_REMEMBERED = 20_000  # addresses whose last body is known, so that the same body is not kept twice a day
_ON_THE_WAY = {"content-encoding", "transfer-encoding", "content-length", "connection"}
_SAME_BODY = "http://netpreserve.org/warc/1.1/revisit/identical-payload-digest"
_NOT_MODIFIED = "http://netpreserve.org/warc/1.1/revisit/server-not-modified"
_DIGEST = b"WARC-Payload-Digest: sha256:"


class Recorder:
    """Writes each answer to the WARC file of its source and day. ``refused``: tells the SHA-256 of quarantined bodies,
    of which nothing is kept."""

    def __init__(
        self,
        folder: WarcFolder,
        refused: Callable[[str], bool] = lambda digest: False,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._folder = folder
        self._refused = refused
        self._clock = clock
        self._last: OrderedDict[str, tuple[str, str, str]] = OrderedDict()  # address -> day, digest, date of the record
        self._guard = Lock()

    def write(self, source_id: str, url: str, answer: Answer) -> None:
        """Append one answer, on disk when this returns. Raises CollectorError WARC-WRITE."""
        moment = self._clock().astimezone(UTC)
        day, digest = moment.astimezone(SHANGHAI).date(), hashlib.sha256(answer.body).hexdigest()
        if answer.body and self._refused(digest):
            return
        with self._guard:
            before = self._last.get(url)
        record = _packed(url, answer, digest, moment, before, day.isoformat())
        try:
            self._folder.append(source_id, day, record, _opening(moment))
        except OSError as bad:
            raise CollectorError(
                "WARC-WRITE", f"原始响应未能存档：{bad.strerror or bad}", source_id, "请检查数据目录的空间和权限。"
            ) from bad
        if answer.status == 200 and (before is None or before[:2] != (day.isoformat(), digest)):
            self._remember(url, (day.isoformat(), digest, _date(moment)))

    def forget(self, source_id: str, digest: str) -> int:
        """Take out what holds this body, because it was found to be quarantined; returns the records removed."""
        with self._guard:
            self._last = OrderedDict((url, last) for url, last in self._last.items() if last[1] != digest)
        return remove_body(self._folder, source_id, digest)

    def _remember(self, url: str, last: tuple[str, str, str]) -> None:
        with self._guard:
            self._last[url] = last
            self._last.move_to_end(url)
            while len(self._last) > MOST_REMEMBERED:
                self._last.popitem(last=False)


def open_recorder(settings: Settings, database: Database) -> Recorder:
    """The recorder of a process that collects; what killed writers left half written is cut off first."""
    folder = WarcFolder(settings.data / "warc")
    folder.repair()

    def refused(digest: str) -> bool:
        with database.read() as session:
            return is_quarantined(session, digest)

    return Recorder(folder, refused)


def remove_body(folder: WarcFolder, source_id: str, digest: str) -> int:
    """Take every record of a source out that holds, or refers to, the body with this SHA-256."""
    mark = _DIGEST + digest.encode("ascii")
    return folder.remove(source_id, lambda head: mark in head.partition(b"\r\n\r\n")[0])


def _packed(
    url: str, answer: Answer, digest: str, moment: datetime, before: tuple[str, str, str] | None, day: str
) -> bytes:
    """The record of an answer as one gzip member."""
    head: dict[str, str] = {"WARC-Date": _date(moment)}
    kind, body = "response", answer.body
    if answer.status == 304:
        kind, head["WARC-Profile"], head["WARC-Refers-To-Target-URI"] = "revisit", _NOT_MODIFIED, url
        if before is not None:
            head["WARC-Refers-To-Date"] = before[2]
    elif answer.status == 200:
        head["WARC-Payload-Digest"] = f"sha256:{digest}"
        if body and before is not None and before[:2] == (day, digest):
            kind, body = "revisit", b""
            head |= {
                "WARC-Profile": _SAME_BODY, "WARC-Refers-To-Target-URI": url, "WARC-Refers-To-Date": before[2]
            }  # fmt: skip
    else:  # the collector does not read the body of an answer it has no use for
        head["WARC-Truncated"] = "unspecified"
    served = StatusAndHeaders(
        f"{answer.status} {_ascii(answer.reason)}".strip(), _served(answer), protocol=answer.version or "HTTP/1.1"
    )
    return _member(
        lambda writer: writer.create_warc_record(
            url, kind, payload=BytesIO(body), length=len(body), http_headers=served, warc_headers_dict=head
        )
    )


def _served(answer: Answer) -> list[tuple[str, str]]:
    """The headers as they came, with the length of the body as it is kept."""
    kept = [
        (f"X-Archive-Orig-{_ascii(name)}" if name.lower() in _ON_THE_WAY else _ascii(name), _ascii(value))
        for name, value in answer.raw
    ]
    return [*kept, ("Content-Length", str(len(answer.body)))] if answer.status == 200 else kept


def _ascii(text: str) -> str:
    """Other characters percent-encoded, as the header block of a record wants them."""
    return text if text.isascii() else quote(text, safe=printable)


def _opening(moment: datetime) -> bytes:
    """The warcinfo record at the head of a file."""

    def build(writer: Any) -> Any:
        record = writer.create_warcinfo_record("", {"software": f"Shiji/{VERSION}", "format": "WARC File Format 1.1"})
        record.rec_headers.remove_header("WARC-Filename")
        record.rec_headers.replace_header("WARC-Date", _date(moment))
        return record

    return _member(build)


def _member(build: Callable[[Any], Any]) -> bytes:
    out = BytesIO()
    writer = WARCWriter(out, gzip=True, warc_version="1.1")
    writer.write_record(build(writer))
    return out.getvalue()


def _date(moment: datetime) -> str:
    return f"{moment:%Y-%m-%dT%H:%M:%S.%fZ}"
