"""文稿中心: drafts, what waits for one's check or signature, issued papers, and the recall list."""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from sqlalchemy.orm import Session

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import producing
from api.acts.briefing import word_response
from api.acts.product_builders import kinds_for
from api.render import page
from api.system import System
from dossier.clearing.cleared import cleared
from dossier.hearing.register import untold_items
from dossier.item import team_choices
from dossier.products import editing, exports, paper, recall, spans, store
from dossier.products.issue import FILE_COPY, Recipient, copy_serial
from dossier.products.kinds import KINDS
from dossier.products.redact import PROFILES
from dossier.products.wanted import Wanted
from dossier.scope import Viewer, list_cadres
from storage.errors import ShijiError

router = APIRouter(include_in_schema=False)
INSIDE = ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN")
Reader = Annotated[SignedIn, Depends(require(*INSIDE))]
Anyone = Annotated[SignedIn, Depends(require(*INSIDE, "UNIT"))]
Actor = Annotated[SignedIn, Depends(require_checked(*INSIDE))]
Text = Annotated[str, Form()]
Place = Annotated[int, Form(ge=0, le=10_000)]
PERIODS = ("day", "week", "month", "quarter")


@router.get("/products")
def products(request: Request, system: SystemDep, person: Anyone, kind: str = "", state: str = "") -> Response:
    """What waits for me, what was made, and the form to draft; a unit sees the copies it was sent."""
    if person.viewer.role == "UNIT":
        with system.database.read() as session:
            return page(request, "products/received.html", person, copies=exports.received(session, person.viewer))
    return _index(request, system, person, {"kind": "", "period": "", "ref": ""}, kind, state)


@router.get("/products/new")
def new(request: Request, system: SystemDep, person: Reader, kind: str = "", ref: str = "") -> Response:
    """The form, filled by the page that led here."""
    return _index(request, system, person, {"kind": kind, "period": "", "ref": ref})


@router.post("/products")
def draft(
    request: Request, system: SystemDep, person: Actor, kind: Text = "", period: Text = "", ref: Text = ""
) -> Response:
    """Compose a draft and open it; what was filled in stays when something is wrong with it."""
    try:
        if kind in KINDS and KINDS[kind].subject == "cadre":
            wanted = Wanted(kind, cadre_id=ref.strip())
        else:
            wanted = Wanted(kind, period.strip(), ref=_number(system, person, ref))
        product = producing.compose(system, person, wanted)
    except ShijiError as error:
        return _index(request, system, person, {"kind": kind, "period": period, "ref": ref}, error=error)
    return RedirectResponse(f"/products/{product.id}", 303)


@router.post("/briefs/{brief_id:int}/product")
def from_brief(system: SystemDep, person: Actor, brief_id: int) -> Response:
    """Take a briefing note over for editing and checking."""
    return RedirectResponse(f"/products/{producing.from_brief(system, person, brief_id).id}", 303)


@router.get("/products/recalls")
def recalls(request: Request, system: SystemDep, person: Reader) -> Response:
    """Issued papers that cite something that fell, with everyone who holds a copy."""
    with system.database.read() as session:
        fallen = recall.recalls(session, person.viewer, with_handled=True)
    return page(request, "products/recalls.html", person, fallen=fallen, actions=recall.ACTIONS, serial=copy_serial)


@router.post("/products/{product_id:int}/recall")
def handle(
    system: SystemDep, person: Actor, product_id: int, item: Annotated[int, Form()], action: Text = "", note: Text = ""
) -> Response:
    producing.handle_recall(system, person, product_id, item, action, note)
    return RedirectResponse("/products/recalls", 303)


