"""serve, schedule, collect, work: the running system."""

from __future__ import annotations

import logging
import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.opening import alone, bar, open_system, say, until_stopped

if TYPE_CHECKING:
    from api.system import System


WATCH_SECONDS = 5.0


def serve(
    host: Annotated[str, typer.Option(help="Address to listen on; default SHIJI_HOST.")] = "",
    port: Annotated[int, typer.Option(help="Port to listen on; default SHIJI_PORT.")] = 0,
    scheduler: Annotated[bool, typer.Option(help="Also collect on schedule and understand what comes in.")] = True,
) -> None:
    """Run the web server, with the scheduler in the same process."""
    logs()
    from api.serve import serve as run

    with open_system() as system:
        address = (host or system.settings.host, port or system.settings.port)
        say(f"http://{address[0]}:{address[1]}")
        run(system, *address, scheduled=scheduler)


def schedule(
    work_too: Annotated[bool, typer.Option("--work/--no-work", help="Also understand what comes in.")] = True,
) -> None:
    """Collect on schedule and empty the inbox, without a web server; one process a data folder."""
    logs()
    from api.serve import clock

    stop = until_stopped()
    with open_system() as system, clock(system, work_too):
        say("Scheduler running. Ctrl-C stops it.")
        stop.wait()
        say("Stopping.")


def collect(
    work_too: Annotated[bool, typer.Option("--work/--no-work", help="Also understand what came in.")] = True,
) -> None:
    """Visit every enabled source and the inbox once, now."""
    logs()
    from collector.once import collect_once
    from collector.registry import visited_sources
    from storage.tables import Run

    with open_system() as system, alone(system, "scheduler", *(("worker",) if work_too else ())):
        with system.database.read() as session:
            total = len(visited_sources(session))
        show, closed = bar("sources"), list[Run]()

        def progress(run: Run) -> None:
            closed.append(run)
            show(len(closed), total)

        collected = collect_once(system.database, system.archive, system.settings, progress)
        for run in collected.runs:
            line = f"{run.source_id}: {run.status}, {run.found} found, {run.new} new, {run.failed} failed"
            say(line + (f"  {run.error}" if run.error else ""))
        inbox = collected.inbox
        say(f"inbox: {len(inbox.documents)} new, {inbox.known} known, {len(inbox.refused)} refused")
        if work_too:
            _work(system)


def work(
    watch: Annotated[bool, typer.Option("--watch", help="Go on until stopped, looking every few seconds.")] = False,
    retry: Annotated[bool, typer.Option("--retry", help="Also try documents again that had failed.")] = False,
) -> None:
    """Understand and file what has been collected, and bring the search index up to date."""
    logs()
    stop = until_stopped() if watch else None
    with open_system() as system, alone(system, "worker"):
        if retry:
            from dossier.intake import retry_failed

            say(f"{retry_failed(system.database)} failed documents will be tried again")
        if stop is None:
            _work(system)
            return
        from api.serve import work_until

        say("Worker running. Ctrl-C stops it.")
        while not stop.wait(WATCH_SECONDS):
            work_until(system, stop)


class Role(StrEnum):
    """Parts of a running system whose health can be asked."""

    scheduler = "scheduler"
    worker = "worker"


def health(role: Annotated[Role, typer.Argument(help="Which part must be running.")]) -> None:
    """Exit 0 when the scheduler or the worker of this data folder is running and the database answers, else 1."""
    from sqlalchemy import text

    from collector.schedule import is_running

    with open_system() as system:
        with system.database.read() as session:
            session.execute(text("SELECT 1"))
        running = is_running(system.settings.data, role.value)
    say(f"{role.value}: {'running' if running else 'not running'}")
    raise typer.Exit(0 if running else 1)


def _work(system: System) -> None:
    from dossier.search.worker import index_pending

    done = system.intake.run(bar("documents"))
    indexed = index_pending(system.database, system.index)
    say(f"{done} documents understood and filed, {indexed} passages indexed")


def logs() -> None:
    """Logs of a running system: to stderr, one line an event."""
    logging.basicConfig(stream=sys.stderr, level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    for quiet in ("apscheduler", "alembic", "jieba", "httpx"):
        logging.getLogger(quiet).setLevel(logging.WARNING)
