"""条次 by kind and quarter without names; outside the compartment cells under 3 are closed (§1.11 b, §2.10 P4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.compartment.kinds import KINDS
from dossier.compartment.matters import MERGED
from dossier.compartment.rights import KEEPERS
from dossier.products.spans import code_of
from dossier.scope import Viewer
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import ImportantMatter

SMALLEST = 3
CLOSED_CELL = "少于3"
HIDDEN_TOTAL = "—"
SEERS = frozenset({"SUP", "HEAD", "KH", "DEP", "MIN"})


@dataclass(frozen=True)
class QuarterCounts:
    """One quarter: reports received by kind (条次), their sum, and matters after merging (件); ready to show."""

    quarter: str
    cells: tuple[str, ...]
    total: str
    matters: str


def statistics(session: Session, viewer: Viewer) -> list[QuarterCounts]:
    """Counts by quarter, oldest first. SUP sees them as they are, others with small cells closed. RIGHTS-ROLE."""
    if viewer.role not in SEERS:
        raise ShijiError("RIGHTS-ROLE", "当前角色不能查看重要事项统计", viewer.role, "请联系干部监督处。")
    reports: dict[str, Counter[str]] = {}
    merged: Counter[str] = Counter()
    for kind, state, at in session.execute(
        select(ImportantMatter.kind, ImportantMatter.state, ImportantMatter.reported_at)
    ):
        quarter = code_of("quarter", at.astimezone(CHINA).date())
        reports.setdefault(quarter, Counter())[kind] += 1
        merged[quarter] += state == MERGED
    open_ = viewer.role in KEEPERS
    found = []
    for quarter, counts in sorted(reports.items()):
        numbers = [counts[kind] for kind in KINDS]
        matters = sum(numbers) - merged[quarter]
        if open_:
            found.append(QuarterCounts(quarter, tuple(map(str, numbers)), str(sum(numbers)), str(matters)))
        else:
            cells, total = suppress(numbers)
            found.append(QuarterCounts(quarter, cells, total, HIDDEN_TOTAL))
    return found


def suppress(numbers: Sequence[int], smallest: int = SMALLEST) -> tuple[tuple[str, ...], str]:
    """Cells under `smallest` closed, noughts alike, and the sum as long as it does not give a closed cell away.

    With one closed cell the sum less the others would be that cell; with several it is shown unless they must all be
    0 or all be the largest closed number, so that no closed cell follows from it.
    """
    cells = tuple(str(n) if n >= smallest else CLOSED_CELL for n in numbers)
    closed = [n for n in numbers if n < smallest]
    gives_away = len(closed) == 1 or (len(closed) > 1 and not _undecided(closed, smallest))
    return cells, HIDDEN_TOTAL if gives_away else str(sum(numbers))


def _undecided(closed: Sequence[int], smallest: int) -> bool:
    """Whether the sum of the closed cells leaves at least two values for each of them."""
    low, high = 0, (smallest - 1) * len(closed)
    return low < sum(closed) < high
