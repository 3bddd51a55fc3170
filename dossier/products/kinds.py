"""The kinds of product: name, subject, who drafts, checks and signs, how it is numbered, who may receive it.

Roles are those of the sign-off matrix (domain.md §2.7). A builder composes `ProductContent` and says its kind's code;
which function builds a kind is laid down in api/acts/product_builders.py, since builders live on several floors.
"""

from __future__ import annotations

from dataclasses import dataclass

from storage.errors import ShijiError

ISSUE, DOCUMENT, SERIAL = (
    "期次",
    "文号",
    "编号",
)  # 第196期 of the section and year; 澜组考〔2025〕12号, 澜 from the city; TQ-2025-0012


@dataclass(frozen=True)
class Kind:
    """One kind. subject: what is chosen for it (day week month quarter event team cadre item, or "" where another page
    makes it). signs empty: the check issues it. profile: the widest redaction profile any copy may have.
    pages: usual length. receives: roles that may be put on the recipient list. annex: what its list of items is called.
    """

    code: str
    name: str
    subject: str
    drafts: frozenset[str]
    checks: frozenset[str]
    signs: frozenset[str]
    numbering: str
    prefix: str = ""
    profile: str = "P0"
    pages: tuple[int, int] = (1, 4)
    receives: frozenset[str] = frozenset()
    annex: str = "佐证清单"


def _roles(*names: str) -> frozenset[str]:
    return frozenset(names)


_OFFICE, _HEAD, _LEADERS = _roles("OFF", "KH"), _roles("HEAD"), _roles("DEP", "MIN")
_INSIDE = _roles("OFF", "HEAD", "KH", "DEP", "MIN")
_NONE: frozenset[str] = frozenset()

_TALK = _roles("OFF", "HEAD")
ITEMS = "条目清单"
_ROWS = (
    Kind("daily", "每日要情", "day", _OFFICE, _HEAD, _LEADERS, ISSUE, pages=(1, 1), receives=_INSIDE),
    Kind("weekly", "周报", "week", _OFFICE, _HEAD, _LEADERS, ISSUE, pages=(2, 4), receives=_INSIDE,
         annex=ITEMS),
    Kind("special", "专报", "event", _OFFICE, _HEAD, _LEADERS, ISSUE, pages=(3, 6), receives=_INSIDE),
    Kind("monthly", "月度舆论信息动态分析", "month", _OFFICE, _HEAD, _LEADERS, ISSUE, receives=_INSIDE,
         annex=ITEMS),
    Kind("quarterly", "季度舆论信息动态分析", "quarter", _OFFICE, _HEAD, _LEADERS, ISSUE, receives=_INSIDE,
         annex=ITEMS),
    # 谈话: prepared by the officer, checked by the head, read by the interviewer only
    Kind("talk_brief", "谈话前情况简报", "", _TALK, _HEAD, _NONE, SERIAL, "TQ", "P0", (1, 2),
         _roles("HEAD", "DEP", "MIN")),
    Kind("talk_outline", "谈话提纲", "", _TALK, _HEAD, _NONE, SERIAL, "TG", "P0", (1, 1), _roles("HEAD", "DEP", "MIN")),
    Kind("talk_record", "谈话记录", "", _TALK, _HEAD, _NONE, SERIAL, "TJ", "P0", (2, 5),
         _roles("OFF", "HEAD", "DEP", "MIN")),
    Kind("matter_form", "重要事项报告单", "", _roles("OFF", "HEAD", "SUP"), _roles("HEAD", "SUP"), _NONE, SERIAL, "ZS",
         "P0", (1, 1), _roles("HEAD", "SUP", "DEP", "MIN")),
    Kind("ledger", "业绩和责任记实表", "cadre", _roles("KH"), _roles("SUP", "HEAD"), _LEADERS, SERIAL, "JS",
         receives=_roles("HEAD", "KH", "SUP", "DEP", "MIN")),
    Kind("notice_letter", "告知书", "item", _OFFICE, _HEAD, _NONE, DOCUMENT, "组告", "P2", (1, 1), _roles("UNIT")),
    Kind("clearing", "澄清函", "item", _OFFICE, _HEAD, _LEADERS, DOCUMENT, "组函", "P2", (1, 1), _roles("UNIT")),
    Kind("circular", "考核情况通报", "", _roles("KH"), _HEAD, _LEADERS, DOCUMENT, "组考", pages=(3, 5),
         receives=_INSIDE | _roles("UNIT")),
    Kind("unit_sheet", "考核情况反馈单", "", _roles("KH"), _HEAD, _LEADERS, SERIAL, "FK", "P2", (1, 2), _roles("UNIT")),
    Kind("review_report", "领导班子运行情况分析报告", "", _OFFICE, _HEAD, _LEADERS, SERIAL, "YP", pages=(4, 8),
         receives=_INSIDE, annex="信息条目清单"),
    Kind("package", "定性证据包", "", _TALK | _OFFICE, _HEAD, _NONE, SERIAL, "ZJ", receives=_INSIDE, annex=ITEMS),
    Kind("annual_form", "公务员年度考核登记表", "", _TALK | _OFFICE, _HEAD, _NONE, SERIAL, "DJ", "P0", (1, 2),
         _roles("HEAD", "KH", "UNIT")),
)  # fmt: skip
KINDS: dict[str, Kind] = {kind.code: kind for kind in _ROWS}


def kind_of(code: str) -> Kind:
    """The kind with this code. Raises PRODUCT-KIND."""
    if code not in KINDS:
        raise ShijiError("PRODUCT-KIND", f"没有这种文稿：{code[:20]}", "", f"可选：{'、'.join(KINDS)}。")
    return KINDS[code]
