"""One indicator beside its peers: by category, in roster order, never one mixed list (domain.md §1.5, R-32, R-33)."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.books import book_of
from appraisal.decimals import HUNDRED, plain, show
from appraisal.figures import Assessed, load_figures
from appraisal.periods import years_before
from appraisal.readings import Reading, read_indicator
from appraisal.shares import share_sentence
from appraisal.store import catalogue, periods
from appraisal.team_scores import version_counts
from dossier.scope import Viewer, require_reader, team_clause
from storage.errors import ShijiError
from storage.tables import Team


@dataclass(frozen=True)
class ComparisonRow:
    """One team's line; all numbers as shown, "" where the method does not apply, "—" where undefined."""

    team_id: str
    team: str
    value: str
    status: str
    version: int
    versions: int
    growth: str
    share_prev: str
    share_now: str
    share_change: str
    share_ratio: str
    contribution: str
    mean_growth: str
    growth_index: str
    score: str
    flags: tuple[str, ...]
    sentence: str


@dataclass
class CategoryTable:
    """The teams of one category, in roster order."""

    category: str
    rows: list[ComparisonRow] = field(default_factory=list)


@dataclass
class Comparison:
    """All that the page of one indicator shows. `label`: 不含××（缺报）; `city`: published total and the sum."""

    code: str
    name: str
    unit: str
    method: str
    period: str
    previous: str
    periods: list[str]
    never_rank: bool
    has_shares: bool
    has_growth: bool
    label: str
    missing: tuple[str, ...]
    reported: int
    expected: int
    city: str
    notes: tuple[str, ...]
    tables: list[CategoryTable] = field(default_factory=list)


def compare_indicator(session: Session, viewer: Viewer, code: str, period: str | None = None) -> Comparison:
    """The indicator for the teams the viewer may see. Shares and indices are those of all assessed teams.

    Raises ShijiError INDICATOR-UNKNOWN, or PERIOD-UNKNOWN for a period without figures.
    """
    require_reader(viewer)
    reading, known = read_one(session, code, period)
    visible = set(session.scalars(select(Team.id).where(team_clause(viewer))))
    versions = version_counts(session, code, reading.period)
    card, shares = reading.card, reading.shares
    result = Comparison(
        code, card.name, card.unit, card.method, reading.period, years_before(reading.period, 1), known,
        card.never_rank, shares is not None, bool(reading.growth), shares.label if shares else "",
        tuple(t.name for t in reading.missing if t.id in visible), len(reading.teams) - len(reading.missing),
        len(reading.teams), _city(reading), tuple(dict.fromkeys((*reading.notes, *(shares.notes if shares else ())))),
    )  # fmt: skip
    by_category: dict[str, CategoryTable] = {}
    for team in reading.teams:
        if team.id in visible:
            table = by_category.setdefault(team.category, CategoryTable(team.category))
            table.rows.append(_row(reading, team, versions.get(team.id, 0)))
    result.tables = list(by_category.values())
    return result


def read_one(session: Session, code: str, period: str | None) -> tuple[Reading, list[str]]:
    """The reading of one indicator, and the periods that have figures. Default: the newest."""
    known = periods(session, code) or periods(session)
    if period and period not in known:
        raise ShijiError("PERIOD-UNKNOWN", f"没有{period}的数据", code, "请从下拉框选择期别。")
    chosen = period or (known[0] if known else "")
    if not chosen:
        raise ShijiError("PERIOD-UNKNOWN", "尚未导入任何指标数据", code, "请先导入指标数据表。")
    book = book_of(session, chosen)
    card = book.cards.get(code) or catalogue(session).get(code)  # one that the year's book no longer has
    if card is None:
        raise ShijiError("INDICATOR-UNKNOWN", "没有这个指标", code, "请从指标一览进入。")
    return read_indicator(card, load_figures(session, [code], chosen), chosen, book), known


def _row(reading: Reading, team: Assessed, versions: int) -> ComparisonRow:
    point = reading.figures.point(reading.card.code, team.id, reading.period)
    shares = reading.shares
    share = shares.results[team.id] if shares else None
    growth, score = reading.growth.get(team.id), reading.scores[team.id]
    sentence = ""
    if shares and share and share.D is not None:
        official = point.growth if point else None
        sentence = share_sentence(share, shares, official_growth=official, nominal=reading.card.official_growth)
    notes = (*score.flags, *(share.notes if share else ()), *(growth.notes if growth else ()))
    return ComparisonRow(
        team.id, team.name, plain(point.value) if point and point.value is not None else "",
        point.status if point else "未出数", point.version if point else 0, versions,
        show(point.growth, 1) if point and point.growth is not None else "",
        f"{show(share.share_prev)}" if share else "", f"{show(share.share_now)}" if share else "",
        show(share.D, 3, sign=True) if share else "", show(share.R) if share else "",
        show(share.N * HUNDRED if share.N is not None else None) if share else "",
        show(growth.mean) if growth else "", show(growth.G) if growth else "", score.text,
        tuple(dict.fromkeys(notes)), sentence,
    )  # fmt: skip


def _city(reading: Reading) -> str:
    """The published total beside the sum of the teams: the difference is shown, never corrected."""
    point, shares = reading.figures.city.get((reading.card.code, reading.period)), reading.shares
    if point is None or point.value is None:
        return ""
    text = f"全市公布数 {plain(point.value)}{reading.card.unit}"
    if shares is None or shares.total_now is None:
        return text
    difference = point.value - shares.total_now
    scope = "参评单位合计" + (f"（{shares.label}）" if shares.label else "")
    return f"{text}，{scope} {plain(shares.total_now)}，相差 {show(difference, 1, sign=True)}"
