"""Adding to the register of sources: look at an address, preview what would come in, save; files in and out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import yaml
from sqlalchemy.orm import Session

from api.access import audit
from api.system import System
from collector.port import Places
from collector.preview import Preview, preview
from collector.propose import propose
from collector.registry import ensure_report_sources, judged, register_sources
from collector.registry_files import Change, changes, read_register, to_opml, to_yaml
from collector.schedule import open_client
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Source
from storage.yaml_text import load_yaml

FORMATS = {"yaml": ("application/yaml", to_yaml), "opml": ("text/x-opml", to_opml)}
PAGES = {"new", "coverage", "collect", "progress", "export", "import", "propose", "preview"}  # under /sources
DEFAULTS: dict[str, Any] = {
    "id": "", "name": "", "kind": "list", "url": "", "level": "市", "owner_team": "", "official": False,
    "permission": "", "robots": "遵守", "rate_seconds": 5.0, "every_minutes": 60, "enabled": True, "config": {},
}  # fmt: skip


def look(system: System, viewer: Viewer | None, url: str) -> dict[str, Any]:
    """A proposal for an address, with the defaults of a registration. Raises FETCH-*, PROPOSE-NONE, JSON-*."""
    _note(system, viewer, url)
    found = propose(open_client(system.settings), url.strip())
    return DEFAULTS | found


def try_out(system: System, viewer: Viewer | None, row: Mapping[str, Any]) -> Preview:
    """What a source would bring in; nothing is kept."""
    judged(dict(row), "待登记来源")
    _note(system, viewer, str(row.get("url") or row.get("id")))
    return preview(system.database, open_client(system.settings), row, Places.of(system.settings))


def add(system: System, viewer: Viewer, row: Mapping[str, Any]) -> str:
    """Register a further source; returns its id. Raises SOURCE-DOUBLE where the id is taken, and SOURCE-*."""
    with system.database.write() as session:
        if session.get(Source, str(row.get("id", "")).strip()) is not None:
            raise ShijiError("SOURCE-DOUBLE", f"来源编号已被使用：{row['id']}", "id", "请换一个编号。")
        (source_id,) = _checked(register_sources(session, {"sources": [dict(row)]}))
        audit.record(
            session, viewer, "source-add", "source", source_id,
            detail={"kind": str(row["kind"]), "url": str(row.get("url", ""))[:500]},
        )  # fmt: skip
    return source_id


def plan(session: Session, name: str, content: bytes) -> list[Change]:
    """What importing a register file would change; nothing is written. Raises SOURCE-*."""
    return changes(session, read_register(name, content))


def import_register(system: System, viewer: Viewer | None, name: str, content: bytes) -> list[str]:
    """Write a register file. Whatever it switches on or off is recorded source by source: nothing goes silently."""
    return write_register(system, viewer, name, read_register(name, content))


def write_register(system: System, viewer: Viewer | None, name: str, data: dict[str, Any]) -> list[str]:
    """Write the sources of ``data`` with their audit entries; returns their ids."""
    with system.database.write() as session:
        before = {source.id: source.enabled for source in session.query(Source)}
        ids = _checked(register_sources(session, data))
        ensure_report_sources(session)
        for source_id in ids:
            enabled = session.get_one(Source, source_id).enabled
            if before.get(source_id, enabled) != enabled:
                act = "source-enable" if enabled else "source-disable"
                audit.record(session, viewer, act, "source", source_id, detail={"reason": f"登记文件 {name}"})
        audit.record(session, viewer, "sources-import", "source", "", detail={"file": name, "sources": len(ids)})
    return ids


def export_register(system: System, viewer: Viewer | None, form: str) -> tuple[str, str]:
    """The register as text with its media type; ``form``: yaml or opml. Raises SOURCE-FORMAT."""
    if form not in FORMATS:
        raise ShijiError("SOURCE-FORMAT", "只能导出 YAML 或 OPML", form[:20], "")
    media, write = FORMATS[form]
    with system.database.write() as session:
        text = write(session)
        audit.record(session, viewer, "sources-export", "source", "", detail={"format": form})
    return text, media


def config_of(text: str) -> dict[str, Any]:
    """The settings a person typed, one ``name: value`` a line. Raises SOURCE-CONFIG."""
    try:
        found = load_yaml(text) if text.strip() else {}
    except yaml.YAMLError as bad:
        raise ShijiError("SOURCE-CONFIG", "读取设置应为每行一项“名称: 值”", "config", "请检查冒号和引号。") from bad
    if not isinstance(found, dict):
        raise ShijiError("SOURCE-CONFIG", "读取设置应为每行一项“名称: 值”", "config", "请检查冒号和引号。")
    return found


def config_text(config: Mapping[str, Any]) -> str:
    """The inverse of ``config_of``."""
    return str(yaml.safe_dump(dict(config), allow_unicode=True, sort_keys=False)) if config else ""


def _checked(ids: list[str]) -> list[str]:
    """Ids, none of which is the name of a page of ours. Raises SOURCE-FIELD."""
    for taken in PAGES.intersection(ids):
        raise ShijiError("SOURCE-FIELD", f"来源编号不能用 {taken}", "id", "请换一个编号。")
    return ids


def _note(system: System, viewer: Viewer | None, url: str) -> None:
    """An address that is not registered yet is looked at only by a named person."""
    with system.database.write() as session:
        audit.record(session, viewer, "source-preview", "source", "", detail={"url": url.strip()[:500]})
