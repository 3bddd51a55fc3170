"""容错审查: a head prepares, 干部监督 checks, the deputy signs and names the deciding body (§2.1, §2.7)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from dossier import terms
from dossier.hearing.reach import need, need_words, reached_item
from dossier.history import user_names
from dossier.review import decide, get_evidence
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Evidence, LeniencyReview

NONE, PLANNED, GRANTED, DENIED = terms.LENIENCY
PREPARED, CHECKED, SETTLED, RETURNED = "拟定", "已核", "已定", "退回"
EXCUSABLE, INEXCUSABLE, APART = "属可容", "不可容", "不涉及"
ANSWERS = (EXCUSABLE, INEXCUSABLE, APART)
DISTINCTIONS = (
    ("因缺乏经验、先行先试出现的失误和错误", "明知故犯的违纪违法行为"),
    ("尚无明确限制的探索性试验中的失误和错误", "明令禁止后依然我行我素的违纪违法行为"),
    ("为推动发展的无意过失", "为谋取私利的违纪违法行为"),
)  # fmt: skip


@dataclass(frozen=True)
class LeniencyRow:
    """One review as listed."""

    id: int
    evidence_id: int
    code: str
    team: str
    fact: str
    value: str
    body: str
    document_no: str
    distinctions: tuple[str, ...]
    reason: str
    state: str
    prepared: str
    prepared_on: date
    checked: str
    signed: str
    signed_on: date | None
    note: str


def prepare(
    session: Session, viewer: Viewer, evidence_id: int, value: str, distinctions: Sequence[str], reason: str, on: date,
    body: str = "", document_no: str = "",
) -> LeniencyReview:  # fmt: skip
    """A head prepares. Raises RIGHTS-ROLE, LENIENCY-VALUE, -DISTINCTIONS, -BODY, -OPEN, HEARING-WORDS."""
    need(viewer, "拟定容错审查", "HEAD")
    item = get_evidence(session, viewer, evidence_id, lock=True)
    if value not in terms.LENIENCY or not item.adverse:
        raise ShijiError("LENIENCY-VALUE", f"容错审查结果不可用：{value[:10]}", item.code, "只用于不利条目。")
    check_distinctions(value, distinctions, item.code)
    if value in (GRANTED, DENIED) and not body.strip():
        raise ShijiError("LENIENCY-BODY", f"“{value}”须写明认定机关", item.code, "请填写认定机关和文号。")
    if any(row.state in (PREPARED, CHECKED) for row in _of(session, item.id)):
        raise ShijiError("LENIENCY-OPEN", "该条目已有办理中的容错审查", item.code, "请等待办结或退回。")
    row = LeniencyReview(
        evidence_id=item.id, value=value, body=body.strip(), document_no=document_no.strip(),
        distinctions=list(distinctions), reason=need_words(reason, "审查理由", item.code), prepared_by=viewer.user_id,
        prepared_on=on,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def check_distinctions(value: str, answers: Sequence[str], where: str) -> None:
    """The three distinctions, each answered, and answered as the value needs. Raises LENIENCY-DISTINCTIONS."""
    if len(answers) != len(DISTINCTIONS) or any(a not in ANSWERS for a in answers):
        known = f"每项为{'、'.join(ANSWERS)}之一。"
        raise ShijiError("LENIENCY-DISTINCTIONS", "“三个区分开来”须逐项判断", where, known)
    kinds = set(answers)
    wrong = {
        NONE: kinds != {APART},
        PLANNED: INEXCUSABLE in kinds or EXCUSABLE not in kinds,
        GRANTED: INEXCUSABLE in kinds or EXCUSABLE not in kinds,
        DENIED: INEXCUSABLE not in kinds and kinds != {APART},
    }[value]
    if wrong:
        raise ShijiError(
            "LENIENCY-DISTINCTIONS", f"逐项判断与结果“{value}”不一致", where,
            "不涉及：三项均不涉及；拟容错、已容错：至少一项属可容且没有不可容；不予容错：有不可容的，或三项均不涉及。",
        )  # fmt: skip


def check(session: Session, viewer: Viewer, review_id: int, agree: bool, note: str = "") -> LeniencyReview:
    """干部监督 checks, or sends back with the reason. Raises RIGHTS-ROLE, LENIENCY-STATE, RIGHTS-RECUSAL."""
    need(viewer, "审核容错审查", "SUP")
    row = _row(session, review_id, PREPARED)
    reached_item(session, viewer, row.evidence_id)
    if not agree:
        return _back(row, note)
    row.state, row.checked_by = CHECKED, viewer.user_id
    return row


def sign(
    session: Session, viewer: Viewer, review_id: int, agree: bool, on: date, note: str = "", body: str = ""
) -> LeniencyReview:
    """The deputy signs and records the deciding body; the item carries the result from now on. Raises LENIENCY-BODY."""
    need(viewer, "签批容错审查", "DEP")
    row = _row(session, review_id, CHECKED)
    item = get_evidence(session, viewer, row.evidence_id, lock=True)
    if not agree:
        return _back(row, note)
    row.body = body.strip() or row.body
    if not row.body:
        raise ShijiError("LENIENCY-BODY", "须写明认定机关", item.code, "请填写认定机关，如市委组织部部务会。")
    row.state, row.signed_by, row.signed_on, row.note = SETTLED, viewer.user_id, on, note.strip()
    decide(
        session, viewer.user_id, item, "leniency", {"leniency": row.value}, f"{row.body}：{row.reason}"[:400]
    )  # fmt: skip
    return row


def settled(session: Session, evidence_id: int) -> LeniencyReview | None:
    """The last review that was signed."""
    found = [row for row in _of(session, evidence_id) if row.state == SETTLED]
    return found[-1] if found else None


def reviews(session: Session, viewer: Viewer, evidence_id: int = 0) -> list[LeniencyRow]:
    """Reviews in reach, those under way first; of one item when given."""
    need(viewer, "查看容错审查", "OFF", "HEAD", "KH", "SUP", "DEP", "MIN")
    query = select(LeniencyReview).options(joinedload(LeniencyReview.evidence)).order_by(LeniencyReview.id.desc())
    rows = session.scalars(query.where(LeniencyReview.evidence_id == evidence_id) if evidence_id else query).all()
    kept = []
    for row in rows:
        try:
            reached_item(session, viewer, row.evidence_id)
        except ShijiError:
            continue
        kept.append(row)
    names = user_names(session, [k for r in kept for k in (r.prepared_by, r.checked_by, r.signed_by)])
    kept.sort(key=lambda r: r.state not in (PREPARED, CHECKED))
    return [_shown(row, names) for row in kept]


def _shown(row: LeniencyReview, names: dict[int, str]) -> LeniencyRow:
    item: Evidence = row.evidence
    fact = item.true_part if item.state == terms.PARTLY else item.passage.text
    return LeniencyRow(
        row.id, item.id, item.code, item.team.short if item.team else "", fact, row.value, row.body, row.document_no,
        tuple(row.distinctions), row.reason, row.state, names.get(row.prepared_by, ""), row.prepared_on,
        names.get(row.checked_by or 0, ""), names.get(row.signed_by or 0, ""), row.signed_on, row.note,
    )  # fmt: skip


def _of(session: Session, evidence_id: int) -> Sequence[LeniencyReview]:
    query = select(LeniencyReview).where(LeniencyReview.evidence_id == evidence_id).order_by(LeniencyReview.id)
    return session.scalars(query).all()


def _row(session: Session, review_id: int, state: str) -> LeniencyReview:
    row = session.get(LeniencyReview, review_id)
    if row is None or row.state != state:
        raise ShijiError("LENIENCY-STATE", f"没有状态为“{state}”的这件容错审查", str(review_id), "请刷新页面。")
    return row


def _back(row: LeniencyReview, note: str) -> LeniencyReview:
    row.note = need_words(note, "退回理由", f"容错审查 {row.id}")
    row.state = RETURNED
    return row
