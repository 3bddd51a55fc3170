"""Thousands of sources for minutes, the collector killed again and again: is anything lost, doubled or asked too often?

Run: ``python -m benchmarks.soak [--sources 2000] [--hosts 200] [--minutes 10] [--drain 5] [--rate 0.5]
[--kill-every 60]``. The mock city publishes during the first part of the time; ``shiji schedule --no-work`` collects
and gets SIGKILL at random moments. After that time it may go on undisturbed until it has everything, for as long as
``--drain`` says: pages that failed wait for the next visit of their source.
Judged by the mock's own log and the database; exit 1 when anything was lost, doubled or too often.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from benchmarks.mock_city import PARTS
from collector.registry import register_sources
from storage.database import Database
from storage.migrate import upgrade
from storage.settings import Settings
from storage.tables import Capture, Document, Run

PUBLISHING = 0.4  # share of the time in which items come out
LATE = 0.05  # seconds a request may reach the server's log early or late: threads and sockets of one machine


def memory(pid: int) -> float:
    """Resident MiB of a process, 0 when it is gone."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text("ascii", "replace").splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    except OSError:
        pass
    return 0.0


def start(folder: Path, ports: list[int], log: Path) -> subprocess.Popen[bytes]:
    """The collector, as an installation runs it."""
    values = {
        "SHIJI_DATA": str(folder),
        "SHIJI_ALLOW_PRIVATE": ",".join(f"127.0.0.1:{port}" for port in ports),
    }
    with log.open("ab") as out:
        return subprocess.Popen(
            [sys.executable, "-c", "from api.cli import app; app()", "schedule", "--no-work"],
            env={**os.environ, **values}, stdout=out, stderr=out,
        )  # fmt: skip


def register(database: Database, ports: list[int], sources: int, rate: float) -> None:
    """Every source, asked every minute."""
    rows = [
        {"id": f"s{n}", "name": f"来源{n}", "kind": "feed", "permission": "测试", "rate_seconds": rate,
         "every_minutes": 1, "url": f"http://127.0.0.1:{ports[n % len(ports)]}/{n}/feed"}
        for n in range(sources)
    ]  # fmt: skip
    with database.write() as session:
        register_sources(session, {"sources": rows})


def soak(
    folder: Path, ports: list[int], chosen: argparse.Namespace, complete: Callable[[], bool]
) -> tuple[list[list[float]], int, float]:
    """Run, kill, start again; memory samples (MiB) of each life, how many were killed, minutes it all took."""
    dice, lives, kills = random.Random(), [list[float]()], 0
    began = time.monotonic()
    end = began + chosen.minutes * 60
    process = start(folder, ports, folder / "collector.log")
    kill_at = time.monotonic() + dice.uniform(0.5, 1.5) * chosen.kill_every
    try:
        while time.monotonic() < end or (time.monotonic() < end + chosen.drain * 60 and not complete()):
            time.sleep(1)
            if process.poll() is not None:
                raise SystemExit(f"the collector ended by itself: {process.returncode}")
            lives[-1].append(memory(process.pid))
            if time.monotonic() > kill_at and time.monotonic() < end:
                process.send_signal(signal.SIGKILL)
                process.wait()
                kills += 1
                lives.append([])
                process = start(folder, ports, folder / "collector.log")
                kill_at = time.monotonic() + dice.uniform(0.5, 1.5) * chosen.kill_every
    finally:
        process.terminate()
        try:
            process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
    return lives, kills, (time.monotonic() - began) / 60


def stored(database: Database) -> int:
    """Addresses with a document."""
    with database.read() as session:
        return session.scalar(select(func.count(Document.url.distinct()))) or 0


def gaps(log: Path) -> tuple[list[float], int, int]:
    """Seconds between neighbouring requests of each host, number of requests, and of pages answered in full."""
    last: dict[str, float] = {}
    found: list[float] = []
    pages = requests = 0
    for line in log.read_text("ascii").splitlines():
        moment, port, status, path = line.split(" ", 3)
        requests += 1
        pages += status == "200" and path[-1].isdigit()
        if port in last:
            found.append(float(moment) - last[port])
        last[port] = float(moment)
    return found, requests, pages


