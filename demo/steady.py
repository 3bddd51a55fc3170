"""Office files without the hour of their making, so that building them again gives the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import datetime
from pathlib import Path


def write_steady(saved: io.BytesIO, path: Path, stamp: datetime) -> None:
    """Write a zipped office file with `stamp` for every time in it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    modified = f"{stamp.isoformat()}Z</dcterms:modified>".encode()
    with zipfile.ZipFile(saved) as source, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as target:
        for item in source.infolist():
            content = source.read(item)
            if item.filename == "docProps/core.xml":
                content = re.sub(rb"[^>]*</dcterms:modified>", modified, content)
            target.writestr(zipfile.ZipInfo(item.filename, stamp.timetuple()[:6]), content, zipfile.ZIP_DEFLATED)
