"""Collect everything now: every enabled source and the inbox, for the command line."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass, field

from collector.fetch import Client
from collector.inbox import InboxScan, scan_inbox
from collector.port import Places
from collector.registry import lane, visited_sources
from collector.schedule import WORKERS, open_client
from collector.visit import visit_source
from collector.warc import open_recorder
from storage.archive import Archive
from storage.database import Database
from storage.settings import Settings
from storage.tables import Run

Progress = Callable[[Run], None]


@dataclass
class Collected:
    """What one round brought: the closed runs in order of their end, and the inbox."""

    runs: list[Run] = field(default_factory=list)
    inbox: InboxScan = field(default_factory=InboxScan)


def collect_once(
    database: Database, archive: Archive, settings: Settings, progress: Progress | None = None
) -> Collected:
    """Visit all enabled sources whether due or not, hosts side by side and one source a host at a time, then
    the inbox. ``progress`` is called with each closed run, in the calling thread. A failing source ends nothing.
    """
    collected = Collected()
    archive.sweep()
    client, places = open_client(settings, open_recorder(settings, database)), Places.of(settings)
    with database.read() as session:
        hosts: dict[str, list[str]] = defaultdict(list)
        for source in visited_sources(session):
            hosts[lane(source)].append(source.id)
    with ThreadPoolExecutor(WORKERS, thread_name_prefix="visit") as pool:
        try:
            queues = {pool.submit(_visit, database, archive, client, places, ids[0]): ids[1:] for ids in hosts.values()}
            while queues:
                done = next(as_completed(queues))
                rest = queues.pop(done)
                run = done.result()
                if rest:
                    queues[pool.submit(_visit, database, archive, client, places, rest[0])] = rest[1:]
                collected.runs.append(run)
                if progress:
                    progress(run)
        except BaseException:
            client.stop()
            pool.shutdown(wait=True, cancel_futures=True)
            raise
    client.close()
    collected.inbox = scan_inbox(database, archive, settings.inbox, settings.upload_bytes)
    return collected


def _visit(database: Database, archive: Archive, client: Client, places: Places, source_id: str) -> Run:
    return visit_source(database, archive, client, source_id, places=places)
