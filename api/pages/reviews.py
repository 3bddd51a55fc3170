"""分析研判: the list of a quarter, the evidence board of a team with all that people do on it, the report in Word."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.briefing import word_response
from api.acts.performing import perform
from api.acts.reviewing import LISTED_QUARTERS, draft_product, export_report, read_review, review_list
from api.days import typed_day
from api.render import page
from api.system import System
from appraisal.annual.matrix import STATES
from appraisal.review import acts
from appraisal.review.acts import AGREED, OPINION_KINDS, RETURNED, STEPS, WRITERS, next_step
from appraisal.review.boxes import BOXES, CADRE_BOXES, TEAM_BOXES, TEXTS
from appraisal.review.quarter import quarters_until
from storage.tables import TeamReview

router = APIRouter(include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Writer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD"))]
Drafter = Annotated[SignedIn, Depends(require_checked("OFF", "KH"))]
Signer = Annotated[SignedIn, Depends(require_checked("HEAD", "DEP", "MIN"))]
Text = Annotated[str, Form()]


class Words(BaseModel):
    """What was written, part by part, onto the version that was read."""

    version: int = 0
    csrf: str = ""
    structure: str | None = None
    idea: str | None = None
    method: str | None = None
    deed: str | None = None
    mind: str | None = None
    duty: str | None = None
    style: str | None = None
    causes: str | None = None
    advice: str | None = None


@router.get("/reviews")
def reviews(request: Request, system: SystemDep, person: Reader, quarter: str = "") -> Response:
    today = system.settings.today()
    with system.database.read() as session:
        chosen, rows = review_list(session, person.viewer, quarter, today)
    groups: dict[str, list[Any]] = {}
    for row in rows:
        groups.setdefault(row.category, []).append(row)
    return page(
        request, "reviews/index.html", person, chosen=chosen, groups=list(groups.items()),
        quarters=quarters_until(today, LISTED_QUARTERS), may_write=person.viewer.role in WRITERS,
    )  # fmt: skip


@router.post("/reviews/open")
def open_review(system: SystemDep, person: Writer, team: Text, quarter: Text) -> Response:
    today = system.settings.today()
    row = perform(
        system, person.viewer, "review-open", "review", "",
        lambda session, viewer: acts.open_review(session, viewer, team, quarter, today), {"team": team},
    )  # fmt: skip
    return _back(row)


@router.get("/reviews/{review_id:int}.docx")
def report(system: SystemDep, person: Reader, review_id: int) -> Response:
    return word_response(*export_report(system, person.viewer, review_id))


@router.get("/reviews/{quarter}/{team_id}")
def review(request: Request, system: SystemDep, person: Reader, quarter: str, team_id: str) -> Response:
    """The board. Nothing on it is picked beforehand."""
    shown, beside = read_review(system, person.viewer, team_id, quarter)
    row, role = shown.row, person.viewer.role
    step = next_step(row) if row else ""
    editing = row is not None and row.state == acts.DRAFT and role in WRITERS
    return page(
        request, "reviews/board.html", person, shown=shown, beside=beside, row=row, team_boxes=TEAM_BOXES,
        cadre_boxes=CADRE_BOXES, boxes=BOXES, texts=TEXTS, states=STATES, kinds=OPINION_KINDS, steps=list(STEPS),
        step=step, may_sign=bool(step) and STEPS[step] == role, editing=editing, outcomes=(AGREED, RETURNED),
        may_write=role in WRITERS, may_draft=role in ("OFF", "KH"),
    )  # fmt: skip


@router.post("/reviews/{review_id:int}/refresh")
def refresh(system: SystemDep, person: Writer, review_id: int) -> Response:
    return _do(system, person, review_id, "review-refresh", lambda s, v: acts.refresh(s, v, review_id))


@router.post("/reviews/{review_id:int}/place")
def place(
    system: SystemDep, person: Writer, review_id: int, kind: Text, ref: Annotated[int, Form()], box: Text
) -> Response:  # fmt: skip
    return _do(system, person, review_id, "review-place", lambda s, v: acts.place(s, v, review_id, kind, ref, box))


@router.post("/reviews/{review_id:int}/entries/{entry_id:int}")
def entry(system: SystemDep, person: Writer, review_id: int, entry_id: int, box: Text) -> Response:
    """Move an entry to a box, or out of all boxes for an empty one."""
    if box:
        return _do(system, person, review_id, "review-move", lambda s, v: acts.move(s, v, review_id, entry_id, box))
    return _do(system, person, review_id, "review-remove", lambda s, v: acts.remove(s, v, review_id, entry_id))


@router.post("/reviews/{review_id:int}/texts")
def texts(system: SystemDep, person: Writer, review_id: int, form: Annotated[Words, Form()]) -> Response:
    """Save the words of every part that the form holds."""
    words = {key: text for key, text in form.model_dump(include=set(TEXTS)).items() if text is not None}
    return _do(system, person, review_id, "review-write", lambda s, v: acts.write(s, v, review_id, words, form.version))


@router.post("/reviews/{review_id:int}/overall")
def overall(
    system: SystemDep, person: Writer, review_id: int, overall: Text = "", reasons: Text = ""
) -> Response:  # fmt: skip
    return _do(system, person, review_id, "review-overall", lambda s, v: acts.pick(s, v, review_id, overall, reasons))


@router.post("/reviews/{review_id:int}/opinions")
def opinion(
    system: SystemDep, person: Writer, review_id: int, kind: Text = "", attribution: Text = "", on: Text = "",
    text: Text = "",
) -> Response:  # fmt: skip
    day = typed_day(on, "意见日期") or system.settings.today()
    return _do(
        system, person, review_id, "review-opinion",
        lambda s, v: acts.note_opinion(s, v, review_id, kind, attribution, day, text),
    )  # fmt: skip


@router.post("/reviews/{review_id:int}/demands")
def demand(system: SystemDep, person: Writer, review_id: int, text: Text = "") -> Response:
    return _do(system, person, review_id, "review-demand", lambda s, v: acts.demand(s, v, review_id, text))


@router.post("/reviews/{review_id:int}/demands/{demand_id:int}")
def respond(
    system: SystemDep, person: Writer, review_id: int, demand_id: int, response: Text = "", on: Text = ""
) -> Response:  # fmt: skip
    """Note the answer to last quarter's demand, from this quarter's page."""
    day = typed_day(on, "回应日期") or system.settings.today()
    return _do(
        system, person, review_id, "review-respond", lambda s, v: acts.respond(s, v, demand_id, response, day)
    )  # fmt: skip


@router.post("/reviews/{review_id:int}/sign")
def sign(system: SystemDep, person: Signer, review_id: int, outcome: Text = "", note: Text = "") -> Response:
    today = system.settings.today()
    return _do(
        system, person, review_id, "review-sign", lambda s, v: acts.sign(s, v, review_id, outcome, note, today)
    )  # fmt: skip


@router.post("/reviews/{review_id:int}/product")
def product(system: SystemDep, person: Drafter, review_id: int) -> Response:
    """The report as a draft in 文稿中心."""
    return RedirectResponse(f"/products/{draft_product(system, person, review_id).id}", 303)


def _do(system: System, person: SignedIn, review_id: int, action: str, change: Any) -> Response:
    perform(system, person.viewer, action, "review", str(review_id), change)
    with system.database.read() as session:
        return _back(session.get_one(TeamReview, review_id))


def _back(row: TeamReview) -> Response:
    return RedirectResponse(f"/reviews/{row.quarter}/{row.team_id}", 303)
