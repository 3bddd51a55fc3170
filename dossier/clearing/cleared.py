"""澄清 of what was found 不属实: listed at once, a letter where it is wanted, content gone after 30 days (R-37)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dossier.scope import Viewer, evidence_clause
from storage.errors import ShijiError
from storage.tables import Clearing, Evidence

KEPT_DAYS = 30  # domain.md §2.9
LETTER = (
    "{team}：\n　　此前收到涉及你单位（{date}）的一条信息，经两名工作人员以{channels}等方式核实，反映的情况不属实。"
    "该信息未作为任何考核、研判和使用的依据，有关内容将按规定清除。特此澄清。"
)


@dataclass(frozen=True)
class ClearedRow:
    """One cleared item as listed; `words` empty once its content has gone."""

    id: int
    evidence_id: int
    code: str
    team: str
    settled_on: date
    purge_due: date
    letter: str
    purged_on: date | None
    words: str


def open_clearing(session: Session, item: Evidence, on: date) -> Clearing:
    """Note that an item was found 不属实 on a day; doing it again starts the clock anew, if nothing has gone yet."""
    row = session.scalar(select(Clearing).where(Clearing.evidence_id == item.id))
    if row is None:
        row = Clearing(evidence_id=item.id, settled_on=on, purge_due=on)
        session.add(row)
    if row.purged_on is None:
        row.settled_on, row.purge_due = on, on + timedelta(days=KEPT_DAYS)
    session.flush()
    return row


def cleared(session: Session, viewer: Viewer) -> list[ClearedRow]:
    """Cleared items in the viewer's zones, newest first."""
    rows = session.scalars(
        select(Clearing)
        .join(Evidence, Clearing.evidence_id == Evidence.id)
        .where(evidence_clause(viewer))
        .options(joinedload(Clearing.evidence))
        .order_by(Clearing.settled_on.desc(), Clearing.id.desc())
    )
    return [
        ClearedRow(
            row.id, row.evidence_id, row.evidence.code, row.evidence.team.short if row.evidence.team else "",
            row.settled_on, row.purge_due, row.letter, row.purged_on,
            "" if row.purged_on else row.evidence.passage.text,
        )
        for row in rows
    ]  # fmt: skip


def letter_draft(team: str, date_text: str, channels: list[str]) -> str:
    """Words of a 澄清函 to start from. What was said, and by whom, is not repeated."""
    return LETTER.format(team=team or "有关单位", date=date_text or "近期", channels="、".join(channels) or "实地了解")


def write_letter(session: Session, viewer: Viewer, clearing_id: int, text: str) -> Clearing:
    """Keep the 澄清函 that the unit or person asked for. Raises RIGHTS-ROLE, CLEARING-UNKNOWN, CLEARING-EMPTY."""
    if viewer.role not in ("OFF", "HEAD"):
        raise ShijiError("RIGHTS-ROLE", "澄清函由处室办理", viewer.role, "")
    row = get_clearing(session, viewer, clearing_id)
    if not text.strip():
        raise ShijiError("CLEARING-EMPTY", "澄清函没有内容", row.evidence.code, "请填写内容。")
    row.letter, row.letter_by = text.strip(), viewer.user_id or None
    return row


def get_clearing(session: Session, viewer: Viewer, clearing_id: int) -> Clearing:
    """A clearing in scope. Raises CLEARING-UNKNOWN."""
    row = session.scalar(
        select(Clearing)
        .join(Evidence, Clearing.evidence_id == Evidence.id)
        .where(Clearing.id == clearing_id, evidence_clause(viewer))
    )
    if row is None:
        raise ShijiError("CLEARING-UNKNOWN", "没有这条澄清登记，或不在您的范围", str(clearing_id), "请从澄清登记进入。")
    return row
