"""The demo's papers: issued through draft, check and signature by the demo's people, and one recall.

Everything goes through the real services; what a paper says is what the record says on the demo's day.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.rows import read_yaml
from dossier import lrm, lrm_import, terms, verify
from dossier.products.content import ProductContent
from dossier.products.exports import export_copy
from dossier.products.issue import Recipient, set_recipients
from dossier.products.life import check_product, open_draft, sign_product, submit
from dossier.products.wanted import Wanted
from dossier.scope import Viewer, evidence_clause, viewer_of
from storage.archive import Archive
from storage.database import Database
from storage.tables import Evidence, Passage, Product, User

HERE = Path(__file__).parent
Build = Callable[[Session, Viewer, Wanted, dt.date], ProductContent]


def fill_products(database: Database, archive: Archive, today: dt.date, builder_of: Callable[[str], Build]) -> int:
    """Issue the demo's papers once; returns how many were made now."""
    plan = read_yaml(HERE / "products.yaml")
    with database.read() as session:
        if session.scalar(select(Product.id).limit(1)) is not None:
            return 0
    made = 0
    for row in plan["products"]:
        with database.write() as session:
            made += _issue(session, archive, row, today, builder_of(row["kind"]))
    for state in ("waiting", "drafts"):
        for row in plan[state]:
            with database.write() as session:
                who = _viewer(session, row["who"][0])
                product = _draft(session, who, row, today, builder_of(row["kind"]))
                if product is not None and state == "waiting":
                    submit(session, who, product.id)
                made += product is not None
    with database.write() as session:
        _correct(session, plan["corrected"])
    with database.write() as session:
        _paper(session, today)
    return made


def _issue(session: Session, archive: Archive, row: Mapping[str, Any], today: dt.date, build: Build) -> int:
    drafter, checker, signer = (_viewer(session, login) for login in row["who"])
    product = _draft(session, drafter, row, today, build)
    if product is None:
        return 0
    set_recipients(session, drafter, product.id, [Recipient(name, role) for name, role in row["to"]])
    submit(session, drafter, product.id)
    check_product(session, archive, checker, product.id, True, "已核对佐证")
    sign_product(session, archive, signer, product.id, True)
    export_copy(session, archive, drafter, product.id, 1)
    return 1


def _draft(session: Session, who: Viewer, row: Mapping[str, Any], today: dt.date, build: Build) -> Product | None:
    """A draft; None where the record does not hold what it is about."""
    ref = None
    if "item" in row:
        ref = _item(session, who, str(row["item"]), row["team"])
        if ref is None:
            return None
    wanted = Wanted(row["kind"], str(row.get("period", "")), ref=ref)
    return open_draft(session, who, build(session, who, wanted, today), wanted)


def _item(session: Session, who: Viewer, words: str, team: str) -> int | None:
    """The first settled problem of the team with these words, or its first settled problem."""
    rows: Sequence[Evidence] = session.scalars(
        select(Evidence)
        .where(Evidence.team_id == team, Evidence.label == "problem", Evidence.state == terms.VERIFIED,
               evidence_clause(who))
        .order_by(Evidence.event_date, Evidence.id)
    ).all()  # fmt: skip
    named = [item.id for item in rows if words in item.passage.text]
    return next(iter(named or [item.id for item in rows]), None)


def _correct(session: Session, row: Mapping[str, str]) -> None:
    """The publisher corrected a figure after papers had gone out: a head of the zone takes the item back."""
    item = session.scalar(
        select(Evidence)
        .join(Passage, Evidence.passage_id == Passage.id)
        .where(Evidence.team_id == row["team"], Passage.text.contains(row["words"]), Evidence.state.in_(terms.SHOWN))
        .order_by(Evidence.id)
    )
    if item is not None:
        verify.withdraw(session, _viewer(session, "head"), item.id, terms.CORRECTED, row["reason"])


def _paper(session: Session, today: dt.date) -> None:
    """考核办 keeps the demo person's 任免审批表; no tenure is written."""
    file = HERE / "papers" / "佟以宁.lrmx"
    kh = _viewer(session, "kh")
    plan = lrm_import.plan_paper(session, kh, lrm.read_paper(file.read_bytes(), file.name), file.name, today)
    lrm_import.write_paper(session, kh, plan, (), False)


def _viewer(session: Session, login: str) -> Viewer:
    return viewer_of(session, session.scalars(select(User).where(User.login == login)).one())
