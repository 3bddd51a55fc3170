"""A web that misbehaves in every way seen in the wild: the right code each time, others go on, politeness kept."""

from __future__ import annotations

import gzip
import time
import zlib
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from collector.errors import CollectorError
from collector.fetch import Client
from collector.page_stand_in import refuse_stand_in
from collector.registry import register_sources
from collector.visit import visit_source
from storage.archive import Archive
from storage.database import Database
from storage.tables import Document, Failure, Run
from tests.collector.mockweb import MockWeb, article, rss

START = datetime(2025, 3, 5, 1, 0, tzinfo=UTC)
LARGEST, SECONDS = 200_000, 0.8
GOOD = article("冬修水利全面铺开", ["城郊干渠三处险段完成加固，沿线两千亩农田春灌有了保障，群众反映良好。" * 3])
HTML = {"Content-Type": "text/html; charset=utf-8"}


def raw(*pieces: bytes, pause: float = 0.0, times: int = 1) -> Callable[[Any], None]:
    """Write bytes as they are, without the server's manners; ``times`` over, with a pause after each."""

    def answer(handler: Any) -> None:
        handler.close_connection = True
        try:
            for _ in range(times):
                for piece in pieces:
                    handler.wfile.write(piece)
                    handler.wfile.flush()
                    time.sleep(pause)
        except OSError:
            return

    return answer


def then(first: bytes, rest: Callable[[Any], None]) -> Callable[[Any], None]:
    """A head, then something that goes on."""

    def answer(handler: Any) -> None:
        handler.wfile.write(first)
        rest(handler)

    return answer


def bomb(window: int) -> bytes:
    """50 MiB of zeros packed."""
    packer = zlib.compressobj(9, wbits=window)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(50)) + packer.flush()


