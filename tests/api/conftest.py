"""`world`: a seeded installation, fresh for every test (see web_world.py)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from web_world import World, build, copy_world


@pytest.fixture(scope="session")
def world_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built once, copied for every test."""
    folder = tmp_path_factory.mktemp("world") / "data"
    build(folder)
    return folder


@pytest.fixture
def world(world_template: Path, tmp_path: Path) -> Iterator[World]:
    """A fresh copy of the seeded installation."""
    found = copy_world(world_template, tmp_path / "data")
    yield found
    found.system.close()
