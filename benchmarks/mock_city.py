"""Many small press sites on loopback ports, for the soak and fetch benchmarks; every request is logged with its time.

Run: ``python -m benchmarks.mock_city HOSTS SECONDS LOG [TROUBLE]`` prints its ports as JSON and serves until killed.
Source n has its feed at ``/n/feed``, which lists the items published so far: the first at once, the second
at a moment of its own within SECONDS. Now and then an answer is 500, cut short, or late.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from pathlib import Path

PARTS = 2  # items a source publishes
TROUBLE = 0.02  # share of answers for pages that go wrong


def due_second(source: int, part: int, seconds: float) -> float:
    """Second after the start at which an item comes out: 0 for the first, else somewhere before ``seconds``."""
    return 0.0 if part == 0 else random.Random(source * 10 + part).random() * seconds


def page(source: int, part: int) -> str:
    """An article of its own."""
    figures = random.Random(source * 10 + part)
    lines = "".join(
        f"<p>第{source}号片区报告，渠道清淤完成{figures.randint(10, 9999)}米，出动机械{figures.randint(10, 999)}台班，"
        f"沿线{figures.randint(3, 90)}个村的灌溉用水得到保障，工程质量由第三方抽检，结果全部合格。</p>"
        for _ in range(6)
    )
    title = f"第{source}号片区第{part + 1}次通报冬修水利进展"
    return (
        f"<html><head><meta charset=utf-8><title>{title}</title></head><body><div class=nav><a href=/>首页</a></div>"
        f"<h1>{title}</h1><div class=info>2025-03-04 10:20 来源：测试报</div><div class=content>{lines}</div>"
        "<div class=footer>版权所有</div></body></html>"
    )


def feed(base: str, source: int, parts: list[int]) -> str:
    """The items out so far, newest first."""
    rows = "".join(
        f"<item><title>第{source}号片区第{part + 1}次通报冬修水利进展</title><link>{base}/{source}/{part}</link></item>"
        for part in reversed(parts)
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel>{rows}</channel></rss>'


class City:
    """The sites. ``trouble``: share of page answers that go wrong."""

    def __init__(self, seconds: float, log: Path, trouble: float = TROUBLE) -> None:
        self.seconds, self.trouble = seconds, trouble
        self.began = time.monotonic()
        self.log = log.open("w", encoding="ascii", buffering=1)
        self.dice = random.Random(1)

    async def serve(self, port: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer every request on one connection."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                path = head.split(b" ", 2)[1].decode("ascii", "replace")
                status, body = self.answer(port, path)
                self.log.write(f"{time.monotonic():.4f} {port} {status} {path}\n")
                kind = "xml" if path.endswith("feed") else "plain" if path == "/robots.txt" else "html"
                claimed = len(body) + (500 if status == 0 else 0)
                writer.write(
                    f"HTTP/1.1 {status or 200} X\r\nContent-Type: text/{kind}; charset=utf-8\r\n"
                    f"Content-Length: {claimed}\r\n\r\n".encode()
                    + body
                )
                await writer.drain()
                if status == 0 or b"connection: close" in head.lower():
                    break
        except (asyncio.IncompleteReadError, OSError):
            pass
        finally:
            writer.close()

    def answer(self, port: int, path: str) -> tuple[int, bytes]:
        """Status (0: cut short) and body."""
        steps = path.strip("/").split("/")
        if path == "/robots.txt":
            return 200, b"User-agent: *\nDisallow: /internal/\n"
        if len(steps) != 2 or not steps[0].isdigit():
            return 404, b""
        source = int(steps[0])
        if steps[1] == "feed":
            out = [p for p in range(PARTS) if due_second(source, p, self.seconds) <= time.monotonic() - self.began]
            return 200, feed(f"http://127.0.0.1:{port}", source, out).encode()
        if self.dice.random() < self.trouble:
            return self.dice.choice((0, 500)), b"<html>"
        return 200, page(source, int(steps[1])).encode()


async def run(hosts: int, city: City) -> None:
    """Listen on ``hosts`` free ports, print them, serve for ever."""
    ports: list[int] = []
    for _ in range(hosts):

        async def each(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await city.serve(writer.get_extra_info("sockname")[1], reader, writer)

        server = await asyncio.start_server(each, "127.0.0.1", 0, backlog=256)
        ports.append(server.sockets[0].getsockname()[1])
    print(json.dumps(ports), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    trouble = float(sys.argv[4]) if len(sys.argv) > 4 else TROUBLE
    asyncio.run(run(int(sys.argv[1]), City(float(sys.argv[2]), Path(sys.argv[3]), trouble)))
