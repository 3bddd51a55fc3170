"""识别质量: how often the machine's labels stood, and which model is in use."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import learning
from api.render import page
from dossier.verdicts import quality

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("HEAD", "KH", "SYS"))]
Keeper = Annotated[SignedIn, Depends(require_checked("SYS"))]


@router.get("/quality")
def index(request: Request, system: SystemDep, person: Reader) -> Response:
    with system.database.read() as session:
        return page(
            request, "quality.html", person, quality=quality(session), runs=learning.model_runs(session),
            version=system.model.version,
        )  # fmt: skip


@router.post("/quality/train")
def train(system: SystemDep, person: Keeper) -> Response:
    learning.train_from_decisions(system, person.viewer)
    return RedirectResponse("/quality#models", 303)


@router.post("/quality/use")
def use(
    system: SystemDep, person: Keeper, run: Annotated[int, Form()], reason: Annotated[str, Form()] = ""
) -> Response:
    learning.use_model(system, person.viewer, run, reason)
    return RedirectResponse("/quality#models", 303)
