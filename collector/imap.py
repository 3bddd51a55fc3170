"""A mailbox read over IMAP without touching it: nothing is marked, moved or deleted there.

The connection passes the same door as every other: public addresses, or the allow-list (collector/guard.py). Where a
proxy is set, the target is judged first and reached through it (HTTP CONNECT, RFC 9110 §9.3.6); TLS ends at the server.
"""

from __future__ import annotations

import base64
import imaplib
import re
import socket
import ssl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from urllib.parse import unquote, urlsplit

import httpcore

from collector.connections import Proxy, parse_proxy
from collector.errors import CollectorError
from collector.guard import Deadline, GuardedBackend, Resolve, resolve

SECONDS = 300.0
LONGEST_ANSWER = 16 * 1024  # bytes of a proxy's answer
_SIZE = re.compile(rb"RFC822\.SIZE (\d+)")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


@dataclass(frozen=True)
class Address:
    """``imaps://host:993/INBOX``: TLS; ``imap://``: none, for servers on the allow-list only."""

    host: str
    port: int
    tls: bool
    folder: str

    @property
    def key(self) -> str:
        """host:port as the allow-list writes it."""
        return f"{self.host}:{self.port}"


def parse_address(url: str) -> Address:
    """Take a mailbox address apart. Raises CollectorError MAIL-URL (credentials do not belong in it)."""
    try:
        parts = urlsplit(url)
        port = parts.port or (993 if parts.scheme == "imaps" else 143)
        if parts.scheme in ("imaps", "imap") and parts.hostname and not parts.username and not parts.password:
            return Address(parts.hostname.lower(), port, parts.scheme == "imaps", unquote(parts.path[1:]) or "INBOX")
    except ValueError:
        pass
    raise CollectorError("MAIL-URL", "邮箱地址应写作 imaps://主机/文件夹，不含账号口令", url[:200], "请核对地址。")


class Mailbox:
    """One open folder, read-only. ``validity`` and message numbers (UID) name a message for good."""

    def __init__(self, server: imaplib.IMAP4, validity: str) -> None:
        self._server = server
        self.validity = validity

    def after(self, uid: int, since: date, most: int) -> list[int]:
        """Numbers above ``uid`` of messages that came in on ``since`` or later, oldest first, at most ``most``."""
        day = f"{since.day:02d}-{_MONTHS[since.month - 1]}-{since.year}"
        data = self._ask("SEARCH", f"UID {uid + 1}:*", "SINCE", day)
        numbers = sorted(int(number) for line in data if isinstance(line, bytes) for number in line.split())
        return [number for number in numbers if number > uid][:most]  # "n:*" always names the last message

    def message(self, uid: int, largest: int) -> bytes:
        """The message's bytes. Raises CollectorError MAIL-SIZE and MAIL-GONE."""
        sizes = [_SIZE.search(part) for part in _bytes(self._ask("FETCH", str(uid), "(RFC822.SIZE)"))]
        size = max((int(found[1]) for found in sizes if found), default=0)
        if size > largest:
            raise CollectorError(
                "MAIL-SIZE", f"邮件超过 {largest // 1024 // 1024} MB", f"邮件 {uid}", "请分批发送，或改用上传。"
            )
        for part in self._ask("FETCH", str(uid), "(BODY.PEEK[])"):
            if isinstance(part, tuple):
                return bytes(part[1])
        raise CollectorError("MAIL-GONE", "邮件已被删除", f"邮件 {uid}", "")

    def _ask(self, command: str, *words: str) -> list[bytes | tuple[bytes, bytes] | None]:
        status, data = self._server.uid(command, *words)
        if status != "OK":
            raise CollectorError("MAIL-ANSWER", f"邮件服务器拒绝 {command}", "", "系统将在下次采集时重试。")
        return list(data)


