"""The polite client: robots, gaps, conditions, redirects, limits; every failure has its code."""

from __future__ import annotations

import gzip
import threading
import time
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import brotli
import pytest

from collector.errors import CollectorError
from collector.fetch import DEFAULT_PAUSE, Client, FetchResult, host_key, parse_url, retry_after, user_agent
from collector.inflate import PIECE, inflate
from collector.pace import Pace
from tests.collector.mockweb import MockWeb


@pytest.fixture
def web() -> Iterator[MockWeb]:
    web = MockWeb()
    yield web
    web.close()


def get(web: MockWeb, path: str, client: Client | None = None, **kwargs: Any) -> FetchResult:
    client = client or Client(frozenset({web.host}))
    return client.fetch(web.url + path, **{"hosts": frozenset({web.host}), "rate_seconds": 0.0, **kwargs})


def code(web: MockWeb, path: str, client: Client | None = None, **kwargs: Any) -> str:
    with pytest.raises(CollectorError) as failed:
        get(web, path, client, **kwargs)
    return failed.value.code


def test_robots_rules_are_obeyed_and_asked_once(web: MockWeb) -> None:
    web.pages["/robots.txt"] = (200, {}, "\ufeffUser-agent: *\nDisallow: /internal/\n".encode())
    web.html("/a", "a")
    web.html("/internal/b", "b")
    client = Client(frozenset({web.host}))
    assert get(web, "/a", client).status == 200
    assert code(web, "/internal/b", client) == "FETCH-ROBOTS"
    assert [path for path, _ in web.asked] == ["/robots.txt", "/a"]
    assert get(web, "/internal/b", client, obey_robots=False).body == b"b"


def test_redirect_into_a_disallowed_path_is_refused(web: MockWeb) -> None:
    web.pages["/robots.txt"] = (200, {}, b"User-agent: ShijiCollector\nDisallow: /internal/\n")
    web.pages["/a"] = (301, {"Location": "/internal/b"}, b"")
    assert code(web, "/a") == "FETCH-ROBOTS"
    assert web.paths() == ["/a"]


def test_unreachable_robots_means_no(web: MockWeb) -> None:
    web.pages["/robots.txt"] = (500, {}, b"")
    web.html("/a", "a")
    assert code(web, "/a") == "FETCH-ROBOTS-DOWN"
    assert web.paths() == []


def test_crawl_delay_widens_the_gap(web: MockWeb) -> None:
    web.pages["/robots.txt"] = (200, {}, b"User-agent: *\nCrawl-delay: 0.3\n")
    web.html("/a", "a")
    client = Client(frozenset({web.host}))
    get(web, "/a", client)
    began = time.monotonic()
    get(web, "/a", client)
    assert time.monotonic() - began > 0.25


