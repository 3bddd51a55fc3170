"""Where an entry stands, read from its steps: the database keeps steps and never changes an entry (§1.12 rule 2)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from storage.tables import LedgerStep

DRAFTED, TOLD, SPOKE, CHECKED, RETURNED, APPROVED, TRACKED, CLOSED, REVERSED = (
    "拟记", "告知", "陈述", "审核", "退回", "批准", "追踪", "结账", "冲正",
)  # fmt: skip
# states as people read them
PLANNED, ENTERED, TRACKING, SETTLED, TAKEN_BACK, SENT_BACK = "拟记", "已记", "追踪中", "结账", "冲正", "退回"
OPEN = (PLANNED, ENTERED, TRACKING)


@dataclass(frozen=True)
class Standing:
    """What has been done with an entry."""

    state: str
    told_on: date | None
    told_due: date | None
    statement: str
    checked: bool
    checked_by: int | None
    approved_on: date | None


def standing(steps: Iterable[LedgerStep], has_tracking: bool) -> Standing:
    """The state that the steps, in their order, amount to. With tracking dates left an entry is 追踪中."""
    done: Sequence[LedgerStep] = list(steps)
    kinds = [step.step for step in done]
    told = next((s for s in reversed(done) if s.step == TOLD), None)
    spoke = "；".join(s.text for s in done if s.step == SPOKE)
    check = next((s for s in reversed(done) if s.step == CHECKED), None)
    approved = next((s for s in done if s.step == APPROVED), None)
    if REVERSED in kinds:
        state = TAKEN_BACK
    elif CLOSED in kinds:
        state = SETTLED
    elif approved is not None:
        state = TRACKING if has_tracking else ENTERED
    else:
        state = SENT_BACK if RETURNED in kinds else PLANNED
    return Standing(
        state, told.on if told else None, told.due if told else None, spoke, check is not None,
        check.user_id if check else None, approved.on if approved else None,
    )  # fmt: skip
