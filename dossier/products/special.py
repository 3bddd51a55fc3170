"""专报 of one event: what happened, how it was printed, what was said of it, what is to be asked, what was done (§4.2).

In place of 处置建议 stand the matters to verify and the measures the responsible body has already taken; the machine
judges nothing: the summary's first sentence is the event in the words of its first print.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import terms
from dossier.brief_words import heard, outlet_of
from dossier.products import wording
from dossier.products.content import Part, ProductContent, Sentence, Table
from dossier.products.gathering import OPEN, Tally, city_of, load_items, may_stand
from dossier.products.headings import numbered
from dossier.products.listing import office, telling_of
from dossier.products.wanted import Wanted
from dossier.review import get_evidence
from dossier.scope import Viewer, readable_clause
from dossier.views import EvidenceView
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Document, Evidence, Passage, Source

SUMMARY = 200  # characters
NEAR = timedelta(days=540)  # a matter is followed up for a year and a half
STEPS = 14
SHARED = 3  # runs of four characters that two reports on one matter share
_TOLD = (*terms.SHOWN, *OPEN)
MEASURES = frozenset({"ZF8", "LD8", "LD9"})


@dataclass(frozen=True)
class Print:
    """One document that tells of the event."""

    day: date
    source: str
    level: str
    own: bool


def build_special(session: Session, viewer: Viewer, wanted: Wanted, today: date) -> ProductContent:
    """专报 on the event of item `wanted.ref`, with the team's later items on the same matter. Raises PRODUCT-EVENT."""
    if wanted.ref is None:
        raise ShijiError("PRODUCT-EVENT", "请选择专报所写的事项", "", "从条目页面进入，或填写条目编号。")
    item = get_evidence(session, viewer, wanted.ref)
    items = _related(session, viewer, item, today)
    first = next((v for v in items if v.id == item.id), None)
    if first is None or first.restricted:
        raise ShijiError("PRODUCT-EVENT", "该条目不能编写专报", item.code, "受限和未确认的条目不进入文稿。")
    facts = [v for v in items if may_stand(v)]
    open_ = [v for v in items if not may_stand(v)]
    prints = _prints(session, viewer, items)
    parts = [
        Part(0, "", _summary(facts, first)),
        Part(1, "事件经过", _course(facts), numbered=True),
        Part(1, "传播情况", _spread(prints, items)),
        Part(1, "各方观点", _voices(items), numbered=True),
        Part(1, "需核实、需了解的事项", _questions(open_), numbered=True),
        Part(1, "责任单位已采取的措施", _measures(facts), numbered=True),
    ]
    content = ProductContent(
        "special", f"关于{_subject(first)}的专报", today.isoformat(), (), tuple(numbered(parts)),
        (_volume(prints, "二、传播情况"),), office=office(city_of(session)), section=viewer.section,
        since=items[0].date[:10], until=today.isoformat(),
    )  # fmt: skip
    return telling_of(content, items)


def _related(session: Session, viewer: Viewer, item: Evidence, today: date) -> list[EvidenceView]:
    """The event's items and the same team's items that share its own words, in the order of days."""
    views = {
        v.id: v for v in load_items(session, viewer, Evidence.event_id == item.event_id, Evidence.state.in_(_TOLD))
    }
    if item.event_date and item.team_id:
        near = load_items(
            session, viewer, Evidence.team_id == item.team_id, Evidence.state.in_(_TOLD),
            Evidence.label.in_(terms.DOSSIER_TOPICS), Evidence.event_date >= item.event_date - timedelta(days=30),
            Evidence.event_date <= min(today, item.event_date + NEAR),
        )  # fmt: skip
        pieces = {v.id: _pieces(v) for v in near}
        often = Counter(piece for found in pieces.values() for piece in found)
        own = {
            p for v in near if v.event_id == item.event_id for p in pieces[v.id] if often[p] * 5 <= 2 * len(near) + 5
        }
        views |= {v.id: v for v in near if len(pieces[v.id] & own) >= SHARED}
    kept = [v for v in views.values() if not viewer.recused_cadres & {c.id for c in v.cadres}]
    kept.sort(key=lambda v: (v.event_id != item.event_id, v.date))  # where there are too many, the event's own stay
    return sorted(kept[:STEPS], key=lambda v: (v.date, v.published, v.id))


def _pieces(item: EvidenceView) -> set[str]:
    """Runs of four characters of title and text, by which reports on one matter know one another."""
    words = re.findall(r"[\u4e00-\u9fff]{4,}", item.title + "，" + item.text)
    return {run[at : at + 4] for run in words for at in range(len(run) - 3)}


