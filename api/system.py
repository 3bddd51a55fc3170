"""Composition root: the one place where rooms are wired together."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from dossier.intake import Intake
from dossier.search.engine import open_index
from dossier.search.port import SearchIndex
from dossier.search.worker import index_pending
from nlp.topic import TopicClassifier, load_topic_model
from storage.archive import Archive
from storage.database import Database
from storage.migrate import upgrade
from storage.settings import Settings, load_settings


@dataclass
class System:
    """Settings, database, archive, index and model of one installation; each is opened when first needed."""

    settings: Settings

    @cached_property
    def database(self) -> Database:
        database = Database(self.settings.database)
        upgrade(database)
        return database

    @cached_property
    def archive(self) -> Archive:
        return Archive(self.settings.data / "originals")

    @cached_property
    def index(self) -> SearchIndex:
        return open_index(self.settings)

    @cached_property
    def model(self) -> TopicClassifier:
        return load_topic_model()

    @cached_property
    def intake(self) -> Intake:
        return Intake(self.database, self.model, self.model.version)

    def work(self) -> int:
        """Understand and file what has been collected, then bring the index up to date."""
        done = self.intake.run()
        index_pending(self.database, self.index)
        return done

    def close(self) -> None:
        """Close what was opened."""
        if "database" in self.__dict__:
            self.database.close()


def build_system(settings: Settings | None = None) -> System:
    """The system for these settings (default: from the environment)."""
    chosen = settings or load_settings()
    Path(chosen.data).mkdir(parents=True, exist_ok=True)
    return System(chosen)
