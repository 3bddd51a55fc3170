"""DOC, WPS, RTF and old formats through LibreOffice, where it is installed.

They are turned into DOCX and read by our own walk, because LibreOffice's plain text shows deleted text
(parts/collecting.md §5).
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from collector.office.document import Limits, ReadDocument, refuse
from collector.office.docx import read_docx

INSTALL = "请安装 LibreOffice（Debian/Ubuntu：apt install libreoffice-writer-nogui），或另存为 DOCX 后重新报送"


def find_office() -> str | None:
    """Path of the LibreOffice program, None where it is not installed."""
    return shutil.which("soffice") or shutil.which("libreoffice")


def read_with_office(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Convert to DOCX and read. Raises CollectorError READ-NEEDS-LIBREOFFICE, READ-TIMEOUT, READ-BROKEN."""
    program = find_office()
    if program is None:
        raise refuse("READ-NEEDS-LIBREOFFICE", "读取此格式（DOC/WPS/RTF）需要 LibreOffice", name, INSTALL)
    with tempfile.TemporaryDirectory(prefix="shiji-office-") as folder:
        source = Path(folder) / "input.doc"
        source.write_bytes(data)
        profile = (Path(folder) / "profile").as_uri()
        command = [
            program,
            f"-env:UserInstallation={profile}",
            "--headless",
            "--norestore",
            "--nolockcheck",
            "--convert-to",
            "docx:MS Word 2007 XML",
            "--outdir",
            folder,
            str(source),
        ]
        try:
            subprocess.run(  # noqa: S603
                command,
                capture_output=True,
                timeout=max(5.0, limits.seconds - 5),
                check=False,
                env={**os.environ, "HOME": folder},
                stdin=subprocess.DEVNULL,
            )
        except subprocess.TimeoutExpired as error:
            raise refuse("READ-TIMEOUT", "文件转换超时", name) from error
        result = Path(folder) / "input.docx"
        if not result.exists():
            raise refuse("READ-BROKEN", "文件无法转换，可能已损坏或加密", name)
        return read_docx(result.read_bytes(), name, limits)
