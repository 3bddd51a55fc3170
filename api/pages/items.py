"""One item: document, annotation, verification panel and the full decision history (domain.md §2.5, §2.6)."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from api.access.accounts import SignedIn
from api.access.rights import CheckedDep, PersonDep, SystemDep
from api.acts.acting import act
from api.acts.decisions import ItemForm, change_for
from api.acts.official_figures import shown_rows
from api.pages.queue import QueueQuery, after, choices
from api.render import page, templates
from api.system import System
from dossier import review, terms
from dossier.holders import holders
from dossier.item import item_file
from dossier.lineage import item_lineage
from dossier.notice import notice_text
from dossier.offered import may_do
from dossier.scope import Viewer, get_team
from storage.tables import Evidence

router = APIRouter(include_in_schema=False)


@router.get("/items/{evidence_id}")
def item(request: Request, system: SystemDep, person: PersonDep, evidence_id: int) -> Response:
    return _show(request, system, person, evidence_id)


@router.get("/items/{evidence_id}/holders")
def holders_of(
    request: Request, system: SystemDep, person: PersonDep, evidence_id: int, team_id: str = "-"
) -> Response:
    """Options of the 添加干部 select after another team was chosen."""
    with system.database.read() as session:
        chosen = item_file(session, person.viewer, evidence_id)
        found = []
        if team_id != "-" and chosen.day:
            get_team(session, person.viewer, team_id)
            found = holders(session, person.viewer, team_id, chosen.day)
    return templates.TemplateResponse(request, "item_holders.html", {"holders": found})


@router.post("/items/{evidence_id}/{action}")
def decide(
    request: Request, system: SystemDep, person: CheckedDep, evidence_id: int, action: str,
    form: Annotated[ItemForm, Form()],
) -> Response:  # fmt: skip
    """Any decision on the item; from the queue it goes on to the next one."""
    settings = system.settings
    change = change_for(action, evidence_id, form, settings.today(), settings.hearing_days)
    changed = act(system, person, action, change)
    if form.back == "queue":
        return after(request, system, person, _next(form, changed, action))
    if request.headers.get("hx-request"):
        return _show(request, system, person, evidence_id, "item_body.html")
    return RedirectResponse(f"/items/{evidence_id}", 303)


def _next(form: ItemForm, changed: Evidence, action: str) -> QueueQuery:
    stays = changed.state == terms.PENDING and action != "reject"
    return QueueQuery(
        lane=form.lane, label=form.only_label, team=form.only_team, first=form.only_first, offset=form.offset,
        id=changed.id if stays else form.next, done=changed.id, what=action,
    )  # fmt: skip


def _show(request: Request, system: System, person: SignedIn, evidence_id: int, fragment: str = "") -> Response:
    with system.database.read() as session:
        values = item_values(session, person.viewer, evidence_id)
        values["figures"] = shown_rows(session, person.viewer.role, values["chosen"].view)
    if fragment:
        today = system.settings.today()
        return templates.TemplateResponse(
            request, fragment, {"person": person, "csrf": person.csrf, "today": today, **values}
        )
    return page(request, "item.html", person, **values)


def item_values(session: Session, viewer: Viewer, evidence_id: int) -> dict[str, Any]:
    """All that the item page shows."""
    chosen = item_file(session, viewer, evidence_id)
    return {
        "chosen": chosen, "decides": viewer.role in review.DECIDERS,
        "may": may_do(viewer, chosen), "notice": notice_text(chosen.view), "channels": terms.CHANNEL_NAMES,
        "lineage": item_lineage(session, viewer, evidence_id),
        "conclusions": terms.CONCLUSIONS, "leniencies": terms.LENIENCY, **choices(chosen),
    }  # fmt: skip
