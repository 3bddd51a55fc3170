"""Verification with field records and two officers, notice and statement (domain.md §1.2, §2.5, §2.6)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.review import check_version, decide, get_evidence, require_decider
from dossier.scope import Viewer
from dossier.states import Channel, check_agreement, check_proposal, check_signature, needs_signature
from storage.errors import ShijiError
from storage.tables import Evidence, FieldRecord, RecordLink, now


@dataclass(frozen=True)
class RecordData:
    """A 六字 record to be entered."""

    channel: str
    on: date
    summary: str
    self_reported: bool = False
    official: bool = False
    document_no: str = ""


def records_of(session: Session, evidence_id: int) -> list[FieldRecord]:
    """Field records that support an item, oldest first."""
    rows = session.scalars(
        select(FieldRecord)
        .join(RecordLink, RecordLink.field_record_id == FieldRecord.id)
        .where(RecordLink.evidence_id == evidence_id)
        .order_by(FieldRecord.on, FieldRecord.id)
    )
    return list(rows)


def add_record(session: Session, viewer: Viewer, evidence_id: int, data: RecordData, today: date) -> Evidence:
    """Enter a field record for an item; the first one moves 待核实 or 已采用 to 核实中."""
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    if item.state not in (terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING):
        raise ShijiError("STATE-ORDER", f"状态为“{item.state}”的条目不能登记核查记录", item.code, "请先确认该条目。")
    if data.channel not in terms.CHANNELS:
        raise ShijiError(
            "RECORD-CHANNEL", f"没有这种核查方式：{data.channel}", item.code, "请选择听、看、查、谈、访、调。"
        )
    if not data.summary.strip():
        raise ShijiError("RECORD-EMPTY", "核查记录没有内容", item.code, "请写明了解到的事实。")
    if data.on > today:
        raise ShijiError("RECORD-DATE", f"核查日期晚于今天：{data.on}", item.code, "请改正日期。")
    if data.official and not data.document_no.strip():
        raise ShijiError("RECORD-DOCUMENT", "正式文件须填写文号或文件名称", item.code, "请补填文号。")
    record = FieldRecord(
        channel=data.channel, on=data.on, summary=data.summary.strip(), self_reported=data.self_reported,
        official=data.official, document_no=data.document_no.strip(), user_id=viewer.user_id,
    )  # fmt: skip
    session.add(record)
    session.flush()
    session.add(RecordLink(field_record_id=record.id, evidence_id=item.id))
    return decide(
        session, viewer.user_id, item, "record", {"state": terms.VERIFYING}, f"{data.channel}：{data.summary}"[:200]
    )


def propose(
    session: Session, viewer: Viewer, evidence_id: int, conclusion: str, reason: str, true_part: str = ""
) -> Evidence:
    """First officer: propose a conclusion with its reason."""
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    check_proposal(item.state, item.adverse, conclusion, _channels(session, item))
    if not reason.strip():
        raise ShijiError("VERIFY-REASON", "核实结论须写明依据", item.code, "请填写依据。")
    if conclusion == terms.PARTLY and not true_part.strip():
        raise ShijiError("VERIFY-TRUE-PART", "部分属实须由人写明属实的部分", item.code, "请填写属实部分。")
    after = {
        "state": terms.VERIFYING, "proposed_state": conclusion, "proposed_by": viewer.user_id, "agreed_by": None,
        "true_part": true_part.strip() if conclusion == terms.PARTLY else "",
    }  # fmt: skip
    return decide(session, viewer.user_id, item, "propose", after, reason)


def agree(session: Session, viewer: Viewer, evidence_id: int, reason: str = "", version: int | None = None) -> Evidence:
    """Second officer: agree. A non-adverse item is then settled; an adverse one goes to HEAD for signature.

    With `version`, only to the proposal that was read: EVIDENCE-CHANGED otherwise.
    """
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    check_version(item, version)
    if item.agreed_by is not None:
        raise ShijiError("VERIFY-SECOND", "该结论已经复核", item.code, "请等待处长签批。")
    records = records_of(session, item.id)
    check_agreement(item.proposed_by, viewer.user_id, [r.user_id for r in records])
    after = {"agreed_by": viewer.user_id}
    decide(session, viewer.user_id, item, "agree", after, reason)
    return item if needs_signature(item.adverse) else _settle(session, viewer, item, "agree", "")


def sign(session: Session, viewer: Viewer, evidence_id: int, reason: str = "", version: int | None = None) -> Evidence:
    """HEAD signs the conclusion on an adverse item, as it was read (`version`)."""
    item = get_evidence(session, viewer, evidence_id, lock=True)
    check_version(item, version)
    if not item.proposed_state:
        raise ShijiError("VERIFY-NONE", "该条目没有待签批的结论", item.code, "")
    check_signature(viewer.role, viewer.user_id, item.proposed_by, item.agreed_by)
    return _settle(session, viewer, item, "sign", reason)


def send_back(session: Session, viewer: Viewer, evidence_id: int, reason: str) -> Evidence:
    """Second officer or HEAD: send a proposal back with a reason."""
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    if not item.proposed_state:
        raise ShijiError("VERIFY-NONE", "该条目没有待复核的结论", item.code, "")
    if not reason.strip():
        raise ShijiError("VERIFY-REASON", "退回须写明理由", item.code, "请填写理由。")
    return decide(session, viewer.user_id, item, "return", _no_proposal(), reason)


def notify(session: Session, viewer: Viewer, evidence_id: int, text: str) -> Evidence:
    """Record that the unit or person was told of an adverse item (the statement of fact, never its origin)."""
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    if not item.adverse or item.state not in (terms.TO_VERIFY, terms.VERIFYING, *terms.ESTABLISHED):
        raise ShijiError("NOTICE-STATE", "只有待核实、核实中或已核实的不利条目需要告知", item.code, "")
    if not text.strip():
        raise ShijiError("NOTICE-EMPTY", "请写明告知的事实", item.code, "告知书只写事实、时间和需说明的事项。")
    item.notified_at = now()
    return decide(session, viewer.user_id, item, "notify", {}, text)


def respond(session: Session, viewer: Viewer, evidence_id: int, statement: str, reopen: bool) -> Evidence:
    """Record the unit's or person's statement; with `reopen` the item goes back to 核实中 (申辩/异议)."""
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    if item.notified_at is None:
        raise ShijiError("NOTICE-FIRST", "尚未告知，不能登记说明", item.code, "请先登记告知。")
    if not statement.strip():
        raise ShijiError("RESPONSE-EMPTY", "说明内容为空", item.code, "请录入单位或本人的说明。")
    after: dict[str, str | None] = {"response": statement.strip()}
    if reopen and item.state in terms.CONCLUSIONS:
        after |= {"state": terms.VERIFYING, **_no_proposal()}
    return decide(session, viewer.user_id, item, "respond", after)


def set_leniency(session: Session, viewer: Viewer, evidence_id: int, value: str, reason: str) -> Evidence:
    """容错 field, entered by HEAD with the deciding body as the reason (domain.md §2.1 rule 5)."""
    item = get_evidence(session, viewer, evidence_id, lock=True)
    if viewer.role != "HEAD":
        raise ShijiError("RIGHTS-ROLE", "容错审查由处长登记", viewer.role, "请提交处长。")
    if value not in terms.LENIENCY or not item.adverse:
        raise ShijiError("LENIENCY-VALUE", f"容错审查结果不可用：{value}", item.code, "只用于不利条目。")
    if not reason.strip():
        raise ShijiError("VERIFY-REASON", "请写明认定机关和理由", item.code, "")
    return decide(session, viewer.user_id, item, "leniency", {"leniency": value}, reason)


def withdraw(session: Session, viewer: Viewer, evidence_id: int, state: str, reason: str) -> Evidence:
    """HEAD corrects or withdraws an adopted item (已更正, 已撤回); the log keeps the link."""
    item = get_evidence(session, viewer, evidence_id, lock=True)
    if viewer.role != "HEAD" or state not in (terms.CORRECTED, terms.WITHDRAWN):
        raise ShijiError("RIGHTS-ROLE", "更正和撤回由处长办理", viewer.role, "请提交处长。")
    if item.state not in terms.SHOWN:
        raise ShijiError("STATE-ORDER", f"状态为“{item.state}”的条目不能更正或撤回", item.code, "")
    if not reason.strip():
        raise ShijiError("VERIFY-REASON", "请写明理由", item.code, "")
    return decide(session, viewer.user_id, item, "withdraw", {"state": state}, reason)


def _settle(session: Session, viewer: Viewer, item: Evidence, kind: str, reason: str) -> Evidence:
    after = {"state": item.proposed_state, "doubtful": False, **_no_proposal()}
    return decide(session, viewer.user_id, item, "settle" if kind == "agree" else kind, after, reason)


def _no_proposal() -> dict[str, str | None]:
    return {"proposed_state": "", "proposed_by": None, "agreed_by": None}


def _channels(session: Session, item: Evidence) -> list[Channel]:
    return [Channel(r.channel, r.self_reported, r.official, r.user_id) for r in records_of(session, item.id)]