def _prints(session: Session, viewer: Viewer, items: Sequence[EvidenceView]) -> list[Print]:
    """Every document that prints one of the items' events, oldest first."""
    teams = {v.team_id for v in items}
    rows = session.execute(
        select(Document.id, Document.published_at, Source.name, Source.level, Source.owner_team_id)
        .join(Passage, Passage.document_id == Document.id)
        .join(Source, Document.source_id == Source.id)
        .where(Passage.event_id.in_({v.event_id for v in items}), readable_clause(viewer))
        .distinct()
        .order_by(Document.published_at, Document.id)
    ).all()
    return [
        Print(moment.astimezone(CHINA).date(), name, level, level == "单位报送" or owner in teams)
        for _, moment, name, level, owner in rows
        if moment is not None
    ]


def _summary(facts: Sequence[EvidenceView], first: EvidenceView) -> tuple[Sentence, ...]:
    """At most 200 characters, the event itself first, then where the matter stands."""
    if first not in facts:
        return (wording.asked(first),)
    said = [wording.stated(first, 80)]
    latest = facts[-1]
    if latest is not first:
        said.append(wording.stated(latest, SUMMARY - len(said[0].said) - 70))
    return tuple(said)


def _course(facts: Sequence[EvidenceView]) -> tuple[Sentence, ...]:
    said = tuple(_dated(v) for v in facts)
    return said or (wording.phrase("暂无佐证。"),)


def _dated(item: EvidenceView) -> Sentence:
    """The item with its day in front where its words do not begin with one."""
    sentence = wording.stated(item, 120)
    words = sentence.text.removeprefix(f"〔{item.team}〕")
    if not re.match(r"\d{1,4}[年月]", words):
        words = f"（{item.date}）{words}"
    return replace(sentence, text=words)


def _spread(prints: Sequence[Print], items: Sequence[EvidenceView]) -> tuple[Sentence, ...]:
    own = tally_of(prints)
    independent = sum({v.event_id: v.independent_sources for v in items}.values())
    reprints = sum({v.event_id: v.prints - 1 for v in items}.values())
    return (
        wording.count(
            f"据现有材料，该事项共有原文{own.total}篇，独立信源{independent}个，转载{reprints}次；"
            f"其中单位自采自发或自报{own.own}篇，占{own.share}。"
        ),
    )


def tally_of(prints: Sequence[Print]) -> Tally:
    """Documents and how many of them are the teams' own."""
    return Tally(len(prints), sum(p.own for p in prints))


def _volume(prints: Sequence[Print], after: str) -> Table:
    rows = []
    for level in dict.fromkeys(p.level for p in prints):
        of = [p for p in prints if p.level == level]
        rows.append(
            (level, min(p.day for p in of).isoformat(), max(p.day for p in of).isoformat(), str(len(of)),
             str(sum(p.own for p in of)))
        )  # fmt: skip
    basis = "按登记来源采集到的原文统计，未采集到的不计。"
    header = ("来源层级", "最早", "最近", "篇数", "其中自采自发")
    return Table("传播情况表", header, tuple(rows), (40, 32, 32, 24, 28), 2, "单位：篇", after, basis)


def _voices(items: Sequence[EvidenceView]) -> tuple[Sentence, ...]:
    """One statement of every outlet, critical ones included; what is unsettled only as a question; then the unit's."""
    said, outlets = [], set()
    for item in sorted(items, key=lambda v: not v.adverse):
        if outlet_of(item) not in outlets:
            outlets.add(outlet_of(item))
            said.append(wording.stated(item, 45) if may_stand(item) else wording.asked(item))
    answers: dict[tuple[str, str, str], list[str]] = {}
    for item in items:
        if item.response:
            answers.setdefault((item.team_id, item.team, heard(item)[0]), []).append(item.code)
    for (team_id, team, words), codes in answers.items():
        said.append(Sentence(f"〔{team}〕{words}。", tuple(codes), team_id=team_id))
    if not answers:
        said.append(wording.phrase("单位尚未作出说明。"))
    return (wording.phrase("下列各方说法均照录原文，未经核实的已注明，不代表编者意见。"), *said)


def _questions(open_: Sequence[EvidenceView]) -> tuple[Sentence, ...]:
    if not open_:
        return (wording.phrase("没有待核实、核实中的事项。"),)
    frame = wording.phrase("以下事项需核实、需了解，均不作为已认定的事实。")
    return (frame, *(wording.asked(v) for v in open_))


def _measures(facts: Sequence[EvidenceView]) -> tuple[Sentence, ...]:
    done = [v for v in facts if v.sub_type in MEASURES or v.label == "practice"]
    return tuple(wording.stated(v) for v in done) or (wording.phrase("责任单位已采取的措施暂无佐证。"),)


def _subject(item: EvidenceView) -> str:
    return f"《{wording.title_only(item)}》所涉事项"
