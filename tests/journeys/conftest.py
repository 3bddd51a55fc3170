"""The demo city as `shiji demo run` sets it up, served to a real browser: one set-up a session, one copy a file.

Every file walks its own copy, so that no journey meets what another has changed. SHIJI_TEST_CITY may name the data
folder of a demo that is already set up (`SHIJI_TOPIC_ENCODER=0 shiji demo run`), to try a journey without waiting.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser import CHROMIUM, PageOf, browsing, served

from api.app import create_app
from api.commands.demo import first_round, open_press, set_up
from api.system import System
from storage.settings import Settings

TODAY = "2025-10-16"


def system_of(folder: Path, url: str, allow_private: str = "") -> System:
    """The demo's system over a data folder and a database; the linear topic model alone, which is quick."""
    return System(
        Settings(
            data_text=str(folder), database_text=url, today_text=TODAY, demo_text="1", allow_private=allow_private,
            encoder_text="0",
        )
    )  # fmt: skip


@pytest.fixture(scope="session")
def city_template(databases: Any, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Folder and database URL of the demo city with its past year, set up once."""
    if CHROMIUM is None:
        pytest.skip("no chromium on this machine")
    ready = os.environ.get("SHIJI_TEST_CITY", "")
    if ready:
        return Path(ready), f"sqlite:///{ready}/shiji.sqlite"
    folder = tmp_path_factory.mktemp("city") / "data"
    url = databases.new(folder)
    with open_press() as press:
        system = system_of(folder, url, press.allow_private)
        set_up(system, press.ports)
        first_round(system, press)
        system.close()
    return folder, url


@pytest.fixture(scope="module")
def city(databases: Any, city_template: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """A copy of the demo city for the journeys of one file."""
    template, template_url = city_template
    folder = tmp_path_factory.mktemp("walk") / "data"
    shutil.copytree(template, folder)
    system = system_of(folder, databases.new(folder, template_url))
    yield system
    url = system.database.url
    system.close()
    databases.drop(url)


@pytest.fixture(scope="module")
def address(city: System) -> Iterator[str]:
    """The city served on loopback."""
    with served(create_app(city)) as found:
        yield found


@pytest.fixture
def sign_in(address: str) -> Iterator[PageOf]:
    """Opens a signed-in person's page; every person has a browser of their own."""
    with browsing(address) as page_of:
        yield page_of
