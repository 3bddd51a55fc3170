"""Issuing: number, recipients and their copies, the archived Word files, the content's hash (R-40 to R-42)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from dossier.products.content import ProductContent
from dossier.products.gathering import city_of
from dossier.products.kinds import DOCUMENT, ISSUE, Kind, kind_of
from dossier.products.paper import product_docx
from dossier.products.recall import fallen_items
from dossier.products.redact import load_names, profile_of, redact
from dossier.products.store import DRAFT, ISSUED, get_product, hash_of, read_content, record_step
from dossier.scope import Viewer
from storage.archive import Archive
from storage.errors import ShijiError
from storage.tables import Product, ProductCitation, ProductCopy, Team, now

FILE_COPY = "存档"


@dataclass(frozen=True)
class Recipient:
    """For whom a copy is made. `team_id` only for UNIT."""

    name: str
    role: str
    team_id: str = ""


def set_recipients(session: Session, viewer: Viewer, product_id: int, wanted: Sequence[Recipient]) -> Product:
    """The recipient list before issue, by drafter or checker. Raises PRODUCT-RECIPIENT, PRODUCT-STATE."""
    product = get_product(session, viewer, product_id, lock=True)
    if product.state == ISSUED:
        raise ShijiError("PRODUCT-STATE", "文稿已签发，发送范围不能修改", product.title, "如需加发，请使用“加发”。")
    kind = kind_of(product.kind)
    if viewer.user_id != product.drafted_by and viewer.role not in kind.checks | kind.signs:
        raise ShijiError("RIGHTS-ROLE", "发送范围由起草人、审核人或签发人确定", viewer.role, "")
    if product.state != DRAFT and viewer.user_id == product.drafted_by:
        raise ShijiError("PRODUCT-STATE", "文稿已送审，请由审核人调整发送范围", product.title, "")
    checked = [_checked(session, kind, one) for one in wanted]
    for copy in list(product.copies):
        session.delete(copy)
    session.flush()
    session.expire(product, ["copies"])
    for number, one in enumerate(checked, 2):  # the first copy is kept on file
        _add(session, product, kind, one, number)
    session.flush()
    return product


def issue(session: Session, archive: Archive, viewer: Viewer, product: Product) -> Product:
    """Number the product, lay down its citations and copies, archive the Word files, close its content.

    Raises PRODUCT-STALE where an item it cites has fallen since it was composed.
    """
    content = read_content(product)
    kind = kind_of(product.kind)
    if fallen := fallen_items(session, content):
        what = "、".join(f"{code}（{state}）" for code, state in fallen.items())
        raise ShijiError(
            "PRODUCT-STALE", f"文稿引用的事项已不成立：{what}", product.title, "请退回起草人，删去或改写相关语句。"
        )
    _number(session, product, kind, date.fromisoformat(content.made_on))
    for row in content.annex:
        session.add(
            ProductCitation(
                product_id=product.id, code=row.code, evidence_id=row.evidence_id, team_id=row.team_id, state=row.state
            )
        )
    _add(session, product, kind, Recipient(FILE_COPY, "KH"), 1, profile=kind.profile)
    session.flush()
    session.expire(product, ["copies"])
    names = load_names(session)
    for copy in product.copies:
        copy.docx_sha256 = archive.put(
            copy_docx(redact(content, copy.profile, names, copy.team_id or ""), product, copy)
        )
    product.state, product.issued_at = ISSUED, now()
    product.content_sha256 = hash_of(product.content)
    session.flush()
    return product


def add_copy(session: Session, archive: Archive, viewer: Viewer, product_id: int, wanted: Recipient) -> ProductCopy:
    """加发: one more copy of an issued product, on record. Raises PRODUCT-STATE, PRODUCT-STALE, PRODUCT-RECIPIENT."""
    product = get_product(session, viewer, product_id, lock=True)
    kind = kind_of(product.kind)
    if product.state != ISSUED:
        raise ShijiError("PRODUCT-STATE", "未签发的文稿不能加发", product.title, "请修改发送范围。")
    if viewer.role not in kind.checks | kind.signs:
        raise ShijiError("RIGHTS-ROLE", "加发由审核人或签发人决定", viewer.role, "请提交处长。")
    content = read_content(product)
    if fallen_items(session, content):
        raise ShijiError("PRODUCT-STALE", "文稿引用的事项已不成立，不能加发", product.title, "请先办理召回。")
    number = 1 + max(copy.number for copy in product.copies)
    copy = _add(session, product, kind, _checked(session, kind, wanted), number)
    session.flush()
    shown = redact(content, copy.profile, load_names(session), copy.team_id or "")
    copy.docx_sha256 = archive.put(copy_docx(shown, product, copy))
    record_step(session, viewer, product, "加发", f"{copy.recipient}，份号{copy_serial(copy)}")
    session.flush()
    return copy


def copy_docx(content: ProductContent, product: Product, copy: ProductCopy) -> bytes:
    """The Word file of one copy, its 份号 and reader at the head of every page."""
    shown = kind_of(product.kind).numbering in (ISSUE, DOCUMENT)
    head = f"份号{copy_serial(copy)}" if shown else f"{product.number_text}　份号{copy_serial(copy)}"
    return product_docx(content, head, product.number_text if shown else "", redacted=True)


def copy_serial(copy: ProductCopy) -> str:
    """份号: six digits, first of a product 000001."""
    return f"{copy.number:06d}"


def _number(session: Session, product: Product, kind: Kind, day: date) -> None:
    series = f"{kind.code}:{product.section}" if kind.numbering == ISSUE else kind.prefix
    last = session.scalar(select(func.max(Product.number)).where(Product.series == series, Product.year == day.year))
    number = (last or 0) + 1
    product.series, product.year, product.number = series, day.year, number
    if kind.numbering == ISSUE:
        product.number_text = f"第{number}期"
    elif kind.numbering == DOCUMENT:
        product.number_text = f"{city_of(session)[:1]}{kind.prefix}〔{day.year}〕{number}号"
    else:
        product.number_text = f"{kind.prefix}-{day.year}-{number:04d}"


def _checked(session: Session, kind: Kind, one: Recipient) -> Recipient:
    name = " ".join(one.name.split())
    if not name or len(name) > 40:
        raise ShijiError("PRODUCT-RECIPIENT", "请填写接收人（40字以内）", "", "写职务或单位名称。")
    if one.role not in kind.receives:
        raise ShijiError("PRODUCT-RECIPIENT", f"{kind.name}不能发给该类人员：{one.role}", name, "请核对发送范围。")
    if (one.role == "UNIT") != bool(one.team_id) or (one.team_id and session.get(Team, one.team_id) is None):
        raise ShijiError("PRODUCT-RECIPIENT", "发给单位的须选择班子", name, "请从名册选择。")
    return Recipient(name, one.role, one.team_id)


def _add(session: Session, product: Product, kind: Kind, one: Recipient, number: int, profile: str = "") -> ProductCopy:
    copy = ProductCopy(
        product_id=product.id, number=number, recipient=one.name, role=one.role, team_id=one.team_id or None,
        profile=profile or profile_of(one.role, kind.profile),
    )  # fmt: skip
    session.add(copy)
    return copy
