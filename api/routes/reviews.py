"""JSON of 分析研判: list, board, and what people do on it. Nothing is picked beforehand; there is no score here."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.briefing import WORD, word_response
from api.acts.performing import perform
from api.acts.reviewing import draft_product, export_report, read_review, review_list
from api.system import System
from appraisal.review import acts
from appraisal.review.board import Board, Placed
from appraisal.review.boxes import BOXES, TEXTS
from appraisal.review.compare import Comparison

router = APIRouter(prefix="/api/reviews", tags=["reviews"])
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Writer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]
Drafter = Annotated[SignedIn, Depends(require_checked("OFF", "KH"))]
Signer = Annotated[SignedIn, Depends(require_checked("HEAD", "DEP", "MIN"))]


class Opening(BaseModel):
    """Which review to open."""

    team: str
    quarter: str = Field(description="2025Q3")


class Placing(BaseModel):
    """An item or figure for a box. kind: evidence, figure; ref: id of the evidence or of the data point."""

    kind: str
    ref: int
    box: str = Field(description=", ".join(BOXES))


class Moving(BaseModel):
    """The box to move to; empty takes the entry out of all boxes."""

    box: str = ""


class Writing(BaseModel):
    """Texts by part, saved onto the version that was read."""

    version: int
    texts: dict[str, str] = Field(description=", ".join(TEXTS))


class Picking(BaseModel):
    """The overall state a person picked, with reasons."""

    overall: str
    reasons: str


class OpinionIn(BaseModel):
    """An attributed opinion."""

    kind: str = Field(description="、".join(acts.OPINION_KINDS))
    attribution: str
    on: date
    text: str


class DemandIn(BaseModel):
    """改进要求."""

    text: str


class ResponseIn(BaseModel):
    """How a team answered."""

    response: str
    on: date


class Signing(BaseModel):
    """同意 or 退回, with a note."""

    outcome: str
    note: str = ""


@router.get("")
def reviews(system: SystemDep, person: Reader, quarter: str = "") -> dict[str, Any]:
    """Teams of the caller's zones in roster order with the state of their reviews."""
    with system.database.read() as session:
        chosen, rows = review_list(session, person.viewer, quarter, system.settings.today())
    return {"quarter": chosen.code, "title": chosen.title, "teams": [asdict(row) for row in rows]}


@router.post("", status_code=201)
def open_review(system: SystemDep, person: Writer, wanted: Opening) -> dict[str, Any]:
    """Open a review and lay out what is verified."""
    today = system.settings.today()
    perform(
        system, person.viewer, "review-open", "review", "",
        lambda s, v: acts.open_review(s, v, wanted.team, wanted.quarter, today), {"team": wanted.team},
    )  # fmt: skip
    return _board(*read_review(system, person.viewer, wanted.team, wanted.quarter))


@router.get("/{review_id:int}.docx", response_class=Response, responses={200: {"content": {WORD: {}}}})
def report(system: SystemDep, person: Reader, review_id: int) -> Response:
    """领导班子运行情况分析报告 in Word."""
    return word_response(*export_report(system, person.viewer, review_id))


@router.get("/{quarter}/{team_id}")
def review(system: SystemDep, person: Reader, quarter: str, team_id: str) -> dict[str, Any]:
    """The board of a team and quarter with the quarter before beside it."""
    return _board(*read_review(system, person.viewer, team_id, quarter))


@router.post("/{review_id:int}/refresh")
def refresh(system: SystemDep, person: Writer, review_id: int) -> dict[str, int]:
    """Lay out what was verified since."""
    return {"added": _do(system, person, review_id, "review-refresh", lambda s, v: acts.refresh(s, v, review_id))}


@router.post("/{review_id:int}/entries", status_code=201)
def place(system: SystemDep, person: Writer, review_id: int, wanted: Placing) -> dict[str, int]:
    """Add a verified item or a figure to a box."""
    made = _do(
        system, person, review_id, "review-place",
        lambda s, v: acts.place(s, v, review_id, wanted.kind, wanted.ref, wanted.box),
    )  # fmt: skip
    return {"entry": made.id}


@router.post("/{review_id:int}/entries/{entry_id:int}")
def move(system: SystemDep, person: Writer, review_id: int, entry_id: int, wanted: Moving) -> dict[str, int]:
    """Move an entry to another box, or take it out."""
    if not wanted.box:
        _do(system, person, review_id, "review-remove", lambda s, v: acts.remove(s, v, review_id, entry_id))
        return {"entry": 0}
    made = _do(
        system, person, review_id, "review-move", lambda s, v: acts.move(s, v, review_id, entry_id, wanted.box)
    )  # fmt: skip
    return {"entry": made.id}


