"""What a team's leader does, read as the team's part in the passage: 望澜区委书记…到…走访 is 出席 (P7, DR8)."""

from __future__ import annotations

import re

from nlp.acts import cadre_role, chairs, speaks_of_fault
from nlp.posts import TITLES

_GROUP = re.compile(
    r"(?:委|政府|党组|党委)?(?:(?:主要|有关|相关|分管)?(?:负责同志|负责人)|(?:主要|分管|"
    r"班子)?领导(?!小组|干部|班子|下)|"
    r"班子成员)"
)
_END = re.compile(r"[。；\n]")
_MOVED = re.compile(r"[\u4e00-\u9fff]{2,4}?(?:同志)?(?:兼任|拟任|不再担任|调任|转任|(?<!担)任(?!务|何|职))")
_ADMITS = re.compile(r"承认|致歉|道歉|检讨")
_PAST = ("时任", "原", "原任", "前任", "前")


def role_through_leader(text: str, start: int, end: int, label: str, others_after: bool) -> tuple[str, str] | None:
    """(role, reason) of the team named at [start, end) when a title of its leader follows; None when none does.

    `others_after`: another team stands later in the same sentence. A sentence of fault is left to the other rules.
    """
    titled = TITLES.match(text, end)
    if titled is None and text[end - 1] in "区县市旗":  # 望澜区 + 委书记: the title starts in the name
        titled = TITLES.match(text, end - 1)
    found = titled or _GROUP.match(text, end)
    if found is None:
        return None
    stop = _END.search(text, found.end())
    after = text[found.end() : min(stop.start() if stop else len(text), found.end() + 120)]
    if label == "problem" and (speaks_of_fault(after) or _ADMITS.search(after[:20])):
        return None
    sentence = max(text.rfind(mark, 0, start) for mark in "。；\n") + 1
    role = cadre_role(text[max(sentence, start - 30) : start], after)
    past = titled is not None and titled["when"] in _PAST
    if not past and text[max(0, start - 2) : start].endswith(("时任", "原任")):
        past = True
    if past and label in {"routine", "irrelevant", ""}:
        return "仅提及", "时任干部"
    if role == "本人" or _MOVED.match(after):
        return ("仅提及", "干部调任") if others_after else None
    part = part_of_leader(role, chairs(after), label)
    return (part, _WHY[role]) if part else None


_WHY = {"出席": "负责人出席", "引语": "负责人讲话", "主体": "负责人行为", "对象": "负责人行为", "参与": "负责人行为"}


def part_of_leader(role: str, in_chair: bool, label: str) -> str:
    """The team's role that goes with what its leader does; empty where the leader's act says nothing of the team."""
    if role == "出席":
        return "主体" if in_chair else "出席"
    if role == "引语":  # a leader who tells of the team's method or result speaks for the team as actor
        return "主体" if label in {"practice", "highlight", "major_matter"} else "信息来源"
    if role == "本人":
        return "主体"
    return role if role in {"主体", "对象", "参与"} else ""
