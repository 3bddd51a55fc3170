"""What a 班子档 and a 干部档 hold, section by section, as this viewer may see it (domain.md §4.12, R-02, R-30).

Counts are of what the viewer may open; 重要事项 are named and kept apart, never counted here (R-04).
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from appraisal.annual.views import DECIDERS
from appraisal.quarterly.person import person_sheet
from appraisal.quarterly.runs import list_runs
from dossier.cadrefile import CadreFile, TenureRow
from dossier.dossier_docx import Section, Sheet, item_sheets
from dossier.field.records import list_records
from dossier.hearing.register import notices
from dossier.ledger.book import entries_of
from dossier.products.store import ISSUED, list_products
from dossier.scope import Viewer
from dossier.talks.register import talks_of
from dossier.talks.rights import visible_talks
from dossier.teamfile import Member, TeamFile, TopicCount
from storage.tables import Grade, Talk, TalkPerson, TeamReview

NONE, APART = "无", "按权限另册"
SEALED = "受控，另册保管，不在本档列示"
POST_WIDTHS = (40, 66, 50)


def team_sections(session: Session, viewer: Viewer, file: TeamFile, today: date) -> tuple[Section, ...]:
    """The eleven sections of 一班一档."""
    team = file.team.id
    grades = _grades(session, viewer, "team", team)
    talks = select(Talk).where(Talk.id.in_(select(TalkPerson.talk_id).where(TalkPerson.team_id == team)))
    reviews = session.scalar(select(func.count(TeamReview.id)).where(TeamReview.team_id == team)) or 0
    runs = [row for row in list_runs(session, published=True) if _in_run(row.content["lines"], team)]
    papers = [p for p in list_products(session, viewer, state=ISSUED) if team in p.content["teams"]]
    return (
        Section("基本情况", f"{file.team.full}，{file.team.category_id}"),
        Section("班子结构", f"现任{len(file.members)}名，历任{len(file.former)}名", sheets=_members(file)),
        Section("指标与季度考核", _count(len(runs), "期季度考核")),
        Section("信息条目", _topics(file.counts), _silence(file.counts), item_sheets(file.established, file.reported)),
        Section("核查记录", _count(len(list_records(session, viewer, date.min, today, team_id=team)), "条")),
        Section("重要事项", SEALED),
        Section("谈话", _count(len(visible_talks(session, viewer, list(session.scalars(talks)), today)), "次")),
        Section("通报与整改", _count(len(notices(session, viewer, today, team_id=team)), "件告知")),
        Section("分析研判", _count(reviews, "期")),
        Section("年度考核结果", grades),
        Section("附件", _count(len(papers), "份已签发文稿")),
    )  # fmt: skip


def cadre_sections(session: Session, viewer: Viewer, file: CadreFile, today: date) -> tuple[Section, ...]:
    """The eight sections of 一人一档: no count over the sections, no order of persons."""
    cadre = file.cadre
    told = [n for n in notices(session, viewer, today) if n.whom == cadre.name]
    papers = [p for p in list_products(session, viewer, state=ISSUED) if cadre.id in p.content["cadres"]]
    tasks = _tasks(session, viewer, cadre.id, today)
    return (
        Section("任职时间线", _count(len(file.tenures), "段任职"), sheets=_tenures(file.tenures)),
        Section("两项重点任务", _count(len(tasks), "项"), tasks),
        Section("分管领域信息条目", _topics(file.counts), _silence(file.counts),
                item_sheets(file.established, file.reported)),
        Section("业绩和责任记实", _count(len(entries_of(session, viewer, cadre.id, today)), "条")),
        Section("谈话与落实", _count(len(talks_of(session, viewer, cadre.id, today)), "次")),
        Section("年度考核", _grades(session, viewer, "cadre", cadre.id)),
        Section("申辩与澄清", _count(len(told), "件告知")),
        Section("附件", _count(len(papers), "份已签发文稿")),
    )  # fmt: skip


def _count(number: int, unit: str) -> str:
    return f"{number}{unit}" if number else NONE


def _topics(counts: Iterable[TopicCount]) -> str:
    """Each topic with the share that is the unit's own words (R-26)."""
    return "；".join(f"{c.name}{c.total}条（自采自发占{c.self_published_percent}%）" for c in counts if c.total) or NONE


def _silence(counts: Iterable[TopicCount]) -> tuple[str, ...]:
    return () if any(c.total for c in counts) else ("没有在档条目。没有信息不等于没有情况。",)


def _members(file: TeamFile) -> tuple[Sheet, ...]:
    blocks = (("现任", file.members), ("历任", file.former))
    header = ("姓名", "职务", "任职时间")
    return tuple(Sheet(name, header, tuple(map(_member, rows)), POST_WIDTHS) for name, rows in blocks if rows)


def _member(one: Member) -> tuple[str, ...]:
    return (one.name, one.post, f"{one.start or '不详'}至{one.end or '今'}")


def _tenures(rows: Iterable[TenureRow]) -> tuple[Sheet, ...]:
    lines = tuple((t.team, t.post, f"{t.start or '不详'}至{t.end or '今'}") for t in rows)
    return (Sheet("任职经历", ("班子", "职务", "任职时间"), lines, POST_WIDTHS),) if lines else ()


def _tasks(session: Session, viewer: Viewer, cadre_id: str, today: date) -> tuple[str, ...]:
    """This year's personal tasks with the last quarter's light."""
    lines: list[str] = []
    for team in person_sheet(session, viewer, cadre_id, today.year, today).teams:
        if not team.quarters:
            continue
        last = team.quarters[-1]
        for task in last.tasks:
            shown = task.light.text if task.light else last.note
            lines.append(f"{len(lines) + 1}.{team.team}{task.title}：{last.quarter.title}{shown}。")
    return tuple(lines)


def _grades(session: Session, viewer: Viewer, kind: str, subject: str) -> str:
    if viewer.role not in DECIDERS:
        return APART
    rows = session.scalars(
        select(Grade).where(Grade.kind == kind, Grade.subject_id == subject, Grade.signed_at.is_not(None))
        .order_by(Grade.year)
    )  # fmt: skip
    return "；".join(f"{g.year}年度{g.grade}" for g in rows) or NONE


def _in_run(lines: Iterable[dict[str, object]], team: str) -> bool:
    return any(line["team_id"] == team for line in lines)
