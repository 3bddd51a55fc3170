"""干部约谈部长: a request sealed to its addressee and one scheduler, answered within 5 working days (§1.11 c)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Cadre, TalkRequest, User
from storage.vault import Vault
from storage.workdays import add_workdays

PLACE = "talk_request"
ANSWER_DAYS = 5
ADDRESSEES = frozenset({"MIN", "DEP"})
SCHEDULERS = frozenset({"OFF", "HEAD"})
WAITING, ACCEPTED, REFERRED, WITHDRAWN = "waiting", "accepted", "referred", "withdrawn"
STATES = {WAITING: "待答复", ACCEPTED: "同意面谈", REFERRED: "转有关处室答复", WITHDRAWN: "本人撤回"}


@dataclass(frozen=True)
class RequestLine:
    """A request as its addressee and its scheduler see it; nobody else sees it at all."""

    id: int
    cadre_id: str
    cadre: str
    addressee: str
    scheduler: str
    requested_on: date
    answer_due: date
    answered_on: date | None
    state: str
    subject: str
    consent: bool
    unit_told: bool
    answer: str
    talk_id: int | None
    overdue: bool


def ask(
    session: Session, vault: Vault, viewer: Viewer, cadre_id: str, addressee: str, subject: str, on: date,
    consent: bool = False,
) -> TalkRequest:  # fmt: skip
    """Enter what a cadre asked for by paper or telephone; who enters it is the scheduler. Raises TALK-REQUEST."""
    if viewer.role not in SCHEDULERS:
        raise ShijiError("RIGHTS-ROLE", "约谈申请由干部处室登记", viewer.role, "请联系干部处室。")
    user = session.scalar(select(User).where(User.login == addressee, User.enabled.is_(True)))
    if user is None or user.role not in ADDRESSEES:
        raise _wrong("约谈对象应为部长或分管副部长", "约谈对象")
    if session.get(Cadre, cadre_id) is None:
        raise _wrong("没有这名干部", "申请人")
    if not subject.strip() or len(subject) > 200:
        raise _wrong("请用200字以内写明约谈事由", "事由")
    row = TalkRequest(
        addressee_id=user.id, scheduler_id=viewer.user_id, requested_on=on, answer_due=add_workdays(on, ANSWER_DAYS),
        cadre_mark=vault.mark("cadre", cadre_id), key_id=vault.key_id,
        sealed=vault.seal(PLACE, {"cadre_id": cadre_id, "subject": subject.strip(), "consent": consent, "answer": ""}),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def answer(
    session: Session, vault: Vault, viewer: Viewer, request_id: int, state: str, text: str, on: date
) -> TalkRequest:
    """The addressee accepts or refers, with words for the cadre; either the addressee or the scheduler notes a
    withdrawal."""
    row = get_request(session, viewer, request_id)
    if row.state != WAITING:
        raise _wrong(f"该申请已是“{STATES[row.state]}”", "状态")
    if state not in (ACCEPTED, REFERRED, WITHDRAWN):
        raise _wrong("答复不可用", "答复")
    if state != WITHDRAWN and row.addressee_id != viewer.user_id:
        raise ShijiError("RIGHTS-ROLE", "由约谈对象本人答复", viewer.role, "请等候答复。")
    if state == REFERRED and not text.strip():
        raise _wrong("转有关处室答复须写明安排", "答复")
    said = vault.open(PLACE, row.sealed)
    row.state, row.answered_on = state, on
    row.sealed = vault.seal(PLACE, {**said, "answer": text.strip()[:300]})
    return row


def tell_unit(session: Session, vault: Vault, viewer: Viewer, request_id: int) -> TalkRequest:
    """Note that the cadre's unit was told of the talk. Refused without the cadre's consent (TALK-CONSENT)."""
    row = get_request(session, viewer, request_id)
    if not vault.open(PLACE, row.sealed)["consent"]:
        raise ShijiError("TALK-CONSENT", "未经本人同意，不得通知其所在单位", "", "请先征得本人同意并登记。")
    row.unit_told = True
    return row


def consent_given(session: Session, vault: Vault, viewer: Viewer, request_id: int) -> TalkRequest:
    """Note that the cadre agrees that the unit is told."""
    row = get_request(session, viewer, request_id)
    row.sealed = vault.seal(PLACE, {**vault.open(PLACE, row.sealed), "consent": True})
    return row


def get_request(session: Session, viewer: Viewer, request_id: int) -> TalkRequest:
    """A request of the viewer's own. Raises TALK-REQUEST-UNKNOWN in the same words whether it exists or not."""
    row = session.get(TalkRequest, request_id)
    if row is None or viewer.user_id not in (row.addressee_id, row.scheduler_id):
        raise ShijiError("TALK-REQUEST-UNKNOWN", "没有这一约谈申请", "", "约谈申请只有约谈对象和一名经办人可见。")
    return row


def requests_for(session: Session, vault: Vault, viewer: Viewer, today: date) -> list[RequestLine]:
    """Requests addressed to the viewer or scheduled by the viewer, those waiting first."""
    rows = session.scalars(
        select(TalkRequest)
        .where(or_(TalkRequest.addressee_id == viewer.user_id, TalkRequest.scheduler_id == viewer.user_id))
        .order_by(TalkRequest.requested_on.desc(), TalkRequest.id.desc())
    ).all()
    cadres = dict(session.execute(select(Cadre.id, Cadre.name)).all())
    users = dict(session.execute(select(User.id, User.name)).all())
    found = []
    for row in sorted(rows, key=lambda r: r.state != WAITING):
        said = vault.open(PLACE, row.sealed)
        found.append(
            RequestLine(
                row.id, said["cadre_id"], cadres[said["cadre_id"]], users[row.addressee_id], users[row.scheduler_id],
                row.requested_on, row.answer_due, row.answered_on, STATES[row.state], said["subject"], said["consent"],
                row.unit_told, said["answer"], row.talk_id, row.state == WAITING and today > row.answer_due,
            )
        )  # fmt: skip
    return found


def cadre_of(vault: Vault, row: TalkRequest) -> str:
    """Id of the cadre who asked."""
    return str(vault.open(PLACE, row.sealed)["cadre_id"])


def _wrong(message: str, where: str) -> ShijiError:
    return ShijiError("TALK-REQUEST", message, where, "请核对后重新填写。")
