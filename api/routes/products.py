"""JSON of products: compose, edit, send, check, sign, recipients, copies, recalls."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response
from pydantic import BaseModel, Field

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts import producing
from api.acts.briefing import WORD, word_response
from api.acts.producing import Shown
from dossier.products import editing, recall, store
from dossier.products.issue import Recipient, copy_serial
from dossier.products.kinds import KINDS
from dossier.products.wanted import Wanted
from storage.tables import Product

router = APIRouter(prefix="/api", tags=["products"])
INSIDE = ("OFF", "HEAD", "KH", "SUP", "DEP", "MIN")
Reader = Annotated[SignedIn, Depends(require(*INSIDE))]
Actor = Annotated[SignedIn, Depends(require_checked(*INSIDE))]
Receiver = Annotated[SignedIn, Depends(require_checked(*INSIDE, "UNIT"))]


class DraftRequest(BaseModel):
    """What is to be drafted."""

    kind: str = Field(description="daily, weekly, special, monthly, quarterly, …")
    period: str = Field("", description="2025-10-16, 2025-W42, 2025-09 or 2025Q3, as the kind asks")
    item: int | None = Field(None, description="id of the item a 专报 is about")


class SentenceRequest(BaseModel):
    """A sentence as it shall stand."""

    part: int = Field(ge=0, le=10_000)
    at: int = Field(ge=0, le=10_000)
    version: int
    text: str
    citations: list[str] = []
    unsupported: bool = Field(False, description="marked 暂无佐证")
    add: bool = False


class MoveRequest(BaseModel):
    """Where a sentence goes; without `to_part` it is taken out."""

    part: int = Field(ge=0, le=10_000)
    at: int = Field(ge=0, le=10_000)
    version: int
    to_part: int | None = None
    to_at: int = 0


class DecisionRequest(BaseModel):
    """A check or signature, or a return with its reason."""

    agree: bool
    note: str = ""
    version: int | None = None


class RecipientIn(BaseModel):
    """One on the recipient list."""

    name: str
    role: str
    team: str = ""


class RecallRequest(BaseModel):
    """What was done about a fallen item."""

    item: int
    action: str = Field(description="收回原件, 发更正说明, 重新编印, 不影响文稿结论")
    note: str


@router.get("/products")
def products(system: SystemDep, person: Reader, kind: str = "", state: str = "") -> list[dict[str, Any]]:
    """Products the caller may see, newest first."""
    with system.database.read() as session:
        return [_row(p) for p in store.list_products(session, person.viewer, kind, state)]


@router.post("/products", status_code=201)
def draft(system: SystemDep, person: Actor, wanted: DraftRequest) -> dict[str, Any]:
    """Compose a draft."""
    product = producing.compose(system, person, Wanted(wanted.kind, wanted.period, ref=wanted.item))
    return _full(producing.show(system, person, product.id))


@router.get("/products/recalls")
def recalls(system: SystemDep, person: Reader) -> list[dict[str, Any]]:
    """Issued products that cite something that fell, with everyone who holds a copy."""
    with system.database.read() as session:
        return [_fallen(f) for f in recall.recalls(session, person.viewer, with_handled=True)]


@router.get("/products/{product_id:int}")
def product(system: SystemDep, person: Reader, product_id: int) -> dict[str, Any]:
    """One product with its content, steps, copies, exports, and what stands in its way."""
    return _full(producing.show(system, person, product_id))


@router.put("/products/{product_id:int}/sentences")
def write(system: SystemDep, person: Actor, product_id: int, wanted: SentenceRequest) -> dict[str, Any]:
    """Change or add a sentence of one's draft."""
    change = producing.written((wanted.part, wanted.at), wanted.text, wanted.citations, wanted.unsupported, wanted.add)
    return _row(producing.edit(system, person, product_id, wanted.version, change))


@router.post("/products/{product_id:int}/sentences/move")
def move(system: SystemDep, person: Actor, product_id: int, wanted: MoveRequest) -> dict[str, Any]:
    """Move a sentence of one's draft, or take it out."""
    place = (wanted.part, wanted.at)
    if wanted.to_part is None:
        return _row(
            producing.edit(
                system, person, product_id, wanted.version, lambda _s, _v, c: editing.drop_sentence(c, place)
            )
        )
    to = (wanted.to_part, wanted.to_at)
    return _row(
        producing.edit(
            system, person, product_id, wanted.version, lambda _s, _v, c: editing.move_sentence(c, place, to)
        )
    )


