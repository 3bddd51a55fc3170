"""Fixtures shared by all rooms. `SHIJI_TEST_DATABASE` names a PostgreSQL server to run the same tests there."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.engine import make_url

from storage.database import Database
from storage.migrate import upgrade


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """A file's tests run in one worker, and all journeys, which share the demo city, in one.

    pytest-xdist's own loadgroup writes the group into Item._nodeid, which pytest 9 no longer reads.
    """
    from xdist.scheduler import LoadFileScheduling

    class ByFile(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return "journeys" if nodeid.startswith("tests/journeys/") else super()._split_scope(nodeid)

    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


class Databases:
    """Where tests keep their databases: files in their folders, or databases of a PostgreSQL server."""

    def __init__(self, server: str) -> None:
        self.server = server
        self.admin: Engine | None = create_engine(server, isolation_level="AUTOCOMMIT") if server else None
        self.made: list[str] = []

    def new(self, folder: Path, template: str = "") -> str:
        """URL of a new database: a copy of the (closed) one at URL `template`, or empty and without a schema."""
        if self.admin is None:
            file = folder / "shiji.sqlite"
            folder.mkdir(parents=True, exist_ok=True)
            if template:
                shutil.copyfile(str(make_url(template).database), file)
            return f"sqlite:///{file.as_posix()}"
        name = f"shiji_test_{uuid.uuid4().hex[:12]}"
        self._run(f'CREATE DATABASE "{name}"' + (f' TEMPLATE "{make_url(template).database}"' if template else ""))
        self.made.append(name)
        return self._url(name)

    def drop(self, url: str) -> None:
        """Remove a PostgreSQL database; files go with their folders."""
        name = make_url(url).database
        if self.admin is not None and name in self.made:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')
            self.made.remove(name)

    def close(self) -> None:
        """Remove what is left."""
        for name in list(self.made):
            self.drop(self._url(name))
        if self.admin is not None:
            self.admin.dispose()

    def _url(self, name: str) -> str:
        return make_url(self.server).set(database=name).render_as_string(hide_password=False)

    def _run(self, statement: str) -> None:
        assert self.admin is not None
        with self.admin.connect() as connection:
            connection.execute(text(statement))


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The tests' databases; removed at the end."""
    found = Databases(os.environ.get("SHIJI_TEST_DATABASE", ""))
    yield found
    found.close()


@pytest.fixture(scope="session")
def migrated(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of an empty, migrated database: migrated once, copied for every test."""
    url = databases.new(tmp_path_factory.mktemp("migrated"))
    database = Database(url)
    upgrade(database)
    database.close()
    return url


@pytest.fixture
def database(databases: Databases, migrated: str, tmp_path: Path) -> Iterator[Database]:
    """An empty, migrated database: SQLite, or a PostgreSQL database of its own."""
    database = Database(databases.new(tmp_path, migrated))
    yield database
    database.close()
    databases.drop(database.url)


Build = Callable[[Database], object]


class Templates:
    """Databases filled once a process, each by a function of a module; tests get copies."""

    def __init__(self, databases: Databases, empty: str, folder: Path) -> None:
        self.databases, self.empty, self.folder = databases, empty, folder
        self.urls: dict[str, str] = {}

    def url(self, build: Build) -> str:
        """URL of the (closed) database that `build` fills."""
        name = f"{build.__module__}.{build.__qualname__}"
        if name not in self.urls:
            url = self.databases.new(self.folder / str(len(self.urls)), self.empty)
            database = Database(url)
            build(database)
            database.close()
            self.urls[name] = url
        return self.urls[name]


@pytest.fixture(scope="session")
def templates(databases: Databases, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> Templates:
    """The filled databases of this process."""
    return Templates(databases, migrated, tmp_path_factory.mktemp("filled"))


@pytest.fixture
def copy_of(databases: Databases, templates: Templates, tmp_path: Path) -> Iterator[Callable[[Build], Database]]:
    """Gives a database as `build` fills an empty one: copied, since filling takes much longer."""
    opened: list[Database] = []

    def copied(build: Build) -> Database:
        opened.append(Database(databases.new(tmp_path / f"copy{len(opened)}", templates.url(build))))
        return opened[-1]

    yield copied
    for database in opened:
        database.close()
        databases.drop(database.url)


@pytest.fixture(scope="session", autouse=True)
def cheap_passwords() -> None:
    """Sign-ins are many in the tests: a hash as strong as in use would be a fifth of their time."""
    from argon2 import PasswordHasher

    from api.access import passwords

    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
