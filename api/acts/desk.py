"""What the desk shows to each role, for the page and the JSON API; no ranking of teams or persons."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from api.access import audit
from api.access.audit_log import ACTS
from collector.silence import NORMAL, silence, silence_reason
from dossier.desk import arrivals, overdue
from dossier.doubtful import DECIDERS, waiting_count
from dossier.drift import drift
from dossier.hearing.register import deadlines
from dossier.products.recall import recalls
from dossier.products.store import waiting
from dossier.queue import LANES, queue_page
from dossier.scope import Viewer
from storage.tables import AuditEntry, Document, Failure, Source, now

FIRST = 8
CHECKERS = ("HEAD", "KH", "SYS")  # who reads 识别质量
STAGES = {
    "collected": "等待分析", "doubtful": "存疑待核对", "understood": "等待归档", "filed": "已归档",
    "quarantined": "已隔离", "dismissed": "核对后不采用", "failed": "分析失败",
}  # fmt: skip


def desk_values(session: Session, viewer: Viewer, today: date) -> dict[str, Any]:
    """All that the desk shows to this role."""
    values: dict[str, Any] = {"lanes": LANES, "counts": {}, "first": [], "day": None, "week": None, "overdue": []}
    values |= {"sources": [], "stages": [], "failures": 0, "chain": None, "recent": [], "acts": ACTS, "doubtful": 0}
    values["drift"] = []
    values |= {"papers": len(waiting(session, viewer)), "recalls": len(recalls(session, viewer))}
    values["due"] = deadlines(session, viewer, today)
    if viewer.reads_content:
        queue = queue_page(session, viewer, limit=FIRST)
        values |= {"counts": queue.counts, "first": queue.items, "overdue": overdue(session, viewer, today)}
        if viewer.role in DECIDERS:
            values["doubtful"] = waiting_count(session)
        values |= {"day": arrivals(session, viewer, today, today)}
        values |= {"week": arrivals(session, viewer, today - timedelta(days=6), today)}
    if viewer.reads_content or viewer.role == "SYS":
        values["sources"] = silent_sources(session)
    if viewer.role in CHECKERS:
        values["drift"] = drift(session)
    if viewer.role == "SYS":
        stages = session.execute(select(Document.stage, func.count()).group_by(Document.stage))
        found = dict(stages.all())
        values["stages"] = [(name, found.get(stage, 0)) for stage, name in STAGES.items()]
        values["failures"] = session.scalar(select(func.count()).select_from(Failure)) or 0
    if viewer.role == "AUD":
        values["chain"] = audit.verify_chain(session)
        values["recent"] = session.scalars(select(AuditEntry).order_by(AuditEntry.id.desc()).limit(15)).all()
    return values


def silent_sources(session: Session) -> list[dict[str, Any]]:
    """Sources that are switched on and not 正常, with the last success and the last new item."""
    moment = now()
    rows = session.scalars(select(Source).where(Source.enabled.is_(True)).order_by(Source.id))
    found = [
        {
            "id": s.id, "name": s.name, "state": silence(s, moment), "last_success": s.last_success_at,
            "last_new": s.last_new_at, "why": silence_reason(s, moment),
        }
        for s in rows
    ]  # fmt: skip
    return [row for row in found if row["state"] != NORMAL]
