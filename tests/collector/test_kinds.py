"""Kinds of sources behind one port: sitemaps, JSON lists, feeds in JSON; a further kind is a further file."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from collector.errors import CollectorError
from collector.feeds import parse_feed
from collector.fetch import Client
from collector.json_lists import check_path, look_up, parse_json_list
from collector.kinds import kinds
from collector.registry import judged, register_sources
from collector.sitemaps import parse_sitemap
from collector.visit import visit_source
from storage.archive import Archive
from storage.database import Database
from storage.tables import Document, Failure, Run
from tests.collector.mockweb import MockWeb, article

MOMENT = datetime(2025, 3, 5, 1, 0, tzinfo=UTC)
BODY = "各部门按照既定安排推进水利工程冬修，年内计划完成干渠清淤三十二公里，目前已完成过半，工程质量由第三方抽检。"
NEWS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'


class World:
    def __init__(self, database: Database, folder: Path) -> None:
        self.web, self.database, self.archive = MockWeb(), database, Archive(folder / "originals")
        self.client = Client(frozenset({self.web.host}))

    def pages(self, *names: str) -> None:
        for name in names:
            self.web.html(
                name, article(f"标题{name}：冬修水利全面铺开", [f"第{name}段，城郊干渠三处险段完成加固。", BODY])
            )

    def visit(self, kind: str, path: str, config: dict[str, Any] | None = None, moment: datetime = MOMENT) -> Run:
        row = {"id": "s", "name": "测试报", "kind": kind, "url": self.web.url + path, "permission": "公开",
               "rate_seconds": 0.0, "config": config or {}}  # fmt: skip
        with self.database.write() as session:
            register_sources(session, {"sources": [row]})
        return visit_source(self.database, self.archive, self.client, "s", clock=lambda: moment)

    def documents(self) -> list[Document]:
        with self.database.read() as session:
            return list(session.scalars(select(Document).order_by(Document.id)))


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[World]:
    world = World(database, tmp_path)
    yield world
    world.web.close()


def test_every_file_of_the_folder_is_a_kind() -> None:
    files = {file.stem for file in Path(kinds.__wrapped__.__code__.co_filename).parent.glob("*.py")} - {"__init__"}
    assert set(kinds()) == files == {
        "feed", "list", "sitemap", "json", "folder", "mailbox", "saved", "bundle", "upload", "mirror"
    }  # fmt: skip
    assert all(kind.title for kind in kinds().values())


# --- sitemaps ---


def urlset(*entries: str) -> bytes:
    return f'<?xml version="1.0"?><urlset {NEWS}>{"".join(entries)}</urlset>'.encode()


def entry(url: str, lastmod: str = "", published: str = "", title: str = "") -> str:
    inner = f"<news:publication_date>{published}</news:publication_date><news:title>{title}</news:title>"
    news = f"<news:news>{inner}</news:news>"
    return f"<url><loc>{url}</loc>{f'<lastmod>{lastmod}</lastmod>' if lastmod else ''}{news if published else ''}</url>"


def test_news_sitemap_gives_titles_and_dates_and_only_what_is_recent(world: World) -> None:
    world.pages("/a", "/b")
    world.web.pages["/map.xml"] = (200, {}, urlset(
        entry(world.web.url + "/old", published="2025-01-01"),
        entry(world.web.url + "/a", published="2025-03-03T08:00:00+08:00", title="甲"),
        entry(world.web.url + "/b", published="2025-03-04", title="乙"),
    ))  # fmt: skip
    run = world.visit("sitemap", "/map.xml")
    assert (run.status, run.found, run.new) == ("ok", 2, 2)
    assert [d.url[-2:] for d in world.documents()] == ["/a", "/b"]  # oldest first
    assert "/old" not in world.web.paths()


def test_index_of_packed_sitemaps_is_followed_newest_first_within_the_limit(world: World) -> None:
    world.pages("/a", "/b")
    children = "".join(
        f"<sitemap><loc>{world.web.url}/{name}.xml.gz</loc><lastmod>{day}</lastmod></sitemap>"
        for name, day in (
            ("one", "2025-03-01"),
            ("two", "2025-03-04"),
            ("ancient", "2020-01-01"),
            ("three", "2025-02-28"),
        )
    )
    world.web.pages["/map.xml"] = (200, {}, f"<sitemapindex {NEWS}>{children}</sitemapindex>".encode())
    world.web.pages["/one.xml.gz"] = (200, {}, gzip.compress(urlset(entry(world.web.url + "/a", "2025-03-01"))))
    world.web.pages["/two.xml.gz"] = (200, {}, gzip.compress(urlset(entry(world.web.url + "/b", "2025-03-04"))))
    run = world.visit("sitemap", "/map.xml", {"max_pages": 2})
    assert (run.status, run.new) == ("ok", 2)
    assert world.web.paths()[:3] == ["/map.xml", "/two.xml.gz", "/one.xml.gz"]
    assert {"/ancient.xml.gz", "/three.xml.gz"}.isdisjoint(world.web.paths())


def test_a_missing_child_makes_the_visit_partial_and_loses_nothing_else(world: World) -> None:
    world.pages("/b")
    world.web.pages["/map.xml"] = (200, {}, (
        f"<sitemapindex {NEWS}><sitemap><loc>{world.web.url}/gone.xml</loc></sitemap>"
        f"<sitemap><loc>{world.web.url}/two.xml</loc></sitemap></sitemapindex>").encode())  # fmt: skip
    world.web.pages["/two.xml"] = (200, {}, urlset(entry(world.web.url + "/b", "2025-03-04")))
    run = world.visit("sitemap", "/map.xml")
    assert (run.status, run.new, run.error_code) == ("partial", 1, "FETCH-STATUS")


def test_lastmod_is_not_taken_for_the_day_of_publication() -> None:
    (page,) = parse_sitemap(urlset(entry("http://a.example/1", lastmod="2025-03-04")), "http://a.example/").pages
    assert (page[0].published_at, page[1]) == (None, "2025-03-04")


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"<html><body>x</body></html>", "SITEMAP-NOT-ONE"),
        (b"", "SITEMAP-NOT-ONE"),
        (b"<urlset><url><loc>", "SITEMAP-BROKEN"),
        (gzip.compress(b"<urlset/>")[:12], "SITEMAP-BROKEN"),
        (gzip.compress(b"<urlset>" + b" " * (51 << 20)), "SITEMAP-SIZE"),
    ],
    ids=["html", "empty", "broken", "cut", "bomb"],
)
def test_what_is_no_sitemap_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(CollectorError) as refused:
        parse_sitemap(data, "http://a.example/map.xml")
    assert refused.value.code == code


def test_entities_of_a_sitemap_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("http://a.example/secret")
    data = (
        f'<!DOCTYPE urlset [<!ENTITY x SYSTEM "file://{tmp_path}/secret"><!ENTITY y "http://a.example/y">]>'
        "<urlset><url><loc>&x;</loc></url><url><loc>http://a.example/1</loc></url></urlset>"
    ).encode()
    assert [page[0].url for page in parse_sitemap(data, "http://a.example/").pages] == ["http://a.example/1"]


def test_an_empty_sitemap_is_no_calm(world: World) -> None:
    world.web.pages["/map.xml"] = (200, {}, urlset())
    assert world.visit("sitemap", "/map.xml").error_code == "SITEMAP-EMPTY"


# --- JSON lists ---


def records(world: World, *names: str) -> bytes:
    rows = [{"id": n, "link": f"/{n}", "t": f"<b>{n}</b>号文", "time": 1741060800000} for n in names]
    return json.dumps({"data": {"pages": [{"list": rows}]}}, ensure_ascii=False).encode()


FIELDS = {"list": "data.pages[0].list", "url": "link", "title": "t", "date": "time"}


def test_json_list_over_pages_until_nothing_is_new(world: World) -> None:
    world.pages("/a", "/b", "/c")
    world.web.pages["/api"] = (200, {}, records(world, "c", "b"))
    world.web.pages["/api?p=2"] = (200, {}, records(world, "b", "a"))
    world.web.pages["/api?p=3"] = (200, {}, records(world, "a"))
    config = {**FIELDS, "page_url": world.web.url + "/api?p={page}", "max_pages": 9}
    run = world.visit("json", "/api", config)
    assert (run.status, run.found, run.new) == ("ok", 3, 3)
    assert [d.url[-1] for d in world.documents()] == ["a", "b", "c"]
    assert "/api?p=4" not in world.web.paths()


def test_json_forms() -> None:
    text = 'cb([{"id": 7, "name": "甲乙", "day": "2025年3月4日"}, {"id": null}]);'
    (item,) = parse_json_list(
        text, "http://a.example/x/", {"url": "/n/{id}.html", "title": "name", "date": "day"}, None
    )
    assert (item.url, item.title, item.published_at) == ("http://a.example/n/7.html", "甲乙", "2025-03-04")
    (item,) = parse_json_list(
        '[{"u": "1.html", "d": 1741060800}]', "http://a.example/x/", {"url": "u", "date": "d"}, None
    )
    assert (item.url, item.published_at) == ("http://a.example/x/1.html", "2025-03-04T12:00+08:00")


@pytest.mark.parametrize(
    ("text", "fields", "code"),
    [
        ("<html>", {"url": "u"}, "JSON-NOT-JSON"),
        ('{"data": {}}', {"list": "data.list", "url": "u"}, "JSON-PATH"),
        ('{"code": 500, "data": null}', {"list": "data", "url": "u"}, "JSON-PATH"),
        ('[{"link": "1"}]', {"url": "u"}, "JSON-FIELDS"),
        ("[" * 200_000, {"url": "u"}, "JSON-NOT-JSON"),
    ],
)
def test_changed_interfaces_do_not_look_like_calm(text: str, fields: dict[str, str], code: str) -> None:
    with pytest.raises(CollectorError) as refused:
        parse_json_list(text, "http://a.example/", fields, None)
    assert refused.value.code == code


@given(
    st.recursive(st.none() | st.integers() | st.text(), lambda v: st.lists(v) | st.dictionaries(st.text(), v)),
    st.text(),
)
def test_a_path_never_breaks(value: Any, path: str) -> None:
    look_up(value, path)
    check_path(path)


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        ("json", {}),
        ("json", {"url": "a..b"}),
        ("json", {"url": "u", "page_url": "http://a.example/2"}),
        ("json", {"url": "u", "first_page": 7}),
        ("sitemap", {"days": 0}),
        ("sitemap", {"contains": 3}),
        ("folder", {"folder": "../x"}),
        ("saved", {"folder": "/etc"}),
        ("mailbox", {}),
        ("mailbox", {"user": "a", "senders": {"nobody": "D01"}}),
    ],
)
def test_configurations_are_judged(kind: str, config: dict[str, Any]) -> None:
    url = "imaps://mail.example/" if kind == "mailbox" else "http://a.example/"
    row = {"id": "s", "name": "n", "kind": kind, "url": url, "permission": "公开", "config": config}
    with pytest.raises(CollectorError, match="SOURCE-CONFIG"):
        judged(row, "s")


@pytest.mark.parametrize("bad", ["../x", "a/b", ".a", "a b", ""])
def test_ids_are_plain_names(bad: str) -> None:
    with pytest.raises(CollectorError, match="SOURCE-FIELD"):
        judged({"id": bad, "name": "n", "kind": "upload"}, "s")


# --- JSON Feed ---


def test_json_feed(world: World) -> None:
    world.pages("/a")
    feed = {"version": "https://jsonfeed.org/version/1.1", "title": "t", "items": [
        {"id": "1", "url": "/a", "title": "甲", "date_published": "2025-03-04T08:00:00+08:00", "summary": "<p>乙</p>"},
        {"id": "x"}, "y"]}  # fmt: skip
    text = json.dumps(feed, ensure_ascii=False).encode()
    items = parse_feed(text, "http://a.example/")
    assert items[0].url == "http://a.example/a"
    assert items[0].published_at == "2025-03-04T08:00:00+08:00"
    assert items[0].summary == "乙"
    world.web.pages["/feed.json"] = (200, {}, text)
    assert world.visit("feed", "/feed.json").new == 1
    with pytest.raises(CollectorError, match="FEED-NOT-A-FEED"):
        parse_feed(b'{"data": []}', "http://a.example/")
    with pytest.raises(CollectorError, match="FEED-BROKEN"):
        parse_feed(b'{"version": ', "http://a.example/")


def test_failures_name_the_page(world: World) -> None:
    world.pages("/a")
    world.web.pages["/map.xml"] = (200, {}, urlset(
        entry(world.web.url + "/a", "2025-03-04"), entry(world.web.url + "/gone", "2025-03-04")
    ))  # fmt: skip
    run = world.visit("sitemap", "/map.xml", moment=MOMENT + timedelta(minutes=1))
    assert (run.status, run.new, run.failed) == ("partial", 1, 1)
    with world.database.read() as session:
        assert session.scalars(select(Failure.url)).one().endswith("/gone")
