"""Structure numbers of headings: 一、 then （一） then 1. (GB/T 9704 §7.3.3)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from dossier.products.content import Part

_DIGITS = "零一二三四五六七八九"


def numbered(parts: Iterable[Part]) -> Iterator[Part]:
    """The parts with numbers before their headings; a part without heading keeps none."""
    counts = [0, 0, 0]
    for part in parts:
        if not part.heading:
            yield part
            continue
        counts[part.level - 1] += 1
        counts[part.level :] = [0] * (3 - part.level)
        number = counts[part.level - 1]
        shown = {1: f"{chinese(number)}、", 2: f"（{chinese(number)}）", 3: f"{number}."}[part.level]
        yield replace(part, heading=shown + part.heading)


def chinese(number: int) -> str:
    """1 to 99 as 一 to 九十九."""
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else _DIGITS[tens] + "十"
    return head + (_DIGITS[ones] if ones or not tens else "")
