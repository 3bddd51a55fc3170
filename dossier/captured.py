"""The page a document was read from, for whoever may have its original (R-14)."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.port import charset_of
from dossier.documents import DocumentView, document_view, original_of
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Capture, Document


@dataclass(frozen=True)
class CapturedPart:
    """One page of the article: its address, the SHA-256 of its bytes, and the charset the server declared."""

    url: str
    sha256: str
    charset: str | None


@dataclass(frozen=True)
class CapturedPage:
    """A document with the pages it was read from, in order."""

    document: DocumentView
    parts: tuple[CapturedPart, ...]


def captured_page(session: Session, viewer: Viewer, document_id: int) -> CapturedPage:
    """The captured pages, with the rights that hold for the original. Raises DOCUMENT-UNKNOWN, RIGHTS-ORIGINAL, or
    CAPTURED-DOWNLOAD for a submitted report, which is handed out as a download only."""
    original_of(session, viewer, document_id)
    view = document_view(session, viewer, document_id)
    if view.kind != "article":
        raise ShijiError("CAPTURED-DOWNLOAD", "报送材料只提供下载，不在页面中显示", str(document_id), "请下载原件。")
    capture = session.scalars(
        select(Capture).join(Document, Document.capture_id == Capture.id).where(Document.id == document_id)
    ).one()
    charset = charset_of({"content-type": str(capture.headers.get("content-type", ""))})
    further = [
        CapturedPart(str(part["url"]), str(part["sha256"]), charset) for part in capture.headers.get("x-parts", [])
    ]
    return CapturedPage(view, (CapturedPart(capture.final_url or capture.url, capture.sha256, charset), *further))
