"""serve, schedule, collect, work: the running system."""

from __future__ import annotations

import logging
import sys
from typing import TYPE_CHECKING, Annotated

import typer

from api.commands.opening import bar, only_collector, open_system, say

if TYPE_CHECKING:
    from api.system import System


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


def schedule() -> None:
    """Collect on schedule, empty the inbox and understand what comes in, without a web server."""
    logs()
    from threading import Event

    from api.serve import clock

    with open_system() as system, clock(system):
        say("Scheduler running. Ctrl-C stops it.")
        try:
            Event().wait()
        except KeyboardInterrupt:
            say("Stopping.")


def collect(
    work_too: Annotated[bool, typer.Option("--work/--no-work", help="Also understand what came in.")] = True,
) -> None:
    """Visit every enabled source and the inbox once, now."""
    logs()
    from collector.once import collect_once
    from collector.registry import WEB
    from storage.tables import Run, Source

    with open_system() as system, only_collector(system):
        from sqlalchemy import func, select

        with system.database.read() as session:
            total = session.scalar(
                select(func.count()).select_from(Source).where(Source.enabled.is_(True), Source.kind.in_(WEB))
            )
        show, closed = bar("sources"), list[Run]()

        def progress(run: Run) -> None:
            closed.append(run)
            show(len(closed), total or 0)

        collected = collect_once(system.database, system.archive, system.settings, progress)
        for run in collected.runs:
            line = f"{run.source_id}: {run.status}, {run.found} found, {run.new} new, {run.failed} failed"
            say(line + (f"  {run.error}" if run.error else ""))
        inbox = collected.inbox
        say(f"inbox: {len(inbox.documents)} new, {inbox.known} known, {len(inbox.refused)} refused")
        if work_too:
            _work(system)


def work() -> None:
    """Understand and file what has been collected, and bring the search index up to date."""
    logs()
    with open_system() as system, only_collector(system):
        _work(system)


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
