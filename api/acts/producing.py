"""Acts on products with their audit entries, for pages, JSON and commands alike (domain.md §2.7, R-42)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import audit
from api.access.accounts import SignedIn
from api.acts.product_builders import builder_of
from api.system import System
from dossier.brief_store import get_brief
from dossier.history import user_names
from dossier.products import editing, exports, issue, life, recall, store
from dossier.products.check import faults
from dossier.products.content import ProductContent
from dossier.products.issue import Recipient
from dossier.products.kinds import Kind, kind_of
from dossier.products.talk_brief import as_product
from dossier.products.wanted import Wanted
from dossier.scope import Viewer, evidence_clause, visible_items
from storage.errors import ShijiError
from storage.tables import Evidence, Product, ProductExport, ProductStep

Edit = Callable[[Session, Viewer, ProductContent], ProductContent]


@dataclass(frozen=True)
class Shown:
    """A product as a page or the JSON API shows it. `links`: code -> item the viewer may open."""

    product: Product
    content: ProductContent
    kind: Kind
    names: dict[int, str]
    steps: Sequence[ProductStep]
    exports: list[tuple[ProductExport, int, str]]
    fallen: list[recall.Fallen]
    faults: list[ShijiError]
    may_act: bool
    stopped: bool
    links: dict[str, int] = field(default_factory=dict)


def compose(system: System, person: SignedIn, wanted: Wanted) -> Product:
    """Compose a product of a kind and keep it as a draft. Raises PRODUCT-KIND and what the builder raises."""
    build = builder_of(wanted.kind)
    if person.viewer.role not in kind_of(wanted.kind).drafts:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能起草这种文稿", person.viewer.role, "请由经办或考核办起草。")
    with system.database.write() as session:
        content = build(session, person.viewer, wanted, system.settings.today())
        return _drafted(session, person, content, wanted)


def open_draft(system: System, person: SignedIn, content: ProductContent, wanted: Wanted | None = None) -> Product:
    """Keep content that another page composed as a draft."""
    with system.database.write() as session:
        return _drafted(session, person, content, wanted)


def from_brief(system: System, person: SignedIn, brief_id: int) -> Product:
    """A stored briefing note as a draft that can be edited and checked. Raises BRIEF-UNKNOWN, BRIEF-STALE."""
    with system.database.write() as session:
        brief = get_brief(session, person.viewer, brief_id, system.settings.today())
        if brief.gone:
            raise ShijiError("BRIEF-STALE", "简报所列事项已不成立", str(brief_id), "请重新编制简报。")
        wanted = Wanted("talk_brief", cadre_id=brief.content.cadre_id, ref=brief_id)
        return _drafted(session, person, as_product(brief.content), wanted)


def _drafted(session: Session, person: SignedIn, content: ProductContent, wanted: Wanted | None) -> Product:
    product = life.open_draft(session, person.viewer, content, wanted)
    _record(session, person, "product-draft", product)
    return product


def show(system: System, person: SignedIn, product_id: int) -> Shown:
    """A product for reading; reading a paper on one cadre is recorded. Raises PRODUCT-UNKNOWN, PRODUCT-DAMAGED."""
    with system.database.write() as session:
        product = store.get_product(session, person.viewer, product_id)
        content = store.read_content(product)
        steps = session.scalars(
            select(ProductStep).where(ProductStep.product_id == product.id).order_by(ProductStep.id)
        ).all()
        fallen = recall.of_product(session, person.viewer, product)
        ids = {row.evidence_id: row.code for row in content.annex if row.evidence_id is not None}
        seen = visible_items(session, person.viewer, ids)
        if product.cadre_id:
            _record(session, person, "product-read", product)
        session.refresh(product, ["copies"])
        names = user_names(session, [s.user_id for s in steps])
        return Shown(
            product, content, kind_of(product.kind), names, steps, exports.export_log(session, product), fallen,
            faults(content) if product.state == store.DRAFT else [], store.may_act(person.viewer, product),
            bool(recall.stops_export(fallen)), {code: key for key, code in ids.items() if key in seen},
        )  # fmt: skip


def item_number(system: System, person: SignedIn, reference: str) -> int:
    """Id of the item meant by its id or its code. Raises EVIDENCE-UNKNOWN."""
    meant = Evidence.id == int(reference) if reference.isdigit() else Evidence.code == reference
    with system.database.read() as session:
        found = session.scalar(select(Evidence.id).where(meant, evidence_clause(person.viewer)))
    if found is None:
        raise ShijiError("EVIDENCE-UNKNOWN", "没有找到该条目，或不在您的联系片内", reference[:40], "请核对编号。")
    return found


def edit(system: System, person: SignedIn, product_id: int, version: int | None, change: Edit) -> Product:
    """Apply an edit to one's draft."""
    with system.database.write() as session:
        viewer = person.viewer
        product = life.edit(session, viewer, product_id, version, lambda c: change(session, viewer, c))
        _record(session, person, "product-edit", product)
        return product


