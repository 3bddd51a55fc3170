"""A book from draft to approval: KH prepares, HEAD checks, MIN approves with a document number (domain.md §2.7).

An approved book is never changed: a change is a further version of the year, with its own reason, simulation, check and
approval. Any change of a draft asks for a new simulation, since only the content that was tried may be submitted.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.book import Indicator
from appraisal.books import get_book, stored_book
from appraisal.simulation import simulated
from appraisal.store import catalogue, periods, save_book
from appraisal.year_book import YearBook, book_content, content_hash, parse_year_book, problems
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import IndicatorBook, now


def create_draft(
    session: Session, viewer: Viewer, book: YearBook, note: str, copied_from: int | None = None
) -> IndicatorBook:
    """A new draft version of the book's year. Raises RIGHTS-ROLE, BOOK-NOTE, BOOK-OPEN when one is under way."""
    _only(viewer, "KH")
    if not note.strip():
        raise ShijiError("BOOK-NOTE", "请写明编制或修改的理由", f"{book.year}年", "")
    under_way = session.scalar(
        select(IndicatorBook.version).where(IndicatorBook.year == book.year, IndicatorBook.state != "approved").limit(1)
    )
    if under_way:
        what = f"{book.year}年第{under_way}版尚未审定"
        raise ShijiError("BOOK-OPEN", what, "指标体系", "请先办结该版，或在该版上修改。")
    version = (session.scalar(select(func.max(IndicatorBook.version)).where(IndicatorBook.year == book.year)) or 0) + 1
    content = book_content(book)
    row = IndicatorBook(
        year=book.year, version=version, content=content, sha256=content_hash(content), note=note.strip()[:300],
        copied_from=copied_from, prepared_by=viewer.user_id or None,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def copy_book(session: Session, viewer: Viewer, book_id: int, year: int, note: str) -> tuple[IndicatorBook, list[str]]:
    """A draft for a year from another book, without the cards that are not valid in it: also returns their names."""
    source = stored_book(get_book(session, book_id))
    kept, dropped = {}, []
    for code, card in source.cards.items():
        if (card.valid_from or year) <= year <= (card.valid_to or year):
            kept[code] = card
        else:
            dropped.append(f"{code} {card.name}")
    exemptions = tuple(one for one in source.exemptions if one.code in kept)
    core = source.core if set(source.core) <= set(kept) else {}
    book = replace(source, year=year, cards=kept, exemptions=exemptions, core=core, id=0, version=0)
    return create_draft(session, viewer, book, note, book_id), dropped


def save_draft(session: Session, viewer: Viewer, book_id: int, content: Mapping[str, Any]) -> IndicatorBook:
    """Replace a draft's content; sums of weights may be unfinished, each card must be sound.

    The year stays that of the draft. Raises RIGHTS-ROLE, BOOK-FROZEN, BOOK-CARD, METHOD-….
    """
    _only(viewer, "KH")
    row = get_book(session, book_id)
    _state(row, "draft")
    book = parse_year_book({**content, "year": row.year}, f"{row.year}年第{row.version}版", check=False)
    row.content = book_content(book)
    row.sha256 = content_hash(row.content)
    session.flush()
    return row


def put_card(
    session: Session, viewer: Viewer, book_id: int, card: Mapping[str, Any], replaces: str = ""
) -> IndicatorBook:
    """Add a card to a draft, or put it in the place of the card `replaces`."""
    content = dict(get_book(session, book_id).content)
    cards = list(content.get("indicators") or [])
    spot = next((n for n, one in enumerate(cards) if one["code"] == replaces), None) if replaces else None
    if replaces and spot is None:
        raise ShijiError("INDICATOR-UNKNOWN", "没有这个指标", replaces, "请从指标体系进入。")
    cards[spot if spot is not None else len(cards) : (spot + 1) if spot is not None else len(cards)] = [dict(card)]
    return save_draft(session, viewer, book_id, {**content, "indicators": cards})


def drop_card(session: Session, viewer: Viewer, book_id: int, code: str) -> IndicatorBook:
    """Take a card out of a draft."""
    content = dict(get_book(session, book_id).content)
    cards = [one for one in content.get("indicators") or [] if one["code"] != code]
    spared = [one for one in content.get("not_applicable") or [] if one["code"] != code]
    core = {key: value for key, value in (content.get("core") or {}).items() if key != code}
    changed = {**content, "indicators": cards, "not_applicable": spared, "core": core}
    return save_draft(session, viewer, book_id, changed)


def hindrances(session: Session, row: IndicatorBook) -> list[ShijiError]:
    """Everything that stands between a draft and its submission."""
    where = f"{row.year}年第{row.version}版"
    book = parse_year_book(row.content, where, check=False)
    found = problems(book, where)
    known = {card.name: code for code, card in catalogue(session).items()}
    for code, card in book.cards.items():
        if known.get(card.name, code) != code:
            found.append(
                ShijiError("BOOK-CARD", f"{card.name}已用代码 {known[card.name]}", code, "同一指标请沿用原代码。")
            )
    if not found and periods(session) and not simulated(session, row.id, row.sha256):
        found.append(ShijiError("BOOK-SIMULATION", "本稿尚未测算", where, "请先用上年数据测算。"))
    return found


def submit(session: Session, viewer: Viewer, book_id: int) -> IndicatorBook:
    """Hand a draft to the checking section. Raises the first of `hindrances`."""
    _only(viewer, "KH")
    row = get_book(session, book_id)
    _state(row, "draft")
    for problem in hindrances(session, row):
        raise problem
    row.state, row.prepared_by, row.prepared_at = "submitted", viewer.user_id or None, now()
    session.flush()
    return row


def check(session: Session, viewer: Viewer, book_id: int, agree: bool, note: str) -> IndicatorBook:
    """处长 agrees, or sends it back with a reason. Raises RIGHTS-ROLE, BOOK-STATE, BOOK-SECOND, BOOK-NOTE."""
    _only(viewer, "HEAD")
    row = get_book(session, book_id)
    _state(row, "submitted")
    if viewer.user_id and viewer.user_id == row.prepared_by:
        raise ShijiError("BOOK-SECOND", "编制人不能审核自己编制的指标体系", row_name(row), "请由另一位处长审核。")
    _decide(row, "checked", agree, note)
    row.checked_by, row.checked_at = viewer.user_id or None, now()
    session.flush()
    return row


def approve(
    session: Session, viewer: Viewer, book_id: int, agree: bool, document_no: str, note: str = ""
) -> IndicatorBook:
    """部长 approves under a document number, or sends it back with a reason; approved cards enter the catalogue."""
    _only(viewer, "MIN")
    row = get_book(session, book_id)
    _state(row, "checked")
    if agree and not document_no.strip():
        raise ShijiError("BOOK-DOCUMENT", "请填写审定文号", row_name(row), "例如：澜组发〔2025〕3号。")
    _decide(row, "approved", agree, note)
    if agree:
        book = stored_book(row)
        row.document_no, row.approved_by, row.approved_at = document_no.strip()[:60], viewer.user_id or None, now()
        save_book(session, _entering(session, book))
    session.flush()
    return row


def _entering(session: Session, book: YearBook) -> Mapping[str, Indicator]:
    """The cards that enter the catalogue: all of the newest year's book, of an older one only those it lacks."""
    newer = select(IndicatorBook.id).where(IndicatorBook.state == "approved", IndicatorBook.year > book.year)
    if session.scalar(newer.limit(1)) is None:
        return book.cards
    known = catalogue(session)
    return {**known, **{code: card for code, card in book.cards.items() if code not in known}}


def row_name(row: IndicatorBook) -> str:
    """2025年指标体系第2版."""
    return f"{row.year}年指标体系第{row.version}版"


def _decide(row: IndicatorBook, state: str, agree: bool, note: str) -> None:
    if not agree and not note.strip():
        raise ShijiError("BOOK-NOTE", "退回须写明理由", row_name(row), "")
    row.state, row.check_note = (state if agree else "draft"), note.strip()[:300]


def _state(row: IndicatorBook, wanted: str) -> None:
    if row.state == "approved":
        raise ShijiError("BOOK-FROZEN", "已审定的指标体系不能改动", row_name(row), "请另建新版。")
    if row.state != wanted:
        raise ShijiError("BOOK-STATE", "指标体系不在这一步", row_name(row), "请刷新页面查看当前状态。")


def _only(viewer: Viewer, *roles: str) -> None:
    if viewer.role not in roles:
        raise ShijiError(
            "RIGHTS-ROLE", "当前角色不能办理指标体系的这一步", viewer.role, "由考核办编制，处长审核，部长审定。"
        )
