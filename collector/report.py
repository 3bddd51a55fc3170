"""A submitted report, from whichever way it came in: refused when classified, read, kept with its submitter."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.dates import SHANGHAI
from collector.errors import CollectorError
from collector.keep import KNOWN, Kept, Original, Reading, keep
from collector.office.document import Limits
from collector.reading import read_report
from collector.report_date import report_date
from collector.statutory import is_statutory
from storage.archive import Archive
from storage.database import Database
from storage.tables import Capture, Document, Team, now

_SPACES = re.compile(r"\s+")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f/\\]")
# 秘密★1年 at the top of an official document, a line 机密 by itself, or a filled-in 密级 field (GB/T 9704)
_MARK = re.compile(
    r"(?:绝密|机密|秘密)[★☆]|^(?:绝密|机密|秘密)(?:[（(]?\d*年?[)）]?|长期)?$|密级[:：]?(?:绝密|机密|秘密)(?!文件|事项|管理)"
)
FIRST_LINES = 12
_PERSONNEL_FORMS = (".lrmx", ".lrm")


@dataclass(frozen=True)
class Report:
    """A file as it came in. ``submitted_by``: team id or ""; ``about``: further facts kept with the capture."""

    source_id: str
    name: str
    data: bytes
    submitted_by: str
    about: dict[str, Any]
    run_id: int | None = None

    @property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    @property
    def url(self) -> str:
        """``file:NAME#`` and the first 12 digits of the SHA-256."""
        return f"file:{self.name}#{self.sha256[:12]}"


def receive(
    database: Database,
    archive: Archive,
    report: Report,
    warnings: tuple[str, ...] = (),
    limits: Limits | None = None,
) -> Kept:
    """Read and record a report. The same bytes from the same submitter are never taken twice.

    A report without a date gets none (REPORT-NO-DATE); the day it came in is never taken for it.

    Raises REPORT-CLASSIFIED (a 密级 mark in the first lines), REPORT-STATUTORY (个人有关事项; nothing is kept),
    REPORT-KIND, or what the readers raise (READ-*). A tombstone gives the outcome ``quarantined``.
    """
    found = examine(database, report, limits)
    return found if isinstance(found, Kept) else record(database, archive, report, found, warnings)


def examine(database: Database, report: Report, limits: Limits | None = None) -> Kept | Reading:
    """Read a report without keeping anything; what is on record already is not read again. Raises as ``receive``."""
    if report.name.lower().endswith(_PERSONNEL_FORMS):
        raise CollectorError(
            "REPORT-KIND", "任免审批表属限制类材料，不在此处收取", report.name, "请按干部档案管理规定另行处理。"
        )
    if is_statutory(report.name):
        raise _statutory()
    earlier = _earlier(database, report)
    if earlier is not None:
        return earlier
    reading = read_report(report.data, report.name, limits)
    if is_statutory(reading.title):
        raise _statutory()
    mark = secrecy_mark(f"{reading.title}\n{reading.text}")
    if mark:
        raise CollectorError(
            "REPORT-CLASSIFIED", f"文件带有密级标志“{mark}”，已拒收，系统未留存", "", "涉密文件请按保密规定处理。"
        )
    return reading


def _statutory() -> CollectorError:
    return CollectorError(
        "REPORT-STATUTORY", "“领导干部报告个人有关事项”不在本系统收取，已拒收，系统未留存", "",
        "请按《领导干部报告个人有关事项规定》的专门渠道办理。",
    )  # fmt: skip


def record(
    database: Database, archive: Archive, report: Report, reading: Reading, warnings: tuple[str, ...] = ()
) -> Kept:
    """Keep an examined report."""
    original = Original(
        source_id=report.source_id,
        url=report.url,
        data=report.data,
        headers={"submitted_by": report.submitted_by, **report.about},
        name=report.name,
        run_id=report.run_id,
    )
    dated_as = report_date(reading.text, now().astimezone(SHANGHAI).date())
    dated = Reading(
        kind="report",
        title=reading.title or report.name,
        text=reading.text,
        published_at=dated_as.day,
        confidence=reading.confidence,
        warnings=(*reading.warnings, *dated_as.warnings, *warnings),
    )
    return keep(database, archive, original, dated)


def secrecy_mark(text: str) -> str:
    """The classification mark (绝密, 机密, 秘密) in the first lines of a document, or ""."""
    lines = [line for line in (_SPACES.sub("", raw) for raw in text[:4000].split("\n")) if line]
    for line in lines[:FIRST_LINES]:
        if found := _MARK.search(line):
            return found[0][:12]
    return ""


def safe_name(name: str) -> str:
    """The last part of a file name, free of separators and control characters, at most 120 characters."""
    last = _UNSAFE.sub("_", re.split(r"[/\\]", name.strip())[-1]).strip(". ")
    if not last:
        raise CollectorError("REPORT-NAME", "文件名无效", name[:80], "请改用正常的文件名。")
    stem, dot, suffix = last.rpartition(".")
    return last if len(last) <= 120 else f"{stem[:100]}{dot}{suffix[:15]}"


def find_team(database: Database, name: str) -> str:
    """The id of the team with this id, full name or short name, or ""."""
    if not name:
        return ""
    with database.read() as session:
        found = session.scalars(
            select(Team.id).where((Team.id == name) | (Team.full == name) | (Team.short == name))
        ).first()
    return found or ""


def team_names(session: Session) -> dict[str, str]:
    """Ids, full and short names of teams -> id."""
    rows = session.execute(select(Team.id, Team.full, Team.short)).all()
    return {name: row[0] for place in (2, 1, 0) for row in rows if (name := row[place])}


def _earlier(database: Database, report: Report) -> Kept | None:
    with database.read() as session:
        rows = session.execute(
            select(Capture.headers, Document.id)
            .join(Document, Document.capture_id == Capture.id)
            .where(Capture.source_id == report.source_id, Capture.sha256 == report.sha256)
        )
        for headers, document_id in rows:
            if headers.get("submitted_by", "") == report.submitted_by:
                return Kept(KNOWN, document_id)
    return None
