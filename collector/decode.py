"""Bytes to text. Every parser in this room is handed text, never bytes.

Web servers and files misstate their charset often; the bytes themselves are asked first
(parts/collecting.md §3.3: resiliparse names the right charset on every full page tried, with
missing and with wrong declarations).
"""

from __future__ import annotations

import codecs

from resiliparse.parse.encoding import detect_encoding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# gb18030 is a superset of both: pages labelled gb2312 use rarer characters all the time.
_GB = {"gb2312", "gbk", "cp936", "936", "hz-gb-2312", "gb_2312-80", "x-gbk", "gb18030"}
_CHINESE = {"gb18030", "big5", "big5hkscs", "euc-tw"}
# Names that a detector gives when it has nothing to go on.
_VAGUE = {"ascii", "us-ascii", "latin-1", "iso-8859-1", "iso8859-1", "windows-1252", "cp1252"}


def canonical_charset(name: str | None) -> str | None:
    """The codec name Python understands for a declared charset, GB names widened to gb18030.

    Returns None for an empty or unknown name.
    """
    if not name:
        return None
    wanted = name.strip().strip("\"'").lower()
    if wanted in _GB:
        return "gb18030"
    try:
        found = codecs.lookup(wanted).name
    except (LookupError, ValueError):
        return None
    if found in {"gb2312", "gbk", "hz"}:
        return "gb18030"
    return "big5hkscs" if found == "big5" else found


def decode(data: bytes, charset_header: str | None = None) -> tuple[str, str]:
    """Decode ``data`` and say which charset was used.

    The order is: byte-order mark, strict UTF-8, what the bytes look like, and only where the bytes say
    nothing Chinese the charset that the server or message declared. Undecodable bytes become U+FFFD:
    this function never raises on content.
    """
    for mark, name in _BOMS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace"), name
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        pass
    charset = _look(data, canonical_charset(charset_header))
    return data.decode(charset, "replace"), charset


def _look(data: bytes, declared: str | None) -> str:
    """The charset of bytes that are not valid UTF-8."""
    if data[:400].count(0) * 3 > len(data[:400]):
        return "utf-16-be" if data[0] == 0 else "utf-16-le"
    detected = canonical_charset(detect_encoding(data)) or "utf-8"
    if detected in _CHINESE or detected == "utf-8":
        return detected
    if declared and declared not in _VAGUE:
        return declared
    return "gb18030" if _mostly_decodes(data, "gb18030") else detected


def _mostly_decodes(data: bytes, charset: str) -> bool:
    """Whether at most one character in a hundred is lost when ``data`` is read as ``charset``."""
    sample = data[:20000].decode(charset, "replace")
    return sample.count("\ufffd") * 100 <= len(sample)
