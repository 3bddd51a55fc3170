"""Acts on the ledger with their audit entries, for pages and JSON alike (domain.md §1.12)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date

from api.access import audit
from api.acts.performing import perform
from api.days import typed_day
from api.system import System
from dossier.ledger import book, closing, entries
from dossier.ledger.book import EntryView
from dossier.ledger.rules import EntryWords
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import LedgerClosing, LedgerEntry, LedgerStep, LedgerTracking

STEPS = ("tell", "statement", "check", "approve", "close")


def words_of(form: Mapping[str, str], evidence: Sequence[int]) -> EntryWords:
    """An entry as typed; days in one line, separated. Raises REQUEST-FIELD."""
    return EntryWords(
        form.get("kind", ""), form.get("matter", ""), form.get("text", ""), form.get("role", ""),
        form.get("horizon", ""), days_of(form.get("decided_on", "")),
        typed_day(form.get("implemented_from", "").strip(), "实施起始"),
        typed_day(form.get("implemented_to", "").strip(), "实施终止"), days_of(form.get("effects_on", "")),
        tuple(evidence), form.get("clue", ""), form.get("leniency_body", ""), form.get("leniency_reason", ""),
    )  # fmt: skip


def days_of(text: str) -> tuple[date, ...]:
    """2021-03-01、2021-06-30 as days."""
    found = (typed_day(part, "日期") for part in re.split(r"[、，,;；\s]+", text) if part)
    return tuple(day for day in found if day)


def prepare(
    system: System, viewer: Viewer, cadre_id: str, team_id: str, words: EntryWords, replaces: int = 0
) -> LedgerEntry:
    """Draft an entry."""
    today = system.settings.today()
    return perform(
        system, viewer, "ledger-prepare", "ledger-entry", "",
        lambda s, v: entries.prepare(s, v, cadre_id, team_id, words, today, replaces),
        {"cadre": cadre_id, "kind": words.kind},
    )  # fmt: skip


def reverse(system: System, viewer: Viewer, entry_id: int, reason: str) -> LedgerEntry:
    """Draft a 冲正."""
    today = system.settings.today()
    return perform(
        system, viewer, "ledger-reverse", "ledger-entry", "",
        lambda s, v: entries.reverse(s, v, entry_id, reason, today), {"entry": entry_id},
    )  # fmt: skip


def step(system: System, viewer: Viewer, entry_id: int, name: str, agree: bool, text: str) -> LedgerStep:
    """tell, statement, check, approve or close. Raises ACTION-UNKNOWN."""
    today = system.settings.today()
    acts = {
        "tell": lambda s, v: entries.tell(s, v, entry_id, today),
        "statement": lambda s, v: entries.note_statement(s, v, entry_id, text, today),
        "check": lambda s, v: entries.check(s, v, entry_id, agree, text, today),
        "approve": lambda s, v: entries.approve(s, v, entry_id, agree, text, today),
        "close": lambda s, v: entries.close(s, v, entry_id, text, today),
    }
    if name not in acts:
        raise ShijiError("ACTION-UNKNOWN", f"没有这项操作：{name[:20]}", str(entry_id), "")
    detail = {"agree": agree} if name in ("check", "approve") else {}
    return perform(system, viewer, f"ledger-{name}", "ledger-entry", str(entry_id), acts[name], detail)


def track(system: System, viewer: Viewer, entry_id: int, due: date | None, what: str) -> LedgerTracking:
    """Set a tracking date. Raises LEDGER-DATES."""
    if due is None:
        raise ShijiError("LEDGER-DATES", "请填写追踪日期", f"记实 {entry_id}", "")
    today = system.settings.today()
    return perform(
        system, viewer, "ledger-track", "ledger-entry", str(entry_id),
        lambda s, v: entries.track(s, v, entry_id, due, what, today), {"due": due.isoformat()},
    )  # fmt: skip


def note_tracking(system: System, viewer: Viewer, tracking_id: int, result: str) -> LedgerStep:
    """Note what was found on a tracking date."""
    today = system.settings.today()
    return perform(
        system, viewer, "ledger-tracked", "ledger-tracking", str(tracking_id),
        lambda s, v: entries.note_tracking(s, v, tracking_id, result, today),
    )  # fmt: skip


def close_year(system: System, viewer: Viewer, year: int) -> LedgerClosing:
    """年度结账."""
    today = system.settings.today()
    return perform(
        system, viewer, "ledger-close-year", "ledger-closing", str(year),
        lambda s, v: closing.close_year(s, v, year, today),
    )  # fmt: skip


def read_person(system: System, viewer: Viewer, cadre_id: str, purpose: str) -> list[EntryView]:
    """A person's entries; the reading and its purpose are recorded (R-02)."""
    with system.database.write() as session:
        found = book.entries_of(session, viewer, cadre_id, system.settings.today())
        audit.record(session, viewer, "ledger-open", "cadre", cadre_id, purpose, {"entries": len(found)})
        return found


def read_entry(system: System, viewer: Viewer, entry_id: int) -> EntryView:
    """One entry; the reading is recorded under the person."""
    with system.database.write() as session:
        found = book.entry_view(session, viewer, entry_id, system.settings.today())
        audit.record(session, viewer, "ledger-open", "cadre", found.cadre_id, "", {"entry": entry_id})
        return found
