"""告知与申辩 as a register: every notice with its clock, statement, review; what is due for whom (§2.6, R-48)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dossier import terms
from dossier.clearing import corrections, destruction
from dossier.hearing import exceptions, leniency
from dossier.hearing.notices import verifiers
from dossier.hearing.reach import supervises
from dossier.history import user_names
from dossier.ledger import book
from dossier.ledger import status as ledger_status
from dossier.products.spans import code_of, span_of
from dossier.scope import Viewer, evidence_clause
from storage.errors import ShijiError
from storage.tables import Cadre, Evidence, HearingNotice, Team
from storage.workdays import workdays_between

WAITING, LATE, STATED, REVIEWED = "待说明", "期满未说明", "待复核", "已复核"


@dataclass(frozen=True)
class NoticeView:
    """A notice as listed. left: working days that remain, 0 on the last day and after it. code empty: for a unit."""

    id: int
    evidence_id: int
    code: str
    state_of_item: str
    team: str
    whom: str
    text: str
    sent_on: date
    due: date
    left: int
    extended: bool
    extension_reason: str
    state: str
    statement: str
    documents: tuple[str, ...]
    stated_on: date | None
    late: bool
    result: str
    result_reason: str
    reviewed: str
    reviewed_on: date | None
    may_review: bool

    @property
    def subject(self) -> str:
        """What the letter is about, in a line: its fact, without the address above it."""
        return (self.text.partition("意见：")[2] or self.text).strip().partition("\n")[0]


@dataclass(frozen=True)
class Deadline:
    """One line of the register of deadlines. due None: no fixed day, it waits for this person."""

    kind: str
    what: str
    due: date | None
    link: str
    late: bool


def notices(session: Session, viewer: Viewer, today: date, evidence_id: int = 0, team_id: str = "") -> list[NoticeView]:
    """Notices in scope, open ones first by their day; a unit sees those to itself, without the item's number."""
    query = select(HearingNotice).join(Evidence, HearingNotice.evidence_id == Evidence.id)
    if viewer.role == "UNIT":
        query = query.where(HearingNotice.team_id == viewer.team_id)
    else:
        query = query.where(evidence_clause(viewer))
    if evidence_id:
        query = query.where(HearingNotice.evidence_id == evidence_id)
    if team_id:
        query = query.where(Evidence.team_id == team_id)
    rows = session.scalars(
        query.where(HearingNotice.withdrawn_on.is_(None))
        .options(joinedload(HearingNotice.evidence))
        .order_by(HearingNotice.due, HearingNotice.id)
    ).all()
    cadres = {key for row in rows if (key := row.cadre_id)}
    teams = {key for row in rows for key in (row.team_id, row.evidence.team_id) if key}
    names: dict[str, str] = dict(session.execute(select(Cadre.id, Cadre.name).where(Cadre.id.in_(cadres))).all())
    names |= dict(session.execute(select(Team.id, Team.short).where(Team.id.in_(teams))).all())
    people = user_names(session, [row.reviewed_by for row in rows])
    found = [_shown(session, viewer, row, names, people, today) for row in rows]
    return sorted(found, key=lambda n: (n.state == REVIEWED, n.state == LATE, n.due))


def deadlines(session: Session, viewer: Viewer, today: date) -> list[Deadline]:
    """What runs or waits for this person: statements, reviews, 容错, exceptions, corrections, the ledger."""
    found: list[Deadline] = []
    if viewer.role in ("OFF", "HEAD", "KH", "UNIT"):
        found += _of_notices(notices(session, viewer, today), viewer)
    if viewer.role in ("OFF", "HEAD"):
        found += [
            Deadline("更正请求", f"{r.cadre}，{r.outcome or '待拟办'}", r.due, "/corrections", r.late)
            for r in corrections.requests(session, viewer, today)
            if r.answered_on is None
        ]
    if viewer.role in ("SUP", "DEP"):
        wanted = leniency.PREPARED if viewer.role == "SUP" else leniency.CHECKED
        found += [
            Deadline("容错审查", f"{r.code} {r.team}，{r.value}", None, "/hearings/leniency", False)
            for r in leniency.reviews(session, viewer)
            if r.state == wanted
        ]
    if supervises(viewer):
        found += [
            Deadline("告知例外", f"{r.code} {r.team}", None, "/hearings/exceptions", False)
            for r in exceptions.exceptions(session, viewer)
            if not r.decision
        ]
    if viewer.role in ("SYS", "AUD", "DEP"):
        found += _of_destruction(session, viewer, today)
    if viewer.role in ("KH", "SUP", "DEP"):
        found += _of_ledger(session, viewer, today)
    return sorted(found, key=lambda d: (d.due is None, d.due or today, d.kind))


