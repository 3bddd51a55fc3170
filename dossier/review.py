"""The officer's side of an item: accept, reject, correct, undo. The machine's own words are never changed (R-20)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from dossier import terms
from dossier.holders import check_added
from dossier.scope import Viewer, evidence_clause, get_team
from dossier.states import after_accept
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Cadre, Decision, Evidence, EvidenceCadre, IndexTask, Passage, now

KEPT = (
    "team_id", "role", "label", "sub_type", "state", "doubtful", "adverse", "restricted", "true_part", "response",
    "leniency", "proposed_state", "proposed_by", "agreed_by",
)  # fmt: skip
DECIDERS = frozenset({"OFF", "HEAD"})


@dataclass(frozen=True)
class Correction:
    """What an officer holds to be right; None leaves a field as it is. `team_id` "" means: no team."""

    label: str | None = None
    sub_type: str | None = None
    team_id: str | None = None
    role: str | None = None
    cadres: dict[str, str] | None = None  # cadre id -> role; replaces the list


def get_evidence(session: Session, viewer: Viewer, evidence_id: int, lock: bool = False) -> Evidence:
    """An item the viewer may see."""
    query = select(Evidence).where(Evidence.id == evidence_id, evidence_clause(viewer))
    item = session.scalar(query.with_for_update(of=Evidence) if lock else query)
    if item is None:
        raise ShijiError(
            "EVIDENCE-UNKNOWN", "没有找到该条目，或不在您的联系片内", str(evidence_id), "请从待确认队列进入。"
        )
    return item


def require_decider(viewer: Viewer) -> None:
    """Only officers and heads decide on items."""
    if viewer.role not in DECIDERS:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能处理条目", viewer.role, "请由处室经办或处长处理。")


def accept(session: Session, viewer: Viewer, evidence_id: int, version: int | None = None) -> Evidence:
    """Confirm relevance, topic and attribution as they stand now (tier C, domain.md §2.5)."""
    item = _open(session, viewer, evidence_id, version)
    if item.state != terms.PENDING:
        raise ShijiError("STATE-ORDER", f"条目状态为“{item.state}”，不能再次采用", item.code, "请刷新页面。")
    if item.team_id is None:
        raise ShijiError("REVIEW-NO-TEAM", "尚未确定归属班子，不能采用", item.code, "请先选择归属，或选择“不采用”。")
    if not item.role:  # without a role it would stand in no dossier, and nobody would notice
        raise ShijiError("REVIEW-NO-ROLE", "尚未确定班子角色，不能采用", item.code, "请先选择角色。")
    if item.label == "irrelevant":
        raise ShijiError("REVIEW-IRRELEVANT", "标注为无关的条目不能采用", item.code, "请先改正分类，或选择“不采用”。")
    return _decide(session, viewer, item, "accept", {"state": after_accept(item.adverse)})


def reject(
    session: Session, viewer: Viewer, evidence_id: int, reason: str = "", version: int | None = None
) -> Evidence:
    """Leave the item out; it can be taken back with `undo`."""
    item = _open(session, viewer, evidence_id, version)
    if item.state not in (terms.PENDING, terms.ADOPTED, terms.TO_VERIFY):
        raise ShijiError("STATE-ORDER", f"条目状态为“{item.state}”，不能改为不采用", item.code, "请按核实程序处理。")
    if item.state != terms.PENDING and not reason.strip():
        raise ShijiError("REVIEW-REASON", "已采用的条目改为不采用须写明理由", item.code, "请填写理由。")
    return _decide(session, viewer, item, "reject", {"state": terms.REJECTED}, reason)


def correct(
    session: Session, viewer: Viewer, evidence_id: int, change: Correction, reason: str = "", version: int | None = None
) -> Evidence:
    """Correct topic, team, role or cadres. Possible until a conclusion stands; after 待确认 a reason is required."""
    item = _open(session, viewer, evidence_id, version)
    if item.state not in (terms.PENDING, terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING):
        raise ShijiError("STATE-ORDER", f"条目状态为“{item.state}”，不能直接改正", item.code, "请走更正程序。")
    if item.state != terms.PENDING and not reason.strip():
        raise ShijiError("REVIEW-REASON", "改正已采用的条目须写明理由", item.code, "请填写理由。")
    after: dict[str, Any] = {}
    if change.label is not None:
        if change.label not in terms.TOPICS:
            raise ShijiError("REVIEW-LABEL", f"没有这一分类：{change.label}", item.code, "请从六类中选择。")
        after["label"] = change.label
        after["sub_type"] = change.sub_type or ""
    elif change.sub_type is not None:
        after["sub_type"] = change.sub_type
    if after.get("sub_type") and not terms.belongs(after["sub_type"], after.get("label", item.label)):
        raise ShijiError("REVIEW-SUBTYPE", f"小类 {after['sub_type']} 不属于该分类", item.code, "请重新选择小类。")
    if change.team_id is not None:
        _check_team(session, viewer, item, change.team_id)
        after["team_id"] = change.team_id or None
    if change.role is not None:
        _check_role(item, change.role, terms.DOSSIER_ROLES.union(terms.ROLES))
        after["role"] = change.role
    if change.cadres is not None:
        for role in change.cadres.values():
            _check_role(item, role, terms.DOSSIER_ROLES.union(terms.CADRE_ROLES))
        added = set(change.cadres) - {link.cadre_id for link in item.cadres}
        check_added(session, viewer, after.get("team_id", item.team_id), _day(item), added)
    label, sub_type = after.get("label", item.label), after.get("sub_type", item.sub_type)
    after["adverse"] = terms.is_adverse(label, sub_type)
    after["restricted"] = item.passage.restricted or sub_type in terms.RESTRICTED_SUB_TYPES
    if item.state == terms.VERIFYING and item.adverse and not after["adverse"] and viewer.role != "HEAD":
        # else two officers could settle a 问题 without the signature it needs
        raise ShijiError(
            "RIGHTS-ROLE", "核实中的不利条目改为其他分类，由处长办理", item.code, "请提交处长，或提出核实结论。"
        )
    if item.notified_at and _others(item, after, change):
        item.notified_at = None  # who was told was another team or person: tell anew (domain.md §2.6)
    if item.state in (terms.ADOPTED, terms.TO_VERIFY) and after["adverse"] != item.adverse:
        after["state"] = after_accept(after["adverse"])  # 问题 is never merely 已采用
    if item.proposed_state:
        after.update(proposed_state="", proposed_by=None, agreed_by=None)  # the proposal was about the old wording
    return _decide(session, viewer, item, "correct", after, reason, change.cadres)


def undo(session: Session, viewer: Viewer, evidence_id: int) -> Evidence:
    """Take back one's own latest decision on the item, if nobody has decided on it since."""
    item = _open(session, viewer, evidence_id, None)
    last = session.scalar(
        select(Decision)
        .where(Decision.evidence_id == item.id, Decision.undone_by.is_(None), Decision.kind != "undo")
        .order_by(Decision.id.desc())
    )
    if last is None:
        raise ShijiError("UNDO-NONE", "没有可撤销的操作", item.code, "")
    if last.user_id != viewer.user_id:
        raise ShijiError("UNDO-OTHER", "最近一次操作由他人作出，不能撤销", item.code, "请与该同志联系。")
    if last.kind not in ("accept", "reject", "correct"):
        raise ShijiError("UNDO-KIND", "核实程序中的操作不能撤销", item.code, "请使用“退回”。")
    cadres = last.before.get("cadres")
    after = {key: last.before[key] for key in KEPT if key in last.before}
    _decide(session, viewer, item, "undo", after, "", cadres)
    newest = session.scalar(select(Decision).where(Decision.evidence_id == item.id).order_by(Decision.id.desc()))
    last.undone_by = newest.id if newest else None
    return item


