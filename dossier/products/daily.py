"""每日要情: one page, at most 500 characters (domain.md §4.2). Order is the roster's and the calendar's."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy.orm import Session

from dossier import terms
from dossier.products import wording
from dossier.products.content import Part, ProductContent
from dossier.products.gathering import Gathered, gather, tally
from dossier.products.headings import numbered
from dossier.products.layout import lines_of
from dossier.products.listing import office, telling_of
from dossier.products.spans import covered, span_of, written
from dossier.products.wanted import Wanted
from dossier.scope import Viewer
from dossier.views import EvidenceView

LINES = 22  # of one page
CHARACTERS = 500
# items of a group, characters of one, clues listed: the first that fits the page
SIZES = ((3, 60, 3), (3, 48, 2), (3, 36, 2), (2, 48, 2), (2, 36, 2), (1, 48, 2), (1, 36, 1), (1, 26, 0), (1, 18, 0))
_GROUPS = (
    ("major_matter", "重大事项"), ("highlight", "工作亮点"), ("practice", "有关做法"), ("problem", "需关注的问题"),
)  # fmt: skip


def build_daily(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """每日要情 of a day: what was published since the working day before; cut to one page. Raises PRODUCT-PERIOD."""
    day = span_of("day", wanted.period or today.isoformat()).since
    found = gather(session, viewer, *covered(day))
    groups = [(title, found.of_topic(label)) for label, title in _GROUPS]
    for size, limit, clues in SIZES:
        content = _daily(found, viewer, day, groups, size, limit, clues)
        if not _too_long(content):
            break
    return content


def _daily(
    found: Gathered,
    viewer: Viewer,
    day: date,
    groups: Sequence[tuple[str, list[EvidenceView]]],
    size: int,
    limit: int,
    clues: int,
) -> ProductContent:
    parts, shown = [], []
    for title, items in groups:
        chosen = _spread(items, size)
        shown += chosen
        said = tuple(wording.brief(v, limit) for v in chosen)
        parts.append(Part(1, title if said else f"{title}：无", said, numbered=True))
    waiting = found.open[:clues]
    shown += waiting
    listed = tuple(wording.listed(v) for v in waiting)
    left = f"：{len(found.open)}条" if found.open and not listed else "" if listed else "：无"
    parts.append(Part(1, f"待核实线索{left}", listed, numbered=True))
    counts = tally(found.facts)
    line = (
        f"统计：采集篇数{found.documents}；采用{counts.total}；涉及班子{len(found.teams_told())}个；"
        f"单位自采占比{counts.share}。"
    )
    content = ProductContent(
        "daily",
        "每日要情",
        day.isoformat(),
        (written(day),),
        tuple(numbered(parts)),
        tail=(wording.count(line),),
        office=office(found.city),
        section=viewer.section,
        since=found.since.isoformat(),
        until=found.until.isoformat(),
    )
    return telling_of(content, shown)


def _too_long(content: ProductContent) -> bool:
    said = sum(len(s.text) for p in content.parts for s in p.sentences)
    return lines_of(content) > LINES or said > CHARACTERS


def _spread(items: Sequence[EvidenceView], size: int) -> list[EvidenceView]:
    """At most `size` items: different teams first, and independent sources before what a team says of itself."""
    ordered = sorted(items, key=lambda v: (v.self_published, v.state not in terms.ESTABLISHED))
    seen: set[str] = set()
    first = [v for v in ordered if not (v.team_id in seen or seen.add(v.team_id))]  # type: ignore[func-returns-value]
    chosen = (first + [v for v in ordered if v not in first])[:size]
    return [v for v in items if v in chosen]
