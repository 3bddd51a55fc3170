"""Visits on record: how one begins, what failed in it, how it ends, and when the next is due."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.registry import is_visited
from collector.rhythm import learn
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Failure, Run, Source

MOST_ATTEMPTS = 5
REFUSED = {"FETCH-UNREGISTERED", "FETCH-ROBOTS", "FETCH-PRIVATE"}  # our own refusals: noted, not failures
LONGEST_BACK_OFF = timedelta(hours=24)
JITTER = 0.25  # a wait that a site asked for grows by up to this share: all its visitors were told the same
chance = random.Random()  # noqa: S311 no secret hangs on it; tests put a seeded one here
FULL_EVERY = timedelta(hours=24)  # validators of a site are trusted no longer than this


@dataclass
class Visit:
    """One visit under way. ``full``: fetch the index without conditions. ``walk_all``: earlier visits may have
    left pages unseen, so known entries do not end the walk."""

    source: Source
    run_id: int
    full: bool
    walk_all: bool
    found: int = 0
    failed: int = 0
    documents: list[int] = field(default_factory=list)


@dataclass(frozen=True)
class Outcome:
    """How a visit ended. ``complete``: everything the index offered was dealt with."""

    status: str  # ok | partial | unchanged
    complete: bool
    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    error: ShijiError | None = None
    wait_seconds: float = 0.0  # asked for by the site


def begin(database: Database, source_id: str, moment: datetime) -> Visit:
    """Open a run for an enabled web source. Runs left open by a crash are closed as RUN-INTERRUPTED."""
    with database.write() as session:
        source = session.get(Source, source_id)
        if source is None:
            raise CollectorError("SOURCE-UNKNOWN", "来源未登记", source_id, "请先登记来源。")
        if not is_visited(source):
            raise CollectorError("SOURCE-KIND", "该来源无需访问", source_id, "请使用收件文件夹或上传。")
        if not source.enabled:
            raise CollectorError("SOURCE-OFF", "来源已停用", source_id, "请先启用该来源。")
        cut_off = session.scalars(
            update(Run)
            .where(Run.source_id == source_id, Run.finished_at.is_(None))
            .values(finished_at=moment, status="failed", error_code="RUN-INTERRUPTED", error="采集过程中断，已重新开始")
            .returning(Run.id)
        ).all()
        last_full = session.scalars(
            select(Run.started_at)
            .where(Run.source_id == source_id, Run.status.in_(("ok", "partial")))
            .order_by(Run.started_at.desc())
        ).first()
        run = Run(source_id=source_id, started_at=moment)
        session.add(run)
        session.flush()
        incomplete = bool(cut_off) or not source.body_sha256
        full = incomplete or last_full is None or moment - last_full >= FULL_EVERY
        return Visit(source, run.id, full=full, walk_all=incomplete)


def note_failure(
    database: Database,
    source_id: str,
    run_id: int | None,
    url: str,
    error: ShijiError,
    moment: datetime,
    sha256: str = "",
) -> None:
    """Keep that a page or file could not be had; repeated failures count attempts, repeated refusals do not."""
    with database.write() as session:
        found = session.scalars(select(Failure).where(Failure.source_id == source_id, Failure.url == url)).first()
        if found is None:
            session.add(
                Failure(
                    source_id=source_id, run_id=run_id, url=url, code=error.code, message=error.message,
                    sha256=sha256, at=moment,
                )
            )  # fmt: skip
            return
        if error.code not in REFUSED or found.code != error.code:
            found.attempts += 1
        found.code, found.message, found.at, found.run_id = error.code, error.message, moment, run_id
        found.sha256 = sha256 or found.sha256


def finish(database: Database, visit: Visit, outcome: Outcome, moment: datetime) -> Run:
    """Close the run of a visit that reached its source; set the next due time."""
    with database.write() as session:
        source, run = _both(session, visit)
        run.status, run.finished_at = outcome.status, moment
        run.found, run.new, run.failed = visit.found, len(visit.documents), visit.failed
        if outcome.error:
            run.error_code, run.error = outcome.error.code, outcome.error.line()
        source.failures = 0
        source.last_success_at = moment
        if visit.documents:
            source.last_new_at = moment
            source.rhythm = learn(session, source.id, moment).as_dict()
        if outcome.complete and outcome.status != "unchanged":
            source.etag, source.last_modified = outcome.etag, outcome.last_modified
            source.body_sha256 = outcome.body_sha256
        elif not outcome.complete:
            source.etag = source.last_modified = source.body_sha256 = ""
        if _stopped(outcome.error):
            source.next_due_at = moment  # our own doing: go on as soon as we run again
        else:
            source.next_due_at = moment + max(timedelta(minutes=source.every_minutes), _asked(outcome.wait_seconds))
        return run


def fail(database: Database, visit: Visit, error: ShijiError, wait_seconds: float, moment: datetime) -> Run:
    """Close the run of a visit that did not reach its source: later and later, but never switched off."""
    with database.write() as session:
        source, run = _both(session, visit)
        run.status, run.finished_at = "failed", moment
        run.error_code, run.error = error.code, error.line()
        run.found, run.new, run.failed = visit.found, len(visit.documents), visit.failed
        if visit.documents:
            source.last_new_at = moment
        if _stopped(error):
            return run
        source.failures += 1
        interval = timedelta(minutes=source.every_minutes)
        back_off = min(interval * (1 + source.failures), max(LONGEST_BACK_OFF, interval))
        source.next_due_at = moment + max(equal_jitter(back_off), interval, _asked(wait_seconds))
        return run


def equal_jitter(wait: timedelta) -> timedelta:
    """Half of the wait for sure and the other half by chance: sources that failed together (a network that was down)
    come back spread over half the wait, each at least half of it later."""
    return wait / 2 + wait / 2 * chance.random()


def _asked(seconds: float) -> timedelta:
    """What a site asked for (Retry-After), never less, a day at most and then up to JITTER more by chance."""
    return timedelta(seconds=min(seconds, LONGEST_BACK_OFF.total_seconds()) * (1 + JITTER * chance.random()))


def _stopped(error: ShijiError | None) -> bool:
    return error is not None and error.code == "FETCH-STOPPED"


def _both(session: Session, visit: Visit) -> tuple[Source, Run]:
    source, run = session.get(Source, visit.source.id), session.get(Run, visit.run_id)
    if source is None or run is None:
        raise CollectorError("SOURCE-UNKNOWN", "采集期间来源被删除", visit.source.id, "请重新登记来源。")
    return source, run
