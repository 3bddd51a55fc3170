"""The statutory report on 个人有关事项 has a system and secrecy rules of its own: known by its title, never taken in.

domain.md §1.11 b, §2.1 rule 6. A title is judged, not the text: a work report may mention the regulation.
"""

from __future__ import annotations

import re

_TITLE = re.compile(r"个人有关事项|个人事项报告|报告个人.{0,4}事项|有关事项报告表|个人事项.{0,6}(?:核查|查核|比对)")
_BETWEEN = re.compile(r"[\s_\-·.（）()《》]+")


def is_statutory(title: str) -> bool:
    """Whether a title or file name is of that report."""
    return bool(_TITLE.search(_BETWEEN.sub("", title)))
