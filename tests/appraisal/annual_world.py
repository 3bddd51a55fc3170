"""A year of a small record: figures of 2024, items of three teams in several states, everybody who signs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from record_world import FixedTopics, collect, evidence, found, viewer
from sqlalchemy.orm import Session

from appraisal.book import load_book
from appraisal.sheets import read_indicator_workbook
from appraisal.store import import_sheets, read_book, save_book, team_names
from dossier import review, terms, verify
from dossier.hearing import leniency, notices
from dossier.intake import Intake
from dossier.verify import RecordData
from storage.database import Database
from storage.tables import User, UserZone

DEMO = Path(__file__).parents[2] / "demo"
TABLES = ("gdp_2021_2024", "fiscal_revenue_2021_2024", "fixed_investment_2021_2024", "service_share_2023_2024")
TODAY = date(2025, 10, 16)
CUTOFF = date(2025, 1, 20)
PRAISE = "11月6日，望澜区荣获全省营商环境创新奖，为全市唯一入选城区。"
METHOD = "9月3日，望澜区推行街区长工作法，包片解决停车难。"
OWN = "10月21日，望澜区推行路长工作法，巡查背街小巷。"
FAILURE = "8月12日，望澜区一处在建工地发生坍塌，经查现场安全管理制度不落实，区政府被责令限期整改。"
SECOND = "7月2日，望澜区一处商场发生坍塌险情，经查安全巡查工作台账不实，区政府被要求限期整改。"
CLAIM = "12月28日，青棠区推行项目工作法，2024年固定资产投资完成999亿元。"
WAITING = "12月2日，石岭县一处矿区发生坍塌，经查现场安全管理制度不落实，县政府被责令限期整改。"
RULES = FixedTopics(("坍塌", "problem", "WT1"), ("荣获", "highlight", "LD2"), ("工作法", "practice", "ZF2"))
DOCUMENTS = (
    ("ribao", "望澜区荣获全省营商环境创新奖", "2024-11-07 08:00", PRAISE),
    ("ribao", "望澜区推行街区长工作法", "2024-09-04 08:00", METHOD),
    ("wanglan", "望澜区推行路长工作法", "2024-10-22 08:00", OWN),
    ("tongbao", "关于望澜区一起坍塌事故的通报", "2024-08-20 09:00", FAILURE),
    ("ribao", "望澜区一商场发生险情", "2024-07-03 09:00", SECOND),
    ("ribao", "青棠区推行项目工作法", "2024-12-29 09:00", CLAIM),
    ("tongbao", "关于石岭县一起坍塌事故的通报", "2024-12-05 09:00", WAITING),
)
SIGNERS = (("head2", "HEAD", ("Z1", "Z2")), ("sup", "SUP", ()), ("dep", "DEP", ()), ("min", "MIN", ()))


@pytest.fixture(scope="session")
def year_template(databases: Any, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """URL of the small record, built once."""
    url: str = databases.new(tmp_path_factory.mktemp("year"), migrated)
    database = Database(url)
    build(database)
    database.close()
    return url


@pytest.fixture
def record(databases: Any, year_template: str, tmp_path: Path) -> Iterator[Database]:
    """A fresh copy of the small record for every test."""
    database = Database(databases.new(tmp_path, year_template))
    yield database
    database.close()
    databases.drop(database.url)


def build(database: Database, founded: bool = False) -> None:
    """Roster, officers, figures, documents; the good news and one failure settled by two officers.

    founded: roster, sources and the demo's accounts are there already.
    """
    if not founded:
        found(database)
    with database.write() as session:
        for login, role, zones in () if founded else SIGNERS:
            user = User(login=login, name=login, role=role, password="-")
            user.zones = [UserZone(zone_id=zone) for zone in zones]
            session.add(user)
        save_book(session, load_book(DEMO / "indicators" / "book.yaml"))
    for name in TABLES:
        load(database, name)
    for source, title, published, text in DOCUMENTS:
        collect(database, source, title, published, text, name=title)
    Intake(database, RULES, "fixed").run()
    with database.write() as session:
        for text in (PRAISE, METHOD, OWN, FAILURE, SECOND, CLAIM, WAITING):
            accept(session, text)
        for text in (PRAISE, METHOD, FAILURE, SECOND, CLAIM):
            settle(session, text)


def load(database: Database, name: str) -> None:
    """Import one of the demo's tables."""
    with database.write() as session:
        file = DEMO / "indicators" / f"{name}.xlsx"
        sheets = read_indicator_workbook(file, book=read_book(session), teams=team_names(session))
        import_sheets(session, sheets, file.name, "0" * 64, None)


def accept(session: Session, text: str) -> None:
    """Confirm relevance, with a role where the machine gave none."""
    first, item = viewer(session, "off1"), evidence(session, text[:12])
    if not item.role:
        review.correct(session, first, item.id, review.Correction(role="主体"))
    review.accept(session, first, item.id)


def settle(session: Session, text: str) -> None:
    """Two channels, two officers, and the head where the item is adverse."""
    item, first = evidence(session, text[:12]), viewer(session, "off1")
    for channel in ("看", "访"):
        verify.add_record(session, first, item.id, RecordData(channel, date(2024, 12, 30), "与报道一致"), TODAY)
    verify.propose(session, first, item.id, terms.VERIFIED, "相互印证")
    verify.agree(session, viewer(session, "off1b"), item.id)
    if item.adverse:
        verify.sign(session, viewer(session, "head1"), item.id)


def hear(session: Session, text: str, response: str = "已停工整改，责任人已处理。") -> None:
    """告知 on 3 January 2025, the unit's answer and its review, the 容错 field."""
    item, first = evidence(session, text[:12]), viewer(session, "off1")
    row = notices.send(session, first, item.id, "请说明有关情况，包括原因和措施。", date(2025, 1, 3))
    if response:
        notices.state(session, first, row.id, response, (), date(2025, 1, 6))
        notices.review(session, viewer(session, "kh"), row.id, notices.KEEP, "与核实结论一致", date(2025, 1, 7))
    excuse(session, item.id)


def excuse(session: Session, evidence_id: int) -> None:
    """容错审查: does not apply; prepared, checked, signed."""
    apart = (leniency.APART,) * 3
    row = leniency.prepare(
        session, viewer(session, "head1"), evidence_id, leniency.NONE, apart, "经研究不涉及容错情形", date(2025, 1, 7)
    )
    leniency.check(session, viewer(session, "sup"), row.id, True)
    leniency.sign(session, viewer(session, "dep"), row.id, True, date(2025, 1, 8), body="部务会")
