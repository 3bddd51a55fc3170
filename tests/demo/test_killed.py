"""collect -> understand -> file -> index over real HTTP, killed with SIGKILL at ten random points: nothing is lost and
nothing doubled, compared with a run that was never killed."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

from sqlalchemy import func, select

from collector.registry import register_sources
from demo.press import demo_sources, start_press
from demo.truth import HERE
from dossier import roster, roster_files
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import Attribution, Capture, Document, Event, Evidence, IndexTask, Passage, Quarantine

ROOT = Path(__file__).parents[2]
STORIES = ("S04", "S08", "S13", "S16", "S18", "P01")
REPORTS = ("D05", "MD03", "市督查室")
WORKER = """
import sys
from datetime import timedelta
import dossier.intake as intake
intake.LEASE, intake.MAX_ATTEMPTS = timedelta(0), 99
from collector.once import collect_once
from dossier.search.engine import open_index
from dossier.search.worker import index_pending
from nlp.topic import load_topic_model
from storage.archive import Archive
from storage.database import Database
from storage.settings import load_settings
settings = load_settings()
database, archive, model = Database(settings.database), Archive(settings.data / "originals"), load_topic_model()
print("ready", flush=True)
collect_once(database, archive, settings)
work = intake.Intake(database, model, model.version)
index = open_index(settings)
while work.run(limit=7):
    index_pending(database, index)
index_pending(database, index)
print("done", index.count(), flush=True)
"""


class Town:
    """One data folder with its sources and inbox; `start` begins the whole job in a process of its own."""

    def __init__(self, folder: Path, allow: str, sources: dict[str, object]) -> None:
        folder.mkdir()
        self.environment = {**os.environ, "SHIJI_DATA": str(folder), "SHIJI_ALLOW_PRIVATE": allow}
        self.database = Database(f"sqlite:///{folder / 'shiji.sqlite'}")
        upgrade(self.database)
        with self.database.write() as session:
            roster.write(session, roster_files.read_yaml(HERE / "roster.yaml"))
            session.flush()
            register_sources(session, sources)
        for unit in REPORTS:
            shutil.copytree(HERE / "reports" / unit, folder / "inbox" / unit)

    def start(self) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", WORKER]
        worker = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
        )
        assert worker.stdout is not None
        assert worker.stdout.readline() == "ready\n"
        return worker

    def finish(self) -> str:
        worker = self.start()
        said, _ = worker.communicate(timeout=120)
        assert worker.returncode == 0
        return said

    def counts(self) -> dict[str, int]:
        tables = (Document, Capture, Passage, Attribution, Event, Evidence, Quarantine, IndexTask)
        with self.database.read() as session:
            found = {t.__tablename__: session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
            stages = session.execute(select(Document.stage, func.count()).group_by(Document.stage))
            return {**found, **{row[0]: row[1] for row in stages}}

    def texts(self) -> list[tuple[str, str, str]]:
        with self.database.read() as session:
            rows = session.execute(
                select(Document.url, Passage.text, Passage.label).join(Passage, Passage.document_id == Document.id)
            )
            return sorted((url.split("#")[0], text, label) for url, text, label in rows)


def test_ten_kills_change_nothing(tmp_path: Path) -> None:
    articles = tmp_path / "articles"
    articles.mkdir()
    for story in STORIES:
        shutil.copy(HERE / "articles" / f"{story}.yaml", articles)
    chance = random.Random(4217)
    with start_press({"ribao": 0, "jbrb": 0, "lanfa": 0}, articles) as press:
        sources = demo_sources(press.ports)
        calm = Town(tmp_path / "calm", press.allow_private, sources)
        said = calm.finish()
        killed = Town(tmp_path / "killed", press.allow_private, sources)
        for _ in range(10):
            worker = killed.start()
            time.sleep(chance.uniform(0.05, 1.2))
            os.kill(worker.pid, signal.SIGKILL)
            worker.communicate()
        assert killed.finish() == said  # the index holds the same number of passages
    assert killed.counts() == calm.counts()
    assert calm.counts()["index_task"] == 0
    assert calm.counts()["filed"] > 40
    assert killed.texts() == calm.texts()