OK = b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n"
OK11 = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
PAGES: dict[str, tuple[Any, str]] = {
    "slow-headers": (raw(b"HTTP/1.0 200 OK\r\nX-A: ", *[b"a"] * 60, pause=0.05), "FETCH-TIMEOUT"),
    "slow-body": (then(OK + b"\r\n", raw(b"<p>", pause=0.05, times=60)), "FETCH-TIMEOUT"),
    "hanging": (raw(b"", pause=2.0), "FETCH-TIMEOUT"),
    "hanging-in-body": (then(OK + b"Content-Length: 500\r\n\r\n<p>", raw(b"", pause=2.0)), "FETCH-TIMEOUT"),
    "endless-body": (then(OK + b"\r\n", raw(b"x" * 65536, times=500)), "FETCH-SIZE"),
    "endless-headers": (then(OK, raw(b"X-Flood: " + b"y" * 1000 + b"\r\n", times=5000)), "FETCH-CONNECT"),
    "claims-too-much": (raw(OK + b"Content-Length: 99999999\r\n\r\nx"), "FETCH-SIZE"),
    "truncated": (raw(OK + b"Content-Length: 5000\r\n\r\n" + GOOD.encode()[:300]), "FETCH-CONNECT"),
    "closed-at-once": (raw(b""), "FETCH-CONNECT"),
    "not-http": (raw(b"SSH-2.0-nothing\r\n\r\n"), "FETCH-CONNECT"),
    "chunked-garbage": (raw(OK11 + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nnonsense\r\n"), "FETCH-CONNECT"),
    "chunked-cut": (raw(OK11 + b"Transfer-Encoding: chunked\r\n\r\nff\r\nshort"), "FETCH-CONNECT"),
    "redirect-loop": ((302, {"Location": "/redirect-loop"}, b""), "FETCH-REDIRECTS"),
    "redirect-nowhere": ((302, {}, b""), "FETCH-REDIRECTS"),
    "redirect-to-file": ((302, {"Location": "file:///etc/passwd"}, b""), "FETCH-URL"),
    "redirect-away": ((302, {"Location": "http://169.254.169.254/latest/"}, b""), "FETCH-UNREGISTERED"),
    "redirect-inward": ((302, {"Location": "http://10.0.0.8/"}, b""), "FETCH-PRIVATE"),
    "gzip-bomb": ((200, {**HTML, "Content-Encoding": "gzip"}, bomb(31)), "FETCH-SIZE"),
    "deflate-bomb": ((200, {**HTML, "Content-Encoding": "deflate"}, bomb(15)), "FETCH-SIZE"),
    "brotli-broken": ((200, {**HTML, "Content-Encoding": "br"}, b"\xcf\xff\xff"), "FETCH-ENCODING"),
    "says-gzip-is-not": ((200, {**HTML, "Content-Encoding": "gzip"}, GOOD.encode()), "FETCH-ENCODING"),
    "gzip-twice-said": ((200, {**HTML, "Content-Encoding": "gzip, gzip"}, gzip.compress(b"x")), "FETCH-ENCODING"),
    "gone": ((410, HTML, b"gone"), "FETCH-STATUS"),
    "error": ((500, HTML, GOOD.encode()), "FETCH-STATUS"),
    "teapot": ((299, HTML, GOOD.encode()), "FETCH-STATUS"),
    "gone-with-200": ((200, HTML, "<title>提示</title><p>您访问的页面不存在或已被删除。</p>".encode()), "PAGE-GONE"),
    "404-with-200": ((200, HTML, "<title>404 Not Found</title><h1>404</h1><p>返回首页</p>".encode()), "PAGE-GONE"),
    "cookie-wall": ((200, HTML, "<title>请稍候</title><p>请启用Cookie后继续访问本网站。</p>".encode()), "PAGE-WALL"),
    "empty": ((200, HTML, b""), "PAGE-EMPTY"),
    "pdf-as-html": ((200, HTML, b"%PDF-1.7\nnothing of a document follows"), "READ-BROKEN"),
}  # fmt: skip


class World:
    """A site with its store; the moment of visits is the test's, so that back-off costs no time."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.web, self.database, self.archive, self.moment = MockWeb(), database, Archive(folder / "originals"), START
        self.client = Client(frozenset({self.web.host}), largest=LARGEST, total_seconds=SECONDS)
        self.web.pages["/good"] = (200, HTML, GOOD.encode())

    def source(self, key: str, path: str = "/feed", **more: Any) -> None:
        row = {"id": key, "name": key, "kind": "feed", "url": self.web.url + path, "permission": "测试",
               "rate_seconds": 0.0, "every_minutes": 30, **more}  # fmt: skip
        with self.database.write() as session:
            register_sources(session, {"sources": [row]})

    def feed(self, *paths: str, path: str = "/feed", **headers: str) -> None:
        rows = rss([(self.web.url + one, f"通报{one}", "") for one in paths])
        self.web.pages[path] = (200, {"Content-Type": "text/xml", **headers}, rows)

    def visit(self, key: str = "s", later: timedelta = timedelta(0)) -> Run:
        self.moment += later
        return visit_source(self.database, self.archive, self.client, key, clock=lambda: self.moment)

    def titles(self) -> list[str]:
        with self.database.read() as session:
            return list(session.scalars(select(Document.title).order_by(Document.id)))

    def failures(self) -> dict[str, str]:
        with self.database.read() as session:
            return {row.url.removeprefix(self.web.url): row.code for row in session.scalars(select(Failure))}


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[World]:
    world = World(database, tmp_path)
    yield world
    world.web.close()


@pytest.mark.parametrize("name", PAGES)
def test_a_page_that_misbehaves_gets_its_code_and_the_next_one_is_collected(world: World, name: str) -> None:
    answer, expected = PAGES[name]
    world.web.pages["/" + name] = answer
    world.source("s", config={"hosts": [world.web.host, "10.0.0.8"]})
    world.feed("/good", f"/{name}")  # read from the end: the bad one first
    began = time.monotonic()
    run = world.visit()
    assert time.monotonic() - began < SECONDS + 2.5
    assert world.failures() == {"/" + name: expected}
    assert world.titles() == ["冬修水利全面铺开"]
    assert run.new == 1
    assert world.web.paths().count("/" + name) == (6 if name == "redirect-loop" else 1)  # no retry within a visit


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "FEED-NOT-A-FEED"),
        (GOOD.encode(), "FEED-NOT-A-FEED"),
        (b"%PDF-1.7 x", "FEED-NOT-A-FEED"),
        (b'{"a": [', "FEED-BROKEN"),
        (b"<rss><channel><item><title>x</ti", "FEED-BROKEN"),
        (b'<rss version="2.0"><channel></channel></rss>', "FEED-EMPTY"),
    ],
)
def test_a_feed_that_is_none_fails_its_source_and_no_other(world: World, body: bytes, expected: str) -> None:
    world.web.pages["/bad"] = (200, {"Content-Type": "application/rss+xml"}, body)
    world.feed("/good")
    world.source("bad", "/bad")
    world.source("s")
    bad, good = world.visit("bad"), world.visit("s")
    assert (bad.status, bad.error_code) == ("failed", expected)
    assert (good.status, good.new) == ("ok", 1)


def test_a_feed_cut_in_the_middle_gives_what_came(world: World) -> None:
    world.feed("/good", "/other")
    whole = world.web.pages["/feed"][2]  # type: ignore[index]
    world.web.pages["/feed"] = (200, {}, whole[: whole.index(b"/other") - 12])
    world.source("s")
    assert world.visit().new == 1


@pytest.mark.parametrize("status", [429, 503])
@pytest.mark.parametrize("form", ["seconds", "date"])
def test_a_host_that_asks_for_quiet_gets_it(world: World, status: int, form: str) -> None:
    wait = "7200" if form == "seconds" else format_datetime(datetime.now(UTC) + timedelta(hours=2), usegmt=True)
    world.web.pages["/busy"] = (status, {"Retry-After": wait}, b"")
    world.feed("/good", "/busy")
    world.source("s")
    run = world.visit()
    assert (run.status, run.error_code) == ("partial", "FETCH-BUSY")
    assert "/good" not in world.web.paths()
    assert world.visit("s", timedelta(minutes=40)).error_code == "FETCH-BUSY"  # not even asked
    assert world.web.paths() == ["/feed", "/busy"]
    assert 7100 < world.client.busy_seconds(world.web.url) <= 7200


def test_clocks_of_other_centuries_do_no_harm(world: World) -> None:
    skewed = {"Date": "Thu, 01 Jan 1970 00:00:00 GMT", "Last-Modified": "Fri, 31 Dec 9999 23:59:59 GMT"}
    world.feed("/good", **skewed)
    world.source("s")
    assert world.visit().new == 1
    world.web.pages["/next"] = (200, HTML, GOOD.replace("铺开", "收官").encode())
    world.feed("/next", "/good", **skewed)
    assert world.visit("s", timedelta(minutes=30)).new == 1
    with world.database.read() as session:
        assert {d.published_at for d in session.scalars(select(Document))} == {datetime(2025, 3, 4, 2, 20, tzinfo=UTC)}


def test_an_etag_that_always_changes_adds_nothing(world: World) -> None:
    number = iter(range(100))
    world.feed("/good")
    body = world.web.pages["/feed"][2]  # type: ignore[index]
    world.web.pages["/feed"] = lambda _: (200, {"ETag": f'"{next(number)}"'}, body)
    world.source("s")
    assert [world.visit("s", timedelta(minutes=30)).new for _ in range(3)] == [1, 0, 0]
    assert world.web.paths().count("/good") == 1


def test_an_etag_that_never_changes_hides_news_for_a_day_at_most(world: World) -> None:
    world.source("s")

    def lying(*paths: str) -> None:
        world.feed(*paths)
        body = world.web.pages["/feed"][2]  # type: ignore[index]
        same = {"ETag": '"1"'}
        world.web.pages["/feed"] = lambda h: (304, same, b"") if h.headers.get("If-None-Match") else (200, same, body)

    lying("/good")
    assert world.visit().new == 1
    world.web.pages["/next"] = (200, HTML, GOOD.replace("铺开", "收官").encode())
    lying("/next", "/good")
    assert world.visit("s", timedelta(hours=1)).status == "unchanged"
    assert world.visit("s", timedelta(hours=24)).new == 1


def test_one_wall_for_every_address_makes_no_document(world: World) -> None:
    wall = (200, HTML, "<title>安全验证</title><p>请完成安全验证后继续访问。</p>".encode())
    world.feed("/a", "/b", "/c")
    for path in ("/a", "/b", "/c"):
        world.web.pages[path] = wall
    world.source("s")
    run = world.visit()
    assert (run.status, run.new, run.failed) == ("partial", 0, 3)
    assert set(world.failures().values()) == {"PAGE-WALL"}
    for path in ("/a", "/b", "/c"):
        world.web.pages[path] = (200, HTML, GOOD.replace("铺开", path[1:]).encode())
    assert world.visit("s", timedelta(minutes=30)).new == 3  # the wall is down: tried again


def test_the_gap_holds_between_failures_too(world: World) -> None:
    moments: list[float] = []

    def note(_: Any) -> tuple[int, dict[str, str], bytes]:
        moments.append(time.monotonic())
        return 500, {}, b""

    paths = [f"/{n}" for n in range(3)]
    world.feed(*paths)
    for path in paths:
        world.web.pages[path] = note
    world.source("s", rate_seconds=0.2)
    world.visit()
    assert len(moments) == 3
    assert min(b - a for a, b in pairwise(moments)) > 0.15


@pytest.mark.parametrize(
    ("title", "text"),
    [
        ("网站设立页面不存在提醒", "全市政务网站集中排查，" + "对打不开的栏目逐一登记并限期整改，已完成全部任务。" * 8),
        ("冬修水利简讯", "城郊干渠三处险段完成加固。"),
        ("门户网站通过安全检查", "市政务服务中心完成年度检查，各项指标合格。"),
        ("404线公交恢复运营", "自三月五日起，404路公交线路恢复运营。"),
    ],
)
def test_articles_are_not_taken_for_stand_ins(title: str, text: str) -> None:
    refuse_stand_in(title, text, "http://a.example/1")


@pytest.mark.parametrize("said", ["抱歉，找不到您要的页面", "该文章已被删除", "该内容已下线", "404 - 页面未找到"])
def test_stand_ins_are_recognised(said: str) -> None:
    with pytest.raises(CollectorError, match="PAGE-GONE"):
        refuse_stand_in("提示", said, "http://a.example/1")
