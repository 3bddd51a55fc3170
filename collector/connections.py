"""Connections to sources, kept open between two requests, each judged when it was opened (collector/guard.py)."""

from __future__ import annotations

import ssl
from collections import OrderedDict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from threading import Lock

import httpcore
import httpx

from collector.errors import CollectorError
from collector.guard import Deadline, GuardedBackend, Resolve

KEPT_SECONDS = 30.0  # an idle connection is closed after this; most sources are asked every few seconds of a visit
MOST_A_HOST = 2  # idle connections to one host, which is asked by one visit at a time
MOST_KEPT = 32  # hosts with open connections
_STALE = (httpcore.RemoteProtocolError, httpcore.ReadError, httpcore.WriteError)


@dataclass(frozen=True)
class Proxy:
    """A proxy by its address, its host:port, and user with password where it asks for them."""

    url: httpcore.URL
    key: str
    auth: tuple[str, str] | None


def parse_proxy(text: str) -> Proxy:
    """``http://[user:password@]host:port``. Raises FETCH-PROXY (the message holds no password)."""
    try:
        parsed = httpx.URL(text.strip())
        if parsed.scheme == "http" and parsed.raw_host and parsed.port:
            host = parsed.raw_host.decode("ascii").strip("[]").lower()
            auth = (parsed.username, parsed.password) if parsed.username else None
            url = httpcore.URL(scheme=b"http", host=parsed.raw_host, port=parsed.port, target=b"/")
            return Proxy(url, f"{host}:{parsed.port}", auth)
    except (httpx.InvalidURL, UnicodeError, ValueError, TypeError):
        pass
    raise CollectorError("FETCH-PROXY", "SHIJI_PROXY 应写作 http://主机:端口", "SHIJI_PROXY", "请检查设置。")


class Stale(httpcore.RemoteProtocolError):
    """The server closed a connection that had been kept open, before it answered; asked anew it may answer."""


@dataclass
class _Host:
    """The connections to one scheme, host and port, and how many requests are using them."""

    pool: httpcore.ConnectionPool
    busy: int = 0


class Connections:
    """Shared by all threads of a client; a connection is used by one request at a time.

    Each host has a small pool of its own: httpcore looks through a whole pool several times a request.
    """

    def __init__(self, private_hosts: frozenset[str], look_up: Resolve, proxy: Proxy | None) -> None:
        self._deadline = Deadline()
        self._guard = GuardedBackend(private_hosts, self._deadline, look_up)
        self._proxy = proxy
        self._door = GuardedBackend(frozenset({proxy.key}), self._deadline, look_up) if proxy else None
        self._tls: ssl.SSLContext = httpx.create_ssl_context(trust_env=False)
        self._lock = Lock()
        self._hosts: OrderedDict[tuple[bytes, bytes, int | None], _Host] = OrderedDict()  # least recently used first

    @contextmanager
    def get(
        self, url: httpx.URL, headers: list[tuple[bytes, bytes]], seconds: float, wait_seconds: float
    ) -> Iterator[httpcore.Response]:
        """The answer to a GET, its body unread. ``seconds``: for all of it, reading the body included;
        ``wait_seconds``: for one connect, read or write.

        Raises what httpcore and the guard raise, and Stale where the server had closed the kept connection.
        """
        target = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        self._deadline.begin(seconds)
        if self._proxy:  # the proxy connects: the target is judged before it is asked
            self._guard.judge(target.host.decode("ascii"), target.port or (443 if target.scheme == b"https" else 80))
        waits = dict.fromkeys(("connect", "read", "write", "pool"), wait_seconds)
        answered = False
        with self._pool_of(target) as pool:
            try:
                with pool.stream("GET", target, headers=headers, extensions={"timeout": waits}) as response:
                    answered = True
                    yield response
            except _STALE as bad:
                if answered or self._deadline.opened:
                    raise
                raise Stale from bad

    def kept(self) -> int:
        """How many hosts have connections open."""
        return len(self._hosts)

    def close(self) -> None:
        """Close what is idle and what is in use."""
        with self._lock:
            hosts = list(self._hosts.values())
            self._hosts.clear()
        for host in hosts:
            host.pool.close()

    @contextmanager
    def _pool_of(self, target: httpcore.URL) -> Iterator[httpcore.ConnectionPool]:
        """The pool of a host while it is in use; of too many, the longest unused ones are closed."""
        key = (target.scheme, target.host, target.port)
        with self._lock:
            host = self._hosts.pop(key, None) or _Host(self._new_pool())
            self._hosts[key] = host
            host.busy += 1
            idle = [name for name, other in self._hosts.items() if not other.busy][
                : max(0, len(self._hosts) - MOST_KEPT)
            ]
            closing = [self._hosts.pop(name) for name in idle]
        for old in closing:
            old.pool.close()
        try:
            yield host.pool
        finally:
            with self._lock:
                host.busy -= 1

    def _new_pool(self) -> httpcore.ConnectionPool:
        if self._proxy is None:
            return httpcore.ConnectionPool(
                ssl_context=self._tls, max_connections=None, max_keepalive_connections=MOST_A_HOST,
                keepalive_expiry=KEPT_SECONDS, network_backend=self._guard,
            )  # fmt: skip
        return httpcore.HTTPProxy(
            self._proxy.url, proxy_auth=self._proxy.auth, ssl_context=self._tls, max_connections=None,
            max_keepalive_connections=MOST_A_HOST, keepalive_expiry=KEPT_SECONDS, network_backend=self._door,
        )  # fmt: skip
