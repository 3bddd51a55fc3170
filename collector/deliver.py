"""Take what a file or message brings: reports are read and kept, saved pages are read like fetched ones.

A delivery of reports is judged whole before anything of it is kept: one classified attachment refuses them all.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime

from collector.errors import CollectorError
from collector.keep import NEW, QUARANTINED, Kept, Original, Reading, keep
from collector.office.document import Limits
from collector.port import Delivery, Piece
from collector.reading import read_article
from collector.report import Report, examine, record
from collector.runs import note_failure
from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import now

PATIENT = Limits(seconds=600.0, ocr_seconds=540.0)  # nobody waits at a screen: a long scan is read to its end


@dataclass
class Taken:
    """``documents``: ids of new ones; ``known``: pieces on record already; ``refused``: pieces with their error."""

    documents: list[int] = field(default_factory=list)
    known: int = 0
    refused: list[tuple[str, ShijiError]] = field(default_factory=list)

    def add(self, kept: Kept) -> None:
        """Count a piece that was kept."""
        if kept.outcome == NEW and kept.document_id is not None:
            self.documents.append(kept.document_id)
        else:
            self.known += 1


def take(database: Database, archive: Archive, source_id: str, delivery: Delivery, run_id: int | None = None) -> Taken:
    """Record a delivery's pieces and tell it that it is dealt with. Every refusal is noted as a Failure."""
    taken = Taken()
    reports: list[Report] = []
    warnings: dict[str, tuple[str, ...]] = {}
    error: ShijiError | None = None
    try:
        for piece in delivery.pieces():
            if piece.kind == "report" and piece.reading is None:
                report = Report(source_id, piece.name, piece.data, piece.submitted_by, piece.headers, run_id)
                reports.append(report)
                warnings[report.url] = piece.warnings
            else:
                _page(database, archive, source_id, piece, run_id, taken)
        _reports(database, archive, reports, warnings, taken)
    except ShijiError as bad:
        error = bad
        taken.refused.append((delivery.name, bad))
        note_failure(database, source_id, run_id, f"file:{delivery.name}", bad, now())
    delivery.done(error or (taken.refused[0][1] if taken.refused else None))
    return taken


_UNNAMED = frozenset({"REPORT-CLASSIFIED", "REPORT-STATUTORY"})


def _reports(
    database: Database, archive: Archive, reports: list[Report], warnings: dict[str, tuple[str, ...]], taken: Taken
) -> None:
    judged: list[tuple[Report, Kept | Reading | ShijiError]] = []
    for report in reports:
        try:
            judged.append((report, examine(database, report, PATIENT)))
        except ShijiError as bad:
            judged.append((report, bad))
    secret = next((e for _, e in judged if isinstance(e, ShijiError) and e.code in _UNNAMED), None)
    if secret is not None:
        # neither the name nor the content of a classified or statutory file goes on record
        digest = hashlib.sha256(b"".join(report.data for report in reports)).hexdigest()
        first = reports[0]
        note_failure(database, first.source_id, first.run_id, f"file:#{digest[:12]}", secret, now(), digest)
        taken.refused.append(("", secret))
        return
    for report, found in judged:
        try:
            if isinstance(found, ShijiError):
                raise found
            kept = found if isinstance(found, Kept) else record(database, archive, report, found, warnings[report.url])
            if kept.outcome == QUARANTINED:
                raise CollectorError(
                    "REPORT-QUARANTINED", "该材料此前已转交有权机关，不再收取", report.name, "请取回该文件。"
                )
            taken.add(kept)
        except ShijiError as bad:
            taken.refused.append((report.name, bad))
            note_failure(database, report.source_id, report.run_id, report.url, bad, now(), report.sha256)


def _page(database: Database, archive: Archive, source_id: str, piece: Piece, run_id: int | None, taken: Taken) -> None:
    source_id = piece.source_id or source_id
    moment: datetime = piece.fetched_at or now()
    try:
        reading = piece.reading or read_article(
            piece.data, piece.final_url or piece.url, piece.charset, piece.title, None
        )
        original = Original(
            source_id=source_id, url=piece.url, data=piece.data, final_url=piece.final_url, status=piece.status,
            headers=piece.headers, name=piece.name, run_id=run_id, fetched_at=moment,
        )  # fmt: skip
        kept = keep(database, archive, original, reading)
        if kept.outcome != QUARANTINED:
            taken.add(kept)
    except ShijiError as bad:
        taken.refused.append((piece.name or piece.url, bad))
        note_failure(database, source_id, run_id, piece.url, bad, now(), hashlib.sha256(piece.data).hexdigest())
