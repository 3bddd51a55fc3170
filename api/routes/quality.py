"""JSON of the quality of recognition and of the models."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import learning
from dossier.verdicts import quality

router = APIRouter(prefix="/api", tags=["quality"])
Reader = Annotated[SignedIn, Depends(require("HEAD", "KH", "SYS"))]
Keeper = Annotated[SignedIn, Depends(require_checked("SYS"))]


class Use(BaseModel):
    """Which run's model to use; 0 is the shipped one. A reason is needed."""

    run: int
    reason: str = ""


@router.get("/quality")
def figures(system: SystemDep, person: Reader) -> dict[str, Any]:
    """Precision, recall and F1 of every label from officers' decisions, by source and month, and drift."""
    with system.database.read() as session:
        return {**quality(session).as_dict(), "model": system.model.version}


@router.get("/models")
def models(system: SystemDep, person: Reader) -> list[dict[str, Any]]:
    """Every training with what was measured and why it was refused."""
    with system.database.read() as session:
        return learning.model_runs(session)


@router.post("/models/train")
def train(system: SystemDep, person: Keeper) -> dict[str, Any]:
    """Learn from the decisions so far."""
    run = learning.train_from_decisions(system, person.viewer)
    return {"id": run.id, "accepted": not run.refused, "refused": run.refused, "measured": run.measured}


@router.post("/models/use")
def use(system: SystemDep, person: Keeper, choice: Use) -> dict[str, str]:
    """Go to another model."""
    learning.use_model(system, person.viewer, choice.run, choice.reason)
    return {"model": system.model.version}
