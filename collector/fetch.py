"""One polite client for everything the collector asks of the web.

Truthful User-Agent, a gap between requests to a host, robots.txt, conditional requests, redirects followed by
hand, a limit on decoded bytes and on time. Every way to fail is a coded error; nothing is retried here, the
next visit is the retry.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from threading import Event
from typing import Protocol

import httpcore
import httpx

from collector.connections import Connections, Stale, parse_proxy
from collector.errors import CollectorError
from collector.guard import Resolve, resolve
from collector.inflate import inflate
from collector.pace import Pace
from collector.robots import AGENT, Robots

VERSION = "0.1"
LARGEST_PAGE = 10 * 1024 * 1024  # decoded bytes
TOTAL_SECONDS = 60.0
WAIT_SECONDS = 20.0  # one connect, read or write
MOST_REDIRECTS = 5
DEFAULT_PAUSE = 300.0  # seconds after 429 or 503 without Retry-After
_REDIRECTS = {301, 302, 303, 307, 308}


@dataclass(frozen=True)
class FetchResult:
    """What came back: status 200, or 304 with ``not_modified`` and no body. Header names are lower case."""

    url: str
    final_url: str
    status: int
    headers: dict[str, str]
    body: bytes
    redirects: list[str]
    not_modified: bool


@dataclass(frozen=True)
class Answer:
    """One response as it came. ``raw``: its headers in order; ``body``: unpacked, read for status 200 only."""

    status: int
    headers: dict[str, str]
    body: bytes
    raw: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    version: str = "HTTP/1.1"


class Recorder(Protocol):
    """Where answers are recorded as they come (collector/warc.py)."""

    def write(self, source_id: str, url: str, answer: Answer) -> None: ...

    def forget(self, source_id: str, digest: str) -> int: ...


class Client:
    """The collector's only way to the web; shared by all threads of a process."""

    def __init__(
        self,
        private_hosts: frozenset[str] = frozenset(),
        contact: str = "",
        *,
        proxy: str = "",
        look_up: Resolve = resolve,
        largest: int = LARGEST_PAGE,
        total_seconds: float = TOTAL_SECONDS,
        recorder: Recorder | None = None,
    ) -> None:
        self._recorder = recorder
        self._connections = Connections(private_hosts, look_up, parse_proxy(proxy) if proxy else None)
        self._agent = user_agent(contact)
        self._largest = largest
        self._total = total_seconds
        self._pace = Pace()
        self._robots = Robots()
        self._stop = Event()

    def stop(self) -> None:
        """End waiting requests; further ones raise FETCH-STOPPED."""
        self._stop.set()

    def close(self) -> None:
        """Close the connections that were kept."""
        self._connections.close()

    @property
    def stopped(self) -> bool:
        """Whether ``stop`` was called."""
        return self._stop.is_set()

    def busy_seconds(self, url: str) -> float:
        """Seconds for which the host of ``url`` asked to be left alone, 0 when it did not."""
        return self._pace.paused_seconds(host_key(url))

    def forget(self, source_id: str, digest: str) -> None:
        """Nothing of the body with this SHA-256 is to stay recorded: it was found to be quarantined."""
        if self._recorder is not None:
            self._recorder.forget(source_id, digest)

    def fetch(
        self,
        url: str,
        *,
        hosts: frozenset[str],
        rate_seconds: float = 5.0,
        obey_robots: bool = True,
        etag: str = "",
        last_modified: str = "",
        largest: int | None = None,
        source_id: str = "",
    ) -> FetchResult:
        """GET a registered address.

        ``hosts``: host keys (see ``host_key``) the request and its redirects may go to. ``etag`` and
        ``last_modified`` make it conditional. ``largest``: decoded bytes, instead of the client's limit.
        ``source_id``: the source in whose WARC file all answers are recorded, where the client records.

        Raises CollectorError FETCH-URL, -UNREGISTERED, -PRIVATE,
        -ROBOTS, -ROBOTS-DOWN, -REDIRECTS, -SIZE, -TIMEOUT, -CONNECT, -ENCODING, -STATUS, -BUSY or -STOPPED; or
        WARC-WRITE.
        """
        conditions = {"if-none-match": etag, "if-modified-since": last_modified}
        here = parse_url(url)
        passed: list[str] = []
        while True:
            _check_registered(here, hosts)
            gap = self._allowed_gap(here, hosts, rate_seconds, source_id) if obey_robots else rate_seconds
            answer = self._recorded(source_id, here, self._get(here, gap, conditions, largest or self._largest))
            if answer.status not in _REDIRECTS:
                break
            passed.append(str(here))
            if len(passed) > MOST_REDIRECTS:
                raise CollectorError("FETCH-REDIRECTS", "跳转次数过多", url, "请检查该网址是否仍然有效。")
            here = _redirected(here, answer.headers.get("location", ""))
        self._check_status(here, answer)
        return FetchResult(url, str(here), answer.status, answer.headers, answer.body, passed, answer.status == 304)

    def _recorded(self, source_id: str, url: httpx.URL, answer: Answer) -> Answer:
        if self._recorder is not None and source_id:
            self._recorder.write(source_id, str(url), answer)
        return answer

    def _allowed_gap(self, url: httpx.URL, hosts: frozenset[str], rate_seconds: float, source_id: str) -> float:
        """Ask robots.txt; the gap in seconds to keep, or FETCH-ROBOTS."""

        def load(address: str) -> tuple[int, bytes]:
            target = parse_url(address)
            for _ in range(MOST_REDIRECTS + 1):
                if host_key(str(target)) not in hosts:
                    return 0, b""
                try:
                    answer = self._get(target, rate_seconds, {}, self._largest)
                except CollectorError as bad:
                    if bad.code in {"FETCH-STOPPED", "FETCH-PRIVATE", "FETCH-BUSY"}:
                        raise
                    return 0, b""
                self._recorded(source_id, target, answer)
                if answer.status not in _REDIRECTS:
                    return answer.status, answer.body
                target = _redirected(target, answer.headers.get("location", ""))
            return 404, b""  # RFC 9309 §2.3.1.2: too many redirects count as no file

        origin = f"{url.scheme}://{url.netloc.decode('ascii')}"
        verdict = self._robots.ask(origin, str(url), load)
        if not verdict.allowed:
            if verdict.reachable:
                raise CollectorError("FETCH-ROBOTS", "网站声明不允许采集该页面", str(url), "该页面不采集。")
            raise CollectorError(
                "FETCH-ROBOTS-DOWN",
                "网站的采集规则（robots.txt）暂时无法读取",
                str(url),
                "系统将稍后自动重试。",
            )
        return max(rate_seconds, verdict.delay)

    def _check_status(self, url: httpx.URL, answer: Answer) -> None:
        if answer.status in {200, 304}:
            return
        if answer.status in {429, 503}:
            self._pace.pause(host_key(str(url)), retry_after(answer.headers.get("retry-after", "")))
            raise CollectorError(
                "FETCH-BUSY", f"网站暂时拒绝访问（状态码 {answer.status}）", str(url), "系统将稍后自动重试。"
            )
        raise CollectorError(
            "FETCH-STATUS", f"网站返回状态码 {answer.status}", str(url), "请确认网址是否变更或页面已撤下。"
        )

    def _get(self, url: httpx.URL, gap: float, conditions: dict[str, str], largest: int) -> Answer:
        """One request in the host's next slot; once more, in the slot after, where a kept connection was closed."""
        with _coded(url):
            try:
                return self._in_turn(url, gap, conditions, largest)
            except Stale:
                return self._in_turn(url, gap, conditions, largest)

    def _in_turn(self, url: httpx.URL, gap: float, conditions: dict[str, str], largest: int) -> Answer:
        self._pace.wait(host_key(str(url)), gap, self._stop)
        with self._paced(url, gap):
            return self._exchange(url, conditions, largest)

    def _exchange(self, url: httpx.URL, conditions: dict[str, str], largest: int) -> Answer:
        headers = [
            (b"User-Agent", self._agent.encode("ascii")),
            (b"Accept", b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"),
            (b"Accept-Language", b"zh-CN,zh;q=0.9"),
            (b"Accept-Encoding", b"gzip, deflate, br"),
        ]
        headers += [(name.encode(), value.encode("latin-1", "ignore")) for name, value in conditions.items() if value]
        with self._connections.get(url, headers, self._total, WAIT_SECONDS) as response:
            received = {name.decode("latin-1").lower(): _text(value) for name, value in response.headers}
            body = b""
            if response.status == 200:
                body = self._body(url, received, response.iter_stream(), largest)
            elif response.status == 304:
                response.read()  # nothing: its connection can be used again
            raw = tuple((name.decode("latin-1"), _text(value)) for name, value in response.headers)
            reason = _text(response.extensions.get("reason_phrase", b""))
            version = _text(response.extensions.get("http_version", b"HTTP/1.1"))
            return Answer(response.status, received, body, raw, reason, version)

    @contextmanager
    def _paced(self, url: httpx.URL, gap: float) -> Iterator[None]:
        """The host gets its gap after the answer: a late connect must not bring two requests close together."""
        try:
            yield
        finally:
            self._pace.asked(host_key(str(url)), gap)

    def _body(self, url: httpx.URL, headers: dict[str, str], chunks: Iterator[bytes], largest: int) -> bytes:
        length = headers.get("content-length", "")
        if length.isdigit() and int(length) > largest:
            raise too_large(str(url), largest)
        body = bytearray()
        for piece in inflate(chunks, headers.get("content-encoding", ""), str(url)):
            body += piece
            if len(body) > largest:
                raise too_large(str(url), largest)
            if self._stop.is_set():
                raise CollectorError("FETCH-STOPPED", "采集已停止", str(url), "重新启动后自动继续。")
        return bytes(body)


def too_large(url: str, largest: int) -> CollectorError:
    """The error for a page over the limit (bytes)."""
    return CollectorError("FETCH-SIZE", f"页面超过 {largest // 1024} KB，未予采集", url, "请核对该网址是否为文章页面。")


def user_agent(contact: str) -> str:
    """Who is asking, with the contact address where one is set (ASCII)."""
    plain = "".join(c for c in contact if c.isascii() and c.isprintable() and c not in "()").strip()
    return f"{AGENT}/{VERSION} (+{plain})" if plain else f"{AGENT}/{VERSION}"


def parse_url(url: str) -> httpx.URL:
    """An absolute http(s) address without fragment; FETCH-URL for anything else, credentials included."""
    try:
        parsed = httpx.URL(url.strip())
        valid = parsed.scheme in {"http", "https"} and bool(parsed.raw_host) and not parsed.userinfo
        if valid and (parsed.port is None or 0 < parsed.port < 65536):
            return parsed.copy_with(fragment=None)
    except (httpx.InvalidURL, UnicodeError, ValueError, TypeError):
        pass
    raise CollectorError("FETCH-URL", "网址无效，仅支持 http 或 https", url[:300], "请核对网址。")


def host_key(url: str) -> str:
    """The host of an address in the form a source registers it: ``a.example`` or ``a.example:8101``.

    The default ports of http and https are left out, so a site may move from one to the other.
    """
    parsed = parse_url(url)
    host = parsed.raw_host.decode("ascii").strip("[]").lower().rstrip(".")
    return host if parsed.port in (None, 80, 443) else f"{host}:{parsed.port}"


def retry_after(value: str) -> float:
    """Seconds a Retry-After header asks for, as a number or a date; DEFAULT_PAUSE where it says nothing."""
    if value.strip().isdigit():
        return float(value.strip())
    try:
        moment = parsedate_to_datetime(value)
    except (TypeError, ValueError):
        return DEFAULT_PAUSE
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return max(0.0, (moment - datetime.now(UTC)).total_seconds())


def _check_registered(url: httpx.URL, hosts: frozenset[str]) -> None:
    if host_key(str(url)) not in hosts:
        raise CollectorError("FETCH-UNREGISTERED", "网址不属于已登记来源，未予采集", str(url), "如需采集请先登记来源。")


def _redirected(here: httpx.URL, location: str) -> httpx.URL:
    if not location:
        raise CollectorError("FETCH-REDIRECTS", "跳转未给出目标网址", str(here), "请检查该网址是否仍然有效。")
    try:
        return parse_url(str(here.join(location)))
    except (httpx.InvalidURL, UnicodeError, ValueError) as bad:
        raise CollectorError("FETCH-URL", "跳转目标网址无效", location[:300], "该页面不采集。") from bad


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


@contextmanager
def _coded(url: httpx.URL) -> Iterator[None]:
    """What the network library raises, as coded errors."""
    try:
        yield
    except httpcore.TimeoutException as bad:
        raise CollectorError("FETCH-TIMEOUT", "网站响应超时", str(url), "系统将在下次采集时重试。") from bad
    except (
        httpcore.NetworkError,
        httpcore.ProtocolError,
        httpcore.UnsupportedProtocol,
        OSError,
        ValueError,
    ) as bad:
        raise CollectorError(
            "FETCH-CONNECT", f"无法与网站通信（{type(bad).__name__}：{bad}）", str(url), "请检查网址和网络。"
        ) from bad
