"""业绩责任记实: entries and what is due, one person's in two columns, one with its steps, 年度结账 (§1.12)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import RedirectResponse, Response
from starlette.datastructures import FormData

from api.access import accounts, audit
from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import ledgering, producing
from api.days import typed_day
from api.pages.records import Typed, numbers
from api.render import page
from dossier.cadrefile import PURPOSES, purpose_text
from dossier.ledger import book, closing, rules
from dossier.ledger.picking import evidence_to_pick, teams_of
from dossier.ledger.reach import READERS, reached_cadre
from dossier.ledger.rules import MERIT
from dossier.products.spans import code_of, span_of
from dossier.products.wanted import Wanted

router = APIRouter(prefix="/ledger", include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require(*READERS))]
CheckedReader = Annotated[SignedIn, Depends(require_checked(*READERS))]
Keeper = Annotated[SignedIn, Depends(require("KH"))]
Actor = Annotated[SignedIn, Depends(require_checked("KH", "SUP", "DEP"))]
Office = Annotated[SignedIn, Depends(require("KH", "SUP", "DEP", "MIN"))]
Text = Annotated[str, Form()]


@router.get("")
def index(request: Request, system: SystemDep, person: Reader) -> Response:
    """What waits, what is to be followed up this quarter, and the persons with entries. No counts of persons."""
    today = system.settings.today()
    span = span_of("quarter", code_of("quarter", today))
    with system.database.read() as session:
        found = book.all_entries(session, person.viewer, today)
        persons = book.persons(session, person.viewer, today) if person.viewer.role == "KH" else []
    shown = {e.cadre_id: (e.cadre, e.team) for e in found}
    return page(
        request, "ledger/index.html", person, waiting=book.waiting_for(found, person.viewer, today),
        due=book.due_in(found, span), span=span, shown=shown, persons=persons, role=person.viewer.role,
        drafts=[e for e in found if e.approved_on is None],
    )  # fmt: skip


@router.get("/cadres/{cadre_id}")
def cadre(request: Request, system: SystemDep, person: Reader, cadre_id: str) -> Response:
    """业绩和责任记实表 of a person: the purpose first, the reading recorded (R-02)."""
    today = system.settings.today()
    with system.database.read() as session:
        found = reached_cadre(session, person.viewer, cadre_id, today)
    purpose = person.purposes.get(cadre_id, "")
    if not purpose:
        return page(request, "ledger/purpose.html", person, cadre=found, purposes=PURPOSES)
    entries = ledgering.read_person(system, person.viewer, cadre_id, purpose)
    columns = {
        "业绩": [e for e in entries if e.kind == MERIT], "责任和中性记载": [e for e in entries if e.kind != MERIT]
    }  # fmt: skip
    return page(
        request, "ledger/cadre.html", person, cadre=found, columns=columns, purpose=purpose, role=person.viewer.role,
        entries=entries,
    )  # fmt: skip


@router.post("/cadres/{cadre_id}/purpose")
def state_purpose(
    system: SystemDep, person: CheckedReader, cadre_id: str, purpose: Text = "", text: Text = ""
) -> Response:
    """Why the ledger of a person is opened."""
    why = purpose_text(purpose, text)
    with system.database.write() as session:
        reached_cadre(session, person.viewer, cadre_id, system.settings.today())
        accounts.state_purpose(session, person.token_sha256, cadre_id, why)
        audit.record(session, person.viewer, "cadre-purpose", "cadre", cadre_id, why)
    return RedirectResponse(f"/ledger/cadres/{cadre_id}", 303)


@router.post("/cadres/{cadre_id}/product")
def sheet(system: SystemDep, person: Actor, cadre_id: str) -> Response:
    """业绩和责任记实表 as a draft in 文稿中心, where it is checked, signed and printed in Word."""
    product = producing.compose(system, person, Wanted("ledger", cadre_id=cadre_id))
    return RedirectResponse(f"/products/{product.id}", 303)


@router.get("/new")
def new(
    request: Request, system: SystemDep, person: Keeper, cadre: str = "", team: str = "", replaces: int = 0
) -> Response:
    """The form of an entry, with verified items of the team to rest it on."""
    today = system.settings.today()
    with system.database.read() as session:
        found = reached_cadre(session, person.viewer, cadre, today)
        teams = teams_of(session, person.viewer, cadre)
        chosen = team if team in {t.id for t in teams} else teams[0].id if teams else ""
        picks = evidence_to_pick(session, person.viewer, chosen) if chosen else []
        old = book.entry_view(session, person.viewer, replaces, today) if replaces else None
    return page(
        request, "ledger/new.html", person, cadre=found, teams=teams, team=chosen, picks=picks, kinds=rules.KINDS,
        parts=rules.ROLES, horizons=(rules.VISIBLE, rules.LATENT, rules.HAZARD), old=old, replaces=replaces,
    )  # fmt: skip


@router.post("/entries")
def prepare(system: SystemDep, person: Actor, form: Typed) -> Response:
    """Draft an entry."""
    words = _plain(form)
    made = ledgering.prepare(
        system, person.viewer, words.get("cadre", ""), words.get("team", ""),
        ledgering.words_of(words, numbers(form.getlist("item"))), int(words.get("replaces") or 0),
    )  # fmt: skip
    return RedirectResponse(f"/ledger/entries/{made.id}", 303)


@router.get("/entries/{entry_id:int}")
def entry(request: Request, system: SystemDep, person: Reader, entry_id: int) -> Response:
    """One entry with everything done to it."""
    shown = ledgering.read_entry(system, person.viewer, entry_id)
    return page(request, "ledger/entry.html", person, e=shown, role=person.viewer.role)


@router.post("/entries/{entry_id:int}/reverse")
def reverse(system: SystemDep, person: Actor, entry_id: int, reason: Text = "") -> Response:
    """Draft a 冲正."""
    made = ledgering.reverse(system, person.viewer, entry_id, reason)
    return RedirectResponse(f"/ledger/entries/{made.id}", 303)


@router.post("/entries/{entry_id:int}/track")
def track(system: SystemDep, person: Actor, entry_id: int, due: Text = "", what: Text = "") -> Response:
    """Set a tracking date."""
    ledgering.track(system, person.viewer, entry_id, typed_day(due, "追踪日期"), what)
    return RedirectResponse(f"/ledger/entries/{entry_id}", 303)


@router.post("/entries/{entry_id:int}/{step}")
def step(system: SystemDep, person: Actor, entry_id: int, step: str, agree: Text = "", text: Text = "") -> Response:
    """tell, statement, check, approve, close."""
    ledgering.step(system, person.viewer, entry_id, step, agree == "yes", text)
    return RedirectResponse(f"/ledger/entries/{entry_id}", 303)


@router.post("/tracking/{tracking_id:int}")
def note_tracking(system: SystemDep, person: Actor, tracking_id: int, result: Text = "") -> Response:
    """Note what was found on a tracking date."""
    made = ledgering.note_tracking(system, person.viewer, tracking_id, result)
    return RedirectResponse(f"/ledger/entries/{made.entry_id}", 303)


@router.get("/closing/{year:int}")
def show_closing(request: Request, system: SystemDep, person: Office, year: int) -> Response:
    """年度结账: all open items, as they stand and as they were kept."""
    today = system.settings.today()
    with system.database.read() as session:
        shown = closing.balance(session, person.viewer, year, today)
    return page(
        request, "ledger/closing.html", person, b=shown, role=person.viewer.role, ended=today.year > year,
        years=range(today.year, today.year - 4, -1),
    )  # fmt: skip


@router.post("/closing/{year:int}")
def close_year(system: SystemDep, person: Actor, year: int) -> Response:
    """Keep the page of the year for good."""
    ledgering.close_year(system, person.viewer, year)
    return RedirectResponse(f"/ledger/closing/{year}", 303)


def _plain(form: FormData) -> dict[str, str]:
    return {key: str(value) for key, value in form.items()}
