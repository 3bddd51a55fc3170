"""Why a team's score is what it is: the tree from the composite down to versions of figures (domain.md §1.4)."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.books import book_of
from appraisal.composite import composite, exempt_part
from appraisal.decimals import operand, show
from appraisal.drilldown import Cell, Part, ScoreNode, cells_of, indicator_node
from appraisal.figures import YEARS, Assessed, assessed_teams, load_figures
from appraisal.outside import outside_parts
from appraisal.periods import years_before
from appraisal.readings import Reading, applies, read_indicator
from appraisal.score import Score
from appraisal.store import periods
from storage.errors import ShijiError
from storage.tables import DataPoint, IndicatorImport


@dataclass(frozen=True)
class Provenance:
    """Where a figure version came from: file, sheet and row, who imported it and when is in the import."""

    file: str
    sha256: str
    cell: str
    provider: str
    imported: str


@dataclass(frozen=True)
class IndicatorLine:
    """One indicator of a team as the 班子档 shows it. value None: missing, never zero."""

    code: str
    name: str
    unit: str
    block: str
    weight: Decimal
    period: str
    value: Decimal | None
    growth: Decimal | None
    status: str
    version: int
    data_point_id: int | None
    provider: str
    score: str
    flags: tuple[str, ...]
    never_rank: bool


@dataclass
class TeamIndicators:
    """Indicators of one team in one period, with the blocks' scores, data completeness and versions."""

    team_id: str
    category: str
    period: str
    periods: list[str]
    lines: list[IndicatorLine] = field(default_factory=list)
    tree: ScoreNode | None = None

    @property
    def reported(self) -> list[IndicatorLine]:
        return [line for line in self.lines if line.value is not None]


def team_indicators(session: Session, team_id: str, period: str | None = None) -> TeamIndicators | None:
    """Indicators of a team for the 班子档; None for a team that is not scored or when nothing was imported."""
    known = periods(session)
    chosen = period if period in known else known[0] if known else ""
    if not chosen:
        return None
    book = book_of(session, chosen)
    team = next((t for t in assessed_teams(session) if t.id == team_id), None)
    own = [card for card in book.cards.values() if team and applies(card, team)]
    if team is None or not own:
        return None
    figures = load_figures(session, [card.code for card in own], chosen)
    result = TeamIndicators(team.id, team.category, chosen, known)
    nodes: dict[str, list[Part]] = {}
    for card in own:
        reason = book.exempt.get((team.id, card.code))
        if reason:
            nodes.setdefault(card.block, []).append(exempt_part(card.name, card.weight, reason))
            continue
        reading = read_indicator(card, figures, chosen, book)
        node = score_tree(reading, team.id)
        result.lines.append(_line(reading, team, node))
        nodes.setdefault(card.block, []).append(Part(node, card.weight))
    result.tree = composite(team, book, nodes, outside_parts(session, chosen, [team]).get(team.id, {}))
    return result


def score_tree(reading: Reading, team_id: str) -> ScoreNode:
    """The tree of one indicator's score for one team. Raises ShijiError INDICATOR-SCOPE for a stranger."""
    card, team = reading.card, next((t for t in reading.teams if t.id == team_id), None)
    if team is None:
        raise ShijiError("INDICATOR-SCOPE", "该指标不适用于该单位", f"{card.code} {team_id}", "请从指标页面进入。")
    score = reading.scores[team_id]
    if card.method != "1.8":
        return indicator_node(card.name, score, cells(reading, team_id, (reading.period,)))
    parts = reading.parts.get(team_id)
    share, growth = _share_node(reading, team_id), _growth_node(reading, team_id)
    transformed: tuple[ScoreNode, ...] = ()
    if parts:
        halves = (("份额得分 F(D)", parts.share_part, share), ("增速得分 F(G)", parts.growth_part, growth))
        transformed = tuple(_over(*half) for half in halves)
    complete = Decimal(0) if score.value is None else Decimal(100)
    pinned = tuple(dict.fromkeys(cell for node in transformed for cell in cells_of(node)))
    flags = (*score.flags, "含初步数") if any(cell.status == "初步" for cell in pinned) else score.flags
    return ScoreNode(card.name, score.value, score.words, transformed, (), flags, complete)


