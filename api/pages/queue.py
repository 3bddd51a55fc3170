"""待确认队列: the passage in its document beside the annotation, decided by keyboard (domain.md §6.2)."""

from __future__ import annotations

from functools import partial
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Form, Query, Request
from fastapi.responses import RedirectResponse, Response
from pydantic import BaseModel
from sqlalchemy.orm import Session

from api.access.accounts import SignedIn
from api.access.rights import CheckedDep, SystemDep, require
from api.acts.acting import act
from api.acts.decisions import ItemForm
from api.render import page, templates
from api.system import System
from dossier import review, terms
from dossier.item import ItemFile, item_file, team_choices
from dossier.queue import LANES, QueuePage, queue_page
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Evidence

router = APIRouter(include_in_schema=False)
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH"))]  # leaders read dossiers, not the queue
PAGE = 30
KEYED = (("1", "practice"), ("2", "highlight"), ("3", "major_matter"), ("4", "problem"), ("5", "routine"))
WORKED = ("todo", "undecided")  # lanes decided on this page; the others lead to the item


class QueueQuery(BaseModel):
    """Where in the queue, and what was just done."""

    lane: str = "todo"
    label: str = ""
    team: str = ""
    first: str = ""  # "unsure": what the machine is least sure of comes first
    offset: int = 0
    id: int = 0
    done: int = 0
    what: str = ""

    def url(self, **changes: Any) -> str:
        """Address of the queue with these changes; empty values are left out."""
        values = {**self.model_dump(), "done": 0, "what": "", **changes}
        return "/queue?" + urlencode({key: value for key, value in values.items() if value})


@router.get("/queue")
def queue(request: Request, system: SystemDep, person: ReaderDep, query: Annotated[QueueQuery, Query()]) -> Response:
    return show(request, system, person, query)


@router.post("/queue/{evidence_id}/similar")
def correct_similar(
    request: Request, system: SystemDep, person: CheckedDep, evidence_id: int, form: Annotated[ItemForm, Form()]
) -> Response:
    """Give the waiting items with the same machine reason the same team as this one."""
    done, skipped = 0, []
    with system.database.read() as session:
        item = review.get_evidence(session, person.viewer, evidence_id)
        others = [other.id for other in review.similar_items(session, person.viewer, item)]
        change = review.Correction(team_id=item.team_id or "")
    for other in others:
        try:
            act(system, person, "correct", partial(_same_team, other=other, change=change, like=item.code))
            done += 1
        except ShijiError as bad:  # another item of the event has the team already: leave this one to the officer
            skipped.append(bad.where)
    what = f"已一并改正 {done} 条" + (f"，{len(skipped)} 条须逐条处理" if skipped else "")
    return after(request, system, person, QueueQuery(lane=form.lane, id=evidence_id, what=what))


def _same_team(session: Session, viewer: Viewer, other: int, change: review.Correction, like: str) -> Evidence:
    return review.correct(session, viewer, other, change, f"与 {like} 同一归属理由，一并改正")


def after(request: Request, system: System, person: SignedIn, query: QueueQuery) -> Response:
    """The queue after a decision: the next item for htmx, a redirect otherwise."""
    if not request.headers.get("hx-request"):
        return RedirectResponse(query.url(done=query.done, what=query.what), 303)
    response = show(request, system, person, query)
    response.headers["HX-Replace-Url"] = query.url()
    return response


def show(request: Request, system: System, person: SignedIn, query: QueueQuery) -> Response:
    """The whole page, or only its work area for htmx."""
    with system.database.read() as session:
        values = queue_values(session, person.viewer, query)
    if request.headers.get("hx-request"):
        context = {"person": person, "csrf": person.csrf, **values}
        return templates.TemplateResponse(request, "queue_work.html", context)
    return page(request, "queue.html", person, **values)


def queue_values(session: Session, viewer: Viewer, query: QueueQuery) -> dict[str, Any]:
    """All that the page shows."""
    listed = queue_page(
        session, viewer, query.lane, query.label, query.team, PAGE, query.offset, query.first == "unsure"
    )
    chosen = _chosen(session, viewer, query, listed) if query.lane in WORKED else None
    ids = [view.id for view in listed.items]
    position = ids.index(chosen.view.id) if chosen and chosen.view.id in ids else -1
    previous = ids[position - 1] if position > 0 else 0
    following = ids[position + 1] if position + 1 < len(ids) else 0
    return {
        "q": query, "lanes": LANES, "queue": listed, "chosen": chosen, "previous": previous, "next": following,
        "page_size": PAGE, "keyed": KEYED, "position": query.offset + position + 1,
        "decides": viewer.role in review.DECIDERS, "done": _done(session, viewer, query), **choices(chosen),
        "teams": team_choices(session, viewer),
    }  # fmt: skip


def choices(chosen: ItemFile | None) -> dict[str, Any]:
    """What the annotation's selects offer for an item."""
    label = chosen.view.label if chosen else ""
    subs = [(code, name) for code, name in terms.SUB_TYPES.items() if terms.TOPIC_CODES[code[:2]] == label]
    return {"subs": subs, "team_roles": terms.ROLES, "cadre_roles": terms.CADRE_ROLES}


def _chosen(session: Session, viewer: Viewer, query: QueueQuery, listed: QueuePage) -> ItemFile | None:
    if query.id:
        try:
            found = item_file(session, viewer, query.id)
        except ShijiError:  # moved out of sight meanwhile
            found = None
        if found and found.view.state == terms.PENDING:
            return found
    return item_file(session, viewer, listed.items[0].id) if listed.items else None


def _done(session: Session, viewer: Viewer, query: QueueQuery) -> dict[str, Any]:
    """The undo bar: what was just done to which item."""
    if not query.done:
        return {"text": query.what if query.what.startswith("已一并改正") else "", "id": 0}
    names = {"accept": "已采用", "reject": "已标为不采用", "correct": "已改正", "undo": "已撤销对下列条目的操作："}
    if query.what not in names:
        return {"text": "", "id": 0}
    item = review.get_evidence(session, viewer, query.done)
    text = f"{names[query.what]} {item.code}"
    if query.what == "accept" and item.state == terms.TO_VERIFY:
        text += "，列入待核实（不利条目须核查记录、两名经办和处长签批）"
    return {"text": text, "id": 0 if query.what == "undo" else item.id, "item": item.id}
