"""Folders into which people put files: what is finished there, reading it safely, moving it once it is dealt with."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from pathlib import Path

from collector.errors import CollectorError
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import now

RECEIVED, UNREADABLE = "已接收", "未能读取"
_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download", ".filepart")


def finished_files(folder: Path, settle_seconds: float) -> Iterator[Path]:
    """Regular files in the folder and one level below whose size and time stood still for ``settle_seconds``.

    Links are never followed. Files that are gone meanwhile are left out.
    """
    folder.mkdir(parents=True, exist_ok=True)
    before = {path: _print(path) for path in _files(folder)}
    if before:
        time.sleep(settle_seconds)
    for path, seen in before.items():
        if seen is not None and _print(path) == seen:
            yield path


def read_file(path: Path, largest: int) -> bytes:
    """The file's bytes; opened without following links, at most ``largest`` bytes."""
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    with os.fdopen(handle, "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise CollectorError("REPORT-NAME", "不是普通文件", path.name, "请放入普通文件。")
        data = file.read(largest + 1)
    if len(data) > largest:
        raise CollectorError(
            "REPORT-SIZE", f"文件超过 {largest // 1024 // 1024} MB", path.name, "请压缩图片或拆分后重新报送。"
        )
    if not data:
        raise CollectorError("REPORT-EMPTY", "文件为空", path.name, "请重新放入完整的文件。")
    return data


def put_away(path: Path, folder: Path, error: ShijiError | None, under: str = "") -> None:
    """Move a file that was dealt with to ``folder``'s 已接收, or to 未能读取 with a note why. ``under``: sub-folder."""
    moved = _move(path, folder / (UNREADABLE if error else RECEIVED) / under)
    if error is not None:
        _explain(moved, error)


def _files(folder: Path) -> Iterator[Path]:
    for entry in sorted(folder.iterdir()):
        if entry.is_symlink() or entry.name.startswith((".", "~$")) or entry.name in (RECEIVED, UNREADABLE):
            continue
        if entry.is_dir():
            yield from (file for file in sorted(entry.iterdir()) if _looks_finished(file))
        elif _looks_finished(entry):
            yield entry


def _looks_finished(file: Path) -> bool:
    return (
        not file.is_symlink()
        and file.is_file()
        and not file.name.startswith((".", "~$"))
        and not file.name.lower().endswith(_UNFINISHED)
    )


def _print(path: Path) -> tuple[int, int, int] | None:
    """What changes while a file is being written."""
    try:
        facts = path.lstat()
    except OSError:
        return None
    return facts.st_size, facts.st_mtime_ns, facts.st_ino


def _move(path: Path, folder: Path) -> Path:
    """Move into ``folder`` under a name that is free there."""
    folder.mkdir(parents=True, exist_ok=True)
    for number in range(1, 10_000):
        target = folder / (path.name if number == 1 else f"{path.stem} ({number}){path.suffix}")
        try:
            os.link(path, target, follow_symlinks=False)  # fails where the name is taken, even by a race
        except FileExistsError:
            continue
        except FileNotFoundError:
            raise
        except OSError:  # a folder, or a file system without hard links
            if target.exists():
                continue
            path.rename(target)
            return target
        path.unlink()
        return target
    raise OSError(f"no free name for {path.name} in {folder.name}")


def _explain(moved: Path, error: ShijiError) -> None:
    """A note beside a refused file, for whoever put it there."""
    moment = now().astimezone(CHINA)
    lines = [f"文件：{moved.name}", f"时间：{moment:%Y-%m-%d %H:%M}", f"原因：{error.message}", f"代码：{error.code}"]
    if error.action:
        lines.append(f"处理：{error.action}")
    moved.with_name(moved.name + ".说明.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
