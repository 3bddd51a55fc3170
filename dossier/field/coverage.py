"""六字覆盖表: records by team and channel in a quarter, what had none (“访 0 次”), and 核实率 (domain.md §1.2).

Teams stand in roster order. It counts the department's own work and how claims were checked; nobody is ranked.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.products.spans import Span, span_of
from dossier.scope import Viewer, evidence_clause, require_reader, team_clause, unrestricted
from storage.tables import (
    Evidence,
    FieldRecord,
    RecordLink,
    RecordTeam,
    Task,
    TaskClaim,
    TaskClaimRecord,
    Team,
)

CLAIM_TOPICS = ("highlight", "problem")  # with the progress of tasks: what is claimed (domain.md §1.2)
REFUTED = (terms.PARTLY, terms.UNTRUE)


@dataclass(frozen=True)
class Rate:
    """How the claims of a span stand. verified: 已核实; refuted: 部分属实 or 不属实; the others are not decided."""

    claims: int
    verified: int
    refuted: int

    @property
    def pending(self) -> int:
        return self.claims - self.verified - self.refuted

    @property
    def share(self) -> Fraction | None:
        """核实率 = verified / claims, exact; None without claims, never 0."""
        return Fraction(self.verified, self.claims) if self.claims else None

    @property
    def text(self) -> str:
        """58.3%, half up; — without claims."""
        return percent(self.share)


@dataclass(frozen=True)
class CoverageRow:
    """One team in a quarter: how many records by channel, in the order of terms.CHANNELS, and its rate."""

    team_id: str
    team: str
    category: str
    counts: tuple[int, ...]
    rate: Rate

    @property
    def missing(self) -> tuple[str, ...]:
        """Channels without any record."""
        return tuple(c for c, n in zip(terms.CHANNELS, self.counts, strict=True) if not n)

    @property
    def sentences(self) -> list[str]:
        """石岭县：访 0 次"""
        return [f"{self.team}：{channel} 0 次" for channel in self.missing]


@dataclass(frozen=True)
class Matrix:
    """The coverage of a quarter."""

    span: Span
    rows: list[CoverageRow]

    @property
    def rate(self) -> Rate:
        """All teams together."""
        return Rate(
            sum(r.rate.claims for r in self.rows), sum(r.rate.verified for r in self.rows),
            sum(r.rate.refuted for r in self.rows),
        )  # fmt: skip


def percent(share: Fraction | None) -> str:
    """A share as a percentage with one decimal, half up, by whole-number arithmetic; — for nothing."""
    if share is None:
        return "—"
    tenths = (share.numerator * 2000 + share.denominator) // (2 * share.denominator)
    return f"{tenths // 10}.{tenths % 10}%"


def rate_of(states: Iterable[str]) -> Rate:
    """The rate of claims in these states."""
    found = Counter(states)
    return Rate(found.total(), found[terms.VERIFIED], sum(found[s] for s in REFUTED))


def matrix(session: Session, viewer: Viewer, quarter: str, team_id: str = "") -> Matrix:
    """The matrix of a quarter such as 2025Q3 over the viewer's teams, or of one. Raises PRODUCT-PERIOD, RIGHTS-ROLE."""
    require_reader(viewer)
    span = span_of("quarter", quarter)
    query = select(Team).where(team_clause(viewer), Team.managed).order_by(Team.ordinal, Team.id)
    teams = session.scalars(query.where(Team.id == team_id) if team_id else query).all()
    counted = Counter((team, channel) for team, channel, _ in _pairs(session, viewer, span))
    states = _claim_states(session, viewer, span)
    rows = [
        CoverageRow(
            t.id, t.short, t.category_id, tuple(counted[t.id, c] for c in terms.CHANNELS),
            rate_of(states.get(t.id, ())),
        )
        for t in teams
    ]  # fmt: skip
    return Matrix(span, rows)


def channels_of(session: Session, evidence_id: int) -> tuple[tuple[str, int], ...]:
    """Which of the six have been used for one claim, and how often."""
    found = Counter(
        session.scalars(
            select(FieldRecord.channel)
            .join(RecordLink, RecordLink.field_record_id == FieldRecord.id)
            .where(RecordLink.evidence_id == evidence_id)
        )
    )
    return tuple((channel, found[channel]) for channel in terms.CHANNELS)


def _pairs(session: Session, viewer: Viewer, span: Span) -> set[tuple[str, str, int]]:
    """(team, channel, record), each record once a team, however it is linked."""
    within = (FieldRecord.on >= span.since, FieldRecord.on <= span.until)
    shown = (evidence_clause(viewer), unrestricted())
    visible = select(Evidence.id).where(*shown)
    closed = select(RecordLink.field_record_id).where(RecordLink.evidence_id.not_in(visible))
    by_item = (
        select(Evidence.team_id, FieldRecord.channel, FieldRecord.id)
        .join(RecordLink, RecordLink.evidence_id == Evidence.id)
        .join(FieldRecord, RecordLink.field_record_id == FieldRecord.id)
        .where(*within, *shown, Evidence.team_id.is_not(None))
    )
    by_team = (
        select(RecordTeam.team_id, FieldRecord.channel, FieldRecord.id)
        .join(FieldRecord, RecordTeam.field_record_id == FieldRecord.id)
        .where(*within, FieldRecord.id.not_in(closed))  # one about a closed item is not counted here
    )
    by_claim = (
        select(Task.team_id, FieldRecord.channel, FieldRecord.id)
        .join(TaskClaim, TaskClaim.task_id == Task.id)
        .join(TaskClaimRecord, TaskClaimRecord.claim_id == TaskClaim.id)
        .join(FieldRecord, TaskClaimRecord.field_record_id == FieldRecord.id)
        .where(*within)
    )
    return {(t, c, k) for query in (by_item, by_team, by_claim) for t, c, k in session.execute(query) if t}


def _claim_states(session: Session, viewer: Viewer, span: Span) -> dict[str, list[str]]:
    """Team -> states of its claims: task progress of the quarter, 亮点 and 问题 of its days that officers took up."""
    states: dict[str, list[str]] = {}
    year, number = int(span.code[:4]), int(span.code[-1])
    claims = (
        select(Task.team_id, TaskClaim.state)
        .join(TaskClaim, TaskClaim.task_id == Task.id)
        .where(Task.year == year, TaskClaim.quarter == number)
    )
    items = select(Evidence.team_id, Evidence.state).where(
        evidence_clause(viewer), unrestricted(), Evidence.label.in_(CLAIM_TOPICS), Evidence.team_id.is_not(None),
        Evidence.event_date >= span.since, Evidence.event_date <= span.until,
        Evidence.state.not_in((terms.PENDING, terms.REJECTED, terms.CORRECTED, terms.WITHDRAWN)),
    )  # fmt: skip
    for query in (claims, items):
        for team, state in session.execute(query):
            if team:
                states.setdefault(team, []).append(state)
    return states


def quarter_of(day: date) -> str:
    """2025Q3 of a day."""
    return f"{day.year}Q{(day.month + 2) // 3}"
