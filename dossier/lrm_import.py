"""An imported 任免审批表 against the record: whose it is, what differs, which 简历 lines propose a tenure (§4.8).

Nothing is written before it was shown; a proposal is written only when a person has chosen it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from xml.etree import ElementTree as tree

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier import roster
from dossier.lrm import FIELDS, Paper, Step, parse_xml, to_text, without_private, written_month
from dossier.roster import CadreData, RosterData
from dossier.scope import Viewer, get_cadre
from nlp import roster as model
from storage.errors import ShijiError
from storage.tables import Cadre, RosterPaper, now

NEW, CLOSES, SAME, DIFFERS, OUTSIDE = "可新增", "可止任", "一致", "与名册不一致", "非名册单位"
IMPORTERS = frozenset({"HEAD", "KH"})
EXPORTERS = frozenset({"HEAD"})
SHOWN = {
    "people": "民族", "home": "籍贯", "party": "入党时间", "working_since": "参加工作时间", "education": "全日制学历",
    "degree": "全日制学位", "later_education": "在职学历", "later_degree": "在职学位", "post": "现任职务",
    "grades": "年度考核结果", "age_on": "计算年龄时间",
}  # fmt: skip


@dataclass(frozen=True)
class Proposal:
    """One 简历 line beside the roster. kind: 可新增 可止任 一致 与名册不一致 非名册单位.

    on: the day a new tenure begins or `held` (open in the roster: the cadre's own, or the predecessor's) ends; the file
    knows the month only, so this is its first day until somebody gives the day of the decision.
    """

    number: int
    step: Step
    kind: str
    team_id: str = ""
    post: str = ""
    note: str = ""
    on: date | None = None
    held: model.Tenure | None = None


@dataclass(frozen=True)
class PaperPlan:
    """What an import would do: the cadre, header differences (field, record, file), proposals, what was left out."""

    cadre_id: str
    name: str
    file: str
    header: tuple[tuple[str, str, str], ...]
    proposals: tuple[Proposal, ...]
    fields: tuple[tuple[str, str], ...]
    skipped: tuple[str, ...]
    xml: str


def plan_paper(session: Session, viewer: Viewer, paper: Paper, file: str, today: date) -> PaperPlan:
    """Differences between a file and the record. Raises RIGHTS-ROLE, LRM-PERSON, CADRE-UNKNOWN, RIGHTS-RECUSAL."""
    if viewer.role not in IMPORTERS:
        raise ShijiError("RIGHTS-ROLE", "任免审批表由处长或考核办导入", viewer.role, "请提交处长。")
    cadre = get_cadre(session, viewer, _whose(session, paper, file), today)
    born = written_month(paper.fields.get("born", ""))
    stated = (("性别", cadre.sex, paper.fields.get("sex", "")), ("出生年月", cadre.born, born))
    header = tuple(row for row in stated if row[2] and row[1] != row[2])
    known = roster.load(session)
    held = [t for t in known.tenures if t.person == cadre.id]
    names = sorted(
        ((name, team.id) for team in known.teams for name in (team.full, *team.aliases)), key=lambda n: -len(n[0])
    )
    own = [_proposal(i, step, names, held) for i, step in enumerate(paper.steps)]
    proposals = (*own, *_predecessors(own, known, cadre.id))
    fields = tuple((title, _printed(key, paper.fields[key])) for key, title in SHOWN.items() if paper.fields.get(key))
    return PaperPlan(cadre.id, cadre.name, file, header, proposals, fields, paper.skipped, paper.xml)


def write_paper(
    session: Session, viewer: Viewer, plan: PaperPlan, chosen: Collection[int], correct_header: bool,
    days: Mapping[int, date] | None = None,
) -> int:  # fmt: skip
    """Write what was shown and chosen; returns how many changes. The file's own text is kept without private parts.

    days: number of a proposal -> the day of the decision, where it is not the first of the month. Raises LRM-DAY.
    """
    cadre = session.get_one(Cadre, plan.cadre_id)
    changes = 0
    if correct_header:
        for title, _before, after in plan.header:
            setattr(cadre, "sex" if title == "性别" else "born", after)
            changes += 1
    tenures = [
        _tenure(plan, p, (days or {}).get(p.number) or p.on)
        for p in plan.proposals
        if p.kind in (NEW, CLOSES) and p.number in chosen
    ]
    if tenures:
        roster.write(session, RosterData(cadres=(CadreData(cadre.id, cadre.name),), tenures=tuple(tenures)))
    row = session.scalar(select(RosterPaper).where(RosterPaper.cadre_id == plan.cadre_id))
    if row is None:
        row = RosterPaper(cadre_id=plan.cadre_id)
        session.add(row)
    row.file, row.xml, row.imported_at = plan.file, plan.xml, now()
    row.user_id = viewer.user_id or None
    session.flush()
    return changes + len(tenures)


def paper_of(session: Session, cadre_id: str) -> RosterPaper | None:
    """The kept paper of a cadre; whoever asks has checked the right to this cadre."""
    return session.scalar(select(RosterPaper).where(RosterPaper.cadre_id == cadre_id))


def header_fields(session: Session, cadre_id: str) -> dict[str, str]:
    """Header data of the kept paper, by field name (people, party, education …); {} without a paper."""
    row = paper_of(session, cadre_id)
    if row is None:
        return {}
    root = parse_xml(row.xml.encode(), row.file)
    return {FIELDS[str(e.tag)]: (e.text or "").strip() for e in root if e.tag in FIELDS and e.tag != "JianLi"}


def export_paper(session: Session, viewer: Viewer, cadre_id: str, reason: str, today: date) -> tuple[str, bytes]:
    """A fresh .lrmx of the kept paper with the record's present name, sex, birth month and posts (one cleared person
    asks, for one cadre, with a reason). Raises RIGHTS-ROLE, PAPER-REASON, PAPER-UNKNOWN, CADRE-UNKNOWN."""
    if viewer.role not in EXPORTERS:
        raise ShijiError("RIGHTS-ROLE", "任免审批表由处长按需导出", viewer.role, "请提交处长。")
    if not reason.strip():
        raise ShijiError("PAPER-REASON", "导出任免审批表须写明用途", cadre_id, "请填写用途。")
    cadre = get_cadre(session, viewer, cadre_id, today)
    row = paper_of(session, cadre_id)
    if row is None:
        raise ShijiError("PAPER-UNKNOWN", "系统中没有该干部的任免审批表", cadre_id, "请先导入 .lrmx 文件。")
    known = {"XingMing": cadre.name, "XingBie": cadre.sex, "ChuShengNianYue": cadre.born.replace("-", "")}
    return f"{cadre.name}.lrmx", rewritten(row.xml, known).encode()


def rewritten(xml: str, values: dict[str, str]) -> str:
    """The file with known elements set to `values` (element -> text); everything else stays, in its order.

    An element the file lacks is put where the editor's order has it. Empty values change nothing.
    """
    root = parse_xml(xml.encode(), "任免审批表")
    without_private(root)
    order = list(FIELDS)
    for tag, text in values.items():
        if not text:
            continue
        element = root.find(tag)
        if element is None:
            element = tree.Element(tag)
            later = set(order[order.index(tag) + 1 :])
            at = next((i for i, other in enumerate(root) if other.tag in later), len(root))
            root.insert(at, element)
        element.text = text
    return to_text(root)


def _whose(session: Session, paper: Paper, file: str) -> str:
    """The one cadre of this name and birth month; the name alone only where one side has no month."""
    born = written_month(paper.fields.get("born", ""))
    same = list(session.scalars(select(Cadre).where(Cadre.name == paper.name)))
    exact = [c.id for c in same if born and c.born == born]
    near = [c.id for c in same if not born or not c.born]
    found = exact or near
    if len(found) != 1:
        what = "名册中没有此人" if not same else "名册中的同名干部出生年月不符" if not found else "名册中有同名干部"
        raise ShijiError("LRM-PERSON", f"{what}：{paper.name}", file, "请先由花名册登记，或核对姓名和出生年月。")
    return found[0]


def _proposal(number: int, step: Step, names: list[tuple[str, str]], held: list[model.Tenure]) -> Proposal:
    match = next(((name, team) for name, team in names if step.text.startswith(name)), None)
    if match is None or not step.start:
        return Proposal(number, step, OUTSIDE, note="不作任职登记")
    name, team = match
    rest = step.text[len(name) :]
    post = (name[-1] if name[-1] in "区县市" and rest[:1] in "委政人纪" else "") + rest
    start, end = _first(step.start), _first(step.end)
    for tenure in held:
        if tenure.team == team and _bare(tenure.post) == _bare(post):
            if _month(tenure.start) == _month(start) and (tenure.end is None) == (end is None):
                return Proposal(number, step, SAME, team, post)
            if tenure.end is None and end and _month(tenure.start) == _month(start):
                note = f"名册为 {tenure.start or '不详'} 至 现任"
                return Proposal(number, step, CLOSES, team, tenure.post, note, end, tenure)
            until = tenure.end or "现任"
            note = f"名册为 {tenure.start or '不详'} 至 {until}，未作改动"
            return Proposal(number, step, DIFFERS, team, post, note)
    return Proposal(number, step, NEW, team, post, on=start)


def _predecessors(own: list[Proposal], known: model.Roster, cadre_id: str) -> Iterator[Proposal]:
    """Who still holds in the roster a post that the cadre has taken: their tenure ends on that day, if so chosen."""
    number = len(own)
    for taken in own:
        if taken.kind != NEW or taken.step.end:
            continue
        for held in known.tenures:
            if held.person == cadre_id or held.end is not None or held.team != taken.team_id:
                continue
            if _bare(held.post) == _bare(taken.post) and (held.start or date.min) < (taken.on or date.max):
                step = replace(taken.step, text=f"{held.name}不再担任{_bare(held.post)}", aside=())
                note = f"名册为 {held.start or '不详'} 至 现任"
                yield Proposal(number, step, CLOSES, held.team, held.post, note, taken.on, held)
                number += 1


def _tenure(plan: PaperPlan, chosen: Proposal, on: date | None) -> model.Tenure:
    """The tenure a proposal writes. Raises LRM-DAY for a day outside the file's month or before the post was taken."""
    if on != chosen.on and _month(on) != _month(chosen.on):
        raise ShijiError("LRM-DAY", f"任免日期与文件所载月份不符：{on}", chosen.step.text, "请核对任免决定。")
    if chosen.held is None:
        return model.Tenure(plan.cadre_id, plan.name, chosen.team_id, chosen.post, on, _first(chosen.step.end))
    held = chosen.held
    if on is not None and held.start is not None and on <= held.start:
        raise ShijiError("LRM-DAY", f"止任日期不晚于任职日期：{on}", chosen.step.text, "请核对任免决定。")
    return replace(held, end=on)


def _bare(post: str) -> str:
    return re.sub(r"[（(].*?[）)]|\s", "", post)


def _first(month: str) -> date | None:
    """2018.05 as its first day; a year alone is January."""
    if not month:
        return None
    year, _, rest = month.partition(".")
    return date(int(year), int(rest or 1), 1)


def _month(day: date | None) -> tuple[int, int] | None:
    return (day.year, day.month) if day else None


def _printed(key: str, text: str) -> str:
    """A month as 1978.04; anything else, such as 民盟, as it stands."""
    month = written_month(text)
    return month.replace("-", ".") if month and key in ("party", "working_since", "age_on") else text
