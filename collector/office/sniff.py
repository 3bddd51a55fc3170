"""The kind of a file from its bytes. Names lie (a DOC called .docx, HTML called .xls), bytes do not."""

from __future__ import annotations

import csv
import io
import re
import zipfile

from collector.decode import decode

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_IMAGES = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"GIF8", b"BM", b"II*\x00", b"MM\x00*")
_HTML = re.compile(r"<(?:!doctype\s+html|html|head|body|table|div|meta|p|style|script)\b", re.I)
_MAIL = re.compile(r"^(?:[A-Za-z][A-Za-z0-9-]*:[^\n]*\n(?:[ \t][^\n]*\n)*){2,}")
_MAIL_FIELDS = re.compile(r"^(?:from|to|subject|date|mime-version|received|message-id|return-path):", re.I | re.M)


def kind_of(data: bytes) -> str:
    """One of docx, xlsx, pptx, ofd, epub, zip, doc, xls, ppt, msg, encrypted, pdf, rtf, image, rar, 7z, gzip,
    html, spreadsheetml, eml, csv, txt, empty, binary.
    """
    if not data.strip(b"\x00 \t\r\n\xef\xbb\xbf"):
        return "empty"
    if data.startswith(b"PK"):
        return _zip_kind(data)
    if data.startswith(_OLE):
        return _ole_kind(data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.startswith(b"{\\rtf"):
        return "rtf"
    for magic, kind in ((b"Rar!", "rar"), (b"7z\xbc\xaf", "7z"), (b"\x1f\x8b", "gzip")):
        if data.startswith(magic):
            return kind
    if data.startswith(_IMAGES) or (data[:4] == b"RIFF" and data[8:12] == b"WEBP"):
        return "image"
    # Excel before 1997 wrote the bare workbook stream: BOF records of BIFF 2, 3, 4, 5 and 8.
    if data[:4] in (
        b"\x09\x00\x04\x00",
        b"\x09\x02\x06\x00",
        b"\x09\x04\x06\x00",
        b"\x09\x08\x08\x00",
        b"\x09\x08\x10\x00",
    ):
        return "xls"
    return _text_kind(data)


def _zip_kind(data: bytes) -> str:
    """Kind of a ZIP container by the members that only one format has."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return "zip"
    for part, kind in (("word/", "docx"), ("xl/", "xlsx"), ("ppt/", "pptx")):
        if any(n.replace("\\", "/").startswith(part) for n in names):
            return kind
    if "OFD.xml" in names:
        return "ofd"
    return "epub" if "META-INF/container.xml" in names else "zip"


def _ole_kind(data: bytes) -> str:
    """Kind of an OLE container by the names of its streams, which stand in it as UTF-16."""
    streams = (
        ("EncryptedPackage", "encrypted"), ("WordDocument", "doc"), ("Workbook", "xls"),
        ("PowerPoint Document", "ppt"), ("__substg1.0_", "msg"), ("Book", "xls"),
    )  # fmt: skip
    for stream, kind in streams:
        if stream.encode("utf-16-le") in data:
            return kind
    return "binary"


def _text_kind(data: bytes) -> str:
    """Kind of a file without magic bytes."""
    text, charset = decode(data[:65536])
    strange = sum(c == "\ufffd" or (c < " " and c not in "\t\r\n\f\x1a") for c in text)
    if strange * 20 > len(text) or (b"\x00" in data[:65536] and not charset.startswith("utf-16")):
        return "binary"
    head = text.lstrip()[:4000]
    if "urn:schemas-microsoft-com:office:spreadsheet" in head:
        return "spreadsheetml"
    if _MAIL.match(head) and len(_MAIL_FIELDS.findall(head)) >= 2:
        return "eml"
    if head.startswith("<") and _HTML.search(head):
        return "html"
    return "csv" if separator_of(text) else "txt"


def separator_of(text: str) -> str | None:
    """The character that separates cells when a text is a table, else None.

    A table has the same number of cells, at least two, in nearly all of its first lines.
    """
    lines = [line for line in text.splitlines()[:50] if line.strip()]
    if len(lines) < 2:
        return None
    for separator in ("\t", ",", ";", "|"):
        try:
            counts = [len(row) for row in csv.reader(lines, delimiter=separator)]
        except csv.Error:
            continue
        usual = max(set(counts), key=counts.count)
        if usual >= 2 and counts.count(usual) >= 0.9 * len(counts):
            return separator
    return None
