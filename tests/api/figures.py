"""Indicator tables for web tests: the demo's book and files."""

from __future__ import annotations

from pathlib import Path

from web_world import World

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
    for name in names:
        indicator_import.confirm(world.system, None, f"{name}.xlsx", content(name))
