"""监督谈话台账: 提醒, 函询, 诫勉 as formal acts with their clocks, kept by 干部监督处 alone (domain.md §2.3, rule 7).

An act is entered by a person from an approved paper. Nothing creates one: no talk, no talk class, no evidence.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.compartment.rights import KEEPERS, require
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Cadre, SupervisoryAct, Team
from storage.vault import Vault
from storage.workdays import add_workdays

REMIND, INQUIRE, ADMONISH = "提醒", "函询", "诫勉"
KINDS = (REMIND, INQUIRE, ADMONISH)
APPROVERS = {REMIND: "市委组织部部长", INQUIRE: "市委组织部部长", ADMONISH: "市委主要负责人"}
REPLY_DAYS = {INQUIRE: 15, ADMONISH: 5}  # working days: 函询回复, 诫勉对象书面检查
REPORT_MONTHS = {REMIND: 6, ADMONISH: 6}  # 整改情况报告
OUTCOMES = ("说明清楚", "需再次函询", "转核实")
FORMS = ("谈话", "书面")
PLACE = "supervisory_act"


@dataclass(frozen=True)
class ActData:
    """A formal act as approved on paper."""

    kind: str
    cadre_id: str
    team_id: str
    form: str
    matter: str  # 事由, one sentence
    approver: str
    document_no: str
    delivered_on: date


@dataclass(frozen=True)
class SupervisoryLine:
    """One line of the register."""

    id: int
    number: str
    kind: str
    cadre: str
    team: str
    form: str
    matter: str
    approver: str
    document_no: str
    delivered_on: date
    reply_due: date | None
    replied_on: date | None
    report_due: date | None
    reported_on: date | None
    outcome: str
    waiting: str  # what is overdue or next, "" when nothing
    overdue: bool


def enter(
    session: Session, vault: Vault, viewer: Viewer, data: ActData, previous_id: int | None = None
) -> SupervisoryAct:
    """Enter an act with its clocks. Raises RIGHTS-ROLE, SUPERVISION-FIELD."""
    require(viewer, KEEPERS)
    _check(session, data)
    if previous_id is not None:
        before = session.get(SupervisoryAct, previous_id)
        if before is None or before.kind != INQUIRE or data.kind != INQUIRE or before.outcome != "需再次函询":
            raise _wrong("只有结论为“需再次函询”的函询可以再次函询", "前件")
        if before.cadre_mark != vault.mark("cadre", data.cadre_id):
            raise _wrong("再次函询的对象与前件不同", "涉及干部")
    values = {**data.__dict__, "delivered_on": data.delivered_on.isoformat()}
    reply, report = REPLY_DAYS.get(data.kind), REPORT_MONTHS.get(data.kind)
    row = SupervisoryAct(
        number=_next_number(session, data), kind=data.kind, cadre_mark=vault.mark("cadre", data.cadre_id),
        delivered_on=data.delivered_on, reply_due=add_workdays(data.delivered_on, reply) if reply else None,
        report_due=months_after(data.delivered_on, report) if report else None, previous_id=previous_id,
        user_id=viewer.user_id, sealed=vault.seal(PLACE, values), key_id=vault.key_id,
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def months_after(day: date, count: int) -> date:
    """The same day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def replied(session: Session, viewer: Viewer, act_id: int, on: date, outcome: str = "") -> SupervisoryAct:
    """The reply to a 函询 with its outcome, or the self-review after a 诫勉."""
    row = _act(session, viewer, act_id)
    if row.reply_due is None or row.replied_on is not None:
        raise _wrong("该件没有待收的书面回复", row.number)
    if row.kind == INQUIRE and outcome not in OUTCOMES:
        raise _wrong(f"函询结论不可用，可选：{'、'.join(OUTCOMES)}", row.number)
    _not_before(row, on)
    row.replied_on, row.outcome = on, outcome if row.kind == INQUIRE else row.outcome
    return row


def reported(session: Session, viewer: Viewer, act_id: int, on: date) -> SupervisoryAct:
    """The written report on correction, due six months after a 提醒 or 诫勉."""
    row = _act(session, viewer, act_id)
    if row.report_due is None or row.reported_on is not None:
        raise _wrong("该件没有待收的整改报告", row.number)
    _not_before(row, on)
    row.reported_on = on
    return row


def supervision_register(session: Session, vault: Vault, viewer: Viewer, today: date) -> list[SupervisoryLine]:
    """All acts, newest first; for SUP alone. Raises RIGHTS-ROLE."""
    require(viewer, KEEPERS)
    teams = dict(session.execute(select(Team.id, Team.short)).all())
    cadres = dict(session.execute(select(Cadre.id, Cadre.name)).all())
    rows = session.scalars(
        select(SupervisoryAct).order_by(SupervisoryAct.delivered_on.desc(), SupervisoryAct.id.desc())
    )
    found = []
    for row in rows:
        said = vault.open(PLACE, row.sealed)
        waiting, overdue = _waiting(row, today)
        found.append(
            SupervisoryLine(
                row.id, row.number, row.kind, cadres[said["cadre_id"]], teams[said["team_id"]], said["form"],
                said["matter"], said["approver"], said["document_no"], row.delivered_on, row.reply_due, row.replied_on,
                row.report_due, row.reported_on, row.outcome, waiting, overdue,
            )
        )  # fmt: skip
    return found


def _waiting(row: SupervisoryAct, today: date) -> tuple[str, bool]:
    if row.reply_due and not row.replied_on:
        what = "函询回复" if row.kind == INQUIRE else "书面检查"
        return f"{what}，{row.reply_due}前", today > row.reply_due
    if row.report_due and not row.reported_on:
        return f"整改报告，{row.report_due}前", today > row.report_due
    return "", False


def _check(session: Session, data: ActData) -> None:
    if data.kind not in KINDS:
        raise _wrong(f"种类不可用，可选：{'、'.join(KINDS)}", "种类")
    if data.form not in FORMS:
        raise _wrong("方式应为谈话或书面", "方式")
    if session.get(Cadre, data.cadre_id) is None or session.get(Team, data.team_id) is None:
        raise _wrong("没有这名干部或这个单位", "涉及干部")
    for name, text in (("事由", data.matter), ("批准人", data.approver), ("批件号", data.document_no)):
        if not text.strip():
            raise _wrong(f"须填写{name}", name)


def _next_number(session: Session, data: ActData) -> str:
    prefix = f"JD-{data.delivered_on.year}-"
    used = session.scalars(select(SupervisoryAct.number).where(SupervisoryAct.number.startswith(prefix))).all()
    return f"{prefix}{max((int(n.removeprefix(prefix)) for n in used), default=0) + 1:04d}"


def _act(session: Session, viewer: Viewer, act_id: int) -> SupervisoryAct:
    require(viewer, KEEPERS)
    row = session.scalar(select(SupervisoryAct).where(SupervisoryAct.id == act_id).with_for_update())
    if row is None:
        raise ShijiError("SUPERVISION-UNKNOWN", "没有这一件", str(act_id), "请从台账进入。")
    return row


def _not_before(row: SupervisoryAct, on: date) -> None:
    if on < row.delivered_on:
        raise _wrong("日期早于送达日期", row.number)


def _wrong(message: str, where: str) -> ShijiError:
    return ShijiError("SUPERVISION-FIELD", message, where, "请核对后重新填写。")
