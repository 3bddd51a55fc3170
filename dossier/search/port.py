"""What an engine is asked and what it answers. tantivy and Elasticsearch serve the same port with the same hits."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Protocol

from dossier.search.query import ParsedQuery
from storage.errors import ShijiError

SCHEMA = 1  # raised whenever what is indexed changes: an index of another schema is rebuilt
DEEPEST = 10_000  # hits one may page through; Elasticsearch's own limit, kept by both engines
NOT_FILED = "未入库"
NO_TEAM_ZONE = "*"  # zone of a passage nobody owns yet: every reader may see it (dossier/scope.py)

Segments = tuple[tuple[str, bool], ...]  # text pieces; True: matched. Escaping is the template's job.


@dataclass(frozen=True, slots=True)
class IndexedItem:
    """What holds now for one team of a passage: its evidence, or the machine's word where there is none."""

    team: str = ""
    zone: str = NO_TEAM_ZONE
    label: str = "irrelevant"
    sub_type: str = ""
    state: str = NOT_FILED
    evidence_id: int | None = None
    code: str = ""


@dataclass(frozen=True, slots=True)
class IndexedPassage:
    """One passage as the index holds it. `date`: event date, else publication date."""

    id: int
    document_id: int
    title: str
    text: str
    date: dt.date
    items: tuple[IndexedItem, ...]
    cadres: tuple[str, ...] = ()
    closed_teams: tuple[str, ...] = ()  # every team anybody ever attributed it to: hidden on recusal
    closed_cadres: tuple[str, ...] = ()
    look_alikes: tuple[str, ...] = ()  # names in it that merely look like a team's
    source_id: str = ""
    source: str = ""
    level: str = ""
    self_published: bool = False
    published: dt.date | None = None
    event_id: int | None = None
    prints: int = 1
    first: bool = True
    url: str = ""

    def to_json(self) -> str:
        """Stored form, the same in both engines."""
        text = json.dumps(asdict(self), ensure_ascii=False, default=str, separators=(",", ":"))
        return text.encode("utf-8", "replace").decode()  # half a surrogate pair cannot be stored


def passage_from_json(text: str) -> IndexedPassage:
    """Read the stored form back."""
    raw: dict[str, Any] = json.loads(text)
    raw["items"] = tuple(IndexedItem(**item) for item in raw["items"])
    raw["date"] = dt.date.fromisoformat(raw["date"])
    raw["published"] = dt.date.fromisoformat(raw["published"]) if raw["published"] else None
    for name in ("cadres", "closed_teams", "closed_cadres", "look_alikes"):
        raw[name] = tuple(raw[name])
    return IndexedPassage(**raw)


@dataclass(frozen=True, slots=True)
class SearchScope:
    """What the asker may see. None means all; `teams`/`cadres` limit which names facets and hits may show."""

    zones: frozenset[str] | None = frozenset()
    teams: frozenset[str] | None = frozenset()
    cadres: frozenset[str] | None = frozenset()
    hidden_teams: frozenset[str] = frozenset()
    hidden_cadres: frozenset[str] = frozenset()

    def sees_team(self, team_id: str) -> bool:
        return team_id not in self.hidden_teams and (self.teams is None or team_id in self.teams)

    def sees_cadre(self, cadre_id: str) -> bool:
        return cadre_id not in self.hidden_cadres and (self.cadres is None or cadre_id in self.cadres)

    def sees_item(self, item: IndexedItem) -> bool:
        """Whether this team's label and state may be shown: its zone is the asker's, or it has no team."""
        if item.team and item.team in self.hidden_teams:
            return False
        return self.zones is None or item.zone == NO_TEAM_ZONE or item.zone in self.zones


@dataclass(frozen=True, slots=True)
class SearchFilters:
    """Choices beside the query; several values of one kind mean "any of them". Dates inclusive."""

    team: tuple[str, ...] = ()
    cadre: tuple[str, ...] = ()
    topic: tuple[str, ...] = ()
    state: tuple[str, ...] = ()
    source: tuple[str, ...] = ()
    year: int | None = None
    date_from: dt.date | None = None
    date_to: dt.date | None = None
    self_published: bool | None = None


@dataclass(frozen=True, slots=True)
class SearchRequest:
    """One page of results. sort: relevance | date (newest first; always so when there are no words)."""

    query: ParsedQuery
    scope: SearchScope
    filters: SearchFilters = SearchFilters()
    sort: str = "relevance"
    offset: int = 0
    limit: int = 20
    all_prints: bool = False

    def checked(self) -> SearchRequest:
        """Itself, or a coded error for a page no engine serves."""
        if self.limit < 0 or self.offset < 0 or self.offset + self.limit > DEEPEST:
            raise ShijiError("SEARCH-DEPTH", f"最多翻看前{DEEPEST}条结果", str(self.offset), "请增加条件，缩小范围。")
        return self


@dataclass(frozen=True, slots=True)
class SearchHit:
    """One passage found, already cut down to what the asker may see: `items`, `cadres` hold nothing else."""

    id: int
    score: float
    highlight: Segments
    title_highlight: Segments
    document_id: int
    event_id: int | None
    title: str
    date: dt.date
    published: dt.date | None
    items: tuple[IndexedItem, ...]
    cadres: tuple[str, ...]
    source_id: str
    source: str
    level: str
    self_published: bool
    prints: int
    first: bool
    url: str

    @property
    def teams(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(i.team for i in self.items if i.team))

    @property
    def topics(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(i.label for i in self.items))

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(i.state for i in self.items))

    @property
    def codes(self) -> tuple[str, ...]:
        return tuple(i.code for i in self.items if i.code)


@dataclass(frozen=True, slots=True)
class SearchResult:
    """Hits of the page, exact total, and facets: kind (team cadre topic state source year) -> (key, count)."""

    total: int
    hits: tuple[SearchHit, ...] = ()
    facets: dict[str, tuple[tuple[str, int], ...]] = field(default_factory=dict)


class SearchIndex(Protocol):
    """The engine. Writing takes effect at `commit`; nobody may count on it before."""

    def built(self) -> bool:
        """Whether the index exists, has this schema, and was once filled completely."""
        ...

    def clear(self) -> None:
        """Forget everything; also the way out of a damaged index."""
        ...

    def upsert(self, passages: Sequence[IndexedPassage]) -> None:
        """Put passages in, replacing those of the same id."""
        ...

    def delete(self, ids: Sequence[int]) -> None:
        """Take passages out; unknown ids are no error."""
        ...

    def commit(self, complete: bool = False) -> None:
        """Make writing durable and visible. `complete`: the index now holds everything there is."""
        ...

    def discard(self) -> None:
        """Give up what was written since the last commit, where the engine can."""
        ...

    def search(self, request: SearchRequest) -> SearchResult:
        """One page. Raises ShijiError SEARCH-MISSING, SEARCH-DAMAGED, SEARCH-ENGINE or SEARCH-DEPTH."""
        ...

    def count(self) -> int:
        """Passages in the index."""
        ...


def not_built(where: str) -> ShijiError:
    """The index does not exist yet; the same words from both engines."""
    return ShijiError("SEARCH-MISSING", "检索库尚未建立或版本不符", where, "请管理员运行 shiji reindex。")
