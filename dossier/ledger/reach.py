"""Who may read and write the ledger: reading moves with the person's file, writing stays with 考核 and 监督."""

from __future__ import annotations

from datetime import date

from sqlalchemy.orm import Session

from dossier.scope import Viewer, get_cadre
from storage.errors import ShijiError
from storage.tables import Cadre, LedgerEntry

READERS = ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN")
WRITERS = ("KH",)


def require(viewer: Viewer, what: str, *roles: str) -> None:
    """Refuse other roles. Raises RIGHTS-ROLE."""
    if viewer.role not in roles:
        raise ShijiError("RIGHTS-ROLE", f"当前角色不能{what}", viewer.role, "请由有权的同志办理。")


def reached_cadre(session: Session, viewer: Viewer, cadre_id: str, today: date) -> Cadre:
    """The person, where the viewer may read the ledger. Raises RIGHTS-ROLE, RIGHTS-RECUSAL, CADRE-UNKNOWN."""
    require(viewer, "查看业绩责任记实", *READERS)
    if viewer.role != "SUP":
        return get_cadre(session, viewer, cadre_id, today)
    if cadre_id in viewer.recused_cadres:
        raise ShijiError("RIGHTS-RECUSAL", "回避：您与该干部存在回避情形", cadre_id, "请由他人办理。")
    cadre = session.get(Cadre, cadre_id)
    if cadre is None:
        raise ShijiError("CADRE-UNKNOWN", "没有找到该干部", cadre_id, "请从业绩责任记实进入。")
    return cadre


def reached_entry(session: Session, viewer: Viewer, entry_id: int, today: date) -> LedgerEntry:
    """An entry the viewer may read. Raises LEDGER-UNKNOWN and what `reached_cadre` raises."""
    row = session.get(LedgerEntry, entry_id)
    if row is None:
        raise ShijiError("LEDGER-UNKNOWN", "没有这条记实", str(entry_id), "请从业绩责任记实进入。")
    reached_cadre(session, viewer, row.cadre_id, today)
    if row.team_id in viewer.recused_teams:
        raise ShijiError("RIGHTS-RECUSAL", "回避：记实涉及您应回避的班子", str(entry_id), "请由他人办理。")
    return row
