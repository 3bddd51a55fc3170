"""Append-only, hash-chained audit log (R-44). A trigger in the database refuses changes as well."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from dossier.scope import Viewer
from storage.tables import AuditEntry, now

GENESIS = "0" * 64
_LOCK = 7205101  # PostgreSQL advisory lock: one writer of the chain at a time


@dataclass(frozen=True)
class ChainCheck:
    """Result of verifying the chain: `broken_at` is the id of the first entry that does not fit, `head` the hash of
    the last entry, `anchored` whether the entry whose hash was kept elsewhere still stands in it."""

    entries: int
    broken_at: int | None
    head: str
    anchored: bool


def record(
    session: Session, viewer: Viewer | None, action: str, object_kind: str = "", object_id: str = "", purpose: str = "",
    detail: dict[str, Any] | None = None, login: str = "",
) -> AuditEntry:  # fmt: skip
    """Add one entry in the caller's write transaction, so that an act and its record stand or fall together."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(text(f"SELECT pg_advisory_xact_lock({_LOCK})"))
    session.flush()
    previous = session.scalar(select(AuditEntry.hash).order_by(AuditEntry.id.desc()).limit(1)) or GENESIS
    entry = AuditEntry(
        at=now(), user_id=viewer.user_id if viewer else None, login=viewer.login if viewer else login, action=action,
        object_kind=object_kind, object_id=object_id, purpose=purpose, detail=detail or {}, previous=previous, hash="",
    )  # fmt: skip
    entry.hash = entry_hash(entry)
    session.add(entry)
    session.flush()
    return entry


def entry_hash(entry: AuditEntry) -> str:
    """SHA-256 over the previous hash and every field."""
    fields = [
        entry.previous, _moment(entry.at), str(entry.user_id or ""), entry.login, entry.action, entry.object_kind,
        entry.object_id, entry.purpose, json.dumps(entry.detail, ensure_ascii=False, sort_keys=True),
    ]  # fmt: skip
    return hashlib.sha256("\x1f".join(fields).encode()).hexdigest()


def verify_chain(session: Session, anchor: str = GENESIS) -> ChainCheck:
    """Recompute every hash and link, and look for the entry with the hash `anchor`.

    A chain cut at its end, or written anew as a whole, is sound in itself: only a hash kept elsewhere tells.
    """
    previous, count, anchored = GENESIS, 0, anchor == GENESIS
    for entry in session.scalars(select(AuditEntry).order_by(AuditEntry.id).execution_options(yield_per=1000)):
        count += 1
        if entry.previous != previous or entry.hash != entry_hash(entry):
            return ChainCheck(count, entry.id, previous, anchored)
        previous = entry.hash
        anchored = anchored or entry.hash == anchor
    return ChainCheck(count, None, previous, anchored)


def _moment(value: datetime) -> str:
    return f"{value:%Y-%m-%dT%H:%M:%S.%f}"
