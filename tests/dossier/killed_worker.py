"""Workers that tests kill: processes of their own, forked from a server that has everything imported."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Any

from record_world import FixedTopics

from collector.once import collect_once
from dossier import intake
from dossier.search.engine import open_index
from dossier.search.worker import index_pending
from nlp.topic import load_topic_model
from storage.archive import Archive
from storage.database import Database
from storage.settings import Settings

PRELOAD = ["collector.once", "dossier.intake", "dossier.roster_files", "dossier.search.engine", "nlp.topic"]
TOPICS = FixedTopics(("议事长制度", "practice", "ZF1"))


def start(job: Callable[..., None], *arguments: Any) -> tuple[BaseProcess, Connection]:
    """A worker that has begun its job, which the caller kills, and the pipe on which it answers."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(PRELOAD)
    told, tell = context.Pipe(duplex=False)
    worker = context.Process(target=job, args=(tell, *arguments), daemon=True)
    worker.start()
    assert told.recv() == "ready"
    return worker, told


def understand(tell: Connection, url: str) -> None:
    """Understand and file what waits."""
    _take_over_at_once()
    tell.send("ready")
    intake.Intake(Database(url), TOPICS, "fixed").run()


def whole_job(tell: Connection, settings: Settings) -> None:
    """Collect, understand, file and index; says in the end how many passages are indexed."""
    _take_over_at_once()
    database, archive, model = (
        Database(settings.database),
        Archive(settings.data / "originals"),
        load_topic_model(with_encoder=False),
    )
    tell.send("ready")
    collect_once(database, archive, settings)
    work = intake.Intake(database, model, model.version)
    index = open_index(settings)
    while work.run(limit=7):
        index_pending(database, index)
    index_pending(database, index)
    tell.send(index.count())


def _take_over_at_once() -> None:
    """What a killed worker left is nobody's from the first moment, and is never given up."""
    intake.LEASE, intake.MAX_ATTEMPTS = timedelta(0), 99
