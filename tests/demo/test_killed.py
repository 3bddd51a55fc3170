"""collect -> understand -> file -> index over real HTTP, killed with SIGKILL at ten random points: nothing is lost and
nothing doubled, compared with a run that was never killed."""

from __future__ import annotations

import random
import shutil
import time
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import killed_worker
from sqlalchemy import func, select

from collector.registry import register_sources
from demo.press import demo_sources, start_press
from demo.truth import HERE
from dossier import roster, roster_files
from storage.database import Database
from storage.migrate import upgrade
from storage.settings import Settings
from storage.tables import Attribution, Capture, Document, Event, Evidence, IndexTask, Passage, Quarantine

STORIES = ("S04", "S08", "S13", "S16", "S18", "P01")
REPORTS = ("D05", "MD03", "市督查室")


class Town:
    """One data folder with its sources and inbox; `start` begins the whole job in a process of its own."""

    def __init__(self, folder: Path, allow: str, sources: dict[str, object]) -> None:
        folder.mkdir()
        self.settings = Settings(data_text=str(folder), allow_private=allow)
        self.database = Database(self.settings.database)
        upgrade(self.database)
        with self.database.write() as session:
            roster.write(session, roster_files.read_yaml(HERE / "roster.yaml"))
            session.flush()
            register_sources(session, sources)
        for unit in REPORTS:
            shutil.copytree(HERE / "reports" / unit, folder / "inbox" / unit)

    def start(self) -> tuple[BaseProcess, Connection]:
        return killed_worker.start(killed_worker.whole_job, self.settings)

    def finish(self) -> int:
        """Passages in the index at the end."""
        worker, said = self.start()
        indexed: int = said.recv()
        worker.join(120)
        assert worker.exitcode == 0
        return indexed

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
            worker, _ = killed.start()
            time.sleep(chance.uniform(0.05, 1.2))
            worker.kill()
            worker.join()
        assert killed.finish() == said  # the index holds the same number of passages
    assert killed.counts() == calm.counts()
    assert calm.counts()["index_task"] == 0
    assert calm.counts()["filed"] > 40
    assert killed.texts() == calm.texts()
