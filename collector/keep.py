"""Put one original and its reading on record, whole or not at all.

The bytes go to the archive first (harmless when repeated); capture and document follow in one short
transaction, so a crash at any moment leaves nothing half and nothing double.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import delete, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from collector.clean import clean_text, masked, text_digest
from collector.dates import SHANGHAI
from storage.archive import Archive
from storage.database import Database
from storage.tables import Cadre, Capture, Document, Failure, Quarantine, Tombstone, now

NEW, KNOWN, QUARANTINED = "new", "known", "quarantined"


@dataclass(frozen=True)
class Original:
    """Bytes as received. ``url``: web address, or ``file:NAME#…`` for a report. ``headers``: lower-case names."""

    source_id: str
    url: str
    data: bytes
    final_url: str = ""
    status: int = 200
    headers: dict[str, Any] = field(default_factory=dict)
    name: str = ""
    run_id: int | None = None
    fetched_at: datetime = field(default_factory=now)

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


@dataclass(frozen=True)
class Reading:
    """What an original says. ``published_at``: ISO 8601 with its precision, or None where nothing says it."""

    kind: str  # article | report
    title: str
    text: str
    author: str = ""
    editor: str = ""
    origin: str = ""
    published_at: str | None = None
    confidence: float = 1.0
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Kept:
    """``outcome``: new, known (same address and text are on record) or quarantined (tombstone, nothing kept)."""

    outcome: str
    document_id: int | None = None


def keep(database: Database, archive: Archive, original: Original, reading: Reading) -> Kept:
    """Record the document (stage ``collected``, text scrubbed) unless it is known or was quarantined."""
    text = clean_text(reading.text)
    digest, text_sha256 = original.sha256, text_digest(text)
    with database.read() as session:
        known = _standing(session, original, digest, text_sha256)
    if known is None:
        archive.put(original.data)
        try:
            known = _record(database, original, reading, text, digest, text_sha256)
        except IntegrityError:  # another process recorded it between look and write
            known = _record(database, original, reading, text, digest, text_sha256)
    return known


def _record(database: Database, original: Original, reading: Reading, text: str, digest: str, text_sha256: str) -> Kept:
    with database.write() as session:
        known = _standing(session, original, digest, text_sha256)
        if known is None:
            capture = _capture(session, original, digest)
            moment, precision = _moment(reading.published_at)
            names = frozenset(session.scalars(select(Cadre.name)))
            document = Document(
                capture_id=capture.id,
                source_id=original.source_id,
                url=original.url,
                kind=reading.kind,
                title=masked(clean_text(reading.title), names),
                author=reading.author[:200],
                editor=reading.editor[:200],
                origin=reading.origin[:200],
                published_at=moment,
                published_precision=precision,
                text=masked(text, names),
                text_sha256=text_sha256,
                confidence=reading.confidence,
                warnings=list(reading.warnings),
                stage="collected",
            )
            session.add(document)
            session.flush()
            known = Kept(NEW, document.id)
        session.execute(delete(Failure).where(Failure.source_id == original.source_id, Failure.url == original.url))
        return known


def _standing(session: Session, original: Original, digest: str, text_sha256: str) -> Kept | None:
    """What the record already says of this original, or None."""
    if is_quarantined(session, digest, text_sha256):
        return Kept(QUARANTINED)
    document = session.scalars(
        select(Document.id).where(
            Document.source_id == original.source_id,
            Document.url == original.url,
            Document.text_sha256 == text_sha256,
        )
    ).first()
    return None if document is None else Kept(KNOWN, document)


def is_quarantined(session: Session, sha256: str, text_sha256: str = "") -> bool:
    """Whether a tombstone stands for these bytes or this text: of a letter handed over (domain.md §2.11), or of
    what was found untrue and destroyed (§2.5)."""
    same = Quarantine.sha256 == sha256
    if text_sha256:
        same = or_(same, Quarantine.text_sha256 == text_sha256)
    if session.scalars(select(Quarantine.id).where(same)).first() is not None:
        return True
    buried = Tombstone.sha256.in_([sha256, text_sha256] if text_sha256 else [sha256])
    standing = select(Tombstone.id).where(buried, Tombstone.until >= now().date())
    return session.scalars(standing).first() is not None


def _capture(session: Session, original: Original, digest: str) -> Capture:
    found = session.scalars(
        select(Capture).where(
            Capture.source_id == original.source_id, Capture.url == original.url, Capture.sha256 == digest
        )
    ).first()
    if found is not None:
        return found
    capture = Capture(
        source_id=original.source_id,
        run_id=original.run_id,
        url=original.url,
        final_url=original.final_url or original.url,
        fetched_at=original.fetched_at,
        status=original.status,
        headers=original.headers,
        sha256=digest,
        size=len(original.data),
        name=original.name,
    )
    session.add(capture)
    session.flush()
    return capture


def _moment(written: str | None) -> tuple[datetime | None, str]:
    """An ISO date or time as a moment and its precision; nothing is made up for what is missing."""
    if not written:
        return None, ""
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        return None, ""
    moment = moment if moment.tzinfo else moment.replace(tzinfo=SHANGHAI)
    return moment, "day" if len(written) <= 10 else "minute"
