"""Keys of bundles: the outer zone signs with ``keys/bundle.key``; the inner zone trusts ``keys/trusted/*.pub``."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from collector.errors import CollectorError

PRIVATE, PUBLIC, TRUSTED = "bundle.key", "bundle.pub", "trusted"


def make_keys(keys: Path) -> str:
    """Make the signing key of this zone; returns its id. Raises BUNDLE-KEY where there is one already."""
    keys.mkdir(parents=True, exist_ok=True)
    private = Ed25519PrivateKey.generate()
    try:
        handle = os.open(keys / PRIVATE, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as bad:
        raise CollectorError("BUNDLE-KEY", "签名密钥已存在", PRIVATE, "如需更换，请先移走旧密钥。") from bad
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(private.private_bytes_raw().hex() + "\n")
    public = private.public_key()
    (keys / PUBLIC).write_text(public.public_bytes_raw().hex() + "\n", encoding="ascii")
    return key_id(public)


def signing_key(keys: Path) -> Ed25519PrivateKey:
    """This zone's signing key. Raises BUNDLE-KEY."""
    try:
        return Ed25519PrivateKey.from_private_bytes(bytes.fromhex((keys / PRIVATE).read_text(encoding="ascii")))
    except (OSError, ValueError) as bad:
        raise CollectorError("BUNDLE-KEY", "没有可用的签名密钥", PRIVATE, "请先运行 shiji bundle keygen。") from bad


def trusted_keys(keys: Path) -> dict[str, Ed25519PublicKey]:
    """Public keys this zone trusts, by id. A file that holds none raises BUNDLE-KEY: trust is never guessed."""
    found: dict[str, Ed25519PublicKey] = {}
    folder = keys / TRUSTED
    for file in sorted(folder.glob("*.pub")) if folder.is_dir() else []:
        try:
            key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(file.read_text(encoding="ascii")))
        except (OSError, ValueError) as bad:
            raise CollectorError("BUNDLE-KEY", "公钥文件有误", file.name, "请重新从外区拷贝公钥。") from bad
        found[key_id(key)] = key
    return found


def key_id(key: Ed25519PublicKey) -> str:
    """Sixteen hexadecimal digits by which people compare keys."""
    return hashlib.sha256(key.public_bytes_raw()).hexdigest()[:16]
