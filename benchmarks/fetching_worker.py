"""Runs in the rivals' environment: reads a JSON list of addresses, fetches all with the named client, writes figures.

Called by ``benchmarks/fetching.py``; imports nothing of Shiji. ``httpx`` opens a connection for every page, as our
guarded client does; ``httpx, one client`` keeps them alive.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def with_httpx(urls: list[str], at_once: int, one_client: bool) -> list[int]:
    """Threads over httpx; lengths of the bodies."""
    import httpx

    context = httpx.create_ssl_context()
    with ThreadPoolExecutor(at_once) as pool:
        if one_client:
            with httpx.Client(trust_env=False, verify=context) as client:
                return list(pool.map(lambda url: len(client.get(url).content), urls))

        def one(url: str) -> int:
            with httpx.Client(trust_env=False, verify=context) as client:
                return len(client.get(url).content)

        return list(pool.map(one, urls))


def with_scrapy(urls: list[str], at_once: int) -> list[int]:
    """A spider without pauses; lengths of the bodies."""
    import scrapy
    from scrapy.crawler import CrawlerProcess

    lengths: list[int] = []

    class Spider(scrapy.Spider):  # type: ignore[misc]
        name = "all"
        start_urls = urls

        def parse(self, response: Any) -> Iterator[Any]:
            lengths.append(len(response.body))
            return iter(())

    process = CrawlerProcess(
        {
            "CONCURRENT_REQUESTS": at_once,
            "CONCURRENT_REQUESTS_PER_DOMAIN": at_once,
            "DOWNLOAD_DELAY": 0,
            "ROBOTSTXT_OBEY": True,
            "LOG_ENABLED": False,
            "TELNETCONSOLE_ENABLED": False,
        }
    )
    process.crawl(Spider)
    process.start()
    return lengths


def main() -> None:
    """Fetch and report."""
    name, at_once = sys.argv[1], int(sys.argv[2])
    urls: list[str] = json.load(sys.stdin)
    logging.disable(logging.CRITICAL)
    if name == "scrapy":
        import scrapy.crawler  # noqa: F401 imports are not fetching
    else:
        import httpx  # noqa: F401
    fetch: dict[str, Callable[[], list[int]]] = {
        "scrapy": lambda: with_scrapy(urls, at_once),
        "httpx": lambda: with_httpx(urls, at_once, one_client=False),
        "httpx, one client": lambda: with_httpx(urls, at_once, one_client=True),
    }
    began, spent = time.perf_counter(), time.process_time()
    lengths = fetch[name]()
    figures = {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - spent,
        "pages": len(lengths),
        "bytes": sum(lengths),
    }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