def test_gap_between_requests_holds_across_threads(web: MockWeb) -> None:
    web.html("/a", "a")
    client = Client(frozenset({web.host}))
    began = time.monotonic()
    threads = [threading.Thread(target=get, args=(web, "/a", client), kwargs={"rate_seconds": 0.1}) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began > 0.4  # robots.txt and four pages: four gaps at least
    assert web.paths() == ["/a"] * 4


def test_the_gap_counts_from_a_request_that_went_out_late() -> None:
    class Late(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            time.sleep((timeout or 0.0) + 0.15)  # a busy machine wakes threads late
            return False

    pace = Pace()
    pace.wait("a.example", 0.2, Late())
    asked = time.monotonic()
    pace.wait("a.example", 0.2, threading.Event())
    assert time.monotonic() - asked >= 0.19


def test_the_gap_counts_from_the_end_of_a_slow_answer(web: MockWeb) -> None:
    answered: list[float] = []

    def slow(_: Any) -> tuple[int, dict[str, str], bytes]:
        answered.append(time.monotonic())
        time.sleep(0.2)
        return 200, {}, b"x"

    web.pages["/slow"] = slow
    client = Client(frozenset({web.host}))
    for _ in range(2):
        get(web, "/slow", client, obey_robots=False, rate_seconds=0.2)
    assert answered[1] - answered[0] >= 0.39


def test_conditional_request(web: MockWeb) -> None:
    web.pages["/a"] = lambda handler: (
        (304, {"ETag": '"1"'}, b"") if handler.headers.get("If-None-Match") == '"1"' else (200, {"ETag": '"1"'}, b"x")
    )
    first = get(web, "/a")
    assert (first.status, first.headers["etag"], first.not_modified) == (200, '"1"', False)
    again = get(web, "/a", etag='"1"', last_modified="Tue, 04 Mar 2025 02:20:00 GMT")
    assert (again.status, again.body, again.not_modified) == (304, b"", True)
    assert web.asked[-1][1]["if-modified-since"] == "Tue, 04 Mar 2025 02:20:00 GMT"


def test_the_client_says_who_it_is(web: MockWeb) -> None:
    web.html("/a", "a")
    get(web, "/a", Client(frozenset({web.host}), "mailto:kh@lanning.example"))
    agents = {headers["user-agent"] for _, headers in web.asked}
    assert agents == {"ShijiCollector/0.1 (+mailto:kh@lanning.example)"}
    assert user_agent("组织部\r\nX: 1") == "ShijiCollector/0.1 (+X: 1)"
    assert user_agent("") == "ShijiCollector/0.1"


def test_redirects_are_followed_and_recorded(web: MockWeb) -> None:
    web.pages["/a"] = (302, {"Location": "/b"}, b"")
    web.pages["/b"] = (301, {"Location": web.url + "/c"}, b"")
    web.html("/c", "end")
    result = get(web, "/a")
    assert result.final_url == web.url + "/c"
    assert result.redirects == [web.url + "/a", web.url + "/b"]
    assert result.body == b"end"


@pytest.mark.parametrize(
    ("location", "expected"),
    [("/a", "FETCH-REDIRECTS"), ("", "FETCH-REDIRECTS"), ("file:///etc/passwd", "FETCH-URL"),
     ("http://u:p@127.0.0.1/", "FETCH-URL"), ("http://elsewhere.example/", "FETCH-UNREGISTERED")],
)  # fmt: skip
def test_redirects_that_lead_nowhere_good(web: MockWeb, location: str, expected: str) -> None:
    web.pages["/a"] = (302, {"Location": location}, b"")
    assert code(web, "/a") == expected
    assert len(web.paths()) <= 6


@pytest.mark.parametrize(("status", "expected"), [(404, "FETCH-STATUS"), (500, "FETCH-STATUS"), (204, "FETCH-STATUS")])
def test_other_statuses_are_failures(web: MockWeb, status: int, expected: str) -> None:
    web.pages["/a"] = (status, {}, b"")
    assert code(web, "/a") == expected


@pytest.mark.parametrize("status", [429, 503])
def test_a_busy_host_is_left_alone(web: MockWeb, status: int) -> None:
    web.pages["/a"] = (status, {"Retry-After": "120"}, b"")
    web.html("/b", "b")
    client = Client(frozenset({web.host}))
    assert code(web, "/a", client) == "FETCH-BUSY"
    assert 100 < client.busy_seconds(web.url) <= 120
    assert code(web, "/b", client) == "FETCH-BUSY"
    assert web.paths() == ["/a"]


def test_retry_after_forms() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert retry_after("7") == 7
    assert 80 < retry_after(later) <= 90
    assert retry_after("soon") == DEFAULT_PAUSE


def test_size_limit_by_header_and_by_count(web: MockWeb) -> None:
    web.pages["/long"] = (200, {}, b"x" * 5000)

    def chunked(handler: Any) -> None:
        handler.protocol_version = "HTTP/1.1"
        handler.send_response(200)
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        try:
            for _ in range(10_000):
                handler.wfile.write(b"400\r\n" + b"y" * 1024 + b"\r\n")
        except OSError:
            return

    web.pages["/endless"] = chunked
    client = Client(frozenset({web.host}), largest=4000)
    assert code(web, "/long", client) == "FETCH-SIZE"
    assert code(web, "/endless", client) == "FETCH-SIZE"


def test_a_compression_bomb_is_stopped_early(web: MockWeb) -> None:
    packer = zlib.compressobj(9, wbits=31)
    bomb = b"".join([packer.compress(bytes(1 << 20)) for _ in range(100)]) + packer.flush()
    assert len(bomb) < 200_000
    web.pages["/bomb"] = (200, {"Content-Encoding": "gzip"}, bomb)
    assert code(web, "/bomb", Client(frozenset({web.host}), largest=1 << 20)) == "FETCH-SIZE"
    assert max(len(piece) for piece in inflate([bomb], "gzip", "")) <= PIECE


def test_a_brotli_bomb_is_stopped_early(web: MockWeb) -> None:
    bomb = brotli.compress(bytes(100 << 20), quality=5)
    assert len(bomb) < 200_000
    web.pages["/bomb"] = (200, {"Content-Encoding": "br"}, bomb)
    assert code(web, "/bomb", Client(frozenset({web.host}), largest=1 << 20)) == "FETCH-SIZE"
    pieces = [len(piece) for piece in inflate([bomb], "br", "")]
    assert sum(pieces) == 100 << 20
    assert max(pieces) <= PIECE


RAW = zlib.compressobj(wbits=-15)
DEFLATED = RAW.compress("澜宁".encode()) + RAW.flush()


@pytest.mark.parametrize(
    ("encoding", "body"),
    [("gzip", gzip.compress("澜宁".encode())), ("deflate", zlib.compress("澜宁".encode())), ("deflate", DEFLATED),
     ("br", brotli.compress("澜宁".encode())),
     ("gzip", gzip.compress("澜".encode()) + gzip.compress("宁".encode()) + b"\0\0"), ("identity", "澜宁".encode())],
    ids=["gzip", "zlib", "raw", "br", "members", "identity"],
)  # fmt: skip
def test_encodings(encoding: str, body: bytes) -> None:
    for size in (1, 7, len(body)):
        chunks = [body[i : i + size] for i in range(0, len(body), size)]
        assert b"".join(inflate(chunks, encoding, "")).decode() == "澜宁"


def test_broken_or_unknown_encodings_are_said(web: MockWeb) -> None:
    whole = gzip.compress(b"x" * 1000)
    web.pages["/cut"] = (200, {"Content-Encoding": "gzip"}, whole[:-9])
    web.pages["/no"] = (200, {"Content-Encoding": "gzip"}, b"plain")
    web.pages["/br"] = (200, {"Content-Encoding": "br"}, brotli.compress(b"x" * 1000)[:-2])
    web.pages["/odd"] = (200, {"Content-Encoding": "zstd"}, b"x")
    web.pages["/short"] = (200, {"Content-Length": "100"}, b"x")
    assert code(web, "/cut") == "FETCH-ENCODING"
    assert code(web, "/no") == "FETCH-ENCODING"
    assert code(web, "/br") == "FETCH-ENCODING"
    assert code(web, "/odd") == "FETCH-ENCODING"
    assert code(web, "/short") == "FETCH-CONNECT"


def test_a_slow_drip_cannot_outlast_the_deadline(web: MockWeb) -> None:
    def drip(handler: Any) -> None:
        try:
            for byte in b"HTTP/1.0 200 OK\r\nX-Long: " + b"a" * 100:
                handler.wfile.write(bytes([byte]))
                handler.wfile.flush()
                time.sleep(0.05)
        except OSError:
            return

    web.pages["/drip"] = drip
    began = time.monotonic()
    assert code(web, "/drip", Client(frozenset({web.host}), total_seconds=0.5), obey_robots=False) == "FETCH-TIMEOUT"
    assert time.monotonic() - began < 2


def test_unreachable_host() -> None:
    web = MockWeb()
    web.close()
    assert code(web, "/a", obey_robots=False) == "FETCH-CONNECT"


def test_stop_ends_a_waiting_request(web: MockWeb) -> None:
    web.html("/a", "a")
    client = Client(frozenset({web.host}))
    get(web, "/a", client, obey_robots=False)
    get(web, "/a", client, obey_robots=False, rate_seconds=30)
    threading.Timer(0.2, client.stop).start()
    began = time.monotonic()
    assert code(web, "/a", client, obey_robots=False) == "FETCH-STOPPED"
    assert time.monotonic() - began < 5


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "ftp://a.example/", "http://", "http://u@a.example/", "a.example", "javascript:alert(1)",
     "http://a.example:99999/", "http://[::1", "gopher://x/"],
)  # fmt: skip
def test_only_plain_web_addresses(url: str) -> None:
    with pytest.raises(CollectorError, match="FETCH-URL"):
        parse_url(url)


def test_host_keys() -> None:
    assert host_key("HTTP://A.Example:80/x") == "a.example"
    assert host_key("https://a.example/x#y") == "a.example"
    assert host_key("https://a.example:8443/") == "a.example:8443"
    assert host_key("http://[::1]:81/") == "::1:81"


def test_fragment_is_never_sent_and_chinese_paths_are_encoded(web: MockWeb) -> None:
    web.html("/%E6%BE%9C?a=%E5%AE%81", "x")
    assert get(web, "/澜?a=宁#frag").body == b"x"
