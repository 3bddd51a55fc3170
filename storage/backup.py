"""Backup and restore: every table as JSON lines, all originals, and the folders of collecting, in one tar file.

The rows come from one read transaction, so the copy is consistent while the system runs; originals are never
changed and are written before the rows that name them. The form does not depend on the database, so a backup
taken on SQLite can be restored on PostgreSQL.

Drops and inbox are copied before the rows are read: a file that is taken meanwhile is in the copy of its folder, or on
record, or both (it is then known again), never in neither. WARC files are copied after the rows, so that what a row
tells of is in them; they only grow, and a half-written last record is cut at the next start. Nothing is held in memory.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import stat
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path, PurePosixPath
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, select, text, update
from sqlalchemy.orm import Session

from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.migrate import upgrade
from storage.tables import Base

FORM = "shiji-backup-1"
_PIECE = 1 << 20
AFTER_ROWS = frozenset({"warc"})  # folders copied after the rows that tell of what is in them
Progress = Callable[[str, int], None]


def _silent(_step: str, _count: int) -> None:
    return None


def backup(
    database: Database,
    archive: Archive,
    target: Path,
    progress: Progress = _silent,
    folders: Mapping[str, Path] | None = None,
) -> dict[str, int]:
    """Write a backup to `target` (a new file). Returns rows, originals and files of `folders` (by name) written."""
    if target.exists():
        raise ShijiError("BACKUP-EXISTS", "备份文件已存在", str(target), "请换一个文件名。")
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".partial")
    counts = {"rows": 0, "originals": 0, "files": 0}
    try:
        with tarfile.open(partial, "w") as tar, database.read() as session:
            _add(tar, "form.json", json.dumps({"form": FORM, "tables": _names()}).encode())
            early = {name: folder for name, folder in (folders or {}).items() if name not in AFTER_ROWS}
            counts["files"] += _add_folders(tar, early, progress)
            if not database.sqlite:
                session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))
            for table in Base.metadata.sorted_tables:
                written = _add_table(tar, session, table)
                counts["rows"] += written
                progress(table.name, written)
            for digest in archive.digests():
                counts["originals"] += _add_file(tar, archive.path(digest), f"originals/{digest}")
                progress("originals", counts["originals"])
            late = {name: folder for name, folder in (folders or {}).items() if name in AFTER_ROWS}
            counts["files"] += _add_folders(tar, late, progress)
        with partial.open("rb") as whole:
            os.fsync(whole.fileno())
        partial.replace(target)
    finally:
        partial.unlink(missing_ok=True)
    return counts


def restore(
    source: Path,
    database: Database,
    archive: Archive,
    progress: Progress = _silent,
    folders: Mapping[str, Path] | None = None,
) -> dict[str, int]:
    """Fill an empty database, archive and `folders` (by name) from a backup. Refuses a database that holds rows."""
    if not source.is_file():
        raise ShijiError("RESTORE-FILE", "找不到备份文件", str(source), "请检查路径。")
    upgrade(database)
    counts = {"rows": 0, "originals": 0, "files": 0}
    try:
        with tarfile.open(source, "r:") as tar, database.write() as session:
            _check_form(tar, source)
            _check_empty(session)
            for table in Base.metadata.sorted_tables:
                rows = _load_table(tar, session, table)
                counts["rows"] += rows
                progress(table.name, rows)
            if not database.sqlite:
                _reset_sequences(session)
            for member in tar:
                if member.name.startswith("originals/") and member.isfile():
                    _restore_original(tar, member, archive)
                    counts["originals"] += 1
                    progress("originals", counts["originals"])
                elif member.name.startswith("files/") and member.isfile():
                    counts["files"] += _restore_file(tar, member, folders or {})
                    progress("files", counts["files"])
    except (tarfile.TarError, KeyError, ValueError) as bad:
        raise ShijiError("RESTORE-FORM", f"备份文件已损坏或不是实绩备份：{bad}", str(source), "请换一份备份。") from bad
    return counts


def _names() -> list[str]:
    return [table.name for table in Base.metadata.sorted_tables]


def _add(tar: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size = len(data)
    tar.addfile(info, io.BytesIO(data))


def _add_folders(tar: tarfile.TarFile, folders: Mapping[str, Path], progress: Progress) -> int:
    count = 0
    for name, folder in folders.items():
        for file in _regular_files(folder):
            count += _add_file(tar, file, f"files/{name}/{file.relative_to(folder).as_posix()}")
            progress(name, count)
    return count


def _regular_files(folder: Path) -> Iterator[Path]:
    """Regular files below a folder in order; links and what is gone meanwhile are left out."""
    if not folder.is_dir():
        return
    for place, names, files in os.walk(folder):
        names.sort()
        yield from (Path(place) / name for name in sorted(files))


def _add_file(tar: tarfile.TarFile, path: Path, name: str) -> int:
    """Add one file as it is now; 1, or 0 where it is no regular file or gone. It is copied aside first, because the
    length comes before the bytes and a writer may cut or lengthen the file meanwhile."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return 0
    with os.fdopen(handle, "rb") as file, tempfile.TemporaryFile() as spool:
        state = os.fstat(file.fileno())
        if not stat.S_ISREG(state.st_mode):
            return 0
        shutil.copyfileobj(file, spool, _PIECE)
        info = tarfile.TarInfo(name)
        info.size, info.mtime = spool.tell(), int(state.st_mtime)
        spool.seek(0)
        tar.addfile(info, spool)
    return 1


