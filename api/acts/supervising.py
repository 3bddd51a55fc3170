"""监督谈话台账 and 受控条目 for pages and JSON."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.acts.sealing import sealed
from api.form_fields import Fields
from api.system import System
from dossier.compartment import supervision
from dossier.compartment.supervision import ActData
from dossier.scope import Viewer, evidence_clause, unrestricted
from dossier.views import NEWEST, EvidenceView, load_views
from storage.tables import Evidence, SupervisoryAct


def enter_act(system: System, viewer: Viewer, typed: Fields) -> SupervisoryAct:
    """An act as typed; `previous`: the 函询 that is repeated. Raises SUPERVISION-FIELD."""
    team, _, cadre = typed.text("cadre").rpartition("/")
    kind = typed.text("kind")
    data = ActData(
        kind, cadre, team, typed.text("form"), typed.text("matter"),
        typed.text("approver") or supervision.APPROVERS.get(kind, ""), typed.text("document_no"),
        typed.needed_day("delivered_on", "送达日期"),
    )  # fmt: skip
    previous = typed.number("previous", "前件") or None
    return sealed(
        system, viewer, "supervision-enter", "supervision", "",
        lambda s, vault, v: supervision.enter(s, vault, v, data, previous),
    )  # fmt: skip


def restricted_items(session: Session, viewer: Viewer) -> list[EvidenceView]:
    """Restricted items in the viewer's scope, newest first (R-04)."""
    query = select(Evidence).where(evidence_clause(viewer), ~unrestricted()).order_by(*NEWEST)
    return load_views(session, query)
