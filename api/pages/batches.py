"""舆论信息动态分析: collection batches and the sentence 收集新闻资料 N 次，整理工作信息 M 条 (domain.md §1.11 d)."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Depends, Request
from fastapi.responses import RedirectResponse, Response

from api.access.accounts import SignedIn
from api.access.rights import SystemDep, require, require_checked
from api.acts.performing import perform
from api.form_fields import Fields, fields
from api.render import page
from dossier import batches as rules
from dossier.products.spans import choices, span_of

router = APIRouter(prefix="/batches", include_in_schema=False)
Reader = Annotated[SignedIn, Depends(require("OFF", "HEAD", "KH", "DEP", "MIN"))]
Closer = Annotated[SignedIn, Depends(require_checked("OFF", "HEAD", "KH"))]
Typed = Annotated[Fields, Depends(fields)]


@router.get("")
def index(request: Request, system: SystemDep, person: Reader, quarter: str = "") -> Response:
    """Batches with their counts, and the statistic of a quarter or of the last year."""
    today = system.settings.today()
    quarters = choices("quarter", today, 6)
    span = span_of("quarter", quarter) if quarter else None
    since, until = (span.since, span.until) if span else (quarters[4].since, today)
    with system.database.read() as session:
        rows = rules.batches(session, person.viewer)
        found = rules.seed_statistic(session, person.viewer, since, until)
    return page(
        request, "batches/index.html", person, rows=rows, found=found, quarters=quarters, quarter=quarter,
        labels=rules.LABELS, may_close=person.viewer.role in rules.CLOSERS,
        waiting=any(row.state == rules.OPEN for row in rows),
    )  # fmt: skip


@router.post("")
def open_batch(system: SystemDep, person: Closer, typed: Typed) -> Response:
    """Open the next period."""
    until, since = typed.needed_day("until", "截止日期"), typed.day("since", "起始日期")
    perform(
        system, person.viewer, "batch-open", "batch", "",
        lambda s, v: rules.open_batch(s, v, until, typed.text("note"), since),
    )  # fmt: skip
    return RedirectResponse("/batches", 303)


@router.post("/{batch_id:int}/close")
def close_batch(system: SystemDep, person: Closer, batch_id: int) -> Response:
    """Close a period for good."""
    today = system.settings.today()
    perform(
        system, person.viewer, "batch-close", "batch", str(batch_id),
        lambda s, v: rules.close_batch(s, v, batch_id, today),
    )  # fmt: skip
    return RedirectResponse("/batches", 303)
