"""Visits: nothing lost, nothing double, every failure named, and quarantined matter stays out."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
import random
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

import collector.visit
from collector import runs
from collector.errors import CollectorError
from collector.fetch import Client
from collector.registry import register_sources
from collector.runs import JITTER
from collector.visit import visit_source
from storage.archive import Archive
from storage.database import Database
from storage.tables import Capture, Document, Failure, Quarantine, Run, Source
from tests.collector.mockweb import MockWeb, article, rss

START = datetime(2025, 3, 5, 1, 0, tzinfo=UTC)
LONG = "各部门按照既定安排推进水利工程冬修，年内计划完成干渠清淤三十二公里，目前已完成过半，工程质量由第三方抽检。"


class World:
    """A mock site with its store."""

    def __init__(self, database: Database, folder: Path) -> None:
        self.web = MockWeb()
        self.database = database
        self.archive = Archive(folder / "originals")
        self.moment = START
        self.client = Client(frozenset({self.web.host}))

    def register(self, **values: Any) -> None:
        row = {"id": "s", "name": "测试报", "kind": "feed", "url": self.web.url + "/feed", "permission": "公开",
               "rate_seconds": 0.0, "every_minutes": 30, **values}  # fmt: skip
        with self.database.write() as session:
            register_sources(session, {"sources": [row]})

    def feed(self, *items: tuple[str, str, str]) -> None:
        self.web.pages["/feed"] = (
            200,
            {"ETag": f'"{len(items)}"'},
            rss([(self.web.url + p, t, d) for p, t, d in items]),
        )

    def page(self, path: str, title: str, *paragraphs: str) -> None:
        self.web.html(path, article(title, [*paragraphs, LONG]))

    def visit(self, later: timedelta = timedelta(0), source_id: str = "s") -> Run:
        self.moment += later
        return visit_source(self.database, self.archive, self.client, source_id, clock=lambda: self.moment)

    def all(self, table: type[Any]) -> list[Any]:
        with self.database.read() as session:
            return list(session.scalars(select(table).order_by(table.id)))

    def source(self) -> Source:
        return self.all(Source)[0]  # type: ignore[no-any-return]


@pytest.fixture
def world(database: Database, tmp_path: Path) -> Iterator[World]:
    world = World(database, tmp_path)
    yield world
    world.web.close()


def two_articles(world: World) -> None:
    world.register()
    world.feed(("/b", "第二篇：渠道清淤提前完成", ""), ("/a", "第一篇：冬修水利全面铺开", ""))
    world.page("/a", "第一篇：冬修水利全面铺开", "城郊干渠三处险段完成加固，沿线两千亩农田春灌有了保障，群众反映良好。")
    world.page(
        "/b", "第二篇：渠道清淤提前完成", "北部支渠清淤比计划提前十二天完成，累计出动机械四百台班，节约资金三十万元。"
    )


def test_articles_are_recorded_with_their_originals(world: World) -> None:
    two_articles(world)
    run = world.visit()
    assert (run.status, run.found, run.new, run.failed, run.error_code) == ("ok", 2, 2, 0, "")
    first, second = world.all(Document)
    assert (first.title, second.title) == ("第一篇：冬修水利全面铺开", "第二篇：渠道清淤提前完成")  # oldest first
    assert first.text.startswith("城郊干渠")
    assert "版权" not in first.text
    assert (first.stage, first.kind, first.origin) == ("collected", "article", "测试报")
    assert (first.published_at, first.published_precision) == (datetime(2025, 3, 4, 2, 20, tzinfo=UTC), "minute")
    capture = world.all(Capture)[0]
    assert world.archive.get(capture.sha256) == world.web.pages["/a"][2]  # type: ignore[index]
    assert (capture.status, capture.run_id, capture.size) == (200, run.id, len(world.archive.get(capture.sha256)))
    source = world.source()
    assert (source.failures, source.last_success_at, source.last_new_at) == (0, START, START)
    assert source.next_due_at == START + timedelta(minutes=30)


def test_a_second_visit_adds_nothing(world: World) -> None:
    two_articles(world)
    world.visit()
    world.web.pages["/feed"] = lambda handler: (
        (304, {}, b"") if handler.headers.get("If-None-Match") == '"2"' else (500, {}, b"")
    )
    run = world.visit(timedelta(minutes=30))
    assert (run.status, run.new) == ("unchanged", 0)
    assert len(world.all(Document)) == 2
    assert world.source().last_new_at == START


def test_validators_are_not_trusted_for_more_than_a_day(world: World) -> None:
    two_articles(world)
    world.visit()
    world.visit(timedelta(hours=25))
    asked = [headers for path, headers in world.web.asked if path == "/feed"]
    assert all("if-none-match" not in headers for headers in asked)
    world.visit(timedelta(minutes=30))
    assert [h for p, h in world.web.asked if p == "/feed"][-1]["if-none-match"] == '"2"'


def test_the_same_feed_without_validators_adds_nothing(world: World) -> None:
    two_articles(world)
    world.web.pages["/feed"] = (200, {}, world.web.pages["/feed"][2])  # type: ignore[index]
    world.visit()
    run = world.visit(timedelta(minutes=30))
    assert (run.status, run.found, run.new) == ("ok", 2, 0)
    assert world.web.paths().count("/a") == 1


def test_a_changed_page_becomes_a_further_document(world: World) -> None:
    two_articles(world)
    world.visit()
    world.page("/a", "第一篇：冬修水利全面铺开", "更正：城郊干渠完成加固的险段为五处，此前报道有误，特此更正说明。")
    assert world.visit(timedelta(hours=2)).new == 0  # looked at again after a day, not before
    run = world.visit(timedelta(hours=23))
    assert run.new == 1
    documents = [d for d in world.all(Document) if d.url.endswith("/a")]
    assert len(documents) == 2
    assert documents[1].text.startswith("更正")
    assert len({d.capture_id for d in documents}) == 2


def test_a_page_that_only_changes_around_the_text_adds_nothing(world: World) -> None:
    two_articles(world)
    world.visit()
    status, headers, body = world.web.pages["/a"]  # type: ignore[misc]
    world.web.pages["/a"] = (status, headers, body.replace("版权所有".encode(), "访问量：1024".encode()))
    world.visit(timedelta(hours=25))
    assert (len(world.all(Document)), len(world.all(Capture))) == (2, 2)


def test_a_removed_page_keeps_its_record(world: World) -> None:
    two_articles(world)
    world.visit()
    del world.web.pages["/a"]
    run = world.visit(timedelta(hours=25))
    assert (run.failed, len(world.all(Document))) == (0, 2)
    assert "x-gone" in world.all(Capture)[0].headers
    assert "x-gone" not in world.all(Capture)[1].headers


def test_a_failing_page_is_named_and_tried_again(world: World) -> None:
    two_articles(world)
    del world.web.pages["/a"]
    run = world.visit()
    assert (run.status, run.new, run.failed) == ("partial", 1, 1)
    failure = world.all(Failure)[0]
    assert (failure.url, failure.code, failure.attempts) == (world.web.url + "/a", "FETCH-STATUS", 1)
    world.page("/a", "第一篇：冬修水利全面铺开", "城郊干渠三处险段完成加固，沿线两千亩农田春灌有了保障。")
    world.feed(("/b", "第二篇：渠道清淤提前完成", ""))  # no longer offered
    run = world.visit(timedelta(minutes=30))
    assert (run.status, run.new) == ("ok", 1)
    assert world.all(Failure) == []


def test_a_hopeless_page_is_given_up_but_stays_listed(world: World) -> None:
    two_articles(world)
    del world.web.pages["/a"]
    for _ in range(8):
        world.visit(timedelta(hours=25))
    assert world.web.paths().count("/a") == 5
    assert [f.attempts for f in world.all(Failure)] == [5]


def test_an_empty_page_is_a_failure_with_its_original(world: World) -> None:
    two_articles(world)
    world.web.html("/a", "<html><body></body></html>")
    run = world.visit()
    failure = world.all(Failure)[0]
    assert (run.status, failure.code) == ("partial", "PAGE-EMPTY")
    assert world.archive.get(failure.sha256) == b"<html><body></body></html>"


@pytest.mark.parametrize("by", ["bytes", "text"])
def test_quarantined_matter_is_never_taken_in_again(world: World, by: str) -> None:
    two_articles(world)
    world.visit()
    document = world.all(Document)[0]
    capture = world.all(Capture)[0]
    sha = capture.sha256 if by == "bytes" else "0" * 64
    with world.database.write() as session:
        session.add(Quarantine(source_id="s", sha256=sha, text_sha256=document.text_sha256 if by == "text" else ""))
        session.delete(session.get(Document, document.id))
        session.flush()
        session.delete(session.get(Capture, capture.id))
    world.archive.delete(capture.sha256)
    if by == "text":
        status, headers, body = world.web.pages["/a"]  # type: ignore[misc]
        world.web.pages["/a"] = (status, headers, body.replace(b"</body>", b"<!-- 2 --></body>"))
    run = world.visit(timedelta(hours=25))
    assert (run.new, run.failed) == (0, 0)
    assert [d.url for d in world.all(Document)] == [world.web.url + "/b"]
    assert len(list(world.archive.digests())) == 1


def test_personal_data_is_masked_and_roster_names_stay(world: World) -> None:
    two_articles(world)
    world.page(
        "/a", "第一篇：冬修水利全面铺开", "群众张某反映干渠漏水，联系电话13812345678，市水务局次日完成修补并回访确认。"
    )
    world.visit()
    text = world.all(Document)[0].text
    assert "13812345678" not in text
    assert "张某" not in text
    assert "市水务局次日完成修补" in text


def test_links_to_other_hosts_are_refused_and_noted_once(world: World) -> None:
    two_articles(world)
    other = MockWeb()
    other.html("/x", "secret")
    body = rss([(other.url + "/x", "别处的文章", ""), (world.web.url + "/a", "第一篇", "")])
    world.web.pages["/feed"] = (200, {}, body)
    run = world.visit()
    world.visit(timedelta(minutes=30))
    assert (run.status, run.new, run.failed) == ("ok", 1, 0)
    assert other.asked == []
    assert [(f.url, f.code, f.attempts) for f in world.all(Failure)] == [(other.url + "/x", "FETCH-UNREGISTERED", 1)]
    other.close()


def test_robots_refusals_are_noted_not_counted(world: World) -> None:
    two_articles(world)
    world.web.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /a\n")
    run = world.visit()
    assert (run.status, run.new, run.failed) == ("ok", 1, 0)
    assert [f.code for f in world.all(Failure)] == ["FETCH-ROBOTS"]
    assert "/a" not in world.web.paths()


def test_a_failing_source_backs_off_and_is_never_switched_off(world: World) -> None:
    two_articles(world)
    del world.web.pages["/feed"]
    waits = []
    for number in range(1, 61):
        run = world.visit()
        source = world.source()
        assert (run.status, run.error_code, source.failures) == ("failed", "FETCH-STATUS", number)
        assert source.enabled
        assert source.next_due_at is not None
        waits.append(source.next_due_at - world.moment)
    for wait, most in zip(waits, (60, 90, 120), strict=False):  # equal jitter: half of it for sure
        assert timedelta(minutes=most / 2) <= wait <= timedelta(minutes=most)
    assert timedelta(hours=12) <= waits[-1] <= timedelta(hours=24)
    assert min(waits) >= timedelta(minutes=30)  # never sooner than the source's own interval
    world.feed(("/a", "第一篇", ""))
    world.visit()
    assert world.source().failures == 0


def test_what_failed_together_does_not_return_together(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "chance", random.Random(7))
    names = [f"s{number}" for number in range(40)]
    rows = [
        {"id": name, "name": name, "kind": "feed", "url": f"http://127.0.0.{2 + number}:9/feed", "permission": "测试",
         "rate_seconds": 0, "every_minutes": 60}
        for number, name in enumerate(names)
    ]  # fmt: skip
    with world.database.write() as session:
        register_sources(session, {"sources": rows})
    error = CollectorError("FETCH-CONNECT", "断网", "", "")

    def due(asked: float) -> list[timedelta]:
        for name in names:
            runs.fail(world.database, runs.begin(world.database, name, world.moment), error, asked, world.moment)
        with world.database.read() as session:
            found = session.scalars(select(Source).where(Source.id.in_(names)))
            return sorted(source.next_due_at - world.moment for source in found if source.next_due_at)

    waits = due(0)
    assert timedelta(minutes=60) <= waits[0]
    assert waits[-1] <= timedelta(minutes=120)
    assert max(sum(abs(a - b) < timedelta(minutes=1) for b in waits) for a in waits) <= 6  # of 40, in any two minutes
    assert waits[-1] - waits[0] > timedelta(minutes=45)
    told = due(10_800)  # all were told the same Retry-After: it is obeyed, and they are spread behind it
    assert timedelta(hours=3) <= told[0]
    assert told[-1] <= timedelta(hours=3) * (1 + JITTER)
    assert told[-1] - told[0] > timedelta(minutes=30)
    monkeypatch.setattr(runs, "chance", random.Random(7))
    again = runs.equal_jitter(timedelta(hours=1))
    monkeypatch.setattr(runs, "chance", random.Random(7))
    assert runs.equal_jitter(timedelta(hours=1)) == again  # a seed repeats it


def test_a_busy_site_is_left_and_the_rest_taken_next_time(world: World) -> None:
    two_articles(world)
    page = world.web.pages["/b"]
    world.web.pages["/b"] = (429, {"Retry-After": "7200"}, b"")
    run = world.visit()
    assert (run.status, run.error_code, run.new) == ("partial", "FETCH-BUSY", 1)
    due = world.source().next_due_at
    assert due is not None
    assert timedelta(minutes=119) < due - world.moment <= timedelta(minutes=120) * (1 + JITTER)
    world.web.pages["/b"] = page
    world.client = Client(frozenset({world.web.host}))
    run = world.visit(due - world.moment)
    assert (run.status, run.new) == ("ok", 1)


def test_being_stopped_is_not_the_sources_fault(world: World) -> None:
    two_articles(world)
    world.client.stop()
    run = world.visit()
    assert (run.status, run.error_code, world.source().failures) == ("failed", "FETCH-STOPPED", 0)
    assert world.source().next_due_at is None


def test_an_empty_or_foreign_feed_is_no_calm(world: World) -> None:
    two_articles(world)
    world.web.pages["/feed"] = (200, {}, rss([]))
    assert world.visit().error_code == "FEED-EMPTY"
    world.web.html("/feed", "<html><body>维护中</body></html>")
    assert world.visit().error_code == "FEED-NOT-A-FEED"


def test_dates_come_from_the_page_or_the_list_never_from_the_clock(world: World) -> None:
    two_articles(world)
    world.feed(
        ("/b", "第二篇：渠道清淤提前完成", ""), ("/a", "第一篇：冬修水利全面铺开", "Mon, 03 Mar 2025 08:30:00 +0800")
    )
    for path, title in (("/a", "第一篇：冬修水利全面铺开"), ("/b", "第二篇：渠道清淤提前完成")):
        world.web.html(path, article(title, [LONG, LONG], shown=""))
    world.visit()
    listed, none = world.all(Document)
    assert (listed.published_at, listed.published_precision) == (datetime(2025, 3, 3, 0, 30, tzinfo=UTC), "minute")
    assert "DATE-FROM-LIST" in listed.warnings
    assert (none.published_at, none.published_precision) == (None, "")
    assert "PAGE-NO-DATE" in none.warnings


def lists(world: World, pages: int = 4) -> None:
    """A column of list pages with two articles each, newest first."""
    world.register(
        kind="list",
        url=world.web.url + "/l/1",
        config={"selector": "ul > li", "next_selector": "a.next", "max_pages": pages},
    )
    for number in range(1, pages + 1):
        rows = "".join(
            f"<li><a href='/p{number}{k}'>第{number}{k}号通报全文发布</a><span>2025-03-0{k}</span></li>" for k in (2, 1)
        )
        following = f"<a class=next href='/l/{number + 1}'>下一页</a>" if number < pages else ""
        world.web.html(f"/l/{number}", f"<html><body><ul>{rows}</ul>{following}</body></html>")
        for k in (2, 1):
            world.page(
                f"/p{number}{k}",
                f"第{number}{k}号通报全文发布",
                f"第{number}{k}号通报涉及的{k}个事项均已办结，责任单位完成整改并书面报告。",
            )


def test_list_pages_are_followed_until_nothing_is_new(world: World) -> None:
    lists(world)
    run = world.visit()
    assert (run.status, run.found, run.new) == ("ok", 8, 8)
    world.visit(timedelta(minutes=30))
    assert [p for p in world.web.paths() if p.startswith("/l/")] == ["/l/1", "/l/2", "/l/3", "/l/4", "/l/1"]


def test_a_list_walk_that_was_cut_short_is_walked_again_to_the_end(world: World) -> None:
    lists(world)
    third = world.web.pages["/l/3"]
    world.web.pages["/l/3"] = (500, {}, b"")
    run = world.visit()
    assert (run.status, run.error_code, run.new) == ("partial", "FETCH-STATUS", 4)
    world.web.pages["/l/3"] = third
    assert world.visit(timedelta(minutes=30)).new == 4


def test_a_redesigned_list_page_fails_loudly(world: World) -> None:
    lists(world)
    world.web.html("/l/1", "<html><body><div class=new><a href=/p11>改版</a></div></body></html>")
    run = world.visit()
    assert (run.status, run.error_code) == ("failed", "LIST-EMPTY")


def test_a_page_that_breaks_the_reader_does_not_end_the_visit(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    two_articles(world)
    real = collector.page_paging.extract_page

    def hostile(data: bytes, *rest: Any) -> Any:
        if "第一篇".encode() in data:
            raise RecursionError("deep")
        return real(data, *rest)

    monkeypatch.setattr("collector.page_paging.extract_page", hostile)
    run = world.visit()
    assert (run.status, run.new, [f.code for f in world.all(Failure)]) == ("partial", 1, ["PAGE-ERROR"])


def _die_after(database_url: str, folder: str, host: str, count: int) -> None:
    """Visit in a process that is killed between or inside articles."""
    kept = 0
    real: Callable[..., Any] = collector.visit.keep

    def keep(*args: Any) -> Any:
        nonlocal kept
        kept += 1
        if kept > count:
            Archive(Path(folder)).put(args[2].data)  # killed after the archive, before the transaction
            os._exit(9)
        return real(*args)

    collector.visit.keep = keep  # type: ignore[assignment]
    visit_source(Database(database_url), Archive(Path(folder)), Client(frozenset({host})), "s")


def test_kill_in_the_middle_loses_and_doubles_nothing(world: World) -> None:
    lists(world)
    process = multiprocessing.get_context("fork").Process(
        target=_die_after, args=(world.database.url, str(world.archive.folder), world.web.host, 3)
    )
    process.start()
    process.join(60)
    assert process.exitcode == 9
    assert [r.status for r in world.all(Run)] == ["running"]
    assert (len(world.all(Document)), len(world.all(Capture))) == (3, 3)
    run = world.visit()
    assert (run.status, run.new) == ("ok", 5)
    assert [r.error_code for r in world.all(Run)] == ["RUN-INTERRUPTED", ""]
    with world.database.read() as session:
        assert session.scalar(select(func.count(Document.url.distinct()))) == 8
        assert session.scalar(select(func.count(Document.id))) == 8
    for capture in world.all(Capture):
        assert hashlib.sha256(world.archive.get(capture.sha256)).hexdigest() == capture.sha256


def test_a_robots_refusal_does_not_keep_a_list_walk_going(world: World) -> None:
    lists(world)
    world.web.pages["/robots.txt"] = (200, {}, b"User-agent: *\nDisallow: /p11\n")
    world.visit()
    before = len(world.web.paths())
    world.visit(timedelta(minutes=30))
    assert world.web.paths()[before:] == ["/l/1"]


def test_a_host_registered_later_is_collected(world: World) -> None:
    two_articles(world)
    other = MockWeb()
    other.html("/x", article("别处的文章现已登记", [LONG, "补充一段文字，使正文有足够的长度可供读取和核对。"]))
    world.web.pages["/feed"] = (200, {}, rss([(other.url + "/x", "别处的文章现已登记", "")]))
    assert world.visit().new == 0
    world.register(config={"hosts": [other.host]})
    world.client = Client(frozenset({world.web.host, other.host}))
    assert world.visit(timedelta(minutes=30)).new == 1
    assert world.all(Failure) == []
    other.close()


PARTS = [
    "城郊干渠三处险段完成加固，沿线两千亩农田春灌有了保障，群众反映良好。",
    "北部支渠清淤比计划提前十二天完成，节约资金三十万元。",
]


def two_pages(world: World) -> None:
    """An article that goes on over a second page."""
    world.register()
    world.feed(("/t20250304_1.html", "冬修水利全面铺开", ""))
    turn = "<div class=pages><a href=/t20250304_1.html>1</a> <a href=/t20250304_1_1.html>2</a></div></div>"
    for path, part in (("/t20250304_1.html", PARTS[0]), ("/t20250304_1_1.html", PARTS[1])):
        world.web.html(path, article("冬修水利全面铺开", [part, LONG]).replace("</p></div>", "</p>" + turn))


def test_an_article_over_two_pages_is_one_document(world: World) -> None:
    two_pages(world)
    assert world.visit().new == 1
    (document,), (capture,) = world.all(Document), world.all(Capture)
    assert all(part in document.text for part in PARTS)
    (further,) = capture.headers["x-parts"]
    assert further["url"].endswith("/t20250304_1_1.html")
    assert PARTS[1].encode() in world.archive.get(further["sha256"])


def test_a_missing_second_page_is_marked_and_ends_nothing(world: World) -> None:
    two_pages(world)
    del world.web.pages["/t20250304_1_1.html"]
    assert (world.visit().status, len(world.all(Document))) == ("ok", 1)
    assert "PAGE-PART-MISSING" in world.all(Document)[0].warnings


def test_a_host_that_wants_quiet_in_the_middle_of_an_article_gets_it(world: World) -> None:
    two_pages(world)
    world.web.pages["/t20250304_1_1.html"] = (429, {"Retry-After": "60"}, b"")
    assert (world.visit().error_code, world.all(Document)) == ("FETCH-BUSY", [])
    assert world.source().next_due_at is not None
