"""The indicator book and imported figures in the record: every revision is a further version (domain.md §4.10)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import book as cards
from appraisal.decimals import plain
from appraisal.periods import period_key, years_before
from appraisal.sheet_rows import SheetImport, SheetRow
from appraisal.tagging import tagged, untagged
from appraisal.year_book import parse_year_book
from storage.errors import ShijiError
from storage.tables import CityPoint, DataPoint, Indicator, IndicatorBook, IndicatorImport, Team

__all__ = [
    "Difference", "catalogue", "compare", "import_sheets", "latest_city", "latest_points", "period_key", "periods",
    "read_book", "save_book", "team_names", "years_before",
]  # fmt: skip

NEW, REVISED, LATE, KEPT = "新增", "修订", "后补", "保留原数"


@dataclass(frozen=True)
class Difference:
    """What an import does to one figure. kind: 新增, 修订, 后补 (was missing), 保留原数 (a blank never erases)."""

    kind: str
    indicator: str
    name: str
    team_id: str
    team: str
    period: str
    before: str
    after: str
    version: int

    @property
    def writes(self) -> bool:
        return self.kind != KEPT


def save_book(session: Session, book: Mapping[str, cards.Indicator]) -> int:
    """Write the indicator cards; existing codes are updated, none removed. Returns the number of cards."""
    for ordinal, card in enumerate(book.values()):
        row = session.get(Indicator, card.code)
        if row is None:
            row = Indicator(code=card.code, name=card.name)
            session.add(row)
        row.name, row.unit, row.direction, row.type = card.name, card.unit, card.direction, card.type
        row.block, row.method, row.weight, row.provider = card.block, card.method, card.weight, card.provider
        row.frequency, row.share_eligible, row.never_rank = card.frequency, card.share_eligible, card.never_rank
        row.category, row.team_id, row.official_growth = card.category or "", card.team or "", card.official_growth
        row.params, row.ordinal = tagged(dict(card.params)), ordinal
    session.flush()
    return len(book)


def catalogue(session: Session) -> dict[str, cards.Indicator]:
    """Every indicator there ever was as code -> Indicator, as last approved or imported."""
    rows = session.scalars(select(Indicator).order_by(Indicator.ordinal, Indicator.code))
    return {row.code: _card(row) for row in rows}


def read_book(session: Session) -> dict[str, cards.Indicator]:
    """The cards in force as code -> Indicator, in the order of the book: those of the newest approved book.

    Without an approved book, the whole catalogue.
    """
    newest = session.scalar(
        select(IndicatorBook.content)
        .where(IndicatorBook.state == "approved")
        .order_by(IndicatorBook.year.desc(), IndicatorBook.version.desc())
        .limit(1)
    )
    if newest is None:
        return catalogue(session)
    return dict(parse_year_book(newest, check=False).cards)


def team_names(session: Session) -> dict[str, str]:
    """Every name of a team that names no other team -> team id, to recognise the rows of a table."""
    found: dict[str, set[str]] = {}
    for team in session.scalars(select(Team)):
        for name in (team.id, team.full, team.short, *(alias.alias for alias in team.aliases)):
            found.setdefault(name, set()).add(team.id)
    return {name: ids.pop() for name, ids in found.items() if len(ids) == 1}


def compare(session: Session, sheets: Sequence[SheetImport]) -> list[Difference]:
    """What importing these sheets would change, without writing anything."""
    names = {code: card.name for code, card in catalogue(session).items()}
    shorts = {team.id: team.short for team in session.scalars(select(Team))}
    latest = latest_points(session, {row.indicator for sheet in sheets for row in sheet.rows})
    differences = []
    for row in _rows(sheets):
        before = latest.get((row.indicator, row.team, row.period))
        kind = _kind(before, row)
        if kind:
            differences.append(
                Difference(
                    kind, row.indicator, names.get(row.indicator, row.indicator), row.team,
                    shorts.get(row.team, row.team), row.period, _shown(before) if before else "", _shown_row(row),
                    (before.version if before else 0) + (kind != KEPT),
                )
            )  # fmt: skip
    return differences


def import_sheets(
    session: Session, sheets: Sequence[SheetImport], name: str, sha256: str, user_id: int | None
) -> tuple[IndicatorImport, list[Difference]]:
    """Write the figures of a workbook as new versions, and what was refused. Unchanged figures are left alone.

    Raises ShijiError INDICATOR-BOOK when a figure's indicator is not in the record's book.
    """
    book = catalogue(session)
    strangers = sorted({row.indicator for row in _rows(sheets)} - set(book))
    if strangers:
        raise ShijiError("INDICATOR-BOOK", f"指标不在指标体系内：{'、'.join(strangers)}", name, "请先导入指标体系。")
    differences = compare(session, sheets)
    record = IndicatorImport(
        name=name, sha256=sha256, user_id=user_id, points=sum(d.writes for d in differences),
        errors=[asdict(issue) for sheet in sheets for issue in sheet.errors],
        warnings=[asdict(issue) for sheet in sheets for issue in sheet.warnings],
    )  # fmt: skip
    session.add(record)
    session.flush()
    rows = {(row.indicator, row.team, row.period): (sheet.sheet, row) for sheet in sheets for row in sheet.rows}
    for change in differences:
        if change.writes:
            sheet, row = rows[(change.indicator, change.team_id, change.period)]
            session.add(
                DataPoint(
                    indicator_code=row.indicator, team_id=row.team, period=row.period, version=change.version,
                    value=row.value, growth=row.growth, unit=row.unit, status=row.status, note=row.basis_note,
                    provider=row.provider, import_id=record.id, cell=f"{sheet} 第 {row.row} 行",
                )
            )  # fmt: skip
    _write_totals(session, sheets, record.id)
    session.flush()
    return record, differences


def latest_points(session: Session, codes: Iterable[str] | None = None) -> dict[tuple[str, str, str], DataPoint]:
    """(indicator, team, period) -> its newest version, for the given indicators or for all."""
    query = select(DataPoint).order_by(DataPoint.version)
    if codes is not None:
        query = query.where(DataPoint.indicator_code.in_(set(codes)))
    return {(p.indicator_code, p.team_id, p.period): p for p in session.scalars(query)}


def latest_city(session: Session, codes: Iterable[str]) -> dict[tuple[str, str], CityPoint]:
    """(indicator, period) -> the newest published figure of the city."""
    query = select(CityPoint).where(CityPoint.indicator_code.in_(set(codes))).order_by(CityPoint.version)
    return {(p.indicator_code, p.period): p for p in session.scalars(query)}


def periods(session: Session, code: str | None = None) -> list[str]:
    """Periods with figures, newest first."""
    query = select(DataPoint.period).distinct()
    if code:
        query = query.where(DataPoint.indicator_code == code)
    return sorted(session.scalars(query), key=period_key, reverse=True)


def _rows(sheets: Sequence[SheetImport]) -> list[SheetRow]:
    found = {(row.indicator, row.team, row.period): row for sheet in sheets for row in sheet.rows}
    return list(found.values())


def _kind(before: DataPoint | None, row: SheetRow) -> str:
    if before is None:
        return NEW
    if row.value is None:
        return KEPT if before.value is not None else ""
    if before.value is None:
        return LATE
    same = (before.value, before.growth, before.status, before.unit, before.note) == (
        row.value, row.growth, row.status, row.unit, row.basis_note,
    )  # fmt: skip
    return "" if same else REVISED


def _shown(point: DataPoint) -> str:
    return f"{plain(point.value)}（{point.status}）" if point.value is not None else point.status


def _shown_row(row: SheetRow) -> str:
    return f"{plain(row.value)}（{row.status}）" if row.value is not None else row.status


def _write_totals(session: Session, sheets: Sequence[SheetImport], import_id: int) -> None:
    known = latest_city(session, {row.indicator for sheet in sheets for row in sheet.totals})
    for sheet in sheets:
        for row in sheet.totals:
            before = known.get((row.indicator, row.period))
            if before and (before.value, before.growth, before.status) == (row.value, row.growth, row.status):
                continue
            if row.value is None and row.growth is None:
                continue
            point = CityPoint(
                indicator_code=row.indicator, period=row.period, version=(before.version if before else 0) + 1,
                value=row.value, growth=row.growth, status=row.status, provider=row.provider, import_id=import_id,
                cell=f"{sheet.sheet} 第 {row.row} 行",
            )  # fmt: skip
            session.add(point)
            known[(row.indicator, row.period)] = point


def _card(row: Indicator) -> cards.Indicator:
    return cards.Indicator(
        code=row.code, name=row.name, unit=row.unit, direction=row.direction,  # type: ignore[arg-type]
        type=row.type, block=row.block, method=row.method, weight=row.weight or Decimal(0), provider=row.provider,
        frequency=row.frequency, params=untagged(row.params), category=row.category or None, team=row.team_id or None,
        share_eligible=row.share_eligible, official_growth=row.official_growth, never_rank=row.never_rank,
    )  # fmt: skip
