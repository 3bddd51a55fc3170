"""Chinese numerals as numbers: 三十二, 一千二百万, 九成半, 百分之五点六, 两千余."""

from __future__ import annotations

import re

_DIGITS = {c: n for n, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_GREAT = {"万": 10_000, "亿": 100_000_000}
NUMERAL = r"[零〇一二两三四五六七八九十百千万亿]+(?:点[零〇一二三四五六七八九]+)?"
_FORM = re.compile(
    r"(?:[一二两三四五六七八九]?[十百千万亿零][零一二两三四五六七八九十百千万亿]*|[零〇一二两三四五六七八九]+)"
    r"(?:点[零〇一二三四五六七八九]+)?[万亿]?"
)


def number_of(text: str) -> float | None:
    """The value of a Chinese numeral; None for what is none (万万, 十十)."""
    whole, _, fraction = text.partition("点")
    if not whole or not _FORM.fullmatch(text):
        return None
    tail = 1
    while fraction and fraction[-1] in _GREAT:
        tail *= _GREAT[fraction[-1]]
        fraction = fraction[:-1]
    value = _whole(whole)
    if value is None:
        return None
    for place, digit in enumerate(fraction, 1):
        value += _DIGITS[digit] / 10**place
    return float(round(value * tail, 10))


def _whole(text: str) -> float | None:
    if all(c in _DIGITS for c in text):  # 二〇二五, 五
        return float("".join(str(_DIGITS[c]) for c in text))
    total, section, digit, last = 0, 0, -1, 0
    for character in text:
        if character in _DIGITS:
            if digit > 0:
                return None
            digit = _DIGITS[character]
        elif character in _SCALES:
            scale = _SCALES[character]
            if last and scale >= last:
                return None
            if digit < 0 and scale != 10:
                return None
            section += (1 if digit < 0 else digit) * scale
            digit, last = -1, scale
        else:
            amount = section + max(digit, 0)
            if not amount and not total:
                return None
            if character == "亿" and total:
                total = (total + amount) * _GREAT["亿"]
            else:
                total += amount * _GREAT[character]
            section, digit, last = 0, -1, 0
    if digit > 0 and last >= 100 and text[-2] in "百千":  # 一百二 is 120
        return float(total + section + digit * last // 10)
    return float(total + section + max(digit, 0))
