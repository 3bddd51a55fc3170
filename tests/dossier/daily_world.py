"""The roster and the people of the four daily systems, with a key, for tests of rules without the web."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path

import pytest
from record_world import found, viewer
from sqlalchemy.orm import Session

from dossier.scope import Viewer
from storage.database import Database
from storage.settings import CHINA
from storage.tables import User, UserZone
from storage.vault import Vault, open_vault

Daily = tuple[Session, dict[str, Viewer], Vault]
PEOPLE = (
    ("sup", "SUP", "", ()), ("dep", "DEP", "", ()), ("min", "MIN", "", ()), ("unit", "UNIT", "D01", ()),
    ("unit2", "UNIT", "MB05", ()), ("head", "HEAD", "", ("Z1", "Z2", "Z3", "Z4", "Z5")),
)  # fmt: skip


def at(text: str) -> datetime:
    """A moment of China, from 2025-09-15 20:30."""
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


def people(session: Session) -> dict[str, Viewer]:
    """All viewers by login."""
    names = ("off1", "off1b", "off3", "head1", "kh", "sys", *(row[0] for row in PEOPLE))
    return {name: viewer(session, name) for name in names}


def peopled(database: Database) -> None:
    """The roster and all accounts."""
    found(database)
    with database.write() as session:
        for login, role, team, zones in PEOPLE:
            user = User(login=login, name=login, role=role, password="-", team_id=team or None)
            user.zones = [UserZone(zone_id=zone) for zone in zones]
            session.add(user)


@pytest.fixture
def daily(copy_of: Callable[..., Database], tmp_path: Path) -> Iterator[Daily]:
    """A write session, the viewers, and the vault."""
    database = copy_of(peopled)
    with database.write() as session:
        yield session, people(session), open_vault(tmp_path / "keys" / "matters.key", may_make=True)
