"""Fixtures shared by all rooms. `SHIJI_TEST_DATABASE` names a PostgreSQL server to run the same tests there."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.migrate import upgrade


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database: SQLite, or a fresh PostgreSQL database of its own."""
    server = os.environ.get("SHIJI_TEST_DATABASE")
    if not server:
        database = Database(f"sqlite:///{tmp_path / 'test.sqlite'}")
        upgrade(database)
        yield database
        database.close()
        return
    name = f"shiji_test_{uuid.uuid4().hex[:12]}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    database = Database(make_url(server).set(database=name).render_as_string(hide_password=False))
    try:
        upgrade(database)
        yield database
    finally:
        database.close()
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE "{name}" WITH (FORCE)'))
        admin.dispose()
