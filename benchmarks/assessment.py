"""How long a full assessment takes: 50 teams, and a synthetic province of 2,000 teams, 60 indicators and 5 years.

Run `python -m benchmarks.assessment [--teams 2000]`. Everything is invented; the database is a file in a temporary
folder. The printed times are of one process: reading the figures, computing every score with its formula, pinning the
versions, computing again from the pin, and the positions of 1,000 resamples.
"""

from __future__ import annotations

import argparse
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from decimal import Decimal
from pathlib import Path

from sqlalchemy import insert
from sqlalchemy.orm import Session

from appraisal import pins, robustness
from appraisal.assessment import assess
from appraisal.store import save_book
from appraisal.year_book import parse_year_book
from dossier.scope import Viewer
from storage.database import Database
from storage.migrate import upgrade
from storage.tables import Category, CityPoint, DataPoint, IndicatorImport, IndicatorTarget, Team, Zone

YEARS = (2020, 2021, 2022, 2023, 2024)
KINDS = ("城区类", "开发区类", "县市类")
# method, direction, type, params, how many of the common block
METHODS = (
    ("1.8", "up", "level", "alpha: 0.4, share: {bad: -0.5, good: 0.5}, growth: {bad: 95, good: 105}", 14),
    ("9c'", "up", "ratio", "bad: 2.0, good: 7.0", 14),
    ("9c", "up", "ratio", "floor: 0.6", 8),
    ("9a", "up", "count", "cap: 1.0", 8),
    ("10a", "up", "growth", "standards: [9, 7, 5, 3, 0]", 8),
    ("9e", "range", "range", "lower: 40, upper: 60, slope: 0.5", 3),
    ("9f", "up", "ratio", "base: 60, step: 0.1, per_step: 0.1, limit: 10", 3),
)


def book_text() -> str:
    """58 common indicators, and two by position for each class: 60 for every team."""
    lines, number = ["year: 2024", "indicators:"], 0
    for method, direction, kind, params, count in METHODS:
        for _ in range(count):
            number += 1
            weight = Decimal(100) - 57 * Decimal("1.7") if number == 58 else Decimal("1.7")
            eligible = ", share_eligible: true" if method == "1.8" else ""
            lines.append(
                f"  - {{code: X{number:02d}, name: 共同指标{number:02d}, unit: 单位, direction: {direction}, "
                f"type: {kind}, "
                f'block: 共同, method: "{method}", weight: {weight}, provider: P, '
                f"frequency: 年{eligible}, params: {{{params}}}}}"
            )
    for kind in KINDS:
        for part in (1, 2):
            lines.append(
                f"  - {{code: {kind[:1]}{part}, name: {kind}指标{part}, unit: 单位, direction: up, type: ratio, "
                f"block: 类别, category: {kind}, method: 10b, weight: 50, provider: P, frequency: 年}}"
            )
    return "\n".join(lines)


def build(database: Database, teams: int) -> int:
    """Fill the record; returns the number of figures."""
    chance = random.Random(7)
    book = parse_year_book(book_text())
    with database.write() as session:
        session.add_all([*(Category(id=kind) for kind in KINDS), Zone(id="Z", name="片")])
        session.add(IndicatorImport(id=1, name="synthetic", sha256="0"))
        session.flush()
        kinds = {f"T{n:04d}": KINDS[n % 3] for n in range(teams)}
        session.execute(
            insert(Team),
            [{"id": key, "full": key, "short": key, "category_id": kind, "zone_id": "Z", "ordinal": n}
             for n, (key, kind) in enumerate(kinds.items())],
        )  # fmt: skip
        save_book(session, book.cards)
        rows = list(_figures(chance, book.cards, kinds))
        for start in range(0, len(rows), 20_000):
            session.execute(insert(DataPoint), rows[start : start + 20_000])
        _aims(session, chance, book.cards, kinds)
    return len(rows)


def _figures(chance: random.Random, cards: dict, kinds: dict[str, str]) -> Iterator[dict]:
    for code, card in cards.items():
        for team, kind in kinds.items():
            if card.category not in (None, kind):
                continue
            level = chance.randrange(100, 90_000)
            for year in YEARS:
                level = level * chance.randrange(970, 1110) // 1000
                value = Decimal(level) / 10 if card.method in ("1.8", "9a") else Decimal(chance.randrange(0, 1000)) / 10
                missing = chance.random() < 0.01
                yield {
                    "indicator_code": code, "team_id": team, "period": f"{year}年", "version": 1, "import_id": 1,
                    "value": None if missing else value, "status": "未出数" if missing else "核定",
                }  # fmt: skip


def _aims(session: Session, chance: random.Random, cards: dict, kinds: dict[str, str]) -> None:
    aimed = [code for code, card in cards.items() if card.method == "9a"]
    session.execute(
        insert(IndicatorTarget),
        [{"year": 2024, "indicator_code": code, "team_id": team, "value": Decimal(chance.randrange(1000, 9000)),
          "state": "approved", "document_no": "合成"} for code in aimed for team in kinds],
    )  # fmt: skip
    session.execute(
        insert(CityPoint),
        [{"indicator_code": code, "period": "2024年", "version": 1, "value": Decimal(50), "import_id": 1}
         for code, card in cards.items() if card.method == "9f"],
    )  # fmt: skip


@contextmanager
def timed(label: str) -> Iterator[None]:
    """Print the seconds of a block."""
    start = time.perf_counter()
    yield
    print(f"  {label:42} {time.perf_counter() - start:7.2f} s", flush=True)


def measure(teams: int) -> None:
    """Build one world and print its times."""
    viewer = Viewer(0, "kh", "kh", "KH", None)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'a.sqlite'}")
        upgrade(database)
        figures = build(database, teams)
        print(f"{teams} teams, 60 indicators each, {len(YEARS)} years, {figures} figures", flush=True)
        with database.read() as session, timed("read and compute all scores"):
            made = assess(session, "2024年")
        with database.write() as session:
            with timed("compute and pin"):
                pin = pins.make_pin(session, viewer, "2024年", "合成").id
            with timed("compute again from the pin"):
                changed = pins.recompute(session, pin)[1]
        with timed(f"positions of {robustness.DRAWS} resamples"):
            bands = robustness.position_bands_of(made)
        with database.read() as session, timed("one team's tree down to the cells"):
            assess(session, "2024年", trees=[next(iter(made.nodes))])
        scored = sum(node.value is not None for node in made.nodes.values())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        print(f"  scored {scored}, changed by the pin {len(changed)}, bands {len(bands)}, peak memory {peak} MiB")
        database.close()


def main() -> None:
    """Both sizes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--teams", type=int, default=2000)
    for teams in (50, parser.parse_args().teams):
        measure(teams)


if __name__ == "__main__":
    main()
