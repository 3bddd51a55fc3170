"""How well pages are read: body, title, day, minute and source against hand-made gold.

Run: ``python benchmarks/extraction.py [--misses] [--bare] [--set NAME] [DATA]``. Prints a table a set; body F1 is the
multiset character 4-shingle F1 after NFKC and removal of white space. Meta tags of the government set are stripped
before reading, because its gold was made from them. ``--bare`` takes class names, ids, meta tags, headings, paragraph
tags out of every page first: what is left of the figures does not hang on them. Skips with a reason where the data is
absent.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import time
import unicodedata
from collections import Counter, defaultdict
from pathlib import Path
from statistics import mean
from typing import Any

from collector.page import extract_page

GOVERNMENT_META = re.compile(
    rb"<meta[^>]*name\s*=\s*[\"']?(?:ArticleTitle|PubDate|ContentSource|Author|Description|Keywords|ColumnName|"
    rb"SiteName|publishdate|source|MakeTime|Maketime|LanguageType|others?|lanmu)[\"']?[^>]*>",
    re.I,
)


BARE = (
    (re.compile(rb"\s(?:class|id|itemprop)\s*=\s*(?:\"[^\"]*\"|'[^']*'|[^\s>]+)", re.I), b""),
    (re.compile(rb"<meta(?![^>]*charset)[^>]*>", re.I), b""),
    (re.compile(rb"<(/?)(?:h[1-6]|p)(?=[\s>])", re.I), rb"<\1div"),
)


def bare(data: bytes) -> bytes:
    """A page without the names and tags that say what is what."""
    for pattern, instead in BARE:
        data = pattern.sub(instead, data)
    return data


def squash(text: str) -> str:
    """NFKC without white space."""
    return "".join(unicodedata.normalize("NFKC", text).split())


def body_score(gold: str, read: str) -> tuple[float, float, float]:
    """Precision, recall and F1 over character 4-shingles."""
    a, b = (Counter(p[i : i + 4] for i in range(len(p) - 3)) for p in (squash(gold), squash(read)))
    shared = sum((a & b).values())
    precision, recall = shared / max(1, sum(b.values())), shared / max(1, sum(a.values()))
    return precision, recall, 2 * precision * recall / max(1e-9, precision + recall)


def same_minute(gold: str, read: str | None) -> bool:
    """Whether day, hour and minute agree; the gold may write a one-digit hour."""
    match = re.match(r"(\d{4}-\d\d-\d\d) (\d\d?):(\d\d)", gold)
    wanted = f"{match[1]}T{int(match[2]):02d}:{match[3]}" if match else ""
    return (read or "")[:16] == wanted


def score_row(row: dict[str, Any], data: bytes) -> dict[str, Any]:
    """Every figure that the row's gold allows, and the CPU milliseconds."""
    started = time.process_time()
    page = extract_page(data, row.get("url") or None)
    figures: dict[str, Any] = {"ms": (time.process_time() - started) * 1000, "confidence": page.confidence}
    if row.get("content"):
        figures["P"], figures["R"], figures["body"] = body_score(row["content"], page.text)
    if row.get("title"):
        figures["title"] = float(squash(page.title) == squash(row["title"]))
    if row.get("publish_time"):
        figures["day"] = float((page.published_at or "")[:10] == row["publish_time"][:10])
        if ":" in row["publish_time"]:
            figures["minute"] = float(same_minute(row["publish_time"], page.published_at))
    for name in ("source", "author", "editor"):
        if row.get(name):
            figures[name] = float(squash(getattr(page, name)) == squash(row[name]))
    figures["page"] = page
    return figures


def show_misses(row: dict[str, Any], figures: dict[str, Any]) -> None:
    """One line for each field that the reader got wrong."""
    page = figures["page"]
    if figures.get("body", 1) < 0.95:
        print(
            f"  {row['id']} body {figures['body']:.3f} P {figures['P']:.3f} R {figures['R']:.3f} "
            f"confidence {page.confidence:.2f}"
        )
    for name in ("title", "source", "author", "editor"):
        if figures.get(name) == 0:
            print(f"  {row['id']} {name}: gold {row[name]!r} read {getattr(page, name)!r}")
    if figures.get("day") == 0 or figures.get("minute") == 0:
        print(f"  {row['id']} time: gold {row['publish_time']!r} read {page.published_at!r}")


def show_confidence(rows: list[dict[str, Any]]) -> None:
    """What the agreement of the two readers is worth: body F1 by confidence."""
    print("confidence    n  mean body   below .9   below .5")
    for low, high, name in ((0.95, 1.01, ">= .95"), (0.8, 0.95, ".8-.95"), (0.0, 0.8, "< .8")):
        scores = [row["body"] for row in rows if "body" in row and low <= row["confidence"] < high]
        shown = f"{mean(scores):.3f}" if scores else "-"
        bad = [sum(score < limit for score in scores) for limit in (0.9, 0.5)]
        print(name.ljust(10), str(len(scores)).rjust(4), shown.rjust(10), *(str(b).rjust(10) for b in bad))


def main() -> int:
    """Score every set and print one table."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("data", nargs="?", default=str(Path(__file__).resolve().parents[2] / "shared" / "data"))
    options.add_argument("--misses", action="store_true", help="list the pages read wrongly")
    options.add_argument("--bare", action="store_true", help="take class names, ids, meta tags, headings out first")
    options.add_argument("--set", default="", help="only sets whose name begins so")
    chosen = options.parse_args()
    folder = Path(chosen.data) / "extraction"
    if not (folder / "gold.jsonl").exists():
        print(f"skipped: no {folder.name}/gold.jsonl under the data folder")
        return 0
    by_set: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for name in ("gold.jsonl", "gov.jsonl"):
        for text in (folder / name).read_text("utf-8").splitlines():
            row = json.loads(text)
            if not row["set"].startswith(chosen.set):
                continue
            data = (folder / row["html_path"]).read_bytes()
            if row["set"].startswith("gov"):
                data = GOVERNMENT_META.sub(b"", data)
            figures = score_row(row, bare(data) if chosen.bare else data)
            by_set[row["set"]].append(figures)
            if row["set"] in {"magic", "press2022"}:
                by_set["modern"].append(figures)
            if chosen.misses:
                show_misses(row, figures)
    columns = ("body", "P", "R", "title", "day", "minute", "source", "author", "editor", "ms")
    print("set".ljust(12), "n".rjust(4), *(c.rjust(8) for c in columns))
    for name, rows in by_set.items():
        cells = []
        for column in columns:
            values = [r[column] for r in rows if column in r]
            cells.append(
                (f"{mean(values):.1f}" if column == "ms" else f"{mean(values):.3f}").rjust(8)
                if values
                else "-".rjust(8)
            )
        print(name.ljust(12), str(len(rows)).rjust(4), *cells)
    show_confidence([row for name, rows in by_set.items() if name != "modern" for row in rows])
    return 0


if __name__ == "__main__":
    sys.exit(main())
