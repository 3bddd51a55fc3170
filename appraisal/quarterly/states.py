"""What a claim of progress needs before it counts: channels, a second officer, a head's signature (§1.2, §2.7)."""

from __future__ import annotations

from collections.abc import Iterable

from appraisal.quarterly.rules import LAGGING, LEVELS
from dossier import terms
from dossier.states import Channel
from storage.errors import ShijiError

OPEN = (terms.TO_VERIFY, terms.VERIFYING)
SETTLED = (terms.VERIFIED, terms.PARTLY)


def check_found(level: str, state: str, records: Iterable[Channel], where: str) -> None:
    """Refuse a verified level that the field records do not carry.

    Two different channels, one of them not self-reported, or one official document of a higher or competent body.
    Raises ShijiError TASK-LEVEL, TASK-SETTLED, TASK-RECORDS.
    """
    if level not in LEVELS:
        raise ShijiError("TASK-LEVEL", f"没有这一档：{level[:10]}", where, f"请选择{'、'.join(LEVELS)}。")
    if state not in OPEN:
        raise ShijiError("TASK-SETTLED", f"该进展{state}，不能再提出核实结论", where, "如有新情况，请先重新打开。")
    kept = list(records)
    if any(one.official for one in kept):
        return
    if len({one.channel for one in kept}) < 2:
        raise ShijiError("TASK-RECORDS", "须有两种以上核查渠道，或一份权威部门正式文件", where, "请补充核查记录。")
    if all(one.self_reported for one in kept):
        raise ShijiError("TASK-RECORDS", "核查记录均为单位自报", where, "请补充至少一种独立渠道的核查记录。")


def needs_head(level: str) -> bool:
    """Whether the level is adverse to the team, so that it is told to it and a head signs."""
    return level in LAGGING


def outcome(claimed: str, found: str) -> str:
    """已核实 where the finding is what was claimed, 部分属实 where it is another level."""
    return terms.VERIFIED if claimed == found else terms.PARTLY
