"""Server-rendered pages; they call the rooms below and render templates."""

from __future__ import annotations

from importlib import import_module

from fastapi import APIRouter

MODULES = (
    "session", "desk", "queue", "taking_office",  # before "items"
    "items", "records", "hearings", "clearing", "ledger", "teams", "cadres", "search", "register", "sources", "upload",
    "books", "assessment",  # before "indicators", whose addresses end in a code
    "indicators", "liaison", "matters", "supervision", "talks", "batches", "briefs", "products",
    "reviews", "annual", "annual_grades",
    "tasks", "quarterly", "unit", "results", "roster_papers", "roster", "documents", "captured", "doubtful", "quality",
    "quarantine", "audit", "users", "help",
)  # fmt: skip


def routers() -> list[APIRouter]:
    """Routers of all pages."""
    return [import_module(f"api.pages.{name}").router for name in MODULES]
