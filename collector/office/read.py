"""One file in, one document or one coded error out; the reader is chosen by the bytes."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from collector.office.document import Limits, ReadDocument, refuse
from collector.office.docx import read_docx
from collector.office.libreoffice import read_with_office
from collector.office.ocr import read_image
from collector.office.ofd import read_ofd
from collector.office.pdf import read_pdf
from collector.office.plain import read_html, read_mail, read_text
from collector.office.sheet import read_delimited, read_workbook
from collector.office.sniff import kind_of
from collector.office.unlock import unlock

_READERS = {
    "docx": read_docx, "pdf": read_pdf, "xlsx": read_workbook, "xls": read_workbook, "csv": read_delimited,
    "txt": read_text, "html": read_html, "ofd": read_ofd, "doc": read_with_office, "rtf": read_with_office,
    "image": read_image,
}  # fmt: skip
_UNSUPPORTED = {
    "pptx": "演示文稿（PPTX）", "ppt": "演示文稿（PPT）", "zip": "压缩包", "rar": "压缩包（RAR）", "7z": "压缩包（7z）",
    "gzip": "压缩包（GZIP）", "epub": "电子书（EPUB）", "msg": "Outlook 邮件（MSG）",
    "spreadsheetml": "XML 表格（2003 版）",
    "binary": "未知的二进制文件",
}  # fmt: skip


def read_file(source: Path | str | bytes, name: str = "", limits: Limits | None = None) -> ReadDocument:
    """Read a file in this process; see ``worker.run_limited`` for files that nobody vouches for.

    ``source`` is a path or the bytes themselves, ``name`` what the file is called in messages. Raises
    CollectorError: READ-MISSING, READ-TOO-LARGE, READ-EMPTY, READ-ENCRYPTED, READ-UNSUPPORTED, READ-BROKEN,
    READ-ZIPBOMB, READ-UNSAFE-XML, READ-NEEDS-LIBREOFFICE, READ-NEEDS-OCR, READ-DEPTH.
    """
    limits = limits or Limits()
    if not isinstance(source, bytes):
        path = Path(source)
        name = name or path.name
        try:
            if path.stat().st_size > limits.file_bytes:
                raise refuse("READ-TOO-LARGE", "文件大小超过上限", name, "请拆分或压缩图片后重新报送")
            source = path.read_bytes()
        except OSError as error:
            raise refuse("READ-MISSING", "文件不存在或无法打开", name, "请核对文件路径和权限") from error
    if len(source) > limits.file_bytes:
        raise refuse("READ-TOO-LARGE", "文件大小超过上限", name, "请拆分或压缩图片后重新报送")
    document = _read(source, name, limits)
    document.name = name
    return document


def _read(data: bytes, name: str, limits: Limits) -> ReadDocument:
    """Choose the reader."""
    kind = kind_of(data)
    if kind in _READERS:
        try:
            return _READERS[kind](data, name, limits)
        except RecursionError as error:
            raise refuse("READ-BROKEN", "文件内部嵌套过深，已拒绝读取", name) from error
    if kind == "eml":
        inner = replace(limits, depth=limits.depth - 1)
        return read_mail(data, name, limits, lambda part, label, _: read_file(part, label, inner))
    if kind == "empty":
        raise refuse("READ-EMPTY", "文件没有内容", name)
    if kind == "encrypted":  # only workbooks have a password that their program gives by itself
        return read_workbook(unlock(data, name), name, limits)
    raise refuse(
        "READ-UNSUPPORTED",
        f"暂不支持读取{_UNSUPPORTED.get(kind, '此类文件')}",
        name,
        "请转换为 DOCX、PDF、XLSX 或 TXT 后重新报送",
    )
