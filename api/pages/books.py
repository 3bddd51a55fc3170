"""指标体系 editor: books by year and version, cards and weights, simulation, and the way to approval."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Annotated

from fastapi import APIRouter, Depends, File, Form, Request, UploadFile
from fastapi.responses import RedirectResponse, Response
from sqlalchemy import select

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import books, downloads
from api.render import page
from appraisal.book import BLOCKS
from appraisal.book_sheet import FREQUENCIES, KINDS, WAYS, book_workbook, card_fields
from appraisal.book_view import book_view
from appraisal.books import STATES, get_book, list_books, stored_book
from appraisal.store import periods
from storage.errors import ShijiError
from storage.tables import Category, Team

router = APIRouter(prefix="/indicators/books", include_in_schema=False)
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
KeeperDep = Annotated[SignedIn, Depends(require_checked("KH"))]
CheckerDep = Annotated[SignedIn, Depends(require_checked("HEAD"))]
MinisterDep = Annotated[SignedIn, Depends(require_checked("MIN"))]
Text = Annotated[str, Form()]


async def form_of(request: Request) -> dict[str, str]:
    """All fields of a form, for one whose fields are named after what they change."""
    return {key: value for key, value in (await request.form()).items() if isinstance(value, str)}


FormDep = Annotated[dict[str, str], Depends(form_of)]
BLANK = {"block": "共同", "direction": "up", "type": "count", "method": "9a", "frequency": "季"}


@router.get("")
def index(request: Request, system: SystemDep, person: ReaderDep) -> Response:
    """All books; 考核办 begins a draft here."""
    with system.database.read() as session:
        rows = list_books(session)
        return page(
            request, "assessment/books.html", person, books=rows, states=STATES, keeper=person.viewer.role == "KH",
            next_year=max((row.year for row in rows), default=system.settings.today().year - 1) + 1,
        )  # fmt: skip


@router.post("/copy")
def copy(
    system: SystemDep, person: KeeperDep, book: Annotated[int, Form()], year: Annotated[int, Form()], note: Text
) -> Response:
    """A draft from another book."""
    row, _ = books.copy_to_year(system, person.viewer, book, year, note)
    return RedirectResponse(f"/indicators/books/{row.id}", 303)


@router.post("/import")
def upload(
    system: SystemDep, person: KeeperDep, file: Annotated[UploadFile, File()], year: Annotated[int, Form()],
    note: Text = "", book: Annotated[int, Form()] = 0,
) -> Response:  # fmt: skip
    """A filled workbook as a draft, or as the content of one."""
    data = file.file.read(books.LARGEST + 1)
    row = books.upload(system, person.viewer, (file.filename or "book.xlsx")[:120], data, year, note, book)
    return RedirectResponse(f"/indicators/books/{row.id}", 303)


@router.get("/template.xlsx")
def template(system: SystemDep, person: ReaderDep, year: int) -> Response:
    """An empty workbook."""
    return downloads.xlsx_file(book_workbook(None, year), f"book-{year}.xlsx")


@router.get("/{book_id}")
def one(request: Request, system: SystemDep, person: ReaderDep, book_id: int) -> Response:
    """One book: blocks with sums, what hinders it, changes, simulation, the next step."""
    with system.database.read() as session:
        view = book_view(session, book_id)
        names = dict(session.execute(select(Team.id, Team.short)).all())
        known = periods(session)
    role = person.viewer.role
    return page(
        request, "assessment/book.html", person, view=view, names=names, ways=WAYS, periods=known,
        methods={key[0]: method.name for key, method in view.book.methods.items()},
        editing=role == "KH" and view.state == "draft", checking=role == "HEAD" and view.state == "submitted",
        approving=role == "MIN" and view.state == "checked",
    )  # fmt: skip


@router.get("/{book_id}/book.xlsx")
def workbook(system: SystemDep, person: ReaderDep, book_id: int) -> Response:
    """The book as a workbook."""
    return downloads.book_file(system, book_id)


@router.get("/{book_id}/card")
def card(request: Request, system: SystemDep, person: ReaderDep, book_id: int, code: str = "") -> Response:
    """The form of one card; empty for a new one."""
    with system.database.read() as session:
        row = get_book(session, book_id)
        book = stored_book(row)
        teams = session.execute(select(Team.id, Team.short).order_by(Team.ordinal, Team.id)).all()
        categories = list(session.scalars(select(Category.id).order_by(Category.ordinal, Category.id)))
    if code and code not in book.cards:
        raise ShijiError("INDICATOR-UNKNOWN", "没有这个指标", code, "请从指标体系进入。")
    fields: defaultdict[str, str] = defaultdict(str, BLANK)
    fields.update(card_fields(book.cards[code]) if code else {})
    return page(
        request, "assessment/card.html", person, book_id=book_id, code=code, fields=fields,
        team_pairs=[tuple(team) for team in teams], category_pairs=_pairs(categories), block_pairs=_pairs(BLOCKS),
        ways=WAYS, kinds=KINDS, frequency_pairs=_pairs(FREQUENCIES), methods=list(book.methods.values()),
        method_pairs=[(m.code, f"{m.code} {m.name}") for m in book.methods.values()],
        editing=person.viewer.role == "KH" and row.state == "draft",
    )  # fmt: skip


@router.post("/{book_id}/card")
def put_card(system: SystemDep, person: KeeperDep, book_id: int, form: FormDep) -> Response:
    """Save the form of one card."""
    books.put_card(system, person.viewer, book_id, form, form.get("replaces", ""))
    return RedirectResponse(f"/indicators/books/{book_id}#cards", 303)


@router.post("/{book_id}/drop")
def drop_card(system: SystemDep, person: KeeperDep, book_id: int, code: Text) -> Response:
    """Take a card out."""
    books.drop_card(system, person.viewer, book_id, code)
    return RedirectResponse(f"/indicators/books/{book_id}#cards", 303)


@router.post("/{book_id}/weights")
def put_weights(system: SystemDep, person: KeeperDep, book_id: int, form: FormDep) -> Response:
    """Save the weights of all cards and blocks at once."""
    cards: dict[str, str] = {}
    blocks: dict[str, dict[str, str]] = {}
    for key, value in form.items():
        kind, _, name = key.partition(":")
        if kind == "card":
            cards[name] = value.strip()
        elif kind in ("districts", "departments", "core", "schedule"):
            blocks.setdefault(kind, {})[name] = value.strip()
    books.put_weights(system, person.viewer, book_id, cards, blocks)
    return RedirectResponse(f"/indicators/books/{book_id}#weights", 303)


@router.post("/{book_id}/simulate")
def simulate(system: SystemDep, person: KeeperDep, book_id: int, period: Text = "") -> Response:
    """Try the draft on a past period."""
    books.simulate(system, person.viewer, book_id, period)
    return RedirectResponse(f"/indicators/books/{book_id}#simulation", 303)


@router.post("/{book_id}/submit")
def submit(system: SystemDep, person: KeeperDep, book_id: int) -> Response:
    """Hand it to the checking section."""
    books.submit(system, person.viewer, book_id)
    return RedirectResponse(f"/indicators/books/{book_id}", 303)


@router.post("/{book_id}/check")
def check(system: SystemDep, person: CheckerDep, book_id: int, agree: Text, note: Text = "") -> Response:
    """处长 agrees or sends back."""
    books.check(system, person.viewer, book_id, agree == "yes", note)
    return RedirectResponse(f"/indicators/books/{book_id}", 303)


@router.post("/{book_id}/approve")
def approve(
    system: SystemDep, person: MinisterDep, book_id: int, agree: Text, document_no: Text = "", note: Text = ""
) -> Response:
    """部长 approves or sends back."""
    books.approve(system, person.viewer, book_id, agree == "yes", document_no, note)
    return RedirectResponse(f"/indicators/books/{book_id}", 303)


def _pairs(words: Iterable[str]) -> list[tuple[str, str]]:
    return [(word, word) for word in words]
