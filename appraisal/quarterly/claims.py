"""Progress of tasks: claimed by the unit or an officer, verified by field records and a second officer (§1.1, §1.2).

Only what is verified counts. A level that lags is adverse to the team: it is told, may answer, and a head signs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.quarterly.rules import LEVELS, rules_of
from appraisal.quarterly.states import OPEN, SETTLED, check_found, needs_head, outcome
from appraisal.quarterly.tasks import get_task, held_versions, note_act
from appraisal.review.quarter import Quarter
from dossier import terms
from dossier.review import require_decider
from dossier.scope import Viewer
from dossier.states import Channel, check_agreement
from dossier.verify import RecordData, keep_record
from storage.errors import ShijiError
from storage.tables import FieldRecord, TaskClaim, TaskClaimRecord
from storage.workdays import workdays_between

LONGEST = 500


def report_progress(
    session: Session, viewer: Viewer, task_id: int, quarter: int, level: str, text: str, today: date,
    report_id: int | None = None,
) -> TaskClaim:  # fmt: skip
    """The claim of a quarter, new or written anew while it is open; a proposal about the old words falls.

    Raises TASK-LEVEL, TASK-TEXT, TASK-QUARTER, TASK-FROZEN, TASK-SETTLED, RIGHTS-ROLE.
    """
    task = get_task(session, viewer, task_id)
    if viewer.role not in ("UNIT", "OFF", "HEAD", "KH"):
        raise ShijiError("RIGHTS-ROLE", "进展由单位填报，或由经办、考核办代录", viewer.role, "")
    held = {t.id: row for t, row in held_versions(session, task.year, quarter, task.kind, [task.team_id])}
    where = f"{task.number}号任务第{quarter}季度"
    if task.id not in held:
        raise ShijiError("TASK-FROZEN", "任务尚未冻结，不能填报进展", where, "请先完成审批和冻结。")
    if level not in LEVELS:
        raise ShijiError("TASK-LEVEL", f"没有这一档：{level[:10]}", where, f"请选择{'、'.join(LEVELS)}。")
    if not text.strip() or len(text) > LONGEST:
        raise ShijiError("TASK-TEXT", f"进展说明应填写，且不超过 {LONGEST} 字", where, "请写明对照节点的进展。")
    if not 1 <= quarter <= 4 or Quarter(task.year, quarter).first > today:
        raise ShijiError("TASK-QUARTER", "季度尚未开始", where, "请核对季度。")
    row = session.scalar(select(TaskClaim).where(TaskClaim.task_id == task.id, TaskClaim.quarter == quarter))
    if row is None:
        row = TaskClaim(task_id=task.id, quarter=quarter, level=level, version=0)
        session.add(row)
    elif row.state not in OPEN or (viewer.role == "UNIT" and row.state == terms.VERIFYING):
        raise ShijiError("TASK-SETTLED", f"该进展{row.state}，不能改报", where, "请与联系处室核对。")
    row.level, row.text, row.by_unit = level, text.strip(), viewer.role == "UNIT"
    row.user_id, row.report_id, row.version = viewer.user_id or None, report_id, row.version + 1
    row.proposed_found, row.proposed_by, row.agreed_by, row.told_on = "", None, None, None
    session.flush()
    note_act(session, viewer, task, "claim", text, row.id, quarter=quarter, level=level)
    return row


def get_claim(session: Session, viewer: Viewer, claim_id: int, version: int | None = None) -> TaskClaim:
    """A claim of a team within reach. Raises TASK-CLAIM-UNKNOWN, TASK-CHANGED when it is not as it was read."""
    row = session.get(TaskClaim, claim_id)
    if row is None:
        raise ShijiError("TASK-CLAIM-UNKNOWN", "没有这条进展", str(claim_id), "请从任务看板进入。")
    get_task(session, viewer, row.task_id)
    if version is not None and row.version != version:
        raise ShijiError("TASK-CHANGED", "该进展刚被改报或由他人处理过", f"进展 {claim_id}", "请刷新后再操作。")
    return row


def records_of(session: Session, claim_id: int) -> list[FieldRecord]:
    """Field records that support a claim, oldest first."""
    query = select(FieldRecord).join(TaskClaimRecord, TaskClaimRecord.field_record_id == FieldRecord.id)
    rows = session.scalars(query.where(TaskClaimRecord.claim_id == claim_id).order_by(FieldRecord.on, FieldRecord.id))
    return list(rows)


def add_record(
    session: Session, viewer: Viewer, claim_ids: Sequence[int], data: RecordData, today: date,
    contradicts: bool = False,
) -> FieldRecord:  # fmt: skip
    """One short record for one or many claims; a record that contradicts puts 存疑 on them.

    Pages and JSON enter full records through dossier.field.records, which asks for the fields of each channel.
    Raises RIGHTS-ROLE, RECORD-…, TASK-SETTLED, TASK-CLAIM-NONE.
    """
    require_decider(viewer)
    claims = [get_claim(session, viewer, claim_id) for claim_id in dict.fromkeys(claim_ids)]
    if not claims:
        raise ShijiError("TASK-CLAIM-NONE", "没有选中进展", "核查记录", "请勾选本次核查支持的进展。")
    where = "、".join(f"进展 {claim.id}" for claim in claims)
    if data.channel not in terms.CHANNELS:
        raise ShijiError("RECORD-CHANNEL", f"没有这种核查方式：{data.channel}", where, "请选择听、看、查、谈、访、调。")
    if not data.summary.strip():
        raise ShijiError("RECORD-EMPTY", "核查记录没有内容", where, "请写明了解到的事实。")
    if any(claim.state not in OPEN for claim in claims):
        raise ShijiError("TASK-SETTLED", "选中的进展已有核实结论", where, "如有新情况，请先重新打开。")
    return attach(session, viewer, keep_record(session, viewer, data, today), claim_ids, contradicts)


def attach(
    session: Session, viewer: Viewer, record: FieldRecord, claim_ids: Sequence[int], contradicts: bool = False
) -> FieldRecord:
    """Let a record that exists support open claims; with `contradicts` they are 存疑. Raises TASK-SETTLED."""
    for claim_id in dict.fromkeys(claim_ids):
        claim = get_claim(session, viewer, claim_id)
        if claim.state not in OPEN:
            raise ShijiError("TASK-SETTLED", "选中的进展已有核实结论", f"进展 {claim.id}", "如有新情况，请先重新打开。")
        session.add(TaskClaimRecord(field_record_id=record.id, claim_id=claim.id))
        claim.state, claim.doubtful = terms.VERIFYING, claim.doubtful or contradicts
        claim.version += 1
        note_act(
            session, viewer, claim.task, "record", record.summary, claim.id, channel=record.channel, doubt=contradicts
        )
    return record


def claim_place(session: Session, viewer: Viewer, claim_id: int) -> tuple[int, int]:
    """Task and quarter of a claim within reach. Raises TASK-CLAIM-UNKNOWN."""
    row = get_claim(session, viewer, claim_id)
    return row.task_id, row.quarter


def team_of(session: Session, viewer: Viewer, claim_id: int) -> str:
    """The team whose task a claim is of. Raises TASK-CLAIM-UNKNOWN."""
    return get_task(session, viewer, get_claim(session, viewer, claim_id).task_id).team_id


def propose_found(
    session: Session, viewer: Viewer, claim_id: int, level: str, reason: str, version: int | None = None
) -> TaskClaim:
    """First officer: which level the records carry, and why."""
    require_decider(viewer)
    row = get_claim(session, viewer, claim_id, version)
    check_found(level, row.state, _channels(records_of(session, row.id)), f"进展 {row.id}")
    if not reason.strip():
        raise ShijiError("VERIFY-REASON", "核实结论须写明依据", f"进展 {row.id}", "请填写依据。")
    row.proposed_found, row.proposed_by, row.agreed_by, row.reason = level, viewer.user_id, None, reason.strip()
    return _done(session, viewer, row, "propose-found", reason, level=level)


def agree_found(
    session: Session, viewer: Viewer, claim_id: int, reason: str = "", version: int | None = None
) -> TaskClaim:
    """Second officer: settles a level that does not lag; one that lags waits for notice and signature."""
    require_decider(viewer)
    row = get_claim(session, viewer, claim_id, version)
    if row.agreed_by is not None:
        raise ShijiError("VERIFY-SECOND", "该结论已经复核", f"进展 {row.id}", "请等待处长签批。")
    check_agreement(row.proposed_by, viewer.user_id, [one.user_id for one in records_of(session, row.id)])
    row.agreed_by = viewer.user_id
    _done(session, viewer, row, "agree-found", reason, level=row.proposed_found)
    return row if needs_head(row.proposed_found) else _settle(session, viewer, row, reason)


def tell(session: Session, viewer: Viewer, claim_id: int, today: date) -> TaskClaim:
    """Record that the unit was told of a level that lags; it sees it on its own page and may answer."""
    require_decider(viewer)
    row = get_claim(session, viewer, claim_id)
    if row.state not in OPEN or row.agreed_by is None or not needs_head(row.proposed_found):
        raise ShijiError("TASK-NOTICE", "只有经复核、尚未签批的滞后结论需要告知", f"进展 {row.id}", "")
    row.told_on = today
    return _done(session, viewer, row, "tell", "", level=row.proposed_found)


def answer(session: Session, viewer: Viewer, claim_id: int, text: str) -> TaskClaim:
    """The unit's statement, by the unit or entered by an officer; it stands beside the finding ever after."""
    row = get_claim(session, viewer, claim_id)
    if viewer.role not in ("UNIT", "OFF", "HEAD"):
        raise ShijiError("RIGHTS-ROLE", "说明由单位提交，或由经办代录", viewer.role, "")
    if row.told_on is None:
        raise ShijiError("NOTICE-FIRST", "尚未告知，不能登记说明", f"进展 {row.id}", "")
    if not text.strip() or len(text) > 4 * LONGEST:
        raise ShijiError("RESPONSE-EMPTY", "说明应填写，且不超过 2000 字", f"进展 {row.id}", "")
    row.answer = text.strip()
    return _done(session, viewer, row, "answer", text)


