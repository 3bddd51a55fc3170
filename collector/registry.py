"""The register of sources: what may be collected, on whose permission, how gently (R-10).

Nothing outside it is ever fetched: a source names its hosts, and links that lead elsewhere are refused.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.fetch import host_key
from collector.kinds import kinds
from collector.port import wrong
from storage.tables import Source, Team
from storage.yaml_text import load_yaml

LEVELS = ("中央", "省", "市", "区县", "部门", "单位报送")
ROBOTS = ("遵守", "已获授权")  # 已获授权: the site's owner permits collection, stated under `permission`
_FIELDS = {
    "id", "name", "kind", "url", "level", "owner_team", "official", "permission", "robots", "rate_seconds",
    "every_minutes", "enabled", "config",
}  # fmt: skip
_CONFIG = {"hosts", "recheck_days", "quiet_days"}  # and what the kind knows besides
_ID = re.compile(r"[^\s./\\\x00-\x1f][^\s/\\\x00-\x1f]{0,79}")
REPORT_SOURCES = {"inbox": ("收件文件夹", "folder"), "upload": ("网页上传", "upload")}


def load_sources(path: Path) -> dict[str, Any]:
    """The YAML file of sources (``sources:`` with one mapping each), parsed but not yet judged."""
    try:
        data = load_yaml(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as bad:
        raise CollectorError("SOURCE-FILE", f"来源登记文件无法读取：{bad}", path.name, "请检查文件。") from bad
    if not isinstance(data, dict):
        raise wrong("SOURCE-FILE", "来源登记文件应含 sources 列表", path.name)
    return data


def register_sources(session: Session, data: Mapping[str, Any]) -> list[str]:
    """Add or update the sources in ``data["sources"]``; returns their ids in order.

    What a source has learned (validators, failures, due time) is kept unless its address changed. Teams named
    as owners must exist. Raises CollectorError SOURCE-* naming the row; then nothing should be committed.
    """
    rows = data.get("sources")
    if not isinstance(rows, list):
        raise wrong("SOURCE-FILE", "来源登记文件应含 sources 列表", "sources")
    ids: list[str] = []
    for number, row in enumerate(rows, 1):
        values = judged(row, f"第 {number} 个来源")
        if values["id"] in ids:
            raise wrong("SOURCE-DOUBLE", f"来源编号重复：{values['id']}", f"第 {number} 个来源")
        ids.append(_put(session, values))
    session.flush()
    return ids


def ensure_report_sources(session: Session) -> None:
    """The two sources of submitted reports exist."""
    for source_id, (name, kind) in REPORT_SOURCES.items():
        if session.get(Source, source_id) is None:
            session.add(Source(id=source_id, name=name, kind=kind, level="单位报送", permission="单位依职责报送"))
    session.flush()


def visited_kinds() -> tuple[str, ...]:
    """Kinds that are visited on schedule; the inbox is looked at besides, uploads come by themselves."""
    return tuple(name for name, kind in kinds().items() if kind.items is not None)


def is_visited(source: Source) -> bool:
    """Whether visits are made to this source when it is switched on."""
    return source.kind in visited_kinds() and source.id not in REPORT_SOURCES


def visited_sources(session: Session) -> list[Source]:
    """Enabled sources that are visited, by id."""
    rows = session.scalars(
        select(Source)
        .where(Source.enabled.is_(True), Source.kind.in_(visited_kinds()), Source.id.not_in(REPORT_SOURCES))
        .order_by(Source.id)
    )
    return list(rows)


def lane(source: Source) -> str:
    """What is visited by one worker at a time: the host, or the source itself where it has none."""
    return host_key(source.url) if kinds()[source.kind].web else f"{source.kind}:{source.id}"


def _put(session: Session, values: dict[str, Any]) -> str:
    owner = values.pop("owner_team")
    where = values["id"]
    if owner and session.get(Team, owner) is None:
        raise wrong("SOURCE-TEAM", f"主办班子不在名册中：{owner}", where)
    source = session.get(Source, where)
    if source is None:
        session.add(Source(**values, owner_team_id=owner or None))
        return str(where)
    if source.url != values["url"] or source.kind != values["kind"]:
        source.etag = source.last_modified = source.body_sha256 = ""
        source.next_due_at = None
    for name, value in values.items():
        setattr(source, name, value)
    source.owner_team_id = owner or None
    return str(where)


def judged(row: Any, where: str) -> dict[str, Any]:
    """One row with its defaults filled in, every field judged. Raises CollectorError SOURCE-*, FETCH-URL, MAIL-URL."""
    if not isinstance(row, dict):
        raise wrong("SOURCE-ROW", "来源应为键值形式", where)
    where = f"{where}（{row.get('id', '未编号')}）"
    unknown = set(row) - _FIELDS
    if unknown:
        raise wrong("SOURCE-FIELD", f"不认识的字段：{'、'.join(sorted(map(str, unknown)))}", where)
    for name in ("id", "name", "kind"):
        if not isinstance(row.get(name), str) or not row[name].strip():
            raise wrong("SOURCE-FIELD", f"缺少字段 {name}", where)
    values: dict[str, Any] = {
        "id": row["id"].strip(),
        "name": row["name"].strip(),
        "kind": _one_of(row["kind"], tuple(kinds()), "kind", where),
        "url": str(row.get("url") or ""),
        "level": _one_of(row.get("level", "市"), LEVELS, "level", where),
        "owner_team": str(row.get("owner_team") or ""),
        "official": _flag(row.get("official", False), "official", where),
        "permission": str(row.get("permission") or ""),
        "robots": _one_of(row.get("robots", "遵守"), ROBOTS, "robots", where),
        "rate_seconds": _number(row.get("rate_seconds", 5.0), 0.0, 3600.0, "rate_seconds", where),
        "every_minutes": int(_number(row.get("every_minutes", 60), 1, 7 * 24 * 60, "every_minutes", where)),
        "enabled": _flag(row.get("enabled", True), "enabled", where),
    }
    kind = kinds()[values["kind"]]
    if not _ID.fullmatch(values["id"]):
        raise wrong("SOURCE-FIELD", "id 不能含空格和斜线，也不能以点开头", where)
    values["config"] = _config(row.get("config") or {}, kind.options, where)
    if kind.web:
        host_key(values["url"])  # raises FETCH-URL
        if not values["permission"]:
            raise wrong("SOURCE-PERMISSION", "缺少采集依据（permission）", where)
    kind.check(values, where)
    if values["robots"] == "已获授权" and not values["permission"]:
        raise wrong("SOURCE-PERMISSION", "robots 为“已获授权”时须写明授权依据", where)
    return values


def _config(config: Any, options: frozenset[str], where: str) -> dict[str, Any]:
    if not isinstance(config, dict) or set(config) - _CONFIG - options:
        raise wrong("SOURCE-CONFIG", f"config 只能含：{'、'.join(sorted(_CONFIG | options))}", where)
    hosts = config.get("hosts", [])
    if not isinstance(hosts, list) or not all(isinstance(host, str) and host for host in hosts):
        raise wrong("SOURCE-CONFIG", "config.hosts 应为主机名列表", where)
    for name, low, high in (("max_pages", 1, 500), ("recheck_days", 0, 365), ("quiet_days", 1, 365)):
        if name in config:
            _number(config[name], low, high, f"config.{name}", where)
    return dict(config)


def _one_of(value: Any, allowed: tuple[str, ...], name: str, where: str) -> str:
    if value not in allowed:
        raise wrong("SOURCE-FIELD", f"{name} 应为：{'、'.join(allowed)}", where)
    return str(value)


def _flag(value: Any, name: str, where: str) -> bool:
    if not isinstance(value, bool):
        raise wrong("SOURCE-FIELD", f"{name} 应为 true 或 false", where)
    return value


def _number(value: Any, low: float, high: float, name: str, where: str) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not low <= value <= high:
        raise wrong("SOURCE-FIELD", f"{name} 应在 {low:g} 到 {high:g} 之间", where)
    return float(value)
