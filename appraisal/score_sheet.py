"""综合得分 as shown: by category in roster order, completeness beside every score, bands instead of false precision."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.assessment import Assessment, assess
from appraisal.decimals import show
from appraisal.drilldown import ScoreNode
from appraisal.export import csv_table
from appraisal.periods import period_of_quarter
from appraisal.pins import pinned_state
from appraisal.robustness import PositionBand, position_bands_of
from appraisal.store import periods
from dossier.scope import Viewer, get_team, require_reader, team_clause
from storage.errors import ShijiError
from storage.tables import Team

HEADER = (
    "类别",
    "班子",
    "综合得分",
    "数据完整度%",
    "5%～95%得分区间",
    "类内位次区间",
    "类内位置",
    "提示",
    "期别",
    "指标体系",
)


@dataclass(frozen=True)
class ScoreRow:
    """One team. blocks: label and score of every block; complete, gap: percent of the weight with and without data."""

    team_id: str
    team: str
    score: str
    complete: str
    gap: str
    whole: bool
    blocks: tuple[tuple[str, str], ...]
    spread: str
    band: str
    third: str
    flags: tuple[str, ...]


@dataclass
class ScoreTable:
    """One category, the only group inside which positions are given."""

    category: str
    blocks: tuple[str, ...]
    rows: list[ScoreRow] = field(default_factory=list)


@dataclass
class ScoreSheet:
    """The page of a period. pin: the snapshot it was computed from, 0 for the figures as they stand now."""

    period: str
    periods: list[str]
    book: str
    approved: bool
    pin: int
    tables: list[ScoreTable] = field(default_factory=list)


def score_sheet(session: Session, viewer: Viewer, period: str = "", pin_id: int = 0) -> ScoreSheet:
    """Composites of the teams the viewer may see; bands are those of the whole category (R-32, R-33).

    Raises ShijiError RIGHTS-ROLE, PERIOD-UNKNOWN, PIN-UNKNOWN.
    """
    require_reader(viewer)
    known = periods(session)
    made = pinned_state(session, pin_id).assessment() if pin_id else assess(session, _chosen(known, period))
    bands = position_bands_of(made)
    visible = set(session.scalars(select(Team.id).where(team_clause(viewer))))
    sheet = ScoreSheet(made.period, known, made.book.name, bool(made.book.version), pin_id)
    for category in made.categories:
        rows = [
            _row(made, key, node, bands[key]) for key, node in made.category(category).items() if key in visible
        ]  # fmt: skip
        if rows:
            sheet.tables.append(ScoreTable(category, tuple(label for label, _ in rows[0].blocks), rows))
    return sheet


def score_tree_of(
    session: Session, viewer: Viewer, team_id: str, period: str = "", pin_id: int = 0
) -> tuple[Assessment, ScoreNode]:
    """The whole tree of one team's composite, down to the versions. Raises TEAM-UNKNOWN, SCORE-UNKNOWN."""
    team = get_team(session, viewer, team_id)
    if pin_id:
        made = pinned_state(session, pin_id).assessment([team.id])
    else:
        made = assess(session, _chosen(periods(session), period), trees=[team.id])
    node = made.nodes.get(team.id)
    if node is None:
        raise ShijiError("SCORE-UNKNOWN", "该班子没有适用的指标或评价", team.short, "请核对指标体系。")
    return made, node


def score_csv(sheet: ScoreSheet) -> bytes:
    """The sheet as a table for Excel, categories one after the other, teams in roster order."""
    rows = [
        (table.category, row.team, row.score, row.complete, row.spread, row.band, row.third, "；".join(row.flags),
         sheet.period, sheet.book)
        for table in sheet.tables
        for row in table.rows
    ]  # fmt: skip
    return csv_table(HEADER, rows)


def _chosen(known: list[str], period: str) -> str:
    if not known:
        raise ShijiError("PERIOD-UNKNOWN", "尚未导入任何指标数据", "综合得分", "请先导入指标数据表。")
    written = period_of_quarter(period) if period else known[0]
    if written not in known:
        raise ShijiError("PERIOD-UNKNOWN", f"没有{period}的数据", "综合得分", "请从下拉框选择期别。")
    return written


def _row(made: Assessment, key: str, node: ScoreNode, band: PositionBand) -> ScoreRow:
    spread = f"{show(band.spread[0], 1)}～{show(band.spread[1], 1)}" if band.spread else "—"
    return ScoreRow(
        key, made.teams[key].name, node.text, show(node.complete, 1).removesuffix(".0"),
        show(100 - node.complete, 1).removesuffix(".0"), node.complete == Decimal(100),
        tuple((child.label, child.text) for child in node.children), spread, band.text, band.third, node.flags,
    )  # fmt: skip
