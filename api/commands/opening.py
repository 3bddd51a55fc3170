"""What every command on the record needs: the composed system, errors on stderr, a progress bar, the lock."""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event
from typing import TYPE_CHECKING

import typer

from storage.errors import ShijiError

if TYPE_CHECKING:
    from api.system import System
    from dossier.scope import Viewer


@contextmanager
def open_system() -> Iterator[System]:
    """The system of the environment's settings, closed at the end."""
    from api.system import build_system

    system = build_system()
    try:
        yield system
    finally:
        system.close()


@contextmanager
def alone(system: System, *roles: str) -> Iterator[None]:
    """Hold the locks of these roles (scheduler, worker): one process of each. Raises SCHEDULER- or WORKER-LOCKED."""
    from collector.schedule import hold_lock

    with ExitStack() as held:
        for role in roles:
            held.enter_context(hold_lock(system.settings.data, role))
        yield


def until_stopped() -> Event:
    """An event that Ctrl-C or SIGTERM sets, so that a running command ends cleanly."""
    stop = Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    return stop


def viewer_named(system: System, login: str) -> Viewer:
    """The rights of an account; without one, those of 考核办 for whoever holds the machine."""
    from sqlalchemy import select

    from dossier.scope import Viewer, viewer_of
    from storage.tables import User

    if not login:
        return Viewer(0, "cli", "命令行", "KH", None)
    with system.database.read() as session:
        user = session.scalar(select(User).where(User.login == login))
        if user is None or not user.enabled:
            raise ShijiError("USER-UNKNOWN", "没有这个账号，或已停用", login, "")
        return viewer_of(session, user, system.settings.today())


def bar(label: str) -> Callable[[int, int], None]:
    """progress(done, total) on stderr: a moving bar on a terminal, sparse lines in a log."""
    last = [-1]

    def show(done: int, total: int) -> None:
        percent = 100 if total <= 0 else min(100, 100 * done // total)
        if sys.stderr.isatty():
            filled = percent * 30 // 100
            sys.stderr.write(f"\r{label} [{'#' * filled}{'.' * (30 - filled)}] {done}/{total}")
            if done >= total:
                sys.stderr.write("\n")
        elif percent // 10 != last[0] // 10:
            sys.stderr.write(f"{label} {done}/{total}\n")
        last[0] = percent
        sys.stderr.flush()

    return show


def say(text: str) -> None:
    """A line for the person at the terminal."""
    typer.echo(text)