@router.put("/{review_id:int}/texts")
def write(system: SystemDep, person: Writer, review_id: int, wanted: Writing) -> dict[str, int]:
    """Save what was written."""
    made = _do(
        system, person, review_id, "review-write",
        lambda s, v: acts.write(s, v, review_id, wanted.texts, wanted.version),
    )  # fmt: skip
    return {"version": made.version}


@router.put("/{review_id:int}/overall")
def pick(system: SystemDep, person: Writer, review_id: int, wanted: Picking) -> dict[str, str]:
    """A person picks the overall state, with reasons."""
    made = _do(
        system, person, review_id, "review-overall",
        lambda s, v: acts.pick(s, v, review_id, wanted.overall, wanted.reasons),
    )  # fmt: skip
    return {"overall": made.overall}


@router.post("/{review_id:int}/opinions", status_code=201)
def opinion(system: SystemDep, person: Writer, review_id: int, wanted: OpinionIn) -> dict[str, int]:
    """Note an attributed opinion."""
    made = _do(
        system, person, review_id, "review-opinion",
        lambda s, v: acts.note_opinion(s, v, review_id, wanted.kind, wanted.attribution, wanted.on, wanted.text),
    )  # fmt: skip
    return {"id": made.id}


@router.post("/{review_id:int}/demands", status_code=201)
def demand(system: SystemDep, person: Writer, review_id: int, wanted: DemandIn) -> dict[str, int]:
    """Add a 改进要求."""
    made = _do(system, person, review_id, "review-demand", lambda s, v: acts.demand(s, v, review_id, wanted.text))
    return {"id": made.id}


@router.put("/demands/{demand_id:int}/response")
def respond(system: SystemDep, person: Writer, demand_id: int, wanted: ResponseIn) -> dict[str, str]:
    """Note how a team answered a 改进要求."""
    made = perform(
        system, person.viewer, "review-respond", "review-demand", str(demand_id),
        lambda s, v: acts.respond(s, v, demand_id, wanted.response, wanted.on),
    )  # fmt: skip
    return {"response": made.response}


@router.post("/{review_id:int}/signatures", status_code=201)
def sign(system: SystemDep, person: Signer, review_id: int, wanted: Signing) -> dict[str, str]:
    """Pass the step that is due, or send back."""
    today = system.settings.today()
    made = _do(
        system, person, review_id, "review-sign",
        lambda s, v: acts.sign(s, v, review_id, wanted.outcome, wanted.note, today),
    )  # fmt: skip
    return {"state": made.state, "next": acts.next_step(made), "sha256": made.sha256}


@router.post("/{review_id:int}/product", status_code=201)
def product(system: SystemDep, person: Drafter, review_id: int) -> dict[str, int]:
    """The report as a draft in 文稿中心."""
    return {"product": draft_product(system, person, review_id).id}


def _do(system: System, person: SignedIn, review_id: int, action: str, change: Any) -> Any:
    return perform(system, person.viewer, action, "review", str(review_id), change)


def _board(shown: Board, beside: Comparison) -> dict[str, Any]:
    row = shown.row
    return {
        "team": shown.team.id, "quarter": shown.quarter.code, "id": row.id if row else None,
        "state": row.state if row else "", "next": acts.next_step(row) if row else "",
        "version": row.version if row else 0, "overall": row.overall if row else "",
        "reasons": row.reasons if row else "", "texts": row.texts if row else {}, "sha256": row.sha256 if row else "",
        "banner": list(shown.banner) if shown.banner else None,
        "boxes": {box: [_placed(one) for one in places] for box, places in shown.boxes.items()},
        "spare": [item.code for item in shown.spare], "reported": [item.code for item in shown.reported],
        "problems": [item.as_dict() for item in shown.problems], "doubts": [asdict(one) for one in shown.doubts],
        "opinions": [asdict(one) for one in shown.opinions], "hidden_opinions": shown.hidden_opinions,
        "demands": [{"id": d.id, "text": d.text, "response": d.response} for d in shown.demands],
        "last_quarter": {
            "sentence": beside.sentence, "overall": beside.overall, "counts": [asdict(one) for one in beside.counts],
            "demands": [{"id": d.id, "text": d.text, "response": d.response} for d in beside.demands],
        },
    }  # fmt: skip


def _placed(place: Placed) -> dict[str, Any]:
    item = place.item.as_dict() if place.item else None
    figure = {**asdict(place.figure), "text": place.figure.text} if place.figure else None
    return {"entry": place.id, "prefilled": place.prefilled, "item": item, "figure": figure}
