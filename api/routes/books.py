"""JSON of 指标体系: the books there are, one book with its sums and hindrances, and every step to its approval."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, File, UploadFile
from fastapi.responses import Response
from pydantic import BaseModel

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import books, downloads
from appraisal.book_acts import row_name
from appraisal.book_sheet import book_workbook
from appraisal.book_view import BookView, book_view
from appraisal.books import STATES, get_book, list_books, stored_book
from appraisal.methods import BUILTIN
from appraisal.registry import Method
from appraisal.simulation import result_of
from storage.tables import IndicatorBook

router = APIRouter(prefix="/api", tags=["books"])
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
KeeperDep = Annotated[SignedIn, Depends(require_checked("KH"))]
CheckerDep = Annotated[SignedIn, Depends(require_checked("HEAD"))]
MinisterDep = Annotated[SignedIn, Depends(require_checked("MIN"))]


class Copy(BaseModel):
    """A draft for a year from another book; `book` 0 is the catalogue."""

    book: int = 0
    year: int
    note: str


class Decision(BaseModel):
    """Agree, or send back with a reason; an approval needs a document number."""

    agree: bool = True
    note: str = ""
    document_no: str = ""


class Weights(BaseModel):
    """Weights by card code, and of blocks: districts, departments, core, schedule."""

    cards: dict[str, str] = {}
    blocks: dict[str, dict[str, str]] = {}


@router.get("/books")
def all_books(system: SystemDep, person: ReaderDep) -> dict[str, Any]:
    """All books, newest first."""
    with system.database.read() as session:
        return {"books": [summary(row) for row in list_books(session)]}


@router.get("/methods")
def methods(system: SystemDep, person: ReaderDep, book: int = 0) -> dict[str, Any]:
    """Scoring methods by code and version, with formula and worked example; of a book also its own."""
    with system.database.read() as session:
        found = stored_book(get_book(session, book)).methods if book else BUILTIN
    return {"methods": [method_dict(method) for method in found.values()]}


@router.get("/books/template")
def template(system: SystemDep, person: ReaderDep, year: int) -> Response:
    """An empty workbook for a year."""
    return downloads.xlsx_file(book_workbook(None, year), f"book-{year}.xlsx")


@router.post("/books", status_code=201)
def copy(system: SystemDep, person: KeeperDep, wish: Copy) -> dict[str, Any]:
    """A new draft, copied."""
    row, dropped = books.copy_to_year(system, person.viewer, wish.book, wish.year, wish.note)
    return {**summary(row), "dropped": dropped}


@router.post("/books/import", status_code=201)
def upload(
    system: SystemDep, person: KeeperDep, file: Annotated[UploadFile, File()], year: int, note: str = "", book: int = 0
) -> dict[str, Any]:
    """A workbook or YAML file as a new draft, or as the content of the draft `book`."""
    data = file.file.read(books.LARGEST + 1)
    return summary(books.upload(system, person.viewer, (file.filename or "book.xlsx")[:120], data, year, note, book))


@router.get("/books/{book_id}")
def one(system: SystemDep, person: ReaderDep, book_id: int) -> dict[str, Any]:
    """A book with sums, hindrances, changes and its newest simulation."""
    with system.database.read() as session:
        return view_dict(book_view(session, book_id), get_book(session, book_id).content)


@router.get("/books/{book_id}/workbook")
def workbook(system: SystemDep, person: ReaderDep, book_id: int) -> Response:
    """The book as an Excel workbook that can be sent back."""
    return downloads.book_file(system, book_id)


@router.put("/books/{book_id}/cards")
def put_card(
    system: SystemDep, person: KeeperDep, book_id: int, card: dict[str, str], replaces: str = ""
) -> dict[str, Any]:
    """Add a card, or put it in the place of another; params as one line: `cap=1.0; slope=0.1`."""
    return summary(books.put_card(system, person.viewer, book_id, card, replaces))


@router.delete("/books/{book_id}/cards/{code}")
def drop_card(system: SystemDep, person: KeeperDep, book_id: int, code: str) -> dict[str, Any]:
    """Take a card out of a draft."""
    return summary(books.drop_card(system, person.viewer, book_id, code))


@router.put("/books/{book_id}/weights")
def put_weights(system: SystemDep, person: KeeperDep, book_id: int, weights: Weights) -> dict[str, Any]:
    """Change weights of a draft."""
    return summary(books.put_weights(system, person.viewer, book_id, weights.cards, weights.blocks))


@router.post("/books/{book_id}/simulation")
def simulate(system: SystemDep, person: KeeperDep, book_id: int, period: str = "") -> dict[str, Any]:
    """Try a draft on a past period."""
    return result_of(books.simulate(system, person.viewer, book_id, period))


@router.post("/books/{book_id}/submit")
def submit(system: SystemDep, person: KeeperDep, book_id: int) -> dict[str, Any]:
    """Hand a draft to the checking section."""
    return summary(books.submit(system, person.viewer, book_id))


@router.post("/books/{book_id}/check")
def check(system: SystemDep, person: CheckerDep, book_id: int, decision: Decision) -> dict[str, Any]:
    """处长 agrees or sends back."""
    return summary(books.check(system, person.viewer, book_id, decision.agree, decision.note))


@router.post("/books/{book_id}/approve")
def approve(system: SystemDep, person: MinisterDep, book_id: int, decision: Decision) -> dict[str, Any]:
    """部长 approves under a document number, or sends back."""
    made = books.approve(system, person.viewer, book_id, decision.agree, decision.document_no, decision.note)
    return summary(made)


def summary(row: IndicatorBook) -> dict[str, Any]:
    """A book in one line."""
    return {
        "id": row.id, "name": row_name(row), "year": row.year, "version": row.version, "state": row.state,
        "state_name": STATES[row.state], "note": row.note, "document_no": row.document_no, "sha256": row.sha256,
    }  # fmt: skip


def method_dict(method: Method) -> dict[str, Any]:
    """A method as JSON."""
    return {
        "code": method.code, "version": method.version, "name": method.name, "about": method.about,
        "example": method.example, "grouped": method.grouped, "custom": bool(method.formula),
    }  # fmt: skip


def view_dict(view: BookView, content: dict[str, Any]) -> dict[str, Any]:
    """The page of a book as JSON."""
    return {
        "id": view.id, "name": view.name, "state": view.state, "document_no": view.document_no, "people": view.people,
        "sums": {group.name: format(group.weight, "f") for group in view.groups}, "content": content,
        "problems": [problem.as_dict() for problem in view.problems], "changes": [asdict(one) for one in view.changes],
        "against": view.against, "simulation": view.simulation, "simulation_current": view.simulation_current,
    }  # fmt: skip
