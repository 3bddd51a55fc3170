"""JSON of doubtful pages."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.doubtful import DecisionForm, decide
from dossier import doubtful

router = APIRouter(prefix="/api/doubtful", tags=["collection"])
Reader = Annotated[SignedIn, Depends(require(*doubtful.DECIDERS))]
Decider = Annotated[SignedIn, Depends(require_checked(*doubtful.DECIDERS))]


@router.get("")
def index(system: SystemDep, person: Reader) -> list[dict[str, Any]]:
    """Pages that wait for a person, the least certain first."""
    with system.database.read() as session:
        return [row.as_dict() for row in doubtful.doubtful_rows(session, person.viewer)]


@router.get("/{document_id}")
def one(system: SystemDep, person: Reader, document_id: int) -> dict[str, Any]:
    """Both readings; the second value of each paragraph says whether it stands in this reading only."""
    with system.database.read() as session:
        return doubtful.doubtful_page(session, person.viewer, system.archive, document_id).as_dict()


@router.post("/{document_id}")
def decided(system: SystemDep, person: Decider, document_id: int, form: DecisionForm) -> dict[str, str]:
    """Go on with a reading or a corrected text, or dismiss the page."""
    return {"stage": decide(system, person, document_id, form)}
