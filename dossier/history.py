"""The decision history of an item in officers' words: who, when, from what to what, why."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from storage.tables import Cadre, Decision, FieldRecord, RecordLink, Team, User

KINDS = {
    "accept": "采用", "reject": "不采用", "correct": "改正", "undo": "撤销", "record": "登记核查记录",
    "propose": "提出结论", "agree": "复核同意", "settle": "结论成立", "sign": "签批", "return": "退回",
    "notify": "告知", "respond": "登记说明", "leniency": "容错审查", "withdraw": "更正或撤回",
    "doubt": "标注存疑", "conclude": "存疑结论", "review": "复核说明", "rehear": "复核说明，重新核实",
}  # fmt: skip
FIELDS = {
    "state": "状态", "label": "分类", "sub_type": "小类", "team_id": "归属", "role": "角色", "cadres": "干部",
    "proposed_state": "拟定结论", "true_part": "属实部分", "response": "单位说明", "leniency": "容错",
}  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One field from what to what."""

    what: str
    before: str
    after: str


@dataclass(frozen=True)
class DecisionRow:
    """One decision as shown."""

    id: int
    at: datetime
    who: str
    user_id: int
    kind: str
    what: str
    changes: tuple[Change, ...]
    reason: str
    undone: bool


@dataclass(frozen=True)
class RecordRow:
    """One 六字 record as shown."""

    id: int
    channel: str
    on: str
    summary: str
    self_reported: bool
    official: bool
    document_no: str
    who: str


def history(session: Session, evidence_id: int) -> list[DecisionRow]:
    """All decisions on an item, oldest first."""
    rows = session.execute(
        select(Decision, User.name)
        .join(User, Decision.user_id == User.id)
        .where(Decision.evidence_id == evidence_id)
        .order_by(Decision.id)
    ).all()
    names = _names(session, [decision for decision, _name in rows])
    return [
        DecisionRow(
            d.id, d.at, who, d.user_id, d.kind, KINDS.get(d.kind, d.kind), _changes(d, names), d.reason,
            d.undone_by is not None,
        )
        for d, who in rows
    ]  # fmt: skip


def records(session: Session, evidence_id: int) -> list[RecordRow]:
    """Field records that support an item with the officer who entered each, oldest first."""
    rows = session.execute(
        select(FieldRecord, User.name)
        .join(RecordLink, RecordLink.field_record_id == FieldRecord.id)
        .join(User, FieldRecord.user_id == User.id)
        .where(RecordLink.evidence_id == evidence_id)
        .order_by(FieldRecord.on, FieldRecord.id)
    )
    return [
        RecordRow(r.id, r.channel, r.on.isoformat(), r.summary, r.self_reported, r.official, r.document_no, who)
        for r, who in rows
    ]


def user_names(session: Session, ids: Sequence[int | None]) -> dict[int, str]:
    """Names of accounts, for 提出人 and 复核人."""
    wanted = {i for i in ids if i is not None}
    return {row.id: row.name for row in session.execute(select(User.id, User.name).where(User.id.in_(wanted)))}


def _names(session: Session, decisions: Sequence[Decision]) -> dict[str, str]:
    teams = {str(s["team_id"]) for d in decisions for s in (d.before, d.after) if s.get("team_id")}
    cadres = {str(c) for d in decisions for s in (d.before, d.after) for c in s.get("cadres") or ()}
    found = {r.id: r.short for r in session.execute(select(Team.id, Team.short).where(Team.id.in_(teams)))}
    found.update({r.id: r.name for r in session.execute(select(Cadre.id, Cadre.name).where(Cadre.id.in_(cadres)))})
    return found


def _changes(decision: Decision, names: dict[str, str]) -> tuple[Change, ...]:
    return tuple(
        Change(title, _shown(key, decision.before.get(key), names), _shown(key, decision.after[key], names))
        for key, title in FIELDS.items()
        if key in decision.after
    )


def _shown(key: str, value: Any, names: dict[str, str]) -> str:
    if key == "label":
        return terms.topic_name(str(value))
    if key == "sub_type":
        return terms.SUB_TYPES.get(str(value), "未定")
    if key == "team_id":
        return names.get(str(value), str(value)) if value else "无归属"
    if key == "cadres":
        return "、".join(f"{names.get(c, c)}（{role}）" for c, role in (value or {}).items()) or "无"
    return str(value) if value else "无"
