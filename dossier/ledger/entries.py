"""Entering: KH prepares, the person is told of a 责任 entry, SUP checks, DEP approves; 冲正, tracking, closing (§1.12).

Every act adds a row; the database refuses to change one. An entry that was sent back is replaced by a new one.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.hearing.readiness import package_ready
from dossier.ledger import status
from dossier.ledger.overlap import team_spans
from dossier.ledger.reach import reached_cadre, reached_entry, require
from dossier.ledger.rules import DUTY, EntryWords, check_words
from dossier.ledger.status import Standing, standing
from dossier.review import get_evidence
from dossier.scope import Viewer, get_team
from storage.errors import ShijiError
from storage.tables import LedgerEntry, LedgerEvidence, LedgerLink, LedgerStep, LedgerTracking
from storage.workdays import add_workdays

STATEMENT_WORKDAYS = 5
REVERSES, REPLACES = "冲正", "替换"


def prepare(
    session: Session, viewer: Viewer, cadre_id: str, team_id: str, words: EntryWords, today: date, replaces: int = 0
) -> LedgerEntry:
    """KH drafts an entry; what it rests on must be verified, and adverse items heard. Raises LEDGER-…, RIGHTS-…."""
    require(viewer, "拟记", "KH")
    cadre, team = reached_cadre(session, viewer, cadre_id, today), get_team(session, viewer, team_id)
    check_words(words, team_spans(session, cadre.id, team.id), today)
    where = f"{cadre.name}：{words.matter.strip()[:20]}"
    if not words.evidence:
        raise ShijiError("LEDGER-EVIDENCE", "记实须有已核实的佐证", where, "线索不等于记实，请先核实。")
    states = {key: _verified(session, viewer, key, today) for key in dict.fromkeys(words.evidence)}
    entry = LedgerEntry(
        cadre_id=cadre.id, team_id=team.id, kind=words.kind, matter=words.matter.strip(), text=words.text.strip(),
        decided_on=[d.isoformat() for d in words.decided_on], implemented_from=words.implemented_from,
        implemented_to=words.implemented_to, effects_on=[d.isoformat() for d in words.effects_on],
        horizon=words.horizon, role=words.role, clue=words.clue.strip(), leniency_body=words.leniency_body.strip(),
        leniency_reason=words.leniency_reason.strip(), prepared_by=viewer.user_id, prepared_on=today,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    session.add_all(LedgerEvidence(entry_id=entry.id, evidence_id=k, state=s) for k, s in states.items())
    if replaces:
        _link(session, viewer, entry, replaces, REPLACES, (status.SENT_BACK,), today)
    _step(session, viewer, entry, status.DRAFTED, today)
    return entry


def reverse(session: Session, viewer: Viewer, entry_id: int, reason: str, today: date) -> LedgerEntry:
    """KH drafts a 冲正 that references the original; approved, it takes the original back. Nothing is deleted."""
    require(viewer, "拟写冲正", "KH")
    old = reached_entry(session, viewer, entry_id, today)
    if len(reason.strip()) < 5:
        raise ShijiError("LEDGER-WORDS", "冲正须写明理由", f"记实 {old.id}", "请写明错在何处、依据为何。")
    entry = LedgerEntry(
        cadre_id=old.cadre_id, team_id=old.team_id, kind=old.kind, matter=old.matter,
        text=f"冲正第{old.id}号记实：{reason.strip()}", decided_on=old.decided_on,
        implemented_from=old.implemented_from, implemented_to=old.implemented_to, effects_on=old.effects_on,
        horizon=old.horizon, role=old.role, prepared_by=viewer.user_id, prepared_on=today,
    )  # fmt: skip
    session.add(entry)
    session.flush()
    _link(session, viewer, entry, old.id, REVERSES, (status.ENTERED, status.TRACKING, status.SETTLED), today)
    _step(session, viewer, entry, status.DRAFTED, today, reason)
    return entry


def tell(session: Session, viewer: Viewer, entry_id: int, today: date) -> LedgerStep:
    """The person is told the text of a 责任 entry, word for word; the clock runs. Raises LEDGER-STATE."""
    require(viewer, "告知本人", "KH")
    entry, now = _in_state(session, viewer, entry_id, today, status.PLANNED)
    if entry.kind != DUTY or reversed_by(session, entry) or now.checked or now.told_on:
        raise ShijiError("LEDGER-STATE", "只有尚未审核的责任条目须告知本人，且只告知一次", f"记实 {entry.id}", "")
    due = add_workdays(today, STATEMENT_WORKDAYS)
    return _step(session, viewer, entry, status.TOLD, today, entry.text, due=due)


def note_statement(session: Session, viewer: Viewer, entry_id: int, text: str, today: date) -> LedgerStep:
    """The person's statement, as handed in; it stands with the entry ever after. Raises LEDGER-STATE, LEDGER-WORDS."""
    require(viewer, "登记本人陈述", "KH", "SUP")
    entry, now = _in_state(session, viewer, entry_id, today, status.PLANNED)
    if now.told_on is None:
        raise ShijiError("LEDGER-STATE", "尚未告知本人", f"记实 {entry.id}", "请先告知。")
    if not text.strip() or len(text) > 4000:
        raise ShijiError("LEDGER-WORDS", "陈述应填写，且不超过 4000 字", f"记实 {entry.id}", "")
    return _step(session, viewer, entry, status.SPOKE, today, text)


