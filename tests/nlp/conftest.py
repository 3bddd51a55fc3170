"""The demo roster and a topic model that always answers what a test tells it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from nlp.analyse import DocumentAnalysis, DocumentIn, analyse
from nlp.context import SourceInfo
from nlp.names import Matcher
from nlp.roster import load_roster
from nlp.topic_port import TopicInput, TopicResult

ROSTER = Path(__file__).parents[2] / "demo" / "roster.yaml"


class FixedTopic:
    def __init__(self, label: str, sub_type: str | None = None) -> None:
        self.result = TopicResult(label, sub_type=sub_type, confidence=1.0)

    def predict(self, passages: Sequence[TopicInput], /) -> list[TopicResult]:
        return [self.result] * len(passages)


@pytest.fixture(scope="session")
def matcher() -> Matcher:
    return Matcher(load_roster(ROSTER))


Read = Callable[..., DocumentAnalysis]


@pytest.fixture(scope="session")
def read(matcher: Matcher) -> Read:
    def _read(
        text: str,
        date: str | dt.date | None = "2025-09-10",
        title: str = "",
        source: str | SourceInfo = "澜宁日报",
        label: str = "routine",
        sub: str | None = None,
        verified: bool = False,
    ) -> DocumentAnalysis:
        return analyse(DocumentIn(text, title, date, source, "t", verified), matcher, FixedTopic(label, sub))

    return _read


@pytest.fixture(scope="session")
def read_other() -> Read:
    """The same reading against another city's roster."""
    other = Matcher(load_roster(Path(__file__).parent / "other_city.yaml"))

    def _read(
        text: str,
        date: str | dt.date | None = "2025-09-10",
        title: str = "",
        source: str | SourceInfo = "临沅日报",
        label: str = "routine",
        sub: str | None = None,
        verified: bool = False,
    ) -> DocumentAnalysis:
        return analyse(DocumentIn(text, title, date, source, "t", verified), other, FixedTopic(label, sub))

    return _read
