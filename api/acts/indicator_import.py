"""Reading and writing an uploaded indicator table or book: shown first, written after 确认."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy.orm import Session

from api.access import audit
from api.system import System
from appraisal.sheets import SheetImport, read_indicator_workbook
from appraisal.store import Difference, catalogue, compare, import_sheets, team_names
from dossier.scope import Viewer
from storage.errors import ShijiError

LARGEST = 20 * 1024 * 1024


@dataclass
class Preview:
    """What a workbook says and what importing it would change."""

    name: str
    sheets: list[SheetImport]
    differences: list[Difference]

    @property
    def rows(self) -> int:
        return sum(len(sheet.rows) for sheet in self.sheets)

    @property
    def errors(self) -> list[object]:
        return [issue for sheet in self.sheets for issue in sheet.errors]

    @property
    def warnings(self) -> list[object]:
        return [issue for sheet in self.sheets for issue in sheet.warnings]

    @property
    def writes(self) -> int:
        return sum(change.writes for change in self.differences)


def preview(session: Session, name: str, data: bytes) -> Preview:
    """Read a workbook against the record, writing nothing. Raises SHEET-UNREADABLE, INDICATOR-BOOK."""
    if len(data) > LARGEST:
        raise ShijiError("SHEET-UNREADABLE", "文件超过 20 MB", name, "请拆分后再导入。")
    book = catalogue(session)
    if not book:
        raise ShijiError("INDICATOR-BOOK", "尚未导入指标体系", name, "请先用 shiji indicators import 导入指标体系。")
    sheets = read_indicator_workbook(data, book=book, teams=team_names(session))
    return Preview(name, sheets, compare(session, sheets))


def confirm(system: System, viewer: Viewer | None, name: str, data: bytes) -> tuple[int, list[Difference]]:
    """Write a workbook that was shown: its original, its figures as versions, and the audit entry."""
    sha256 = hashlib.sha256(data).hexdigest()
    with system.database.write() as session:
        shown = preview(session, name, data)
        record, differences = import_sheets(session, shown.sheets, name, sha256, viewer.user_id if viewer else None)
        system.archive.put(data)
        audit.record(
            session, viewer, "indicator-import", "indicator-import", str(record.id),
            detail={"file": name, "sha256": sha256, "points": record.points, "errors": len(record.errors)},
        )  # fmt: skip
        return record.id, differences
