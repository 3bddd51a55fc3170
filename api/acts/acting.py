"""An act on the record: the rule in dossier and its audit entry in one transaction, for pages and JSON alike."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.system import System
from dossier.handover import hand_over
from dossier.scope import Viewer
from storage.tables import Evidence, Quarantine

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


def hand_over_letter(system: System, person: SignedIn, receipt_id: int, handed_to: str, receipt: str) -> Quarantine:
    """Record the hand-over of a quarantined letter and delete it. Raises RIGHTS-ROLE, QUARANTINE-…."""
    with system.database.write() as session:
        # the audit entry first: the deletion of the file must be the last thing before the commit
        audit.record(
            session, person.viewer, "quarantine-handed-over", "quarantine", str(receipt_id),
            detail={"handed_to": handed_to.strip(), "receipt": receipt.strip()},
        )  # fmt: skip
        return hand_over(session, person.viewer, system.archive, system.warc, receipt_id, handed_to, receipt)
