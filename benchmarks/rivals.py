"""Our page reader beside the rivals that install from PyPI, on the same pages in one run.

Run: ``python -m benchmarks.rivals [--python PYTHON] [DATA]``. Without ``--python`` a throw-away environment with
``benchmarks/rivals.txt`` is made (needs the network once) and removed again. Every page is read by us, with the second
opinion as always, and then by every rival; CPU times are of the reading process. Scores as in
``benchmarks/extraction.py``; the sites' meta tags are stripped from the government set for everybody.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from contextlib import ExitStack
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.extraction import GOVERNMENT_META, body_score, same_minute, squash
from collector.decode import decode
from collector.page import extract_page

HERE = Path(__file__).resolve().parent
COLUMNS = ("body", "title", "day", "minute", "source", "ms")


def make_environment(folder: Path) -> Path:
    """A virtual environment with the rivals; returns its Python."""
    subprocess.run([sys.executable, "-m", "venv", str(folder)], check=True)
    python = folder / "bin" / "python"
    install = [str(python), "-m", "pip", "install", "--quiet", "-r", str(HERE / "rivals.txt")]
    subprocess.run(install, check=True)
    return python


def score(row: dict[str, Any], found: dict[str, Any]) -> dict[str, float]:
    """The figures that the row's gold allows."""
    figures: dict[str, float] = {"ms": found["ms"]}
    broke = "error" in found  # what a reader does not offer is not scored; what it broke on is
    if row.get("content") and (broke or "text" in found):
        figures["body"] = body_score(row["content"], found.get("text", ""))[2]
    for name in ("title", "source"):
        if row.get(name) and (broke or name in found):
            figures[name] = float(squash(found.get(name, "")) == squash(row[name]))
    if row.get("publish_time") and (broke or "published_at" in found):
        figures["day"] = float(found.get("published_at", "")[:10] == row["publish_time"][:10])
        if ":" in row["publish_time"]:
            figures["minute"] = float(same_minute(row["publish_time"], found.get("published_at", "").replace(" ", "T")))
    return figures


def ours(data: bytes, url: str) -> dict[str, Any]:
    """Our reading from the bytes as served, decoding included."""
    started = time.process_time()
    page = extract_page(data, url or None)
    spent = (time.process_time() - started) * 1000
    fields = {"title": page.title, "published_at": page.published_at or "", "source": page.source, "text": page.text}
    return {**fields, "ms": spent}


def table(name: str, rows: dict[str, list[dict[str, float]]]) -> None:
    """One set: a line a reader, and how many times our CPU it takes."""
    own = mean(r["ms"] for r in rows["shiji"])
    print(f"\n{name} ({len(rows['shiji'])} pages)")
    print("reader".ljust(18), *(c.rjust(8) for c in COLUMNS), "x ours".rjust(8))
    for reader, scored in rows.items():
        cells = []
        for column in COLUMNS:
            values = [r[column] for r in scored if column in r]
            cells.append((f"{mean(values):.1f}" if column == "ms" else f"{mean(values):.3f}") if values else "-")
        ratio = mean(r["ms"] for r in scored) / own
        print(reader.ljust(18), *(c.rjust(8) for c in cells), f"{ratio:.2f}".rjust(8))


def main() -> int:
    """Read every page with everybody and print a table a set."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", nargs="?", default=str(HERE.parents[1] / "shared" / "data"))
    options.add_argument("--python", help="a Python that has the rivals installed")
    chosen = options.parse_args()
    folder = Path(chosen.data) / "extraction"
    if not (folder / "gold.jsonl").exists():
        print("skipped: no extraction/gold.jsonl under the data folder")
        return 0
    with ExitStack() as stack:
        python = chosen.python
        if not python:
            python = str(make_environment(Path(stack.enter_context(tempfile.TemporaryDirectory())) / "rivals"))
        worker = stack.enter_context(
            subprocess.Popen(
                [python, str(HERE / "rivals_worker.py")], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
        )
        assert worker.stdin
        assert worker.stdout
        sets: dict[str, dict[str, list[dict[str, float]]]] = defaultdict(lambda: defaultdict(list))
        for name in ("gold.jsonl", "gov.jsonl"):
            for text in (folder / name).read_text("utf-8").splitlines():
                row = json.loads(text)
                data = (folder / row["html_path"]).read_bytes()
                if row["set"].startswith("gov"):
                    data = GOVERNMENT_META.sub(b"", data)
                url = row.get("url") or ""
                worker.stdin.write(json.dumps({"html": decode(data)[0], "url": url}) + "\n")
                worker.stdin.flush()
                answers = {**json.loads(worker.stdout.readline()), "shiji": ours(data, url)}
                shown = "modern" if row["set"] in {"magic", "press2022"} else row["set"]
                for reader in ("shiji", *(r for r in answers if r != "shiji")):
                    sets[shown][reader].append(score(row, answers[reader]))
        worker.stdin.close()
        for name, rows in sets.items():
            table(name, rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
