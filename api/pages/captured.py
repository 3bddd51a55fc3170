"""采集时原貌: the captured page in a frame where nothing runs, loads, or leads anywhere."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from fastapi.responses import HTMLResponse, Response

from api.access import audit
from api.access.rights import PersonDep, SystemDep
from api.inert import inert_page
from api.render import page
from collector.decode import decode
from dossier.captured import captured_page
from storage.errors import ShijiError

router = APIRouter(include_in_schema=False)
HEADERS = {
    # no allow-scripts and no allow-same-origin: the page has an origin of its own and cannot act
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'self'"
    ),
    "X-Frame-Options": "SAMEORIGIN",
    "Referrer-Policy": "no-referrer",
}


@router.get("/documents/{document_id}/captured")
def captured(request: Request, system: SystemDep, person: PersonDep, document_id: int) -> Response:
    with system.database.read() as session:
        found = captured_page(session, person.viewer, document_id)
    return page(request, "captured.html", person, document=found.document, parts=found.parts)


@router.get("/documents/{document_id}/captured/page")
def captured_frame(
    system: SystemDep, person: PersonDep, document_id: int, part: Annotated[int, Query(ge=1, le=1000)] = 1
) -> Response:
    """What stands in the frame; each look is audited."""
    with system.database.write() as session:
        found = captured_page(session, person.viewer, document_id)
        if part > len(found.parts):
            raise ShijiError("DOCUMENT-UNKNOWN", "没有这一页", f"{document_id}:{part}", "请从文档页进入。")
        chosen = found.parts[part - 1]
        data = system.archive.get(chosen.sha256)
        detail = {"sha256": chosen.sha256, "part": part}
        audit.record(session, person.viewer, "document-captured", "document", str(document_id), detail=detail)
    text, _ = decode(data, chosen.charset)
    return HTMLResponse(inert_page(text), headers=HEADERS)
