"""Predicted passages beside true paragraphs: who belongs to whom, by shared text."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from demo.truth import ArticleTruth, PassageTruth

ALIGNED = 0.5  # share of the shorter text's character 4-grams that the other must hold


@dataclass(frozen=True)
class PredictedPassage:
    """A passage as the analysis gives it; teams and cadres are accepted ones, (id, role). `day`: from the text only."""

    text: str
    label: str
    also: tuple[str, ...] = ()
    sub: str | None = None
    teams: tuple[tuple[str, str], ...] = ()
    cadres: tuple[tuple[str, str], ...] = ()
    day: dt.date | None = None


@dataclass(frozen=True)
class PredictedDocument:
    """`cluster` is the id of the document whose text this one repeats, its own id where it repeats none."""

    id: str
    passages: tuple[PredictedPassage, ...] = ()
    quarantined: bool = False
    cluster: str = ""


class Judged:
    """One document with its alignment, both ways."""

    def __init__(self, document: ArticleTruth, got: PredictedDocument) -> None:
        self.id = document.id
        self.paragraphs = document.paragraphs
        self.passages = got.passages
        grams = [_grams(p.text) for p in document.paragraphs]
        shared = [[len(g & own) for own in grams] for g in map(_grams, (p.text for p in got.passages))]
        sizes = [len(_grams(p.text)) for p in got.passages]
        self.pairs = [(i, j) for i, row in enumerate(shared) for j, common in enumerate(row)
                      if common and common >= ALIGNED * min(sizes[i], len(grams[j]))]  # fmt: skip
        self.shared = shared

    def best(self, paragraph: int) -> PredictedPassage | None:
        """The passage that holds most of this paragraph."""
        held = [(self.shared[i][j], -i) for i, j in self.pairs if j == paragraph]
        return self.passages[-max(held)[1]] if held else None

    def passages_of(self, paragraph: int) -> list[PredictedPassage]:
        return [self.passages[i] for i, j in self.pairs if j == paragraph]

    def paragraphs_of(self, passage: int) -> list[PassageTruth]:
        return [self.paragraphs[j] for i, j in self.pairs if i == passage]


def _grams(text: str) -> frozenset[str]:
    plain = "".join(c for c in text if c.isalnum())
    return frozenset(plain[i : i + 4] for i in range(max(1, len(plain) - 3)))
