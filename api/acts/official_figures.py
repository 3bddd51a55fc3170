"""Figures an item claims beside the official ones of the same indicator, where the claim names one (domain.md §3.4).

The claim stays a claim: nothing is corrected, judged or ranked here, and a figure that is not out says so.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from appraisal.book import Indicator
from appraisal.decimals import plain
from appraisal.figures import Figures, assessed_teams, load_figures
from appraisal.periods import period_end, period_of
from appraisal.readings import applies
from appraisal.store import read_book
from dossier.views import EvidenceView
from nlp.links import INDICATOR, Target, linker_of
from nlp.sentences import SentenceModel, load_static_model

READERS = frozenset({"OFF", "HEAD", "KH", "DEP", "MIN"})
_QUARTERS = (
    (1, re.compile(r"(?<!前)(?:一季度|1季度|1[-—至]3月)")),
    (2, re.compile(r"上半年|前两季度|1[-—至]6月")),
    (3, re.compile(r"前三季度|1[-—至]9月")),
    (4, re.compile(r"全年|去年|^20\d\d年$|1[-—至]12月")),
)  # fmt: skip
_PLAN = re.compile(r"(?:力争|争取|计划|预计|目标)[^。；！？]*$")  # what is hoped for is no claim


@dataclass(frozen=True)
class FigureRow:
    """One claimed figure. official: with unit and status, or 未出数; period: of the official figure."""

    claimed: str
    code: str
    indicator: str
    because: str
    period: str
    official: str


def figure_rows(session: Session, model: SentenceModel, view: EvidenceView) -> list[FigureRow]:
    """Claimed and official figures of an item's team, in the order of the text; none where no indicator is meant."""
    named = [m for m in view.metrics if m.get("name") and not _PLAN.search(view.text[: m["span"][0]])]
    if not named or not view.team_id:
        return []
    team = next((one for one in assessed_teams(session) if one.id == view.team_id), None)
    if team is None:
        return []
    book = {code: card for code, card in read_book(session).items() if applies(card, team)}
    linker = linker_of([Target(INDICATOR, card.code, card.name) for card in book.values()], model)
    found = [(metric, linker.link(str(metric["name"]), (view.team_id,))[:1]) for metric in named]
    figures = load_figures(session, {link.key for _metric, links in found for link in links})
    made = []
    for metric, links in found:
        for link in links:
            start, end = metric["span"]
            comparator = str(metric.get("comparator") or "")
            claimed = f"{metric.get('period') or ''}{metric['name']}{comparator}{view.text[start:end]}"
            period, official = _official(book[link.key], figures, view, metric)
            made.append(FigureRow(claimed, link.key, book[link.key].name, link.because, period, official))
    return made


def _official(card: Indicator, figures: Figures, view: EvidenceView, metric: dict[str, Any]) -> tuple[str, str]:
    """Of the claimed period where it is told, else of the newest period that had ended by then."""
    wanted = period_told(str(metric.get("period") or ""), view.date or view.published)
    known = [p for code, team, p in figures.points if code == card.code and team == view.team_id]
    day = view.date or view.published
    period = wanted or max((p for p in known if period_end(p).isoformat() <= day[:10]), key=period_end, default="")
    point = figures.point(card.code, view.team_id, period) if period else None
    growing = bool(metric.get("comparator")) and metric.get("unit") in ("%", "个百分点", "百分点")
    if growing and card.unit != "%":
        value, unit, what = (point.growth if point else None), "%", "增长 "
    else:
        value, unit, what = (point.value if point else None), card.unit, ""
    if point is None or value is None:
        return period, "未出数"
    return period, f"{what}{plain(value)}{unit}（{point.status}）"


def period_told(words: str, day: str) -> str:
    """The period of words such as 前三季度 in a text about a day (YYYY-MM-DD or YYYY…); "" when it cannot be told."""
    year = re.search(r"20\d\d", words) or re.match(r"\d{4}", day)
    found = [number for number, pattern in _QUARTERS if pattern.search(words)]
    if not year or len(found) != 1:
        return ""
    return period_of(int(year[0]) - ("去年" in words), found[0])


def shown_rows(session: Session, role: str, view: EvidenceView) -> Sequence[FigureRow]:
    """`figure_rows` for those who may read indicators, by the shipped model, so that no setting can block an item."""
    return figure_rows(session, load_static_model(), view) if role in READERS else ()
