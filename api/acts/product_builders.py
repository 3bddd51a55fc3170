"""Which function composes which kind of product. Builders live on several floors; only here they meet."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from importlib import import_module

from sqlalchemy.orm import Session

from dossier.products.content import ProductContent
from dossier.products.kinds import KINDS, Kind, kind_of
from dossier.products.wanted import Wanted
from dossier.scope import Viewer
from storage.errors import ShijiError

Builder = Callable[[Session, Viewer, Wanted, date], ProductContent]
BUILDERS = {
    "notice_letter": "dossier.products.hearing_letters:build_notice",
    "clearing": "dossier.products.hearing_letters:build_clearing",
    "ledger": "dossier.products.ledger_sheet:build_ledger",
    "daily": "dossier.products.daily:build_daily",
    "weekly": "dossier.products.weekly:build_weekly",
    "special": "dossier.products.special:build_special",
    "monthly": "dossier.products.periodical:build_monthly",
    "quarterly": "dossier.products.periodical:build_quarterly",
    "circular": "appraisal.results.circular:build_circular",
    "unit_sheet": "appraisal.results.unit_sheet:build_unit_sheet",
}
for _place in BUILDERS.values():
    import_module(_place.split(":")[0])  # makes the fixed phrases of its forms known (dossier.products.frames)


def builder_of(code: str) -> Builder:
    """The function that composes a kind. Raises PRODUCT-KIND for one that other pages make."""
    kind = kind_of(code)
    if code not in BUILDERS:
        raise ShijiError("PRODUCT-KIND", f"{kind.name}不在文稿中心起草", "", "请从相应业务页面生成。")
    module, name = BUILDERS[code].split(":")
    build: Builder = getattr(import_module(module), name)
    return build


def kinds_for(viewer: Viewer) -> list[Kind]:
    """Kinds this person may draft in 文稿中心."""
    return [k for k in KINDS.values() if k.code in BUILDERS and k.subject and viewer.role in k.drafts]