def sign(
    session: Session, viewer: Viewer, claim_id: int, today: date, reason: str = "", version: int | None = None
) -> TaskClaim:
    """A head who neither proposed nor agreed signs a level that lags, once the unit answered or had its days."""
    row = get_claim(session, viewer, claim_id, version)
    where = f"进展 {row.id}"
    if viewer.role != "HEAD":
        raise ShijiError("RIGHTS-ROLE", "滞后结论由处长签批", viewer.role, "请提交处长。")
    if row.agreed_by is None or row.state not in OPEN:
        raise ShijiError("VERIFY-NONE", "没有待签批的结论", where, "")
    if viewer.user_id in (row.proposed_by, row.agreed_by):
        raise ShijiError("VERIFY-SAME", "签批人不能是提出人或复核人", where, "请由另一名处长签批。")
    days = rules_of(session, row.task.year).hearing_days
    if row.told_on is None:
        raise ShijiError("NOTICE-FIRST", "滞后结论签批前须告知单位", where, "请先登记告知。")
    if not row.answer and workdays_between(row.told_on, today) <= days:
        raise ShijiError("NOTICE-CLOCK", f"单位说明期 {days} 个工作日未满", where, "请等待说明或期满。")
    row.signed_by = viewer.user_id
    return _settle(session, viewer, row, reason)


