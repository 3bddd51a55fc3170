"""The worker that a test kills: a process of its own, forked from a server that has everything imported."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess

from record_world import FixedTopics

from dossier import intake
from storage.database import Database

TOPICS = FixedTopics(("议事长制度", "practice", "ZF1"))


def start(url: str) -> BaseProcess:
    """A worker that has begun to understand and file; the caller kills it."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["dossier.intake", "dossier.roster_files"])  # installed; this file is not
    ready, told = context.Pipe(duplex=False)
    worker = context.Process(target=_work, args=(url, told), daemon=True)
    worker.start()
    ready.recv()
    return worker


def _work(url: str, told: Connection) -> None:
    intake.LEASE = timedelta(0)  # what another worker left is taken up at once
    intake.MAX_ATTEMPTS = 99
    told.send("ready")
    intake.Intake(Database(url), TOPICS, "fixed").run()
