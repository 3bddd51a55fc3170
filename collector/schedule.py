"""The clock of the collector: due sources are visited, the inbox is emptied, further work is called.

Exactly one process runs it, whoever holds the lock file in the data folder. The database says what is due, so
nothing is lost when it stops.
"""

from __future__ import annotations

import fcntl
import logging
import os
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path
from threading import Event, Lock
from time import monotonic
from typing import IO, Any

from apscheduler.schedulers.background import BackgroundScheduler
from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.fetch import Client, Recorder
from collector.inbox import scan_inbox
from collector.port import Places
from collector.registry import REPORT_SOURCES, lane, visited_kinds
from collector.visit import visit_source
from collector.warc import open_recorder
from storage.archive import Archive
from storage.database import Database
from storage.settings import Settings
from storage.tables import Run, Source, now

TICK_SECONDS = 5.0
WORKERS = 16  # threads that mostly wait for gaps: thousands of hourly sources at the usual 5 seconds
log = logging.getLogger(__name__)


def open_client(settings: Settings, recorder: Recorder | None = None) -> Client:
    """The web client these settings ask for; with ``recorder`` what sources answer is archived."""
    return Client(settings.private_hosts, settings.contact, proxy=settings.proxy, recorder=recorder)


def due_sources(session: Session, moment: datetime) -> list[Source]:
    """Enabled visited sources whose time has come, longest overdue first, never visited ones before all."""
    rows = session.scalars(
        select(Source)
        .where(
            Source.enabled.is_(True),
            Source.kind.in_(visited_kinds()),
            Source.id.not_in(REPORT_SOURCES),
            or_(Source.next_due_at.is_(None), Source.next_due_at <= moment),
        )
        .order_by(Source.next_due_at.is_not(None), Source.next_due_at, Source.id)
    )
    return list(rows)


def recently_asked(session: Session, moment: datetime) -> dict[str, float]:
    """Host -> seconds it is to be left alone when a process starts: the one before it may have been killed while
    or right after asking. Widest gap of the sources whose run is open or ended less than that gap ago."""
    hosts: dict[str, float] = {}
    latest = moment - timedelta(minutes=5)
    rows = session.execute(
        select(Source, Run.finished_at)
        .join(Run, Run.source_id == Source.id)
        .where(or_(Run.finished_at.is_(None), Run.finished_at > latest), Source.kind.in_(visited_kinds()))
    )
    for source, finished in rows:
        if finished is None or moment - finished < timedelta(seconds=source.rate_seconds):
            hosts[lane(source)] = max(hosts.get(lane(source), 0.0), source.rate_seconds)
    return hosts


