"""Through a proxy: it is used for everything, and targets are judged before it is asked."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from collector.errors import CollectorError
from collector.fetch import Client
from tests.collector.mockweb import MockWeb

PUBLIC = {"a.example": ["93.184.216.34"], "inner.example": ["10.0.0.8"], "both.example": ["93.184.216.34", "10.0.0.8"]}


def look_up(host: str, port: int) -> list[str]:
    if host == "127.0.0.1":
        return [host]
    if host not in PUBLIC:
        raise OSError("no such host")
    return PUBLIC[host]


@pytest.fixture
def proxy() -> Iterator[MockWeb]:
    web = MockWeb()
    web.pages["http://a.example/1"] = (200, {}, b"through the proxy")
    web.pages["http://a.example/away"] = (302, {"Location": "http://inner.example/secret"}, b"")
    web.pages["http://inner.example/secret"] = (200, {}, b"secret")
    yield web
    web.close()


HOSTS = frozenset({"a.example", "inner.example", "both.example", "gone.example", "127.0.0.1"})


def client(proxy: MockWeb, user: str = "") -> Client:
    return Client(proxy=f"http://{user}{proxy.host}", look_up=look_up)


def test_everything_goes_through_the_proxy(proxy: MockWeb) -> None:
    result = client(proxy).fetch("http://a.example/1", hosts=HOSTS, rate_seconds=0)
    assert result.body == b"through the proxy"
    assert [path for path, _ in proxy.asked] == ["http://a.example/robots.txt", "http://a.example/1"]


def test_the_proxy_gets_its_password_and_the_site_does_not(proxy: MockWeb) -> None:
    client(proxy, "u:p@").fetch("http://a.example/1", hosts=HOSTS, rate_seconds=0)
    assert proxy.asked[-1][1]["proxy-authorization"] == "Basic dTpw"
    assert "authorization" not in proxy.asked[-1][1]


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://inner.example/secret", "FETCH-PRIVATE"),
        ("http://both.example/", "FETCH-PRIVATE"),
        ("http://a.example/away", "FETCH-PRIVATE"),
        ("http://127.0.0.1/", "FETCH-PRIVATE"),
        ("https://inner.example/", "FETCH-PRIVATE"),
        ("http://gone.example/", "FETCH-CONNECT"),
    ],
)
def test_targets_are_judged_before_the_proxy_is_asked(proxy: MockWeb, url: str, code: str) -> None:
    with pytest.raises(CollectorError) as refused:
        client(proxy).fetch(url, hosts=HOSTS, rate_seconds=0, obey_robots=False)
    assert refused.value.code == code
    assert not any("inner" in path or "both" in path for path, _ in proxy.asked)


def test_a_target_at_the_address_of_the_proxy_is_still_private(proxy: MockWeb) -> None:
    with pytest.raises(CollectorError, match="FETCH-PRIVATE"):
        client(proxy).fetch(proxy.url + "/", hosts=frozenset({proxy.host}), rate_seconds=0)
    assert proxy.asked == []


@pytest.mark.parametrize(
    "text", ["proxy.example:8080", "http://proxy.example", "socks5://p.example:1", "http://u:secret@"]
)
def test_a_wrong_setting_says_so_without_its_password(text: str) -> None:
    with pytest.raises(CollectorError, match="FETCH-PROXY") as refused:
        Client(proxy=text)
    assert "secret" not in refused.value.line()
