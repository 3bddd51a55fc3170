"""Keeping the index in step with the record: the outbox, and rebuilding from scratch (design.md §3)."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence

from sqlalchemy import delete, func, select

from dossier.search.build import CHUNK, build, with_prints
from dossier.search.port import SearchIndex
from storage.database import Database
from storage.tables import IndexTask, Passage

log = logging.getLogger("shiji.search")
Progress = Callable[[int, int], None]


def index_pending(database: Database, index: SearchIndex, batch: int = 500) -> int:
    """Work the outbox off; returns the number of tasks done. An index not yet built is built whole.

    A task is removed only after the index has committed, and only if it was read: a crash in between repeats the
    work, which changes nothing (upsert by id).
    """
    if not index.built():
        with database.read() as session:
            waiting = session.scalar(select(func.count()).select_from(IndexTask)) or 0
        log.warning("search index not built; building it whole")
        reindex(database, index)
        return waiting
    done = 0
    while True:
        with database.read() as session:
            tasks = session.execute(
                select(IndexTask.id, IndexTask.passage_id).order_by(IndexTask.id).limit(batch)
            ).all()
            if not tasks:
                return done
            ids = with_prints(session, {passage_id for _id, passage_id in tasks})
            passages = build(session, ids)
        try:
            index.upsert(passages)
            index.delete(sorted(set(ids) - {p.id for p in passages}))
            index.commit()
        except BaseException:
            index.discard()
            raise
        _remove(database, [task_id for task_id, _passage in tasks])
        done += len(tasks)


def reindex(database: Database, index: SearchIndex, progress: Progress | None = None, batch: int = 500) -> int:
    """Build the index from the record; returns the number of passages in it. `progress(done, total)` passages read."""
    with database.read() as session:
        seen = session.scalars(select(IndexTask.id)).all()
        total = session.scalar(select(func.count()).select_from(Passage)) or 0
    indexed = read = last = 0
    try:
        index.clear()
        while True:
            with database.read() as session:
                ids = session.scalars(
                    select(Passage.id).where(Passage.id > last).order_by(Passage.id).limit(batch)
                ).all()
                passages = build(session, ids)
            if not ids:
                break
            index.upsert(passages)
            last, read, indexed = ids[-1], read + len(ids), indexed + len(passages)
            if progress:
                progress(read, total)
        index.commit(complete=True)
    except BaseException:
        index.discard()
        raise
    _remove(database, seen)
    return indexed


def _remove(database: Database, task_ids: Sequence[int] | Iterable[int]) -> None:
    ids = list(task_ids)
    for start in range(0, len(ids), CHUNK):
        with database.write() as session:
            session.execute(delete(IndexTask).where(IndexTask.id.in_(ids[start : start + CHUNK])))