def check(session: Session, viewer: Viewer, entry_id: int, agree: bool, note: str, today: date) -> LedgerStep:
    """干部监督 checks or sends back; a 责任 entry only when the person has spoken or had the days. Raises LEDGER-…."""
    require(viewer, "审核记实", "SUP")
    entry, now = _in_state(session, viewer, entry_id, today, status.PLANNED)
    if now.checked:
        raise ShijiError("LEDGER-STATE", "该条目已审核", f"记实 {entry.id}", "请等待批准。")
    if not agree:
        return _back(session, viewer, entry, note, today)
    _heard(session, entry, now, today)
    return _step(session, viewer, entry, status.CHECKED, today, note)


def approve(session: Session, viewer: Viewer, entry_id: int, agree: bool, note: str, today: date) -> LedgerStep:
    """DEP approves what KH prepared and SUP checked, or sends back; an approved 冲正 takes the original back."""
    require(viewer, "批准记实", "DEP")
    entry, now = _in_state(session, viewer, entry_id, today, status.PLANNED)
    if not now.checked:
        raise ShijiError("LEDGER-STATE", "尚未经干部监督处审核", f"记实 {entry.id}", "请先审核。")
    if not agree:
        return _back(session, viewer, entry, note, today)
    _heard(session, entry, now, today)
    old = reversed_by(session, entry)
    if old is not None:
        kept = standing_of(session, old)
        if kept.state == status.TAKEN_BACK:
            raise ShijiError("LEDGER-STATE", "原条目已被冲正", f"记实 {old.id}", "")
        _step(session, viewer, old, status.REVERSED, today, f"由第{entry.id}号记实冲正")
    else:
        for link in entry.evidence:
            if link.evidence.state not in terms.ESTABLISHED:
                raise ShijiError("LEDGER-EVIDENCE", "佐证的核实结论已变", link.evidence.code, "请退回重拟。")
    return _step(session, viewer, entry, status.APPROVED, today, note)


def track(session: Session, viewer: Viewer, entry_id: int, due: date, what: str, today: date) -> LedgerTracking:
    """A day on which an approved entry is to be looked at again. Raises LEDGER-STATE, LEDGER-DATES."""
    require(viewer, "登记追踪日期", "KH", "SUP")
    entry, _ = _in_state(session, viewer, entry_id, today, status.ENTERED, status.TRACKING)
    if due < today or len(what.strip()) < 2:
        raise ShijiError("LEDGER-DATES", "追踪日期应不早于今天，并写明追踪内容", f"记实 {entry.id}", "")
    row = LedgerTracking(entry_id=entry.id, due=due, what=what.strip(), user_id=viewer.user_id)
    session.add(row)
    session.flush()
    session.refresh(entry, ["tracking"])
    return row


def note_tracking(session: Session, viewer: Viewer, tracking_id: int, result: str, today: date) -> LedgerStep:
    """What was found on a tracking date; once. Raises LEDGER-UNKNOWN, LEDGER-STATE, LEDGER-WORDS."""
    require(viewer, "登记追踪情况", "KH", "SUP")
    row = session.get(LedgerTracking, tracking_id)
    if row is None:
        raise ShijiError("LEDGER-UNKNOWN", "没有这一追踪日期", str(tracking_id), "")
    entry, _ = _in_state(session, viewer, row.entry_id, today, status.TRACKING)
    if any(step.tracking_id == row.id for step in entry.steps):
        raise ShijiError("LEDGER-STATE", "该追踪日期已登记情况", f"记实 {entry.id}", "")
    if len(result.strip()) < 2:
        raise ShijiError("LEDGER-WORDS", "请写明追踪了解的情况", f"记实 {entry.id}", "")
    return _step(session, viewer, entry, status.TRACKED, today, result, tracking_id=row.id)


