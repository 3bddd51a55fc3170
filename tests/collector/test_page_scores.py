"""Floors under the reading of real pages; skipped where the shared data is absent."""

from __future__ import annotations

import json
from pathlib import Path
from statistics import mean

import pytest

from benchmarks.extraction import score_row

FOLDER = Path(__file__).resolve().parents[3] / "shared" / "data" / "extraction"
FLOORS = {"body": 0.975, "title": 0.98, "day": 0.98, "minute": 0.97, "source": 0.95, "author": 0.88, "editor": 0.95}


@pytest.mark.skipif(not (FOLDER / "gold.jsonl").exists(), reason="../shared/data/extraction is absent")
def test_modern_pages_are_read_at_least_this_well() -> None:
    rows = [json.loads(line) for line in (FOLDER / "gold.jsonl").read_text("utf-8").splitlines()]
    modern = [r for r in rows if r["set"] in {"magic", "press2022"}]
    scored = [score_row(r, (FOLDER / r["html_path"]).read_bytes()) for r in modern]
    figures = {name: mean(s[name] for s in scored if name in s) for name in FLOORS}
    assert {n: round(v, 3) for n, v in figures.items() if v < FLOORS[n]} == {}
