"""Uploads that were shown and wait for 确认: kept a day, tied to the session that sent them."""

from __future__ import annotations

import hashlib
import hmac
import time
from pathlib import Path

from api.accounts import SignedIn
from api.system import System
from storage.errors import ShijiError

KEPT_SECONDS = 24 * 3600


def hold(system: System, person: SignedIn, kind: str, data: bytes) -> str:
    """Keep bytes until confirmed; returns the ticket the form sends back."""
    folder = _folder(system)
    _sweep(folder)
    digest = hashlib.sha256(data).hexdigest()
    (folder / digest).write_bytes(data)
    return f"{digest}.{_seal(person, kind, digest)}"


def take(system: System, person: SignedIn, kind: str, ticket: str) -> bytes:
    """The bytes of a ticket this session was given for this kind of import. Raises PENDING-MISSING."""
    digest, _, seal = ticket.partition(".")
    file = _folder(system) / digest
    genuine = hmac.compare_digest(seal.encode(), _seal(person, kind, digest).encode())
    if not genuine or not file.is_file():
        raise ShijiError("PENDING-MISSING", "待确认的文件已失效", "", "请重新上传。")
    return file.read_bytes()


def release(system: System, ticket: str) -> None:
    """Forget the bytes of a ticket that was confirmed."""
    digest = ticket.partition(".")[0]
    if digest.isalnum():
        (_folder(system) / digest).unlink(missing_ok=True)


def _seal(person: SignedIn, kind: str, digest: str) -> str:
    return hmac.new(person.csrf.encode(), f"{kind}:{digest}".encode(), hashlib.sha256).hexdigest()


def _folder(system: System) -> Path:
    folder = system.settings.data / "pending"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _sweep(folder: Path) -> None:
    for file in folder.iterdir():
        if time.time() - file.stat().st_mtime > KEPT_SECONDS:
            file.unlink(missing_ok=True)