@router.get("/products/{product_id:int}")
def product(request: Request, system: SystemDep, person: Reader, product_id: int) -> Response:
    """A product: as a draft with its edit buttons, else as it stands, with steps, copies and exports."""
    shown = producing.show(system, person, product_id)
    with system.database.read() as session:
        teams = (
            team_choices(session, person.viewer)
            if "UNIT" in shown.kind.receives and person.viewer.reads_content
            else []
        )
    editable = shown.product.state == store.DRAFT and shown.product.drafted_by == person.viewer.user_id
    return page(
        request, "products/product.html", person, shown=shown, content=shown.content, row=shown.product,
        editable=editable, profiles=PROFILES, teams=teams, serial=copy_serial, file_copy=FILE_COPY,
        signer=paper.signer(shown.content), made_on=spans.written(date.fromisoformat(shown.content.made_on)),
        prints_annex=shown.product.kind not in paper.ONE_PAGE,
        placed=lambda table: any(table.after == p.heading for p in shown.content.parts if table.after),
        may_list=_may_list(person, shown), actions=recall.ACTIONS,
    )  # fmt: skip


@router.get("/products/{product_id:int}/edit")
def edit_form(
    request: Request, system: SystemDep, person: Reader, product_id: int, part: int = 0, at: int = 0, add: bool = False
) -> Response:
    """The form for one sentence: its words, and what it rests on."""
    shown = producing.show(system, person, product_id)
    parts = shown.content.parts
    if not 0 <= part < len(parts) or (not add and not 0 <= at < len(parts[part].sentences)):
        raise ShijiError("PRODUCT-PLACE", "没有这一句", "", "请刷新页面后再改。")
    sentence = None if add else parts[part].sentences[at]
    return page(
        request, "products/sentence.html", person, shown=shown, row=shown.product, content=shown.content,
        heading=parts[part].heading or "文首", part=part, at=at, add=add, sentence=sentence, error=None,
    )  # fmt: skip


@router.post("/products/{product_id:int}/sentence")
def write(
    system: SystemDep, person: Actor, product_id: int, part: Place, at: Place, version: Annotated[int, Form()],
    text: Text = "", codes: Annotated[list[str] | None, Form()] = None, more: Text = "", unsupported: Text = "",
    add: Text = "",
) -> Response:  # fmt: skip
    """Change or add a sentence."""
    chosen = [*(codes or ()), *re.split(r"[\s，、；,;]+", more.strip())]
    change = producing.written((part, at), text, chosen, unsupported == "1", add == "1")
    producing.edit(system, person, product_id, version, change)
    return RedirectResponse(f"/products/{product_id}#s-{part}-{at}", 303)


@router.post("/products/{product_id:int}/move")
def move(
    system: SystemDep, person: Actor, product_id: int, part: Place, at: Place, version: Annotated[int, Form()],
    act: Text = "",
) -> Response:  # fmt: skip
    """Move a sentence up or down, or take it out."""
    if act == "drop":
        producing.edit(system, person, product_id, version, lambda _s, _v, c: editing.drop_sentence(c, (part, at)))
    else:
        to = max(0, at - 1) if act == "up" else at + 1
        producing.edit(
            system, person, product_id, version, lambda _s, _v, c: editing.move_sentence(c, (part, at), (part, to))
        )
        at = to
    return RedirectResponse(f"/products/{product_id}#s-{part}-{at}", 303)


@router.post("/products/{product_id:int}/title")
def title(
    system: SystemDep, person: Actor, product_id: int, version: Annotated[int, Form()], title: Text = ""
) -> Response:
    producing.edit(system, person, product_id, version, lambda _s, _v, c: editing.rename(c, title))
    return RedirectResponse(f"/products/{product_id}", 303)


@router.post("/products/{product_id:int}/submit")
def submit(system: SystemDep, person: Actor, product_id: int, version: Annotated[int, Form()]) -> Response:
    producing.submit(system, person, product_id, version)
    return RedirectResponse(f"/products/{product_id}", 303)


