"""Reading dossiers, each reading with its audit entry, for pages and JSON alike (R-02)."""

from __future__ import annotations

from api.access import audit
from api.access.accounts import SignedIn
from api.system import System
from dossier.cadrefile import CadreFile, cadre_file
from dossier.scope import get_team
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
