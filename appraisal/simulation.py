"""测算 of a draft book on a past period, beside the book in force: what it would do to each team (domain.md §1.4)."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.assessment import Assessment, compute
from appraisal.books import book_of, get_book, stored_book
from appraisal.decimals import show
from appraisal.figures import load_figures
from appraisal.outside import outside_parts
from appraisal.periods import period_key
from appraisal.robustness import PositionBand, position_bands_of
from appraisal.store import periods
from appraisal.year_book import book_content, check_year_book, content_hash
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import BookSimulation


@dataclass(frozen=True)
class SimulatedTeam:
    """One team inside its category; texts as shown. No list is ordered by them."""

    team_id: str
    team: str
    before: str
    after: str
    change: str
    band_before: str
    band_after: str
    complete: str


def simulate(session: Session, viewer: Viewer, book_id: int, period: str = "") -> BookSimulation:
    """Try a book on a period (default: the newest whole year with figures before the book's) and keep the result.

    Raises RIGHTS-ROLE, SIMULATION-PERIOD when there is nothing to try it on, and the errors of the book itself.
    """
    if viewer.role != "KH":
        raise ShijiError("RIGHTS-ROLE", "由考核办办理测算", viewer.role, "")
    row = get_book(session, book_id)
    draft = stored_book(row)
    check_year_book(draft, draft.name)
    known = [p for p in periods(session) if p.endswith("年")]
    chosen = period or next((p for p in known if period_key(p)[0] < draft.year), known[0] if known else "")
    if chosen not in periods(session):
        raise ShijiError("SIMULATION-PERIOD", "没有可供测算的数据", period, "请先导入上年数据，或选择有数据的期别。")
    now = book_of(session, chosen)
    figures = load_figures(session, {*now.cards, *draft.cards}, chosen)
    outside = outside_parts(session, chosen, figures.teams)
    result = compare_books(compute(chosen, now, figures, outside), compute(chosen, draft, figures, outside))
    made = BookSimulation(
        book_id=row.id, book_sha256=content_hash(book_content(draft)), period=chosen, user_id=viewer.user_id or None,
        result={"against": now.name, "categories": {k: [vars(one) for one in v] for k, v in result.items()}},
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def compare_books(before: Assessment, after: Assessment) -> dict[str, list[SimulatedTeam]]:
    """Category -> its teams in roster order, with both scores and both bands of positions."""
    old, new = position_bands_of(before), position_bands_of(after)
    found: dict[str, list[SimulatedTeam]] = {}
    for key, team in after.teams.items():
        then, now = before.nodes.get(key), after.nodes[key]
        moved: Decimal | None = None
        if then and then.value is not None and now.value is not None:
            moved = now.value - then.value
        found.setdefault(team.category, []).append(
            SimulatedTeam(
                key, team.name, show(then.value if then else None), now.text, show(moved, sign=True),
                _text(old.get(key)), _text(new.get(key)), show(now.complete, 1).removesuffix(".0"),
            )
        )  # fmt: skip
    return found


def latest_simulation(session: Session, book_id: int) -> BookSimulation | None:
    """The newest simulation of a book."""
    query = select(BookSimulation).where(BookSimulation.book_id == book_id).order_by(BookSimulation.id.desc())
    return session.scalar(query.limit(1))


def simulated(session: Session, book_id: int, sha256: str) -> bool:
    """Whether exactly this content has been tried."""
    query = select(BookSimulation.id).where(
        BookSimulation.book_id == book_id, BookSimulation.book_sha256 == sha256
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def result_of(made: BookSimulation) -> dict[str, Any]:
    """The kept result as JSON."""
    return {"period": made.period, "at": made.at.isoformat(), **made.result}


def _text(band: PositionBand | None) -> str:
    return band.text if band else "—"
