"""Automatic numbering of Word paragraphs (一、 （一） 1.), which stands nowhere in the text and must be counted."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from collector.office.container import attribute, local

LEVELS = 9
_DIGITS = "〇一二三四五六七八九"
_LEGAL = str.maketrans("〇一二三四五六七八九十百", "零壹贰叁肆伍陆柒捌玖拾佰")
_CHINESE = {"chineseCounting", "chineseCountingThousand", "japaneseCounting", "taiwaneseCounting",
            "taiwaneseCountingThousand", "ideographDigital"}  # fmt: skip
_ROMAN = ((100, "C"), (90, "XC"), (50, "L"), (40, "XL"), (10, "X"), (9, "IX"), (5, "V"), (4, "IV"), (1, "I"))


@dataclass(frozen=True)
class _Level:
    """How one level is written: ``（%1）`` with its numbers as ``form``, from ``start``."""

    form: str = "decimal"
    text: str = ""
    start: int = 1


@dataclass
class Numbering:
    """The numbering of one document, counting as its paragraphs come by."""

    lists: dict[str, dict[int, _Level]] = field(default_factory=dict)  # numId -> level -> how it is written
    shared: dict[str, str] = field(default_factory=dict)  # numId -> the list whose counters it goes on with
    styles: dict[str, tuple[str, int]] = field(default_factory=dict)  # style -> numId, level
    _counts: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))

    def label(self, properties: Element | None, style: str) -> str:
        """What stands before a paragraph with these properties (``w:pPr``) and this style id; '' for nothing."""
        number, level = self.styles.get(style, ("", 0))
        own = _child(properties, "numPr")
        if own is not None:
            number = _value(own, "numId") or number
            level = _number(_value(own, "ilvl"), level if number else 0)
        levels = self.lists.get(number)
        if number in {"", "0"} or levels is None or level not in levels:
            return ""
        counts = self._counts[self.shared.get(number, number)]
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for deeper in [one for one in counts if one > level]:
            del counts[deeper]
        return self._written(levels, level, counts)

    def _written(self, levels: dict[int, _Level], level: int, counts: dict[int, int]) -> str:
        how = levels[level]
        if how.form in {"bullet", "none"}:
            return ""

        def number(match: re.Match[str]) -> str:
            wanted = int(match[1]) - 1
            one = levels.get(wanted, _Level())
            return numeral(counts.get(wanted, one.start), one.form)

        return re.sub(r"%([1-9])", number, how.text)


def read_numbering(numbering: Element | None, styles: Element | None) -> Numbering:
    """The numbering a document declares in ``word/numbering.xml`` and ``word/styles.xml``."""
    found = Numbering()
    abstract: dict[str, dict[int, _Level]] = {}
    for element in _children(numbering, "abstractNum"):
        abstract[attribute(element, "abstractNumId") or ""] = dict(_levels(element))
    for element in _children(numbering, "num"):
        number, base = attribute(element, "numId") or "", _value(element, "abstractNumId")
        levels = dict(abstract.get(base, {}))
        restarts = False
        for override in _children(element, "lvlOverride"):
            at = _number(attribute(override, "ilvl"), 0)
            levels.update(_levels(override))
            if (start := _value(override, "startOverride")) and at in levels:
                levels[at] = _Level(levels[at].form, levels[at].text, _number(start, 1))
                restarts = True
        found.lists[number] = levels
        found.shared[number] = f"num {number}" if restarts else f"abstract {base}"
    _read_styles(styles, found)
    return found


def numeral(number: int, form: str) -> str:
    """A number as Word writes it in this form (``w:numFmt``); plain figures for forms that are not known."""
    if form in _CHINESE:
        return chinese(number)
    if form == "chineseLegalSimplified":
        return chinese(number).translate(_LEGAL)
    if form in {"decimalEnclosedCircle", "decimalEnclosedCircleChinese"} and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form in {"upperLetter", "lowerLetter"} and number >= 1:
        letters = chr(65 + (number - 1) % 26) * ((number - 1) // 26 + 1)
        return letters if form == "upperLetter" else letters.lower()
    if form in {"upperRoman", "lowerRoman"} and 1 <= number < 400:
        roman = _roman(number)
        return roman if form == "upperRoman" else roman.lower()
    return str(number)


def chinese(number: int) -> str:
    """1 to 999 in Chinese: 一, 十, 十二, 二十, 一百零五; figures beyond."""
    if not 1 <= number <= 999:
        return str(number)
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    out = f"{_DIGITS[hundreds]}百" if hundreds else ""
    if tens:
        out += ("" if tens == 1 and not hundreds else _DIGITS[tens]) + "十"
    elif hundreds and ones:
        out += "零"
    return out + (_DIGITS[ones] if ones else "")


def _roman(number: int) -> str:
    out = ""
    for worth, letters in _ROMAN:
        count, number = divmod(number, worth)
        out += letters * count
    return out


def _levels(parent: Element) -> Iterator[tuple[int, _Level]]:
    for element in _children(parent, "lvl"):
        at = _number(attribute(element, "ilvl"), 0)
        if 0 <= at < LEVELS:
            form = _value(element, "numFmt") or "decimal"
            yield at, _Level(form, _value(element, "lvlText"), _number(_value(element, "start"), 1))


def _read_styles(styles: Element | None, found: Numbering) -> None:
    """Numbering that comes with a paragraph style, its own or the one it is based on."""
    based: dict[str, str] = {}
    for style in _children(styles, "style"):
        name = attribute(style, "styleId") or ""
        based[name] = _value(style, "basedOn")
        own = _child(_child(style, "pPr"), "numPr")
        if own is not None:
            found.styles[name] = (_value(own, "numId"), _number(_value(own, "ilvl"), 0))
    for name in based:
        seen, at = {name}, name
        while at not in found.styles and based.get(at) and based[at] not in seen:
            at = based[at]
            seen.add(at)
        if at in found.styles:
            found.styles.setdefault(name, found.styles[at])


def _children(parent: Element | None, wanted: str) -> list[Element]:
    return [element for element in parent if local(element) == wanted] if parent is not None else []


def _child(parent: Element | None, wanted: str) -> Element | None:
    return next(iter(_children(parent, wanted)), None)


def _value(parent: Element, wanted: str) -> str:
    child = _child(parent, wanted)
    return (attribute(child, "val") or "") if child is not None else ""


def _number(text: str | None, otherwise: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else otherwise
