"""网页上传: reports come in by the upload page; nothing is visited."""

from __future__ import annotations

from collector.port import Kind

KIND = Kind("upload", "网页上传", None, waits=True)
