"""One decision on an item: the rule in dossier and its audit entry in one transaction, for pages and JSON alike."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from api import audit
from api.accounts import SignedIn
from api.system import System
from dossier.scope import Viewer
from storage.tables import Evidence

Change = Callable[[Session, Viewer], Evidence]


def act(system: System, person: SignedIn, name: str, change: Change) -> Evidence:
    """Apply `change` and record it as ``evidence-NAME``; an error leaves neither."""
    with system.database.write() as session:
        item = change(session, person.viewer)
        audit.record(
            session, person.viewer, f"evidence-{name}", "evidence", item.code,
            detail={} if item.restricted else {"state": item.state, "team": item.team_id or "", "label": item.label},
        )  # fmt: skip
        return item
