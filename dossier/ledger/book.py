"""The ledger as people read it: entries in the order of time, what is due, what waits for whom (§1.12)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dossier import terms
from dossier.history import user_names
from dossier.ledger import status
from dossier.ledger.entries import REVERSES, open_tracking
from dossier.ledger.overlap import Span, overlap, team_spans
from dossier.ledger.reach import READERS, reached_cadre, require
from dossier.ledger.rules import DUTY
from dossier.products.spans import Span as Period
from dossier.scope import Viewer, cadre_zones
from storage.errors import ShijiError
from storage.tables import Cadre, Evidence, LedgerEntry, LedgerEvidence, LedgerLink, LedgerStep, LedgerTracking, Team


@dataclass(frozen=True)
class Support:
    """An item an entry rests on."""

    id: int
    code: str
    state: str
    fact: str
    response: str


@dataclass(frozen=True)
class Dated:
    """A tracking date; `result` empty: nothing noted yet."""

    id: int
    due: date
    what: str
    result: str


@dataclass(frozen=True)
class StepRow:
    """One step as shown."""

    step: str
    on: date
    who: str
    text: str
    due: date | None


@dataclass(frozen=True)
class EntryView:
    """An entry with where it stands. `adverse`: it may be shown as a 责任; never once 容错 was recognised.

    `overlap`: days the person held the post inside the interval from decision to effect, a reference only.
    """

    id: int
    number: str
    cadre_id: str
    cadre: str
    team_id: str
    team: str
    kind: str
    matter: str
    text: str
    decided_on: tuple[str, ...]
    implemented: str
    effects_on: tuple[str, ...]
    horizon: str
    role: str
    clue: str
    leniency_body: str
    leniency_reason: str
    adverse: bool
    state: str
    statement: str
    told_due: date | None
    checked: bool
    approved_on: date | None
    reverses: int | None
    reversed_by: int | None
    overlap: str
    evidence: tuple[Support, ...]
    tracking: tuple[Dated, ...]
    steps: tuple[StepRow, ...]

    @property
    def first_day(self) -> str:
        """The day by which it stands in the order of time: decision, implementation or effect."""
        days = [*self.decided_on, self.implemented[:10], *self.effects_on]
        return min((d for d in days if d), default="")

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def entries_of(session: Session, viewer: Viewer, cadre_id: str, today: date) -> list[EntryView]:
    """A person's entries in the order of time; drafts only for those who write, check and approve."""
    reached_cadre(session, viewer, cadre_id, today)
    rows = _load(session, LedgerEntry.cadre_id == cadre_id)
    return _shown(session, viewer, rows)


def all_entries(session: Session, viewer: Viewer, today: date) -> list[EntryView]:
    """All entries in the viewer's reach, by person in roster order, then in the order of time."""
    require(viewer, "查看业绩责任记实", *READERS)
    zones = cadre_zones(session, today)
    rows = [
        row for row in _load(session)
        if row.cadre_id not in viewer.recused_cadres and row.team_id not in viewer.recused_teams
        and (viewer.zones is None or zones.get(row.cadre_id, set()) & viewer.zones)
    ]  # fmt: skip
    return _shown(session, viewer, rows)


def entry_view(session: Session, viewer: Viewer, entry_id: int, today: date) -> EntryView:
    """One entry. Raises LEDGER-UNKNOWN."""
    row = session.get(LedgerEntry, entry_id)
    found = entries_of(session, viewer, row.cadre_id, today) if row else []
    for one in found:
        if one.id == entry_id:
            return one
    raise ShijiError("LEDGER-UNKNOWN", "没有这条记实，或您无权查看", str(entry_id), "请从业绩责任记实进入。")


def due_in(entries: Iterable[EntryView], period: Period) -> list[tuple[EntryView, Dated]]:
    """Tracking dates up to the end of a quarter for which nothing was noted, earliest first: 本季度应跟踪事项."""
    found = [(e, d) for e in entries if e.state == status.TRACKING for d in e.tracking if not d.result]
    return sorted(((e, d) for e, d in found if d.due <= period.until), key=lambda pair: (pair[1].due, pair[0].id))


def waiting_for(entries: Iterable[EntryView], viewer: Viewer, today: date) -> list[EntryView]:
    """Drafts whose next step is this person's."""
    drafts = [e for e in entries if e.state == status.PLANNED]
    if viewer.role == "SUP":
        return [e for e in drafts if not e.checked and _heard(e, today)]
    if viewer.role == "DEP":
        return [e for e in drafts if e.checked]
    if viewer.role == "KH":
        return [e for e in drafts if e.kind == DUTY and not e.reverses and e.told_due is None]
    return []


