"""The register of sources with each one's state, as the page and the JSON API show it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from api.access import audit
from api.system import System
from collector.kinds import kinds
from collector.rhythm import Rhythm
from collector.silence import silence, silence_reason
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Failure, Run, Source, Team, now

KINDS = {name: kind.title for name, kind in kinds().items()}
RUNS = {"running": "进行中", "ok": "成功", "partial": "部分成功", "unchanged": "无更新", "failed": "失败"}


@dataclass(frozen=True)
class SourceRow:
    """One registered source with its state: 正常, 平静, 失联, 失败 or 未运行."""

    id: str
    name: str
    kind: str
    url: str
    level: str
    owner: str
    official: bool
    permission: str
    robots: str
    rate_seconds: float
    every_minutes: int
    enabled: bool
    state: str
    why: str
    failures: int
    failed_pages: int
    error: str
    last_success_at: datetime | None
    last_new_at: datetime | None
    next_due_at: datetime | None
    usual: str

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def source_rows(session: Session, source_id: str = "") -> list[SourceRow]:
    """All sources in register order (or one), with the reason of the last failed visit."""
    moment = now()
    pages = _pairs(session, select(Failure.source_id, func.count()).group_by(Failure.source_id))
    newest = select(func.max(Run.id)).where(Run.finished_at.is_not(None)).group_by(Run.source_id)
    errors = _pairs(session, select(Run.source_id, Run.error).where(Run.id.in_(newest)))
    owners = _pairs(session, select(Team.id, Team.short))
    query = select(Source).order_by(Source.kind.in_(("folder", "upload")), Source.id)
    if source_id:
        query = query.where(Source.id == source_id)
    return [
        SourceRow(
            s.id, s.name, s.kind, s.url, s.level, owners.get(s.owner_team_id or "", ""), s.official, s.permission,
            s.robots, s.rate_seconds, s.every_minutes, s.enabled, silence(s, moment), silence_reason(s, moment),
            s.failures, pages.get(s.id, 0), errors.get(s.id, "") if s.failures or pages.get(s.id) else "",
            s.last_success_at, s.last_new_at, s.next_due_at, _usual(s),
        )
        for s in session.scalars(query)
    ]  # fmt: skip


def one_source(session: Session, source_id: str) -> SourceRow:
    """A source by id. Raises SOURCE-UNKNOWN."""
    rows = source_rows(session, source_id)
    if not rows:
        raise ShijiError("SOURCE-UNKNOWN", "来源未登记", source_id, "请从来源列表进入。")
    return rows[0]


def runs_of(session: Session, source_id: str, limit: int = 50) -> list[Run]:
    """Visits, newest first."""
    return list(session.scalars(select(Run).where(Run.source_id == source_id).order_by(Run.id.desc()).limit(limit)))


@dataclass(frozen=True)
class FailureRow:
    """A page or file that could not be read."""

    source_id: str
    url: str
    code: str
    message: str
    attempts: int
    at: datetime


def failures_of(session: Session, viewer: Viewer, source_id: str = "", limit: int = 100) -> list[FailureRow]:
    """Pages and files that could not be read, newest first.

    The name of a submitted file can name a person: it is for HEAD and KH. Others see its digest, which stands in the
    note beside the file as well.
    """
    query = select(Failure).order_by(Failure.at.desc(), Failure.id.desc()).limit(limit)
    rows = session.scalars(query.where(Failure.source_id == source_id) if source_id else query)
    named = viewer.role in ("HEAD", "KH")
    return [
        FailureRow(f.source_id, f.url, f.code, f.message, f.attempts, f.at)
        if named or not f.url.startswith("file:")
        else FailureRow(f.source_id, f"文件 {f.url.rpartition('#')[2]}", f.code, "文件未能收取", f.attempts, f.at)
        for f in rows
    ]


def switch(system: System, viewer: Viewer, source_id: str, enabled: bool, reason: str) -> None:
    """Switch a source on or off, with the reason in the audit log. Raises SOURCE-UNKNOWN, SOURCE-REASON."""
    if not reason.strip():
        raise ShijiError("SOURCE-REASON", "启用或停用来源须写明理由", source_id, "请填写理由。")
    with system.database.write() as session:
        source = session.get(Source, source_id)
        if source is None:
            raise ShijiError("SOURCE-UNKNOWN", "来源未登记", source_id, "请从来源列表进入。")
        source.enabled = enabled
        if enabled:
            source.next_due_at = None
        audit.record(
            session, viewer, "source-enable" if enabled else "source-disable", "source", source_id,
            detail={"reason": reason.strip()[:500]},
        )  # fmt: skip


def _usual(source: Source) -> str:
    """How often something new usually comes, in words, or "" where that is not known yet."""
    last = source.last_new_at
    return Rhythm.of(source.rhythm).in_words(last.astimezone(CHINA).date()) if last else ""


def _pairs(session: Session, query: Select[Any, Any]) -> dict[Any, Any]:
    return {row[0]: row[1] for row in session.execute(query)}
