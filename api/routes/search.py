"""JSON of the search: the same scope, hits, facets and reading of the query as the page."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Query

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require
from api.acts import searching
from api.acts.searching import Asked, asked
from dossier.search.suggest import suggest

router = APIRouter(prefix="/api", tags=["search"])
ReaderDep = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]


@router.get("/search")
def search(
    system: SystemDep, person: ReaderDep, wanted: Annotated[Asked, Depends(asked)],
    limit: Annotated[int, Query(ge=1, le=100)] = 20,
) -> dict[str, Any]:  # fmt: skip
    """A page of hits with exact total and facets (teams and cadres in roster order, cadres without counts)."""
    with system.database.read() as session:
        results = searching.run(system, session, person.viewer, wanted, limit)
    return {
        "total": results.total,
        "page": wanted.page,
        "pages": results.pages,
        "milliseconds": round(results.milliseconds, 1),
        "interpreted": [asdict(part) for part in results.found.query.interpreted],
        "hits": [searching.hit_dict(hit, results.names) for hit in results.found.result.hits],
        "facets": {
            kind: [{"key": key, "name": results.names.get(key, key), "count": count} for key, count in values]
            for kind, values in results.facets.items()
        },
    }


@router.get("/suggest")
def suggestions(system: SystemDep, person: ReaderDep, q: str = "") -> list[dict[str, str]]:
    """Team and cadre names of the viewer's zones that begin with what was typed."""
    with system.database.read() as session:
        return [asdict(found) for found in suggest(session, person.viewer, q, system.settings.today())]
