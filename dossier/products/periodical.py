"""月度、季度舆论信息动态分析: 收集 N 次、整理 M 条, against the period before, by zone (domain.md §1.11d, §4.2)."""

from __future__ import annotations

from datetime import date, timedelta

from sqlalchemy.orm import Session

from dossier import terms
from dossier.products import wording
from dossier.products.content import Part, ProductContent, Sentence, Table
from dossier.products.gathering import Gathered, Tally, gather, tally
from dossier.products.headings import numbered
from dossier.products.listing import BASIS, categories, office, telling_of, zones
from dossier.products.spans import Span, before, code_of, span_of
from dossier.products.wanted import Wanted
from dossier.products.weekly import problems_told, watched
from dossier.scope import Viewer

NAMES = {"month": ("monthly", "月度", "本月", "上月"), "quarter": ("quarterly", "季度", "本季度", "上季度")}
TOPIC_ITEMS = 8  # told of each topic; all are in the annex
ITEM = 64
PROBLEMS = {"month": 10, "quarter": 15}  # told, and as many questions


def build_monthly(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """月度舆论信息动态分析. Raises PRODUCT-PERIOD."""
    return _build(session, viewer, wanted, today, "month")


def build_quarterly(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """季度舆论信息动态分析. Raises PRODUCT-PERIOD."""
    return _build(session, viewer, wanted, today, "quarter")


def _build(session: Session, viewer: Viewer, wanted: Wanted, today: date, subject: str) -> ProductContent:
    span = span_of(subject, wanted.period or before(subject, span_of(subject, code_of(subject, today))).code)
    last_span = before(subject, span)
    found = gather(session, viewer, span.since, span.until)
    last = gather(session, viewer, last_span.since, last_span.until)
    code, _, this, former = NAMES[subject]
    parts = [
        Part(1, "总体情况", _overview(found, last, this, former)),
        Part(1, "分类情况"),
        *(_topic(found, label) for label in ("practice", "highlight", "major_matter")),
        Part(1, "分片情况"),
        *_by_zone(found),
        Part(1, "存在的问题及核实进展", problems_told(found.of_topic("problem"), PROBLEMS[subject]), numbered=True),
        Part(1, "需了解的事项", watched(found, PROBLEMS[subject]), numbered=True),
    ]
    shown = [*found.facts, *found.open]
    compared = _compared(found, last, this, former, "一、总体情况")
    tables = (compared, categories(found, "二、分类情况"), zones(found, "三、分片情况"))
    content = ProductContent(
        code,
        "舆论信息动态分析",
        _made_on(span, today),
        (span.name,),
        tuple(numbered(parts)),
        tables,
        office=office(found.city),
        section=viewer.section,
        since=span.since.isoformat(),
        until=span.until.isoformat(),
    )
    return telling_of(content, shown)


def _overview(found: Gathered, last: Gathered, this: str, former: str) -> tuple[Sentence, ...]:
    now, then = tally(found.facts), tally(last.facts)
    change = now.total - then.total
    moved = f"比{former}{'增加' if change > 0 else '减少'}{abs(change)}条" if change else "持平"
    lines = [
        f"{this}收集信息{found.visits}次、原文{found.documents}篇，整理工作信息{now.total}条，"
        f"涉及班子{len(found.teams_told())}个；其中自采自发或自报{now.own}条，占{now.share}。",
        f"{former}收集信息{last.visits}次，整理{then.total}条，其中自采自发或自报{then.own}条，"
        f"占{then.share}；整理条数{moved}。",
        f"另有待核实、核实中的事项{len(found.open)}条，不计入上述数字，不作为事实。",
        "收集次数按来源、按日计：某一来源某日有新信息，计一次。",
        "条目多少受报道覆盖影响，不代表工作好坏。",
    ]
    return tuple(map(wording.count, lines))


def _compared(found: Gathered, last: Gathered, this: str, former: str, after: str) -> Table:
    rows = []
    for label, name in [*((k, terms.TOPICS[k]) for k in terms.DOSSIER_TOPICS), ("", "合计")]:
        now = tally(v for v in found.facts if not label or v.label == label)
        then = tally(v for v in last.facts if not label or v.label == label)
        rows.append((name, *_pair(then), *_pair(now), f"{now.total - then.total:+d}" if now != then else "0"))
    header = ("分类", former, "其中自采自发", this, "其中自采自发", "增减")
    return Table("与上期比较表", header, tuple(rows), (36, 22, 28, 22, 28, 20), 5, "单位：条", after, BASIS)


def _pair(counts: Tally) -> tuple[str, str]:
    return str(counts.total), f"{counts.own}（{counts.share}）"


def _topic(found: Gathered, label: str) -> Part:
    items = found.of_topic(label)
    counts = tally(items)
    if not items:
        return Part(2, terms.TOPICS[label], (wording.phrase("没有整理到该类信息。"),))
    first = sorted(items, key=lambda v: (v.self_published, v.state not in terms.ESTABLISHED))[:TOPIC_ITEMS]
    said = [wording.count(f"共{counts.total}条，其中自采自发或自报{counts.own}条，占{counts.share}。")]
    said += [wording.stated(v, ITEM) for v in items if v in first]
    if len(items) > len(first):
        said.append(wording.count(f"另有{len(items) - len(first)}条见条目清单。"))
    return Part(2, terms.TOPICS[label], tuple(said), numbered=True)


def _by_zone(found: Gathered) -> list[Part]:
    parts = []
    for zone, name in dict.fromkeys((team.zone, team.zone_name) for team in found.teams):
        members = {team.id for team in found.teams if team.zone == zone}
        counts = tally(v for v in found.facts if v.team_id in members)
        told = {v.team_id for v in found.facts} & members
        quiet = sum(team.managed and team.id in members and team.id not in told for team in found.teams)
        if counts.total:
            said = [
                f"整理工作信息{counts.total}条，涉及班子{len(told)}个；"
                f"其中自采自发或自报{counts.own}条，占{counts.share}。"
            ]
        else:
            said = ["没有整理到工作信息。没有信息不等于没有情况。"]
        if counts.total and quiet:
            said.append(f"没有信息的班子{quiet}个。没有信息不等于没有情况。")
        parts.append(Part(2, name, tuple(map(wording.count, said))))
    return parts


def _made_on(span: Span, today: date) -> str:
    return min(today, span.until + timedelta(days=1)).isoformat()
