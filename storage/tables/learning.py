"""Models learned from officers' decisions: each with what was measured, and which one is in use."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from storage.tables.base import Base, now


class ModelRun(Base):
    """One training from decisions. `active`: in use; where none is, the shipped model is. Nothing is deleted."""

    __tablename__ = "model_run"
    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(default=now)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))  # empty: the nightly run
    name: Mapped[str] = mapped_column(default="")  # file under models/, empty where the trial was refused
    sha256: Mapped[str] = mapped_column(default="")
    parent: Mapped[str] = mapped_column(default="")  # version it was learned from
    version: Mapped[str] = mapped_column(default="")
    learned_from: Mapped[int] = mapped_column(default=0)
    frozen: Mapped[int] = mapped_column(default=0)
    measured: Mapped[dict[str, Any]] = mapped_column(default=dict)
    refused: Mapped[list[Any]] = mapped_column(default=list)  # reasons, empty for an accepted one
    last_decision: Mapped[int] = mapped_column(default=0)  # highest decision id it saw
    active: Mapped[bool] = mapped_column(default=False)
    changed_at: Mapped[datetime | None]  # when it was last switched on or off
    reason: Mapped[str] = mapped_column(default="")
