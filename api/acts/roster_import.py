"""A roster file shown as differences first, written after 确认 (dossier.roster decides what changes)."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from fastapi import UploadFile
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import audit
from api.acts.workbooks import check_workbook
from api.system import System
from dossier import roster
from dossier.roster_files import RowProblem, read_sheet, read_yaml
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Zone

LARGEST = 10 * 1024 * 1024


@dataclass
class Preview:
    """Differences between the record and a file, and the rows refused."""

    name: str
    plan: roster.Plan
    problems: list[RowProblem] = field(default_factory=list)

    @property
    def writes(self) -> int:
        return len(self.plan.writes)


def covers_all(session: Session, viewer: Viewer) -> bool:
    """Whether the viewer reads every zone: a roster could else move a team, with its record, into one's own zone."""
    return viewer.zones is None or viewer.zones >= set(session.scalars(select(Zone.id)))


def require_all_zones(session: Session, viewer: Viewer) -> None:
    """Refuse importers who do not read every zone."""
    if not covers_all(session, viewer):
        what, action = "名册涉及全部联系片，您只负责其中一部分", "请由考核办或负责全部联系片的处长导入。"
        raise ShijiError("RIGHTS-ZONE", what, viewer.login, action)


def preview(session: Session, name: str, data: bytes) -> Preview:
    """Read a YAML roster or an Excel 花名册 against the record, writing nothing. Raises ROSTER-…, SHEET-…."""
    if len(data) > LARGEST:
        raise ShijiError("ROSTER-SIZE", "文件超过 10 MB", name, "请检查是否选错文件。")
    if name.lower().endswith((".yaml", ".yml")):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "roster.yaml"
            path.write_bytes(data)
            return Preview(name, roster.plan(session, read_yaml(path)))
    read = read_sheet(data, session, name)
    return Preview(name, roster.plan(session, read.data), read.problems)


def look(system: System, viewer: Viewer, file: UploadFile) -> tuple[Preview, bytes]:
    """An uploaded file as differences, and its bytes; checked and within the viewer's rights before it is read."""
    data = file.file.read(LARGEST + 1)
    name = (file.filename or "花名册.xlsx")[:120]
    check_workbook(data, name)
    with system.database.read() as session:
        require_all_zones(session, viewer)
        return preview(session, name, data), data


def confirm(system: System, viewer: Viewer | None, name: str, data: bytes) -> Preview:
    """Write a file that was shown; the analysis uses the new roster from the next document on."""
    with system.database.write() as session:
        if viewer is not None:
            require_all_zones(session, viewer)
        shown = preview(session, name, data)
        roster.write(session, shown.plan.data, system.settings.today())
        audit.record(
            session, viewer, "roster-import", "roster", "",
            detail={"file": name, "sha256": hashlib.sha256(data).hexdigest(), "changes": shown.writes},
        )  # fmt: skip
    if "intake" in vars(system):
        with system.database.read() as session:
            system.intake.roster = roster.load(session)
    return shown