def _restore_file(tar: tarfile.TarFile, member: tarfile.TarInfo, folders: Mapping[str, Path]) -> int:
    """Write a file of a folder that is asked for; one that is there already stays. Raises ValueError on a bad name."""
    _files, name, *parts = PurePosixPath(member.name).parts
    if not parts or ".." in parts or "\\" in member.name:
        raise ValueError(f"bad file name {member.name!r}")
    stored = tar.extractfile(member)
    if name not in folders or stored is None:
        return 0
    target = folders[name].joinpath(*parts)
    if target.exists() or target.is_symlink():
        return 0
    target.parent.mkdir(parents=True, exist_ok=True)
    partial = target.with_name(target.name + ".restoring")
    with partial.open("wb") as out:
        shutil.copyfileobj(stored, out, _PIECE)
    os.utime(partial, (member.mtime, member.mtime))
    partial.replace(target)
    return 1


def _add_table(tar: tarfile.TarFile, session: Session, table: Table) -> int:
    count = 0
    with tempfile.TemporaryFile() as spool:  # a table may be larger than memory
        for row in session.execute(select(table).execution_options(yield_per=1000)):
            spool.write(json.dumps(dict(row._mapping), ensure_ascii=False, default=_encode).encode() + b"\n")
            count += 1
        info = tarfile.TarInfo(f"tables/{table.name}.jsonl")
        info.size = spool.tell()
        spool.seek(0)
        tar.addfile(info, spool)
    return count


def _encode(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"moment": value.isoformat()}
    if isinstance(value, date):
        return {"date": value.isoformat()}
    if isinstance(value, Decimal):
        return {"decimal": format(value, "f")}
    raise TypeError(f"no backup form for {type(value)}")


def _decode(value: Any) -> Any:
    if isinstance(value, dict) and len(value) == 1:
        ((kind, content),) = value.items()
        if kind == "moment":
            return datetime.fromisoformat(content)
        if kind == "date":
            return date.fromisoformat(content)
        if kind == "decimal":
            return Decimal(content)
    return value


def _check_form(tar: tarfile.TarFile, source: Path) -> None:
    member = tar.extractfile("form.json")
    if member is None or json.load(member).get("form") != FORM:
        raise ShijiError("RESTORE-FORM", "不是实绩备份文件", str(source), "请换一份备份。")


def _check_empty(session: Session) -> None:
    for table in Base.metadata.sorted_tables:
        if session.execute(select(func.count()).select_from(table)).scalar_one():
            raise ShijiError("RESTORE-NOT-EMPTY", "目标数据库已有数据", table.name, "请恢复到一个空的数据目录。")


def _load_table(tar: tarfile.TarFile, session: Session, table: Table) -> int:
    """Insert all rows. A row may point at a later row of its own table (a reprint at its first print): such links
    are set when all rows are there, which needs no right to switch constraints off."""
    own = [key.parent.name for key in table.foreign_keys if key.column.table is table]
    links: list[dict[str, Any]] = []
    count = 0
    for batch in _batches(tar, table.name):
        for row in batch:
            if any(row[name] is not None for name in own):
                links.append({"row_id": row["id"], **{name: row[name] for name in own}})
                row.update(dict.fromkeys(own))
        session.execute(insert(table), batch)
        count += len(batch)
    if links:
        change = update(table).where(table.c.id == bindparam("row_id"))
        session.connection().execute(change.values({name: bindparam(name) for name in own}), links)
    return count


def _batches(tar: tarfile.TarFile, name: str) -> Iterator[list[dict[str, Any]]]:
    member = tar.extractfile(f"tables/{name}.jsonl")
    if member is None:
        raise ValueError(f"table {name} is missing")
    batch: list[dict[str, Any]] = []
    for line in member:
        batch.append({key: _decode(value) for key, value in json.loads(line).items()})
        if len(batch) == 500:
            yield batch
            batch = []
    if batch:
        yield batch


def _reset_sequences(session: Session) -> None:
    for table in Base.metadata.sorted_tables:
        column = table.c.get("id")
        if column is not None and column.type.python_type is int:
            session.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), "  # noqa: S608 our own table names
                    f"COALESCE((SELECT MAX(id) FROM {table.name}), 0) + 1, false)"
                )
            )


def _restore_original(tar: tarfile.TarFile, member: tarfile.TarInfo, archive: Archive) -> None:
    stored = tar.extractfile(member)
    data = stored.read() if stored else b""
    digest = member.name.removeprefix("originals/")
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"original {digest} is damaged")
    archive.put(data)
