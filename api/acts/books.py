"""Acts on indicator books with their audit entries, for pages, JSON and the command line alike."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy.orm import Session

from api.access import audit
from api.acts.workbooks import check_workbook
from api.system import System
from appraisal import book_acts, simulation
from appraisal.book import read_yaml
from appraisal.book_sheet import card_entry, read_book_workbook
from appraisal.books import catalogue_book, get_book, stored_book
from appraisal.year_book import parse_year_book
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import BookSimulation, IndicatorBook

LARGEST = 5 * 1024 * 1024


def _act(
    system: System, viewer: Viewer, name: str, change: Callable[[Session], IndicatorBook], **detail: Any
) -> IndicatorBook:
    with system.database.write() as session:
        row = change(session)
        audit.record(
            session, viewer, f"book-{name}", "indicator-book", str(row.id),
            detail={"year": row.year, "version": row.version, "sha256": row.sha256, **detail},
        )  # fmt: skip
        return row


def copy_to_year(system: System, viewer: Viewer, book_id: int, year: int, note: str) -> tuple[IndicatorBook, list[str]]:
    """A draft for a year from another book; from the catalogue when `book_id` is 0. Also the cards left behind."""
    dropped: list[str] = []

    def change(session: Session) -> IndicatorBook:
        if not book_id:
            return book_acts.create_draft(session, viewer, catalogue_book(session, year), note)
        row, left = book_acts.copy_book(session, viewer, book_id, year, note)
        dropped.extend(left)
        return row

    row = _act(system, viewer, "draft", change, copied_from=book_id)
    return row, dropped


def upload(
    system: System, viewer: Viewer, name: str, data: bytes, year: int, note: str, book_id: int = 0
) -> IndicatorBook:
    """A book file (.xlsx or .yaml) as a new draft of a year, or as the new content of the draft `book_id`."""
    if len(data) > LARGEST:
        raise ShijiError("SHEET-UNREADABLE", "文件超过 5 MB", name, "请检查文件。")
    if name.lower().endswith((".yaml", ".yml")):
        content = {**read_yaml(_text(data, name), name), "year": year}
    else:
        check_workbook(data, name)
        content = read_book_workbook(data, year)

    def change(session: Session) -> IndicatorBook:
        if book_id:
            return book_acts.save_draft(session, viewer, book_id, content)
        return book_acts.create_draft(session, viewer, parse_year_book(content, name, check=False), note)

    return _act(system, viewer, "upload", change, file=name)


def put_card(system: System, viewer: Viewer, book_id: int, fields: Mapping[str, str], replaces: str) -> IndicatorBook:
    """One card as typed into the form: added, or in the place of the card `replaces`."""
    card = card_entry(dict(fields), fields.get("code", "") or "指标")
    return _act(
        system, viewer, "card", lambda session: book_acts.put_card(session, viewer, book_id, card, replaces),
        code=card["code"],
    )  # fmt: skip


def drop_card(system: System, viewer: Viewer, book_id: int, code: str) -> IndicatorBook:
    """Take a card out of a draft."""
    return _act(
        system, viewer, "card-drop", lambda session: book_acts.drop_card(session, viewer, book_id, code), code=code
    )


def put_weights(
    system: System, viewer: Viewer, book_id: int, cards: Mapping[str, str], blocks: Mapping[str, Mapping[str, str]]
) -> IndicatorBook:
    """Weights of cards by code and of blocks (districts, departments, core, schedule), as typed."""

    def change(session: Session) -> IndicatorBook:
        content = dict(get_book(session, book_id).content)
        content["indicators"] = [
            {**card, "weight": cards.get(card["code"], card["weight"])} for card in content["indicators"]
        ]
        weights = dict(content.get("weights") or {})
        weights.update(
            {key: dict(value) for key, value in blocks.items() if key in ("districts", "departments") and value}
        )
        content["weights"] = weights
        content.update({key: dict(value) for key, value in blocks.items() if key in ("core", "schedule") and value})
        return book_acts.save_draft(session, viewer, book_id, content)

    return _act(system, viewer, "weights", change)


def simulate(system: System, viewer: Viewer, book_id: int, period: str = "") -> BookSimulation:
    """Try a draft on a past period and keep the result."""
    with system.database.write() as session:
        made = simulation.simulate(session, viewer, book_id, period)
        audit.record(
            session, viewer, "book-simulate", "indicator-book", str(book_id),
            detail={"period": made.period, "sha256": made.book_sha256},
        )  # fmt: skip
        return made


def submit(system: System, viewer: Viewer, book_id: int) -> IndicatorBook:
    """Hand a draft to the checking section."""
    return _act(system, viewer, "submit", lambda session: book_acts.submit(session, viewer, book_id))


def check(system: System, viewer: Viewer, book_id: int, agree: bool, note: str) -> IndicatorBook:
    """处长 agrees or sends back."""
    return _act(
        system, viewer, "check", lambda session: book_acts.check(session, viewer, book_id, agree, note), agree=agree
    )


def approve(
    system: System, viewer: Viewer, book_id: int, agree: bool, document_no: str, note: str = ""
) -> IndicatorBook:
    """部长 approves under a document number, or sends back."""
    return _act(
        system, viewer, "approve",
        lambda session: book_acts.approve(session, viewer, book_id, agree, document_no, note),
        agree=agree, document_no=document_no.strip(),
    )  # fmt: skip


def book_year(system: System, book_id: int) -> int:
    """The year of a book."""
    with system.database.read() as session:
        return stored_book(get_book(session, book_id)).year


def _text(data: bytes, name: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ShijiError("BOOK-CARD", "文件不是 UTF-8 文本", name, "请另存为 UTF-8。") from error
