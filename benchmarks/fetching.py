"""Our client beside Scrapy and plain httpx: pages a second and CPU a page, on the same mock sites in one run.

Run: ``python -m benchmarks.fetching [--python PYTHON] [--pages 1500] [--hosts 32]``. Without ``--python`` a throw-away
environment with ``benchmarks/rivals.txt`` is made (needs the network once) and removed again. Nobody waits between
requests here, robots.txt is obeyed by us and by Scrapy, and at most 16 pages are under way at once; every body is read
to its end and its length added up, so that nobody skips work. CPU is of the fetching process after its imports.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from benchmarks.rivals import make_environment
from collector.fetch import Client, host_key

HERE = Path(__file__).resolve().parent
AT_ONCE = 16


def ours(urls: list[str]) -> dict[str, float]:
    """Fetch all with the collector's client and as many threads as the scheduler has."""
    hosts = frozenset(host_key(url) for url in urls)
    client = Client(hosts)
    began, spent = time.perf_counter(), time.process_time()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        lengths = list(pool.map(lambda url: len(client.fetch(url, hosts=hosts, rate_seconds=0.0).body), urls))
    return {
        "seconds": time.perf_counter() - began,
        "cpu": time.process_time() - spent,
        "pages": len(lengths),
        "bytes": sum(lengths),
    }


def main() -> int:
    """Everybody twice, in turn; the better of the two counts."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--python", help="a Python that has the rivals installed")
    options.add_argument("--pages", type=int, default=1500)
    options.add_argument("--hosts", type=int, default=32)
    chosen = options.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        python = chosen.python or str(make_environment(folder / "rivals"))
        mock = stack.enter_context(
            subprocess.Popen(
                [sys.executable, "-m", "benchmarks.mock_city", str(chosen.hosts), "1", str(folder / "log"), "0"],
                stdout=subprocess.PIPE,
            )
        )
        stack.callback(mock.terminate)
        assert mock.stdout
        ports = json.loads(mock.stdout.readline())
        urls = [f"http://127.0.0.1:{ports[n % len(ports)]}/{n}/0" for n in range(chosen.pages)]
        best: dict[str, dict[str, float]] = {}
        for _ in range(2):
            for name in ("shiji", "scrapy", "httpx", "httpx, one client"):
                figures = ours(urls) if name == "shiji" else rival(python, name, urls)
                if figures["seconds"] < best.get(name, figures)["seconds"] or name not in best:
                    best[name] = figures
    print("client".ljust(20), *(c.rjust(12) for c in ("pages", "MB", "pages/s", "CPU ms/page")))
    for name, found in best.items():
        cells = (
            f"{found['pages']:.0f}",
            f"{found['bytes'] / 1e6:.2f}",
            f"{found['pages'] / found['seconds']:.0f}",
            f"{found['cpu'] / found['pages'] * 1000:.2f}",
        )
        print(name.ljust(20), *(c.rjust(12) for c in cells))
    return int(len({found["bytes"] for found in best.values()}) != 1)


def rival(python: str, name: str, urls: list[str]) -> dict[str, float]:
    """A rival in a process of its own, in its own environment."""
    done = subprocess.run(
        [python, str(HERE / "fetching_worker.py"), name, str(AT_ONCE)],
        input=json.dumps(urls), capture_output=True, text=True, check=True,
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


if __name__ == "__main__":
    sys.exit(main())
