"""Narrow normalisation that keeps every character offset, and cleaning that maps offsets back."""

from __future__ import annotations

import re

# NFKC would also turn ，（）： into ASCII and ㎡ into m2 (parts/understanding.md §6), so only letters, digits
# and a few signs are narrowed, one character to one character.
_NARROW: dict[int, int | str] = {0xFF10 + i: 0x30 + i for i in range(10)}
_NARROW |= {0xFF21 + i: 0x41 + i for i in range(26)}
_NARROW |= {0xFF41 + i: 0x61 + i for i in range(26)}
_NARROW |= {
    ord("％"): "%",
    ord("．"): ".",
    ord("－"): "-",
    ord("＋"): "+",
    ord("／"): "/",
    ord("〇"): "〇",
    0x3000: " ",
    0xA0: " ",
    0x2002: " ",
    0x2003: " ",
    0x2009: " ",
    ord("\t"): " ",
    0x2027: "·",
    0x2022: "·",
}

_WIDE = re.compile(f"[{re.escape(''.join(map(chr, _NARROW)))}]")
_JUNK = re.compile(
    r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad\ufe0e\ufe0f"
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]"
)


def normalise(text: str) -> str:
    """Full-width letters, digits and spaces made narrow; the result has exactly the length of `text`."""
    return text.translate(_NARROW) if _WIDE.search(text) else text


def clean(text: str) -> tuple[str, list[int] | None]:
    """Drop zero-width and control characters and carriage returns.

    Returns the cleaned text and, for each of its characters plus its end, the offset in `text`;
    None instead of the list when nothing had to go.
    """
    if not _JUNK.search(text) and "\r" not in text:
        return text, None
    keep = [i for i, ch in enumerate(text) if not _JUNK.match(ch) and not (ch == "\r" and text[i + 1 : i + 2] == "\n")]
    cleaned = "".join("\n" if text[i] == "\r" else text[i] for i in keep)
    return cleaned, [*keep, len(text)]


def restore(span: tuple[int, int], offsets: list[int] | None) -> tuple[int, int]:
    """A span of the cleaned text as a span of the text it came from."""
    if offsets is None:
        return span
    start, end = span
    return offsets[start], (offsets[end - 1] + 1 if end > start else offsets[start])
