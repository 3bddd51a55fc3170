"""The web server and the collector's clock in one process, stopping cleanly on Ctrl-C."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from api.app import create_app
from api.system import System
from collector.schedule import Scheduler
from dossier.search.worker import index_pending

BATCH = 20  # documents between two looks at the stop sign
log = logging.getLogger("shiji.serve")


@contextmanager
def clock(system: System) -> Iterator[Scheduler]:
    """The running scheduler: due sources, the inbox, and understanding what came in.

    Raises SCHEDULER-LOCKED when another process of this data folder has it.
    """

    def work() -> None:
        while not scheduler.stopping.is_set() and system.intake.run(limit=BATCH):
            index_pending(system.database, system.index)
        index_pending(system.database, system.index)

    scheduler = Scheduler(system.database, system.archive, system.settings, work)
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.stop()


def serve(system: System, host: str, port: int, scheduled: bool = True) -> None:
    """Serve until interrupted. `scheduled`: also run the clock."""
    system.database  # noqa: B018 opens and migrates before the first request
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
