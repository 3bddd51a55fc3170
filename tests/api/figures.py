"""Indicator tables for web tests: the demo's book and files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from web_world import World, further, opened_copy

from api.acts import indicator_import
from appraisal.book import load_book
from appraisal.store import save_book

FOLDER = Path(__file__).parents[2] / "demo" / "indicators"
TABLES = ("gdp_2021_2024", "fiscal_revenue_2021_2024", "fixed_investment_2021_2024")
LATE = "fixed_investment_2023_revised"


def content(name: str) -> bytes:
    return (FOLDER / f"{name}.xlsx").read_bytes()


def fill(world: World, *names: str) -> None:
    """The book, and the named tables, imported."""
    with world.system.database.write() as session:
        save_book(session, load_book(FOLDER / "book.yaml"))
    add(world, *names)


def add(world: World, *names: str) -> None:
    """More tables imported."""
    for name in names:
        indicator_import.confirm(world.system, None, f"{name}.xlsx", content(name))


@pytest.fixture(scope="session")
def figures_template(
    databases: Any, world_template: tuple[Path, str], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, str]:
    """The seeded installation with book and tables, built once."""
    folder = tmp_path_factory.mktemp("figures") / "data"
    return further(databases, world_template, folder, lambda world: fill(world, *TABLES))


@pytest.fixture
def filled(databases: Any, figures_template: tuple[Path, str], tmp_path: Path) -> Iterator[World]:
    """A fresh copy of the installation with figures."""
    with opened_copy(databases, figures_template, tmp_path / "data") as found:
        yield found
