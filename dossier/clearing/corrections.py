"""更正请求 of a person about the own record (PIPL 46, R-46): registered by 干部处室, answered in 15 working days."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.hearing.reach import need, need_words
from dossier.history import user_names
from dossier.review import get_evidence
from dossier.scope import Viewer, cadre_zones, get_cadre
from storage.errors import ShijiError
from storage.tables import Cadre, CorrectionRequest, Evidence
from storage.workdays import add_workdays

ANSWER_WORKDAYS = 15
WAYS = ("书面", "当面", "单位转交")
GRANTED, PARTLY, REFUSED = "予以更正", "部分更正", "不予更正"
OUTCOMES = (GRANTED, PARTLY, REFUSED)


@dataclass(frozen=True)
class RequestRow:
    """A request as listed; `late`: not answered by the day."""

    id: int
    cadre_id: str
    cadre: str
    evidence_id: int | None
    code: str
    received_on: date
    due: date
    way: str
    text: str
    registered: str
    outcome: str
    answer: str
    prepared: str
    answered: str
    answered_on: date | None
    late: bool


def register(
    session: Session, viewer: Viewer, cadre_id: str, received_on: date, way: str, text: str, today: date,
    evidence_id: int | None = None,
) -> CorrectionRequest:  # fmt: skip
    """Register a request; the clock runs from the day it came in. Raises RIGHTS-ROLE, CORRECTION-WAY, -DATE."""
    need(viewer, "登记更正请求", "OFF", "HEAD")
    cadre = get_cadre(session, viewer, cadre_id, today)
    if way not in WAYS or received_on > today:
        known = f"方式为{'、'.join(WAYS)}，日期不晚于今天。"
        raise ShijiError("CORRECTION-WAY", "收到方式或日期不可用", cadre.name, known)
    if evidence_id is not None:
        get_evidence(session, viewer, evidence_id)
    row = CorrectionRequest(
        cadre_id=cadre.id, evidence_id=evidence_id, received_on=received_on,
        due=add_workdays(received_on, ANSWER_WORKDAYS), way=way, text=need_words(text, "请求内容", cadre.name, 5),
        registered_by=viewer.user_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def prepare_answer(session: Session, viewer: Viewer, request_id: int, outcome: str, answer: str) -> CorrectionRequest:
    """An officer prepares outcome and answer. Raises RIGHTS-ROLE, CORRECTION-OUTCOME, CORRECTION-DONE."""
    need(viewer, "拟办更正请求", "OFF", "HEAD")
    row = _open(session, viewer, request_id)
    if outcome not in OUTCOMES:
        known = f"可选：{'、'.join(OUTCOMES)}。"
        raise ShijiError("CORRECTION-OUTCOME", f"没有这种办理结果：{outcome[:10]}", f"请求 {row.id}", known)
    row.outcome, row.answer = outcome, need_words(answer, "答复内容", f"请求 {row.id}", 5)
    row.prepared_by = viewer.user_id
    return row


def give_answer(session: Session, viewer: Viewer, request_id: int, on: date) -> CorrectionRequest:
    """A head who did not prepare it gives the answer. Raises RIGHTS-ROLE, CORRECTION-OUTCOME, HEARING-SAME."""
    need(viewer, "答复更正请求", "HEAD")
    row = _open(session, viewer, request_id)
    if not row.outcome or row.prepared_by is None:
        raise ShijiError("CORRECTION-OUTCOME", "尚未拟办", f"请求 {row.id}", "请先由经办拟写办理结果和答复。")
    if row.prepared_by == viewer.user_id:
        raise ShijiError("HEARING-SAME", "拟办人不能自己签发答复", f"请求 {row.id}", "请由另一名处长签发。")
    row.answered_by, row.answered_on = viewer.user_id, on
    return row


def requests(session: Session, viewer: Viewer, today: date) -> list[RequestRow]:
    """Requests of cadres in the viewer's zones, unanswered ones first by their day. Raises RIGHTS-ROLE."""
    need(viewer, "查看更正请求", "OFF", "HEAD", "KH", "DEP", "MIN")
    zones = cadre_zones(session, today)
    rows = session.scalars(select(CorrectionRequest).order_by(CorrectionRequest.due, CorrectionRequest.id)).all()
    kept = [
        row for row in rows
        if row.cadre_id not in viewer.recused_cadres
        and (viewer.zones is None or zones.get(row.cadre_id, set()) & viewer.zones)
    ]  # fmt: skip
    names = user_names(session, [k for r in kept for k in (r.registered_by, r.prepared_by, r.answered_by)])
    cadres = dict(session.execute(select(Cadre.id, Cadre.name)).all())
    codes = dict(session.execute(
        select(Evidence.id, Evidence.code).where(Evidence.id.in_({r.evidence_id for r in kept}))
    ).all())  # fmt: skip
    found = [
        RequestRow(
            r.id, r.cadre_id, cadres[r.cadre_id], r.evidence_id, codes.get(r.evidence_id or 0, ""), r.received_on,
            r.due, r.way, r.text, names.get(r.registered_by, ""), r.outcome, r.answer,
            names.get(r.prepared_by or 0, ""), names.get(r.answered_by or 0, ""), r.answered_on,
            (r.answered_on or today) > r.due,
        )
        for r in kept
    ]  # fmt: skip
    return sorted(found, key=lambda r: (r.answered_on is not None, r.due))


def _open(session: Session, viewer: Viewer, request_id: int) -> CorrectionRequest:
    row = session.scalar(select(CorrectionRequest).where(CorrectionRequest.id == request_id).with_for_update())
    if row is None:
        raise ShijiError("CORRECTION-UNKNOWN", "没有这件更正请求", str(request_id), "请从更正请求进入。")
    get_cadre(session, viewer, row.cadre_id, date.max)  # where the person serves now
    if row.answered_on is not None:
        raise ShijiError("CORRECTION-DONE", "该请求已经答复", f"请求 {row.id}", "")
    return row
