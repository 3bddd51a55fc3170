"""周报: figures, a table, the teams with news, problems and what to look at next week (domain.md §4.2)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy.orm import Session

from dossier import terms
from dossier.products import wording
from dossier.products.content import Part, ProductContent, Sentence
from dossier.products.gathering import Gathered, TeamRow, gather, tally
from dossier.products.headings import numbered
from dossier.products.layout import lines_of
from dossier.products.listing import categories, office, telling_of
from dossier.products.spans import Span, before, code_of, span_of
from dossier.products.wanted import Wanted
from dossier.scope import Viewer
from dossier.views import EvidenceView

LINES = 78  # four pages of 22 lines, less the table
MANY = 12  # more teams with news stand in one list, not each under a heading
# items of a team, characters of one, problems and questions told: the first that fits
SIZES = ((4, 56, 12), (2, 48, 8), (1, 44, 6), (1, 30, 4), (1, 18, 3))


def build_weekly(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """周报 of a week, Monday to Sunday. Raises PRODUCT-PERIOD."""
    span = span_of("week", wanted.period or code_of("week", today))
    found = gather(session, viewer, span.since, span.until)
    last_week = before("week", span)
    last = gather(session, viewer, last_week.since, last_week.until)
    for each, limit, most in SIZES:
        content = _weekly(found, last, viewer, span, today, each, limit, most)
        if lines_of(content) <= LINES:
            break
    return telling_of(content, [*found.facts, *found.open])


def _weekly(
    found: Gathered, last: Gathered, viewer: Viewer, span: Span, today: date, each: int, limit: int, most: int
) -> ProductContent:
    told = found.teams_told()
    quiet = sum(t.managed for t in found.teams) - sum(t.managed for t in told)
    parts = [
        Part(1, "概况", _overview(found, last, quiet)),
        Part(1, "分类汇总"),
        *_teams(found, told, each, limit),
        Part(1, "问题及核实进展", problems_told(found.of_topic("problem"), most), numbered=True),
        Part(1, "下周关注", watched(found, most), numbered=True),
    ]
    made_on = min(today, span.until + timedelta(days=1)).isoformat()
    return ProductContent(
        "weekly", "舆论信息动态周报", made_on, (span.name,), tuple(numbered(parts)),
        (categories(found, "二、分类汇总"),), office=office(found.city), section=viewer.section,
        since=span.since.isoformat(), until=span.until.isoformat(),
    )  # fmt: skip


def _overview(found: Gathered, last: Gathered, quiet: int) -> tuple[Sentence, ...]:
    now, then = tally(found.facts), tally(last.facts)
    lines = [
        f"本周收集信息{found.visits}次、原文{found.documents}篇，整理工作信息{now.total}条，"
        f"涉及班子{len(found.teams_told())}个；其中自采自发或自报{now.own}条，占{now.share}。",
        f"上周整理{then.total}条，其中自采自发或自报{then.own}条，占{then.share}。",
        f"另有待核实、核实中的事项{len(found.open)}条，不计入上述数字，不作为事实。",
        f"没有信息的班子{quiet}个。没有信息不等于没有情况。",
        "条目多少受报道覆盖影响，不代表工作好坏。",
    ]
    return tuple(map(wording.count, lines))


def _teams(found: Gathered, told: Sequence[TeamRow], each: int, limit: int) -> list[Part]:
    """Every team with news in roster order: a heading for each, or one list where there are many."""
    head = "重点班子动态"
    chosen = {team.id: _of_team(found, team, each) for team in told}
    if not any(chosen.values()):
        return [Part(1, head, (wording.phrase("暂无佐证。"),))]
    left = sum(v.label != "problem" for v in found.facts) - sum(map(len, chosen.values()))
    more = (wording.count(f"另有{left}条见条目清单。"),) if left else ()
    if len(told) > MANY:
        said = tuple(wording.stated(v, limit) for team in told for v in chosen[team.id])
        return [Part(1, head, (*said, *more), numbered=True)]
    parts = [
        Part(2, team.short, tuple(_unnamed(wording.stated(v, limit), team) for v in chosen[team.id]), numbered=True)
        for team in told
        if chosen[team.id]
    ]
    return [Part(1, head, more), *parts]


def _of_team(found: Gathered, team: TeamRow, each: int) -> list[EvidenceView]:
    """Items told of a team: independent sources before what it says of itself."""
    items = [v for v in found.facts if v.team_id == team.id and v.label != "problem"]
    return sorted(items, key=lambda v: (v.self_published, terms.DOSSIER_TOPICS.index(v.label)))[:each]


def _unnamed(sentence: Sentence, team: TeamRow) -> Sentence:
    """Without the team's name in front, which is the heading already."""
    return replace(sentence, text=sentence.text.removeprefix(f"〔{team.short}〕"))


def problems_told(items: Sequence[EvidenceView], most: int) -> tuple[Sentence, ...]:
    """Settled problems with all that must stand beside them; beyond `most` they stand in the 条目清单."""
    if not items:
        return (wording.phrase("没有已核实的问题。"),)
    return (*(wording.stated(v) for v in items[:most]), *_rest(items, most))


def watched(found: Gathered, most: int) -> tuple[Sentence, ...]:
    """Open items as questions; beyond `most` they stand in the 条目清单."""
    if not found.open:
        return (wording.phrase("没有待核实、核实中的事项。"),)
    frame = wording.phrase("下列事项尚未核实，只作为需了解的问题。")
    return (frame, *(wording.asked(v) for v in found.open[:most]), *_rest(found.open, most))


def _rest(items: Sequence[EvidenceView], most: int) -> tuple[Sentence, ...]:
    return (wording.count(f"另有{len(items) - most}条见条目清单。"),) if len(items) > most else ()
