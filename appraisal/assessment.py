"""综合得分 of all teams for a period: every indicator is read once, every team's tree is built from it (§1.4, §1.5)."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from sqlalchemy.orm import Session

from appraisal.book import Indicator
from appraisal.books import book_of
from appraisal.composite import composite, exempt_part
from appraisal.drilldown import Part, ScoreNode
from appraisal.figures import Assessed, Figures, load_figures
from appraisal.outside import outside_parts
from appraisal.readings import Reading, applies, read_indicator
from appraisal.score import Score
from appraisal.team_scores import score_tree
from appraisal.year_book import YearBook

Outside = Mapping[str, Mapping[str, ScoreNode]]  # team -> block -> node


@dataclass(frozen=True)
class Assessment:
    """What a period's figures give under one book. nodes: team id -> composite, in roster order, never sorted."""

    period: str
    book: YearBook
    figures: Figures
    outside: Outside
    readings: Mapping[str, Reading]
    nodes: Mapping[str, ScoreNode]

    @cached_property
    def teams(self) -> dict[str, Assessed]:
        """The teams that have a node, in roster order."""
        return {team.id: team for team in self.figures.teams if team.id in self.nodes}

    @cached_property
    def by_name(self) -> dict[str, Indicator]:
        """Cards by the name that stands on a leaf."""
        return {card.name: card for card in self.book.cards.values()}

    def category(self, name: str) -> dict[str, ScoreNode]:
        """Composites of one category: the only group inside which teams are compared (R-32)."""
        return {key: self.nodes[key] for key, team in self.teams.items() if team.category == name}

    @property
    def categories(self) -> list[str]:
        """Categories in roster order."""
        return list(dict.fromkeys(team.category for team in self.teams.values()))


def assess(
    session: Session, period: str, *, book: YearBook | None = None, figures: Figures | None = None,
    outside: Outside | None = None, trees: Collection[str] = (),
) -> Assessment:  # fmt: skip
    """Composites of all teams that have an indicator or a part of their own.

    By default the book in force and the newest figures; a pin passes its own. trees: teams whose tree goes down to the
    cells; the others' stops at the indicators, which is much quicker.
    """
    chosen = book or book_of(session, period)
    with _steadily():
        loaded = figures or load_figures(session, chosen.cards, period)
    parts = outside if outside is not None else outside_parts(session, period, loaded.teams)
    return compute(period, chosen, loaded, parts, trees)


@contextmanager
def _steadily() -> Iterator[None]:
    """No search for cycles while hundreds of thousands of figures are made, none of which is in a cycle.

    For 2,000 teams the searches took as long as the scores.
    """
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


def compute(period: str, book: YearBook, figures: Figures, outside: Outside, trees: Collection[str] = ()) -> Assessment:
    """`assess` on what is already loaded: nothing is read from the record."""
    with _steadily():
        return _compute(period, book, figures, outside, trees)


def _compute(period: str, book: YearBook, figures: Figures, outside: Outside, trees: Collection[str]) -> Assessment:
    readings = {code: read_indicator(card, figures, period, book) for code, card in book.cards.items()}
    by_owner = _by_owner(book)
    exempt, nodes = book.exempt, {}
    for team in figures.teams:
        inside: dict[str, list[Part]] = {}
        for code in (*by_owner.get("", ()), *by_owner.get(team.category, ()), *by_owner.get(team.id, ())):
            card, reading = book.cards[code], readings[code]
            if (team.id, code) in exempt:
                part = exempt_part(card.name, card.weight, exempt[(team.id, code)])
            elif not applies(card, team):
                continue
            else:
                node = score_tree(reading, team.id) if team.id in trees else _leaf(card.name, reading.scores[team.id])
                part = Part(node, card.weight)
            inside.setdefault(card.block, []).append(part)
        own = outside.get(team.id, {})
        if inside or own:
            nodes[team.id] = composite(team, book, inside, own)
    return Assessment(period, book, figures, outside, readings, nodes)


def _by_owner(book: YearBook) -> dict[str, list[str]]:
    """Indicators by whose they are, so that no team looks at all of a large book: "", a category, a team."""
    found: dict[str, list[str]] = {}
    for code, card in book.cards.items():
        found.setdefault(card.team or card.category or "", []).append(code)
    return found


def _leaf(label: str, score: Score) -> ScoreNode:
    complete = Decimal(0) if score.value is None else Decimal(100)
    return ScoreNode(label, score.value, score.words, (), (), score.flags, complete)
