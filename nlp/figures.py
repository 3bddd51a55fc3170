"""Simple figures in running text: name, value, unit, comparator, period (domain.md §3.4, metric)."""

from __future__ import annotations

import re
from dataclasses import dataclass


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
_FIGURE = re.compile(
    rf"(?P<sign>[-－]?)(?P<number>\d[\d,]*(?:\.\d+)?)(?P<scale>[万亿]?)"
    rf"(?P<more>余|多)?(?P<unit>{_UNIT})(?![a-zA-Z])"
)
_COMPARATOR = re.compile(
    r"(?P<c>(?:同比|环比|比上年(?:同期)?|较上年(?:同期)?|比去年(?:同期)?|较去年(?:同期)?|年均|"
    r"比全[省市国][^，。；]{0,6}?|"
    r"较全[省市国][^，。；]{0,6}?)?(?:实际|名义)?(?:增长|增加|上升|提高|提升|下降|"
    r"减少|降低|回落|下滑|翻|高于?|低于?|高出|快|慢|"
    r"突破|超过|超|达到?|完成|实现|为|至|仅|近|约|第|列|居|共|累计)+了?)?$"
)
_RELATIVE = re.compile(r"同比|环比|比|较|增长|增加|上升|提高|提升|下降|减少|降低|回落|下滑|高|低|快|慢")
_DIGIT = re.compile(r"\d")
_CLAUSE = re.compile(r"[，。；：、！？,;:!?\n（）()“”\"《》]")
_PERIOD = re.compile(
    r"(?:(?:20\d\d年|今年|去年)?"
    r"(?:前三季度|[一二三四]季度|上半年|下半年|1至\d+月|1[-—]\d+月|\d+月份?)|20\d\d年|今年以来|"
    r"全年|去年)"
)
_LEAD = re.compile(
    r"^(?:其中|目前|预计|计划|力争|截至[^，]*|当[年月日季]|"
    r"全[区县市](?=.)|共|已|累计|实现|完成|新增的?)+"
)
_TRAIL = re.compile(r"(?:分别|将|已|均|共|累计|达|为|近|约|超|仅|的|了|有|至|比|较|提前)+$")


def metrics(passage: str) -> list[Metric]:
    """Figures with a unit, in order; those whose subject cannot be read have an empty name."""
    if not _DIGIT.search(passage):
        return []
    out: list[Metric] = []
    subject = ""
    for found in _FIGURE.finditer(passage):
        at = found.start()
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
        number = float(found["number"].replace(",", "")) * (-1 if found["sign"] else 1)
        unit = found["scale"] + found["unit"]
        out.append(
            Metric(
                name[-24:], number, unit, comparator, period[0] if period else _before(passage, at), (at, found.end())
            )
        )
    return out


def _before(passage: str, at: int) -> str:
    earlier = [m[0] for m in _PERIOD.finditer(passage, 0, at)]
    return earlier[-1] if earlier else ""
