"""A small record for tests: the demo roster, officers, documents given as (source, title, published, paragraphs)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import roster, roster_files
from dossier.scope import Viewer, viewer_of
from nlp.topic_port import TopicInput, TopicResult
from storage.database import Database
from storage.settings import CHINA
from storage.tables import Capture, Document, Evidence, Source, User, UserZone

DEMO_ROSTER = Path(__file__).parents[2] / "demo" / "roster.yaml"
SOURCES = {
    "ribao": ("澜宁日报", "市", None, False),
    "jbrb": ("江北日报", "省", None, False),
    "tongbao": ("澜宁发布·通知公告", "市", None, True),
    "wanglan": ("望澜融媒", "区县", "D01", False),
    "inbox": ("单位报送", "单位报送", None, False),
}
OFFICERS = (
    ("off1", "OFF", ("Z1", "Z2")), ("off1b", "OFF", ("Z1", "Z2")), ("off3", "OFF", ("Z4",)),
    ("head1", "HEAD", ("Z1", "Z2")), ("kh", "KH", ()), ("sys", "SYS", ()),
)  # fmt: skip


class FixedTopics:
    """A topic model that answers from a list of (words, label, sub-type); routine otherwise."""

    version = "fixed"

    def __init__(self, *rules: tuple[str, str, str]) -> None:
        self.rules = rules

    def predict(self, passages: Sequence[TopicInput], /) -> list[TopicResult]:
        return [self._one(p.text) for p in passages]

    def _one(self, text: str) -> TopicResult:
        for words, label, sub_type in self.rules:
            if words in text:
                at = text.index(words)
                span = (at, at + len(words))
                return TopicResult(label, (), sub_type, 0.9, {label: 0.9}, f"依据“{words}”", span)
        return TopicResult("routine", (), "YB3", 0.6, {"routine": 0.6}, "依据其余", (0, 1))


def found(database: Database) -> None:
    """Roster, sources, officers."""
    data = roster_files.read_yaml(DEMO_ROSTER)
    with database.write() as session:
        roster.write(session, data)
        for key, (name, level, owner, official) in SOURCES.items():
            session.add(Source(id=key, name=name, kind="feed", level=level, owner_team_id=owner, official=official))
        for login, role, zones in OFFICERS:
            user = User(login=login, name=login, role=role, password="-")
            user.zones = [UserZone(zone_id=zone) for zone in zones]
            session.add(user)


def collect(database: Database, source: str, title: str, published: str, *paragraphs: str, name: str = "") -> int:
    """A document at stage collected; returns its id."""
    text = "\n".join(paragraphs)
    digest = hashlib.sha256((name + text).encode()).hexdigest()
    with database.write() as session:
        capture = Capture(source_id=source, url=f"http://site/{digest[:10]}", sha256=digest)
        session.add(capture)
        session.flush()
        document = Document(
            capture_id=capture.id, source_id=source, url=capture.url, title=title, text=text, text_sha256=digest,
            published_at=datetime.strptime(published, "%Y-%m-%d %H:%M").replace(tzinfo=CHINA),
            published_precision="minute",
        )  # fmt: skip
        session.add(document)
        session.flush()
        return document.id


def viewer(session: Session, login: str) -> Viewer:
    """Rights of a test officer."""
    return viewer_of(session, session.scalars(select(User).where(User.login == login)).one())


def evidence(session: Session, words: str) -> Evidence:
    """The one item whose passage holds these words."""
    return next(e for e in session.scalars(select(Evidence)) if words in e.passage.text)
