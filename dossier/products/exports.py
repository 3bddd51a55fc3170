"""A copy leaving the system: the archived file, or a narrower one for a narrower reader; each time on record (R-42)."""

from __future__ import annotations

import hashlib
import io
from dataclasses import dataclass

from docx import Document as open_word
from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.gongwen_parts import stamp_header
from dossier.products.issue import copy_docx, copy_serial
from dossier.products.recall import fallen_items, of_product, stops_export
from dossier.products.redact import load_names, narrower, profile_of, redact
from dossier.products.store import ISSUED, get_product, read_content
from dossier.scope import Viewer
from storage.archive import Archive
from storage.errors import ShijiError
from storage.tables import Product, ProductCopy, ProductExport, User


@dataclass(frozen=True)
class Exported:
    """A Word file that leaves: name, bytes, how often this copy has left, under which profile."""

    name: str
    data: bytes
    nth: int
    profile: str
    sha256: str


def export_copy(session: Session, archive: Archive, viewer: Viewer, product_id: int, number: int) -> Exported:
    """The Word file of a copy. The first time it is the archived file; later ones say 第N次打印.

    Raises PRODUCT-UNKNOWN, PRODUCT-COPY, PRODUCT-STATE, PRODUCT-STALE, PRODUCT-DAMAGED.
    """
    if viewer.role == "UNIT":
        product, copy = _received(session, viewer, product_id, number)
        fallen = _fallen(session, product)
    else:
        product = get_product(session, viewer, product_id, lock=True)
        copy = _copy(session, product, number)
        fallen = [f.code for f in stops_export(of_product(session, viewer, product))]
    if product.state != ISSUED:
        raise ShijiError("PRODUCT-STATE", "未签发的文稿没有正式副本", product.title, "草稿请在页面查看。")
    if fallen:
        raise ShijiError(
            "PRODUCT-STALE",
            f"文稿引用的事项已不成立，停止导出：{'、'.join(fallen)}",
            product.title,
            "请按召回清单办理。",
        )
    profile = narrower(copy.profile, profile_of(viewer.role))
    content = read_content(product)
    if profile == copy.profile:
        data = archive.get(copy.docx_sha256)
    else:
        data = copy_docx(redact(content, profile, load_names(session), copy.team_id or ""), product, copy)
    copy.prints += 1
    if copy.prints > 1:
        data = _stamped(data, f"第{copy.prints}次打印")
    digest = hashlib.sha256(data).hexdigest()
    session.add(
        ProductExport(
            product_id=product.id, copy_id=copy.id, user_id=viewer.user_id, nth=copy.prints, profile=profile,
            sha256=digest,
        )
    )  # fmt: skip
    session.flush()
    name = f"{product.title}-{product.number_text}-份号{copy_serial(copy)}.docx"
    return Exported(name, data, copy.prints, profile, digest)


def export_log(session: Session, product: Product) -> list[tuple[ProductExport, int, str]]:
    """(export, 份号, who), newest first."""
    rows = session.execute(
        select(ProductExport, ProductCopy.number, User.name)
        .join(ProductCopy, ProductExport.copy_id == ProductCopy.id)
        .join(User, ProductExport.user_id == User.id)
        .where(ProductExport.product_id == product.id)
        .order_by(ProductExport.id.desc())
    )
    return [(row[0], row[1], row[2]) for row in rows]


def received(session: Session, viewer: Viewer) -> list[tuple[Product, ProductCopy]]:
    """Issued copies for the unit this account speaks for, newest first."""
    if viewer.role != "UNIT" or not viewer.team_id:
        return []
    rows = session.execute(
        select(Product, ProductCopy)
        .join(ProductCopy, ProductCopy.product_id == Product.id)
        .where(Product.state == ISSUED, ProductCopy.role == "UNIT", ProductCopy.team_id == viewer.team_id)
        .order_by(Product.issued_at.desc(), Product.id.desc())
    )
    return [(row[0], row[1]) for row in rows]


def _fallen(session: Session, product: Product) -> list[str]:
    """Codes of fallen items in a product, whoever asks."""
    return list(fallen_items(session, read_content(product)))


def _received(session: Session, viewer: Viewer, product_id: int, number: int) -> tuple[Product, ProductCopy]:
    for product, copy in received(session, viewer):
        if product.id == product_id and copy.number == number:
            return product, copy
    raise ShijiError("PRODUCT-UNKNOWN", "没有找到该文稿，或未发给你单位", str(product_id), "请从收到的文稿进入。")


def _copy(session: Session, product: Product, number: int) -> ProductCopy:
    copy = session.scalar(select(ProductCopy).where(ProductCopy.product_id == product.id, ProductCopy.number == number))
    if copy is None:
        raise ShijiError("PRODUCT-COPY", f"没有这一份：{number}", product.title, "请从发送清单选择。")
    return copy


def _stamped(data: bytes, words: str) -> bytes:
    """The archived file with a remark in its head; nothing else is touched."""
    word = open_word(io.BytesIO(data))
    for header in (word.sections[0].header, word.sections[0].even_page_header):
        stamp_header(header, words)
    out = io.BytesIO()
    word.save(out)
    return out.getvalue()
