"""Reports that units submit: taken in with a receipt number, listed with how far they have come."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import UploadFile
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.system import System
from collector.upload import receive_upload
from dossier.scope import Viewer, get_team, restricted_passages, team_clause
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Capture, Document, Passage, Team

STAGES = {
    "collected": "等待分析", "understood": "等待归档", "filed": "已入队列", "quarantined": "已隔离",
    "failed": "分析失败",
}  # fmt: skip
SECRECY = ("公开", "内部", "秘密", "机密", "绝密")
MOST_FILES = 20
LISTED = 50
NAMED = ("filed", "failed")


@dataclass(frozen=True)
class Receipt:
    """What became of one file: a receipt number, or a coded error. `known`: the same file was there already."""

    name: str
    number: str = ""
    document_id: int | None = None
    known: bool = False
    error: ShijiError | None = None

    def as_dict(self) -> dict[str, Any]:
        return {
            "name": self.name, "number": self.number, "document_id": self.document_id, "known": self.known,
            "error": self.error.as_dict() if self.error else None,
        }  # fmt: skip


@dataclass(frozen=True)
class Submitted:
    """One submitted report. The name of quarantined matter is not shown."""

    number: str
    name: str
    unit: str
    by: str
    at: str
    stage: str
    error: str
    document_id: int | None


def receive_file(system: System, viewer: Viewer, name: str, data: bytes, unit: str, secrecy: str) -> Receipt:
    """Take one file in and record it; what is refused is recorded without its content."""
    try:
        if unit:
            with system.database.read() as session:
                get_team(session, viewer, unit)  # nobody reports in the name of a team out of their scope
        kept = receive_upload(
            system.database, system.archive, name, data, viewer.login, unit, secrecy, system.settings.upload_bytes
        )
    except ShijiError as bad:
        with system.database.write() as session:
            audit.record(session, viewer, "upload-refused", "upload", "", detail={"code": bad.code})
        return Receipt(name, error=bad)
    with system.database.write() as session:
        document = session.get_one(Document, kept.document_id)
        number = receipt_number(document)
        audit.record(session, viewer, "upload", "document", str(document.id), detail={"receipt": number, "unit": unit})
    return Receipt(name, number, kept.document_id, known=kept.outcome == "known")


def take(system: System, person: SignedIn, files: list[UploadFile], unit: str, secrecy: str) -> list[Receipt]:
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
        receipts.append(receive_file(system, person.viewer, name, data, unit, secrecy))
    return receipts


def receipt_number(document: Document) -> str:
    """报送回执号: the day of receipt and the document's number."""
    return f"BS-{document.created_at.astimezone(CHINA):%Y%m%d}-{document.id:05d}"


def submitted(session: Session, viewer: Viewer) -> list[Submitted]:
    """Reports the viewer sent, or that units of the viewer's zones sent; newest first.

    A name is shown to others once the report is filed: it may be a letter that belongs in quarantine. Names of
    restricted reports, and quarantined letters at all, are for HEAD and the sender (R-04, domain.md §2.11).
    """
    names = {row.id: row.short for row in session.execute(select(Team.id, Team.short).where(team_clause(viewer)))}
    rows = session.execute(
        select(Document, Capture)
        .join(Capture, Document.capture_id == Capture.id)
        .where(Document.kind == "report")
        .order_by(Document.id.desc())
        .limit(LISTED * 4)
    )
    found = []
    held = set(session.scalars(select(Passage.document_id).where(Passage.id.in_(restricted_passages()))))
    for document, capture in rows:
        unit, by = str(capture.headers.get("submitted_by", "")), str(capture.headers.get("uploaded_by", ""))
        if not (by == viewer.login or unit in names or (not unit and viewer.zones is None)):
            continue
        quarantined, sent, head = document.stage == "quarantined", by == viewer.login, viewer.role == "HEAD"
        if quarantined and not (sent or head):
            continue
        named = head or sent or (document.stage in NAMED and document.id not in held)
        found.append(
            Submitted(
                receipt_number(document), _name(capture.name or document.title, quarantined, named),
                names.get(unit, ""), by or "收件文件夹", f"{document.created_at.astimezone(CHINA):%Y-%m-%d %H:%M}",
                STAGES.get(document.stage, document.stage), document.error,
                document.id if named and not quarantined else None,
            )
        )  # fmt: skip
    return found[:LISTED]


def _name(name: str, quarantined: bool, named: bool) -> str:
    return "（已隔离）" if quarantined else name if named else "（名称暂不显示）"


def units(session: Session, viewer: Viewer) -> list[tuple[str, str]]:
    """Teams that may be named as the submitting unit."""
    query = select(Team.id, Team.full).where(team_clause(viewer)).order_by(Team.ordinal, Team.id)
    return [(row[0], row[1]) for row in session.execute(query)]
