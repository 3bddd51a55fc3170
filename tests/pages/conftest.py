"""The small seeded installation before a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from browser import PageOf, browsing, served
from web_world import World, world, world_template

__all__ = ["address", "page", "sign_in", "world", "world_template"]


@pytest.fixture
def address(world: World) -> Iterator[str]:
    """The world served on loopback."""
    with served(world.app) as found:
        yield found


@pytest.fixture
def sign_in(address: str) -> Iterator[PageOf]:
    """Opens a signed-in person's page."""
    with browsing(address) as page_of:
        yield page_of


@pytest.fixture
def page(sign_in: PageOf) -> Any:
    """The page of an officer, off1."""
    return sign_in("off1")
