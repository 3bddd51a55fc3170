"""Bring the database to the newest schema with Alembic."""

from __future__ import annotations

from importlib.resources import files

from alembic import command
from alembic.config import Config

from storage.database import Database


def upgrade(database: Database) -> None:
    """Apply all migrations that are missing; harmless when there are none."""
    config = Config()
    config.set_main_option("script_location", str(files("storage") / "migrations"))
    with database.writer.connect() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
