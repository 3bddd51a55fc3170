"""How much paper a product takes, estimated from character widths, before Word has seen it."""

from __future__ import annotations

import math

from dossier.gongwen import CHARACTERS_PER_LINE, width_of
from dossier.products.content import ProductContent, Sentence

TABLE_TEXT = 10.5 / 16  # lines after the signature are printed 五号
CITATION = 9 / 16  # a citation is printed in 小五, against 三号


def lines_of(content: ProductContent) -> int:
    """Lines of the text without tables and annexes: title, head, parts, signature and tail."""
    lines = 2 + 3  # title and head; blank line, office, date
    lines += sum(_lines(width_of(line)) for line in content.head[1:])
    for part in content.parts:
        lines += _lines(width_of(part.heading) + 2) if part.heading else 0
        for number, sentences in part.paragraphs:
            lines += _lines(2 + width_of(number) + sum(map(_width, sentences)))
    return lines + sum(_lines(TABLE_TEXT * _width(s)) for s in content.tail)


def _width(sentence: Sentence) -> float:
    return width_of(sentence.said) + CITATION * sum(width_of(code) + 2 for code in sentence.citations)


def _lines(width: float) -> int:
    return max(1, math.ceil(width / CHARACTERS_PER_LINE))