def persons(session: Session, viewer: Viewer, today: date) -> list[tuple[str, str, str]]:
    """(id, name, teams) of cadres for whom KH may draft, in roster order; it tells same names apart."""
    require(viewer, "查看业绩责任记实", *READERS)
    zones = cadre_zones(session, today)
    rows = session.scalars(select(Cadre).options(selectinload(Cadre.tenures)).order_by(Cadre.id))
    teams = dict(session.execute(select(Team.id, Team.short)).all())
    return [
        (c.id, c.name, "、".join(dict.fromkeys(teams[t.post.team_id] for t in c.tenures)))
        for c in rows
        if c.id not in viewer.recused_cadres and (viewer.zones is None or zones.get(c.id, set()) & viewer.zones)
    ]


def _heard(entry: EntryView, today: date) -> bool:
    if entry.kind != DUTY or entry.reverses:
        return True
    return bool(entry.statement) or (entry.told_due is not None and today > entry.told_due)


def _load(session: Session, *clauses: Any) -> Sequence[LedgerEntry]:
    return session.scalars(
        select(LedgerEntry)
        .where(*clauses)
        .options(
            selectinload(LedgerEntry.evidence).selectinload(LedgerEvidence.evidence).selectinload(Evidence.passage),
            selectinload(LedgerEntry.steps), selectinload(LedgerEntry.tracking), selectinload(LedgerEntry.cadre),
            selectinload(LedgerEntry.team),
        )
        .order_by(LedgerEntry.cadre_id, LedgerEntry.id)
    ).all()  # fmt: skip


def _shown(session: Session, viewer: Viewer, rows: Sequence[LedgerEntry]) -> list[EntryView]:
    names = user_names(session, [step.user_id for row in rows for step in row.steps])
    links = session.scalars(select(LedgerLink).where(LedgerLink.kind == REVERSES)).all()
    forward, back = {x.entry_id: x.other_id for x in links}, {x.other_id: x.entry_id for x in links}
    drafts = viewer.role in ("KH", "SUP", "DEP", "MIN")
    found = [_view(session, row, names, forward.get(row.id), back.get(row.id)) for row in rows]
    kept = [e for e in found if drafts or e.approved_on is not None]
    return sorted(kept, key=lambda e: (e.cadre_id, e.first_day, e.id))


def _view(
    session: Session, row: LedgerEntry, names: dict[int, str], reverses: int | None, back: int | None
) -> EntryView:
    now = status.standing(row.steps, bool(open_tracking(row)))
    by_tracking = {step.tracking_id: step.text for step in row.steps if step.tracking_id}
    implemented = "—".join(d.isoformat() if d else "今" for d in (row.implemented_from, row.implemented_to))
    return EntryView(
        row.id, f"JS-{row.prepared_on.year}-{row.id:04d}", row.cadre_id, row.cadre.name, row.team_id, row.team.short,
        row.kind, row.matter, row.text, tuple(row.decided_on), implemented if row.implemented_from else "",
        tuple(row.effects_on), row.horizon, row.role, row.clue, row.leniency_body, row.leniency_reason,
        row.kind == DUTY and not row.leniency_body and reverses is None, now.state, now.statement, now.told_due,
        now.checked, now.approved_on, reverses, back if now.state == status.TAKEN_BACK else None,
        _reference(session, row), tuple(_support(link) for link in row.evidence),
        tuple(_dated(t, by_tracking) for t in row.tracking),
        tuple(StepRow(s.step, s.on, names.get(s.user_id, ""), _step_text(s), s.due) for s in row.steps),
    )  # fmt: skip


def _reference(session: Session, row: LedgerEntry) -> str:
    """Overlap between the first decision and the last effect, or the implementation; empty without both ends."""
    days = [date.fromisoformat(d) for d in (*row.decided_on, *row.effects_on)]
    days += [d for d in (row.implemented_from, row.implemented_to) if d]
    if len(days) < 2 or min(days) == max(days):
        return ""
    spans: list[Span] = [span for span, _title in team_spans(session, row.cadre_id, row.team_id)]
    return overlap(spans, min(days), max(days)).text


def _support(link: LedgerEvidence) -> Support:
    item = link.evidence
    fact = item.true_part if item.state == terms.PARTLY else item.passage.text
    return Support(item.id, item.code, item.state, fact, item.response)


def _dated(row: LedgerTracking, results: dict[int, str]) -> Dated:
    return Dated(row.id, row.due, row.what, results.get(row.id, ""))


def _step_text(step: LedgerStep) -> str:
    return "（所告知的内容即本条记载）" if step.step == status.TOLD else step.text
