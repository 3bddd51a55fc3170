"""Products as kept: which of them a person may see, and a product read back with its hash proved."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.products.content import ProductContent, content_of
from dossier.products.kinds import kind_of
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.tables import Product, ProductStep, Team

DRAFT, CHECKING, SIGNING, ISSUED, VOID = "草稿", "待审核", "待签发", "已签发", "已作废"
STATES = (DRAFT, CHECKING, SIGNING, ISSUED, VOID)
READERS = frozenset({"OFF", "HEAD", "KH", "SUP", "DEP", "MIN"})


def read_content(product: Product) -> ProductContent:
    """The content of a product; of an issued one only when its hash still fits. Raises PRODUCT-DAMAGED."""
    if product.content_sha256 and hash_of(product.content) != product.content_sha256:
        raise ShijiError(
            "PRODUCT-DAMAGED",
            "已签发文稿的内容与签发时不符",
            str(product.id),
            "请保护现场，从备份核对，并报告审计管理员。",
        )
    return content_of(product.content)


def hash_of(content: dict[str, object]) -> str:
    """SHA-256 of the content as plain data."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def get_product(session: Session, viewer: Viewer, product_id: int, lock: bool = False) -> Product:
    """A product the viewer may see. Raises RIGHTS-RECUSAL, PRODUCT-UNKNOWN."""
    query = select(Product).where(Product.id == product_id)
    product = session.scalar(query.with_for_update() if lock else query)
    if product is None or not may_see(viewer, product):
        raise ShijiError("PRODUCT-UNKNOWN", "没有找到该文稿，或您无权查看", str(product_id), "请从文稿中心进入。")
    content = product.content
    if set(content["teams"]) & viewer.recused_teams or set(content["cadres"]) & viewer.recused_cadres:
        raise ShijiError("RIGHTS-RECUSAL", "回避：文稿涉及您应回避的班子或干部", str(product_id), "请联系处室负责人。")
    return product


def may_see(viewer: Viewer, product: Product) -> bool:
    """Own drafts; what is in one's zones once it is under way; what one checks, signs or receives. Recusal apart.

    Papers on one cadre and restricted ones are for those who act on them: the drafter, a head in scope, the signers
    of the kind, and the roles on the recipient list.
    """
    if viewer.role not in READERS:
        return False
    if product.drafted_by == viewer.user_id:
        return True
    if viewer.zones is not None and not set(product.zones) <= viewer.zones:
        return False
    kind = kind_of(product.kind)
    if viewer.role in kind.checks:
        return True
    if product.state in (DRAFT, VOID):
        return False
    if viewer.role in kind.signs:
        return True
    received = product.state == ISSUED and any(copy.role == viewer.role for copy in product.copies)
    if product.cadre_id or product.content["restricted"]:
        return received
    return received or viewer.role in kind.drafts


def list_products(
    session: Session, viewer: Viewer, kind: str = "", state: str = "", limit: int = 100
) -> Sequence[Product]:
    """Products the viewer may see, newest first; those touched by a recusal are left out."""
    query = select(Product).order_by(Product.id.desc())
    if kind:
        query = query.where(Product.kind == kind_of(kind).code)
    if state:
        query = query.where(Product.state == state)
    found = []
    for product in session.scalars(query.execution_options(yield_per=100)):
        closed = set(product.content["teams"]) & viewer.recused_teams
        closed |= set(product.content["cadres"]) & viewer.recused_cadres
        if not closed and may_see(viewer, product):
            found.append(product)
        if len(found) == limit:
            break
    return found


def waiting(session: Session, viewer: Viewer) -> list[Product]:
    """Products that wait for this person's check or signature."""
    rows = session.scalars(select(Product).where(Product.state.in_((CHECKING, SIGNING))).order_by(Product.changed_at))
    return [p for p in rows if may_see(viewer, p) and may_act(viewer, p)]


def may_act(viewer: Viewer, product: Product) -> bool:
    """Whether the next step is this person's: nobody checks what they drafted nor signs what they checked."""
    kind = kind_of(product.kind)
    if product.state == CHECKING:
        return viewer.role in kind.checks and viewer.user_id != product.drafted_by
    if product.state == SIGNING:
        return viewer.role in kind.signs and viewer.user_id not in (product.drafted_by, product.checked_by)
    return product.state == DRAFT and viewer.user_id == product.drafted_by


def zones_of(session: Session, content: ProductContent) -> list[str]:
    """Zones of the teams a product tells of."""
    return sorted(set(session.scalars(select(Team.zone_id).where(Team.id.in_(content.teams)))))


def record_step(session: Session, viewer: Viewer, product: Product, step: str, note: str = "") -> None:
    """Add one line to what was done with a product."""
    session.add(
        ProductStep(product_id=product.id, user_id=viewer.user_id, step=step, note=note, version=product.version)
    )