def similar_items(session: Session, viewer: Viewer, item: Evidence) -> list[Evidence]:
    """Other waiting items whose machine attribution has the same team and reason: offered for the same correction."""
    if item.team_key == "":
        return []
    mine = [a.because for a in item.passage.attributions if a.team_id == item.team_key]
    rows = session.scalars(
        select(Evidence)
        .join(Passage, Evidence.passage_id == Passage.id)
        .where(
            Evidence.team_key == item.team_key, Evidence.id != item.id, Evidence.state == terms.PENDING,
            evidence_clause(viewer),
        )
        .options(selectinload(Evidence.passage).selectinload(Passage.attributions))
        .limit(200)
    )  # fmt: skip
    return [e for e in rows if any(a.because in mine for a in e.passage.attributions if a.team_id == item.team_key)]


def _day(item: Evidence) -> date | None:
    """Day of the matter: as the text says, else the day of publication."""
    published = item.passage.document.published_at
    return item.event_date or (published.astimezone(CHINA).date() if published else None)


def _others(item: Evidence, after: dict[str, Any], change: Correction) -> bool:
    """Whether the item is about another team, or about a cadre it was not about before."""
    added = set(change.cadres or ()) - {link.cadre_id for link in item.cadres}
    return bool(added) or after.get("team_id", item.team_id) != item.team_id


