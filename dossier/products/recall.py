"""Recall: issued products that cite an item which fell later, with everyone who holds a copy."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.products.content import ProductContent
from dossier.products.store import ISSUED, get_product, may_see, record_step
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Evidence, Product, ProductCitation, ProductCopy, ProductRecall

GONE = frozenset({terms.UNTRUE, terms.UNVERIFIABLE, terms.REJECTED, terms.CORRECTED, terms.WITHDRAWN})
MOVED, CLOSED, REOPENED = "已更正归属", "已转受控", "重新核实"
ACTIONS = ("收回原件", "发更正说明", "重新编印", "不影响文稿结论")


@dataclass(frozen=True)
class Fallen:
    """An issued product, the item in it that no longer stands as printed, and who holds copies."""

    product: Product
    code: str
    evidence_id: int
    printed: str
    state: str
    since: date
    copies: tuple[ProductCopy, ...]
    handled: ProductRecall | None = None


def fallen_items(session: Session, content: ProductContent) -> dict[str, str]:
    """code -> present state, of the content's items that no longer stand as written."""
    printed = {r.evidence_id: (r.code, r.state, r.team_id) for r in content.annex if r.evidence_id is not None}
    rows = _now(session, set(printed))
    found = {}
    for key, (code, state, team) in printed.items():
        fell = _fell(rows.get(key), state, team)
        if fell:
            found[code] = fell
    return found


def recalls(session: Session, viewer: Viewer, with_handled: bool = False) -> list[Fallen]:
    """All issued products of the viewer's that cite something fallen, newest product first."""
    pairs = session.execute(
        select(ProductCitation, Product)
        .join(Product, ProductCitation.product_id == Product.id)
        .join(Evidence, ProductCitation.evidence_id == Evidence.id)
        .where(Product.state == ISSUED, Evidence.changed_at > Product.issued_at)
        .order_by(Product.id.desc(), ProductCitation.id)
    ).all()
    rows = _now(session, {c.evidence_id for c, _ in pairs if c.evidence_id})
    done = _handled(session, {p.id for _, p in pairs})
    found = []
    for citation, product in pairs:
        row = rows.get(citation.evidence_id or 0)
        state = _fell(row, citation.state, citation.team_id)
        if not state or row is None or not _concerns(viewer, product):
            continue
        handled = done.get((product.id, row.id, state))
        if handled is None or with_handled:
            day = row.changed_at.astimezone(CHINA).date()
            found.append(
                Fallen(product, citation.code, row.id, citation.state, state, day, tuple(product.copies), handled)
            )
    return found


def of_product(session: Session, viewer: Viewer, product: Product) -> list[Fallen]:
    """What fell in one product, handled or not."""
    return [f for f in recalls(session, viewer, with_handled=True) if f.product.id == product.id]


def handle(
    session: Session, viewer: Viewer, product_id: int, evidence_id: int, action: str, note: str
) -> ProductRecall:
    """Record what was done about a product whose item fell; by a checker or signer of the kind, with the reason.

    Raises RIGHTS-ROLE, RECALL-ACTION, RECALL-NONE, RECALL-NOTE.
    """
    product = get_product(session, viewer, product_id, lock=True)
    if viewer.role not in ("HEAD", "SUP", "DEP", "MIN"):
        raise ShijiError("RIGHTS-ROLE", "召回由处长或部领导办理", viewer.role, "请提交处长。")
    fallen = [f for f in of_product(session, viewer, product) if f.evidence_id == evidence_id]
    if not fallen:
        raise ShijiError("RECALL-NONE", "该文稿没有需要召回的这一条目", product.title, "请刷新召回清单。")
    if action not in ACTIONS:
        raise ShijiError(
            "RECALL-ACTION", f"没有这种处理方式：{action[:20]}", product.title, f"可选：{'、'.join(ACTIONS)}。"
        )
    if not note.strip():
        raise ShijiError("RECALL-NOTE", "请写明办理情况", product.title, "写明向谁、以何种方式说明。")
    if fallen[0].handled is not None:
        raise ShijiError("RECALL-DONE", "该条目已登记办理情况", product.title, "")
    row = ProductRecall(
        product_id=product.id, evidence_id=evidence_id, state=fallen[0].state, action=action, note=note.strip(),
        user_id=viewer.user_id,
    )  # fmt: skip
    session.add(row)
    record_step(
        session, viewer, product, "召回处理", f"{fallen[0].code}（{fallen[0].state}）：{action}。{note.strip()}"
    )
    session.flush()
    return row


def stops_export(fallen: list[Fallen]) -> list[Fallen]:
    """Those for which the paper may not leave any more: everything but what was found not to touch it."""
    return [f for f in fallen if f.handled is None or f.handled.action != "不影响文稿结论"]


def _concerns(viewer: Viewer, product: Product) -> bool:
    closed = set(product.content["teams"]) & viewer.recused_teams
    return not closed and may_see(viewer, product)


def _now(session: Session, ids: set[int]) -> dict[int, Evidence]:
    return {e.id: e for e in session.scalars(select(Evidence).where(Evidence.id.in_(ids)))}


def _fell(item: Evidence | None, printed: str, team_id: str) -> str:
    """The state in which the item no longer carries what was printed; "" where it does."""
    if item is None:
        return terms.WITHDRAWN
    if item.state in GONE:
        return item.state
    if item.restricted:
        return CLOSED
    if (item.team_id or "") != team_id:
        return MOVED
    if item.state == terms.PARTLY and printed != terms.PARTLY:
        return terms.PARTLY
    if printed in terms.ESTABLISHED and item.state not in terms.ESTABLISHED:
        return REOPENED
    return ""


def _handled(session: Session, products: set[int]) -> dict[tuple[int, int, str], ProductRecall]:
    rows = session.scalars(select(ProductRecall).where(ProductRecall.product_id.in_(products)))
    return {(r.product_id, r.evidence_id, r.state): r for r in rows}
