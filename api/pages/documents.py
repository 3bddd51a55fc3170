"""A document: clean text, capture record, versions, prints, and its original as a download."""

from __future__ import annotations

from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import Response

from api.access import audit
from api.access.rights import PersonDep, SystemDep
from api.render import page
from dossier.documents import document_view, label_name, original_of
from dossier.lineage import document_lineage

router = APIRouter(include_in_schema=False)


@router.get("/documents/{document_id}")
def document(request: Request, system: SystemDep, person: PersonDep, document_id: int) -> Response:
    with system.database.read() as session:
        view = document_view(session, person.viewer, document_id)
        lineage = document_lineage(session, person.viewer, document_id)
    return page(request, "document.html", person, document=view, lineage=lineage, label_name=label_name)


@router.get("/documents/{document_id}/original")
def original(system: SystemDep, person: PersonDep, document_id: int) -> Response:
    """The bytes as received: always a download, never shown in the browser; every download is audited."""
    with system.database.write() as session:
        digest, name = original_of(session, person.viewer, document_id)
        data = system.archive.get(digest)
        key, detail = str(document_id), {"sha256": digest}
        audit.record(session, person.viewer, "document-original", "document", key, detail=detail)
    return Response(
        data, media_type="application/octet-stream",
        headers={
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
        },
    )  # fmt: skip