def _check_role(item: Evidence, role: str, known: frozenset[str]) -> None:
    if role and role not in known:
        raise ShijiError("REVIEW-ROLE", f"没有这种角色：{role[:20]}", item.code, "请从角色列表中选择。")


def _check_team(session: Session, viewer: Viewer, item: Evidence, team_id: str) -> None:
    if not team_id:
        if item.state != terms.PENDING:
            raise ShijiError("REVIEW-NO-TEAM", "已采用的条目必须有归属班子", item.code, "请选择班子或改为不采用。")
        return
    get_team(session, viewer, team_id)
    twin = session.scalar(
        select(Evidence.id).where(
            Evidence.event_id == item.event_id, Evidence.team_id == team_id, Evidence.id != item.id
        )
    )
    if twin is not None:
        raise ShijiError("REVIEW-TWIN", "同一事项已有归属该班子的条目", item.code, "请将本条改为不采用。")


def _open(session: Session, viewer: Viewer, evidence_id: int, version: int | None) -> Evidence:
    require_decider(viewer)
    item = get_evidence(session, viewer, evidence_id, lock=True)
    check_version(item, version)
    return item


def check_version(item: Evidence, version: int | None) -> None:
    """Refuse a decision on an item that changed since it was read."""
    if version is not None and item.version != version:
        raise ShijiError("EVIDENCE-CHANGED", "该条目刚被他人处理过", item.code, "请刷新后再操作。")


def _decide(
    session: Session, viewer: Viewer, item: Evidence, kind: str, after: dict[str, Any], reason: str = "",
    cadres: dict[str, str] | None = None,
) -> Evidence:  # fmt: skip
    return decide(session, viewer.user_id, item, kind, after, reason, cadres)


def decide(
    session: Session, user_id: int, item: Evidence, kind: str, after: dict[str, Any], reason: str = "",
    cadres: dict[str, str] | None = None,
) -> Evidence:  # fmt: skip
    """Apply a change to an item and record it: who, when, from what to what, why. The index is told."""
    before: dict[str, Any] = {key: getattr(item, key) for key in KEPT}
    before["cadres"] = {link.cadre_id: link.role for link in item.cadres}
    for key, value in after.items():
        setattr(item, key, value)
    if cadres is not None:
        _set_cadres(session, item, cadres)
    stated: dict[str, Any] = {key: getattr(item, key) for key in KEPT}
    stated["cadres"] = {link.cadre_id: link.role for link in item.cadres}
    changed = {key: value for key, value in stated.items() if value != before[key]}
    session.add(
        Decision(evidence_id=item.id, user_id=user_id, kind=kind, before=before, after=changed, reason=reason.strip())
    )
    item.version += 1
    item.changed_at = now()
    session.add(IndexTask(passage_id=item.passage_id))
    session.flush()
    return item


def _set_cadres(session: Session, item: Evidence, cadres: dict[str, str]) -> None:
    for cadre_id in cadres:
        if session.get(Cadre, cadre_id) is None:
            raise ShijiError("CADRE-UNKNOWN", "没有这名干部", cadre_id, "请从名册中选择。")
    for link in list(item.cadres):
        if link.cadre_id not in cadres:
            item.cadres.remove(link)
    known = {link.cadre_id: link for link in item.cadres}
    for cadre_id, role in cadres.items():
        if cadre_id in known:
            known[cadre_id].role = role
        else:
            item.cadres.append(EvidenceCadre(cadre_id=cadre_id, role=role, because="经办人确认"))
