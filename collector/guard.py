"""The door every outgoing connection passes: only public addresses, checked where the socket is opened.

A check before the request is not enough: a redirect, a name that resolves differently the second time, or an
odd spelling of 127.0.0.1 walks past it (parts/collecting.md §4.2). Here the name is resolved once, each address
is judged, and the connection goes to the judged address itself. Nothing reads proxies from the environment. A
connection that is kept open goes on to the address it was judged for, whatever the name resolves to meanwhile.
"""

from __future__ import annotations

import math
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Any

import httpcore

from collector.errors import CollectorError

Resolve = Callable[[str, int], list[str]]  # host, port -> addresses as text

_NAT64 = IPv6Network("64:ff9b::/96")
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")


def resolve(host: str, port: int) -> list[str]:
    """Addresses of a host as the system resolves it; raises ``socket.gaierror`` when there is none."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM, proto=socket.IPPROTO_TCP)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address may be reached without being on the allow-list.

    Addresses that carry another address inside (v4-mapped, 6to4, NAT64) are judged by the inner one.
    """
    try:
        ip: IPv4Address | IPv6Address = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        if ip.scope_id is not None or ip in _NAT64_LOCAL:
            return False
        inner = ip.ipv4_mapped or ip.sixtofour
        if inner is None and ip in _NAT64:
            inner = IPv4Address(int(ip) & 0xFFFFFFFF)
        ip = inner or ip
    return ip.is_global and not (ip.is_multicast or ip.is_reserved or ip.is_unspecified)


class Deadline(threading.local):
    """``at``: ``time.monotonic()`` value when the present request of this thread must be over; ``opened``: whether
    that request opened a connection of its own."""

    def __init__(self, at: float = math.inf) -> None:
        self.at = at
        self.opened = False

    def begin(self, seconds: float) -> None:
        """The next request of this thread may take so long, from the look-up of the name to the last byte."""
        self.at, self.opened = time.monotonic() + seconds, False


class GuardedBackend(httpcore.NetworkBackend):
    """Opens TCP connections; refuses private addresses and ends every read, write and connect with the request.

    ``private_hosts``: exact ``host:port`` of intranet sources that are allowed (settings). ``deadline``: that of the
    thread which connects, reads or writes.
    """

    def __init__(self, private_hosts: frozenset[str], deadline: Deadline, look_up: Resolve = resolve) -> None:
        self._private_hosts = private_hosts
        self._deadline = deadline
        self._look_up = look_up
        self._system = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, judge, and connect to a judged address (never to the name)."""
        failure: Exception | None = None
        self._deadline.opened = True
        for address in self._allowed(host, port):
            try:
                stream = self._system.connect_tcp(
                    address, port, _remaining(self._deadline, timeout), local_address, socket_options
                )
                return DeadlineStream(stream, self._deadline)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as bad:
                failure = bad
        raise failure or httpcore.ConnectError(f"no address for {host}")

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[Any] | None = None
    ) -> httpcore.NetworkStream:
        """Never: a local socket is private by nature."""
        raise CollectorError("FETCH-PRIVATE", "不允许连接本机套接字", path, "来源必须是公开网址。")

    def sleep(self, seconds: float) -> None:
        """Used by httpcore between retries; there are none."""
        time.sleep(min(seconds, max(0.0, self._deadline.at - time.monotonic())))

    def judge(self, host: str, port: int) -> None:
        """Refuse a target that another machine (a proxy) is to connect to; FETCH-PRIVATE, FETCH-CONNECT.

        One private address among several is enough to refuse: which one the proxy takes is not ours to say.
        """
        addresses = self._allowed(host, port)
        if f"{host.strip('[]').lower()}:{port}" not in self._private_hosts:
            hidden = [address for address in self._look_up(host, port) if not is_public(address)]
            if hidden or not addresses:
                raise _private(host, port)

    def _allowed(self, host: str, port: int) -> list[str]:
        """Addresses of ``host`` that may be connected to."""
        try:
            addresses = self._look_up(host, port)
        except (OSError, UnicodeError) as bad:
            raise CollectorError(
                "FETCH-CONNECT", f"网站域名无法解析：{bad}", f"{host}:{port}", "请检查网址和网络。"
            ) from bad
        if f"{host.strip('[]').lower()}:{port}" in self._private_hosts:
            return addresses
        public = [address for address in addresses if is_public(address)]
        if not public:
            raise _private(host, port)
        return public


def _private(host: str, port: int) -> CollectorError:
    return CollectorError(
        "FETCH-PRIVATE",
        "该网址指向内部网络地址，已拒绝访问",
        f"{host}:{port}",
        "确属内网来源的，请由系统管理员在 SHIJI_ALLOW_PRIVATE 中登记。",
    )


class DeadlineStream(httpcore.NetworkStream):
    """A connection on which no single wait can outlast the request's deadline (slow drips included)."""

    def __init__(self, stream: httpcore.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        """At most ``max_bytes`` bytes, before the deadline."""
        return self._stream.read(max_bytes, _remaining(self._deadline, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        """All of ``buffer``, before the deadline."""
        self._stream.write(buffer, _remaining(self._deadline, timeout))

    def close(self) -> None:
        """Close the connection."""
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        """TLS over this connection, under the same deadline."""
        secured = self._stream.start_tls(ssl_context, server_hostname, _remaining(self._deadline, timeout))
        return DeadlineStream(secured, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        """What the connection knows of itself (peer address, TLS object)."""
        return self._stream.get_extra_info(info)


def _remaining(deadline: Deadline, timeout: float | None) -> float:
    """Seconds a wait may take; raises when the deadline has passed."""
    left = deadline.at - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("deadline passed")
    return left if timeout is None else min(left, timeout)
