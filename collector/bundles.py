"""Signed bundles from the outer zone to the inner one (R-11): documents, their originals, a manifest, a signature.

A bundle is a zip file or a folder: ``manifest.json`` names every other file with its SHA-256 and size,
``manifest.sig`` is the ed25519 signature of the manifest's bytes (hexadecimal). Nothing of a bundle is used before
its signature, its list of files and every digest are right.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import stat
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

from cryptography.exceptions import InvalidSignature

from collector.bundle_keys import trusted_keys
from collector.errors import CollectorError

FORMAT = "shiji-bundle/1"
MANIFEST, SIGNATURE, DOCUMENTS = "manifest.json", "manifest.sig", "documents.jsonl"
LARGEST_MANIFEST = 64 * 1024 * 1024
LARGEST_FILE = 200 * 1024 * 1024
LARGEST_LINE = 20 * 1024 * 1024
MOST_FILES = 200_000
_ORIGINAL = re.compile(r"originals/[0-9a-f]{64}")
_PIECE = 1024 * 1024


@dataclass(frozen=True)
class Bundle:
    """A bundle whose signature and digests were right. ``key``: id of the key that signed it."""

    box: Box
    manifest: dict[str, Any]
    key: str

    def documents(self) -> Iterator[dict[str, Any]]:
        """The documents in order."""
        with self.box.open(DOCUMENTS) as file:
            while line := file.readline(LARGEST_LINE + 1):
                if len(line) > LARGEST_LINE:
                    raise _broken("文稿记录过长", self.box.name)
                yield json.loads(line)

    def original(self, sha256: str) -> bytes:
        """An original, checked once more against its digest."""
        name = f"originals/{sha256}"
        if name not in self.manifest["files"]:
            raise _broken("文稿所引原件不在包内", self.box.name)
        with self.box.open(name) as file:
            data = file.read(LARGEST_FILE + 1)
        if hashlib.sha256(data).hexdigest() != sha256:
            raise _tampered(name, self.box.name)
        return data


class Box:
    """The files of a zip or folder by name; nothing is ever unpacked to disk."""

    def __init__(self, path: Path, archive: zipfile.ZipFile | None) -> None:
        self.name, self._path, self._archive = path.name, path, archive

    def names(self) -> list[str]:
        """All names. Raises BUNDLE-PATH for names that lead out, links and doubles."""
        if self._archive is not None:
            entries = self._archive.infolist()
            found = [entry.filename for entry in entries]
            linked = [entry.filename for entry in entries if stat.S_ISLNK(entry.external_attr >> 16)]
        else:
            paths = [path for path in self._path.rglob("*") if path.is_symlink() or not path.is_dir()]
            found = [path.relative_to(self._path).as_posix() for path in paths]
            linked = [path.name for path in paths if path.is_symlink() or not path.is_file()]
        if len(found) > MOST_FILES:
            raise _broken("文件过多", self.name)
        for name in found:
            if name not in (MANIFEST, SIGNATURE, DOCUMENTS) and not _ORIGINAL.fullmatch(name):
                raise CollectorError("BUNDLE-PATH", f"包内文件名不合规定：{name[:80]}", self.name, "请勿导入该包。")
        if linked or len(set(found)) != len(found):
            raise CollectorError("BUNDLE-PATH", "包内含链接或重名文件", self.name, "请勿导入该包。")
        return found

    @contextmanager
    def open(self, name: str) -> Iterator[IO[bytes]]:
        """A file for reading."""
        try:
            if self._archive is not None:
                with self._archive.open(name) as packed:
                    yield packed
            else:
                handle = os.open(self._path / name, os.O_RDONLY | os.O_NOFOLLOW)
                with os.fdopen(handle, "rb") as plain:
                    yield plain
        except (KeyError, OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError) as bad:
            raise _broken(f"文件 {name} 无法读取", self.name) from bad

    def read(self, name: str, largest: int) -> bytes:
        """A small file whole."""
        with self.open(name) as file:
            data = file.read(largest + 1)
        if len(data) > largest:
            raise CollectorError("BUNDLE-SIZE", f"文件 {name} 过大", self.name, "请分批导出。")
        return data


@contextmanager
def open_bundle(path: Path, keys: Path) -> Iterator[Bundle]:
    """A bundle, wholly checked against the trusted keys of the folder ``keys``.

    Raises CollectorError BUNDLE-BROKEN, BUNDLE-PATH, BUNDLE-UNSIGNED, BUNDLE-NO-TRUST (no key is trusted yet),
    BUNDLE-SIGNATURE (signed by nobody who is trusted, or changed), BUNDLE-TAMPERED, BUNDLE-SIZE, BUNDLE-FORMAT.
    """
    archive: zipfile.ZipFile | None = None
    if not path.is_dir():
        try:
            archive = zipfile.ZipFile(path)
        except (OSError, zipfile.BadZipFile) as bad:
            raise _broken("不是有效的 zip 文件", path.name) from bad
    try:
        yield _checked(Box(path, archive), keys)
    finally:
        if archive is not None:
            archive.close()


def _checked(box: Box, keys: Path) -> Bundle:
    names = set(box.names())
    if MANIFEST not in names:
        raise _broken("缺少 manifest.json", box.name)
    if SIGNATURE not in names:
        raise CollectorError("BUNDLE-UNSIGNED", "数据包没有签名，已拒收", box.name, "请在外区重新导出。")
    signed = box.read(MANIFEST, LARGEST_MANIFEST)
    key = _signer(signed, box.read(SIGNATURE, 1000), keys, box.name)
    try:
        manifest = json.loads(signed)
        files: dict[str, dict[str, Any]] = manifest["files"]
        listed = {name: (str(facts["sha256"]), int(facts["size"])) for name, facts in files.items()}
        known = manifest["format"] == FORMAT
    except (ValueError, TypeError, KeyError, AttributeError) as bad:
        raise CollectorError("BUNDLE-FORMAT", "数据包清单格式有误", box.name, "请升级外区程序后重新导出。") from bad
    if not known:
        raise CollectorError("BUNDLE-FORMAT", "不认识的数据包版本", box.name, "请升级本区程序。")
    if set(listed) | {MANIFEST, SIGNATURE} != names or DOCUMENTS not in listed:
        raise CollectorError("BUNDLE-TAMPERED", "包内文件与清单不符，已拒收", box.name, "请在外区重新导出。")
    for name, (digest, size) in listed.items():
        _compare(box, name, digest, size)
    return Bundle(box, manifest, key)


def _signer(signed: bytes, written: bytes, keys: Path, where: str) -> str:
    trusted = trusted_keys(keys)
    if not trusted:
        raise CollectorError(
            "BUNDLE-NO-TRUST", "本区没有登记可信公钥", where, "请由系统管理员将外区公钥放入数据目录 keys/trusted。"
        )
    try:
        signature = bytes.fromhex(written.decode("ascii").strip())
    except (ValueError, UnicodeDecodeError):
        signature = b""
    for name, key in trusted.items():
        try:
            key.verify(signature, signed)
        except InvalidSignature:
            continue
        return name
    raise CollectorError("BUNDLE-SIGNATURE", "签名不符，已拒收", where, "请核对公钥；内容可能被改动，请勿使用该包。")


def _compare(box: Box, name: str, digest: str, size: int) -> None:
    if size > LARGEST_FILE and name != DOCUMENTS:
        raise CollectorError("BUNDLE-SIZE", f"文件 {name} 过大", box.name, "请分批导出。")
    summed, left = hashlib.sha256(), size
    with box.open(name) as file:
        while piece := file.read(min(_PIECE, left + 1)):
            left -= len(piece)
            if left < 0:  # a bomb would go on and on
                raise _tampered(name, box.name)
            summed.update(piece)
    if left or summed.hexdigest() != digest:
        raise _tampered(name, box.name)


def _tampered(name: str, where: str) -> CollectorError:
    return CollectorError("BUNDLE-TAMPERED", f"文件 {name} 与清单不符，整包拒收", where, "请在外区重新导出。")


def _broken(what: str, where: str) -> CollectorError:
    return CollectorError("BUNDLE-BROKEN", f"数据包已损坏：{what}", where, "请重新拷贝或在外区重新导出。")
