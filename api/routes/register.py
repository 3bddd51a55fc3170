"""JSON of registering: a proposal from an address, a preview, a further source, the whole register."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import registering
from collector.registry_files import rows_of

router = APIRouter(prefix="/api", tags=["collection"])
KeeperDep = Annotated[SignedIn, Depends(require("SYS"))]
WriterDep = Annotated[SignedIn, Depends(require_checked("SYS"))]


class Address(BaseModel):
    """A list page, feed, sitemap or JSON endpoint."""

    url: str


@router.post("/sources/propose")
def propose(system: SystemDep, person: WriterDep, address: Address) -> dict[str, Any]:
    """What kind of source an address is and how its list could be read."""
    return registering.look(system, person.viewer, address.url)


@router.post("/sources/preview")
def preview(system: SystemDep, person: WriterDep, row: dict[str, Any]) -> dict[str, Any]:
    """What a source would bring in and how its first article reads; nothing is kept."""
    return registering.try_out(system, person.viewer, row).as_dict()


@router.post("/sources", status_code=201)
def add(system: SystemDep, person: WriterDep, row: dict[str, Any]) -> dict[str, str]:
    """Register a further source."""
    return {"id": registering.add(system, person.viewer, row)}


@router.get("/register")
def register(system: SystemDep, person: KeeperDep) -> dict[str, Any]:
    """The register as it can be imported again."""
    with system.database.read() as session:
        return {"sources": rows_of(session)}
