"""Visit one source: read its index, collect what is new, try again what failed, look again at recent pages."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.deliver import take
from collector.errors import CollectorError
from collector.fetch import Client, FetchResult, host_key
from collector.keep import NEW, QUARANTINED, Original, is_quarantined, keep
from collector.kinds import kinds
from collector.port import Ask, Index, Item, Places, charset_of, registered_hosts
from collector.reading import read_article
from collector.report import team_names
from collector.runs import MOST_ATTEMPTS, REFUSED, Outcome, Visit, begin, fail, finish, note_failure
from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Capture, Failure, Run, Source, now

RECHECK_DAYS = 3  # recently published pages are still corrected or taken down
RECHECK_EVERY = timedelta(hours=24)
MOST_RECHECKS = 20
_ENDING = {"FETCH-BUSY", "FETCH-STOPPED"}  # no use asking this host for more now
_KEPT_HEADERS = ("content-type", "etag", "last-modified", "date", "server", "content-language")
log = logging.getLogger(__name__)


def visit_source(
    database: Database,
    archive: Archive,
    client: Client,
    source_id: str,
    clock: Callable[[], datetime] = now,
    places: Places | None = None,
) -> Run:
    """Visit a registered source and return its closed run.

    Status: ok; partial (some pages failed, see Failure, or the visit was cut short, see error_code);
    unchanged (the site said so); failed (the source itself could not be read). Raises CollectorError SOURCE-*
    only when there is no such enabled source that is visited. ``places``: where sources without a website lie.
    """
    visit = begin(database, source_id, clock())
    try:
        outcome = _collect(database, archive, client, visit, clock, places)
        run = finish(database, visit, outcome, clock())
    except ShijiError as bad:
        run = fail(database, visit, bad, _asked_seconds(client, visit.source), clock())
    except Exception as bad:
        log.exception("visit to source %s broke", source_id)
        error = CollectorError(
            "RUN-ERROR", f"采集程序出错：{type(bad).__name__}：{bad}", source_id, "请联系系统管理员。"
        )
        run = fail(database, visit, error, 0.0, clock())
    log.info("source %s: %s, %d found, %d new, %d failed", source_id, run.status, run.found, run.new, run.failed)
    return run


def _collect(
    database: Database,
    archive: Archive,
    client: Client,
    visit: Visit,
    clock: Callable[[], datetime],
    places: Places | None,
) -> Outcome:
    source, kind = visit.source, kinds()[visit.source.kind]

    def known(urls: list[str]) -> set[str]:
        with database.read() as session:
            return _settled(session, source, urls, clock())

    with database.read() as session:
        teams = {} if kind.web else team_names(session)
    if kind.items is None:
        raise CollectorError("SOURCE-KIND", "该来源无需访问", source.id, "请使用收件文件夹或上传。")
    index = kind.items(
        Ask(source, client, clock(), known, visit.full, visit.walk_all, places, database=database, teams=teams)
    )
    if not kind.web:
        return _deliveries(database, archive, client, visit, index)
    visit.found = len(index.items)
    settled = known([item.url for item in index.items])
    # oldest first, so that a first print is on record before its reprints
    wanted = [item for item in reversed(index.items) if item.url not in settled]
    with database.read() as session:
        wanted += _failed_before(session, source, {item.url for item in index.items})
        rechecks = _to_recheck(session, source, clock())
    try:
        for item in wanted:
            _guarded(
                database, visit, item.url, clock, partial(_article, database, archive, client, visit, item, clock())
            )
        for capture in rechecks:
            look_again = partial(_recheck, database, archive, client, visit, capture, clock())
            _guarded(database, visit, capture.url, clock, look_again)
    except ShijiError as ending:
        return Outcome("partial", False, error=ending, wait_seconds=_asked_seconds(client, source))
    return _outcome(visit, index)


def _deliveries(database: Database, archive: Archive, client: Client, visit: Visit, index: Index) -> Outcome:
    """Take what lies ready; a file that is refused does not keep the next one waiting."""
    for delivery in index.deliveries:
        if client.stopped:
            return Outcome("partial", False, error=CollectorError("FETCH-STOPPED", "采集已停止", visit.source.id, ""))
        try:
            taken = take(database, archive, visit.source.id, delivery, visit.run_id)
        except FileNotFoundError:
            continue  # another process took it meanwhile
        visit.documents += taken.documents
        visit.found += len(taken.documents) + taken.known + len(taken.refused)
        visit.failed += len(taken.refused)
        for _, bad in taken.refused:
            log.warning("source %s: %s", visit.source.id, bad.code)
    return _outcome(visit, index)


def _asked_seconds(client: Client, source: Source) -> float:
    """For how long the source's host asked to be left alone."""
    return client.busy_seconds(source.url) if kinds()[source.kind].web else 0.0


def _outcome(visit: Visit, index: Index) -> Outcome:
    whole = "unchanged" if index.unchanged else "ok"
    status = "partial" if visit.failed or index.error else whole
    if index.unchanged and status == "partial":
        # only retried pages failed: what is known of the index still holds
        source = visit.source
        return Outcome(status, True, source.etag, source.last_modified, source.body_sha256)
    return Outcome(status, index.error is None, index.etag, index.last_modified, index.body_sha256, error=index.error)


def _guarded(
    database: Database, visit: Visit, url: str, clock: Callable[[], datetime], step: Callable[[], None]
) -> None:
    """Run one page's step; its failure is noted and the visit goes on, unless the host wants quiet."""
    try:
        step()
    except ShijiError as bad:
        if bad.code in _ENDING:
            raise
        note_failure(database, visit.source.id, visit.run_id, url, bad, clock())
        if bad.code not in REFUSED:
            visit.failed += 1
            log.warning("source %s: %s", visit.source.id, bad.line())


