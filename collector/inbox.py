"""收件文件夹: reports that units put into a watched folder.

A file is taken once it has stopped growing, and moved away only after it is on record, so a crash between the
two takes nothing twice. ``DATA/inbox/望澜区/…`` marks the submitting team by the sub-folder's name.
"""

from __future__ import annotations

import logging
import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from collector.errors import CollectorError
from collector.keep import NEW, QUARANTINED
from collector.office.document import Limits
from collector.registry import ensure_report_sources
from collector.report import Report, find_team, receive, safe_name
from collector.runs import note_failure
from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import now

RECEIVED, UNREADABLE = "已接收", "未能读取"
SETTLE_SECONDS = 1.0
PATIENT = Limits(seconds=600.0, ocr_seconds=540.0)  # nobody waits at a screen: a long scan is read to its end
_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".download", ".filepart")
log = logging.getLogger(__name__)


@dataclass
class InboxScan:
    """One look at the folder: documents made, files already on record, files refused with their error codes."""

    documents: list[int] = field(default_factory=list)
    known: int = 0
    refused: list[tuple[str, str]] = field(default_factory=list)


def scan_inbox(
    database: Database, archive: Archive, inbox: Path, largest: int, settle_seconds: float = SETTLE_SECONDS
) -> InboxScan:
    """Take every finished file of the folder. ``largest``: bytes; ``settle_seconds``: how long a file's size
    and time must stand still before it counts as finished."""
    inbox.mkdir(parents=True, exist_ok=True)
    scan = InboxScan()
    before = {path: _print(path) for path in _files(inbox)}
    if not before:
        return scan
    with database.write() as session:
        ensure_report_sources(session)
    time.sleep(settle_seconds)
    for path, seen in before.items():
        if seen is not None and _print(path) == seen:
            try:
                _take(database, archive, inbox, path, largest, scan)
            except FileNotFoundError:
                continue  # another process took it meanwhile
            except OSError as bad:
                log.error("inbox file could not be handled: %s", bad)
                scan.refused.append((path.name, "INBOX-IO"))
    return scan


def _files(inbox: Path) -> Iterator[Path]:
    """Finished-looking regular files in the folder and one level below; links are never followed."""
    for entry in sorted(inbox.iterdir()):
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


def _take(database: Database, archive: Archive, inbox: Path, path: Path, largest: int, scan: InboxScan) -> None:
    folder = path.parent.name if path.parent != inbox else ""
    team = find_team(database, folder)
    warnings = ("SUBMITTER-UNKNOWN",) if folder and not team else ()
    report: Report | None = None
    try:
        report = Report("inbox", safe_name(path.name), _read(path, largest), team, {"folder": folder} if folder else {})
        kept = receive(database, archive, report, warnings, PATIENT)
        if kept.outcome == QUARANTINED:
            raise CollectorError(
                "REPORT-QUARANTINED", "该材料此前已转交有权机关，不再收取", path.name, "请取回该文件。"
            )
    except ShijiError as bad:
        scan.refused.append((path.name, bad.code))
        # neither the name nor the content of a classified file goes on record
        digest = report.sha256 if report else ""
        url = f"file:#{digest[:12]}" if bad.code == "REPORT-CLASSIFIED" else f"file:{path.name}#{digest[:12]}"
        note_failure(database, "inbox", None, url, bad, now(), digest)
        moved = _move(path, inbox / UNREADABLE / folder)
        _explain(moved, bad)
        log.warning("inbox file refused: %s", bad.code)
        return
    if kept.outcome == NEW and kept.document_id is not None:
        scan.documents.append(kept.document_id)
    else:
        scan.known += 1
    _move(path, inbox / RECEIVED / folder)


def _read(path: Path, largest: int) -> bytes:
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
        except OSError:  # a file system without hard links
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
