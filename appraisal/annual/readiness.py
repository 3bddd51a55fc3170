"""Why an adverse item may not enter a package yet: 告知, the answer or its clock, 容错 (§2.1 rule 5, §2.6)."""

from __future__ import annotations

from datetime import date

from dossier import terms
from dossier.views import EvidenceView
from storage.workdays import add_workdays

ANSWER_WORKDAYS = 5


def adverse_gap(item: EvidenceView, today: date) -> str:
    """What is still missing, as people read it; empty when nothing is, or when the item is not adverse."""
    if not item.adverse:
        return ""
    missing = []
    if item.state not in terms.ESTABLISHED:
        missing.append(f"状态为“{item.state}”，尚未核实")
    if not item.notified:
        missing.append("未告知单位")
    elif not item.response and today <= add_workdays(date.fromisoformat(item.notified[:10]), ANSWER_WORKDAYS):
        missing.append("说明期限未满")
    if not item.leniency:
        missing.append("容错审查未登记")
    return "、".join(missing)