def send_back(session: Session, viewer: Viewer, claim_id: int, reason: str) -> TaskClaim:
    """Second officer or head: send a proposed level back with a reason; what the unit was told of it falls too."""
    require_decider(viewer)
    row = get_claim(session, viewer, claim_id)
    if not row.proposed_found or row.state not in OPEN:
        raise ShijiError("VERIFY-NONE", "没有待复核的结论", f"进展 {row.id}", "")
    if not reason.strip():
        raise ShijiError("VERIFY-REASON", "退回须写明理由", f"进展 {row.id}", "请填写理由。")
    row.proposed_found, row.proposed_by, row.agreed_by, row.told_on = "", None, None, None
    return _done(session, viewer, row, "send-back", reason)


def reopen(session: Session, viewer: Viewer, claim_id: int, reason: str) -> TaskClaim:
    """A head opens a settled claim again; published assessments keep what they had."""
    row = get_claim(session, viewer, claim_id)
    if viewer.role != "HEAD":
        raise ShijiError("RIGHTS-ROLE", "重新打开由处长办理", viewer.role, "请提交处长。")
    if row.state not in SETTLED or not reason.strip():
        raise ShijiError("TASK-SETTLED", "只有已有结论的进展可以重新打开，并须写明理由", f"进展 {row.id}", "")
    row.state, row.found, row.proposed_found, row.proposed_by = terms.VERIFYING, "", "", None
    row.agreed_by = row.signed_by = row.told_on = None
    return _done(session, viewer, row, "reopen", reason)


def _settle(session: Session, viewer: Viewer, row: TaskClaim, reason: str) -> TaskClaim:
    row.found, row.state, row.doubtful = row.proposed_found, outcome(row.level, row.proposed_found), False
    row.proposed_found = ""
    return _done(session, viewer, row, "settle", reason, level=row.found)


def _done(session: Session, viewer: Viewer, row: TaskClaim, kind: str, reason: str, **detail: str) -> TaskClaim:
    row.version += 1
    note_act(session, viewer, row.task, kind, reason, row.id, quarter=row.quarter, **detail)
    return row


def _channels(records: Iterable[FieldRecord]) -> list[Channel]:
    return [Channel(one.channel, one.self_reported, one.official, one.user_id) for one in records]