def written(at: tuple[int, int], text: str, codes: Sequence[str], unsupported: bool, add: bool) -> Edit:
    """The edit that changes or adds a sentence."""
    return lambda session, viewer, content: editing.write_sentence(
        session, viewer, content, at, text, codes, unsupported, add
    )


def submit(system: System, person: SignedIn, product_id: int, version: int | None) -> Product:
    """Send for checking."""
    with system.database.write() as session:
        product = life.submit(session, person.viewer, product_id, version)
        _record(session, person, "product-submit", product)
        return product


def decide(system: System, person: SignedIn, product_id: int, agree: bool, note: str, version: int | None) -> Product:
    """Check or sign, as the product's state asks for; or send it back."""
    with system.database.write() as session:
        product = store.get_product(session, person.viewer, product_id, lock=True)
        checking = product.state == store.CHECKING
        act = life.check_product if checking else life.sign_product
        product = act(session, system.archive, person.viewer, product_id, agree, note, version)
        name = ("product-check" if checking else "product-sign") if agree else "product-return"
        _record(session, person, name, product, {"reason": note.strip()[:200]})
        return product


def void(system: System, person: SignedIn, product_id: int, reason: str) -> Product:
    """Give up a draft."""
    with system.database.write() as session:
        product = life.void(session, person.viewer, product_id, reason)
        _record(session, person, "product-void", product, {"reason": reason.strip()[:200]})
        return product


def recipients(system: System, person: SignedIn, product_id: int, wanted: Sequence[Recipient]) -> Product:
    """Settle the recipient list before issue."""
    with system.database.write() as session:
        product = issue.set_recipients(session, person.viewer, product_id, wanted)
        _record(session, person, "product-recipients", product, {"entries": len(wanted)})
        return product


def listed(product: Product) -> list[Recipient]:
    """The recipient list as it stands, without the file copy."""
    return [Recipient(c.recipient, c.role, c.team_id or "") for c in product.copies if c.number > 1]


def add_copy(system: System, person: SignedIn, product_id: int, wanted: Recipient) -> None:
    """加发 one more copy of an issued product."""
    with system.database.write() as session:
        copy = issue.add_copy(session, system.archive, person.viewer, product_id, wanted)
        product = store.get_product(session, person.viewer, product_id)
        _record(session, person, "product-copy", product, {"sha256": copy.docx_sha256, "to": copy.recipient})


def export(system: System, person: SignedIn, product_id: int, number: int) -> tuple[str, bytes]:
    """File name and bytes of a copy; counted, logged and recorded with its hash."""
    with system.database.write() as session:
        found = exports.export_copy(session, system.archive, person.viewer, product_id, number)
        about = session.get_one(Product, product_id).cadre_id or ""
        detail = {"sha256": found.sha256, "copy": number, "nth": found.nth, "profile": found.profile, "cadre": about}
        audit.record(session, person.viewer, "export", "product", str(product_id), detail=detail)
    return found.name, found.data


def handle_recall(system: System, person: SignedIn, product_id: int, evidence_id: int, action: str, note: str) -> None:
    """Record what was done about a fallen item in an issued product."""
    with system.database.write() as session:
        row = recall.handle(session, person.viewer, product_id, evidence_id, action, note)
        product = store.get_product(session, person.viewer, product_id)
        _record(session, person, "product-recall", product, {"state": row.state, "reason": f"{action}：{note}"[:200]})


def _record(
    session: Session, person: SignedIn, act: str, product: Product, detail: dict[str, Any] | None = None
) -> None:
    purpose = "谈话" if product.kind.startswith("talk") else ""
    audit.record(
        session, person.viewer, act, "product", str(product.id), purpose,
        {"kind": product.kind, "state": product.state, "cadre": product.cadre_id or "", **(detail or {})},
    )  # fmt: skip
