"""Simple figures in running text: name, value, unit, comparator, period (domain.md §3.4, metric)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.numerals import NUMERAL, number_of
from nlp.scan import led


@dataclass(frozen=True)
class Metric:
    """One figure. `value` is in `unit` as written (亿元 stays 亿元); `span` is in the given passage."""

    name: str
    value: float
    unit: str
    comparator: str
    period: str
    span: tuple[int, int]


_UNIT = (
    r"个百分点|百分点|%|‰|亿美元|万美元|美元|万亿元|亿元|万元|千元|元|万吨|亿吨|吨|万亩|亩|平方公里|平方千米|"
    r"公顷|万平方米|平方米|"
    r"公里|千米|米|万千瓦时|亿千瓦时|千瓦时|万千瓦|万标箱|标箱|万人次|人次|万人|万户|万家|万件|万辆|万台|"
    r"人|名|户|家|件|批次|批|个|项|条|次|所|座|台|套|辆|宗|起|天|小时|分钟|位|名次|处|张|栋|艘|架|支|场"
)
_FIGURE = led(
    r"\-－0-9",
    rf"(?P<sign>[-－]?)(?P<number>\d[\d,]*(?:\.\d+)?)(?P<scale>[万亿]?)"
    rf"(?P<more>余|多)?(?P<unit>{_UNIT})(?![a-zA-Z])",
)
# 三十二公里, 九万亩, 百分之五点六, 九成: in words. 一个 and 两家 are measure words of speech more often than figures:
# a numeral must hold a scale, or stand with a unit that only measures.
_MEASURES = r"个百分点|百分点|亿元|万元|元|万吨|吨|万亩|亩|平方公里|平方米|公顷|公里|千米|千瓦时|万人次|人次"
_WORDS = led(
    "零〇一二两三四五六七八九十百千万亿",
    rf"百分之(?P<percent>{NUMERAL})|(?P<tenths>[一二三四五六七八九])成(?P<half>半)?(?![为员立长熟功])"
    rf"|(?P<number>{NUMERAL})(?P<more>余|多)?(?P<unit>{_UNIT})",
)
_SCALED = re.compile(r"[十百千万亿]")
_COMPARATOR = re.compile(
    r"(?P<c>(?:同比|环比|比上年(?:同期)?|较上年(?:同期)?|比去年(?:同期)?|较去年(?:同期)?|年均|"
    r"比全[省市国][^，。；]{0,6}?|"
    r"较全[省市国][^，。；]{0,6}?)?(?:实际|名义)?(?:增长|增加|上升|提高|提升|下降|"
    r"减少|降低|回落|下滑|翻|高于?|低于?|高出|快|慢|"
    r"突破|超过|超|达到?|完成|实现|为|至|仅|近|约|第|列|居|共|累计)+了?)?$"
)
_RELATIVE = re.compile(r"同比|环比|比|较|增长|增加|上升|提高|提升|下降|减少|降低|回落|下滑|高|低|快|慢")
_CLAUSE = re.compile(r"[，。；：、！？,;:!?\n（）()“”\"《》]")
_PERIOD = led(
    "今去全前上下一二三四0-9",
    r"(?:(?:20\d\d年|今年|去年)?"
    r"(?:前三季度|[一二三四]季度|上半年|下半年|1至\d+月|1[-—]\d+月|\d+月份?)|20\d\d年|今年以来|"
    r"全年|去年)",
)
_LEAD = re.compile(
    r"^(?:其中|目前|预计|计划|力争|截至[^，]*|当[年月日季]|"
    r"全[区县市](?=.)|共|已|累计|实现|完成|新增的?)+"
)
_TRAIL = re.compile(r"(?:分别|将|已|均|共|累计|达|为|近|约|超|仅|的|了|有|至|比|较|提前)+$")


def metrics(passage: str) -> list[Metric]:
    """Figures with a unit, in order; those whose subject cannot be read have an empty name."""
    out: list[Metric] = []
    subject = ""
    for at, end, number, unit in _figures(passage):
        clause_start = max((m.end() for m in _CLAUSE.finditer(passage, 0, at)), default=0)
        lead = passage[clause_start:at]
        compared = _COMPARATOR.search(lead)
        comparator = compared["c"] or "" if compared else ""
        rest = lead[: compared.start()] if compared else lead
        period = _PERIOD.search(rest)
        rest = _PERIOD.sub("", rest)
        name = _TRAIL.sub("", _LEAD.sub("", rest)).strip()
        if not name and comparator and _RELATIVE.search(comparator):
            name = subject  # ……总量达31亿元，同比增长8%: the second figure speaks of the first's subject
        if name:
            subject = name
        if comparator and not _RELATIVE.search(comparator):
            comparator = ""
        told = period[0] if period else _before(passage, at)
        out.append(Metric(name[-24:], number, unit, comparator, told, (at, end)))
    return out


def _figures(passage: str) -> list[tuple[int, int, float, str]]:
    """(start, end, value, unit) of all figures in digits and in words, in order."""
    found = []
    for m in _FIGURE.finditer(passage):
        number = float(m["number"].replace(",", "")) * (-1 if m["sign"] else 1)
        found.append((m.start(), m.end(), number, m["scale"] + m["unit"]))
    for m in _WORDS.finditer(passage):
        said = _in_words(passage, m)
        if said is not None:
            found.append((m.start(), m.end(), *said))
    return sorted(found)


def _in_words(passage: str, found: re.Match[str]) -> tuple[float, str] | None:
    if found["percent"]:
        value = number_of(found["percent"])
        return None if value is None else (value, "%")
    if found["tenths"]:
        return 10.0 * (number_of(found["tenths"]) or 0.0) + (5.0 if found["half"] else 0.0), "%"
    text, unit = found["number"], found["unit"]
    before = passage[max(0, found.start() - 2) : found.start()]
    if before[-1:].isdigit() or before.endswith(("第", "星期", "周")):
        return None
    if not _SCALED.search(text) and not re.fullmatch(_MEASURES, unit):
        return None
    value = number_of(text)
    return None if value is None or value == 0 else (value, unit)


def _before(passage: str, at: int) -> str:
    earlier = [m[0] for m in _PERIOD.finditer(passage, 0, at)]
    return earlier[-1] if earlier else ""
