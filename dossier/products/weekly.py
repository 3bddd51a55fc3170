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
from dossier.products.listing import categories, office, telling_of
from dossier.products.spans import before, code_of, span_of
from dossier.products.wanted import Wanted
from dossier.scope import Viewer
from dossier.views import EvidenceView

ITEM = 56  # characters of an item
TEAM_ITEMS = 4


def build_weekly(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """周报 of a week, Monday to Sunday. Raises PRODUCT-PERIOD."""
    span = span_of("week", wanted.period or code_of("week", today))
    found = gather(session, viewer, span.since, span.until)
    last_week = before("week", span)
    last = gather(session, viewer, last_week.since, last_week.until)
    told = found.teams_told()
    quiet = sum(t.managed for t in found.teams) - sum(t.managed for t in told)
    parts = [
        Part(1, "概况", _overview(found, last, quiet)),
        Part(1, "分类汇总"),
        Part(1, "重点班子动态", () if told else (wording.phrase("暂无佐证。"),)),
        *(Part(2, team.short, _of_team(found, team), numbered=True) for team in told if _of_team(found, team)),
        Part(1, "问题及核实进展", problems_told(found.of_topic("problem")), numbered=True),
        Part(1, "下周关注", watched(found), numbered=True),
    ]
    shown = [*found.facts, *found.open]
    made_on = min(today, span.until + timedelta(days=1)).isoformat()
    content = ProductContent(
        "weekly", "舆论信息动态周报", made_on, (span.name,), tuple(numbered(parts)),
        (categories(found, "二、分类汇总"),), office=office(found.city), section=viewer.section,
        since=span.since.isoformat(), until=span.until.isoformat(),
    )  # fmt: skip
    return telling_of(content, shown)


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


def _of_team(found: Gathered, team: TeamRow) -> tuple[Sentence, ...]:
    items = [v for v in found.facts if v.team_id == team.id and v.label != "problem"]
    ordered = sorted(items, key=lambda v: (v.self_published, terms.DOSSIER_TOPICS.index(v.label)))
    said = [wording.stated(v, ITEM) for v in ordered[:TEAM_ITEMS]]
    if len(ordered) > TEAM_ITEMS:
        said.append(wording.count(f"另有{len(ordered) - TEAM_ITEMS}条见条目清单。"))
    return tuple(_unnamed(s, team) for s in said)


def _unnamed(sentence: Sentence, team: TeamRow) -> Sentence:
    """Without the team's name in front, which is the heading already."""
    return replace(sentence, text=sentence.text.removeprefix(f"〔{team.short}〕"))


def problems_told(items: Sequence[EvidenceView]) -> tuple[Sentence, ...]:
    """Settled problems with all that must stand beside them."""
    return tuple(wording.stated(v) for v in items) or (wording.phrase("没有已核实的问题。"),)


def watched(found: Gathered) -> tuple[Sentence, ...]:
    """Open items as questions."""
    if not found.open:
        return (wording.phrase("没有待核实、核实中的事项。"),)
    return (wording.phrase("下列事项尚未核实，只作为需了解的问题。"), *(wording.asked(v) for v in found.open))
