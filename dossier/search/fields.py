"""A passage as fields of the index, and an engine's answer as hits and facets: the same for both engines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from dossier.search.highlight import Marker
from dossier.search.plan import day_number, item_keys
from dossier.search.port import NO_TEAM_ZONE, IndexedPassage, SearchHit, SearchRequest, passage_from_json
from dossier.search.tokens import BREAK, characters, segmenter, without_names

TEXT_FIELDS = ("words", "chars", "named")  # whitespace-separated tokens
VALUE_FIELDS = ("keys", "teams", "cadres", "closed", "source", "year", "flags", "topics", "states")  # exact values
FACET_FIELDS = {"team": "teams", "cadre": "cadres", "topic": "topics", "state": "states", "source": "source",
                "year": "year"}  # fmt: skip
BUCKETS = 5_000  # different values an engine is asked for; topics and states come with the places they hold in
SHOWN = 50  # facet values shown at most

Buckets = Mapping[str, Iterable[tuple[str, int]]]


@dataclass(frozen=True, slots=True)
class Fields:
    """What an engine stores of one passage. `day`: 20251016; `order`: day and id, so that sorting is total."""

    texts: dict[str, str]
    values: dict[str, list[str]]
    day: int
    order: int
    stored: str


def fields_of(passage: IndexedPassage) -> Fields:
    """Tokens and values of a passage; look-alike names are blanked in the field that names are searched in."""
    whole = f"{passage.title}\n{BREAK}\n{passage.text}"
    day = day_number(passage.date) or 0
    return Fields(
        texts={
            "words": " ".join(segmenter().words(whole)),
            "chars": " ".join(characters(whole)),
            "named": " ".join(characters(without_names(whole, passage.look_alikes))),
        },
        values={
            "keys": item_keys(passage.items),
            "teams": sorted({i.team for i in passage.items if i.team}),
            "cadres": sorted(set(passage.cadres)),
            "closed": [f"t:{t}" for t in sorted(set(passage.closed_teams))]
            + [f"c:{c}" for c in sorted(set(passage.closed_cadres))],
            "source": [passage.source_id],
            "year": [str(passage.date.year)],
            "flags": ["self" if passage.self_published else "others", *(["first"] if passage.first else [])],
            "topics": _with_places(passage, "label"),
            "states": _with_places(passage, "state"),
        },
        day=day,
        order=day * 10_000_000_000 + passage.id % 10_000_000_000,
        stored=passage.to_json(),
    )


def _with_places(passage: IndexedPassage, what: str) -> list[str]:
    """``problem@D01,Z1``: a value and every zone and team it holds for, one token a value, so that each passage is
    counted once however many of its teams the asker may see."""
    places: dict[str, set[str]] = {}
    for item in passage.items:
        places.setdefault(getattr(item, what), set()).update(p for p in (item.zone, item.team) if p)
    return sorted(f"{value}@{','.join(sorted(where))}" for value, where in places.items())


def facets_of(buckets: Buckets, request: SearchRequest) -> dict[str, tuple[tuple[str, int], ...]]:
    """Facets the asker may see, most frequent first (years newest first)."""
    scope = request.scope
    if request.filters.team:
        places: set[str] | None = {t for t in request.filters.team if scope.sees_team(t)}
    else:
        places = None if scope.zones is None else {*scope.zones, NO_TEAM_ZONE}
    kept: dict[str, Counter[str]] = {kind: Counter() for kind in FACET_FIELDS}
    for kind, found in buckets.items():
        for key, count in found:
            if kind in ("topic", "state"):
                value, _, where = key.rpartition("@")
                if places is None or places & set(where.split(",")):
                    kept[kind][value] += count
            elif (kind != "team" or scope.sees_team(key)) and (kind != "cadre" or scope.sees_cadre(key)):
                kept[kind][key] += count
    shown = {k: tuple(sorted(c.items(), key=lambda kv: (-kv[1], kv[0]))[:SHOWN]) for k, c in kept.items()}
    shown["year"] = tuple(sorted(kept["year"].items(), reverse=True)[:SHOWN])
    return shown


def hit_of(stored: str, score: float, request: SearchRequest, marker: Marker) -> SearchHit:
    """One hit, cut down to what the asker may see."""
    passage = passage_from_json(stored)
    scope = request.scope
    return SearchHit(
        id=passage.id,
        score=score,
        highlight=marker.excerpt(passage.text),
        title_highlight=marker.whole(passage.title),
        document_id=passage.document_id,
        event_id=passage.event_id,
        title=passage.title,
        date=passage.date,
        published=passage.published,
        items=tuple(i for i in passage.items if scope.sees_item(i)),
        cadres=tuple(c for c in passage.cadres if scope.sees_cadre(c)),
        source_id=passage.source_id,
        source=passage.source,
        level=passage.level,
        self_published=passage.self_published,
        prints=passage.prints,
        first=passage.first,
        url=passage.url,
    )
