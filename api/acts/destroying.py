"""Steps of a 销毁清册 with their audit entries (R-43); the files go last inside the one transaction."""

from __future__ import annotations

from api.access import audit
from api.acts.performing import perform
from api.system import System
from dossier.clearing import destruction
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import DestructionList


def prepare(system: System, viewer: Viewer) -> DestructionList:
    """List all that is due."""
    today = system.settings.today()
    return perform(
        system, viewer, "destruction-prepare", "destruction-list", "", lambda s, v: destruction.prepare(s, v, today)
    )


def step(system: System, viewer: Viewer, list_id: int, name: str, agree: bool, note: str) -> DestructionList:
    """check, sign or carry-out. Raises ACTION-UNKNOWN."""
    today = system.settings.today()
    if name == "carry-out":
        return _carry_out(system, viewer, list_id)
    acts = {"check": destruction.check, "sign": destruction.sign}
    if name not in acts:
        raise ShijiError("ACTION-UNKNOWN", f"没有这项操作：{name[:20]}", str(list_id), "")
    return perform(
        system, viewer, f"destruction-{name}", "destruction-list", str(list_id),
        lambda s, v: acts[name](s, v, list_id, agree, today, note), {"agree": agree},
    )  # fmt: skip


def _carry_out(system: System, viewer: Viewer, list_id: int) -> DestructionList:
    with system.database.write() as session:
        # the audit entry first: the deletion of the files must be the last thing before the commit
        audit.record(session, viewer, "destruction-carry-out", "destruction-list", str(list_id))
        row = destruction.carry_out(
            session, viewer, system.archive, system.warc, list_id, system.settings.today()
        )  # fmt: skip
        session.expunge(row)
        return row
