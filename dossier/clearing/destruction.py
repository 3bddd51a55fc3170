"""销毁清册 (R-43): what is due by class, prepared by SYS, checked by AUD, signed by DEP, carried out by SYS.

There is no security administrator here, so that the system administrator prepares. None of the three sees content:
a line is a number, a class, a day and a hash. Nothing is destroyed in any other way.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dossier import terms
from dossier.clearing.purge import delete_bodies, purge_item
from dossier.hearing.reach import need, need_words
from dossier.history import user_names
from dossier.scope import Viewer
from storage.archive import Archive
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Clearing, DestructionLine, DestructionList, Evidence
from storage.warc import WarcFolder

PREPARED, CHECKED, SIGNED, DONE, RETURNED = "拟制", "已核", "已批", "已销毁", "退回"
UNTRUE, UNVERIFIABLE = "不属实（30日）", "无法核实（1年）"
YEAR = timedelta(days=365)
READERS = ("SYS", "AUD", "DEP", "MIN")


@dataclass(frozen=True)
class Due:
    """One thing whose time has come."""

    evidence_id: int
    code: str
    retention: str
    due: date
    sha256: str


@dataclass(frozen=True)
class ListView:
    """A list with its lines and who acted on it."""

    row: DestructionList
    number: str
    prepared: str
    checked: str
    signed: str
    executed: str


def due_items(session: Session, today: date) -> list[Due]:
    """Items whose content is due to go and that stand on no list under way, earliest due first."""
    under_way = (
        select(DestructionLine.evidence_id)
        .join(DestructionList, DestructionLine.list_id == DestructionList.id)
        .where(DestructionList.state.in_((PREPARED, CHECKED, SIGNED, DONE)))
    )
    cleared = session.execute(
        select(Clearing, Evidence)
        .join(Evidence, Clearing.evidence_id == Evidence.id)
        .where(
            Clearing.purge_due <= today, Clearing.purged_on.is_(None), Evidence.state == terms.UNTRUE,
            Evidence.id.not_in(under_way),
        )
    ).all()  # fmt: skip
    found = [Due(e.id, e.code, UNTRUE, c.purge_due, _proof(e)) for c, e in cleared]
    for item in session.scalars(
        select(Evidence).where(Evidence.state == terms.UNVERIFIABLE, Evidence.id.not_in(under_way))
    ):
        day = item.changed_at.astimezone(CHINA).date() + YEAR
        if day <= today:
            found.append(Due(item.id, item.code, UNVERIFIABLE, day, _proof(item)))
    return sorted(found, key=lambda d: (d.due, d.evidence_id))


def prepare(session: Session, viewer: Viewer, today: date) -> DestructionList:
    """A list of all that is due. Raises RIGHTS-ROLE, DESTRUCTION-NONE."""
    need(viewer, "拟制销毁清册", "SYS")
    found = due_items(session, today)
    if not found:
        raise ShijiError("DESTRUCTION-NONE", "没有到期应销毁的内容", today.isoformat(), "")
    row = DestructionList(prepared_by=viewer.user_id, prepared_on=today)
    session.add(row)
    session.flush()
    session.add_all(
        DestructionLine(
            list_id=row.id, evidence_id=d.evidence_id, code=d.code, retention=d.retention, due=d.due, sha256=d.sha256
        )
        for d in found
    )
    session.flush()
    return row


def check(session: Session, viewer: Viewer, list_id: int, agree: bool, today: date, note: str = "") -> DestructionList:
    """AUD checks the list, or sends it back. Raises RIGHTS-ROLE, DESTRUCTION-STATE, HEARING-WORDS."""
    need(viewer, "审核销毁清册", "AUD")
    row = _row(session, list_id, PREPARED)
    if not agree:
        return _back(row, note)
    row.state, row.checked_by, row.checked_on = CHECKED, viewer.user_id, today
    return row


def sign(session: Session, viewer: Viewer, list_id: int, agree: bool, today: date, note: str = "") -> DestructionList:
    """DEP signs the list, or sends it back. Raises RIGHTS-ROLE, DESTRUCTION-STATE, HEARING-WORDS."""
    need(viewer, "批准销毁清册", "DEP")
    row = _row(session, list_id, CHECKED)
    if not agree:
        return _back(row, note)
    row.state, row.signed_by, row.signed_on = SIGNED, viewer.user_id, today
    return row


def carry_out(
    session: Session, viewer: Viewer, archive: Archive, warc: WarcFolder, list_id: int, today: date
) -> DestructionList:
    """Destroy what stands on a signed list; what was taken up again meanwhile is left and said so.

    The files go last, inside the caller's transaction. Raises RIGHTS-ROLE, DESTRUCTION-STATE.
    """
    need(viewer, "执行销毁", "SYS")
    row = _row(session, list_id, SIGNED)
    bodies: list[tuple[str, str]] = []
    for line in row.lines:
        item = session.get_one(Evidence, line.evidence_id, with_for_update=True)
        if item.state not in (terms.UNTRUE, terms.UNVERIFIABLE) or _proof(item) != line.sha256:
            line.outcome = f"未销毁：条目状态已变为“{item.state}”或内容已变"
            continue
        done = purge_item(session, item, today)
        line.outcome, bodies = done.outcome, bodies + done.bodies
        clearing = session.scalar(select(Clearing).where(Clearing.evidence_id == item.id))
        if clearing is not None:
            clearing.purged_on = today
    row.state, row.executed_by, row.executed_on = DONE, viewer.user_id, today
    delete_bodies(session, archive, warc, bodies)
    return row


def lists(session: Session, viewer: Viewer) -> list[ListView]:
    """All lists, newest first. Raises RIGHTS-ROLE."""
    need(viewer, "查看销毁清册", *READERS)
    rows = session.scalars(
        select(DestructionList).options(selectinload(DestructionList.lines)).order_by(DestructionList.id.desc())
    ).all()
    acted = [k for r in rows for k in (r.prepared_by, r.checked_by, r.signed_by, r.executed_by)]
    names = user_names(session, acted)
    return [
        ListView(
            r, f"XH-{r.prepared_on.year}-{r.id:04d}", *(
                names.get(k or 0, "") for k in (r.prepared_by, r.checked_by, r.signed_by, r.executed_by)
            ),
        )
        for r in rows
    ]  # fmt: skip


def _proof(item: Evidence) -> str:
    return hashlib.sha256(item.passage.text.encode()).hexdigest()


def _row(session: Session, list_id: int, state: str) -> DestructionList:
    row = session.scalar(
        select(DestructionList).where(DestructionList.id == list_id).with_for_update()
    )  # fmt: skip
    if row is None or row.state != state:
        raise ShijiError("DESTRUCTION-STATE", f"没有状态为“{state}”的这份清册", str(list_id), "请刷新页面。")
    return row


def _back(row: DestructionList, note: str) -> DestructionList:
    row.note = need_words(note, "退回理由", f"清册 {row.id}")
    row.state = RETURNED
    return row
