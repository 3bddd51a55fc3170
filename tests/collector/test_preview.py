"""What a source would bring in, before it is registered; from an address to a registration; the register as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from collector.errors import CollectorError
from collector.fetch import Client
from collector.port import Places
from collector.preview import KNOWN, OUTSIDE, WANTED, preview
from collector.propose import propose
from collector.registry import register_sources
from collector.registry_files import TO_BE_STATED, changes, read_register, rows_of, to_opml, to_yaml
from collector.visit import visit_source
from storage.archive import Archive
from storage.database import Database
from storage.tables import Capture, Document, Run, Source
from tests.collector.mockweb import MockWeb, article, rss

MOMENT = datetime(2025, 3, 5, 1, 0, tzinfo=UTC)
BODY = "各部门按照既定安排推进水利工程冬修，年内计划完成干渠清淤三十二公里，目前已完成过半，工程质量由第三方抽检。"
TITLES = ("城郊干渠完成加固工程", "北部支渠清淤提前完成", "全区秋种工作完成九成", "冬修水利工程全面铺开")


@pytest.fixture
def web() -> Iterator[MockWeb]:
    web = MockWeb()
    for number, title in enumerate(TITLES, 1):
        web.html(f"/t2025030{number}_10000{number}.html", article(title, [f"{title}，群众反映良好。", BODY]))
    rows = "".join(
        f'<li><a href="/t2025030{n}_10000{n}.html">{t}</a><span>2025-03-0{n}</span></li>'
        for n, t in enumerate(TITLES, 1)
    )
    outside = '<li><a href="http://b.example/t20250305_1.html">其他网站的一篇文章</a><span>2025-03-05</span></li>'
    web.html("/dt/", (
        '<html><head><title>工作动态_望澜区</title>'
        '<link rel="alternate" type="application/rss+xml" href="/rss.xml"></head>'
        f'<body><ul class="news">{rows}{outside}</ul><a href="/dt/2.html">下一页</a></body></html>'
    ))  # fmt: skip
    web.pages["/rss.xml"] = (200, {}, rss([(f"{web.url}/t20250301_100001.html", TITLES[0], "")]))
    yield web
    web.close()


@pytest.fixture
def client(web: MockWeb) -> Client:
    return Client(frozenset({web.host}))


def row(web: MockWeb, **values: Any) -> dict[str, Any]:
    return {"id": "s", "name": "望澜区", "kind": "list", "url": web.url + "/dt/", "permission": "公开",
            "rate_seconds": 0.0, "config": {"selector": "ul.news > li"}, **values}  # fmt: skip


def test_what_would_come_in_is_what_comes_in(database: Database, web: MockWeb, client: Client, tmp_path: Path) -> None:
    shown = preview(database, client, row(web), moment=MOMENT)
    assert [offer.fate for offer in shown.offers] == [WANTED] * 4 + [OUTSIDE]
    assert shown.offers[0].published_at == "2025-03-01"
    assert shown.first is not None
    assert (shown.first.title, shown.error) == (TITLES[0], None)
    with database.read() as session:
        for table in (Source, Run, Capture, Document):
            assert session.scalar(select(func.count()).select_from(table)) == 0  # nothing is kept
    with database.write() as session:
        register_sources(session, {"sources": [row(web)]})
    visit_source(database, Archive(tmp_path), client, "s", clock=lambda: MOMENT)
    with database.read() as session:
        assert set(session.scalars(select(Document.url))) == {offer.url for offer in shown.wanted}
    again = preview(database, client, row(web), moment=MOMENT)
    assert [offer.fate for offer in again.offers] == [KNOWN] * 4 + [OUTSIDE]


def test_robots_and_guard_hold_for_previews(database: Database, web: MockWeb, client: Client) -> None:
    with pytest.raises(CollectorError, match="FETCH-PRIVATE"):
        preview(database, Client(), row(web))
    web.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /dt/\n")
    with pytest.raises(CollectorError, match="FETCH-ROBOTS"):
        preview(database, client, row(web))


def test_an_article_that_cannot_be_read_is_told(database: Database, web: MockWeb, client: Client) -> None:
    web.html("/t20250301_100001.html", "<html><body></body></html>")
    shown = preview(database, client, row(web), moment=MOMENT)
    assert shown.error is not None
    assert (shown.first, shown.error.code, len(shown.wanted)) == (None, "PAGE-EMPTY", 4)
    assert shown.as_dict()["errors"][0]["code"] == "PAGE-EMPTY"


def test_wrong_rows_are_refused_before_anything_is_fetched(database: Database, web: MockWeb, client: Client) -> None:
    with pytest.raises(CollectorError, match="SOURCE-SELECTOR"):
        preview(database, client, row(web, config={}))
    with pytest.raises(CollectorError, match="SOURCE-KIND"):
        preview(database, client, row(web, kind="upload", config={}))
    assert web.asked == []


def test_a_folder_is_previewed_and_left_as_it_is(database: Database, client: Client, tmp_path: Path) -> None:
    places = Places(tmp_path / "drops", tmp_path / "secrets", tmp_path / "keys", settle_seconds=0.02)
    folder = places.drops / "s"
    folder.mkdir(parents=True)
    (folder / "甲.txt").write_text("关于冬修水利的报告\n截至九月底，全区完成干渠清淤三十二公里。\n2025年9月30日\n")
    shown = preview(database, client, {"id": "s", "name": "n", "kind": "folder"}, places)
    assert [offer.title for offer in shown.wanted] == ["甲.txt"]
    assert shown.first is not None
    assert "三十二公里" in shown.first.text
    assert (folder / "甲.txt").exists()


# --- from an address to a registration ---


def test_a_list_page_is_proposed_with_selector_and_next_page(database: Database, web: MockWeb, client: Client) -> None:
    found = propose(client, web.url + "/dt/", 0.0)
    assert (found["kind"], found["name"]) == ("list", "工作动态_望澜区")
    assert found["feeds"] == [web.url + "/rss.xml"]
    assert found["config"]["next_selector"] == 'a:-soup-contains("下一页")'
    shown = preview(database, client, row(web, config=found["config"]), moment=MOMENT)
    assert [offer.title for offer in shown.wanted] == list(TITLES)


def test_feeds_sitemaps_and_json_are_recognised(database: Database, web: MockWeb, client: Client) -> None:
    assert propose(client, web.url + "/rss.xml", 0.0)["kind"] == "feed"
    url = f"{web.url}/t20250301_100001.html"
    web.pages["/map.xml"] = (200, {}, f"<?xml version='1.0'?><urlset><url><loc>{url}</loc></url></urlset>".encode())
    assert propose(client, web.url + "/map.xml", 0.0)["kind"] == "sitemap"
    rows = [{"id": 1, "docTitle": TITLES[0], "docUrl": "/t20250301_100001.html", "pubTime": "2025-03-01 08:00"}] * 2
    web.pages["/api"] = (200, {}, json.dumps({"code": 0, "data": {"rows": rows}}, ensure_ascii=False).encode())
    found = propose(client, web.url + "/api", 0.0)
    assert found["config"] == {"list": "data.rows", "url": "docUrl", "title": "docTitle", "date": "pubTime"}
    shown = preview(database, client, row(web, kind="json", url=web.url + "/api", config=found["config"]))
    assert [(o.title, o.published_at) for o in shown.wanted] == [(TITLES[0], "2025-03-01T08:00+08:00")]


def test_a_page_without_a_list_is_not_guessed_at(web: MockWeb, client: Client) -> None:
    web.html("/app", "<html><body><div id=app></div></body></html>")
    with pytest.raises(CollectorError, match="PROPOSE-NONE"):
        propose(client, web.url + "/app", 0.0)


# --- the register as a file ---


def fill(database: Database, web: MockWeb) -> list[dict[str, Any]]:
    with database.write() as session:
        register_sources(session, {"sources": [
            row(web, official=True, every_minutes=45), row(web, id="f", kind="feed", name="订阅 & <甲>", config={}),
            {"id": "inbox", "name": "收件文件夹", "kind": "folder", "level": "单位报送"},
        ]})  # fmt: skip
        session.add(Source(id="m", name="外区", kind="mirror"))
    with database.read() as session:
        return rows_of(session)


@pytest.mark.parametrize("form", [to_yaml, to_opml])
def test_the_register_comes_back_as_it_went(database: Database, web: MockWeb, form: Any) -> None:
    rows = fill(database, web)
    assert [r["id"] for r in rows] == ["f", "inbox", "s"]
    with database.read() as session:
        text = form(session)
        assert read_register("x", text.encode())["sources"] == rows
        assert {change.what for change in changes(session, read_register("x", text.encode()))} == {"不变"}


def test_changes_are_shown_field_by_field(database: Database, web: MockWeb) -> None:
    rows = fill(database, web)
    rows[0]["enabled"] = False
    data = yaml.safe_dump({"sources": [rows[0], row(web, id="neu")]}).encode()
    with database.read() as session:
        changed, added = changes(session, read_register("x.yaml", data))
    assert (changed.what, changed.fields) == ("修改", (("enabled", "true", "false"),))
    assert (added.what, added.id) == ("新增", "neu")


def test_feeds_of_other_readers_come_in_switched_off_until_permission_is_stated() -> None:
    opml = (
        '<opml version="1.0"><body><outline text="政务"><outline text="澜宁日报" type="rss" xmlUrl="http://a.example/rss.xml"/>'
        '<outline title="同站" xmlUrl="http://a.example/rss.xml"/></outline></body></opml>'
    )
    first, second = read_register("x.opml", opml.encode())["sources"]
    assert (first["name"], first["kind"], first["enabled"], first["permission"]) == (
        "澜宁日报",
        "feed",
        False,
        TO_BE_STATED,
    )
    assert first["id"] != second["id"]


@pytest.mark.parametrize(
    "text",
    ["<opml><body>", "sources: [", "a: b", "[]", '<!DOCTYPE a [<!ENTITY x "y">]><opml><outline xmlUrl="&x;"/></opml>'],
)
def test_broken_register_files_are_refused(text: str) -> None:
    with pytest.raises(CollectorError, match="SOURCE-FILE"):
        read_register("x", text.encode())
