"""年度目标 of teams: proposed by 考核办, approved with a document number, versioned (domain.md §1.1, §1.4).

An easy target must be explained (below last year's actual), and a difficulty coefficient is fixed before any figure of
the year exists: afterwards it would be made to measure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.decimals import plain
from appraisal.figures import load_figures
from appraisal.store import catalogue
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import DataPoint, IndicatorTarget, Team, now

EASIEST, HARDEST = Decimal("0.95"), Decimal("1.05")


@dataclass(frozen=True)
class TargetRow:
    """One target as proposed."""

    code: str
    team_id: str
    value: Decimal
    difficulty: Decimal = Decimal(1)
    reason: str = ""


@dataclass(frozen=True)
class TargetLine:
    """A target as shown: last year's actual stands beside it, and their ratio in percent (None where undefined)."""

    id: int
    year: int
    code: str
    name: str
    unit: str
    team_id: str
    team: str
    value: Decimal
    last_year: Decimal | None
    ratio: Decimal | None
    easy: bool
    difficulty: Decimal
    reason: str
    state: str
    version: int
    document_no: str


def propose_targets(session: Session, viewer: Viewer, year: int, rows: Sequence[TargetRow]) -> int:
    """Write proposals; an unapproved proposal is replaced, an approved target gets a further version.

    Returns the number that changed. Raises RIGHTS-ROLE, TARGET-SCOPE, TARGET-EASY, TARGET-DIFFICULTY, TARGET-REASON.
    """
    _only(viewer, "KH")
    cards, teams = catalogue(session), {team.id: team for team in session.scalars(select(Team))}
    actual = load_figures(session, {row.code for row in rows}, f"{year - 1}年")
    newest = _newest(session, year)
    changed = 0
    for row in rows:
        card, team = cards.get(row.code), teams.get(row.team_id)
        where = f"{row.code} {row.team_id}"
        if card is None or team is None or card.team not in (None, team.id):
            raise ShijiError("TARGET-SCOPE", "指标或单位不存在，或不是该单位的特色指标", where, "请核对代码和单位。")
        if not EASIEST <= row.difficulty <= HARDEST or (row.difficulty != 1 and card.block != "特色"):
            shown = plain(row.difficulty)
            raise ShijiError("TARGET-DIFFICULTY", f"难度系数 {shown} 不可用", where, "只用于特色指标，限 0.95～1.05。")
        last = actual.value(row.code, row.team_id, f"{year - 1}年")
        if _easy(card.direction, row.value, last) and not row.reason.strip():
            shown = f"目标 {plain(row.value)} 松于上年实际 {plain(last or Decimal(0))}"
            raise ShijiError("TARGET-EASY", shown, where, "请写明理由。")
        held = newest.get((row.code, row.team_id))
        if held and (held.value, held.difficulty, held.reason) == (row.value, row.difficulty, row.reason.strip()):
            continue
        if held and held.state == "approved" and not row.reason.strip():
            raise ShijiError("TARGET-REASON", "调整已批准的目标须写明理由", where, "请写明理由。")
        if held is None or held.state == "approved":
            version = held.version + 1 if held else 1
            held = IndicatorTarget(year=year, indicator_code=row.code, team_id=row.team_id, version=version)
            session.add(held)
        held.value, held.difficulty, held.last_year, held.reason = row.value, row.difficulty, last, row.reason.strip()
        held.state, held.proposed_by, held.proposed_at = "proposed", viewer.user_id or None, now()
        newest[(row.code, row.team_id)] = held
        changed += 1
    session.flush()
    return changed


def approve_targets(session: Session, viewer: Viewer, ids: Iterable[int], document_no: str) -> list[IndicatorTarget]:
    """Approve proposals under a document number. Raises RIGHTS-ROLE, TARGET-DOCUMENT, TARGET-STATE, TARGET-LATE."""
    _only(viewer, "DEP", "MIN")
    if not document_no.strip():
        raise ShijiError("TARGET-DOCUMENT", "请填写批准文号", "年度目标", "例如：澜组发〔2025〕6号。")
    rows = list(session.scalars(select(IndicatorTarget).where(IndicatorTarget.id.in_(list(ids)))))
    if not rows:
        raise ShijiError("TARGET-STATE", "没有选中待批准的目标", "年度目标", "请先勾选。")
    for row in rows:
        where = f"{row.year}年 {row.indicator_code} {row.team_id}"
        if row.state != "proposed":
            raise ShijiError("TARGET-STATE", "该目标已批准", where, "请刷新页面。")
        if row.difficulty != 1 and _figures_exist(session, row):
            raise ShijiError("TARGET-LATE", "当年数据已出，不能再定难度系数", where, "请按系数 1 批准。")
        row.state, row.approved_by, row.approved_at = "approved", viewer.user_id or None, now()
        row.document_no = document_no.strip()[:60]
    session.flush()
    return rows


def target_lines(session: Session, year: int, teams: Iterable[str] | None = None) -> list[TargetLine]:
    """The newest version of every target of a year, in the order of the roster and the book."""
    cards = catalogue(session)
    shorts = {team.id: team.short for team in session.scalars(select(Team).order_by(Team.ordinal, Team.id))}
    wanted = set(teams) if teams is not None else set(shorts)
    newest = _newest(session, year)
    place = {code: number for number, code in enumerate(cards)}
    spots = {team: number for number, team in enumerate(shorts)}
    rows = [row for row in newest.values() if row.team_id in wanted]
    rows.sort(key=lambda row: (place.get(row.indicator_code, 0), spots.get(row.team_id, 0)))
    return [_line(row, cards[row.indicator_code], shorts[row.team_id]) for row in rows]


def _line(row: IndicatorTarget, card: object, team: str) -> TargetLine:
    name, unit = getattr(card, "name", row.indicator_code), getattr(card, "unit", "")
    ratio = row.value / row.last_year * 100 if row.last_year else None
    easy = _easy(getattr(card, "direction", "up"), row.value, row.last_year)
    return TargetLine(
        row.id, row.year, row.indicator_code, name, unit, row.team_id, team, row.value, row.last_year, ratio, easy,
        row.difficulty, row.reason, row.state, row.version, row.document_no,
    )  # fmt: skip


def _newest(session: Session, year: int) -> dict[tuple[str, str], IndicatorTarget]:
    query = select(IndicatorTarget).where(IndicatorTarget.year == year).order_by(IndicatorTarget.version)
    return {(row.indicator_code, row.team_id): row for row in session.scalars(query)}


def _easy(direction: str, value: Decimal, last: Decimal | None) -> bool:
    """Whether a target asks for less than last year gave (domain.md §1.4: ratio below 1)."""
    if last is None or direction == "range":
        return False
    return value > last if direction == "down" else value < last


def _figures_exist(session: Session, row: IndicatorTarget) -> bool:
    query = select(DataPoint.id).where(
        DataPoint.indicator_code == row.indicator_code, DataPoint.team_id == row.team_id,
        DataPoint.period.startswith(str(row.year)), DataPoint.value.is_not(None),
    )  # fmt: skip
    return session.scalar(query.limit(1)) is not None


def _only(viewer: Viewer, *roles: str) -> None:
    if viewer.role not in roles:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能办理年度目标的这一步", viewer.role, "由考核办提出，部领导批准。")
