"""Three press sites of the demo city on loopback: ``python -m demo.press``.

8101 澜宁日报 (RSS), 8102 江北日报 (Atom), 8103 澜宁发布 (GBK list pages). The same pages are served until the
process ends; conditional requests are answered with 304.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC
from email.utils import format_datetime, parsedate_to_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from demo.press_articles import ARTICLES, load_articles
from demo.press_pages import Resource, Site, build_sites
from demo.rows import read_yaml

HOST = "127.0.0.1"
PORTS = {"ribao": 8101, "jbrb": 8102, "lanfa": 8103}
SOURCES = Path(__file__).parent / "sources.yaml"
log = logging.getLogger(__name__)


@dataclass
class Press:
    """The running sites. ``ports``: site name -> port; ``requests``: (site, path, status) in order of arrival."""

    ports: dict[str, int]
    sites: dict[str, Site]
    servers: list[ThreadingHTTPServer]
    requests: list[tuple[str, str, int]]

    @property
    def allow_private(self) -> str:
        """Value of SHIJI_ALLOW_PRIVATE under which the collector may reach these sites."""
        return ",".join(f"{HOST}:{port}" for port in self.ports.values())

    def addresses(self) -> dict[str, str]:
        """Article id -> its full address."""
        return {
            article: f"http://{HOST}:{self.ports[name]}{path}"
            for name, site in self.sites.items()
            for article, path in site.addresses.items()
        }

    def stop(self) -> None:
        """Close the sites."""
        for server in self.servers:
            server.shutdown()
            server.server_close()

    def __enter__(self) -> Press:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


def start_press(ports: Mapping[str, int] | None = None, folder: Path = ARTICLES) -> Press:
    """Serve the sites in background threads. ``ports``: site name -> port, 0 for any free one (default PORTS)."""
    wanted = dict(PORTS if ports is None else ports)
    press = Press({}, {}, [], [])
    try:
        for name in PORTS:
            server = ThreadingHTTPServer((HOST, wanted[name]), _handler(press, name))
            server.daemon_threads = True
            press.servers.append(server)
            press.ports[name] = server.server_address[1]
        base = {name: f"http://{HOST}:{port}" for name, port in press.ports.items()}
        press.sites.update(build_sites(load_articles(folder), base))
    except BaseException:
        for server in press.servers:
            server.server_close()
        raise
    for server in press.servers:
        threading.Thread(target=server.serve_forever, args=(0.1,), daemon=True).start()
    return press


def demo_sources(ports: Mapping[str, int] | None = None, path: Path = SOURCES) -> dict[str, Any]:
    """demo/sources.yaml for ``register_sources``, its addresses moved to other ports where given."""
    data: dict[str, Any] = read_yaml(path)
    for source in data["sources"]:
        for name, port in (ports or {}).items():
            if source.get("url", "").startswith(f"http://{HOST}:{PORTS[name]}/"):
                source["url"] = source["url"].replace(f":{PORTS[name]}/", f":{port}/", 1)
                break
    return data


def _handler(press: Press, name: str) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        """Answers GET and HEAD from the site's resources."""

        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = urlsplit(self.path).path
            resource = press.sites[name].resources.get(path)
            if resource is None:
                self._send(404, "text/html; charset=utf-8", "<html><body>页面不存在</body></html>".encode())
            elif _unchanged(resource, self.headers.get("If-None-Match"), self.headers.get("If-Modified-Since")):
                self._send(304, "", b"", resource)
            else:
                self._send(200, resource.kind, resource.body, resource)

        do_HEAD = do_GET

        def _send(self, status: int, kind: str, body: bytes, resource: Resource | None = None) -> None:
            press.requests.append((name, self.path, status))
            self.send_response(status)
            if kind:
                self.send_header("Content-Type", kind)
            if resource:
                self.send_header("ETag", resource.etag)
                self.send_header("Last-Modified", format_datetime(resource.modified.astimezone(UTC), usegmt=True))
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            log.debug("%s: %s", name, format % args)

    return Handler


def _unchanged(resource: Resource, etag: str | None, since: str | None) -> bool:
    """RFC 9110: If-None-Match decides; If-Modified-Since only where it is absent."""
    if etag is not None:
        return resource.etag in [one.strip().removeprefix("W/") for one in etag.split(",")]
    if since:
        try:
            return resource.modified <= parsedate_to_datetime(since)
        except (TypeError, ValueError):
            return False
    return False


def main() -> None:
    """Serve until interrupted."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(message)s")
    with start_press() as press:
        for name, port in press.ports.items():
            log.info("%s: http://%s:%d/ (%d articles)", name, HOST, port, len(press.sites[name].addresses))
        log.info("press Ctrl+C to stop")
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            log.info("stopped")


if __name__ == "__main__":
    main()
