"""WARC files on disk: one a source and day, records appended whole or not at all, torn tails cut off.

A file is a row of gzip members, one a record, so that a file cut at a member's end is a sound file. What the
records say is the collector's business (collector/warc.py).
"""

from __future__ import annotations

import fcntl
import os
import tempfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import BinaryIO

ENDING = ".warc.gz"
RECENT = timedelta(days=2)
_PIECE = 1 << 16
_HEAD = 1 << 14  # bytes of a record in which its own headers lie


@dataclass(frozen=True)
class Member:
    """A whole gzip member at bytes [start, end), with the first bytes of what it holds."""

    start: int
    end: int
    head: bytes


class WarcFolder:
    """Files ``folder/SOURCE/2025-10-16.warc.gz``; writers of one source wait for each other."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._known: dict[str, tuple[Path, int]] = {}  # source id -> the file it last wrote and its sound length
        self._guard = Lock()

    def append(self, source_id: str, day: date, record: bytes, opening: bytes) -> Path:
        """Add one packed record and return its file, which begins with `opening`. Raises OSError, nothing added.

        A tail that a killed writer left is cut off first; a file damaged otherwise is set aside, not cut.
        """
        with self._locked(source_id) as folder:
            path = folder / f"{day.isoformat()}{ENDING}"
            length = self._sound_length(source_id, path)
            data = record if length else opening + record
            handle = os.open(path, os.O_WRONLY | os.O_CREAT, 0o640)
            try:
                os.ftruncate(handle, length)
                os.lseek(handle, length, os.SEEK_SET)
                try:
                    if os.write(handle, data) != len(data):
                        raise OSError("the record could not be written whole")
                    os.fsync(handle)
                except OSError:
                    os.ftruncate(handle, length)
                    raise
            finally:
                os.close(handle)
            if not length:
                _sync_folder(folder)
            with self._guard:
                self._known[source_id] = (path, length + len(data))
            return path

    def repair(self, younger: timedelta = RECENT) -> int:
        """Cut the torn tails of recent files, as a process that writes does at its start; returns how many had one."""
        limit = (datetime.now(UTC) - younger).timestamp()
        cut = 0
        for path in self.files():
            with suppress(FileNotFoundError):  # set aside meanwhile by another writer
                if path.stat().st_mtime >= limit:  # thousands of old files need no lock
                    cut += self._cut(path)
        return cut

    def _cut(self, path: Path) -> bool:
        with self._locked(path.parent.name):
            length, torn = sound_length(path)
            if not torn or length == path.stat().st_size:
                return False
            os.truncate(path, length)
            return True

    def remove(self, source_id: str, unwanted: Callable[[bytes], bool]) -> int:
        """Take out the records whose headers `unwanted` recognises (quarantined matter); returns how many went."""
        if not (self.folder / source_id).is_dir():
            return 0
        gone = 0
        with self._locked(source_id) as folder:
            for path in sorted(folder.glob(f"*{ENDING}")):
                marked = [member for member in members(path) if unwanted(member.head)]
                if marked:
                    _rewrite(path, marked)
                    gone += len(marked)
            with self._guard:
                self._known.pop(source_id, None)
        return gone

    def files(self, source_id: str = "") -> list[Path]:
        """All files, or those of one source, oldest day first."""
        if source_id:
            return sorted((self.folder / source_id).glob(f"*{ENDING}"))
        return sorted(self.folder.glob(f"*/*{ENDING}"))

    @contextmanager
    def reading(self, path: Path) -> Iterator[BinaryIO]:
        """A file to read while nothing is appended to it."""
        with self._locked(path.parent.name), path.open("rb") as file:
            yield file

    @contextmanager
    def _locked(self, source_id: str) -> Iterator[Path]:
        folder = self.folder / source_id
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield folder

    def _sound_length(self, source_id: str, path: Path) -> int:
        """Bytes of the file that are whole records; the file is looked through only when someone else wrote last."""
        size = path.stat().st_size if path.exists() else 0
        with self._guard:
            if self._known.get(source_id) == (path, size):
                return size
        length, torn = sound_length(path) if size else (0, False)
        if length < size and not torn:  # not a torn tail: what comes after the damage may be sound
            number = len(list(path.parent.glob(f"*damaged*{ENDING}"))) + 1
            path.rename(path.with_name(f"{path.name.removesuffix(ENDING)}-damaged-{number}{ENDING}"))
            return 0
        return length


def members(path: Path) -> Iterator[Member]:
    """The whole gzip members of a file, up to the first that is torn or damaged."""
    for member in _walk(path):
        if member is None:
            return
        yield member


def sound_length(path: Path) -> tuple[int, bool]:
    """Bytes up to the end of the last whole member, and whether what follows is merely torn (not damaged)."""
    length, torn = 0, True
    for member in _walk(path):
        if member is None:
            torn = False
        else:
            length = member.end
    return length, torn


def _walk(path: Path) -> Iterator[Member | None]:
    """Whole members in order, then None where something that is no gzip follows."""
    with path.open("rb") as file:
        start, rest = 0, b""
        while True:
            unpack, head, read = zlib.decompressobj(16 + zlib.MAX_WBITS), bytearray(), 0
            while not unpack.eof:
                piece = rest or file.read(_PIECE)
                rest = b""
                if not piece:
                    return
                read += len(piece)
                try:
                    text = unpack.decompress(piece)
                except zlib.error:
                    yield None
                    return
                if len(head) < _HEAD:
                    head += text[: _HEAD - len(head)]
            rest = unpack.unused_data
            end = start + read - len(rest)
            yield Member(start, end, bytes(head))
            start = end


def _rewrite(path: Path, without: list[Member]) -> None:
    """The file without these members; it is replaced at once or not at all."""
    handle, partial = tempfile.mkstemp(dir=path.parent, prefix=".partial-")
    try:
        with os.fdopen(handle, "wb") as out, path.open("rb") as file:
            for member in without:
                _copy(file, out, member.start - file.tell())
                file.seek(member.end)
            _copy(file, out, path.stat().st_size - file.tell())
            out.flush()
            os.fsync(out.fileno())
        Path(partial).chmod(path.stat().st_mode & 0o777)
        os.replace(partial, path)
    except BaseException:
        with suppress(FileNotFoundError):
            Path(partial).unlink()
        raise
    _sync_folder(path.parent)


def _copy(source: BinaryIO, target: BinaryIO, count: int) -> None:
    while count > 0:
        piece = source.read(min(_PIECE, count))
        if not piece:
            return
        target.write(piece)
        count -= len(piece)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
