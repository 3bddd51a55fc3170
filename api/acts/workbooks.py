"""A look at an uploaded workbook in a limited process, before this process opens it.

A sheet of one kilobyte may claim seventeen billion cells; the library that reads it then ends its whole process.
"""

from __future__ import annotations

from collector.office.document import Limits
from collector.office.sniff import kind_of
from collector.office.worker import run_limited
from storage.errors import ShijiError

WORKBOOKS = ("xlsx", "xls", "encrypted")
CONTAINERS = (b"PK", b"\xd0\xcf\x11\xe0")
LIMITS = Limits(seconds=30.0, memory_bytes=1024**3, cells=1_000_000)


def check_workbook(data: bytes, name: str) -> None:
    """Refuse what is no Excel workbook, or needs more than a table of people or figures needs.

    Raises SHEET-UNREADABLE and the READ-… errors of the worker. Bytes that are no container are left to the reader,
    which refuses them.
    """
    kind = kind_of(data)
    if kind in WORKBOOKS:
        run_limited(data, name, LIMITS)
    elif data.startswith(CONTAINERS):
        raise ShijiError("SHEET-UNREADABLE", "文件不是 Excel 表", name, "请另存为 .xlsx 后重新上传。")