@contextmanager
def open_mailbox(
    address: Address,
    user: str,
    password: str,
    private_hosts: frozenset[str],
    look_up: Resolve = resolve,
    proxy: str = "",
) -> Iterator[Mailbox]:
    """Sign in and open the folder read-only. Raises CollectorError FETCH-PRIVATE, FETCH-CONNECT, FETCH-TIMEOUT,
    MAIL-PLAIN (no TLS outside the allow-list), MAIL-SIGN-IN, MAIL-FOLDER, MAIL-ANSWER."""
    if not address.tls and address.key not in private_hosts:
        raise CollectorError("MAIL-PLAIN", "邮箱须用加密连接", address.key, "请改用 imaps:// 地址。")
    server: imaplib.IMAP4 | None = None
    try:
        server = _Guarded(address, private_hosts, look_up, parse_proxy(proxy) if proxy else None)
        try:
            server.login(user, password)
        except imaplib.IMAP4.error as bad:
            raise CollectorError(
                "MAIL-SIGN-IN", "邮箱账号或口令不对", address.key, "请核对 config.user 和口令文件。"
            ) from bad
        status, _ = server.select(_quoted(address.folder), readonly=True)
        if status != "OK":
            raise CollectorError("MAIL-FOLDER", f"邮箱中没有文件夹 {address.folder}", address.key, "请核对地址。")
        said = server.response("UIDVALIDITY")[1]
        yield Mailbox(server, said[0].decode("ascii", "replace") if said and said[0] else "0")
    except imaplib.IMAP4.error as bad:
        raise CollectorError("MAIL-ANSWER", f"邮件服务器应答有误：{bad}", address.key, "系统将重试。") from bad
    except (httpcore.TimeoutException, TimeoutError) as bad:
        raise CollectorError("FETCH-TIMEOUT", "邮件服务器响应超时", address.key, "系统将重试。") from bad
    except (httpcore.NetworkError, OSError) as bad:
        raise CollectorError("FETCH-CONNECT", f"无法连接邮件服务器：{bad}", address.key, "请检查网络。") from bad
    finally:
        if server is not None:
            try:
                server.logout()
            except (imaplib.IMAP4.error, OSError):
                server.shutdown()


class _Guarded(imaplib.IMAP4):
    """imaplib over a connection that passed the guard (one method of the library is replaced, nothing else)."""

    def __init__(
        self, address: Address, private_hosts: frozenset[str], look_up: Resolve, proxy: Proxy | None = None
    ) -> None:
        self._address, self._private_hosts, self._look_up, self._proxy = address, private_hosts, look_up, proxy
        super().__init__(address.host, address.port, timeout=SECONDS)

    def _create_socket(self, timeout: float | None) -> socket.socket:
        deadline = Deadline(time.monotonic() + SECONDS)
        backend = GuardedBackend(self._private_hosts, deadline, self._look_up)
        if self._proxy is None:
            stream = backend.connect_tcp(self._address.host, self._address.port, 20.0)
        else:
            backend.judge(self._address.host, self._address.port)
            door = GuardedBackend(frozenset({self._proxy.key}), deadline, self._look_up)
            host, port = self._proxy.key.rsplit(":", 1)
            stream = door.connect_tcp(host, int(port), 20.0)
        plain: socket.socket = stream.get_extra_info("socket")
        plain.settimeout(60.0)
        if self._proxy is not None:
            open_tunnel(plain, self._address.key, self._proxy.auth)
        if not self._address.tls:
            return plain
        return ssl.create_default_context().wrap_socket(plain, server_hostname=self._address.host)


def open_tunnel(plain: socket.socket, target: str, auth: tuple[str, str] | None) -> None:
    """Ask the proxy at the other end for a tunnel to ``target`` (host:port). Raises CollectorError FETCH-PROXY.

    The answer is read byte by byte: what follows it belongs to the mail server.
    """
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    if auth is not None:
        lines.append("Proxy-Authorization: Basic " + base64.b64encode(":".join(auth).encode()).decode("ascii"))
    plain.sendall("\r\n".join((*lines, "", "")).encode("ascii"))
    answer = bytearray()
    while not answer.endswith(b"\r\n\r\n"):
        byte = plain.recv(1)
        answer += byte
        if not byte or len(answer) > LONGEST_ANSWER:
            raise CollectorError("FETCH-PROXY", "代理服务器应答有误", target, "请检查 SHIJI_PROXY 和代理服务器。")
    if not re.match(rb"HTTP/1\.[01] 2\d\d", answer):
        said = answer.split(b"\r\n", 1)[0].decode("latin-1")[:80]
        raise CollectorError("FETCH-PROXY", f"代理服务器拒绝连接：{said}", target, "请由系统管理员在代理上放行该邮箱。")


def _quoted(folder: str) -> str:
    """A folder name as IMAP writes it (modified UTF-7 beyond ASCII, RFC 3501 §5.1.3)."""
    written = re.sub(r"[^\x20-\x7e]+", lambda m: "&" + _base64(m[0]) + "-", folder.replace("&", "&-"))
    return '"' + written.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _base64(text: str) -> str:
    return base64.b64encode(text.encode("utf-16-be")).decode("ascii").rstrip("=").replace("/", ",")


def _bytes(parts: list[bytes | tuple[bytes, bytes] | None]) -> Iterator[bytes]:
    for part in parts:
        if isinstance(part, tuple):
            yield part[0]
        elif part is not None:
            yield part