@router.post("/products/{product_id:int}/submit")
def submit(system: SystemDep, person: Actor, product_id: int, version: int | None = None) -> dict[str, Any]:
    """Send one's draft for checking."""
    return _row(producing.submit(system, person, product_id, version))


@router.post("/products/{product_id:int}/decide")
def decide(system: SystemDep, person: Actor, product_id: int, wanted: DecisionRequest) -> dict[str, Any]:
    """Check or sign, as the state asks for."""
    return _row(producing.decide(system, person, product_id, wanted.agree, wanted.note, wanted.version))


@router.post("/products/{product_id:int}/void")
def void(system: SystemDep, person: Actor, product_id: int, reason: str = "") -> dict[str, Any]:
    """Give up one's draft."""
    return _row(producing.void(system, person, product_id, reason))


@router.put("/products/{product_id:int}/recipients")
def recipients(system: SystemDep, person: Actor, product_id: int, wanted: list[RecipientIn]) -> dict[str, Any]:
    """The recipient list before issue."""
    found = [Recipient(one.name, one.role, one.team) for one in wanted[:200]]
    producing.recipients(system, person, product_id, found)
    return _full(producing.show(system, person, product_id))


@router.post("/products/{product_id:int}/copies")
def add_copy(system: SystemDep, person: Actor, product_id: int, wanted: RecipientIn) -> dict[str, Any]:
    """加发 one more copy of an issued product."""
    producing.add_copy(system, person, product_id, Recipient(wanted.name, wanted.role, wanted.team))
    return _full(producing.show(system, person, product_id))


@router.post(
    "/products/{product_id:int}/copies/{number:int}.docx", response_class=Response,
    responses={200: {"content": {WORD: {}}}},
)  # fmt: skip
def export(system: SystemDep, person: Receiver, product_id: int, number: int) -> Response:
    """The Word file of a copy; a POST, since each time is counted and logged."""
    return word_response(*producing.export(system, person, product_id, number))


@router.post("/products/{product_id:int}/recall")
def handle(system: SystemDep, person: Actor, product_id: int, wanted: RecallRequest) -> dict[str, Any]:
    """Record what was done about a fallen item."""
    producing.handle_recall(system, person, product_id, wanted.item, wanted.action, wanted.note)
    return _full(producing.show(system, person, product_id))


def _row(row: Product) -> dict[str, Any]:
    return {
        "id": row.id, "kind": row.kind, "kind_name": KINDS[row.kind].name, "title": row.title, "period": row.period,
        "state": row.state, "number": row.number_text, "version": row.version, "section": row.section,
        "sha256": row.content_sha256,
    }  # fmt: skip


def _full(shown: Shown) -> dict[str, Any]:
    row = shown.product
    copies = [
        {
            "number": copy_serial(c), "recipient": c.recipient, "role": c.role, "team": c.team_id or "",
            "profile": c.profile, "prints": c.prints, "sha256": c.docx_sha256,
        }
        for c in row.copies
    ]  # fmt: skip
    steps = [{"step": s.step, "by": shown.names.get(s.user_id, ""), "at": s.at, "note": s.note} for s in shown.steps]
    log = [
        {"at": e.at, "copy": number, "nth": e.nth, "profile": e.profile, "by": who, "sha256": e.sha256}
        for e, number, who in shown.exports
    ]
    return {
        **_row(row), "content": shown.content.as_dict(), "copies": copies, "steps": steps, "exports": log,
        "faults": [fault.as_dict() for fault in shown.faults], "recalls": [_fallen(f) for f in shown.fallen],
    }  # fmt: skip


def _fallen(found: recall.Fallen) -> dict[str, Any]:
    return {
        "product": found.product.id, "title": found.product.title, "number": found.product.number_text,
        "code": found.code, "item": found.evidence_id, "printed": found.printed, "state": found.state,
        "since": found.since.isoformat(),
        "holders": [{"number": copy_serial(c), "recipient": c.recipient, "prints": c.prints} for c in found.copies],
        "handled": {"action": found.handled.action, "note": found.handled.note} if found.handled else None,
    }  # fmt: skip
