"""Connections are kept between requests, judged once, and given up without harm when the server closes them."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from typing import Any

import pytest

from collector.connections import MOST_KEPT
from collector.errors import CollectorError
from collector.fetch import Client
from tests.collector.mockweb import MockWeb

BODY = b"<p>x</p>"


class Site(MockWeb):
    """Speaks HTTP/1.1 and remembers the connection each request came by."""

    def __init__(self) -> None:
        super().__init__()
        self.server.RequestHandlerClass.protocol_version = "HTTP/1.1"  # type: ignore[attr-defined]
        self.came_by: list[int] = []
        self.times: list[float] = []
        self.close_after = False
        for path in ("/a", "/b", "/c"):
            self.pages[path] = self.answer

    def answer(self, handler: Any) -> tuple[int, dict[str, str], bytes]:
        self.came_by.append(handler.client_address[1])
        self.times.append(time.monotonic())
        handler.close_connection = False
        if self.close_after:  # says nothing of it, and closes: what a server does to connections it holds too long
            threading.Timer(0.05, handler.connection.shutdown, (socket.SHUT_RDWR,)).start()
        return 200, {"Content-Type": "text/html"}, BODY


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()
    yield site
    site.close()


def get(client: Client, site: Site, path: str, gap: float = 0.0, **more: Any) -> bytes:
    hosts = frozenset({site.host})
    return client.fetch(site.url + path, hosts=hosts, rate_seconds=gap, obey_robots=False, **more).body


def test_requests_to_a_host_share_a_connection_and_threads_do_not(site: Site) -> None:
    client = Client(frozenset({site.host}))
    for path in ("/a", "/b", "/c"):
        assert get(client, site, path) == BODY
    assert len(set(site.came_by)) == 1
    threads = [threading.Thread(target=get, args=(client, site, "/a")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(site.came_by) == 11
    client.close()


def test_not_modified_leaves_the_connection_open(site: Site) -> None:
    def unchanged(handler: Any) -> tuple[int, dict[str, str], bytes]:
        site.came_by.append(handler.client_address[1])
        return 304, {}, b""

    site.pages["/304"] = unchanged
    client = Client(frozenset({site.host}))
    get(client, site, "/a")
    get(client, site, "/304", etag='"1"')
    get(client, site, "/b")
    assert len(set(site.came_by)) == 1


def test_a_connection_closed_meanwhile_costs_nothing(site: Site) -> None:
    site.close_after = True
    client = Client(frozenset({site.host}))
    for path in ("/a", "/b", "/c"):
        assert get(client, site, path) == BODY
        time.sleep(0.1)
    assert len(set(site.came_by)) == 3


def test_a_server_that_closes_on_the_second_request_is_asked_again_in_its_next_slot(site: Site) -> None:
    dropped: list[float] = []

    def drop_kept(handler: Any) -> tuple[int, dict[str, str], bytes] | None:
        if handler.client_address[1] in site.came_by:
            dropped.append(time.monotonic())
            handler.close_connection = True
            return None  # closes without a word
        return site.answer(handler)

    site.pages["/b"] = drop_kept
    client = Client(frozenset({site.host}))
    get(client, site, "/a", 0.2)
    assert get(client, site, "/b", 0.2) == BODY
    assert len(dropped) == 1
    assert site.times[1] - dropped[0] >= 0.19  # no faster than its rate, even then


def test_a_server_that_never_answers_is_not_asked_a_third_time(site: Site) -> None:
    asked: list[int] = []

    def drop(handler: Any) -> None:
        asked.append(handler.client_address[1])
        handler.close_connection = True

    site.pages["/b"] = drop
    client = Client(frozenset({site.host}))
    get(client, site, "/a")
    with pytest.raises(CollectorError, match="FETCH-CONNECT"):
        get(client, site, "/b")
    assert len(asked) == 2
    with pytest.raises(CollectorError, match="FETCH-CONNECT"):
        get(client, site, "/b")
    assert len(asked) == 3  # a connection of its own is no reason to ask again


def test_each_request_has_the_whole_time_on_a_kept_connection(site: Site) -> None:
    client = Client(frozenset({site.host}), total_seconds=0.5)
    get(client, site, "/a")
    time.sleep(0.6)
    assert get(client, site, "/b") == BODY
    assert len(set(site.came_by)) == 1


def test_a_name_that_moves_into_the_own_network_stays_at_the_judged_address(site: Site) -> None:
    """Rebinding between two requests: the kept connection leads where it led; a new one is judged anew."""
    answers = [["127.0.0.1"]]
    allowed = f"moving.example:{site.port}"
    client = Client(frozenset({allowed}), look_up=lambda _host, _port: answers[0])
    url = f"http://{allowed}"
    fetch = {"hosts": frozenset({allowed}), "rate_seconds": 0.0, "obey_robots": False}
    assert client.fetch(url + "/a", **fetch).body == BODY  # type: ignore[arg-type]
    answers[0] = []
    assert client.fetch(url + "/b", **fetch).body == BODY  # type: ignore[arg-type]
    assert len(set(site.came_by)) == 1


def test_idle_connections_are_few() -> None:
    sites = [Site() for _ in range(MOST_KEPT + 8)]
    client = Client(frozenset(site.host for site in sites))
    try:
        for site in sites:
            get(client, site, "/a")
        assert client._connections.kept() <= MOST_KEPT
        assert get(client, sites[0], "/b") == BODY  # whose connection was closed
    finally:
        client.close()
        for site in sites:
            site.close()
