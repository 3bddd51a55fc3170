"""Deciding on a doubtful page, with its audit entry, for page and JSON alike."""

from __future__ import annotations

from pydantic import BaseModel

from api.access import audit
from api.access.accounts import SignedIn
from api.system import System
from dossier import doubtful


class DecisionForm(BaseModel):
    """`choice`: first, second, corrected (with `text`) or dismissed; the last two with a reason."""

    csrf: str = ""
    choice: str = ""
    text: str = ""
    reason: str = ""


def decide(system: System, person: SignedIn, document_id: int, form: DecisionForm) -> str:
    """Carry it out; returns the stage the page is at now."""
    with system.database.write() as session:
        document = doubtful.decide_page(
            session, person.viewer, system.archive, document_id, form.choice, form.text, form.reason
        )
        audit.record(
            session, person.viewer, "page-decided", "document", str(document_id),
            detail={"choice": form.choice, "reason": form.reason.strip()[:200]},
        )  # fmt: skip
        return document.stage
