"""What the machine said of a document: passages, attributions, events. Never overwritten by an officer (R-20)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from storage.tables.base import Base, now
from storage.tables.collection import Document


class Passage(Base):
    """信息点 with its topic; `start`/`end` count characters of the document's stored text."""

    __tablename__ = "passage"
    __table_args__ = (UniqueConstraint("document_id", "ordinal"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    document_id: Mapped[int] = mapped_column(ForeignKey("document.id"), index=True)
    ordinal: Mapped[int]
    start: Mapped[int]
    end: Mapped[int]
    text: Mapped[str]
    label: Mapped[str] = mapped_column(index=True)
    sub_type: Mapped[str] = mapped_column(default="")
    also: Mapped[list[Any]] = mapped_column(default=list)
    confidence: Mapped[float] = mapped_column(default=0.0)
    probabilities: Mapped[dict[str, Any]] = mapped_column(default=dict)
    because: Mapped[str] = mapped_column(default="")
    span_start: Mapped[int] = mapped_column(default=0)  # deciding span, within the passage
    span_end: Mapped[int] = mapped_column(default=0)
    model: Mapped[str] = mapped_column(default="")
    event_start: Mapped[date | None]
    event_end: Mapped[date | None]
    event_precision: Mapped[str] = mapped_column(default="")
    event_source: Mapped[str] = mapped_column(default="")  # text | publication
    metrics: Mapped[list[Any]] = mapped_column(default=list)
    speeches: Mapped[list[Any]] = mapped_column(default=list)  # nlp.speech.Speech as dicts
    restricted: Mapped[bool] = mapped_column(default=False)  # ZD7, ZD8: never indexed, listed or counted
    event_id: Mapped[int | None] = mapped_column(ForeignKey("event.id"), index=True)
    relation: Mapped[str] = mapped_column(default="")  # first | exact | edited (print of the event's first)
    document: Mapped[Document] = relationship()
    attributions: Mapped[list[Attribution]] = relationship(order_by="Attribution.id")


class Attribution(Base):
    """One team or cadre a passage is about, with role, rule and reason."""

    __tablename__ = "attribution"
    id: Mapped[int] = mapped_column(primary_key=True)
    passage_id: Mapped[int] = mapped_column(ForeignKey("passage.id"), index=True)
    kind: Mapped[str]  # team | cadre
    team_id: Mapped[str | None] = mapped_column(ForeignKey("team.id"), index=True)
    cadre_id: Mapped[str | None] = mapped_column(ForeignKey("cadre.id"), index=True)
    role: Mapped[str] = mapped_column(default="")
    label: Mapped[str] = mapped_column(default="")  # topic for this team where it differs (DR14)
    status: Mapped[str] = mapped_column(default="accepted")  # accepted | undecided
    confidence: Mapped[float] = mapped_column(default=0.0)
    rule: Mapped[str] = mapped_column(default="")
    because: Mapped[str] = mapped_column(default="")
    start: Mapped[int] = mapped_column(default=0)  # within the passage
    end: Mapped[int] = mapped_column(default=0)
    candidates: Mapped[list[Any]] = mapped_column(default=list)


class Event(Base):
    """事项: one fact with all its prints. A reprint is counted, never a new item."""

    __tablename__ = "event"
    id: Mapped[int] = mapped_column(primary_key=True)
    created_at: Mapped[datetime] = mapped_column(default=now)
    prints: Mapped[int] = mapped_column(default=1)  # outlets that printed it, the first included
    independent_sources: Mapped[int] = mapped_column(default=1)  # sources that are not reprints of another
