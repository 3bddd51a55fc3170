"""报送材料: one page to hand in files; every file gets a receipt number or a reason why not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import uploads
from api.acts.uploads import Receipt
from api.render import page

router = APIRouter(include_in_schema=False)
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH"))]
SenderDep = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]


@router.get("/upload")
def form(request: Request, system: SystemDep, person: ReaderDep) -> Response:
    """The form and what was handed in lately."""
    return _page(request, system, person, [])


@router.post("/upload")
def receive(
    request: Request, system: SystemDep, person: SenderDep, files: Annotated[list[UploadFile], File()],
    unit: Annotated[str, Form()] = "", secrecy: Annotated[str, Form()] = "",
) -> Response:  # fmt: skip
    """Take the files in, one after another; a refused one does not stop the rest."""
    return _page(request, system, person, uploads.take(system, person, files, unit, secrecy))


def _page(request: Request, system: SystemDep, person: SignedIn, receipts: list[Receipt]) -> Response:
    with system.database.read() as session:
        return page(
            request, "upload.html", person, receipts=receipts, units=uploads.units(session, person.viewer),
            secrecy=uploads.SECRECY, rows=uploads.submitted(session, person.viewer),
            megabytes=system.settings.upload_bytes // 1024 // 1024,
        )  # fmt: skip
