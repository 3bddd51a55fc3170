"""Composition root: the one place where rooms are wired together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from storage.archive import Archive
from storage.database import Database
from storage.errors import ShijiError
from storage.migrate import upgrade
from storage.settings import Settings, load_settings
from storage.warc import WarcFolder

if TYPE_CHECKING:  # rooms are opened when first needed: a health check needs neither model nor index
    from sqlalchemy.orm import Session

    from dossier.intake import Intake
    from dossier.search.port import SearchIndex
    from nlp.sentences import SentenceModel
    from nlp.topic import TopicClassifier
    from storage.vault import Vault


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
    def warc(self) -> WarcFolder:
        return WarcFolder(self.settings.data / "warc")

    @cached_property
    def index(self) -> SearchIndex:
        from dossier.search.engine import open_index

        return open_index(self.settings)

    @cached_property
    def model(self) -> TopicClassifier:
        """The model in use: one learned from decisions here, or the shipped one."""
        from nlp.topic import load_topic_model

        name = self.__dict__["_model_name"] = self._active_model()
        with_encoder = self.settings.topic_encoder
        return load_topic_model(self.models / name if name else None, with_encoder=with_encoder)

    @property
    def models(self) -> Path:
        """Folder of the models learned here."""
        return self.settings.data / "models"

    def _active_model(self) -> str:
        from sqlalchemy import select

        from storage.tables import ModelRun

        with self.database.read() as session:
            return session.scalar(select(ModelRun.name).where(ModelRun.active.is_(True)).limit(1)) or ""

    def refresh_model(self) -> None:
        """Take over a model that was put to use meanwhile, by whatever process; none is opened for it."""
        if "model" not in self.__dict__ or self._active_model() == self.__dict__.get("_model_name"):
            return
        del self.__dict__["model"]
        if "intake" in self.__dict__:
            self.intake.model, self.intake.model_version = self.model, self.model.version

    @cached_property
    def sentences(self) -> SentenceModel:
        """The sentence model the settings name. Raises ShijiError NLP-S01 to NLP-S04."""
        from nlp.errors import NlpError
        from nlp.sentences import open_sentence_model

        try:
            return open_sentence_model(self.settings.sentence_model)
        except NlpError as bad:
            raise ShijiError(bad.code, bad.message, bad.where, bad.action) from bad

    def likeness_of_tasks(
        self, tasks: Sequence[str], items: Sequence[str], others: Sequence[str]
    ) -> list[list[tuple[int, str]]]:
        """appraisal/quarterly/links.py's port, by words and meaning."""
        from nlp.links import likeness_of_tasks

        return likeness_of_tasks(self.sentences, tasks, items, others)

    @cached_property
    def intake(self) -> Intake:
        from dossier.intake import Intake

        return Intake(self.database, self.model, self.model.version)

    def vault(self, session: Session) -> Vault:
        """The key of the restricted compartment. Raises MATTER-KEY when it is missing or another one."""
        from dossier.compartment.opening import vault_for

        return vault_for(session, self.settings.matter_key)

    def work(self) -> int:
        """Understand and file what has been collected, then bring the index up to date."""
        from dossier.search.worker import index_pending

        self.refresh_model()
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
