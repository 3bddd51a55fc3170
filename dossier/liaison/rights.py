"""Who keeps zones and who enters contacts (domain.md §1.11 a, §2.7)."""

from __future__ import annotations

from sqlalchemy.orm import Session

from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Zone

READERS = frozenset({"OFF", "HEAD", "KH", "DEP", "MIN"})
WRITERS = frozenset({"OFF", "HEAD"})
KEEPERS = frozenset({"HEAD", "KH"})


def require(viewer: Viewer, roles: frozenset[str]) -> None:
    """Raises RIGHTS-ROLE."""
    if viewer.role not in roles:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能办理分片联系", viewer.role, "请联系处室负责人。")


def get_zone(session: Session, viewer: Viewer, zone_id: str) -> Zone:
    """A zone of the viewer's. Raises ZONE-UNKNOWN, in the same words whether it exists or not."""
    zone = session.get(Zone, zone_id)
    if zone is None or (viewer.zones is not None and zone_id not in viewer.zones):
        raise ShijiError("ZONE-UNKNOWN", "没有这个联系片，或不在您的联系范围", zone_id[:20], "请从分片联系进入。")
    return zone


def require_zones(viewer: Viewer, *zone_ids: str) -> None:
    """A keeper whose zones hold all of these (考核办: all). Raises RIGHTS-ROLE, RIGHTS-ZONE."""
    require(viewer, KEEPERS)
    if viewer.zones is not None and not set(zone_ids) <= viewer.zones:
        raise ShijiError("RIGHTS-ZONE", "涉及您联系范围以外的联系片", "、".join(zone_ids), "请由考核办办理。")
