"""What a topic model must offer; nlp.topic implements it, tests may bring their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

LABELS: tuple[str, ...] = ("practice", "highlight", "major_matter", "problem", "routine", "irrelevant")


@dataclass(frozen=True)
class TopicInput:
    """One passage with the little context a topic model may use."""

    text: str
    title: str = ""
    date: str = ""
    source: str = ""


@dataclass(frozen=True)
class TopicResult:
    """A label with its evidence. `span` is in characters of the passage text; probabilities sum to 1."""

    label: str
    also: tuple[str, ...] = ()
    sub_type: str | None = None
    confidence: float = 0.0
    probabilities: dict[str, float] = field(default_factory=dict)
    because: str = ""
    span: tuple[int, int] = (0, 0)


class TopicModel(Protocol):
    """Labels passages; results come in the order of the inputs, one each."""

    def predict(self, passages: Sequence[TopicInput], /) -> list[TopicResult]: ...
