"""The demo's doubtful page waits for a person and is brought once."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import select

from collector.registry import register_sources
from demo.doubtful import bring_doubtful
from storage.archive import Archive
from storage.database import Database
from storage.tables import Document


def test_the_page_is_doubtful_and_comes_once(database: Database, tmp_path: Path) -> None:
    site = "http://127.0.0.1:8103"
    row = {"id": "wanglan", "name": "望澜区政府网", "kind": "list", "url": f"{site}/wanglan/index.html",
           "permission": "公开信息", "config": {"selector": "li a"}}  # fmt: skip
    with database.write() as session:
        register_sources(session, {"sources": [row]})
    for _ in range(2):
        bring_doubtful(database, Archive(tmp_path), site)
    with database.read() as session:
        (document,) = session.scalars(select(Document))
    assert document.warnings == ["PAGE-DOUBTFUL"]
    assert document.title == "望澜区举行老旧小区改造居民议事会"
    assert "未经三分之二以上居民同意" in document.text
