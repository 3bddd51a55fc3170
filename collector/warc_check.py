"""Check WARC files: every record whole, every digest that of its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed
from warcio.limitreader import LimitReader

from storage.warc import WarcFolder, sound_length


@dataclass
class FileCheck:
    """Counts of one file. ``wrong``: records whose bytes do not fit their digest; ``rest``: bytes after the last whole
    record, ``torn`` where a writer was merely killed (the next one cuts them off)."""

    name: str
    responses: int = 0
    revisits: int = 0
    wrong: int = 0
    rest: int = 0
    torn: bool = False
    unreadable: bool = False

    @property
    def sound(self) -> bool:
        """Whether nothing is damaged; a torn tail costs only the record that was being written."""
        return not self.wrong and not self.unreadable and (self.torn or not self.rest)


def check_file(folder: WarcFolder, path: Path) -> FileCheck:
    """Read a file to its end, digests compared. Never raises on content."""
    check = FileCheck(f"{path.parent.name}/{path.name}")
    with folder.reading(path) as file:
        length, torn = sound_length(path)
        check.rest = path.stat().st_size - length
        check.torn = torn and check.rest > 0
        try:
            for record in ArchiveIterator(LimitReader(file, length), check_digests=True) if length else ():
                while record.content_stream().read(1 << 16):
                    continue
                check.responses += record.rec_type == "response"
                check.revisits += record.rec_type == "revisit"
                check.wrong += record.digest_checker.passed is False
        except (ArchiveLoadFailed, OSError, ValueError, EOFError):
            check.unreadable = True
    return check
