"""舆论信息动态分析: 收集新闻资料 N 次，整理工作信息 M 条 (domain.md §1.11 d).

A batch is a collection period that an officer closes. N: closed batches. M: items confirmed in them, each in one batch
only; an item confirmed after the closing counts in the next one. The self-published share stands beside every count,
and no count is a score.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.scope import Viewer, evidence_clause, require_reader, unrestricted
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Document, Evidence, MediaBatch, MediaBatchItem, Passage, User, now

CLOSERS = frozenset({"OFF", "HEAD", "KH"})
CONFIRMED = (terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING, *terms.ESTABLISHED)
OPEN, CLOSED = "open", "closed"
LABELS = (*terms.DOSSIER_TOPICS, "routine")  # the four topics of the guide, and what need not be forced into one
LONGEST = 92


@dataclass(frozen=True)
class BatchLine:
    """One batch with its counts in the viewer's scope."""

    id: int
    number: int
    since: date
    until: date
    state: str
    note: str
    closed_on: date | None
    closed_by: str
    documents: int
    items: int
    own: int
    topics: dict[str, int]  # by LABELS

    @property
    def own_percent(self) -> int:
        return round(100 * self.own / self.items) if self.items else 0


@dataclass(frozen=True)
class SeedStatistic:
    """收集新闻资料 N 次，整理工作信息 M 条, with the self-published share."""

    since: date
    until: date
    collections: int
    items: int
    own: int
    topics: dict[str, int]

    @property
    def own_percent(self) -> int:
        return round(100 * self.own / self.items) if self.items else 0

    @property
    def sentence(self) -> str:
        """The seed's sentence; the share is never left out."""
        share = f"（其中自采自发{self.own}条，占{self.own_percent}%）" if self.items else ""
        return f"收集新闻资料{self.collections}次，整理工作信息{self.items}条{share}。"


def open_batch(session: Session, viewer: Viewer, until: date, note: str = "", since: date | None = None) -> MediaBatch:
    """Open the next collection period; it begins the day after the last one ended. Raises RIGHTS-ROLE, BATCH-PERIOD."""
    _require(viewer)
    last = session.scalar(select(func.max(MediaBatch.until)))
    if session.scalar(select(MediaBatch.id).where(MediaBatch.state == OPEN)):
        raise _wrong("上一批次尚未关闭", "请先关闭上一批次。")
    if last is not None:
        since = last + timedelta(days=1)
    if since is None or until < since or until - since > timedelta(days=LONGEST):
        raise _wrong("批次起止日期不可用", f"首批须填写起始日期；一批不超过{LONGEST}天。")
    row = MediaBatch(since=since, until=until, note=note.strip()[:300], opened_by=viewer.user_id)
    session.add(row)
    session.flush()
    return row


def close_batch(session: Session, viewer: Viewer, batch_id: int, today: date) -> MediaBatch:
    """Close a batch after its last day: the items confirmed so far and not counted before are counted in it for good.

    Restricted items are never counted. Raises RIGHTS-ROLE, BATCH-PERIOD.
    """
    _require(viewer)
    row = session.scalar(select(MediaBatch).where(MediaBatch.id == batch_id).with_for_update())
    if row is None or row.state != OPEN:
        raise _wrong("没有这一待关闭的批次", "请刷新页面。")
    if today <= row.until:
        raise _wrong(f"批次到{row.until}止，期满后才能关闭", "请在期满后关闭。")
    for item in session.scalars(select(Evidence).where(*_countable(session, row.until)).order_by(Evidence.id)):
        session.add(
            MediaBatchItem(
                evidence_id=item.id, batch_id=row.id, team_id=item.team_id, label=item.label,
                self_published=item.self_published,
            )
        )  # fmt: skip
    row.state, row.closed_by, row.closed_at, row.closed_on = CLOSED, viewer.user_id, now(), today
    session.flush()
    return row


def batches(session: Session, viewer: Viewer) -> list[BatchLine]:
    """All batches, newest first, counted in the viewer's scope; an open one as it would be closed now."""
    require_reader(viewer)
    users = dict(session.execute(select(User.id, User.name)).all())
    rows = session.scalars(select(MediaBatch).order_by(MediaBatch.since)).all()
    found = []
    for number, row in enumerate(rows, 1):
        if row.state == CLOSED:
            counted = session.execute(
                select(MediaBatchItem.label, MediaBatchItem.self_published)
                .join(Evidence, MediaBatchItem.evidence_id == Evidence.id)
                .where(MediaBatchItem.batch_id == row.id, evidence_clause(viewer), unrestricted())
            ).all()
        else:
            open_ = select(Evidence.label, Evidence.self_published).where(
                evidence_clause(viewer), *_countable(session, row.until)
            )
            counted = session.execute(open_).all()
        found.append(
            BatchLine(
                row.id, number, row.since, row.until, row.state, row.note, row.closed_on,
                users.get(row.closed_by or 0, ""), _documents(session, viewer, row), len(counted),
                sum(own for _, own in counted), _topics([label for label, _ in counted]),
            )
        )  # fmt: skip
    return found[::-1]


def seed_statistic(session: Session, viewer: Viewer, since: date, until: date) -> SeedStatistic:
    """N and M of the batches closed whose period ends in these days (both included), in the viewer's scope."""
    closed = [b for b in batches(session, viewer) if b.state == CLOSED and since <= b.until <= until]
    topics: Counter[str] = Counter()
    for batch in closed:
        topics.update(batch.topics)
    return SeedStatistic(
        since, until, len(closed), sum(b.items for b in closed), sum(b.own for b in closed), dict(topics)
    )  # fmt: skip


def _topics(labels: list[str]) -> dict[str, int]:
    counted = Counter(labels)
    return {label: counted[label] for label in LABELS}


def _countable(session: Session, until: date) -> tuple[ColumnElement[bool], ...]:
    """Confirmed open items of a team, published from the first batch up to a day, that no batch has counted."""
    began = session.scalar(select(func.min(MediaBatch.since))) or until
    first = datetime.combine(began, time(), CHINA)
    after = datetime.combine(until + timedelta(days=1), time(), CHINA)
    published = (
        select(Passage.id)
        .join(Document, Passage.document_id == Document.id)
        .where(Document.published_at >= first, Document.published_at < after)
    )
    return (
        Evidence.state.in_(CONFIRMED), Evidence.team_id.is_not(None), Evidence.label != "irrelevant", unrestricted(),
        Evidence.passage_id.in_(published), Evidence.id.not_in(select(MediaBatchItem.evidence_id)),
    )  # fmt: skip


def _documents(session: Session, viewer: Viewer, row: MediaBatch) -> int:
    """Documents published in the period that hold a confirmed item of the viewer's scope."""
    first = datetime.combine(row.since, time(), CHINA)
    after = datetime.combine(row.until + timedelta(days=1), time(), CHINA)
    return (
        session.scalar(
            select(func.count(func.distinct(Passage.document_id)))
            .join(Evidence, Evidence.passage_id == Passage.id)
            .join(Document, Passage.document_id == Document.id)
            .where(
                evidence_clause(viewer), unrestricted(), Evidence.state.in_(CONFIRMED), Document.published_at >= first,
                Document.published_at < after,
            )
        )
        or 0
    )  # fmt: skip


def _require(viewer: Viewer) -> None:
    if viewer.role not in CLOSERS:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能办理收集批次", viewer.role, "请由处室经办、处长或考核办办理。")


def _wrong(message: str, action: str) -> ShijiError:
    return ShijiError("BATCH-PERIOD", message, "收集批次", action)
