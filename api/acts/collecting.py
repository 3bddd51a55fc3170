"""现在采集: visit sources at once, in the background, with progress read from the record.

One process at a time collects: whoever holds the scheduler's lock. Where the scheduler runs, the sources are only
made due; otherwise a thread of this process collects and understands what came in.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, func, select, update
from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.system import System
from collector.once import collect_once
from collector.registry import REPORT_SOURCES, visited_kinds
from collector.schedule import hold_lock
from storage.errors import ShijiError
from storage.tables import Document, Run, Source, now

log = logging.getLogger("shiji.collecting")


@dataclass(frozen=True)
class Progress:
    """How far a collection begun at a moment has come: sources visited, then documents understood."""

    since: datetime
    sources: int
    visited: int
    failed: int
    documents: int
    filed: int

    @property
    def done(self) -> bool:
        return self.visited >= self.sources and self.filed >= self.documents


def collect_now(system: System) -> datetime:
    """Begin collecting all enabled sources; returns the moment, to ask for progress with."""
    moment = now()
    with system.database.write() as session:
        session.execute(update(Source).where(*_visited()).values(next_due_at=None))
    try:
        lock = hold_lock(system.settings.data)
    except ShijiError as bad:
        if bad.code != "SCHEDULER-LOCKED":
            raise
        return moment  # the scheduler takes what is due within seconds

    def collect() -> None:
        try:
            collect_once(system.database, system.archive, system.settings)
            system.work()
        except Exception:
            log.exception("collecting now failed")
        finally:
            lock.close()

    threading.Thread(target=collect, name="collect-now", daemon=True).start()
    return moment


def start_collecting(system: System, person: SignedIn) -> datetime:
    """Begin a collection and record who did."""
    moment = collect_now(system)
    with system.database.write() as session:
        audit.record(session, person.viewer, "collect-now", "source")
    return moment


def moment_of(text: str) -> datetime:
    """The moment in a progress address. Raises REQUEST-FIELD."""
    try:
        return datetime.strptime(text + "+0000", "%Y%m%dT%H%M%S.%f%z")
    except ValueError as bad:
        raise ShijiError("REQUEST-FIELD", "进度地址无效", text[:40], "请从采集与来源页面进入。") from bad


def _visited() -> tuple[ColumnElement[bool], ...]:
    """Enabled sources to which visits are made."""
    return Source.enabled.is_(True), Source.kind.in_(visited_kinds()), Source.id.not_in(REPORT_SOURCES)


def progress(session: Session, since: datetime) -> Progress:
    """Progress of the collection begun at `since`."""
    web = select(Source.id).where(*_visited())
    closed = (Run.source_id.in_(web), Run.started_at >= since, Run.finished_at.is_not(None))
    visited = select(func.count(func.distinct(Run.source_id)))
    stages = session.execute(
        select(Document.stage, func.count()).where(Document.created_at >= since).group_by(Document.stage)
    )
    counts = {str(stage): int(count) for stage, count in stages}
    waiting = counts.get("collected", 0) + counts.get("understood", 0)
    documents = sum(counts.values())
    return Progress(
        since=since,
        sources=session.scalar(select(func.count()).select_from(web.subquery())) or 0,
        visited=session.scalar(visited.where(*closed)) or 0,
        failed=session.scalar(visited.where(*closed, Run.status == "failed")) or 0,
        documents=documents,
        filed=documents - waiting,
    )
