"""A record with items of two teams for tests of products, and the people who draft, check and sign."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from brief_world import Item, put
from record_world import found, viewer
from sqlalchemy.orm import Session

from dossier import terms
from dossier.products.content import ProductContent
from dossier.products.daily import build_daily
from dossier.products.issue import Recipient, set_recipients
from dossier.products.life import check_product, open_draft, sign_product, submit
from dossier.products.periodical import build_monthly, build_quarterly
from dossier.products.special import build_special
from dossier.products.wanted import Wanted
from dossier.products.weekly import build_weekly
from dossier.scope import Viewer
from storage.archive import Archive
from storage.database import Database
from storage.tables import Product, User

TODAY = date(2025, 10, 16)
DAY = "2025-09-10"  # a Wednesday; the digest tells of the Tuesday before
BUILDERS = {
    "daily": (build_daily, DAY), "weekly": (build_weekly, "2025-W37"), "monthly": (build_monthly, "2025-09"),
    "quarterly": (build_quarterly, "2025Q3"), "special": (build_special, ""),
}  # fmt: skip
ON = date(2025, 9, 9)
ITEMS = {
    "practice": Item("石岭县推行矿山“双随机”巡查，覆盖17座矿山。", "D09", "practice", terms.ADOPTED, ON, "ZF2",
                     title="石岭县巡查矿山"),
    "award": Item("望澜区获评全省营商环境创新区。", "D01", "highlight", terms.VERIFIED, ON, "LD2", {"P002": "受表彰"}),
    "own": Item("望澜区举办街区议事会，居民代表参加。", "D01", "practice", terms.ADOPTED, ON, "ZF1",
                source="wanglan", self_published=True),
    "fault": Item("石岭县停产整顿矿山复工把关不严。", "D09", "problem", terms.VERIFIED, ON, "WT1", notified=True,
                  response="已停工整改", title="矿山复工检查情况"),
    "doubt": Item("网传石岭县一处矿山夜间偷采，燕归鸿曾到场。", "D09", "problem", terms.TO_VERIFY, ON, "WT15",
                  {"P020": "仅提及"}, title="燕归鸿到场的矿山偷采传闻"),
    "untold": Item("望澜区一处工地扬尘超标被通报。", "D01", "problem", terms.VERIFIED, ON, "WT2", title="工地扬尘通报"),
    "illness": Item("班子成员因病住院。", "D09", "major_matter", terms.ADOPTED, ON, "ZD7", restricted=True),
    "other": Item("市教育局推行课后服务监管机制。", "MB01", "practice", terms.ADOPTED, ON, "ZF1"),
    "before": Item("石岭县开展安全培训。", "D09", "practice", terms.ADOPTED, date(2025, 5, 6), "ZF2"),
}  # fmt: skip


ids: dict[str, int] = {}  # of the items, the same in every copy of what `fill` filled


def fill(database: Database) -> None:
    """Roster, officers with a deputy minister, and the items, whose ids stand in `ids`."""
    found(database)
    with database.write() as session:
        session.add(User(login="dep", name="dep", role="DEP", password="-"))
        session.add(User(login="unit", name="unit", role="UNIT", password="-", team_id="D09"))
        ids.update({key: put(session, item).id for key, item in ITEMS.items()})


def made(session: Session, kind: str, items: dict[str, int], login: str = "off1") -> ProductContent:
    """Content of a kind as an officer composes it."""
    build, period = BUILDERS[kind]
    return build(session, viewer(session, login), Wanted(kind, period, ref=items["practice"]), TODAY)


@contextmanager
def acting(database: Database, login: str) -> Iterator[tuple[Session, Viewer]]:
    """A write transaction with the rights of one person."""
    with database.write() as session:
        yield session, viewer(session, login)


def issued(
    database: Database, folder: Path, items: dict[str, int], kind: str = "weekly",
    recipients: tuple[Recipient, ...] = (),
) -> int:  # fmt: skip
    """A product taken through draft, check and signature; returns its id."""
    archive = Archive(folder)
    with acting(database, "off1") as (session, who):
        product = open_draft(session, who, made(session, kind, items))
        set_recipients(session, who, product.id, recipients)
        submit(session, who, product.id)
    with acting(database, "head1") as (session, who):
        check_product(session, archive, who, product.id, True)
    with acting(database, "dep") as (session, who):
        sign_product(session, archive, who, product.id, True)
    return product.id


def stored(session: Session, product_id: int) -> Product:
    """The product as it stands."""
    return session.get_one(Product, product_id)
