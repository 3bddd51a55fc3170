"""A world of sources without a website, shared by the tests of folders and mailboxes."""

from __future__ import annotations

from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from collector.fetch import Client
from collector.port import Places
from collector.registry import register_sources
from collector.visit import visit_source
from storage.archive import Archive
from storage.database import Database
from storage.tables import Category, Run, Team, Zone
from tests.collector.mockweb import article

MOMENT = datetime(2025, 10, 9, 1, 0, tzinfo=UTC)
TEXT = "关于冬修水利进展情况的报告\n截至九月底，全区完成干渠清淤三十二公里，投入资金一千二百万元。\n2025年9月30日\n"
OTHER = "关于秋种进展情况的报告\n截至九月底，全区完成秋种九万亩，占计划的九成以上，进度快于上年。\n2025年9月29日\n"
BODY = "各部门按照既定安排推进水利工程冬修，年内计划完成干渠清淤三十二公里，目前已完成过半，工程质量由第三方抽检。"
PAGE = article("城郊干渠完成加固", ["城郊干渠三处险段完成加固，沿线两千亩农田春灌有了保障。", BODY]).encode()


class World:
    def __init__(self, database: Database, folder: Path) -> None:
        self.database, self.archive = database, Archive(folder / "originals")
        self.places = Places(folder / "drops", folder / "secrets", folder / "keys", settle_seconds=0.02)
        self.client = Client()
        with database.write() as session:
            session.add_all([Category(id="城区类"), Zone(id="Z1", name="城区片")])
            session.flush()
            session.add(Team(id="D01", full="望澜区", short="望澜", category_id="城区类", zone_id="Z1"))

    def register(self, kind: str, url: str = "", **config: Any) -> Path:
        row = {"id": "s", "name": "测试", "kind": kind, "url": url, "permission": "单位依职责报送", "config": config}
        with self.database.write() as session:
            register_sources(session, {"sources": [row]})
        folder = self.places.drops / "s"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def visit(self) -> Run:
        return visit_source(self.database, self.archive, self.client, "s", clock=lambda: MOMENT, places=self.places)

    def all(self, table: type[Any]) -> list[Any]:
        with self.database.read() as session:
            return list(session.scalars(select(table).order_by(table.id)))


@pytest.fixture
def world(database: Database, tmp_path: Path) -> World:
    return World(database, tmp_path)


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def message(
    subject: str = "报送材料", body: str = "请查收。", sender: str = "a@wanglan.example", **files: str
) -> bytes:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = f"张某 <{sender}>", "b@zzb.example", subject
    mail.set_content(body)
    for name, text in files.items():
        mail.add_attachment(text.encode(), maintype="application", subtype="octet-stream", filename=f"{name}.txt")
    return mail.as_bytes()
