"""领导班子运行情况分析报告 (domain.md §4.4) as content: what the system states cites, what people wrote stays theirs.

No person is proposed for anything; the overall state is the one people picked, with their reasons.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal.review.board import Board, Placed, board
from appraisal.review.boxes import CADRE_BOXES, TEAM_BOXES
from appraisal.review.compare import compare
from appraisal.review.quarter import Quarter
from dossier import terms
from dossier.brief_content import AnnexRow
from dossier.brief_words import annex_row, excerpt, fact
from dossier.scope import Viewer
from dossier.tenures import holds
from dossier.views import EvidenceView
from storage.tables import Cadre, FieldRecord, Post, RecordLink, TeamReview, Tenure


@dataclass(frozen=True)
class Section:
    """A heading (level 1 or 2) with its paragraphs; `written` marks a person's own words, which cite nothing."""

    level: int
    heading: str
    paragraphs: tuple[str, ...] = ()
    written: tuple[str, ...] = ()


@dataclass(frozen=True)
class Report:
    """The whole report. annex: 信息条目清单; coverage: item code -> channels of 听看查谈访调 used."""

    title: str
    team: str
    quarter: str
    made_on: str
    sections: tuple[Section, ...]
    annex: tuple[AnnexRow, ...]
    coverage: tuple[tuple[str, ...], ...]

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def report_content(session: Session, viewer: Viewer, row: TeamReview, today: date) -> Report:
    """The report of a review as this viewer may see it. Opinions are not part of it: they stay on the page (R-41)."""
    shown = board(session, viewer, row.team_id, row.quarter)
    texts = {key: str(text) for key, text in row.texts.items()}
    sections = [
        _basics(session, shown, texts.get("structure", "")),
        Section(1, "二、运行情况", _banner(shown)),
        *_boxes(shown, TEAM_BOXES, texts),
        Section(1, "三、领导干部表现", ("本部分只写已核实的事项。",)),
        *_boxes(shown, CADRE_BOXES, texts),
        _problems(shown, texts.get("causes", "")),
        Section(1, "五、态势评估", (), _written(f"{row.overall or '（尚未选择）'}。", row.reasons)),
        _advice(session, viewer, shown, texts.get("advice", "")),
    ]
    items = _cited(shown)
    return Report(
        f"{shown.team.short}领导班子运行情况分析报告", shown.team.short, shown.quarter.title, today.isoformat(),
        tuple(sections), (*(annex_row(item) for item in items), *_figure_rows(shown)),
        _coverage(session, items),
    )  # fmt: skip


def from_dict(data: dict[str, Any]) -> Report:
    """The report as it was frozen."""
    sections = tuple(
        Section(s["level"], s["heading"], tuple(s["paragraphs"]), tuple(s["written"])) for s in data["sections"]
    )
    annex = tuple(AnnexRow(**one) for one in data["annex"])
    return Report(**{**data, "sections": sections, "annex": annex, "coverage": tuple(map(tuple, data["coverage"]))})


def _basics(session: Session, shown: Board, structure: str) -> Section:
    quarter = shown.quarter
    members, changes = _members(session, shown.team.id, quarter)
    lines = [f"实配{len(members)}名（职数、学历、专业以干部信息为准，名册未载）。"]
    ages = [age for age in (_age(born, quarter.last) for _name, _post, born in members) if age is not None]
    if ages:
        parts = ((lambda a: a < 45, "45岁以下"), (lambda a: 45 <= a < 55, "45至54岁"), (lambda a: a >= 55, "55岁以上"))
        counted = "，".join(f"{name}{sum(map(test, ages))}名" for test, name in parts)
        lines.append(f"年龄结构：{counted}。")
    lines.append("本季度变动：" + ("；".join(changes) + "。" if changes else "名册没有变动记录。"))
    return Section(1, "一、班子基本情况", tuple(lines), _written(structure))


def _members(session: Session, team_id: str, quarter: Quarter) -> tuple[list[tuple[str, str, str]], list[str]]:
    rows = session.execute(
        select(Cadre.name, Post.title, Cadre.born, Tenure.start, Tenure.end)
        .join(Tenure, Tenure.cadre_id == Cadre.id)
        .join(Post, Tenure.post_id == Post.id)
        .where(Post.team_id == team_id)
        .order_by(Tenure.start, Cadre.id)
    ).all()
    held = [(name, post, born) for name, post, born, start, end in rows if holds(start, end, quarter.last)]
    changes = []
    for name, post, _born, start, end in rows:
        if start and quarter.first <= start <= quarter.last:
            changes.append(f"{start}起{name}任{post}")
        if end and quarter.first <= end <= quarter.last:
            changes.append(f"{end}起{name}不再担任{post}")
    return held, changes


