"""One search as a page, the JSON API and the command line ask for it: text and choices in, named results out."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from datetime import date
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query
from sqlalchemy import select
from sqlalchemy.orm import Session

from api.days import typed_day
from api.system import System
from dossier import terms
from dossier.scope import Viewer
from dossier.search.find import Found, find
from dossier.search.port import SearchFilters, SearchHit
from dossier.views import show_date
from storage.tables import Cadre, Passage, Source, Team

PER_PAGE = 20
FACETS = {"team": "班子", "cadre": "干部", "topic": "类别", "state": "状态", "source": "来源", "year": "年份"}


@dataclass(frozen=True)
class Asked:
    """What the officer typed and chose; empty means no limit."""

    q: str = ""
    team: str = ""
    cadre: str = ""
    topic: str = ""
    state: str = ""
    source: str = ""
    year: str = ""
    since: str = ""
    until: str = ""
    sort: str = "relevance"
    page: int = 1
    prints: str = ""

    def link(self, **changes: Any) -> str:
        """Address of this search with some choices changed; a change of choice starts at page one."""
        other = replace(self, **{"page": 1, **changes})
        values = {k: v for k, v in vars(other).items() if v not in ("", 1, "relevance")}
        return "/search?" + urlencode({_PARAMETER.get(k, k): v for k, v in values.items()})

    @property
    def filters(self) -> SearchFilters:
        return SearchFilters(
            team=_one(self.team), cadre=_one(self.cadre), topic=_one(self.topic), state=_one(self.state),
            source=_one(self.source), year=int(self.year) if self.year.isdigit() and len(self.year) == 4 else None,
            date_from=typed_day(self.since, "检索"), date_to=typed_day(self.until, "检索"),
        )  # fmt: skip

    @property
    def empty(self) -> bool:
        return not self.q.strip() and self.filters == SearchFilters()


_PARAMETER = {"since": "from", "until": "to"}


def asked(
    q: str = "", team: str = "", cadre: str = "", topic: str = "", state: str = "", source: str = "", year: str = "",
    since: Annotated[str, Query(alias="from")] = "", until: Annotated[str, Query(alias="to")] = "",
    sort: str = "relevance", page: Annotated[int, Query(ge=1, le=500)] = 1, prints: str = "",
) -> Asked:  # fmt: skip
    """The search of a request's query string."""
    return Asked(q, team, cadre, topic, state, source, year, since, until, sort, page, prints)


@dataclass
class Results:
    """A page of hits with names for everything shown, and the time it took."""

    found: Found
    names: dict[str, str]
    milliseconds: float
    pages: int
    precisions: dict[int, tuple[date | None, str]]

    def day_of(self, hit: SearchHit) -> str:
        """The day of a hit, no finer than the text states it."""
        stated, precision = self.precisions.get(hit.id, (None, ""))
        return show_date(hit.date, precision if stated == hit.date else "day")

    @property
    def total(self) -> int:
        return self.found.result.total

    @property
    def facets(self) -> dict[str, list[tuple[str, int | None]]]:
        """Facets by kind. Teams and cadres in roster order, cadres without counts: volume is no merit (R-30)."""
        shown: dict[str, list[tuple[str, int | None]]] = {
            kind: list(values) for kind, values in self.found.result.facets.items()
        }
        order = {key: place for place, key in enumerate(self.names)}
        for kind in ("team", "cadre"):
            shown.get(kind, []).sort(key=lambda value: order.get(value[0], len(order)))
        if "cadre" in shown:
            shown["cadre"] = [(key, None) for key, _ in shown["cadre"]]
        return shown


def run(system: System, session: Session, viewer: Viewer, wanted: Asked, limit: int = PER_PAGE) -> Results:
    """Search in the viewer's scope. Raises RIGHTS-ROLE, SEARCH-… and REQUEST-FIELD for an unreadable date."""
    started = time.perf_counter()
    found = find(
        session, viewer, system.index, wanted.q, system.settings.today(), wanted.filters,
        sort="date" if wanted.sort == "date" else "relevance", offset=(wanted.page - 1) * limit, limit=limit,
        all_prints=wanted.prints == "all",
    )  # fmt: skip
    milliseconds = (time.perf_counter() - started) * 1000
    pages = max(1, -(-found.result.total // limit))
    return Results(found, names_of(session, found), milliseconds, pages, _precisions(session, found))


def _precisions(session: Session, found: Found) -> dict[int, tuple[date | None, str]]:
    """What day the text of each hit states, and how exactly."""
    hits = [hit.id for hit in found.result.hits]
    rows = session.execute(select(Passage.id, Passage.event_start, Passage.event_precision).where(Passage.id.in_(hits)))
    return {passage: (day, precision) for passage, day, precision in rows}


def names_of(session: Session, found: Found) -> dict[str, str]:
    """Shown names of every key in hits and facets, in roster order."""
    facets = found.result.facets
    teams = {key for key, _ in facets.get("team", ())} | {t for hit in found.result.hits for t in hit.teams}
    cadres = {key for key, _ in facets.get("cadre", ())} | {c for hit in found.result.hits for c in hit.cadres}
    sources = {key for key, _ in facets.get("source", ())}
    names = dict(terms.TOPICS)
    for query in (
        select(Team.id, Team.short).where(Team.id.in_(teams)).order_by(Team.ordinal, Team.id),
        select(Cadre.id, Cadre.name).where(Cadre.id.in_(cadres)).order_by(Cadre.id),
        select(Source.id, Source.name).where(Source.id.in_(sources)),
    ):
        names.update({row[0]: row[1] for row in session.execute(query)})
    return names


def hit_dict(hit: SearchHit, names: dict[str, str]) -> dict[str, Any]:
    """A hit as JSON: `id, score, team, topic, date, source, highlight` and the links to where it stands."""
    return {
        "id": hit.id,
        "score": round(hit.score, 4),
        "team": [{"id": t, "name": names.get(t, t)} for t in hit.teams],
        "cadre": [{"id": c, "name": names.get(c, c)} for c in hit.cadres],
        "topic": list(hit.topics),
        "state": list(hit.states),
        "date": hit.date.isoformat(),
        "published": hit.published.isoformat() if hit.published else None,
        "title": hit.title,
        "source": hit.source,
        "self_published": hit.self_published,
        "prints": hit.prints,
        "document": hit.document_id,
        "items": [{"id": i.evidence_id, "code": i.code} for i in hit.items if i.evidence_id],
        "url": hit.url,
        "highlight": [{"text": text, "hit": matched} for text, matched in hit.highlight],
    }


def _one(value: str) -> tuple[str, ...]:
    return (value,) if value else ()
