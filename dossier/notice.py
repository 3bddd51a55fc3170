"""The words of a 告知 (domain.md §2.6, §2.10)."""

from __future__ import annotations

import re

from dossier.views import EvidenceView

# what betrays where a fact came from: 本报讯（记者 …）, （…）, 据…报道，
ORIGIN = re.compile(
    r"^\s*(?:[^（。]{0,20}(?:讯|电|消息)\s*)?(?:（[^）]*记者[^）]*）)?"
    r"|据[^，。]{1,20}(?:报道|消息|反映)，|记者[^，。]{0,12}获悉，"
)


def notice_text(view: EvidenceView) -> str:
    """Text of a 告知 to start from: fact, date and what is asked; nothing about source or other persons (§2.10 P3)."""
    when = f"{view.date}，" if view.date_from_text else ""
    fact = ORIGIN.sub("", view.fact).strip()
    return (
        f"现就以下事项听取{view.team or '你单位'}意见：{when}{fact}请说明有关情况、原因和已采取的措施，"
        "可附佐证材料，并请于收到本告知之日起5个工作日内书面回复。"
    )
