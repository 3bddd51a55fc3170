"""The state machine of evidence (domain.md §2.5), as pure functions: what may follow what, and who must agree."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from dossier import terms
from storage.errors import ShijiError


@dataclass(frozen=True)
class Channel:
    """What one field record contributes to a verification."""

    channel: str
    self_reported: bool
    official: bool
    user_id: int


def after_accept(adverse: bool) -> str:
    """State after an officer confirms relevance: a 问题 is never merely 已采用."""
    return terms.TO_VERIFY if adverse else terms.ADOPTED


def check_proposal(state: str, adverse: bool, conclusion: str, records: Iterable[Channel]) -> None:
    """Refuse a conclusion that the field records do not carry.

    Tier A (adverse): two different channels, one not self-reported, or one official document. Tier B: one
    independent channel or one official document (domain.md §1.2, §2.5). 无法核实 needs one record of the attempt.
    """
    if conclusion not in terms.CONCLUSIONS:
        raise ShijiError(
            "STATE-CONCLUSION", f"不是核实结论：{conclusion}", "", "请选择已核实、部分属实、不属实或无法核实。"
        )
    if state not in (terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING):
        raise ShijiError("STATE-ORDER", f"状态为“{state}”的条目不能提出核实结论", "", "请先确认该条目。")
    kept = list(records)
    if not kept:
        raise ShijiError("VERIFY-RECORDS", "没有核查记录，不能提出核实结论", "", "请先登记听、看、查、谈、访、调记录。")
    if conclusion == terms.UNVERIFIABLE or any(r.official for r in kept):
        return
    independent = [r for r in kept if not r.self_reported]
    if not independent:
        raise ShijiError("VERIFY-RECORDS", "核查记录均为单位自报", "", "请补充至少一种独立渠道的核查记录。")
    if adverse and len({r.channel for r in kept}) < 2:
        raise ShijiError(
            "VERIFY-RECORDS", "问题类条目须有两种以上渠道，或一份权威部门正式文件", "", "请补充另一渠道的核查记录。"
        )


def check_agreement(proposer: int | None, officer: int, recorders: Iterable[int]) -> None:
    """The second officer is neither the proposer nor the only one who entered the records."""
    if proposer is None:
        raise ShijiError("VERIFY-NONE", "该条目没有待复核的结论", "", "请先由一名经办提出核实结论。")
    if officer == proposer:
        raise ShijiError("VERIFY-SAME", "提出结论的人不能自己复核", "", "请由另一名经办或处长复核。")
    entered = set(recorders)
    if entered and entered == {officer}:
        raise ShijiError("VERIFY-SAME", "核查记录均由您登记，不能由您复核", "", "请由另一名经办或处长复核。")


def needs_signature(adverse: bool) -> bool:
    """Whether a HEAD must sign after the second officer (sign-off matrix, domain.md §2.7)."""
    return adverse


def check_signature(role: str, officer: int, proposer: int | None, second: int | None) -> None:
    """A HEAD signs, and has neither proposed nor agreed."""
    if role != "HEAD":
        raise ShijiError("VERIFY-SIGN", "问题类条目须由处长签批", role, "请提交处长。")
    if second is None:
        raise ShijiError("VERIFY-SECOND", "尚未经第二名经办复核", "", "请先由第二名经办复核。")
    if officer in (proposer, second):
        raise ShijiError("VERIFY-SAME", "签批人不能是提出人或复核人", "", "请由另一名处长签批。")
