"""Which items a person may act on in a hearing: officers theirs, 干部监督 those that wait for its decision (§2.7)."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.review import get_evidence
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Evidence

SUPERVISION = "干部监督处"


def supervises(viewer: Viewer) -> bool:
    """干部监督处: its own role, or its head."""
    return viewer.role == "SUP" or (viewer.role == "HEAD" and viewer.section == SUPERVISION)


def reached_item(session: Session, viewer: Viewer, evidence_id: int) -> Evidence:
    """The item, locked. Raises EVIDENCE-UNKNOWN, RIGHTS-RECUSAL."""
    if viewer.role != "SUP":
        return get_evidence(session, viewer, evidence_id, lock=True)
    item = session.scalar(select(Evidence).where(Evidence.id == evidence_id).with_for_update(of=Evidence))
    if item is None:
        raise ShijiError("EVIDENCE-UNKNOWN", "没有找到该条目", str(evidence_id), "请从待办进入。")
    closed = {link.cadre_id for link in item.cadres} & viewer.recused_cadres
    if closed or item.team_id in viewer.recused_teams:
        raise ShijiError("RIGHTS-RECUSAL", "回避：该条目涉及您应回避的班子或干部", item.code, "请由他人办理。")
    return item


def need(viewer: Viewer, what: str, *roles: str) -> None:
    """Refuse other roles. Raises RIGHTS-ROLE."""
    if viewer.role not in roles:
        raise ShijiError("RIGHTS-ROLE", f"当前角色不能{what}", viewer.role, "请由有权的同志办理。")


def need_words(text: str, what: str, where: str, fewest: int = 2, most: int = 4000) -> str:
    """The text without blanks around it. Raises HEARING-WORDS when there is too little or too much of it."""
    words = text.strip()
    if not fewest <= len(words) <= most:
        raise ShijiError("HEARING-WORDS", f"{what}应填写，且不超过 {most} 字", where, f"请写明{what}。")
    return words
