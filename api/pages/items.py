"""One item: document, annotation, verification panel and the full decision history (domain.md §2.5, §2.6)."""

from __future__ import annotations

import re
from typing import Annotated, Any

from fastapi import APIRouter, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from api.accounts import SignedIn
from api.acts import act
from api.decisions import ItemForm, change_for
from api.pages.queue import QueueQuery, after, choices
from api.render import page, templates
from api.rights import CheckedDep, PersonDep, SystemDep
from api.system import System
from dossier import review, terms
from dossier.holders import holders
from dossier.item import ItemFile, item_file
from dossier.scope import Viewer, get_team
from storage.tables import Evidence

router = APIRouter(include_in_schema=False)
# what betrays where a fact came from: 本报讯（记者 …）, （…）, 据…报道，
ORIGIN = re.compile(
    r"^\s*(?:[^（。]{0,20}(?:讯|电|消息)\s*)?(?:（[^）]*记者[^）]*）)?"
    r"|据[^，。]{1,20}(?:报道|消息|反映)，|记者[^，。]{0,12}获悉，"
)


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
    changed = act(system, person, action, change_for(action, evidence_id, form, system.settings.today()))
    if form.back == "queue":
        return after(request, system, person, _next(form, changed, action))
    if request.headers.get("hx-request"):
        return _show(request, system, person, evidence_id, "item_body.html")
    return RedirectResponse(f"/items/{evidence_id}", 303)


def _next(form: ItemForm, changed: Evidence, action: str) -> QueueQuery:
    stays = changed.state == terms.PENDING and action != "reject"
    return QueueQuery(
        lane=form.lane, label=form.only_label, team=form.only_team, offset=form.offset,
        id=changed.id if stays else form.next, done=changed.id, what=action,
    )  # fmt: skip


def _show(request: Request, system: System, person: SignedIn, evidence_id: int, fragment: str = "") -> Response:
    with system.database.read() as session:
        values = item_values(session, person.viewer, evidence_id)
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
        "may": may_do(viewer, chosen), "notice": notice_text(chosen), "channels": terms.CHANNEL_NAMES,
        "conclusions": terms.CONCLUSIONS, "leniencies": terms.LENIENCY, **choices(chosen),
    }  # fmt: skip


def may_do(viewer: Viewer, chosen: ItemFile) -> frozenset[str]:
    """Which forms to offer. The rules themselves stand in dossier; a form not offered would be refused there too."""
    view = chosen.view
    if viewer.role not in review.DECIDERS:
        return frozenset()
    may: set[str] = set()
    last = next((d for d in reversed(chosen.history) if not d.undone and d.kind != "undo"), None)
    if last and last.user_id == viewer.user_id and last.kind in ("accept", "reject", "correct"):
        may.add("undo")
    if view.state in (terms.PENDING, terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING):
        may.add("correct")
    if view.state in (terms.PENDING, terms.ADOPTED, terms.TO_VERIFY):
        may.add("reject")
    if view.state == terms.PENDING:
        may.add("accept")
    if view.state in (terms.ADOPTED, terms.TO_VERIFY, terms.VERIFYING):
        may |= {"records", "propose"} if not view.proposed_state else {"records"}
    if view.proposed_state:
        may.add("return")
        if view.agreed_by is None and view.proposed_by != viewer.user_id:
            may.add("agree")
        if view.agreed_by is not None and viewer.role == "HEAD":
            may.add("sign")
    if view.adverse and view.state in (terms.TO_VERIFY, terms.VERIFYING, *terms.ESTABLISHED):
        may.add("notify")
        if view.notified:
            may.add("respond")
    if viewer.role == "HEAD":
        may |= {"leniency"} if view.adverse else set()
        may |= {"withdraw"} if view.state in terms.SHOWN else set()
    return frozenset(may)


def notice_text(chosen: ItemFile) -> str:
    """Text of a 告知 to start from: fact, date and what is asked; nothing about source or other persons (§2.10 P3)."""
    view = chosen.view
    when = f"{view.date}，" if view.date_from_text else ""
    fact = ORIGIN.sub("", view.fact).strip()
    return (
        f"现就以下事项听取{view.team or '你单位'}意见：{when}{fact}请说明有关情况、原因和已采取的措施，"
        "可附佐证材料，并请于收到本告知之日起5个工作日内书面回复。"
    )
