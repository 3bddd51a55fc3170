"""Which book holds for a period, and the books there are (domain.md §1.4, R-35)."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.periods import period_key
from appraisal.store import catalogue
from appraisal.year_book import CORE_CODES, YearBook, content_hash, parse_year_book
from storage.errors import ShijiError
from storage.tables import IndicatorBook

STATES = {"draft": "起草", "submitted": "待审核", "checked": "待审定", "approved": "已审定"}


def book_of(session: Session, period: str) -> YearBook:
    """The approved book that scores a period: of its year, else of the nearest earlier year, else of the first.

    An installation without any approved book is scored by its catalogue, which says so in its name.
    """
    year = period_key(period)[0]
    rows = session.execute(
        select(IndicatorBook.id, IndicatorBook.year)
        .where(IndicatorBook.state == "approved")
        .order_by(IndicatorBook.year, IndicatorBook.version)
    ).all()
    if not rows:
        return catalogue_book(session, year)
    chosen = [row for row in rows if row.year <= year] or [row for row in rows if row.year == rows[0].year]
    return stored_book(session.get_one(IndicatorBook, chosen[-1].id))


def catalogue_book(session: Session, year: int) -> YearBook:
    """The catalogue of indicators as a book with the default weights of the blocks."""
    cards = catalogue(session)
    core = {code: Decimal(25) for code in CORE_CODES} if set(CORE_CODES) <= set(cards) else {}
    return YearBook(year, cards, core=core)


def stored_book(row: IndicatorBook, *, check: bool = True) -> YearBook:
    """The book of a record. Raises ShijiError BOOK-BROKEN when an approved content is no longer what was approved."""
    where = f"{row.year}年第{row.version}版"
    if row.state != "draft" and content_hash(row.content) != row.sha256:
        raise ShijiError("BOOK-BROKEN", "指标体系内容与审定时的指纹不符", where, "请从备份恢复。")
    book = parse_year_book(row.content, where, check=check and row.state != "draft")
    return replace(book, id=row.id, version=row.version)


def get_book(session: Session, book_id: int) -> IndicatorBook:
    """The record of a book. Raises ShijiError BOOK-UNKNOWN."""
    row = session.get(IndicatorBook, book_id)
    if row is None:
        raise ShijiError("BOOK-UNKNOWN", "没有这个指标体系", str(book_id), "请从指标体系列表进入。")
    return row


def list_books(session: Session) -> list[IndicatorBook]:
    """All books, newest year and version first."""
    query = select(IndicatorBook).order_by(IndicatorBook.year.desc(), IndicatorBook.version.desc())
    return list(session.scalars(query))