def close(session: Session, viewer: Viewer, entry_id: int, note: str, today: date) -> LedgerStep:
    """结账: no tracking date is left and nothing more is expected. Raises LEDGER-STATE."""
    require(viewer, "结账", "KH")
    entry, _ = _in_state(session, viewer, entry_id, today, status.ENTERED)
    return _step(session, viewer, entry, status.CLOSED, today, note)


def standing_of(session: Session, entry: LedgerEntry) -> Standing:
    """Where an entry stands now."""
    session.refresh(entry, ["steps", "tracking"])
    return standing(entry.steps, bool(open_tracking(entry)))


def open_tracking(entry: LedgerEntry) -> list[LedgerTracking]:
    """Tracking dates for which nothing has been noted."""
    done = {step.tracking_id for step in entry.steps}
    return [row for row in entry.tracking if row.id not in done]


def reversed_by(session: Session, entry: LedgerEntry) -> LedgerEntry | None:
    """The original that this entry reverses."""
    wanted = (LedgerLink.entry_id == entry.id, LedgerLink.kind == REVERSES)
    key = session.scalar(select(LedgerLink.other_id).where(*wanted))
    return session.get_one(LedgerEntry, key) if key else None


def _verified(session: Session, viewer: Viewer, evidence_id: int, today: date) -> str:
    item = get_evidence(session, viewer, evidence_id)
    if item.state not in terms.ESTABLISHED:
        raise ShijiError("LEDGER-EVIDENCE", f"状态为“{item.state}”的条目不能作为佐证", item.code, "请先核实。")
    if item.adverse and (gaps := package_ready(session, item, today)):
        raise ShijiError("LEDGER-HEARING", f"不利条目尚不能入账：{'、'.join(gaps)}", item.code, "请先办理。")
    return item.state


def _heard(session: Session, entry: LedgerEntry, now: Standing, today: date) -> None:
    if entry.kind != DUTY or reversed_by(session, entry) is not None:
        return
    if now.told_on is None or now.told_due is None:
        raise ShijiError("LEDGER-HEARING", "责任条目须先告知本人", f"记实 {entry.id}", "请由考核办告知。")
    if not now.statement and today <= now.told_due:
        left = f"本人陈述期未满（{now.told_due} 止）"
        raise ShijiError("LEDGER-HEARING", left, f"记实 {entry.id}", "请等待陈述或期满。")


def _in_state(
    session: Session, viewer: Viewer, entry_id: int, today: date, *states: str
) -> tuple[LedgerEntry, Standing]:
    entry = reached_entry(session, viewer, entry_id, today)
    now = standing_of(session, entry)
    if now.state not in states:
        raise ShijiError("LEDGER-STATE", f"状态为“{now.state}”的条目不能办理此项", f"记实 {entry.id}", "请刷新页面。")
    return entry, now


def _link(
    session: Session, viewer: Viewer, entry: LedgerEntry, other_id: int, kind: str, states: tuple[str, ...], today: date
) -> None:
    old, _ = _in_state(session, viewer, other_id, today, *states)
    if old.cadre_id != entry.cadre_id:
        raise ShijiError("LEDGER-STATE", "不是同一人的记实", f"记实 {old.id}", "")
    for other in session.scalars(select(LedgerLink).where(LedgerLink.other_id == old.id, LedgerLink.kind == kind)):
        if standing_of(session, session.get_one(LedgerEntry, other.entry_id)).state != status.SENT_BACK:
            raise ShijiError("LEDGER-STATE", f"已有一条{kind}在办理", f"记实 {other.entry_id}", "请等待其办结。")
    session.add(LedgerLink(entry_id=entry.id, other_id=old.id, kind=kind))
    session.flush()


def _back(session: Session, viewer: Viewer, entry: LedgerEntry, note: str, today: date) -> LedgerStep:
    if len(note.strip()) < 2:
        raise ShijiError("LEDGER-WORDS", "退回须写明理由", f"记实 {entry.id}", "")
    return _step(session, viewer, entry, status.RETURNED, today, note)


def _step(
    session: Session, viewer: Viewer, entry: LedgerEntry, step: str, on: date, text: str = "", due: date | None = None,
    tracking_id: int | None = None,
) -> LedgerStep:  # fmt: skip
    row = LedgerStep(
        entry_id=entry.id, step=step, on=on, text=text.strip(), due=due, tracking_id=tracking_id, user_id=viewer.user_id
    )
    session.add(row)
    session.flush()
    session.refresh(entry, ["steps"])
    return row
