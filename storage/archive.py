"""Content-addressed archive of originals: a file is named by the SHA-256 of its bytes and never changes."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from storage.errors import ShijiError

_DIGEST = re.compile(r"[0-9a-f]{64}")
_PARTIAL = ".partial-"
STALE_SECONDS = 3600.0


class Archive:
    """Originals under ``folder/ab/cd/<sha256>``. Writing the same bytes twice is harmless."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, digest: str) -> Path:
        """Where the bytes with this SHA-256 lie (or would lie)."""
        if not _DIGEST.fullmatch(digest):
            raise ShijiError(
                "ARCHIVE-DIGEST", f"不是有效的原件编号：{digest[:80]}", "archive", "请从原件列表重新打开。"
            )
        return self.folder / digest[:2] / digest[2:4] / digest

    def put(self, data: bytes) -> str:
        """Keep `data`; returns its SHA-256. The file appears whole or not at all."""
        digest = hashlib.sha256(data).hexdigest()
        target = self.path(digest)
        if target.exists():
            return digest
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, partial = tempfile.mkstemp(dir=target.parent, prefix=_PARTIAL)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            os.replace(partial, target)
        except BaseException:
            Path(partial).unlink(missing_ok=True)
            raise
        return digest

    def get(self, digest: str) -> bytes:
        """The bytes with this SHA-256, checked against it."""
        target = self.path(digest)
        if not target.exists():
            raise ShijiError("ARCHIVE-MISSING", "原件不在档案库中", digest, "请检查数据目录或从备份恢复。")
        data = target.read_bytes()
        if hashlib.sha256(data).hexdigest() != digest:
            raise ShijiError("ARCHIVE-DAMAGED", "原件内容与编号不符", digest, "请从备份恢复该原件。")
        return data

    def delete(self, digest: str) -> None:
        """Remove an original (only for quarantined matter after hand-over, domain.md §2.11)."""
        self.path(digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        """All digests kept."""
        if self.folder.exists():
            for file in sorted(self.folder.glob("??/??/*")):
                if _DIGEST.fullmatch(file.name):
                    yield file.name

    def sweep(self, older_seconds: float = STALE_SECONDS) -> int:
        """Remove what writers that were killed left half written; returns how many files went.

        Called when a process that writes starts. Files younger than `older_seconds` may still be written.
        """
        removed = 0
        limit = time.time() - older_seconds
        for file in self.folder.glob(f"??/??/{_PARTIAL}*"):
            try:
                if file.stat().st_mtime < limit:
                    file.unlink()
                    removed += 1
            except FileNotFoundError:  # its writer finished, or another process swept
                continue
        return removed
