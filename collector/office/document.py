"""What reading a file gives, and the limits it is read under."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from collector.errors import CollectorError

Table = list[list[str]]  # rows of cells


@dataclass
class ReadDocument:
    """A read file. ``pages`` is None where the format has no pages; ``confidence`` is 0.0 to 1.0.

    ``warnings`` holds codes with details after a colon: READ-NEEDS-OCR (pages without text), READ-OCR
    (pages whose text was recognised from a picture), READ-PAGES-CUT,
    READ-HIDDEN-SHEET, READ-TRACKED-CHANGES, READ-MACROS, READ-ATTACHMENT (one that could not be read).
    ``attachments`` holds the read attachments of a message, each with its own ``name``.
    """

    title: str = ""
    text: str = ""
    tables: list[Table] = field(default_factory=list)
    pages: int | None = None
    confidence: float = 1.0
    warnings: list[str] = field(default_factory=list)
    name: str = ""
    attachments: list[ReadDocument] = field(default_factory=list)

    def as_dict(self) -> dict[str, Any]:
        """Plain values, as the batch command prints them."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: dict[str, Any]) -> ReadDocument:
        """The inverse of ``as_dict``."""
        nested = [cls.from_dict(v) for v in values.get("attachments", [])]
        return cls(**{**values, "attachments": nested})


@dataclass(frozen=True)
class Limits:
    """What one file may cost. Sizes in bytes, times in seconds."""

    file_bytes: int = 100 * 1024 * 1024
    unpacked_bytes: int = 400 * 1024 * 1024  # sum of the members of a container
    part_bytes: int = 80 * 1024 * 1024  # one member that is parsed
    ratio: int = 120  # unpacked to packed, for containers that unpack to more than RATIO_FLOOR
    entries: int = 10_000
    pages: int = 1_000
    cells: int = 2_000_000
    text_chars: int = 20_000_000
    depth: int = 3  # messages and archives inside one another
    memory_bytes: int = 2 * 1024 * 1024 * 1024
    pixels: int = 80_000_000  # of one picture
    seconds: float = 60.0
    ocr_seconds: float = 40.0  # no further page of a scan is begun after that; must leave time within ``seconds``


def refuse(code: str, message: str, name: str, action: str = "请联系报送单位重新提供文件") -> CollectorError:
    """A coded error about one file; ``message`` and ``action`` are what the officer reads."""
    return CollectorError(code, message, name, action)
