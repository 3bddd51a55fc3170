"""JSON API under /api; every page has its JSON."""

from __future__ import annotations

from importlib import import_module

from fastapi import APIRouter

MODULES = (
    "session", "records", "evidence", "hearings", "ledger", "dossiers", "search", "collection", "doubtful", "quality",
    "register",
    "books", "assessment", "indicators", "liaison", "matters", "talks", "batches", "briefs", "products",
    "reviews", "annual", "annual_grades",
    "tasks", "quarterly", "results", "roster", "administration",
)  # fmt: skip


def routers() -> list[APIRouter]:
    """Routers of the JSON API."""
    return [import_module(f"api.routes.{name}").router for name in MODULES]
