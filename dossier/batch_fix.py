"""Attribution disputes: past items with the same team for the same reason are offered together (journey 2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dossier import terms
from dossier.review import Correction, correct, get_evidence, require_decider
from dossier.scope import Viewer, evidence_clause
from storage.errors import ShijiError
from storage.tables import Evidence, Passage

OPEN = (terms.PENDING, terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING)
MOST = 200


@dataclass(frozen=True)
class SimilarItem:
    """An item that rests on the same words for the same team."""

    id: int
    code: str
    state: str
    text: str
    because: str


@dataclass(frozen=True)
class Fixed:
    """What became of one item; `refused` empty: it was moved."""

    id: int
    code: str
    refused: str


def similar_past(session: Session, viewer: Viewer, item: Evidence) -> list[SimilarItem]:
    """Items not yet settled, waiting or adopted, still with the machine's team, and its reason the same as here."""
    if not item.team_key or item.team_id == item.team_key:
        return []
    mine = {a.because for a in item.passage.attributions if a.team_id == item.team_key}
    rows = session.scalars(
        select(Evidence)
        .where(
            Evidence.team_key == item.team_key, Evidence.team_id == item.team_key, Evidence.id != item.id,
            Evidence.state.in_(OPEN), evidence_clause(viewer),
        )
        .options(selectinload(Evidence.passage).selectinload(Passage.attributions))
        .order_by(Evidence.id.desc())
        .limit(MOST)
    )  # fmt: skip
    found = []
    for row in rows:
        reasons = [a.because for a in row.passage.attributions if a.team_id == item.team_key and a.because in mine]
        if reasons:
            found.append(SimilarItem(row.id, row.code, row.state, row.passage.text, reasons[0]))
    return found


def fix_many(
    session: Session, viewer: Viewer, evidence_id: int, item_ids: Sequence[int], reason: str
) -> list[Fixed]:  # fmt: skip
    """Move the chosen items where the first one was moved, each by the ordinary rules; one refused keeps its place.

    Raises RIGHTS-ROLE, REVIEW-REASON, BATCH-NONE; what an item itself is refused for stands in its line.
    """
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id)
    if not reason.strip():
        raise ShijiError("REVIEW-REASON", "批量改正须写明理由", item.code, "请填写理由。")
    offered = {one.id: one for one in similar_past(session, viewer, item)}
    chosen = [key for key in dict.fromkeys(item_ids) if key in offered]
    if not chosen:
        raise ShijiError("BATCH-NONE", "没有选中可改正的同类条目", item.code, "请勾选条目。")
    change = Correction(team_id=item.team_id or "", role=item.role or None)
    done = []
    for key in chosen:
        try:
            with session.begin_nested():
                correct(session, viewer, key, change, reason)
            done.append(Fixed(key, offered[key].code, ""))
        except ShijiError as refused:
            done.append(Fixed(key, offered[key].code, refused.message))
    return done