def _article(database: Database, archive: Archive, client: Client, visit: Visit, item: Item, moment: datetime) -> None:
    _store(database, archive, client, visit, item, _fetch(client, visit.source, item.url), moment)


def _store(
    database: Database,
    archive: Archive,
    client: Client,
    visit: Visit,
    item: Item,
    result: FetchResult,
    moment: datetime,
) -> None:
    """Read a fetched page, with the further pages of its article, and keep it.

    An original that cannot be read is kept with its failure.
    """
    digest = hashlib.sha256(result.body).hexdigest()
    with database.read() as session:
        if is_quarantined(session, digest):
            return
    parts: list[dict[str, str]] = []

    def further(url: str) -> tuple[bytes, str | None] | None:
        try:
            part = _fetch(client, visit.source, url)
        except ShijiError as bad:
            if bad.code in _ENDING:
                raise
            log.warning("source %s: part of an article: %s", visit.source.id, bad.line())
            return None
        parts.append({"url": url, "sha256": archive.put(part.body)})
        return part.body, charset_of(part.headers)

    try:
        reading = read_article(
            result.body, result.final_url, charset_of(result.headers), item.title, item.published_at, further
        )
    except ShijiError as bad:
        if bad.code in _ENDING:
            raise
        archive.put(result.body)
        note_failure(database, visit.source.id, visit.run_id, item.url, bad, moment, digest)
        visit.failed += 1
        return
    original = Original(
        source_id=visit.source.id,
        url=item.url,
        data=result.body,
        final_url=result.final_url,
        status=result.status,
        headers={**_headers(result), **({"x-parts": parts} if parts else {})},
        run_id=visit.run_id,
        fetched_at=moment,
    )
    kept = keep(database, archive, original, reading)
    if kept.outcome == NEW and kept.document_id is not None:
        visit.documents.append(kept.document_id)
    elif kept.outcome == QUARANTINED:  # told by its text: the page around it had changed
        client.forget(visit.source.id, digest)


def _recheck(
    database: Database, archive: Archive, client: Client, visit: Visit, capture: Capture, moment: datetime
) -> None:
    """Look at a recent page again: a changed text becomes a further document, a removed page is marked."""
    marks: dict[str, Any] = {"x-checked": moment.isoformat()}
    result: FetchResult | None = None
    try:
        headers = capture.headers
        result = _fetch(
            client, visit.source, capture.url, str(headers.get("etag", "")), str(headers.get("last-modified", ""))
        )
    except ShijiError as bad:
        if bad.code != "FETCH-STATUS":
            raise
        marks["x-gone"] = moment.isoformat()  # the record stays
    if result is not None and not result.not_modified and hashlib.sha256(result.body).hexdigest() != capture.sha256:
        _store(database, archive, client, visit, Item(capture.url), result, moment)
    with database.write() as session:
        row = session.get(Capture, capture.id)
        if row is not None:
            row.headers = {**row.headers, **marks}


def _fetch(client: Client, source: Source, url: str, etag: str = "", last_modified: str = "") -> FetchResult:
    return client.fetch(
        url,
        hosts=registered_hosts(source),
        rate_seconds=source.rate_seconds,
        obey_robots=source.robots == "遵守",
        etag=etag,
        last_modified=last_modified,
        source_id=source.id,
    )


def _headers(result: FetchResult) -> dict[str, Any]:
    kept: dict[str, Any] = {name: result.headers[name] for name in _KEPT_HEADERS if name in result.headers}
    if result.redirects:
        kept["x-redirects"] = result.redirects
    return kept


def _settled(session: Session, source: Source, urls: list[str], moment: datetime) -> set[str]:
    """Of these addresses, those on record, refused (asked again daily), or given up after MOST_ATTEMPTS."""
    done: set[str] = set()
    hosts = registered_hosts(source)
    for start in range(0, len(urls), 500):
        part = urls[start : start + 500]
        done.update(session.scalars(select(Capture.url).where(Capture.source_id == source.id, Capture.url.in_(part))))
        for failure in session.scalars(select(Failure).where(Failure.source_id == source.id, Failure.url.in_(part))):
            if failure.code == "FETCH-UNREGISTERED":
                settled = host_key(failure.url) not in hosts
            elif failure.code in REFUSED:
                settled = moment - failure.at < RECHECK_EVERY
            else:
                settled = failure.attempts >= MOST_ATTEMPTS
            if settled:
                done.add(failure.url)
    return done


def _failed_before(session: Session, source: Source, offered: set[str]) -> list[Item]:
    """Pages that failed in earlier visits and are no longer in the index."""
    rows = session.scalars(
        select(Failure).where(
            Failure.source_id == source.id, Failure.attempts < MOST_ATTEMPTS, Failure.code.not_in(REFUSED)
        )
    )
    return [Item(row.url) for row in rows if row.url not in offered]


def _to_recheck(session: Session, source: Source, moment: datetime) -> list[Capture]:
    """The latest captures of pages first seen in the last days and not looked at for a day."""
    days = float(source.config.get("recheck_days", RECHECK_DAYS))
    latest: dict[str, Capture] = {}
    for capture in session.scalars(
        select(Capture)
        .where(Capture.source_id == source.id, Capture.fetched_at > moment - timedelta(days=days))
        .order_by(Capture.id)
    ):
        latest[capture.url] = capture
    due = [c for c in latest.values() if "x-gone" not in c.headers and moment - _checked(c) >= RECHECK_EVERY]
    return due[:MOST_RECHECKS]


def _checked(capture: Capture) -> datetime:
    mark = capture.headers.get("x-checked")
    return datetime.fromisoformat(mark) if isinstance(mark, str) else capture.fetched_at