class Scheduler:
    """Runs until stopped. ``work`` is called every tick, never twice at once (the composition root's intake);
    a long one should look at ``stopping``."""

    def __init__(
        self,
        database: Database,
        archive: Archive,
        settings: Settings,
        work: Callable[[], object] | None = None,
        tick_seconds: float = TICK_SECONDS,
    ) -> None:
        self.stopping = Event()
        self._database = database
        self._archive = archive
        self._settings = settings
        self._work = work
        self._tick_seconds = tick_seconds
        self._client = open_client(settings, open_recorder(settings, database))
        self._places = Places.of(settings)
        self._lock = Lock()
        self._busy: dict[str, str] = {}  # source id -> host under visit
        self._ready: dict[str, str] = {}  # source id -> host, due and waiting for a worker, in due order
        self._handed: set[str] = set()  # handed over since the due ones were last looked up
        self._quiet: dict[str, float] = {}  # host -> monotonic second until which a new process leaves it alone
        self._pool: ThreadPoolExecutor | None = None
        self._clock: Any = None
        self._lock_file: IO[str] | None = None

    def start(self) -> None:
        """Take the lock and begin. Raises SCHEDULER-LOCKED when another process holds it."""
        self._lock_file = hold_lock(self._settings.data)
        self._archive.sweep()
        with self._database.read() as session:
            self._quiet = {host: monotonic() + gap for host, gap in recently_asked(session, now()).items()}
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="visit")
        self._clock = BackgroundScheduler(timezone="UTC")
        for job in (self.visit_due, self.empty_inbox, self.call_work):
            self._clock.add_job(
                job,
                "interval",
                seconds=self._tick_seconds,
                next_run_time=now(),
                max_instances=1,
                coalesce=True,
                misfire_grace_time=None,
            )
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a skipped tick is no news
        self._clock.start()
        log.info("scheduler started")

    def every_night(self, at: str, task: Callable[[], object]) -> None:
        """Call ``task`` once a day at ``at`` (HH:MM, China); its errors are logged. Raises SETTING-TIME."""
        found = re.fullmatch(r"([01]?\d|2[0-3]):([0-5]\d)", at)
        if found is None or self._clock is None:
            raise CollectorError("SETTING-TIME", f"时间应写作 02:30 的形式：{at}", "SHIJI_LEARN_AT", "请检查设置。")

        def run() -> None:
            try:
                task()
            except Exception:
                log.exception("the nightly task failed")

        hour, minute = int(found[1]), int(found[2])
        self._clock.add_job(
            run, "cron", hour=hour, minute=minute, timezone="Asia/Shanghai", max_instances=1, coalesce=True,
            misfire_grace_time=3600,
        )  # fmt: skip

    def stop(self) -> None:
        """End waiting and running visits, finish what is being written, give the lock back."""
        self.stopping.set()
        self._client.stop()
        if self._clock is not None:
            self._clock.shutdown(wait=True)
            self._clock = None
        if self._pool is not None:
            self._pool.shutdown(wait=True, cancel_futures=True)
            self._pool = None
        self._client.close()
        if self._lock_file is not None:
            self._lock_file.close()
            self._lock_file = None
            log.info("scheduler stopped")

    def visit_due(self) -> int:
        """Look up what is due and hand it to free workers; returns how many were handed over."""
        with self._lock:
            self._handed = set(self._busy)
        with self._database.read() as session:
            due = {source.id: lane(source) for source in due_sources(session, now())}
        with self._lock:  # what a worker took meanwhile may be finished: its due time is stale
            self._ready = {key: host for key, host in due.items() if key not in self._handed}
        return self._hand_over()

    def _hand_over(self) -> int:
        """Give waiting sources to free workers, one host at a time."""
        handed = 0
        with self._lock:
            taken = set(self._busy.values())
            for key, host in list(self._ready.items()):
                if self.stopping.is_set() or self._pool is None or len(self._busy) >= WORKERS:
                    break
                if host in taken or self._quiet.get(host, 0.0) > monotonic():
                    continue
                del self._ready[key]
                taken.add(host)
                self._busy[key] = host
                self._handed.add(key)
                self._pool.submit(self._visit, key)
                handed += 1
        return handed

    def empty_inbox(self) -> None:
        """Take what lies in the inbox."""
        if self.stopping.is_set():
            return
        try:
            scan_inbox(self._database, self._archive, self._settings.inbox, self._settings.upload_bytes)
        except Exception:
            log.exception("inbox scan failed")

    def call_work(self) -> None:
        """Call the given work; its errors are logged and do not stop the clock."""
        if self._work is None or self.stopping.is_set():
            return
        try:
            self._work()
        except Exception:
            log.exception("work after collecting failed")

    def _visit(self, source_id: str) -> None:
        try:
            if not self.stopping.is_set():
                visit_source(self._database, self._archive, self._client, source_id, places=self._places)
        except Exception:
            log.exception("visit to source %s could not begin", source_id)
        finally:
            with self._lock:
                self._busy.pop(source_id, None)
            if not self.stopping.is_set():
                self._hand_over()  # not at the next tick: thousands of sources would wait for it


LOCKED = {"scheduler": ("SCHEDULER-LOCKED", "采集调度"), "worker": ("WORKER-LOCKED", "材料分析")}


def is_running(folder: Path, role: str) -> bool:
    """Whether a process holds the lock of this role."""
    try:
        hold_lock(folder, role).close()
    except CollectorError:
        return True
    return False


def hold_lock(folder: Path, role: str = "scheduler") -> IO[str]:
    """The open lock file of a role (scheduler or worker); the lock ends when it is closed or the process dies."""
    folder.mkdir(parents=True, exist_ok=True)
    file = (folder / f"{role}.lock").open("a+", encoding="ascii")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as bad:
        file.seek(0)
        holder = file.read(20).strip() or "未知"
        file.close()
        code, part = LOCKED[role]
        raise CollectorError(
            code,
            f"{part}已在另一进程中运行（进程号 {holder}）",
            folder.name,
            "无需重复启动。",
        ) from bad
    file.seek(0)
    file.truncate()
    file.write(str(os.getpid()))
    file.flush()
    return file