def main() -> int:
    """Soak and print the table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--sources", type=int, default=2000)
    options.add_argument("--hosts", type=int, default=200)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--drain", type=float, default=5, help="minutes more, without kills, while something lacks")
    options.add_argument("--rate", type=float, default=0.5, help="seconds between requests to one host")
    options.add_argument("--kill-every", type=float, default=60, help="mean seconds between kills")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        log, publishing = folder / "requests.log", chosen.minutes * 60 * PUBLISHING
        mock = subprocess.Popen(
            [sys.executable, "-m", "benchmarks.mock_city", str(chosen.hosts), str(publishing), str(log)],
            stdout=subprocess.PIPE,
        )
        try:
            assert mock.stdout
            ports = json.loads(mock.stdout.readline())
            database = Database(Settings(data_text=str(folder)).database)
            upgrade(database)
            register(database, ports, chosen.sources, chosen.rate)
            wanted = chosen.sources * PARTS
            lives, kills, took = soak(folder, ports, chosen, lambda: stored(database) >= wanted)
        finally:
            mock.terminate()
            mock.wait()
        return judge(database, chosen, ports, lives, kills, took, gaps(log))


def judge(
    database: Database,
    chosen: argparse.Namespace,
    ports: list[int],
    lives: list[list[float]],
    kills: int,
    took: float,
    asked: tuple[list[float], int, int],
) -> int:
    """Print what happened; 1 when something must not have."""
    expected = {
        f"http://127.0.0.1:{ports[n % len(ports)]}/{n}/{part}" for n in range(chosen.sources) for part in range(PARTS)
    }
    count: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    with database.read() as session:
        for place, column in enumerate((Capture.url, Document.url)):
            for url, number in session.execute(select(column, func.count()).group_by(column)):
                count[url][place] = number
        by_status = select(Run.status, Run.error_code, func.count()).group_by(Run.status, Run.error_code)
        runs = {" ".join(filter(None, row[:2])): int(row[2]) for row in session.execute(by_status)}
    lost = [url for url in expected if count[url][1] == 0]
    doubled = [url for url, numbers in count.items() if max(numbers) > 1]
    strange = [url for url in count if url not in expected]
    between, requests, pages = asked
    hasty = [gap for gap in between if gap < chosen.rate - LATE]
    tail = [sample for life in lives for sample in life if sample][-60:]
    steady = [life for life in lives if len(life) > 30]
    growth = max((life[-1] - life[len(life) // 2] for life in steady), default=0.0)
    for label, value in (
        ("sources, hosts, minutes, rate", f"{chosen.sources}, {chosen.hosts}, {chosen.minutes:g}, {chosen.rate:g} s"),
        ("minutes with the drain", f"{took:.1f}"),
        ("kills (SIGKILL)", kills),
        ("visits by status", ", ".join(f"{status or 'open'} {number}" for status, number in sorted(runs.items()))),
        ("requests in the mock's log", f"{requests} ({requests / took / 60:.1f}/s)"),
        ("pages answered in full", pages),
        ("items published / stored once", f"{len(expected)} / {len(expected) - len(lost)}"),
        ("lost, doubled, strange", f"{len(lost)}, {len(doubled)}, {len(strange)}"),
        ("shortest gap on a host", f"{min(between, default=0.0):.3f} s"),
        (f"gaps below {chosen.rate - LATE:.2f} s", f"{len(hasty)} of {len(between)}"),
        ("memory, last minute", f"{min(tail, default=0):.0f}-{max(tail, default=0):.0f} MiB"),
        ("growth in a life's second half", f"at most {growth:.1f} MiB"),
    ):
        print(f"{label:32} {value}")
    for url in [*lost[:5], *doubled[:5], *strange[:5]]:
        print("  ", url)
    return int(bool(lost or doubled or strange or hasty))


if __name__ == "__main__":
    sys.exit(main())
