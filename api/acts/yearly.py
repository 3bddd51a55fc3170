"""The annual assessment for pages, JSON and commands: readings and exports, each with its audit entry (R-02, R-42)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.acts import producing
from api.days import typed_day
from api.system import System
from appraisal.annual import contradictions as beside
from appraisal.annual.form_docx import form_docx, form_header
from appraisal.annual.inspection import PURPOSE, inspection_docx, inspection_facts
from appraisal.annual.matrix import Judged, has_read, judgements
from appraisal.annual.package import Package, get_package
from appraisal.annual.package_docx import package_docx
from appraisal.annual.package_product import package_product
from appraisal.annual.snapshot import Recomputed, make_snapshot, recompute
from dossier.products.wanted import Wanted
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import AnnualSnapshot, Product, Zone


@dataclass(frozen=True)
class PackagePage:
    """A package with what belongs beside it. read: the viewer's own 已阅."""

    package: Package
    contradictions: list[beside.Contradiction]
    judgements: list[Judged]
    read: bool


def freeze(system: System, viewer: Viewer, year: int, cutoff: str) -> AnnualSnapshot:
    """Form a snapshot; its hash goes into the audit log, which is kept elsewhere too."""
    day, today = typed_day(cutoff, "材料截止日", "SNAPSHOT-CUTOFF"), system.settings.today()
    if day is None:
        raise ShijiError("SNAPSHOT-CUTOFF", "请填写材料截止日", f"{year}年", "例如 2025-01-20。")
    with system.database.write() as session:
        made = make_snapshot(session, viewer, year, day, today)
        audit.record(
            session, viewer, "snapshot-make", "snapshot", str(made.id), detail={"year": year, "sha256": made.sha256}
        )
        return made


def check_snapshot(system: System, viewer: Viewer, snapshot_id: int) -> Recomputed:
    """Compute a snapshot again and record whether it came out the same."""
    with system.database.write() as session:
        found = recompute(session, snapshot_id)
        audit.record(
            session, viewer, "snapshot-check", "snapshot", str(snapshot_id),
            detail={"same": found.same, "sha256": found.sha256},
        )  # fmt: skip
        return found


def read_package(system: System, viewer: Viewer, package_id: int) -> PackagePage:
    """A package with contradictions and judgements; the reading is recorded under the team."""
    with system.database.write() as session:
        package = get_package(session, viewer, package_id)
        found = beside.contradictions(session, viewer, package.snapshot.id, package.team.id)
        audit.record(session, viewer, "package-read", "team", package.team.id, detail={"package": package_id})
        return PackagePage(
            package, found, judgements(session, viewer, package_id), has_read(session, viewer, package_id)
        )


def export_package(system: System, viewer: Viewer, package_id: int) -> tuple[str, bytes]:
    """File name and bytes of a package in Word; the export is recorded with its hash."""
    with system.database.write() as session:
        package = get_package(session, viewer, package_id)
        section = session.scalar(select(Zone.section).where(Zone.id == package.team.zone_id)) or "考核办"
        draft = "" if package.confirmed_by else "（草拟）"
        data = package_docx(package, system.settings.today(), section, f"编号：ZJ-{package_id:06d}{draft}")
        _exported(session, viewer, "package", str(package_id), data)
    return f"定性证据包-{package.team.short}-{package.snapshot.year}{draft}.docx", data


def export_form(system: System, viewer: Viewer, cadre_id: str, year: int) -> tuple[str, bytes]:
    """年度考核登记表 of a cadre with its header filled; the purpose 考核 is recorded."""
    with system.database.write() as session:
        header = form_header(session, viewer, cadre_id, year, system.settings.today())
        data = form_docx(header)
        _exported(session, viewer, "grade-form", cadre_id, data, "考核")
    return f"年度考核登记表-{header.name}-{year}.docx", data


def export_inspection(system: System, viewer: Viewer, cadre_id: str, reason: str) -> tuple[str, bytes]:
    """考察事实清单 of a cadre: facts with sources only. Kept nowhere; the purpose 考察 stands in the audit log."""
    with system.database.write() as session:
        facts = inspection_facts(session, viewer, cadre_id, system.settings.today())
        data = inspection_docx(facts, "")
        purpose = f"{PURPOSE}：{reason.strip()[:100]}" if reason.strip() else PURPOSE
        _exported(session, viewer, "inspection-facts", cadre_id, data, purpose)
    return f"考察事实清单-{facts.name}-{facts.made_on}.docx", data


def draft_product(system: System, person: SignedIn, package_id: int) -> Product:
    """A package as a draft in 文稿中心."""
    with system.database.read() as session:
        package = get_package(session, person.viewer, package_id)
        content = package_product(session, package, system.settings.today())
        wanted = Wanted("package", str(package.snapshot.year), package.team.id, ref=package.id)
    return producing.open_draft(system, person, content, wanted)


def _exported(session: Session, viewer: Viewer, kind: str, object_id: str, data: bytes, purpose: str = "") -> None:
    audit.record(session, viewer, "export", kind, object_id, purpose, {"sha256": hashlib.sha256(data).hexdigest()})
