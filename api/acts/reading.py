"""Reading dossiers, each reading with its audit entry, for pages and JSON alike (R-02)."""

from __future__ import annotations

import hashlib

from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.acts.sealing import moment
from api.system import System
from appraisal.dossier_sections import cadre_sections, team_sections
from dossier.brief_words import post_name
from dossier.cadrefile import CadreFile, cadre_file
from dossier.dossier_docx import Cover, dossier_docx
from dossier.scope import get_team
from dossier.teamfile import team_file, zone_names
from storage.errors import ShijiError


def read_cadre_file(
    system: System, person: SignedIn, cadre_id: str, purpose: str, reason: str = "", with_open: bool = False
) -> CadreFile:
    """Read the dossier and record that it was read, in one transaction: no reading without its record."""
    if with_open and not reason.strip():
        raise ShijiError("OPEN-REASON", "查看待核实条目须写明理由", cadre_id, "请填写理由。")
    with system.database.write() as session:
        file = cadre_file(session, person.viewer, cadre_id, system.settings.today(), with_open)
        action = "cadre-open-unverified" if with_open else "cadre-open"
        detail = {"reason": reason.strip()} if with_open else {}
        audit.record(session, person.viewer, action, "cadre", cadre_id, purpose, detail)
        return file


def record_open(system: System, person: SignedIn, team_id: str, reason: str) -> None:
    """Audit that unverified items of a team were looked at, and why. Raises OPEN-REASON."""
    if not reason.strip():
        raise ShijiError("OPEN-REASON", "查看待核实条目须写明理由", team_id, "请填写理由。")
    with system.database.write() as session:
        get_team(session, person.viewer, team_id)
        audit.record(session, person.viewer, "team-open-unverified", "team", team_id, reason.strip())


def team_dossier(system: System, person: SignedIn, team_id: str) -> tuple[str, bytes]:
    """一班一档 in Word with cover and contents; handed out, recorded by its hash, stored nowhere (R-42)."""
    today = system.settings.today()
    with system.database.write() as session:
        file = team_file(session, person.viewer, team_id, today)
        zone = dict(zone_names(session, {file.team.zone_id})).get(file.team.zone_id, file.team.zone_id)
        facts = (("类别", file.team.category_id), ("联系片", zone))
        cover = Cover("一班一档", file.team.full, facts, person.viewer.name, moment(system))
        data = dossier_docx(cover, team_sections(session, person.viewer, file, today))
        _exported(session, person, "team", team_id, data)
    return f"一班一档-{file.team.short}-{today}.docx", data


def cadre_dossier(system: System, person: SignedIn, cadre_id: str, purpose: str) -> tuple[str, bytes]:
    """一人一档 (工作信息档) in Word; the purpose stands on its cover and in the log (R-02). Raises CADRE-PURPOSE."""
    if not purpose:
        raise ShijiError("CADRE-PURPOSE", "请先说明查阅用途", cadre_id, "请从干部档重新进入。")
    today = system.settings.today()
    with system.database.write() as session:
        file = cadre_file(session, person.viewer, cadre_id, today)
        posts = "；".join(post_name(t) for t in file.tenures if t.current) or "现无任职记录"
        cover = Cover(
            "一人一档",
            file.cadre.name,
            (("现任职务", posts), ("查阅用途", purpose)),
            person.viewer.name,
            moment(system),
        )
        data = dossier_docx(cover, cadre_sections(session, person.viewer, file, today))
        _exported(session, person, "cadre", cadre_id, data, purpose)
    return f"一人一档-{file.cadre.name}-{today}.docx", data


def _exported(session: Session, person: SignedIn, kind: str, key: str, data: bytes, purpose: str = "") -> None:
    detail = {"sha256": hashlib.sha256(data).hexdigest()}
    audit.record(session, person.viewer, "export", kind, key, purpose, detail)
