"""年度结账: all that is open on the day, printed and kept with its hash; a later one is a further version (§1.12)."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dossier.ledger import status
from dossier.ledger.book import EntryView, all_entries
from dossier.ledger.reach import require
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import LedgerClosing


@dataclass(frozen=True)
class OpenLine:
    """One open entry on the balance page."""

    id: int
    number: str
    cadre: str
    team: str
    kind: str
    matter: str
    horizon: str
    state: str
    next_due: str
    waits: str


@dataclass(frozen=True)
class Balance:
    """The page of a year: open entries, and how many were entered, settled and taken back in it. No sums of persons."""

    year: int
    lines: tuple[OpenLine, ...]
    entered: int
    settled: int
    reversed: int
    closings: tuple[LedgerClosing, ...]


def balance(session: Session, viewer: Viewer, year: int, today: date) -> Balance:
    """The balance page as it stands now, with the closings that were made. Raises RIGHTS-ROLE."""
    require(viewer, "查看年度结账", "KH", "SUP", "DEP", "MIN")
    entries = all_entries(session, viewer, today)
    lines = tuple(_line(e) for e in entries if e.state in status.OPEN)
    closings = session.scalars(
        select(LedgerClosing).where(LedgerClosing.year == year).order_by(LedgerClosing.version)
    ).all()
    return Balance(
        year, lines, _count(entries, status.APPROVED, year), _count(entries, status.CLOSED, year),
        _count(entries, status.REVERSED, year), tuple(closings),
    )  # fmt: skip


def close_year(session: Session, viewer: Viewer, year: int, today: date) -> LedgerClosing:
    """KH closes a year that has ended: the page of the day is kept for good. Raises RIGHTS-ROLE, LEDGER-YEAR."""
    require(viewer, "办理年度结账", "KH")
    if today <= date(year, 12, 31):
        raise ShijiError("LEDGER-YEAR", f"{year} 年尚未结束，不能结账", str(year), "请在次年办理。")
    page = balance(session, viewer, year, today)
    content: dict[str, Any] = {
        "year": year, "on": today.isoformat(), "entered": page.entered, "settled": page.settled,
        "reversed": page.reversed, "open": [vars(line) for line in page.lines],
    }  # fmt: skip
    held = session.scalar(select(func.max(LedgerClosing.version)).where(LedgerClosing.year == year)) or 0
    row = LedgerClosing(
        year=year, version=held + 1, closed_on=today, content=content, sha256=digest(content), user_id=viewer.user_id
    )
    session.add(row)
    session.flush()
    return row


def digest(content: dict[str, Any]) -> str:
    """SHA-256 of a closing's content."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _line(entry: EntryView) -> OpenLine:
    left = [d.due.isoformat() for d in entry.tracking if not d.result]
    planned = "待批准" if entry.checked else "待审核"
    waits = {status.PLANNED: planned, status.TRACKING: "追踪"}.get(entry.state, "待结账")
    return OpenLine(
        entry.id, entry.number, entry.cadre, entry.team, entry.kind, entry.matter, entry.horizon, entry.state,
        min(left, default=""), waits,
    )  # fmt: skip


def _count(entries: list[EntryView], step: str, year: int) -> int:
    return sum(any(s.step == step and s.on.year == year for s in e.steps) for e in entries)
