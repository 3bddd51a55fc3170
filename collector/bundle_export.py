"""Write a signed bundle of what the outer zone collected (R-11)."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from collector.bundle_keys import key_id, signing_key
from collector.bundles import DOCUMENTS, FORMAT, LARGEST_FILE, MANIFEST, SIGNATURE
from collector.dates import SHANGHAI
from collector.errors import CollectorError
from storage.archive import Archive
from storage.database import Database
from storage.tables import Capture, Document, Quarantine, Source, now

MOST_DOCUMENTS = 20_000  # of one bundle
_SOURCE = ("id", "name", "kind", "url", "level", "official", "permission", "every_minutes")


@dataclass(frozen=True)
class Exported:
    """``last``: id of the last document, to go on from; ``more``: there are further ones."""

    documents: int
    originals: int
    last: int
    more: bool
    key: str


def export_bundle(
    database: Database, archive: Archive, keys: Path, file: Path, after: int = 0, most: int = MOST_DOCUMENTS
) -> Exported:
    """Write the documents with an id above ``after`` to the new zip ``file``. Quarantined ones stay out.

    Raises BUNDLE-KEY, BUNDLE-EXISTS. The file appears whole or not at all.
    """
    key = signing_key(keys)
    if file.exists():
        raise CollectorError("BUNDLE-EXISTS", "文件已存在", file.name, "请换一个文件名。")
    partial = file.with_name(f".{file.name}.partial")
    files: dict[str, dict[str, Any]] = {}
    count, last, more = 0, after, False
    try:
        with database.read() as session, zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as box:
            lines: list[bytes] = []
            for document, capture in _documents(session, after, most + 1):
                if count == most:
                    more = True
                    break
                name = f"originals/{capture.sha256}"
                if name not in files:
                    data = archive.get(capture.sha256)
                    if len(data) > LARGEST_FILE:
                        raise CollectorError("BUNDLE-SIZE", "原件过大", capture.url, "请另行移交该件。")
                    _add(box, files, name, data)
                lines.append(json.dumps(_row(document, capture), ensure_ascii=False).encode() + b"\n")
                count, last = count + 1, document.id
            _add(box, files, DOCUMENTS, b"".join(lines))
            sources = [_source(s) for s in session.scalars(select(Source).order_by(Source.id))]
            manifest = {
                "format": FORMAT, "created_at": now().isoformat(timespec="seconds"), "after": after, "last": last,
                "documents": count, "sources": sources,
                "files": files,
            }  # fmt: skip
            signed = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True).encode()
            box.writestr(MANIFEST, signed)
            box.writestr(SIGNATURE, key.sign(signed).hex() + "\n")
        os.replace(partial, file)
    finally:
        partial.unlink(missing_ok=True)
    return Exported(count, len(files) - 1, last, more, key_id(key.public_key()))


def _documents(session: Session, after: int, most: int) -> Iterator[tuple[Document, Capture]]:
    tombstones = select(Quarantine.sha256)
    rows = session.execute(
        select(Document, Capture)
        .join(Capture, Document.capture_id == Capture.id)
        .where(Document.id > after, Document.stage != "quarantined", Capture.sha256.not_in(tombstones))
        .order_by(Document.id)
        .limit(most)
    )
    return ((document, capture) for document, capture in rows)


def _add(box: zipfile.ZipFile, files: dict[str, dict[str, Any]], name: str, data: bytes) -> None:
    box.writestr(name, data)
    files[name] = {"sha256": hashlib.sha256(data).hexdigest(), "size": len(data)}


def _row(document: Document, capture: Capture) -> dict[str, Any]:
    moment = document.published_at
    shown = moment.astimezone(SHANGHAI) if moment else None
    day_only = document.published_precision == "day"
    return {
        "source": document.source_id, "url": document.url, "final_url": capture.final_url, "name": capture.name,
        "fetched_at": capture.fetched_at.isoformat(), "status": capture.status, "headers": capture.headers,
        "sha256": capture.sha256, "kind": document.kind, "title": document.title, "author": document.author,
        "editor": document.editor, "origin": document.origin, "text": document.text,
        "published_at": (shown.date().isoformat() if day_only else shown.isoformat()) if shown else None,
        "confidence": document.confidence, "warnings": document.warnings,
    }  # fmt: skip


def _source(source: Source) -> dict[str, Any]:
    moments = {"last_success_at": source.last_success_at, "last_new_at": source.last_new_at}
    return {
        **{name: getattr(source, name) for name in _SOURCE}, "owner_team": source.owner_team_id or "",
        "enabled": source.enabled, "failures": source.failures,
        **{name: moment.isoformat() if moment else None for name, moment in moments.items()},
    }  # fmt: skip