def _of_notices(rows: Iterable[NoticeView], viewer: Viewer) -> list[Deadline]:
    found = []
    for row in rows:
        where = row.subject[:30] if viewer.role == "UNIT" else f"{row.code} {row.whom}"
        if row.state == WAITING:
            found.append(Deadline("说明、申辩", where, row.due, f"/hearings/{row.id}", False))
        elif row.state == STATED and row.may_review:
            found.append(Deadline("说明复核", where, None, f"/hearings/{row.id}", False))
    return found


def _of_destruction(session: Session, viewer: Viewer, today: date) -> list[Deadline]:
    """Lists whose next step is this person's, and for the preparer what is due: a number of items, no content."""
    wanted = {"AUD": destruction.PREPARED, "DEP": destruction.CHECKED, "SYS": destruction.SIGNED}[viewer.role]
    found = [
        Deadline("销毁清册", f"{view.number}，{view.row.state}", None, "/destruction", False)
        for view in destruction.lists(session, viewer)
        if view.row.state == wanted
    ]
    if viewer.role == "SYS" and (due := destruction.due_items(session, today)):
        found.append(Deadline("销毁清册", f"{len(due)} 项到期待列入", due[0].due, "/destruction", due[0].due < today))
    return found


def _of_ledger(session: Session, viewer: Viewer, today: date) -> list[Deadline]:
    entries = book.all_entries(session, viewer, today)
    found = [
        Deadline("记实办理", f"{e.number} {e.cadre}：{e.matter}", None, f"/ledger/entries/{e.id}", False)
        for e in book.waiting_for(entries, viewer, today)
    ]
    if viewer.role == "KH":
        span = span_of("quarter", code_of("quarter", today))
        found += [
            Deadline("记实追踪", f"{e.cadre}：{d.what}", d.due, f"/ledger/entries/{e.id}", d.due < today)
            for e, d in book.due_in(entries, span)
        ]
        found += [
            Deadline("本人陈述", f"{e.cadre}：{e.matter}", e.told_due, f"/ledger/entries/{e.id}", False)
            for e in entries
            if e.state == ledger_status.PLANNED and e.told_due and not e.statement and e.told_due >= today
        ]
    return found


def _shown(
    session: Session, viewer: Viewer, row: HearingNotice, names: dict[str, str], people: dict[int, str], today: date
) -> NoticeView:
    item, unit = row.evidence, viewer.role == "UNIT"
    if row.reviewed_on is not None:
        state = REVIEWED
    elif row.stated_on is not None:
        state = STATED
    else:
        state = WAITING if today <= row.due else LATE
    may = state == STATED and viewer.role in ("OFF", "HEAD", "KH") and viewer.user_id not in verifiers(session, item)
    return NoticeView(
        row.id, 0 if unit else item.id, "" if unit else item.code, "" if unit else item.state,
        names.get(item.team_id or "", ""), names.get(row.cadre_id or row.team_id or "", "单位"), row.text, row.sent_on,
        row.due, workdays_between(today, row.due), row.extended, row.extension_reason, state, row.statement,
        tuple(row.documents), row.stated_on, row.stated_on is not None and row.stated_on > row.due, row.result,
        row.result_reason, "" if unit else people.get(row.reviewed_by or 0, ""), row.reviewed_on, may,
    )  # fmt: skip


def notice_view(session: Session, viewer: Viewer, notice_id: int, today: date) -> NoticeView:
    """One notice. Raises NOTICE-UNKNOWN."""
    for row in notices(session, viewer, today):
        if row.id == notice_id:
            return row
    raise ShijiError("NOTICE-UNKNOWN", "没有这件告知，或不在您的范围", str(notice_id), "请从告知与申辩进入。")


def untold_items(session: Session, viewer: Viewer) -> list[tuple[int, str, str]]:
    """(id, code, team) of adverse items in scope nobody has been told of, for the prefilled letter."""
    rows = session.execute(
        select(Evidence.id, Evidence.code, Team.short)
        .join(Team, Evidence.team_id == Team.id)
        .where(
            evidence_clause(viewer), Evidence.adverse, Evidence.notified_at.is_(None),
            Evidence.state.in_(terms.ESTABLISHED),
        )
        .order_by(Evidence.id.desc())
    )  # fmt: skip
    return [(key, code, team) for key, code, team in rows]