@router.post("/products/{product_id:int}/decide")
def decide(
    system: SystemDep, person: Actor, product_id: int, version: Annotated[int, Form()], outcome: Text = "",
    note: Text = "",
) -> Response:  # fmt: skip
    """Check or sign, or send back."""
    producing.decide(system, person, product_id, outcome == "agree", note, version)
    return RedirectResponse(f"/products/{product_id}", 303)


@router.post("/products/{product_id:int}/void")
def void(system: SystemDep, person: Actor, product_id: int, reason: Text = "") -> Response:
    producing.void(system, person, product_id, reason)
    return RedirectResponse("/products", 303)


@router.post("/products/{product_id:int}/recipients")
def recipients(
    system: SystemDep, person: Actor, product_id: int, name: Text = "", role: Text = "", team: Text = "",
    remove: Text = "",
) -> Response:  # fmt: skip
    """Put one recipient on the list, or take one off; after issue, 加发 one more copy."""
    shown = producing.show(system, person, product_id)
    if shown.product.state == store.ISSUED:
        producing.add_copy(system, person, product_id, Recipient(name, role, team))
    else:
        kept = producing.listed(shown.product)
        if remove.isdigit() and int(remove) < len(kept):
            kept.pop(int(remove))
        else:
            kept.append(Recipient(name, role, team))
        producing.recipients(system, person, product_id, kept)
    return RedirectResponse(f"/products/{product_id}#copies", 303)


@router.post("/products/{product_id:int}/copies/{number:int}.docx")
def export(
    system: SystemDep, person: Annotated[SignedIn, Depends(require_checked(*INSIDE, "UNIT"))], product_id: int,
    number: int,
) -> Response:  # fmt: skip
    """The Word file of a copy; every time is counted."""
    return word_response(*producing.export(system, person, product_id, number))


def _number(system: System, person: SignedIn, ref: str) -> int | None:
    """The item meant: its id, or its code E-20250811-000123."""
    return producing.item_number(system, person, ref.strip()) if ref.strip() else None


def _subjects(session: Session, viewer: Viewer, today: date) -> dict[str, list[tuple[str, str]]]:
    """What a kind can be made of, where that is a short list: (value, words) by the kind's code."""
    found: dict[str, list[tuple[str, str]]] = {}
    for kind in kinds_for(viewer):
        if kind.subject == "cadre":
            found[kind.code] = [(c.id, c.name) for c in list_cadres(session, viewer, today)]
        elif kind.code == "notice_letter":
            found[kind.code] = [(code, f"{team}　{code}") for _, code, team in untold_items(session, viewer)]
        elif kind.code == "clearing":
            rows = cleared(session, viewer)
            found[kind.code] = [(r.code, f"{r.team or '无归属'}　{r.code}") for r in rows if r.purged_on is None]
    return found


def _may_list(person: SignedIn, shown: producing.Shown) -> bool:
    kind, state, viewer = shown.kind, shown.product.state, person.viewer
    if not kind.receives or state == store.VOID:
        return False
    acts = viewer.role in kind.checks | kind.signs
    return acts or (state == store.DRAFT and viewer.user_id == shown.product.drafted_by)


def _index(
    request: Request, system: System, person: SignedIn, given: dict[str, str], kind: str = "", state: str = "",
    error: ShijiError | None = None,
) -> Response:  # fmt: skip
    today = system.settings.today()
    with system.database.read() as session:
        subjects = _subjects(session, person.viewer, today)
        rows = store.list_products(session, person.viewer, kind, state if state in store.STATES else "")
        waiting = store.waiting(session, person.viewer)
        fallen = recall.recalls(session, person.viewer)
    periods = {subject: spans.choices(subject, today) for subject in PERIODS}
    return page(
        request, "products/index.html", person, 422 if error else 200, rows=rows, waiting=waiting, fallen=fallen,
        drafts=kinds_for(person.viewer), subjects=subjects, kinds=KINDS, states=store.STATES, periods=periods,
        given=given, error=error, kind=kind, state=state, today=today,
    )  # fmt: skip
