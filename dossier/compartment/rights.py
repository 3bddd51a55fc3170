"""Who may do what in the compartment (domain.md §2.7): SUP keeps it, others read what they are named for."""

from __future__ import annotations

from sqlalchemy import ColumnElement, select, true
from sqlalchemy.orm import Session

from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import ImportantMatter, MatterReader

KEEPERS = frozenset({"SUP"})
NAMED = frozenset({"HEAD", "DEP", "MIN"})  # who may be named to read a matter
RECEIVERS = frozenset({"OFF", "HEAD", "SUP"})  # who gives a receipt; OFF sees no more than kind, unit and time
SUBMITTERS = frozenset({"UNIT", "SUP"})


def require(viewer: Viewer, roles: frozenset[str]) -> None:
    """Raises RIGHTS-ROLE."""
    if viewer.role not in roles:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能办理受控事项", viewer.role, "请由干部监督处办理。")


def readable(viewer: Viewer) -> ColumnElement[bool]:
    """Condition on ImportantMatter: all for SUP, else those the viewer is named for."""
    if viewer.role in KEEPERS:
        return true()
    named = select(MatterReader.matter_id).where(
        MatterReader.user_id == viewer.user_id, MatterReader.ended_at.is_(None)
    )
    return ImportantMatter.id.in_(named) if viewer.role in NAMED else ImportantMatter.id.is_(None)


def get_matter(session: Session, viewer: Viewer, matter_id: int, lock: bool = False) -> ImportantMatter:
    """A matter the viewer may read. Raises MATTER-UNKNOWN, in the same words whether it exists or not."""
    query = select(ImportantMatter).where(ImportantMatter.id == matter_id, readable(viewer))
    row = session.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise ShijiError("MATTER-UNKNOWN", "没有这一事项，或您不在指定阅看范围", "", "请联系干部监督处。")
    return row