def _boxes(shown: Board, boxes: dict[str, str], texts: dict[str, str]) -> list[Section]:
    found = []
    for number, (box, name) in enumerate(boxes.items(), 1):
        lines = tuple(_line(place, cadre=box in CADRE_BOXES) for place in shown.boxes[box])
        words = _written(texts.get(box, ""))
        empty = () if lines or words else ("没有已核实的事项。",)
        found.append(Section(2, f"（{'一二三'[number - 1]}）{name}", lines or empty, words))
    return found


def _line(place: Placed, cadre: bool) -> str:
    if place.figure is not None:
        return f"{place.figure.text}〔{place.figure.code}〕"
    item = place.item
    if item is None:
        return ""
    names = "、".join(f"{link.name}（{link.role}）" for link in item.cadres)
    return f"{names}：{fact(item).marked}" if cadre else fact(item).marked


def _problems(shown: Board, causes: str) -> Section:
    lines = [
        f"{index}.{item.date}，{excerpt(item)}。来源：{item.origin or item.source}；状态：{item.state}；独立信源"
        f"{item.independent_sources}个；单位说明：{item.response or '暂无'}；"
        f"容错审查：{item.leniency or '未登记'}。〔{item.code}〕"
        for index, item in enumerate(_told(shown), 1)
    ]
    if untold := len(shown.problems) - len(_told(shown)):
        lines.append(f"另有{untold}件已核实、尚未告知的事项，告知并听取说明后列入。")
    if shown.doubts:
        lines.append(f"另有{len(shown.doubts)}件待核实、核实中的事项，不作为事实列入。")
    return Section(1, "四、存在问题及原因", tuple(lines) or ("没有已核实的问题。",), _written(causes))


def _told(shown: Board) -> list[EvidenceView]:
    """Verified problems the unit was told of: before 告知 none stands as a fact in a paper (domain.md §2.6)."""
    return [item for item in shown.problems if item.notified]


def _advice(session: Session, viewer: Viewer, shown: Board, advice: str) -> Section:
    beside = compare(session, viewer, shown.team.id, shown.quarter)
    asked = tuple(f"改进要求{number}：{one.text}" for number, one in enumerate(shown.demands, 1))
    return Section(1, "六、意见建议", (beside.sentence,), (*_written(advice), *asked))


def _banner(shown: Board) -> tuple[str, ...]:
    return (f"【{shown.banner[0]}】{shown.banner[1]}",) if shown.banner else ()


def _cited(shown: Board) -> list[EvidenceView]:
    found = {p.item.id: p.item for places in shown.boxes.values() for p in places if p.item is not None}
    found |= {item.id: item for item in _told(shown)}
    return [found[key] for key in sorted(found)]


def _figure_rows(shown: Board) -> list[AnnexRow]:
    figures = {p.figure.id: p.figure for places in shown.boxes.values() for p in places if p.figure is not None}
    return [
        AnnexRow(f.code, f.name, f.provider, f.period, f"{f.status}第{f.version}版", team_id=shown.team.id)
        for f in figures.values()
    ]


def _coverage(session: Session, items: Iterable[EvidenceView]) -> tuple[tuple[str, ...], ...]:
    listed = list(items)
    rows = session.execute(
        select(RecordLink.evidence_id, FieldRecord.channel)
        .join(FieldRecord, RecordLink.field_record_id == FieldRecord.id)
        .where(RecordLink.evidence_id.in_([item.id for item in listed]))
    ).all()
    used = {(int(evidence), channel) for evidence, channel in rows}
    return tuple(
        (item.code, *("√" if (item.id, channel) in used else "" for channel in terms.CHANNELS)) for item in listed
    )


def _written(*texts: str) -> tuple[str, ...]:
    return tuple(line.strip() for text in texts for line in text.splitlines() if line.strip())


def _age(born: str, on: date) -> int | None:
    try:
        year, month = int(born[:4]), int(born[5:7])
    except ValueError:
        return None
    return on.year - year - (on.month < month)
