"""The whole register as a file: YAML to keep and edit, OPML to exchange feeds with other readers. Both come back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from xml.etree.ElementTree import Element, ParseError, SubElement, indent, register_namespace, tostring

import yaml
from defusedxml.common import DefusedXmlException  # type: ignore[import-untyped]
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.errors import CollectorError
from collector.propose import source_id
from collector.registry import judged
from storage.tables import Source
from storage.yaml_text import load_yaml

FIELDS = (
    "id", "name", "kind", "url", "level", "owner_team", "official", "permission", "robots", "rate_seconds",
    "every_minutes", "enabled", "config",
)  # fmt: skip
LARGEST = 5 * 1024 * 1024
TO_BE_STATED = "待补充（由 OPML 导入）"
_SPACE = "urn:shiji:sources"


@dataclass(frozen=True)
class Change:
    """What importing would do to one source: ``what`` is 新增, 修改 or 不变; ``fields``: (name, before, after)."""

    id: str
    name: str
    what: str
    fields: tuple[tuple[str, str, str], ...] = ()


def rows_of(session: Session) -> list[dict[str, Any]]:
    """The register as import rows, by id. Sources that came by bundles are left out: their own zone registers them."""
    sources = session.scalars(select(Source).where(Source.kind != "mirror").order_by(Source.id))
    return [_row(source) for source in sources]


def to_yaml(session: Session) -> str:
    """The register as YAML, in the form ``load_sources`` reads."""
    text = yaml.safe_dump({"sources": rows_of(session)}, allow_unicode=True, sort_keys=False, width=120)
    return str(text)


def to_opml(session: Session) -> str:
    """The register as OPML 2.0; what OPML has no word for stands in attributes of our own name space."""
    register_namespace("shiji", _SPACE)
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = "采集来源"
    body = SubElement(root, "body")
    for row in rows_of(session):
        outline = SubElement(body, "outline", text=row["name"])
        if row["kind"] == "feed":
            outline.set("type", "rss")
            outline.set("xmlUrl", row["url"])
        for name in FIELDS:
            if name != "name":
                value = row[name]
                outline.set(
                    f"{{{_SPACE}}}{name}", value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
                )
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def read_register(name: str, content: bytes) -> dict[str, Any]:
    """A register file's data (``sources:`` list), by its content: OPML or YAML. Raises SOURCE-FILE."""
    if len(content) > LARGEST:
        raise _broken(name, "文件过大")
    try:
        text = content.decode("utf-8-sig")
        if text.lstrip().startswith("<"):
            return {"sources": _from_opml(text)}
        data = load_yaml(text)
    except (UnicodeDecodeError, yaml.YAMLError, ParseError, DefusedXmlException, ValueError) as bad:
        raise _broken(name, str(bad)[:200]) from bad
    if not isinstance(data, dict) or not isinstance(data.get("sources"), list):
        raise _broken(name, "应含 sources 列表")
    return data


def changes(session: Session, data: dict[str, Any]) -> list[Change]:
    """What importing ``data`` would change. Raises CollectorError SOURCE-* naming the row."""
    found = []
    for number, row in enumerate(data["sources"], 1):
        after = judged(row, f"第 {number} 个来源")
        source = session.get(Source, after["id"])
        before = _row(source) if source else {}
        fields = tuple(
            (name, _shown(before.get(name)), _shown(after[name])) for name in FIELDS if before.get(name) != after[name]
        )
        what = "新增" if source is None else "修改" if fields else "不变"
        found.append(Change(after["id"], after["name"], what, fields if source else ()))
    return found


def _row(source: Source) -> dict[str, Any]:
    values = {name: getattr(source, name) for name in FIELDS if name != "owner_team"}
    values["owner_team"] = source.owner_team_id or ""
    return {name: values[name] for name in FIELDS}


def _from_opml(text: str) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    taken: set[str] = set()
    for outline in fromstring(text).iter("outline"):
        own = {name: outline.get(f"{{{_SPACE}}}{name}") for name in FIELDS}
        title = outline.get("title") or outline.get("text") or ""
        if own["id"]:
            plain = ("id", "kind", "url", "level", "owner_team", "permission", "robots")
            rows.append(
                {"name": title}
                | {
                    name: value if name in plain else json.loads(value)
                    for name, value in own.items()
                    if value is not None
                }
            )
        elif outline.get("xmlUrl"):
            url = str(outline.get("xmlUrl"))
            # an id is made up, and nothing is fetched before somebody states the permission and switches it on
            number, base = 1, source_id(url)
            name = base
            while name in taken:
                number += 1
                name = f"{base}-{number}"
            rows.append(
                {
                    "id": name,
                    "name": title or name,
                    "kind": "feed",
                    "url": url,
                    "permission": TO_BE_STATED,
                    "enabled": False,
                }
            )
        else:
            continue
        taken.add(str(rows[-1]["id"]))
    return rows


def _shown(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, sort_keys=True)


def _broken(name: str, why: str) -> CollectorError:
    return CollectorError("SOURCE-FILE", f"来源登记文件无法读取：{why}", name, "请检查文件。")
