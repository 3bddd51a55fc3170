"""Why an item may not enter a package yet, in one line: the reasons are dossier.hearing's (§2.1 rule 5, §2.6)."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from dossier.hearing.readiness import package_ready
from dossier.views import EvidenceView
from storage.tables import Evidence


def adverse_gap(session: Session, item: EvidenceView, today: date) -> str:
    """What is still missing, as people read it; empty when nothing is, or when the item is not adverse."""
    if not item.adverse:
        return ""
    return "、".join(package_ready(session, session.get_one(Evidence, item.id), today))
