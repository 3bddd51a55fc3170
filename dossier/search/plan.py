"""A search request as a small tree both engines translate word for word, so that they cannot differ.

Who may see what is part of the tree (R-01, R-03): hits, totals and facets all come from the same narrowed query.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from dossier.search.port import NO_TEAM_ZONE, IndexedItem, SearchRequest
from dossier.search.query import Word
from dossier.search.tokens import characters, segmenter


@dataclass(frozen=True, slots=True)
class Phrase:
    """Tokens one after another in a text field."""

    field: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AnyValue:
    """One of these values in an exact field; never scores. Without values it matches nothing."""

    field: str
    values: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DayRange:
    """Days as whole numbers 20251016, both ends included; None is open."""

    first: int | None
    last: int | None


@dataclass(frozen=True, slots=True)
class All:
    """Every part."""

    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Any_:
    """At least one part."""

    parts: tuple[Node, ...]


Node = Phrase | AnyValue | DayRange | All | Any_


@dataclass(frozen=True, slots=True)
class Plan:
    """`must` scores, `filters` narrow, `must_not` excludes. Empty `must`: everything that passes the filters."""

    must: tuple[Node, ...]
    filters: tuple[Node, ...]
    must_not: tuple[Node, ...]
    by_date: bool


def plan(request: SearchRequest) -> Plan:
    """The tree for a request."""
    query, filters, scope = request.query, request.filters, request.scope
    narrowed: list[Node] = []
    if scope.zones is not None:
        narrowed.append(AnyValue("keys", tuple(sorted(item_key(z) for z in {*scope.zones, NO_TEAM_ZONE}))))
    topics = _both(filters.topic, query.topics)
    states = _both(filters.state, query.states)
    teams = tuple(t for t in filters.team if scope.sees_team(t))
    if filters.team or filters.topic or query.topics or filters.state or query.states:
        narrowed.append(AnyValue("keys", _keys(request, teams, topics, states)))
    if filters.cadre:
        narrowed.append(AnyValue("cadres", tuple(c for c in filters.cadre if scope.sees_cadre(c))))
    if filters.source:
        narrowed.append(AnyValue("source", filters.source))
    if filters.year is not None:
        narrowed.append(AnyValue("year", (str(filters.year),)))
    for first, last in ((filters.date_from, filters.date_to), (query.date_from, query.date_to)):
        if first or last:
            narrowed.append(DayRange(day_number(first), day_number(last)))
    for wanted in (filters.self_published, query.self_published):
        if wanted is not None:
            narrowed.append(AnyValue("flags", ("self" if wanted else "others",)))
    if not request.all_prints:
        narrowed.append(AnyValue("flags", ("first",)))
    closed = [f"t:{t}" for t in sorted(scope.hidden_teams)] + [f"c:{c}" for c in sorted(scope.hidden_cadres)]
    without = [_node(word) for word in query.without]
    if closed:
        without.append(AnyValue("closed", tuple(closed)))
    must = tuple(_any([_node(word) for word in group]) for group in query.groups)
    return Plan(must, tuple(narrowed), tuple(without), by_date=request.sort == "date" or not must)


def item_key(place: str = "", topic: str = "", state: str = "") -> str:
    """Token of an item: place is a zone or a team; an empty part means "whatever it is"."""
    return f"{place}|{topic}|{state}"


def item_keys(items: Iterable[IndexedItem]) -> list[str]:
    """All tokens of a passage's items. One token holds place, topic and state of ONE item, so that "问题 of D01"
    never finds a passage that praises D01 and blames another team."""
    return sorted(
        {
            item_key(place, topic, state)
            for item in items
            for place in {"", item.zone, item.team}
            for topic in ("", item.label)
            for state in ("", item.state)
        }
    )


def day_number(day: date | None) -> int | None:
    """20251016 for 2025-10-16."""
    return None if day is None else day.year * 10_000 + day.month * 100 + day.day


def _keys(
    request: SearchRequest, teams: Sequence[str], topics: Sequence[str] | None, states: Sequence[str] | None
) -> tuple[str, ...]:
    if request.filters.team:
        places: Iterable[str] = teams
    elif request.scope.zones is None:
        places = [""]
    else:
        places = sorted({*request.scope.zones, NO_TEAM_ZONE})
    return tuple(
        item_key(place, topic, state)
        for place in places
        for topic in ([""] if topics is None else topics)
        for state in ([""] if states is None else states)
    )


def _both(chosen: tuple[str, ...], typed: tuple[str, ...]) -> tuple[str, ...] | None:
    """What a click and the query both allow; None: no limit."""
    if chosen and typed:
        return tuple(x for x in chosen if x in typed)
    return chosen or typed or None


def _node(word: Word) -> Node:
    if word.exact:
        return Phrase("chars", tuple(characters(word.text)))
    if word.named:
        # a name: what is attributed to it, or its exact writing where no look-alike name stands
        parts: list[Node] = [Phrase("named", tuple(characters(text))) for text in word.named.texts]
        if word.named.teams:
            parts.append(AnyValue("teams", word.named.teams))
        if word.named.cadres:
            parts.append(AnyValue("cadres", word.named.cadres))
        return _any(parts)
    exact = Phrase("chars", tuple(characters(word.text)))
    words = segmenter().query_words(word.text)
    if not words:
        return exact
    return Any_((exact, _all([Phrase("words", (w,)) for w in words])))


def _any(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else Any_(tuple(parts))


def _all(parts: list[Node]) -> Node:
    return parts[0] if len(parts) == 1 else All(tuple(parts))
