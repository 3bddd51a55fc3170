"""What belongs to the restricted compartment: health, family and discipline matters (R-04, domain.md §1.11b)."""

from __future__ import annotations

import re

from dossier.terms import RESTRICTED_SUB_TYPES

# a submitted report on a member's health or family, whatever the model called it
_MEMBER = re.compile(r"班子(?:一名|有?\d+名)?成员|领导班子|党组成员|副?局长|副?主任|副?书记|该同志|本人")
_PRIVATE = re.compile(
    r"因病|住院|手术|病假|重大疾病|不能到岗|暂不能履职|婚姻|离婚|丧偶|去世|家庭变化|家庭变故|接受(?:纪律)?审查"
)


def is_restricted(sub_type: str, text: str, submitted_report: bool) -> bool:
    """Whether a passage must stay out of index, lists, counts and products."""
    if sub_type in RESTRICTED_SUB_TYPES:
        return True
    return submitted_report and bool(_MEMBER.search(text) and _PRIVATE.search(text))
