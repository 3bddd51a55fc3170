"""A small web server on loopback whose answers a test decides, and which remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = tuple[int, dict[str, str], bytes]


class MockWeb:
    """``pages``: path -> answer, or a function of the request headers (and raw handler) that gives one."""

    def __init__(self) -> None:
        self.pages: dict[str, Answer | Callable[[Any], Answer | None]] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []
        web = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                web.asked.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                page = web.pages.get(self.path, (404, {}, b"gone"))
                answer = page(self) if callable(page) else page
                if answer is None:
                    return
                status, headers, body = answer
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                if status != 304 and "Transfer-Encoding" not in headers and "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: Any) -> None:
                return None

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        self.host = f"127.0.0.1:{self.port}"
        self.url = f"http://{self.host}"
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def html(self, path: str, text: str) -> None:
        self.pages[path] = (200, {"Content-Type": "text/html; charset=utf-8"}, text.encode())

    def paths(self) -> list[str]:
        """Paths asked for, robots.txt left out."""
        return [path for path, _ in self.asked if path != "/robots.txt"]

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def article(title: str, paragraphs: list[str], shown: str = "2025-03-04 10:20") -> str:
    """An article page like those of small papers."""
    body = "".join(f"<p>{p}</p>" for p in paragraphs)
    return (
        f"<html><head><meta charset=utf-8><title>{title}_测试报</title></head>"
        "<body><div class=nav><a href=/>首页</a></div>"
        f"<h1>{title}</h1><div class=info>{shown} 来源：测试报</div><div class=content>{body}</div>"
        "<div class=footer>版权所有</div></body></html>"
    )


def rss(items: list[tuple[str, str, str]]) -> bytes:
    """An RSS feed of (address, title, pubDate)."""
    rows = "".join(
        f"<item><title>{title}</title><link>{url}</link>{f'<pubDate>{date}</pubDate>' if date else ''}</item>"
        for url, title, date in items
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{rows}</channel></rss>'.encode()
