"""The review queue, items, and every decision on them, with the scoping and rights of the pages."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access.accounts import SignedIn
from api.access.rights import CheckedDep, PersonDep, SystemDep, require
from api.acts import hearing_acts
from api.acts.acting import Change, act
from api.acts.desk import desk_values
from api.acts.hearing_acts import LeniencyWords
from api.system import System
from dossier import review, verify
from dossier.event_summary import event_summary
from dossier.field.coverage import channels_of
from dossier.field.doubts import doubts_of
from dossier.field.records import RecordForm, enter
from dossier.item import item_file
from dossier.lineage import item_lineage
from dossier.offered import may_do
from dossier.queue import queue_page
from dossier.scope import Viewer
from dossier.views import load_views
from storage.tables import Evidence

router = APIRouter(prefix="/api", tags=["evidence"])
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH"))]
Item = dict[str, Any]
TopicCode = Literal["practice", "highlight", "major_matter", "problem", "routine", "irrelevant"]


class Versioned(BaseModel):
    """`version` as last read; a decision on a newer version is refused with 409."""

    version: int | None = None


class Reasoned(BaseModel):
    """A decision with its reason."""

    reason: str = ""


class RejectIn(Versioned, Reasoned):
    """Leave an item out; once it was adopted, a reason is required."""


class AgreeIn(Versioned, Reasoned):
    """Agreement with, or signature under, the proposal as read."""


class CorrectIn(Versioned, Reasoned):
    """What holds instead; fields left out stay. team_id "" means no team; cadres replaces the list (id -> role)."""

    label: TopicCode | None = None
    sub_type: str | None = None
    team_id: str | None = None
    role: str | None = None
    cadres: dict[str, str] | None = None


class RecordIn(BaseModel):
    """核查记录 by one of the six channels. fields: those of the channel's form, see GET /api/records/forms."""

    channel: Literal["听", "看", "查", "谈", "访", "调"]
    on: date
    summary: str
    fields: dict[str, str] = {}
    officers: list[str] = []
    self_reported: bool = False
    official: bool = False


class ProposeIn(BaseModel):
    """A conclusion with its grounds; 部分属实 needs the true part in an officer's words."""

    conclusion: Literal["已核实", "部分属实", "不属实", "无法核实"]
    reason: str
    true_part: str = ""


class NotifyIn(BaseModel):
    """The statement of fact as told to the unit, or to one cadre of the item: never its origin."""

    text: str
    cadre: str = ""


class RespondIn(BaseModel):
    """The unit's or person's statement; `reopen` takes a settled item back to 核实中."""

    statement: str
    reopen: bool = False


class LeniencyIn(BaseModel):
    """容错 result as a head prepares it; distinctions: 属可容, 不可容 or 不涉及 for each of the three."""

    value: Literal["不涉及", "拟容错", "已容错", "不予容错"]
    reason: str
    distinctions: list[Literal["属可容", "不可容", "不涉及"]]
    body: str = ""
    document_no: str = ""


class DoubtIn(BaseModel):
    """Two records of the item that contradict each other."""

    first: int
    other: int


class ConcludeIn(BaseModel):
    """The written conclusion on a doubt."""

    doubt: int
    conclusion: str


class WithdrawIn(BaseModel):
    """HEAD: 已更正 or 已撤回, with the reason."""

    state: Literal["已更正", "已撤回"]
    reason: str


class QueueOut(BaseModel):
    """A page of a lane, the lane's total, and the counts of all lanes."""

    lane: str
    total: int
    counts: dict[str, int]
    items: list[Item]


@router.get("/desk")
def desk(system: SystemDep, person: PersonDep) -> dict[str, Any]:
    """今日工作台: lane counts, what to decide first, arrivals, reminders, sources that are not 正常."""
    with system.database.read() as session:
        found = desk_values(session, person.viewer, system.settings.today())
        found["first"] = [view.as_dict() for view in found["first"]]
        found["overdue"] = [view.as_dict() for view in found["overdue"]]
        del found["acts"]
        found["recent"] = [{"at": e.at, "login": e.login, "action": e.action} for e in found["recent"]]
    return found


