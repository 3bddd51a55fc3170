"""Uploads that were shown and wait for 确认: kept a day, tied to the session that sent them."""

from __future__ import annotations

import hashlib
import secrets
import time
from pathlib import Path

from api.access.accounts import SignedIn
from api.system import System
from storage.errors import ShijiError

KEPT_SECONDS = 24 * 3600


def hold(system: System, person: SignedIn, kind: str, data: bytes) -> str:
    """Keep bytes until confirmed; returns the ticket the form sends back."""
    folder = _folder(system)
    _sweep(folder)
    ticket = secrets.token_urlsafe(24)
    (folder / _name(person, kind, ticket)).write_bytes(data)
    return ticket


def take(system: System, person: SignedIn, kind: str, ticket: str) -> bytes:
    """The bytes of a ticket this session was given for this kind of import. Raises PENDING-MISSING."""
    file = _folder(system) / _name(person, kind, ticket)
    if not file.is_file():
        raise ShijiError("PENDING-MISSING", "待确认的文件已失效", "", "请重新上传。")
    return file.read_bytes()


def release(system: System, person: SignedIn, kind: str, ticket: str) -> None:
    """Forget the bytes of a ticket that was confirmed."""
    (_folder(system) / _name(person, kind, ticket)).unlink(missing_ok=True)


def _name(person: SignedIn, kind: str, ticket: str) -> str:
    """File name: only whoever has the ticket, in the session and for the kind it was given for, finds the file."""
    return hashlib.sha256("\n".join((person.token_sha256, kind, ticket)).encode()).hexdigest()


def _folder(system: System) -> Path:
    folder = system.settings.data / "pending"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    for file in folder.iterdir():
        if time.time() - file.stat().st_mtime > KEPT_SECONDS:
            file.unlink(missing_ok=True)
