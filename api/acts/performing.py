"""One act of the assessment with its audit entry in one transaction, for pages, JSON and commands (R-42, R-44)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy.orm import Session

from api.access import audit
from api.system import System
from dossier.scope import Viewer

Made = TypeVar("Made")


def perform(
    system: System, viewer: Viewer, action: str, kind: str, object_id: str, change: Callable[[Session, Viewer], Made],
    detail: dict[str, Any] | None = None,
) -> Made:  # fmt: skip
    """Apply `change` and record it; an error leaves neither. `object_id` empty: the id of what was made."""
    with system.database.write() as session:
        made = change(session, viewer)
        session.flush()
        name = object_id or str(getattr(made, "id", ""))
        audit.record(session, viewer, action, kind, name, detail=detail)
        return made
