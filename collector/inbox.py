"""收件文件夹: reports that units put into a watched folder.

A file is taken once it has stopped growing, and moved away only after it is on record, so a crash between the
two takes nothing twice. ``DATA/inbox/望澜区/…`` marks the submitting team by the sub-folder's name. A message
(.eml) brings its attachments, each as a report of its own.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from collector.deliver import take
from collector.drop import finished_files, put_away, read_file
from collector.letters import letter_pieces
from collector.office.sniff import kind_of
from collector.port import Delivery, Piece
from collector.registry import ensure_report_sources
from collector.report import find_team, safe_name
from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError

SETTLE_SECONDS = 1.0
log = logging.getLogger(__name__)


@dataclass
class InboxScan:
    """One look at the folder: documents made, files already on record, files refused with their error codes."""

    documents: list[int] = field(default_factory=list)
    known: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def scan_inbox(
    database: Database, archive: Archive, inbox: Path, largest: int, settle_seconds: float = SETTLE_SECONDS
) -> InboxScan:
    """Take every finished file of the folder. ``largest``: bytes; ``settle_seconds``: how long a file's size
    and time must stand still before it counts as finished."""
    scan, ready = InboxScan(), False
    for path in finished_files(inbox, settle_seconds):
        if not ready:
            with database.write() as session:
                ensure_report_sources(session)
            ready = True
        try:
            folder = path.parent.name if path.parent != inbox else ""
            delivery = file_delivery(path, inbox, find_team(database, folder), largest)
            taken = take(database, archive, "inbox", delivery)
            scan.documents += taken.documents
            scan.known += taken.known
            for name, bad in taken.refused:
                scan.refused.append((name or path.name, bad.code))
                log.warning("inbox file refused: %s", bad.code)
        except FileNotFoundError:
            continue  # another process took it meanwhile
        except OSError as bad:
            log.error("inbox file could not be handled: %s", bad)
            scan.refused.append((path.name, "INBOX-IO"))
    return scan


def file_delivery(path: Path, root: Path, team: str, largest: int) -> Delivery:
    """What one file of a report folder brings. ``root``: the folder; ``team``: id of the submitting team or ""."""
    folder = path.parent.name if path.parent != root else ""
    warnings = ("SUBMITTER-UNKNOWN",) if folder and not team else ()

    def pieces() -> Iterator[Piece]:
        data = read_file(path, largest)
        if kind_of(data) == "eml":
            yield from letter_pieces(data, safe_name(path.name), team, warnings)
            return
        name = safe_name(path.name)
        url = f"file:{name}#{hashlib.sha256(data).hexdigest()[:12]}"
        about = {"folder": folder} if folder else {}
        yield Piece(url, data, name=name, headers=about, submitted_by=team, warnings=warnings)

    def done(error: ShijiError | None) -> None:
        put_away(path, root, error, folder)

    return Delivery(path.name, pieces, done)
