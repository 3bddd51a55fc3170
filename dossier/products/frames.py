"""Fixed phrases of the forms, which state nothing about anyone. Whatever else a product says must cite.

A builder on another floor adds its own with `add_frames` when it is imported (product_builders imports them all).
Counts in a phrase are written \\d+.
"""

from __future__ import annotations

import re

_SHARE = r"(\d+%|—)"
_PHRASES = [
    r"暂无佐证。",
    r"无。",
    r"没有待核实、核实中的事项。",
    r"系统中没有以往谈话记录。",
    r"除注明“经核实”的外，均未经核实。",
    r"本部分以问题形式列出，均不作为已认定的事实。",
    r"以上班子事项共\d+件，其中单位自报\d+件(；另有\d+件（其中单位自报\d+件）见班子档)?。",
    r"另有\d+项指标见班子档。",
    r"以上事项均为单位自报，信源单一。",
    r"近期有重要事项报告\d+件，详见受控页。",
    r"本简报仅供谈话人阅用，谈话后按规定收回或归档。",
    r"没有登记的说明、申辩。",
    # digests and analyses
    rf"统计：采集篇数\d+；采用\d+；涉及班子\d+个；单位自采占比{_SHARE}。",
    rf"本周收集信息\d+次、原文\d+篇，整理工作信息\d+条，涉及班子\d+个；其中自采自发或自报\d+条，占{_SHARE}。",
    rf"上周整理\d+条，其中自采自发或自报\d+条，占{_SHARE}。",
    r"另有待核实、核实中的事项\d+条，不计入上述数字，不作为事实。",
    r"条目多少受报道覆盖影响，不代表工作好坏。",
    r"没有信息的班子\d+个。没有信息不等于没有情况。",
    r"没有已核实的问题。",
    r"下列事项尚未核实，只作为需了解的问题。",
    r"另有\d+条见(条目清单|班子档)。",
    rf"本(月|季度)收集信息\d+次、原文\d+篇，整理工作信息\d+条，涉及班子\d+个；其中自采自发或自报\d+条，占{_SHARE}。",
    rf"上(月|季度)收集信息\d+次，整理\d+条，其中自采自发或自报\d+条，占{_SHARE}；整理条数(比上(月|季度)(增加|减少)\d+条|持平)。",
    r"收集次数按来源、按日计：某一来源某日有新信息，计一次。",
    rf"整理工作信息\d+条，涉及班子\d+个；其中自采自发或自报\d+条，占{_SHARE}。",
    r"没有整理到工作信息。没有信息不等于没有情况。",
    r"没有整理到该类信息。",
    rf"共\d+条，其中自采自发或自报\d+条，占{_SHARE}。",
    r"下列各方说法均照录原文，未经核实的已注明，不代表编者意见。",
    r"没有读到对该事项的不同说法。",
    r"责任单位已采取的措施暂无佐证。",
    r"以下事项需核实、需了解，均不作为已认定的事实。",
    r"单位尚未作出说明。",
    rf"据现有材料，该事项共有原文\d+篇，独立信源\d+个，转载\d+次；其中单位自采自发或自报\d+篇，占{_SHARE}。",
]
_COMPILED: list[re.Pattern[str]] = [re.compile(phrase) for phrase in _PHRASES]


def add_frames(*phrases: str) -> None:
    """Make further fixed phrases known, as regular expressions of the whole sentence. Call at import of the builder."""
    for phrase in phrases:
        if phrase not in _PHRASES:
            _PHRASES.append(phrase)
            _COMPILED.append(re.compile(phrase))


def is_frame(text: str) -> bool:
    """Whether the text is a fixed phrase."""
    return any(pattern.fullmatch(text) for pattern in _COMPILED)
