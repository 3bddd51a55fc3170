"""No link, spelling, redirect or name trick reaches an internal address."""

from __future__ import annotations

import time
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address

import httpcore
import pytest
from hypothesis import given
from hypothesis import strategies as st

from collector.errors import CollectorError
from collector.fetch import Client, host_key
from collector.guard import Deadline, GuardedBackend, is_public
from tests.collector.mockweb import MockWeb


@pytest.fixture
def web() -> Iterator[MockWeb]:
    web = MockWeb()
    yield web
    web.close()


PRIVATE = [
    "127.0.0.1", "127.8.9.1", "0.0.0.0", "10.0.0.1", "172.16.5.4", "192.168.1.1", "169.254.169.254", "100.64.0.1",
    "192.0.2.1", "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "::ffff:127.0.0.1",
    "::ffff:10.0.0.1", "::ffff:0:0", "::7f00:1", "2002:7f00:1::", "2002:a00:1::1", "64:ff9b::7f00:1",
    "64:ff9b::a00:1", "64:ff9b:1::1", "fe80::1", "fe80::1%eth0", "fc00::1", "fd12::3", "ff02::1", "2001:db8::1",
    "2001::1", "nonsense", "1.2.3",
]  # fmt: skip


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses_are_refused(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", ["8.8.8.8", "1.1.1.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808"])
def test_public_addresses_pass(address: str) -> None:
    assert is_public(address)


@given(st.integers(0, 2**32 - 1))
def test_a_wrapped_address_is_never_more_public_than_the_inner_one(number: int) -> None:
    inner = is_public(str(IPv4Address(number)))
    assert is_public(str(IPv6Address((0xFFFF << 32) | number))) == inner
    assert is_public(str(IPv6Address((0x2002 << 112) | (number << 80)))) == inner
    assert is_public(str(IPv6Address((0x64FF9B << 96) | number))) == inner


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1", "localhost", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]", "0x7f.1", "2130706433", "127.1", "0177.0.0.1",
     "LOCALHOST.", "127。0。0。1", "①②⑦.0.0.1"],
)  # fmt: skip
def test_every_spelling_of_loopback_is_blocked(web: MockWeb, host: str) -> None:
    url = f"http://{host}:{web.port}/"
    with pytest.raises(CollectorError) as refused:
        Client().fetch(url, hosts=frozenset({host_key(url)}), rate_seconds=0, obey_robots=False)
    assert refused.value.code in {"FETCH-PRIVATE", "FETCH-URL", "FETCH-CONNECT"}
    assert web.asked == []


def test_allow_list_is_exact_host_and_port(web: MockWeb) -> None:
    web.html("/", "<p>ok</p>")
    hosts = frozenset({web.host, f"localhost:{web.port}"})
    client = Client(frozenset({web.host}))
    assert client.fetch(web.url + "/", hosts=hosts, rate_seconds=0).body == b"<p>ok</p>"
    with pytest.raises(CollectorError, match="FETCH-PRIVATE"):
        client.fetch(f"http://localhost:{web.port}/", hosts=hosts, rate_seconds=0)


def test_redirect_to_a_private_address_is_blocked(web: MockWeb) -> None:
    inner = MockWeb()
    web.pages["/go"] = (302, {"Location": inner.url + "/secret"}, b"")
    with pytest.raises(CollectorError, match="FETCH-PRIVATE"):
        Client(frozenset({web.host})).fetch(web.url + "/go", hosts=frozenset({web.host, inner.host}), rate_seconds=0)
    assert inner.asked == []
    inner.close()


def test_private_address_behind_a_public_name_is_blocked(web: MockWeb) -> None:
    client = Client(look_up=lambda _host, _port: ["127.0.0.1", "::1"])
    with pytest.raises(CollectorError, match="FETCH-PRIVATE"):
        client.fetch(f"http://news.example:{web.port}/", hosts=frozenset({f"news.example:{web.port}"}), rate_seconds=0)
    assert web.asked == []


class Recorder(httpcore.MockBackend):
    """Notes where it was told to connect."""

    def __init__(self) -> None:
        super().__init__([])
        self.connected: list[str] = []

    def connect_tcp(self, host: str, *args: object, **kwargs: object) -> httpcore.NetworkStream:
        self.connected.append(host)
        raise httpcore.ConnectError("down")


def test_rebinding_changes_nothing_because_the_judged_address_is_the_one_connected() -> None:
    answers = [["127.0.0.1", "8.8.8.8", "8.8.4.4"], ["127.0.0.1"]]
    backend = GuardedBackend(frozenset(), Deadline(time.monotonic() + 5), lambda _h, _p: answers.pop(0))
    backend._system = recorder = Recorder()
    with pytest.raises(httpcore.ConnectError):
        backend.connect_tcp("news.example", 80)
    assert recorder.connected == ["8.8.8.8", "8.8.4.4"]
    assert len(answers) == 1  # the name was looked up once
    with pytest.raises(CollectorError, match="FETCH-PRIVATE"):
        backend.connect_tcp("news.example", 80)


def test_local_sockets_are_refused() -> None:
    with pytest.raises(CollectorError, match="FETCH-PRIVATE"):
        GuardedBackend(frozenset(), Deadline(time.monotonic() + 5)).connect_unix_socket("/run/x.sock")


def test_proxies_of_the_environment_are_ignored(web: MockWeb, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy = MockWeb()
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, proxy.url)
    web.html("/", "<p>direct</p>")
    result = Client(frozenset({web.host})).fetch(web.url + "/", hosts=frozenset({web.host}), rate_seconds=0)
    assert result.body == b"<p>direct</p>"
    assert proxy.asked == []
    proxy.close()
