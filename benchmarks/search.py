"""Speed of the embedded search: a page of 20 hits with exact total, facets and marked excerpts.

    python benchmarks/search.py [--passages 200000] [--queries 400]

Texts are put together from the hand-written training passages of this repository, so that words recur as they do in
news; teams, zones, states and dates are drawn at random (seed fixed). Prints load speed, size, and p50/p95 by kind of
query as JSON. Target: p95 of a page under 100 ms (issue: search).
"""

from __future__ import annotations

import argparse
import json
import random
import statistics
import tempfile
import time
from collections import defaultdict
from datetime import date, timedelta
from pathlib import Path

from dossier import terms
from dossier.search.names import make_book
from dossier.search.port import IndexedItem, IndexedPassage, SearchFilters, SearchRequest, SearchScope
from dossier.search.query import parse
from dossier.search.tantivy_index import TantivyIndex
from nlp.roster import load_roster

ROOT = Path(__file__).resolve().parent.parent
TODAY = date(2025, 10, 16)
TOPICS = list(terms.TOPICS)
WORDS = [
    "老旧小区",
    "改造",
    "推进",
    "项目",
    "开工",
    "通报",
    "整改",
    "企业",
    "群众",
    "安全生产",
    "供水",
    "营商环境",
    "现场会",
    "机制",
]
FRAGMENTS = ["小区改", "推进会", "项目建设", "工作机制", "群众反映", "落实情况"]


def sentences() -> list[str]:
    """Sentences of the training passages."""
    found = []
    for file in sorted((ROOT / "nlp" / "training").glob("*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            text = json.loads(line)["text"]
            found += [s + "。" for s in text.split("。") if len(s) > 8]
    return found


def passages(count: int, draw: random.Random) -> list[IndexedPassage]:
    """Synthetic passages over the demonstration roster: 75 % with one team, 15 % two or three, 10 % none."""
    roster = load_roster(ROOT / "demo" / "roster.yaml")
    pool = sentences()
    people = [(t.person, t.name, t.team) for t in roster.tenures]
    states = (
        [terms.PENDING] * 4 + [terms.ADOPTED] * 4 + [terms.TO_VERIFY, terms.VERIFYING, terms.VERIFIED, terms.REJECTED]
    )
    made = []
    for number in range(1, count + 1):
        teams = draw.sample(roster.teams, draw.choices([0, 1, 2, 3], [10, 75, 12, 3])[0])
        person = draw.choice(people)
        items = tuple(
            IndexedItem(t.id, t.zone, draw.choice(TOPICS), "", draw.choice(states), number * 4 + n, f"E-{number}-{n}")
            for n, t in enumerate(teams)
        )
        lead = "、".join(t.full for t in teams) + (f"，{person[1]}出席。" if draw.random() < 0.2 else "。")
        made.append(
            IndexedPassage(
                id=number, document_id=number // 4, title=draw.choice(pool)[:24],
                text=lead + "".join(draw.choices(pool, k=draw.randint(2, 5))), items=items or (IndexedItem(),),
                date=date(2021, 1, 1) + timedelta(days=draw.randrange(1750)),
                cadres=(person[0],) if draw.random() < 0.2 else (), source_id=f"s{draw.randrange(30)}", source="某报",
                event_id=number, first=draw.random() < 0.8, self_published=draw.random() < 0.3,
            )
        )  # fmt: skip
    return made


def requests(count: int, draw: random.Random) -> list[tuple[str, SearchRequest]]:
    """Queries as officers type them, half of them by somebody with one zone."""
    roster = load_roster(ROOT / "demo" / "roster.yaml")
    book = make_book(
        [(t.id, t.full, t.full) for t in roster.teams],
        [(t.id, a, False) for t in roster.teams for a in t.aliases],
        {t.person: t.name for t in roster.tenures}.items(),
        roster.look_alikes,
    )
    everything = SearchScope(None, None, None)
    made = []
    for number in range(count):
        kind = ("and", "or", "phrase", "journey", "name", "all")[number % 6]
        team = draw.choice(roster.teams)
        text = {
            "and": " ".join(draw.sample(WORDS, 2)),
            "or": " OR ".join(draw.sample(WORDS, 3)),
            "phrase": f'"{draw.choice(FRAGMENTS)}"',
            "journey": f"{draw.choice([team.full, *team.aliases])} {draw.choice(WORDS)} 2024 上半年 问题",
            "name": draw.choice(roster.tenures).name,
            "all": "",
        }[kind]
        scope = everything
        if draw.random() < 0.5:
            mine = frozenset(t.id for t in roster.teams if t.zone == team.zone)
            scope = SearchScope(frozenset({team.zone}), mine, None)
        topic = (draw.choice(list(terms.DOSSIER_TOPICS)),) if draw.random() < 0.2 else ()
        made.append((kind, SearchRequest(parse(text, TODAY, book), scope, SearchFilters(topic=topic))))
    return made


def main() -> None:
    """Load, ask, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--passages", type=int, default=200_000)
    options.add_argument("--queries", type=int, default=400)
    given = options.parse_args()
    draw = random.Random(20251016)
    with tempfile.TemporaryDirectory() as folder:
        index = TantivyIndex(Path(folder) / "index")
        index.clear()
        made = passages(given.passages, draw)
        started = time.perf_counter()
        for at in range(0, len(made), 500):
            index.upsert(made[at : at + 500])
        index.commit(complete=True)
        writing = time.perf_counter() - started
        size = sum(f.stat().st_size for f in index.folder.iterdir())
        asked = requests(given.queries, draw)
        for _kind, request in asked[:30]:
            index.search(request)
        times: dict[str, list[float]] = defaultdict(list)
        hits = []
        for kind, request in asked:
            started = time.perf_counter()
            result = index.search(request)
            times[kind].append((time.perf_counter() - started) * 1000)
            hits.append(result.total)
        visible = []
        for number in range(5):
            started = time.perf_counter()
            index.upsert(made[number * 100 : number * 100 + 100])
            index.commit()
            index.count()
            visible.append((time.perf_counter() - started) * 1000)
    every = [t for kind in times.values() for t in kind]
    report = {
        "passages": len(made), "mean_characters": round(statistics.mean(len(p.text) for p in made)),
        "load_per_second": round(len(made) / writing), "megabytes": round(size / 1e6),
        "median_hits": round(statistics.median(hits)),
        "page_ms": _spread(every), "by_kind_ms": {k: _spread(v) for k, v in sorted(times.items())},
        "100_passages_visible_after_ms": round(statistics.median(visible)),
    }  # fmt: skip
    print(json.dumps(report, ensure_ascii=False, indent=1))


def _spread(values: list[float]) -> dict[str, float]:
    cuts = statistics.quantiles(values, n=20)
    return {"p50": round(cuts[9], 1), "p95": round(cuts[18], 1), "max": round(max(values), 1)}


if __name__ == "__main__":
    main()
