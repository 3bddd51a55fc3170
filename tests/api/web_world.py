"""A small seeded installation for web tests: demo roster and accounts, ten documents understood and filed."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from record_world import DEMO_ROSTER, SOURCES, FixedTopics, collect
from sqlalchemy import select

from api.access import demo_accounts
from api.access.demo_accounts import DEMO_PASSWORD
from api.app import create_app
from api.system import System
from dossier import roster, roster_files
from dossier.intake import Intake
from storage.settings import Settings
from storage.tables import Capture, Document, Evidence, Passage, Source, User

TODAY = "2025-10-16"
PRACTICE = "10月13日，青棠区推行老旧小区改造“一楼一策”工作法，区长苗知远主持召开推进会，明确12个小区改造清单。"
ACCIDENT = "10月9日，石岭县一处在建工地发生坍塌，经查现场安全管理制度不落实，县政府被责令限期整改。"
AWARD = "10月14日，望澜区荣获全省营商环境创新奖，为全市唯一入选城区。"
UNNAMED = "10月12日，物业管理座谈会召开，会上推出物业服务质量公示制度，居民代表参加。"
PARK = "10月11日，望澜区推行街区长工作法，包片解决停车难。"
ROAD = "10月10日，望澜区推行路长工作法，巡查背街小巷。"
SCHOOL = "10月11日，市教育局推行课后服务监管机制，覆盖全市216所学校。"
ILLNESS = "10月8日，我委领导班子一名成员因病住院，其分管工作暂由主任代管。"
LETTER = "市纪委领导：我实名举报某局领导违规收受巨额礼金，恳请彻查。此致"
RULES = FixedTopics(
    ("坍塌", "problem", "WT1"), ("住院", "major_matter", "ZD7"), ("荣获", "highlight", "LD2"),
    ("工作法", "practice", "ZF2"), ("公示制度", "practice", "ZF1"), ("监管机制", "practice", "ZF1"),
)  # fmt: skip
DOCUMENTS = (
    # key, source, title, published, paragraphs
    ("practice", "ribao", "青棠区“一楼一策”改造老旧小区", "2025-10-14 08:00", (PRACTICE,)),
    ("reprint", "jbrb", "青棠区“一楼一策”改造老旧小区", "2025-10-14 20:00", (PRACTICE,)),
    ("accident", "tongbao", "关于石岭县一起坍塌事故的通报", "2025-10-10 09:00", (ACCIDENT,)),
    ("award", "wanglan", "望澜区荣获全省营商环境创新奖", "2025-10-15 09:00", (AWARD,)),
    ("unnamed", "ribao", "禾丰县公示物业服务质量", "2025-10-13 09:00", (UNNAMED,)),
    ("park", "ribao", "望澜区推行街区长工作法", "2025-10-12 09:00", (PARK,)),
    ("road", "ribao", "望澜区推行路长工作法", "2025-10-11 09:00", (ROAD,)),
    ("school", "ribao", "课后服务有了监管机制", "2025-10-12 08:00", (SCHOOL,)),
    ("illness", "inbox", "关于班子成员因病住院的报告", "2025-10-09 17:00", (ILLNESS,)),
    ("letter", "inbox", "实名举报信", "2025-10-15 10:00", (LETTER,)),
)


_apps: list[FastAPI] = []


@dataclass
class World:
    """One installation and the ids of its documents and items by key."""

    system: System
    documents: dict[str, int]
    items: dict[str, int]

    @property
    def app(self) -> FastAPI:
        """The web application over this installation: one for the process, since building three hundred routes takes
        longer than most tests; it serves the world that asked for it last."""
        if not _apps:
            _apps.append(create_app(self.system))
        _apps[0].state.system = self.system
        return _apps[0]

    def client(self, login: str = "") -> TestClient:
        """A browser; signed in when a login is given, with the CSRF token for changing requests."""
        client = TestClient(self.app, follow_redirects=False)
        if login:
            answer = client.post("/api/session", json={"login": login, "password": DEMO_PASSWORD})
            assert answer.status_code == 200, answer.text
            client.headers["x-csrf-token"] = answer.json()["csrf"]
        return client

    def item(self, key: str) -> Evidence:
        """The item of a document as it stands now."""
        with self.system.database.read() as session:
            return session.get_one(Evidence, self.items[key])


def system_at(folder: Path, url: str) -> System:
    """The composed system over a data folder and a database, on the demo's day."""
    return System(Settings(data_text=str(folder), database_text=url, today_text=TODAY, demo_text="1"))


def build(folder: Path, url: str) -> None:
    """Seed an empty folder and an empty database."""
    system = system_at(folder, url)
    database = system.database
    with database.write() as session:
        roster.write(session, roster_files.read_yaml(DEMO_ROSTER))
        demo_accounts.create(session)
        for key, (name, level, owner, official) in SOURCES.items():
            session.add(Source(id=key, name=name, kind="feed", level=level, owner_team_id=owner, official=official))
    for key, source, title, published, paragraphs in DOCUMENTS:
        document_id = collect(database, source, title, published, *paragraphs, name=key)
        with database.write() as session:
            document = session.get_one(Document, document_id)
            capture = session.get_one(Capture, document.capture_id)
            capture.sha256 = system.archive.put("\n".join((title, *paragraphs)).encode())
            if source == "inbox":
                document.kind, document.url, capture.name = "report", f"file:{title}.txt", f"{title}.txt"
                capture.url, capture.headers = document.url, {"submitted_by": "MB05"}
    Intake(database, RULES, "fixed").run()
    system.close()


def open_world(system: System) -> World:
    """The world of a seeded system."""
    keys = [row[0] for row in DOCUMENTS]
    with system.database.read() as session:
        documents = dict(zip(keys, session.scalars(select(Document.id).order_by(Document.id)), strict=True))
        of_document = select(Passage.document_id, Evidence.id).join(Passage, Evidence.passage_id == Passage.id)
        by_document = dict(session.execute(of_document).all())
    items = {key: by_document[d] for key, d in documents.items() if d in by_document}
    return World(system, documents, items)


@contextmanager
def opened_copy(databases: Any, template: tuple[Path, str], folder: Path) -> Iterator[World]:
    """A copy of a closed installation, open for use and dropped afterwards."""
    source, closed = template
    shutil.copytree(source, folder)
    url = databases.new(folder, closed)
    found = open_world(system_at(folder, url))
    yield found
    found.system.close()
    databases.drop(url)


def further(
    databases: Any, template: tuple[Path, str], folder: Path, fill: Callable[[World], object]
) -> tuple[Path, str]:
    """A closed installation that is a template filled further; nobody drops it before the end."""
    shutil.copytree(template[0], folder)
    url = databases.new(folder, template[1])
    found = open_world(system_at(folder, url))
    fill(found)
    found.system.close()
    return folder, url


@pytest.fixture(scope="session")
def world_template(databases: Any, migrated: str, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """Folder and database URL of a seeded installation, built once."""
    folder = tmp_path_factory.mktemp("world") / "data"
    url = databases.new(folder, migrated)
    build(folder, url)
    return folder, url


@pytest.fixture
def world(databases: Any, world_template: tuple[Path, str], tmp_path: Path) -> Iterator[World]:
    """A fresh copy of the seeded installation for every test: building takes seconds, copying does not."""
    with opened_copy(databases, world_template, tmp_path / "data") as found:
        yield found


def user_id(world: World, login: str) -> int:
    """Id of an account."""
    with world.system.database.read() as session:
        return session.scalars(select(User.id).where(User.login == login)).one()
