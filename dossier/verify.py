"""Verification with field records and two officers (domain.md §1.2, §2.5). Notice and statement: dossier.hearing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.clearing.cleared import open_clearing
from dossier.review import check_version, decide, get_evidence, require_decider
from dossier.scope import Viewer
from dossier.states import Channel, check_agreement, check_proposal, check_signature, needs_signature
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Doubt, Evidence, FieldRecord, RecordLink


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
    """Enter a short field record for an item; the first one moves 待核实 or 已采用 to 核实中.

    Pages and JSON enter full records through dossier.field.records, which asks for the fields of each channel.
    """
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    check_linkable(item)
    if data.channel not in terms.CHANNELS:
        raise ShijiError(
            "RECORD-CHANNEL", f"没有这种核查方式：{data.channel}", item.code, "请选择听、看、查、谈、访、调。"
        )
    if not data.summary.strip():
        raise ShijiError("RECORD-EMPTY", "核查记录没有内容", item.code, "请写明了解到的事实。")
    return link(session, viewer, item, keep_record(session, viewer, data, today))


def check_linkable(item: Evidence) -> None:
    """Refuse records for an item that nobody has confirmed, or that is settled. Raises STATE-ORDER."""
    if item.state not in (terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING):
        raise ShijiError("STATE-ORDER", f"状态为“{item.state}”的条目不能登记核查记录", item.code, "请先确认该条目。")


def keep_record(session: Session, viewer: Viewer, data: RecordData, today: date) -> FieldRecord:
    """A new field record, not yet linked. Raises RECORD-DATE, RECORD-DOCUMENT."""
    if data.on > today:
        raise ShijiError("RECORD-DATE", f"核查日期晚于今天：{data.on}", "核查记录", "请改正日期。")
    if data.official and not data.document_no.strip():
        raise ShijiError("RECORD-DOCUMENT", "正式文件须填写文号或文件名称", "核查记录", "请补填文号。")
    record = FieldRecord(
        channel=data.channel, on=data.on, summary=data.summary.strip(), self_reported=data.self_reported,
        official=data.official, document_no=data.document_no.strip(), user_id=viewer.user_id,
    )  # fmt: skip
    session.add(record)
    session.flush()
    return record


def link(session: Session, viewer: Viewer, item: Evidence, record: FieldRecord) -> Evidence:
    """Let a record support an item, which is then 核实中."""
    session.add(RecordLink(field_record_id=record.id, evidence_id=item.id))
    return decide(
        session, viewer.user_id, item, "record", {"state": terms.VERIFYING}, f"{record.channel}：{record.summary}"[:200]
    )


def propose(
    session: Session, viewer: Viewer, evidence_id: int, conclusion: str, reason: str, true_part: str = ""
) -> Evidence:
    """First officer: propose a conclusion with its reason."""
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    check_proposal(item.state, item.adverse, conclusion, _channels(session, item))
    if session.scalar(select(Doubt.id).where(Doubt.evidence_id == item.id, Doubt.concluded_on.is_(None))) is not None:
        raise ShijiError("DOUBT-OPEN", "条目存疑，两种说法尚无书面结论", item.code, "请先写明对存疑的结论。")
    if not reason.strip():
        raise ShijiError("VERIFY-REASON", "核实结论须写明依据", item.code, "请填写依据。")
    if conclusion == terms.PARTLY and not true_part.strip():
        raise ShijiError("VERIFY-TRUE-PART", "部分属实须由人写明属实的部分", item.code, "请填写属实部分。")
    after = {
        "state": terms.VERIFYING, "proposed_state": conclusion, "proposed_by": viewer.user_id, "agreed_by": None,
        "true_part": true_part.strip() if conclusion == terms.PARTLY else "",
    }  # fmt: skip
    return decide(session, viewer.user_id, item, "propose", after, reason)


def agree(
    session: Session, viewer: Viewer, evidence_id: int, reason: str = "", version: int | None = None,
    on: date | None = None,
) -> Evidence:  # fmt: skip
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
    return item if needs_signature(item.adverse) else _settle(session, viewer, item, "agree", "", on)


def sign(
    session: Session, viewer: Viewer, evidence_id: int, reason: str = "", version: int | None = None,
    on: date | None = None,
) -> Evidence:  # fmt: skip
    """HEAD signs the conclusion on an adverse item, as it was read (`version`)."""
    item = get_evidence(session, viewer, evidence_id, lock=True)
    check_version(item, version)
    if not item.proposed_state:
        raise ShijiError("VERIFY-NONE", "该条目没有待签批的结论", item.code, "")
    check_signature(viewer.role, viewer.user_id, item.proposed_by, item.agreed_by)
    return _settle(session, viewer, item, "sign", reason, on)


def send_back(session: Session, viewer: Viewer, evidence_id: int, reason: str) -> Evidence:
    """Second officer or HEAD: send a proposal back with a reason."""
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    if not item.proposed_state:
        raise ShijiError("VERIFY-NONE", "该条目没有待复核的结论", item.code, "")
    if not reason.strip():
        raise ShijiError("VERIFY-REASON", "退回须写明理由", item.code, "请填写理由。")
    return decide(session, viewer.user_id, item, "return", no_proposal(), reason)


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


def _settle(session: Session, viewer: Viewer, item: Evidence, kind: str, reason: str, on: date | None) -> Evidence:
    """The conclusion stands from `on`, by default today; what is 不属实 is listed for clearing."""
    settled = item.proposed_state
    after = {"state": settled, "doubtful": False, **no_proposal()}
    decide(session, viewer.user_id, item, "settle" if kind == "agree" else kind, after, reason)
    if settled == terms.UNTRUE:
        open_clearing(session, item, on or datetime.now(CHINA).date())
    return item


def no_proposal() -> dict[str, str | None]:
    """The fields of a proposal, emptied."""
    return {"proposed_state": "", "proposed_by": None, "agreed_by": None}


def _channels(session: Session, item: Evidence) -> list[Channel]:
    return [Channel(r.channel, r.self_reported, r.official, r.user_id) for r in records_of(session, item.id)]
