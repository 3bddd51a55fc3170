"""The web server and the collector's clock in one process, stopping cleanly on Ctrl-C."""

from __future__ import annotations

import logging
import signal
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from threading import Event

import uvicorn

from api.acts.learning import nightly
from api.app import create_app
from api.system import System
from collector.schedule import Scheduler, hold_lock
from dossier.search.worker import index_pending

BATCH = 20  # documents between two looks at the stop sign
log = logging.getLogger("shiji.serve")


def work_until(system: System, stop: Event) -> None:
    """Understand, file and index what waits, a few documents at a time, until nothing waits or `stop` is set."""
    system.refresh_model()
    while not stop.is_set() and system.intake.run(limit=BATCH):
        index_pending(system.database, system.index)
    index_pending(system.database, system.index)


@contextmanager
def clock(system: System, work: bool = True) -> Iterator[Scheduler]:
    """The running scheduler: due sources, the inbox, and with `work` understanding what came in.

    Raises SCHEDULER-LOCKED or WORKER-LOCKED when another process of this data folder has that part.
    """
    with ExitStack() as held:
        if work:
            held.enter_context(hold_lock(system.settings.data, "worker"))
        stop = Event()
        task = partial(work_until, system, stop) if work else None
        scheduler = Scheduler(system.database, system.archive, system.settings, task)
        scheduler.start()
        if work and system.settings.learn_at:
            scheduler.every_night(system.settings.learn_at, partial(nightly, system))
        try:
            yield scheduler
        finally:
            stop.set()
            scheduler.stop()


def _end(_number: int, _frame: object) -> None:
    raise SystemExit(0)


def serve(system: System, host: str, port: int, scheduled: bool = True) -> None:
    """Serve until interrupted. `scheduled`: also run the clock."""
    system.database  # noqa: B018 opens and migrates before the first request
    signal.signal(signal.SIGTERM, _end)  # uvicorn raises the signal again after its own clean stop
    server = uvicorn.Server(
        uvicorn.Config(
            create_app(system), host=host, port=port, log_level="warning", access_log=False, server_header=False,
            proxy_headers=False, timeout_graceful_shutdown=5,
        )
    )  # fmt: skip
    try:
        if scheduled:
            with clock(system):
                server.run()
        else:
            server.run()
    except KeyboardInterrupt:  # uvicorn raises it again after a clean stop
        log.info("stopped")
