"""JSON of the restricted compartment: important matters, the register of formal acts, restricted items (R-04)."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.briefing import WORD, word_response
from api.acts.matters import act_on, front
from api.acts.sealing import matter_word, moment, read_matter, sealed
from api.acts.supervising import restricted_items
from api.form_fields import Fields
from dossier.compartment import kinds, matters, supervision
from dossier.compartment.kinds import MatterData

router = APIRouter(prefix="/api", tags=["restricted"])
Anyone = Annotated[SignedIn, Depends(require("UNIT", "OFF", "HEAD", "KH", "SUP", "DEP", "MIN"))]
Submitter = Annotated[SignedIn, Depends(require_checked("UNIT", "SUP"))]
Receiver = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "SUP"))]
Reader = Annotated[SignedIn, Depends(require("SUP", "HEAD", "DEP", "MIN"))]
Hand = Annotated[SignedIn, Depends(require_checked("SUP", "HEAD", "DEP", "MIN"))]
Keeper = Annotated[SignedIn, Depends(require("SUP"))]
KeeperHand = Annotated[SignedIn, Depends(require_checked("SUP"))]
Overseer = Annotated[SignedIn, Depends(require("SUP", "HEAD"))]


class MatterIn(BaseModel):
    """A report. There is no field for a diagnosis; family and discipline have no free text."""

    kind: str = Field(description="、".join(kinds.KINDS))
    cadre_id: str = ""
    cadre_name: str = Field(default="", description="of a member who stands in no roster, without cadre_id")
    team_id: str = Field(default="", description="for SUP; a UNIT's is its own")
    occurred_on: date
    occurred_hour: str = ""
    fact: str = ""
    effect: str = "不影响"
    expected: str = ""
    measures: str = ""
    signer: str
    reporter: str
    channel: str = kinds.BY_LEADER
    urgent: str = ""
    family_kind: str = ""
    body: str = ""
    stage: str = ""
    public: bool = False
    title: str = ""


class ActIn(BaseModel):
    """Fields of one act: login (readers), reader (end-reader), into (merge), kind, on, note (care, close)."""

    login: str = ""
    reader: int = 0
    into: str = ""
    kind: str = ""
    on: date | None = None
    note: str = ""


class SupervisionIn(BaseModel):
    """A formal act from its approved paper."""

    kind: str = Field(description="、".join(supervision.KINDS))
    cadre_id: str
    team_id: str
    form: str = "书面"
    matter: str
    approver: str
    document_no: str
    delivered_on: date
    previous: int | None = None


class CameIn(BaseModel):
    """A reply or report came in. outcome: of a 函询."""

    on: date
    outcome: str = ""


@router.get("/matters")
def index(system: SystemDep, person: Anyone) -> dict[str, Any]:
    """What this role may see: register, what waits for a receipt, own reports, counts without names."""
    shown = front(system, person.viewer)
    return {key: [asdict(row) for row in shown[key]] for key in ("lines", "waiting", "own", "counts")}


@router.post("/matters", status_code=201)
def submit(system: SystemDep, person: Submitter, given: MatterIn) -> dict[str, Any]:
    """Hand in a report; the receipt number comes when it is received."""
    values = given.model_dump(exclude={"title"}) | {"team_id": person.viewer.team_id or given.team_id}
    at = moment(system)
    row = sealed(
        system, person.viewer, "matter-submit", "matter", "",
        lambda s, vault, v: matters.submit(s, vault, v, MatterData(**values), at, given.title),
    )  # fmt: skip
    return {"id": row.id, "state": row.state}


@router.post("/matters/{matter_id:int}/receive")
def receive(system: SystemDep, person: Receiver, matter_id: int) -> dict[str, Any]:
    """Give the receipt number, without reading."""
    row = sealed(
        system, person.viewer, "matter-receive", "matter", str(matter_id),
        lambda s, vault, v: matters.receive(s, vault, v, matter_id, moment(system)),
    )  # fmt: skip
    return {"id": row.id, "state": row.state, "receipt": row.receipt}


@router.get("/matters/{matter_id:int}.docx", response_class=Response, responses={200: {"content": {WORD: {}}}})
def form(system: SystemDep, person: Reader, matter_id: int) -> Response:
    """重要事项报告单."""
    return word_response(*matter_word(system, person.viewer, matter_id))


@router.get("/matters/{matter_id:int}")
def show(system: SystemDep, person: Reader, matter_id: int) -> dict[str, Any]:
    """One matter, for SUP and its named readers; each reading is recorded."""
    return asdict(read_matter(system, person.viewer, matter_id))


@router.post("/matters/{matter_id:int}/{act}")
def change(system: SystemDep, person: Hand, matter_id: int, act: str, given: ActIn) -> dict[str, Any]:
    """readers, end-reader, merge, care, close."""
    values = {key: [str(value)] for key, value in given.model_dump().items() if value}
    if act in ("readers", "end-reader", "merge", "care", "close"):
        act_on(system, person.viewer, matter_id, act, Fields(values))
    return asdict(read_matter(system, person.viewer, matter_id))


@router.get("/supervision")
def register(system: SystemDep, person: Keeper) -> list[dict[str, Any]]:
    """监督谈话台账, for SUP alone; each reading is recorded."""
    today = system.settings.today()
    rows = sealed(
        system, person.viewer, "supervision-read", "supervision", "",
        lambda s, vault, v: supervision.supervision_register(s, vault, v, today),
    )  # fmt: skip
    return [asdict(row) for row in rows]


@router.post("/supervision", status_code=201)
def enter(system: SystemDep, person: KeeperHand, given: SupervisionIn) -> dict[str, Any]:
    """Enter a formal act; nothing else makes one."""
    data = supervision.ActData(**given.model_dump(exclude={"previous"}))
    row = sealed(
        system, person.viewer, "supervision-enter", "supervision", "",
        lambda s, vault, v: supervision.enter(s, vault, v, data, given.previous),
    )  # fmt: skip
    return {"id": row.id, "number": row.number, "reply_due": row.reply_due, "report_due": row.report_due}


@router.post("/supervision/{act_id:int}/replied")
def replied(system: SystemDep, person: KeeperHand, act_id: int, given: CameIn) -> dict[str, Any]:
    """The reply to a 函询, or the self-review after a 诫勉."""
    row = sealed(
        system, person.viewer, "supervision-replied", "supervision", str(act_id),
        lambda s, _, v: supervision.replied(s, v, act_id, given.on, given.outcome),
    )  # fmt: skip
    return {"id": row.id, "outcome": row.outcome}


@router.post("/supervision/{act_id:int}/reported")
def reported(system: SystemDep, person: KeeperHand, act_id: int, given: CameIn) -> dict[str, Any]:
    """The report on correction."""
    row = sealed(
        system, person.viewer, "supervision-reported", "supervision", str(act_id),
        lambda s, _, v: supervision.reported(s, v, act_id, given.on),
    )  # fmt: skip
    return {"id": row.id, "reported_on": row.reported_on}


@router.get("/restricted")
def restricted(system: SystemDep, person: Overseer) -> list[dict[str, Any]]:
    """Restricted items of the record in the viewer's scope, without their words."""
    with system.database.read() as session:
        rows = restricted_items(session, person.viewer)
    return [{"id": r.id, "code": r.code, "team": r.team_id, "date": r.date, "state": r.state} for r in rows]
