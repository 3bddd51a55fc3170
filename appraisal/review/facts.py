"""Indicator facts for a review: the pinned version of a figure with completion, share change and mean growth (§4.4).

Each fact names its period, status, version and 口径; none says a position among others (R-33).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.decimals import HUNDRED, PRECISION, plain, show
from appraisal.drilldown import ScoreNode
from appraisal.periods import period_key, spoken
from appraisal.team_scores import team_indicators
from storage.tables import DataPoint, Indicator, IndicatorTarget

DERIVED = {"份额变动 D（百分点）": "份额变动", "平均增长指数 G": "平均增长指数"}


@dataclass(frozen=True)
class FigureFact:
    """One figure as a review shows it. newest: the version that holds now; extras: 完成率, 份额变动, 平均增长指数."""

    id: int
    code: str
    name: str
    period: str
    value: str
    growth: str
    status: str
    version: int
    newest: int
    provider: str
    note: str
    extras: tuple[str, ...]

    @property
    def text(self) -> str:
        """One sentence: name, value, period, status, version, then what was computed."""
        more = "".join(f"，{extra}" for extra in self.extras)
        growth = f"，公布增速{self.growth}%" if self.growth else ""
        said = f"{self.name}（{spoken(self.period)}，{self.status}第{self.version}版）{self.value}{growth}{more}"
        return said + (f"；口径：{self.note}" if self.note else "") + "。"


def reported_figures(session: Session, team_id: str, period: str) -> list[int]:
    """Ids of the figures a team has in a period, in the order of the book; nothing for what is 未出数."""
    found = team_indicators(session, team_id, period)
    if found is None or found.period != period:
        return []
    return [line.data_point_id for line in found.reported if line.data_point_id is not None]


def figure_facts(session: Session, ids: Iterable[int]) -> dict[int, FigureFact]:
    """Facts of these figure versions, by id."""
    wanted = list(ids)
    rows = session.execute(
        select(DataPoint, Indicator)
        .join(Indicator, DataPoint.indicator_code == Indicator.code)
        .where(DataPoint.id.in_(wanted))
    ).all()
    computed: dict[tuple[str, str], dict[str, list[str]]] = {}
    found = {}
    for point, card in rows:
        if point.value is None:
            continue
        newest = _newest(session, point)
        where = (point.team_id, point.period)
        if newest == point.version and where not in computed:
            computed[where] = dict(_computed(session, *where))
        extras = _completion(session, point, card) if card.direction != "range" else []
        if newest == point.version:
            extras = [*extras, *computed[where].get(card.name, [])]
        found[point.id] = FigureFact(
            point.id, f"D-{point.id}", card.name, point.period, f"{plain(point.value)}{point.unit or card.unit}",
            plain(point.growth) if point.growth is not None else "", point.status, point.version, newest,
            point.provider or card.provider, point.note or card.note, tuple(extras),
        )  # fmt: skip
    return found


def _newest(session: Session, point: DataPoint) -> int:
    query = select(func.max(DataPoint.version)).where(
        DataPoint.indicator_code == point.indicator_code, DataPoint.team_id == point.team_id,
        DataPoint.period == point.period,
    )  # fmt: skip
    return session.scalar(query) or point.version


def _completion(session: Session, point: DataPoint, card: Indicator) -> list[str]:
    """完成率 against the newest approved target of the year, which cumulative figures run up to."""
    target = session.scalar(
        select(IndicatorTarget)
        .where(
            IndicatorTarget.year == period_key(point.period)[0], IndicatorTarget.indicator_code == card.code,
            IndicatorTarget.team_id == point.team_id, IndicatorTarget.state == "approved",
        )
        .order_by(IndicatorTarget.version.desc())
        .limit(1)
    )  # fmt: skip
    if target is None or target.value <= 0 or point.value is None:
        return []
    done = PRECISION.divide(PRECISION.multiply(point.value, HUNDRED), target.value)
    return [f"完成年度目标的{show(Decimal(done), 1)}%（目标{plain(target.value)}，{target.document_no}）"]


def _computed(session: Session, team_id: str, period: str) -> Iterator[tuple[str, list[str]]]:
    found = team_indicators(session, team_id, period)
    if found is None or found.tree is None or found.period != period:
        return
    for block in found.tree.children:
        for leaf in block.children:
            extras = []
            for node in _below(leaf):
                if node.label in DERIVED and node.value is not None:
                    unit = "个百分点" if "D" in node.label else ""
                    places = 2
                    extras.append(f"{DERIVED[node.label]}{show(node.value, places, sign=bool(unit))}{unit}")
            if extras:
                yield leaf.label, extras


def _below(node: ScoreNode) -> Iterator[ScoreNode]:
    for child in node.children:
        yield child
        yield from _below(child)
