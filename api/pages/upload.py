"""报送材料: one page to hand in files; every file gets a receipt number or a reason why not."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import Response

from api import uploads
from api.accounts import SignedIn
from api.render import page
from api.rights import SystemDep, require, require_checked
from api.uploads import Receipt
from storage.errors import ShijiError

router = APIRouter(include_in_schema=False)
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH"))]
SenderDep = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]
MOST_FILES = 20


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
    return _page(request, system, person, take(system, person, files, unit, secrecy))


def take(system: SystemDep, person: SignedIn, files: list[UploadFile], unit: str, secrecy: str) -> list[Receipt]:
    """Receipts for all files. Raises UPLOAD-MANY for more than twenty."""
    if len(files) > MOST_FILES:
        raise ShijiError("UPLOAD-MANY", f"一次最多报送 {MOST_FILES} 个文件", "", "请分次报送。")
    receipts = []
    for file in files:
        data = file.file.read(system.settings.upload_bytes + 1)
        name = (file.filename or "").strip()
        if not name:
            receipts.append(Receipt("", error=ShijiError("UPLOAD-EMPTY", "没有选择文件", "", "请选择文件。")))
            continue
        receipts.append(uploads.receive_file(system, person.viewer, name, data, unit, secrecy))
    return receipts


def _page(request: Request, system: SystemDep, person: SignedIn, receipts: list[Receipt]) -> Response:
    with system.database.read() as session:
        return page(
            request, "upload.html", person, receipts=receipts, units=uploads.units(session, person.viewer),
            secrecy=uploads.SECRECY, rows=uploads.submitted(session, person.viewer),
            megabytes=system.settings.upload_bytes // 1024 // 1024,
        )  # fmt: skip