@router.get("/queue")
def queue(
    system: SystemDep, person: ReaderDep, lane: str = "todo", label: str = "", team: str = "",
    limit: Annotated[int, Query(ge=1, le=200)] = 50, offset: Annotated[int, Query(ge=0)] = 0,
) -> QueueOut:  # fmt: skip
    """A page of a lane: todo, undecided, verify, agree, sign."""
    with system.database.read() as session:
        found = queue_page(session, person.viewer, lane, label, team, limit, offset)
    return QueueOut(
        lane=found.lane, total=found.total, counts=found.counts, items=[view.as_dict() for view in found.items]
    )


@router.get("/evidence/{evidence_id}")
def item(system: SystemDep, person: PersonDep, evidence_id: int) -> Item:
    """An item with machine reasons, records, history, similar waiting items, its prints, and what may be done now."""
    with system.database.read() as session:
        found = item_file(session, person.viewer, evidence_id)
        lineage = [asdict(row) for row in item_lineage(session, person.viewer, evidence_id)]
        summary = [asdict(line) for line in event_summary(session, person.viewer, evidence_id)]
        channels, doubts = dict(channels_of(session, evidence_id)), doubts_of(session, evidence_id)
    return {
        **found.view.as_dict(), "machine_team": found.machine_team, "doubtful": found.doubtful,
        "records": found.records, "history": found.history, "similar": found.similar, "holders": found.holders,
        "lineage": lineage, "summary": summary, "channels": channels, "doubts": doubts,
        "may": sorted(may_do(person.viewer, found)),
    }  # fmt: skip


@router.post("/evidence/{evidence_id}/accept")
def accept(system: SystemDep, person: CheckedDep, evidence_id: int, given: Versioned) -> Item:
    """Confirm topic and attribution; an adverse item goes to 待核实."""
    return _done(system, person, "accept", lambda s, v: review.accept(s, v, evidence_id, given.version))


@router.post("/evidence/{evidence_id}/reject")
def reject(system: SystemDep, person: CheckedDep, evidence_id: int, given: RejectIn) -> Item:
    """Leave the item out."""
    return _done(system, person, "reject", lambda s, v: review.reject(s, v, evidence_id, given.reason, given.version))


@router.post("/evidence/{evidence_id}/correct")
def correct(system: SystemDep, person: CheckedDep, evidence_id: int, given: CorrectIn) -> Item:
    """Correct topic, sub-type, team, role or cadres; the machine's own words stay."""
    change = review.Correction(given.label, given.sub_type, given.team_id, given.role, given.cadres)
    return _done(
        system, person, "correct",
        lambda s, v: review.correct(s, v, evidence_id, change, given.reason, given.version),
    )  # fmt: skip


@router.post("/evidence/{evidence_id}/undo")
def undo(system: SystemDep, person: CheckedDep, evidence_id: int) -> Item:
    """Take back one's own latest accept, reject or correct."""
    return _done(system, person, "undo", lambda s, v: review.undo(s, v, evidence_id))


@router.post("/evidence/{evidence_id}/records")
def add_record(system: SystemDep, person: CheckedDep, evidence_id: int, given: RecordIn) -> Item:
    """Enter a full field record for one item; POST /api/records enters one for many."""
    form = RecordForm(
        given.channel, given.on, given.summary, given.fields, tuple(given.officers), (evidence_id,),
        self_reported=given.self_reported, official=given.official,
    )  # fmt: skip
    today = system.settings.today()

    def change(session: Session, viewer: Viewer) -> Evidence:
        enter(session, viewer, form, today)
        return session.get_one(Evidence, evidence_id)

    return _done(system, person, "records", change)


@router.post("/evidence/{evidence_id}/propose")
def propose(system: SystemDep, person: CheckedDep, evidence_id: int, given: ProposeIn) -> Item:
    """First officer: propose a conclusion."""
    return _done(
        system, person, "propose",
        lambda s, v: verify.propose(s, v, evidence_id, given.conclusion, given.reason, given.true_part),
    )  # fmt: skip


