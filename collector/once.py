"""Collect everything now: every enabled source and the inbox, for the command line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from sqlalchemy import select

from collector.fetch import Client, host_key
from collector.inbox import InboxScan, scan_inbox
from collector.registry import WEB
from collector.schedule import WORKERS, open_client
from collector.visit import visit_source
from storage.archive import Archive
from storage.database import Database
from storage.settings import Settings
from storage.tables import Run, Source

Progress = Callable[[Run], None]


@dataclass
class Collected:
    """What one round brought: the closed runs in order of their end, and the inbox."""

    runs: list[Run] = field(default_factory=list)
    inbox: InboxScan = field(default_factory=InboxScan)


def collect_once(
    database: Database, archive: Archive, settings: Settings, progress: Progress | None = None
) -> Collected:
    """Visit all enabled web sources whether due or not, hosts side by side and one source a host at a time, then
    the inbox. ``progress`` is called with each closed run, in the calling thread. A failing source ends nothing.
    """
    collected = Collected()
    archive.sweep()
    client = open_client(settings)
    with database.read() as session:
        sources = session.scalars(
            select(Source).where(Source.enabled.is_(True), Source.kind.in_(WEB)).order_by(Source.id)
        ).all()
        hosts: dict[str, list[str]] = defaultdict(list)
        for source in sources:
            hosts[host_key(source.url)].append(source.id)
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="visit") as pool:
        try:
            queues = {pool.submit(_visit, database, archive, client, ids[0]): ids[1:] for ids in hosts.values()}
            while queues:
                done = next(as_completed(queues))
                rest = queues.pop(done)
                run = done.result()
                if rest:
                    queues[pool.submit(_visit, database, archive, client, rest[0])] = rest[1:]
                collected.runs.append(run)
                if progress:
                    progress(run)
        except BaseException:
            client.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    collected.inbox = scan_inbox(database, archive, settings.inbox, settings.upload_bytes)
    return collected


def _visit(database: Database, archive: Archive, client: Client, source_id: str) -> Run:
    return visit_source(database, archive, client, source_id)
