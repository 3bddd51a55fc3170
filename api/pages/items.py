"""One item: document, annotation, verification panel and the full decision history (domain.md §2.5, §2.6)."""

from __future__ import annotations

from datetime import date
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
from dossier.batch_fix import similar_past
from dossier.event_summary import event_summary
from dossier.field.coverage import channels_of
from dossier.field.doubts import doubts_of
from dossier.field.forms import form_of
from dossier.hearing import leniency, register
from dossier.hearing.letter import letter_text
from dossier.hearing.readiness import package_ready
from dossier.holders import holders
from dossier.item import item_file
from dossier.lineage import item_lineage
from dossier.offered import may_do
from dossier.products.redact import load_names
from dossier.review import get_evidence
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
        settings = system.settings
        values = item_values(session, person.viewer, evidence_id, settings.today(), settings.hearing_days)
        values["figures"] = shown_rows(session, person.viewer.role, values["chosen"].view)
    if fragment:
        today = system.settings.today()
        return templates.TemplateResponse(
            request, fragment, {"person": person, "csrf": person.csrf, "today": today, **values}
        )
    return page(request, "item.html", person, **values)


def item_values(session: Session, viewer: Viewer, evidence_id: int, today: date, days: int) -> dict[str, Any]:
    """All that the item page shows. `days`: working days of a hearing."""
    chosen = item_file(session, viewer, evidence_id)
    record = get_evidence(session, viewer, evidence_id)
    adverse = record.adverse and chosen.view.state in (terms.TO_VERIFY, terms.VERIFYING, *terms.ESTABLISHED)
    names = load_names(session) if adverse else None
    return {
        "chosen": chosen, "decides": viewer.role in review.DECIDERS,
        "may": may_do(viewer, chosen), "channels": terms.CHANNEL_NAMES,
        "letters": [("", chosen.view.team or "单位", letter_text(chosen.view, names, days))]
        + [(c.id, c.name, letter_text(chosen.view, names, days, c.id)) for c in chosen.view.cadres] if names else [],
        "used": channels_of(session, evidence_id), "doubts": doubts_of(session, evidence_id),
        "notices": register.notices(session, viewer, today, evidence_id), "past": similar_past(session, viewer, record),
        "gaps": package_ready(session, record, today, days) if record.state in terms.ESTABLISHED else [],
        "lenient": leniency.reviews(session, viewer, evidence_id), "distinctions": leniency.DISTINCTIONS,
        "answers": leniency.ANSWERS, "form": form_of("看"), "channel": "看", "target": "#record-fields",
        "lineage": item_lineage(session, viewer, evidence_id),
        "summary": event_summary(session, viewer, evidence_id),
        "conclusions": terms.CONCLUSIONS, "leniencies": terms.LENIENCY, **choices(chosen),
    }  # fmt: skip
