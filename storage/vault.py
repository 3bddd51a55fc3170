"""The key of the restricted compartment and what is sealed with it (R-04).

The key is a file of its own: not in the database and not in its backup. Without it sealed values stay closed for ever,
so it is copied apart from the backups (docs/daily-systems.md). A missing key is made anew only while nothing is sealed.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from storage.errors import ShijiError

_NONCE = 12


@dataclass(frozen=True)
class Vault:
    """Seals and opens values, and marks ids, with one 256-bit key."""

    key: bytes

    @property
    def key_id(self) -> str:
        """Sixteen hexadecimal digits by which people and rows name the key."""
        return hashlib.sha256(b"shiji-compartment" + self.key).hexdigest()[:16]

    def seal(self, place: str, values: dict[str, Any]) -> str:
        """AES-256-GCM over JSON; `place` (table) is bound to it, so that a text cannot be moved to another table."""
        nonce = os.urandom(_NONCE)
        data = json.dumps(values, ensure_ascii=False, sort_keys=True).encode()
        return base64.b64encode(nonce + AESGCM(self.key).encrypt(nonce, data, place.encode())).decode("ascii")

    def open(self, place: str, sealed: str) -> dict[str, Any]:
        """The values. Raises MATTER-KEY where key, place or text do not fit; the text is never shown."""
        try:
            raw = base64.b64decode(sealed, validate=True)
            found: dict[str, Any] = json.loads(AESGCM(self.key).decrypt(raw[:_NONCE], raw[_NONCE:], place.encode()))
        except (InvalidTag, ValueError) as bad:
            raise _bad_key("受控内容无法解开，密钥与数据不符") from bad
        return found

    def mark(self, kind: str, name: str) -> str:
        """A keyed hash of an id (cadre, P001): finds rows without naming anyone; empty for an empty name."""
        if not name:
            return ""
        return hmac.new(self.key, f"{kind}:{name}".encode(), hashlib.sha256).hexdigest()


def open_vault(file: Path, may_make: bool) -> Vault:
    """The vault of a key file; made (mode 0600) when absent and `may_make`. Raises MATTER-KEY."""
    if not file.exists():
        if not may_make:
            raise _bad_key("受控库密钥文件不存在", file.name)
        file.parent.mkdir(parents=True, exist_ok=True)
        try:
            handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:  # another process made it meanwhile
            return open_vault(file, may_make=False)
        with os.fdopen(handle, "w", encoding="ascii") as out:
            out.write(os.urandom(32).hex() + "\n")
    try:
        key = bytes.fromhex(file.read_text(encoding="ascii").strip())
    except (OSError, ValueError) as bad:
        raise _bad_key("受控库密钥文件读不出", file.name) from bad
    if len(key) != 32:
        raise _bad_key("受控库密钥文件不完整", file.name)
    return Vault(key)


def _bad_key(message: str, where: str = "") -> ShijiError:
    return ShijiError("MATTER-KEY", message, where, "请系统管理员从单独保管处恢复密钥文件后重试。")
