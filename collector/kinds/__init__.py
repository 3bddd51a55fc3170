"""Kinds of sources, each a module of this folder with a ``KIND``; a further kind is a further file."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from collector.port import Kind


@cache
def kinds() -> dict[str, Kind]:
    """All kinds by name."""
    found = [import_module(f"{__name__}.{module.name}").KIND for module in iter_modules(__path__)]
    return {kind.name: kind for kind in found}
