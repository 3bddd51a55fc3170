"""Take a bundle into the inner zone (R-11): its sources become known here, its documents are kept with originals."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from collector.bundles import Bundle, open_bundle
from collector.deliver import Taken, take
from collector.errors import CollectorError
from collector.keep import Reading
from collector.port import Delivery, Piece
from collector.rhythm import learn
from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Source, Team, now

MIRROR = "mirror"
DAY_MINUTES = 24 * 60


def import_bundle(database: Database, archive: Archive, keys: Path, file: Path, by: str = "") -> Taken:
    """Import one bundle; importing it again adds nothing. ``by``: id of the source that brought it, for failures.

    Raises CollectorError BUNDLE-* before anything is written when the bundle is not wholly right.
    """
    with open_bundle(file, keys) as bundle:
        ids = register_mirrors(database, bundle.manifest.get("sources", []), file.name)

        def pieces() -> Iterator[Piece]:
            return _pieces(bundle, ids)

        return take(database, archive, by or _first(ids, file.name), Delivery(file.name, pieces))


def bundle_delivery(database: Database, keys: Path, file: Path, done: Callable[[ShijiError | None], None]) -> Delivery:
    """A bundle as a delivery: opened, checked and registered when its pieces are asked for."""

    def pieces() -> Iterator[Piece]:
        with open_bundle(file, keys) as bundle:
            yield from _pieces(bundle, register_mirrors(database, bundle.manifest.get("sources", []), file.name))

    return Delivery(file.name, pieces, done, shows=False)


def register_mirrors(database: Database, rows: Any, where: str) -> frozenset[str]:
    """Sources of the outer zone that are unknown here are registered as 外区转入; their health is taken over.

    A source that is registered here otherwise stays as it is. Returns the ids of the bundle's sources.
    """
    ids: set[str] = set()
    with database.write() as session:
        for row in rows if isinstance(rows, list) else []:
            values = _source(row, where)
            owner = values.pop("owner_team")
            ids.add(values["id"])
            source = session.get(Source, values["id"])
            if source is None:
                owner = owner if owner and session.get(Team, owner) else None
                session.add(Source(**values, owner_team_id=owner))
            elif source.kind == MIRROR:
                for name in ("name", "last_success_at", "last_new_at", "failures"):
                    setattr(source, name, values[name])
                source.rhythm = learn(session, source.id, now()).as_dict()
    return frozenset(ids)


def _pieces(bundle: Bundle, ids: frozenset[str]) -> Iterator[Piece]:
    name = bundle.box.name
    for row in bundle.documents():
        try:
            if row["source"] not in ids:
                raise KeyError(row["source"])
            reading = Reading(
                kind=str(row["kind"]), title=str(row["title"]), text=str(row["text"]), author=str(row["author"]),
                editor=str(row["editor"]), origin=str(row["origin"]), published_at=row["published_at"],
                confidence=float(row["confidence"]), warnings=tuple(str(w) for w in row["warnings"]),
            )  # fmt: skip
            yield Piece(
                url=str(row["url"]), data=bundle.original(str(row["sha256"])), kind=reading.kind,
                name=str(row["name"]), status=int(row["status"]),
                headers={**row["headers"], "x-bundle": name, "x-bundle-key": bundle.key},
                fetched_at=datetime.fromisoformat(row["fetched_at"]), final_url=str(row["final_url"]),
                reading=reading, source_id=str(row["source"]),
            )  # fmt: skip
        except (KeyError, TypeError, ValueError, AttributeError) as bad:
            raise _format(name) from bad


def _source(row: Any, where: str) -> dict[str, Any]:
    try:
        moments = {
            name: datetime.fromisoformat(row[name]) if row[name] else None
            for name in ("last_success_at", "last_new_at")
        }
        return {
            "id": str(row["id"]), "name": str(row["name"]), "kind": MIRROR, "url": str(row["url"]),
            "level": str(row["level"]), "official": row["official"] is True, "permission": str(row["permission"]),
            # bundles come by the day at best: nothing is lost before that
            "every_minutes": max(DAY_MINUTES, int(row["every_minutes"])), "failures": int(row["failures"]),
            "enabled": row["enabled"] is True, "owner_team": str(row["owner_team"]),
            "config": {"outer_kind": str(row["kind"])}, **moments,
        }  # fmt: skip
    except (KeyError, TypeError, ValueError) as bad:
        raise _format(where) from bad


def _first(ids: frozenset[str], where: str) -> str:
    if not ids:
        raise _format(where)
    return min(ids)


def _format(where: str) -> ShijiError:
    return CollectorError("BUNDLE-FORMAT", "数据包内容格式有误", where, "请升级外区程序后重新导出。")