@router.post("/evidence/{evidence_id}/agree")
def agree(system: SystemDep, person: CheckedDep, evidence_id: int, given: AgreeIn) -> Item:
    """Second officer: agree."""
    today = system.settings.today()
    return _done(
        system, person, "agree", lambda s, v: verify.agree(s, v, evidence_id, given.reason, given.version, today)
    )


@router.post("/evidence/{evidence_id}/sign")
def sign(system: SystemDep, person: CheckedDep, evidence_id: int, given: AgreeIn) -> Item:
    """HEAD: sign the conclusion on an adverse item."""
    today = system.settings.today()
    return _done(
        system, person, "sign", lambda s, v: verify.sign(s, v, evidence_id, given.reason, given.version, today)
    )


@router.post("/evidence/{evidence_id}/return")
def send_back(system: SystemDep, person: CheckedDep, evidence_id: int, given: Reasoned) -> Item:
    """Send a proposal back, with a reason."""
    return _done(system, person, "return", lambda s, v: verify.send_back(s, v, evidence_id, given.reason))


@router.post("/evidence/{evidence_id}/notify")
def notify(system: SystemDep, person: CheckedDep, evidence_id: int, given: NotifyIn) -> Item:
    """Register a 告知 as sent today; the clock of 5 working days runs."""
    today, days = system.settings.today(), system.settings.hearing_days
    return _done(
        system, person, "notify",
        lambda s, v: hearing_acts.notify(s, v, evidence_id, given.text, today, given.cadre, days),
    )  # fmt: skip


@router.post("/evidence/{evidence_id}/respond")
def respond(system: SystemDep, person: CheckedDep, evidence_id: int, given: RespondIn) -> Item:
    """Enter the statement made in answer to the latest 告知."""
    today = system.settings.today()
    return _done(
        system, person, "respond",
        lambda s, v: hearing_acts.respond(s, v, evidence_id, given.statement, today, given.reopen),
    )  # fmt: skip


@router.post("/evidence/{evidence_id}/leniency")
def leniency(system: SystemDep, person: CheckedDep, evidence_id: int, given: LeniencyIn) -> Item:
    """HEAD: prepare the 容错审查; 干部监督 checks it and the deputy signs."""
    words = LeniencyWords(given.value, given.reason, tuple(given.distinctions), given.body, given.document_no)
    today = system.settings.today()
    return _done(system, person, "leniency", lambda s, v: hearing_acts.leniency(s, v, evidence_id, words, today))


@router.post("/evidence/{evidence_id}/doubt")
def doubt(system: SystemDep, person: CheckedDep, evidence_id: int, given: DoubtIn) -> Item:
    """存疑: two records contradict each other."""
    today = system.settings.today()
    return _done(
        system, person, "doubt", lambda s, v: hearing_acts.doubt(s, v, evidence_id, given.first, given.other, today)
    )


@router.post("/evidence/{evidence_id}/conclude")
def conclude(system: SystemDep, person: CheckedDep, evidence_id: int, given: ConcludeIn) -> Item:
    """Write the conclusion on a doubt of the item."""
    today = system.settings.today()
    return _done(
        system, person, "conclude",
        lambda s, v: hearing_acts.conclude(s, v, evidence_id, given.doubt, given.conclusion, today),
    )  # fmt: skip


@router.post("/evidence/{evidence_id}/withdraw")
def withdraw(system: SystemDep, person: CheckedDep, evidence_id: int, given: WithdrawIn) -> Item:
    """HEAD: correct or withdraw an adopted item."""
    return _done(system, person, "withdraw", lambda s, v: verify.withdraw(s, v, evidence_id, given.state, given.reason))


def _done(system: System, person: SignedIn, name: str, change: Change) -> Item:
    changed = act(system, person, name, change)
    with system.database.read() as session:
        [view] = load_views(session, select(Evidence).where(Evidence.id == changed.id))
    return view.as_dict()
