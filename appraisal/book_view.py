"""A book as it is looked at: its blocks with their sums, what hinders it, and how it differs from another."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.book import Indicator, group_weights
from appraisal.book_acts import hindrances, row_name
from appraisal.book_sheet import card_fields
from appraisal.books import STATES, get_book, stored_book
from appraisal.decimals import HUNDRED, plain
from appraisal.simulation import latest_simulation, result_of
from appraisal.year_book import YearBook
from storage.errors import ShijiError
from storage.tables import IndicatorBook, User

FIELD_NAMES = {
    "name": "名称", "unit": "单位", "direction": "方向", "type": "类型", "block": "板块", "category": "类别",
    "team": "所属单位", "method": "方法", "method_version": "方法版本", "params": "参数", "weight": "权重",
    "provider": "提供单位", "frequency": "频率", "share_eligible": "可算份额", "official_growth": "只用公布增速",
    "never_rank": "不排名", "valid_from": "启用年份", "valid_to": "停用年份", "note": "口径说明",
}  # fmt: skip


@dataclass(frozen=True)
class Group:
    """Cards whose weights belong together, and their sum."""

    name: str
    cards: tuple[Indicator, ...]
    weight: Decimal

    @property
    def whole(self) -> bool:
        return self.weight == HUNDRED


@dataclass(frozen=True)
class CardChange:
    """One card that differs from the book before: kind 新增, 删除 or 修改, and what changed in words."""

    kind: str
    code: str
    name: str
    what: tuple[str, ...]


@dataclass(frozen=True)
class BookView:
    """Everything a book's page shows."""

    id: int
    name: str
    year: int
    version: int
    state: str
    state_name: str
    note: str
    check_note: str
    document_no: str
    sha256: str
    people: dict[str, str]
    book: YearBook
    groups: tuple[Group, ...]
    problems: tuple[ShijiError, ...]
    changes: tuple[CardChange, ...]
    against: str
    simulation: dict[str, Any] | None
    simulation_current: bool

    @property
    def sections(self) -> list[tuple[str, list[Group]]]:
        """Groups by block: 共同, 类别, 特色, 职能."""
        found: dict[str, list[Group]] = {}
        for group in self.groups:
            found.setdefault(group.name.split(":")[0], []).append(group)
        return list(found.items())


def book_view(session: Session, book_id: int) -> BookView:
    """The book with its sums, hindrances (of a draft), changes against the version before, newest simulation."""
    row = get_book(session, book_id)
    book = stored_book(row)
    tried = latest_simulation(session, row.id)
    before = _before(session, row)
    return BookView(
        row.id, row_name(row), row.year, row.version, row.state, STATES[row.state], row.note, row.check_note,
        row.document_no, row.sha256, _people(session, row), book, groups_of(book),
        tuple(hindrances(session, row)) if row.state == "draft" else (),
        tuple(card_changes(stored_book(before), book)) if before else (), row_name(before) if before else "",
        result_of(tried) if tried else None, bool(tried and tried.book_sha256 == row.sha256),
    )  # fmt: skip


def groups_of(book: YearBook) -> tuple[Group, ...]:
    """Cards by the block in which their weights are counted, in the order of the book."""
    sums = group_weights(book.cards)
    members: dict[str, list[Indicator]] = {}
    for card in book.cards.values():
        members.setdefault(card.group, []).append(card)
    return tuple(Group(name, tuple(cards), sums[name]) for name, cards in members.items())


def card_changes(before: YearBook, after: YearBook) -> list[CardChange]:
    """What a book changes against another, card by card."""
    found = []
    for code in dict.fromkeys([*before.cards, *after.cards]):
        old, new = before.cards.get(code), after.cards.get(code)
        if old is None and new is not None:
            found.append(CardChange("新增", code, new.name, (f"{new.group}，权重 {plain(new.weight)}%",)))
        elif new is None and old is not None:
            found.append(CardChange("删除", code, old.name, ()))
        elif old is not None and new is not None and old != new:
            one, two = card_fields(old), card_fields(new)
            words = tuple(
                f"{FIELD_NAMES.get(key, key)} {one[key] or '空'} → {two[key] or '空'}"
                for key in two
                if one[key] != two[key]
            )
            found.append(CardChange("修改", code, new.name, words))
    for label, old_weights, new_weights in (
        ("县区板块", before.districts, after.districts), ("部门板块", before.departments, after.departments),
        ("核心指标", before.core, after.core),
    ):  # fmt: skip
        if dict(old_weights) != dict(new_weights):
            words = tuple(f"{key} {plain(value)}%" for key, value in new_weights.items())
            found.append(CardChange("修改", "", label, words))
    return found


def _before(session: Session, row: IndicatorBook) -> IndicatorBook | None:
    """The approved book that this one follows: the version before, else the newest of an earlier year."""
    same_year = (IndicatorBook.year == row.year) & (IndicatorBook.version < row.version)
    query = (
        select(IndicatorBook)
        .where(IndicatorBook.state == "approved", (IndicatorBook.year < row.year) | same_year)
        .order_by(IndicatorBook.year.desc(), IndicatorBook.version.desc())
    )
    return session.scalar(query.limit(1))


def _people(session: Session, row: IndicatorBook) -> dict[str, str]:
    """Who prepared, checked and approved, with the day; "" for a step not yet taken."""
    steps = {
        "编制": (row.prepared_by, row.prepared_at), "审核": (row.checked_by, row.checked_at),
        "审定": (row.approved_by, row.approved_at),
    }  # fmt: skip
    known = select(User.id, User.name).where(User.id.in_([who for who, _ in steps.values() if who]))
    names = dict(session.execute(known).all())
    return {step: f"{names.get(who or 0, '命令行')} {at:%Y-%m-%d}" if at else "" for step, (who, at) in steps.items()}
