"""任免审批表 files: shown against the record, written by choice, exported by one cleared person for one cadre (§4.8).

Only the file without family, ID number, health and photo is ever put on disk, also while it waits for 确认.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date

from fastapi import UploadFile
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.acts import pending
from api.system import System
from dossier import lrm, lrm_import, roster
from dossier.lrm_import import PaperPlan
from dossier.scope import Viewer, list_cadres
from storage.tables import Cadre, RosterPaper

KIND = "roster-paper"
SUFFIXES = (".lrmx", ".lrm")


def look(system: System, person: SignedIn, file: UploadFile) -> tuple[PaperPlan, str]:
    """Differences of an uploaded file and the ticket to write it with. Raises LRM-…, RIGHTS-…."""
    data, name = file.file.read(lrm.LARGEST + 1), (file.filename or "任免审批表.lrmx")[:120]
    with system.database.read() as session:
        plan = plan_of(session, system, person.viewer, name, data)
    return plan, pending.hold(system, person, KIND, plan.xml.encode())


def plan_of(session: Session, system: System, viewer: Viewer, name: str, data: bytes) -> PaperPlan:
    """A file as differences from the record."""
    return lrm_import.plan_paper(session, viewer, lrm.read_paper(data, name), name, system.settings.today())


def confirm(
    system: System, person: SignedIn, ticket: str, name: str, chosen: Collection[int], correct_header: bool,
    days: Mapping[int, date] | None = None,
) -> tuple[PaperPlan, int]:  # fmt: skip
    """Write what was shown under this ticket."""
    data = pending.take(system, person, KIND, ticket)
    found = write(system, person.viewer, name[:120], data, chosen, correct_header, days)
    pending.release(system, person, KIND, ticket)
    return found


def write(
    system: System, viewer: Viewer, name: str, data: bytes, chosen: Collection[int], correct_header: bool,
    days: Mapping[int, date] | None = None,
) -> tuple[PaperPlan, int]:  # fmt: skip
    """Write a file's chosen differences, with the audit entry; the analysis uses the new roster from then on."""
    with system.database.write() as session:
        plan = plan_of(session, system, viewer, name, data)
        changes = lrm_import.write_paper(session, viewer, plan, chosen, correct_header, days)
        audit.record(
            session, viewer if viewer.user_id else None, KIND, "cadre", plan.cadre_id,
            detail={"file": name, "changes": changes}, login=viewer.login,
        )  # fmt: skip
    if changes and "intake" in vars(system):
        with system.database.read() as session:
            system.intake.roster = roster.load(session)
    return plan, changes


def export(system: System, person: SignedIn, cadre_id: str, reason: str) -> tuple[str, bytes]:
    """An .lrmx of one cadre, with the reason in the log. Raises RIGHTS-ROLE, PAPER-REASON, PAPER-UNKNOWN."""
    with system.database.write() as session:
        name, data = lrm_import.export_paper(session, person.viewer, cadre_id, reason, system.settings.today())
        audit.record(session, person.viewer, "roster-paper-export", "cadre", cadre_id, reason.strip()[:100])
    return name, data


def kept(session: Session, system: System, viewer: Viewer) -> list[tuple[Cadre, RosterPaper]]:
    """Cadres in scope whose paper is kept, by id."""
    papers = {row.cadre_id: row for row in session.scalars(select(RosterPaper))}
    cadres = list_cadres(session, viewer, system.settings.today())
    return [(cadre, papers[cadre.id]) for cadre in cadres if cadre.id in papers]
