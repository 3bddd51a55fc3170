"""A search as an officer asks for it: typed text and clicks in, one page and its reading out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from dossier.scope import Viewer
from dossier.search.port import SearchFilters, SearchIndex, SearchRequest, SearchResult
from dossier.search.query import ParsedQuery, parse
from dossier.search.reach import name_book, scope_of


@dataclass(frozen=True, slots=True)
class Found:
    """The page, and how the query was understood (`query.interpreted` is shown back to the officer)."""

    query: ParsedQuery
    result: SearchResult


def find(
    session: Session,
    viewer: Viewer,
    index: SearchIndex,
    text: str,
    today: date,
    filters: SearchFilters | None = None,
    *,
    sort: str = "relevance",
    offset: int = 0,
    limit: int = 20,
    all_prints: bool = False,
) -> Found:
    """Search within the viewer's zones. Raises RIGHTS-ROLE and the SEARCH-… errors of the port."""
    scope = scope_of(session, viewer, today)
    query = parse(text, today, name_book(session, scope))
    request = SearchRequest(query, scope, filters or SearchFilters(), sort, offset, limit, all_prints)
    return Found(query, index.search(request))
