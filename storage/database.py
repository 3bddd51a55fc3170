"""Engine and sessions. SQLite (WAL, foreign keys on) by default; PostgreSQL with the same code."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.engine import make_url
from sqlalchemy.orm import Session

from storage.errors import ShijiError


class Database:
    """Two ways in: `read()` for looking, `write()` for changing (one transaction each).

    SQLite needs ``BEGIN IMMEDIATE`` where a read is followed by a write, else two writers deadlock; so
    writers have an engine of their own.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.sqlite = make_url(url).get_backend_name() == "sqlite"
        if self.sqlite:
            file = make_url(url).database
            if file and file != ":memory:":
                Path(file).parent.mkdir(parents=True, exist_ok=True)
        self.reader = _engine(url, "DEFERRED")
        self.writer = _engine(url, "IMMEDIATE") if self.sqlite else self.reader

    @contextmanager
    def read(self) -> Iterator[Session]:
        """A session for reading; nothing is committed."""
        with Session(self.reader, expire_on_commit=False) as session:
            yield session  # closing ends the transaction; a rollback() here would empty what was loaded

    @contextmanager
    def write(self) -> Iterator[Session]:
        """A session in one transaction: committed at the end, rolled back on any error."""
        with Session(self.writer, expire_on_commit=False) as session, session.begin():
            yield session

    def close(self) -> None:
        """Close all connections."""
        self.reader.dispose()
        self.writer.dispose()


def _engine(url: str, begin: str) -> Engine:
    try:
        parsed = make_url(url)
    except Exception as bad:
        raise ShijiError("DATABASE-URL", "SHIJI_DATABASE is not a database URL", url, "see docs/settings.md") from bad
    if parsed.get_backend_name() != "sqlite":
        return create_engine(parsed, pool_pre_ping=True, hide_parameters=True)  # texts do not belong in logs
    engine = create_engine(parsed, connect_args={"timeout": 30}, hide_parameters=True)

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        # the driver must not open transactions by itself; "begin" below does
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "busy_timeout=30000"):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql(f"BEGIN {begin}")

    return engine
