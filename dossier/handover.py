"""Register of quarantined letters and their hand-over (domain.md §2.11): receipts only, never content."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.warc import remove_body
from dossier.scope import Viewer
from storage.archive import Archive
from storage.errors import ShijiError
from storage.tables import Capture, Document, Quarantine, Source, User, now
from storage.warc import WarcFolder

WAITING, HANDED = "待移交", "已移交"


@dataclass(frozen=True)
class Receipt:
    """One line of the register."""

    id: int
    source: str
    form: str
    pages: int
    received: str
    state: str
    handed_to: str
    receipt: str
    handed: str
    handed_by: str


HANDLERS = frozenset({"SUP", "HEAD"})


def require_handler(viewer: Viewer) -> None:
    """The register is for 干部监督处 and, where it has no account yet, 处长 (domain.md §2.11)."""
    if viewer.role not in HANDLERS:
        raise ShijiError("RIGHTS-ROLE", "隔离登记只供干部监督处和处长办理", viewer.role, "请交干部监督处处理。")


def register(session: Session, viewer: Viewer) -> list[Receipt]:
    """All receipts, those still to be handed over first."""
    require_handler(viewer)
    rows = session.execute(
        select(Quarantine, Source.name, User.name)
        .join(Source, Quarantine.source_id == Source.id)
        .outerjoin(User, Quarantine.handed_by == User.id)
        .order_by(Quarantine.state.desc(), Quarantine.id.desc())
    )
    found = [
        Receipt(
            q.id, source, q.form, q.pages, q.received_at.isoformat(), q.state, q.handed_to, q.receipt,
            q.handed_at.isoformat() if q.handed_at else "", by or "",
        )
        for q, source, by in rows
    ]  # fmt: skip
    return sorted(found, key=lambda r: (r.state != WAITING, -r.id))


def hand_over(
    session: Session, viewer: Viewer, archive: Archive, warc: WarcFolder, receipt_id: int, handed_to: str, receipt: str
) -> Quarantine:
    """Record the hand-over and delete the original, in the WARC files too; the hash stays and stops the letter from
    coming in again.

    The file is removed last inside the caller's transaction: a failure before it keeps both, a failure after it
    can simply be done again.
    """
    require_handler(viewer)
    row = session.scalar(select(Quarantine).where(Quarantine.id == receipt_id).with_for_update())
    if row is None:
        raise ShijiError("QUARANTINE-UNKNOWN", "没有这一登记", str(receipt_id), "请刷新页面。")
    if row.state != WAITING:
        raise ShijiError("QUARANTINE-STATE", "该件已移交", str(receipt_id), "请刷新页面。")
    if not handed_to.strip() or not receipt.strip():
        raise ShijiError("QUARANTINE-FIELDS", "请填写移交机关和回执编号", str(receipt_id), "")
    row.state, row.handed_to, row.receipt = HANDED, handed_to.strip(), receipt.strip()
    row.handed_at, row.handed_by = now(), viewer.user_id
    captures = session.scalars(select(Capture).where(Capture.sha256 == row.sha256)).all()
    for capture in captures:
        # the name of a file can name the person it accuses
        if capture.url.startswith("file:"):
            capture.url = f"quarantine:{row.id}:{capture.id}"
        capture.name = ""
    for document in session.scalars(select(Document).where(Document.capture_id.in_([c.id for c in captures]))):
        if document.url.startswith("file:"):
            document.url = f"quarantine:{row.id}:{document.id}"
    session.flush()
    # a letter that went over several web pages lies in several originals
    parts = {str(part["sha256"]) for capture in captures for part in capture.headers.get("x-parts", [])}
    others = set(session.scalars(select(Capture.sha256).where(Capture.sha256.in_(parts))))
    for digest in (*sorted(parts - others), row.sha256):
        for source_id in {capture.source_id for capture in captures}:
            remove_body(warc, source_id, digest)
        archive.delete(digest)
    return row