def cells(reading: Reading, team_id: str, wanted: tuple[str, ...]) -> list[Cell]:
    """The figure versions of a team in these periods; a figure that nobody imported is 未出数."""
    found = []
    for period in wanted:
        point = reading.figures.point(reading.card.code, team_id, period)
        found.append(
            Cell(str(point.id), team_id, reading.card.code, period, point.value, point.version, point.status)
            if point
            else Cell("", team_id, reading.card.code, period, None, 0, "未出数")
        )
    return found


def provenance(session: Session, node: ScoreNode) -> dict[str, Provenance]:
    """Data point id -> where it came from, for every cell under a node."""
    ids = [int(cell.data_point_id) for cell in cells_of(node) if cell.data_point_id]
    rows = session.execute(
        select(DataPoint, IndicatorImport)
        .join(IndicatorImport, DataPoint.import_id == IndicatorImport.id)
        .where(DataPoint.id.in_(ids))
    )
    return {
        str(point.id): Provenance(source.name, source.sha256, point.cell, point.provider, f"{source.at:%Y-%m-%d}")
        for point, source in rows
    }


def version_counts(session: Session, code: str, period: str) -> dict[str, int]:
    """Team -> number of versions of a figure."""
    rows = session.execute(
        select(DataPoint.team_id, func.count())
        .where(DataPoint.indicator_code == code, DataPoint.period == period)
        .group_by(DataPoint.team_id)
    )
    return {team: int(count) for team, count in rows}


def _share_node(reading: Reading, team_id: str) -> ScoreNode | None:
    if reading.shares is None:
        return None
    result, table = reading.shares.results[team_id], reading.shares
    both = (years_before(reading.period, 1), reading.period)
    own = tuple(cells(reading, team_id, both))
    flags = tuple(note for note in (table.label, *result.notes, *table.notes) if note)
    if result.D is None or result.x_now is None or result.x_prev is None:
        return ScoreNode("份额变动 D（百分点）", None, "份额未定", (), own, flags, Decimal(0))
    words = (
        f"100 ×（{operand(result.x_now)} ÷ {operand(table.total_now or Decimal(0))} − "
        f"{operand(result.x_prev)} ÷ {operand(table.total_prev or Decimal(0))}）= {show(result.D, 3, sign=True)}"
    )
    return ScoreNode("份额变动 D（百分点）", result.D, words, (), own, flags)


def _growth_node(reading: Reading, team_id: str) -> ScoreNode | None:
    result = reading.growth.get(team_id)
    if result is None:
        return None
    window = tuple(years_before(reading.period, back) for back in range(YEARS, -1, -1))
    if result.method != "水平法":
        window = window[1:]
    complete = Decimal(0) if result.G is None else Decimal(100)
    return ScoreNode(
        "平均增长指数 G", result.G, result.words, (), tuple(cells(reading, team_id, window)), result.notes, complete
    )


def _over(label: str, part: Score, child: ScoreNode | None) -> ScoreNode:
    complete = Decimal(0) if part.value is None else Decimal(100)
    return ScoreNode(label, part.value, part.words, (child,) if child else (), (), part.flags, complete)


def _line(reading: Reading, team: Assessed, node: ScoreNode) -> IndicatorLine:
    card = reading.card
    point = reading.figures.point(card.code, team.id, reading.period)
    return IndicatorLine(
        card.code, card.name, card.unit, card.block, card.weight, reading.period, point.value if point else None,
        point.growth if point else None, point.status if point else "未出数", point.version if point else 0,
        point.id if point else None, card.provider, node.text, node.flags, card.never_rank,
    )  # fmt: skip
