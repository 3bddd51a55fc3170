"""What an officer's form asks for, as a change that `api.acts.acting.act` carries out."""

from __future__ import annotations

from datetime import date

from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.acts import hearing_acts
from api.acts.acting import Change
from dossier import review, verify
from dossier.review import Correction
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Evidence

NO_TEAM = "-"  # an empty form field reads as "not given"; this one means 无归属


class ItemForm(BaseModel):
    """Every field that a form on an item may send; which are used depends on the action."""

    csrf: str = ""
    back: str = "item"
    lane: str = "todo"
    only_label: str = ""
    only_first: str = ""
    only_team: str = ""
    offset: int = 0
    next: int = 0
    version: int | None = None
    label: str | None = None
    sub_type: str | None = None
    team_id: str | None = None
    role: str | None = None
    cadres_shown: bool = False
    cadre: list[str] = []  # "P001=主体"; "P001=" takes the cadre off
    add_cadre: str = ""
    add_role: str = "主体"
    reason: str = ""
    on: date | None = None
    document_no: str = ""
    conclusion: str = ""
    true_part: str = ""
    text: str = ""
    reopen: bool = False
    leniency: str = ""
    distinction: list[str] = []  # the three answers, in order
    body: str = ""
    to_cadre: str = ""
    first_record: int = 0
    other_record: int = 0
    doubt: int = 0
    state: str = ""


def change_for(action: str, evidence_id: int, form: ItemForm, today: date, days: int) -> Change:
    """The change an action stands for. `days`: working days of a hearing. Raises ACTION-UNKNOWN."""

    def run(session: Session, viewer: Viewer) -> Evidence:
        match action:
            case "accept":
                return review.accept(session, viewer, evidence_id, form.version)
            case "reject":
                return review.reject(session, viewer, evidence_id, form.reason, form.version)
            case "correct":
                item = review.get_evidence(session, viewer, evidence_id)
                return review.correct(session, viewer, evidence_id, _correction(item, form), form.reason, form.version)
            case "undo":
                return review.undo(session, viewer, evidence_id)
            case "propose":
                return verify.propose(session, viewer, evidence_id, form.conclusion, form.reason, form.true_part)
            case "agree":
                return verify.agree(session, viewer, evidence_id, form.reason, form.version, today)
            case "sign":
                return verify.sign(session, viewer, evidence_id, form.reason, form.version, today)
            case "return":
                return verify.send_back(session, viewer, evidence_id, form.reason)
            case "notify":
                return hearing_acts.notify(session, viewer, evidence_id, form.text, today, form.to_cadre, days)
            case "respond":
                return hearing_acts.respond(session, viewer, evidence_id, form.text, form.on or today, form.reopen)
            case "leniency":
                words = hearing_acts.LeniencyWords(
                    form.leniency, form.reason, tuple(form.distinction), form.body, form.document_no
                )
                return hearing_acts.leniency(session, viewer, evidence_id, words, today)
            case "doubt":
                return hearing_acts.doubt(session, viewer, evidence_id, form.first_record, form.other_record, today)
            case "conclude":
                return hearing_acts.conclude(session, viewer, evidence_id, form.doubt, form.reason, today)
            case "exception":
                return hearing_acts.ask_exception(session, viewer, evidence_id, form.reason, today)
            case "withdraw":
                return verify.withdraw(session, viewer, evidence_id, form.state, form.reason)
            case _:
                raise ShijiError("ACTION-UNKNOWN", f"没有这项操作：{action}", str(evidence_id), "请从条目页面操作。")

    return run


def _correction(item: Evidence, form: ItemForm) -> Correction:
    """Only what differs from what holds now; a form always sends all it shows."""
    team = None if form.team_id is None else "" if form.team_id == NO_TEAM else form.team_id
    cadres = _cadres(form) if form.cadres_shown else None
    change = Correction(
        label=form.label if form.label != item.label else None,
        sub_type=form.sub_type if form.sub_type != item.sub_type else None,
        team_id=team if team != (item.team_id or "") else None,
        role=form.role if form.role != item.role else None,
        cadres=cadres if cadres != {link.cadre_id: link.role for link in item.cadres} else None,
    )
    if change == Correction():
        raise ShijiError("REVIEW-SAME", "没有改动", item.code, "请先选择要改正的内容。")
    return change


def _cadres(form: ItemForm) -> dict[str, str]:
    kept = dict(entry.split("=", 1) for entry in form.cadre if "=" in entry)
    cadres = {cadre: role for cadre, role in kept.items() if role}
    if form.add_cadre:
        cadres[form.add_cadre] = form.add_role
    return cadres
