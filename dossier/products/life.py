"""The life of a product: draft, edit, send for checking, check, sign, void (domain.md §2.7). Issue is issue.py's."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy.orm import Session

from dossier.products.check import check
from dossier.products.content import ProductContent
from dossier.products.editing import trimmed
from dossier.products.issue import issue
from dossier.products.kinds import kind_of
from dossier.products.store import (
    CHECKING,
    DRAFT,
    ISSUED,
    SIGNING,
    VOID,
    get_product,
    read_content,
    record_step,
    zones_of,
)
from dossier.products.wanted import Wanted
from dossier.scope import Viewer
from storage.archive import Archive
from storage.errors import ShijiError
from storage.tables import Product, now


def open_draft(
    session: Session, viewer: Viewer, content: ProductContent, wanted: Wanted | None = None,
    supersedes: int | None = None,
) -> Product:  # fmt: skip
    """Keep composed content as the viewer's draft. Raises RIGHTS-ROLE, PRODUCT-KIND, PRODUCT-UNCITED, -CITATION."""
    kind = kind_of(content.kind)
    if viewer.role not in kind.drafts:
        raise ShijiError("RIGHTS-ROLE", f"当前角色不能起草{kind.name}", viewer.role, "请由经办或考核办起草。")
    check(content)
    asked = wanted or Wanted(kind.code)
    one = len(content.cadres) == 1 and kind.subject in ("cadre", "") and not asked.period
    product = Product(
        kind=kind.code, title=content.title, period=asked.period, team_id=asked.team_id or None,
        cadre_id=asked.cadre_id or (content.cadres[0] if one else None), ref=asked.ref, section=viewer.section,
        content=content.as_dict(), zones=zones_of(session, content), drafted_by=viewer.user_id,
        supersedes_id=supersedes,
    )  # fmt: skip
    session.add(product)
    session.flush()
    record_step(session, viewer, product, "起草")
    session.flush()
    return product


def edit(
    session: Session, viewer: Viewer, product_id: int, version: int | None,
    change: Callable[[ProductContent], ProductContent],
) -> Product:  # fmt: skip
    """Apply an edit to one's own draft, as it was read. Raises PRODUCT-STATE, PRODUCT-CHANGED, what the edit raises."""
    product = _own_draft(session, viewer, product_id)
    _check_version(product, version)
    before = read_content(product)
    after = change(before)
    if after != before:
        _keep(session, product, after)
        record_step(session, viewer, product, "修改")
    return product


def submit(session: Session, viewer: Viewer, product_id: int, version: int | None = None) -> Product:
    """Send a draft for checking; every sentence must rest on something. Raises PRODUCT-UNCITED, PRODUCT-CITATION."""
    product = _own_draft(session, viewer, product_id)
    _check_version(product, version)
    content = trimmed(read_content(product))
    check(content)
    if content != read_content(product):
        _keep(session, product, content)
    product.state = CHECKING
    record_step(session, viewer, product, "送审")
    return product


def check_product(
    session: Session, archive: Archive, viewer: Viewer, product_id: int, agree: bool, note: str = "",
    version: int | None = None,
) -> Product:  # fmt: skip
    """The check by another person. Agreed, a kind without signature is issued; else it goes on or back with a reason.

    Raises RIGHTS-ROLE, PRODUCT-SAME, PRODUCT-STATE, PRODUCT-CHANGED, PRODUCT-REASON, and what `issue` raises.
    """
    product = get_product(session, viewer, product_id, lock=True)
    kind = kind_of(product.kind)
    _in_state(product, CHECKING)
    _check_version(product, version)
    if viewer.role not in kind.checks:
        raise ShijiError("RIGHTS-ROLE", f"当前角色不能审核{kind.name}", viewer.role, "请提交处长。")
    if viewer.user_id == product.drafted_by:
        raise ShijiError("PRODUCT-SAME", "起草人不能审核自己的文稿", product.title, "请由另一名处长审核。")
    if not agree:
        return _back(session, viewer, product, note)
    check(read_content(product))
    product.checked_by = viewer.user_id
    record_step(session, viewer, product, "审核", note.strip())
    if kind.signs:
        product.state = SIGNING
        return product
    return issue(session, archive, viewer, product)


def sign_product(
    session: Session, archive: Archive, viewer: Viewer, product_id: int, agree: bool, note: str = "",
    version: int | None = None,
) -> Product:  # fmt: skip
    """The signature that issues it, or sends it back with a reason. Raises as `check_product` does."""
    product = get_product(session, viewer, product_id, lock=True)
    kind = kind_of(product.kind)
    _in_state(product, SIGNING)
    _check_version(product, version)
    if viewer.role not in kind.signs:
        raise ShijiError("RIGHTS-ROLE", f"当前角色不能签发{kind.name}", viewer.role, "请呈分管副部长或部长。")
    if viewer.user_id in (product.drafted_by, product.checked_by):
        raise ShijiError("PRODUCT-SAME", "起草人、审核人不能签发同一文稿", product.title, "请由另一人签发。")
    if not agree:
        return _back(session, viewer, product, note)
    product.signed_by = viewer.user_id
    record_step(session, viewer, product, "签发", note.strip())
    return issue(session, archive, viewer, product)


def void(session: Session, viewer: Viewer, product_id: int, reason: str) -> Product:
    """Give up a draft that was not issued. Raises PRODUCT-STATE, PRODUCT-REASON."""
    product = _own_draft(session, viewer, product_id)
    if not reason.strip():
        raise ShijiError("PRODUCT-REASON", "作废须写明理由", product.title, "请填写理由。")
    product.state = VOID
    record_step(session, viewer, product, "作废", reason.strip())
    return product


def _back(session: Session, viewer: Viewer, product: Product, note: str) -> Product:
    if not note.strip():
        raise ShijiError("PRODUCT-REASON", "退回须写明意见", product.title, "请填写修改意见。")
    product.state, product.checked_by = DRAFT, None
    record_step(session, viewer, product, "退回", note.strip())
    return product


def _own_draft(session: Session, viewer: Viewer, product_id: int) -> Product:
    product = get_product(session, viewer, product_id, lock=True)
    _in_state(product, DRAFT)
    if product.drafted_by != viewer.user_id:
        raise ShijiError("RIGHTS-ROLE", "只有起草人可以修改草稿", product.title, "请退回起草人，或另行起草。")
    return product


def _in_state(product: Product, state: str) -> None:
    if product.state != state:
        what = "已签发，内容不可更改" if product.state == ISSUED else f"状态为“{product.state}”，不能办理"
        raise ShijiError("PRODUCT-STATE", f"文稿{what}", product.title, "请刷新页面；已签发的如需更正，请重新编印。")


def _check_version(product: Product, version: int | None) -> None:
    if version is not None and version != product.version:
        raise ShijiError("PRODUCT-CHANGED", "该文稿刚被修改过", product.title, "请刷新后再操作。")


def _keep(session: Session, product: Product, content: ProductContent) -> None:
    product.content, product.title = content.as_dict(), content.title
    product.zones = zones_of(session, content)
    product.version += 1
    product.changed_at = now()
    session.flush()
