"""Decision rules that turn on a number a model of words cannot weigh: ranks (DR2, domain.md §3.6).

A rank with its field says by itself whether it is a highlight (upper third), a problem (lower third) or neither.
"""

from __future__ import annotations

import re
from dataclasses import replace

from nlp.topic_port import TopicResult

# 在40个市直部门中列第36位 | 列40个市直部门第36位 | 第36位（共40个）
_RANKED = (
    re.compile(r"(\d{1,3})个(?:[一-鿿]{1,10})?中?[^，。；]{0,6}?(?:列|排|居|位列|位居|排名)?第(\d{1,3})[位名]"),
    re.compile(r"第(?P<rank>\d{1,3})[位名][（(]共(?P<field>\d{1,3})[个家名]?[)）]"),
)
_LAST = re.compile(r"倒数第[一二三四五六七八九十\d]{1,3}|垫底|排名(?:末位|最后)|位居末位|列末位")
_MECHANISM = re.compile(r"末位(?:单位|表态|约谈|说明)|对[^，。；]{0,6}(?:倒数|排名末位)|凡|如果|一旦")
THIRD = 3


def apply_rank_rule(text: str, topic: TopicResult) -> TopicResult:
    """The topic after reading a stated rank; unchanged when the text gives none or several that disagree."""
    verdicts: dict[str, tuple[int, int]] = {}
    for rank, field, span in _ranks(text):
        if rank * THIRD > field * 2:
            verdicts["problem"] = span
        elif rank * THIRD <= field:
            verdicts["highlight"] = span
        else:
            verdicts["routine"] = span
    last = _LAST.search(text)
    if last and not _MECHANISM.search(text):
        verdicts.setdefault("problem", last.span())
    if len(verdicts) != 1:
        return topic
    ((label, span),) = verdicts.items()
    if topic.label in (label, "irrelevant") or (label == "routine" and topic.label not in ("highlight", "problem")):
        return topic
    sub_type = {"problem": "WT9", "highlight": "LD1", "routine": "YB3"}[label]
    thirds = {"problem": "后三分之一，判为问题", "highlight": "前三分之一，判为亮点", "routine": "中段，判为一般动态"}[
        label
    ]
    also = tuple(dict.fromkeys((topic.label, *topic.also)))
    return replace(
        topic, label=label, also=tuple(a for a in also if a != label)[:1], sub_type=sub_type, span=span,
        because=f"依据“{text[span[0] : span[1]]}”：位次在{thirds}（规则 DR2）",
    )  # fmt: skip


def _ranks(text: str) -> list[tuple[int, int, tuple[int, int]]]:
    """(rank, field, span) of every rank stated with its field; impossible ones are left out."""
    if "第" not in text:
        return []
    found = [(int(m[2]), int(m[1]), m.span()) for m in _RANKED[0].finditer(text)]
    found += [(int(m["rank"]), int(m["field"]), m.span()) for m in _RANKED[1].finditer(text)]
    return [(rank, field, span) for rank, field, span in found if 1 <= rank <= field and field >= THIRD]
