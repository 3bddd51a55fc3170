"""存疑: channels contradict each other. Both versions stay side by side until an officer writes a conclusion (§1.2)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.history import user_names
from dossier.review import decide, get_evidence, require_decider
from dossier.scope import Viewer
from dossier.verify import no_proposal, records_of
from storage.errors import ShijiError
from storage.tables import Doubt, FieldRecord


@dataclass(frozen=True)
class DoubtView:
    """Two versions of one matter, and what an officer concluded; `conclusion` empty: nobody has yet."""

    id: int
    first: str
    first_from: str
    other: str
    other_from: str
    raised: str
    raised_on: date
    conclusion: str
    concluded: str
    concluded_on: date | None


def raise_doubt(
    session: Session, viewer: Viewer, evidence_id: int, first_id: int, other_id: int, today: date
) -> Doubt:  # fmt: skip
    """Put two records of an item against each other; a conclusion that was proposed falls. Raises DOUBT-RECORDS."""
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    found = {record.id: record for record in records_of(session, item.id)}
    if first_id == other_id or not {first_id, other_id} <= set(found):
        raise ShijiError("DOUBT-RECORDS", "请选择该条目的两条说法不一致的核查记录", item.code, "")
    if item.state != terms.VERIFYING:
        raise ShijiError("STATE-ORDER", f"状态为“{item.state}”的条目不能标注存疑", item.code, "已有结论的请先复核。")
    row = Doubt(
        evidence_id=item.id, first_record_id=first_id, other_record_id=other_id, first=found[first_id].summary,
        other=found[other_id].summary, raised_by=viewer.user_id, raised_on=today,
    )  # fmt: skip
    session.add(row)
    decide(session, viewer.user_id, item, "doubt", {"doubtful": True, **no_proposal()}, "两种说法不一致")
    return row


def conclude(session: Session, viewer: Viewer, doubt_id: int, conclusion: str, today: date) -> Doubt:
    """An officer's written conclusion; the flag goes when no doubt is left. Raises DOUBT-UNKNOWN, DOUBT-CONCLUSION."""
    require_decider(viewer)
    row = session.get(Doubt, doubt_id)
    if row is None:
        raise ShijiError("DOUBT-UNKNOWN", "没有这条存疑登记", str(doubt_id), "请从条目页面进入。")
    item = get_evidence(session, viewer, row.evidence_id, lock=True)
    if row.concluded_on is not None:
        raise ShijiError("DOUBT-CONCLUSION", "该存疑已有结论", item.code, "如有新情况，请另行标注。")
    if len(conclusion.strip()) < 5:
        raise ShijiError("DOUBT-CONCLUSION", "请写明采信哪种说法及理由", item.code, "至少写明采信的依据。")
    row.conclusion, row.concluded_by, row.concluded_on = conclusion.strip(), viewer.user_id, today
    session.flush()
    open_ones = session.scalar(select(Doubt.id).where(Doubt.evidence_id == item.id, Doubt.concluded_on.is_(None)))
    decide(session, viewer.user_id, item, "conclude", {"doubtful": open_ones is not None}, conclusion)
    return row


def doubts_of(session: Session, evidence_id: int) -> list[DoubtView]:
    """The doubts of an item, oldest first."""
    rows = session.scalars(select(Doubt).where(Doubt.evidence_id == evidence_id).order_by(Doubt.id)).all()
    wanted = [key for row in rows for key in (row.first_record_id, row.other_record_id)]
    records = {r.id: r for r in session.scalars(select(FieldRecord).where(FieldRecord.id.in_(wanted)))}
    names = user_names(session, [key for row in rows for key in (row.raised_by, row.concluded_by)])

    def origin(key: int | None) -> str:
        record = records.get(key or 0)
        return f"{record.channel}，{record.on}" if record else ""

    return [
        DoubtView(
            r.id, r.first, origin(r.first_record_id), r.other, origin(r.other_record_id), names.get(r.raised_by, ""),
            r.raised_on, r.conclusion, names.get(r.concluded_by or 0, ""), r.concluded_on,
        )
        for r in rows
    ]  # fmt: skip
