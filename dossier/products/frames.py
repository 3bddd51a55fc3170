"""Fixed phrases of the forms, which state nothing about anyone. Whatever else a product says must cite.

Every floor that composes products may add its own with `add_frames`; counts in a phrase are written \\d+.
"""

from __future__ import annotations

import re

_PHRASES = [
    r"暂无佐证。",
    r"无。",
    r"没有待核实、核实中的事项。",
    r"系统中没有以往谈话记录。",
    r"除注明“经核实”的外，均未经核实。",
    r"本部分以问题形式列出，均不作为已认定的事实。",
    r"以上班子事项共\d+件，其中单位自报\d+件。",
    r"另有\d+件（其中单位自报\d+件）见班子档。",
    r"以上事项均为单位自报，信源单一。",
    r"近期有重要事项报告\d+件，详见受控页。",
    r"本简报仅供谈话人阅用，谈话后按规定收回或归档。",
    r"没有登记的说明、申辩。",
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
