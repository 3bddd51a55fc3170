"""谈话提纲 and 谈话记录 as content of products (domain.md §4.3): each sentence cites an item or the talk itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.products.content import AnnexRow, Part, ProductContent, Sentence
from dossier.products.frames import add_frames
from dossier.scope import Viewer, evidence_clause, unrestricted
from dossier.talks import outline as outlines
from dossier.talks.follow_ups import STATES, of_talk
from dossier.talks.records import record_of, staff_names
from dossier.talks.register import TalkLine, get_line
from dossier.talks.rights import is_closed
from dossier.views import load_views
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Evidence, Talk, TalkOutline, User

BY_HAND = "本人签字：＿＿＿＿＿＿＿＿　日期：＿＿＿＿＿＿＿＿"
add_frames(r"没有商定事项。", r"没有机动问题。", r"对象尚未签认。", BY_HAND)


def code_of_talk(talk_id: int) -> str:
    """The number by which papers cite a talk."""
    return f"T-{talk_id}"


def outline_content(session: Session, viewer: Viewer, talk_id: int, office: str, today: str) -> ProductContent:
    """谈话提纲, one page. Raises TALK-UNKNOWN, TALK-OUTLINE where none is written."""
    talk, line = get_line(session, viewer, talk_id, date.fromisoformat(today))
    row = session.get(TalkOutline, talk_id)
    if row is None:
        raise ShijiError("TALK-OUTLINE", "尚未编写谈话提纲", f"谈话{talk_id}", "请先编写并保存提纲。")
    said = outlines.outline_of(row.content)
    own = code_of_talk(talk_id)
    annex = _annex(session, viewer, line, [code for q in said.questions for code in q.citations])
    listed = {r.code for r in annex}
    asked = tuple(_asked(q, listed, own) for q in said.questions)
    spare = tuple(Sentence(text, (own,)) for text in said.spare) or (Sentence("没有机动问题。", frame=True),)
    parts = (
        Part(1, "一、谈话目的", (Sentence(said.purpose, (own,)),)),
        Part(1, "二、开场", (Sentence(said.opening or outlines.OPENING, (own,)),)),
        Part(1, "三、必谈问题", asked, numbered=True),
        Part(1, "四、机动问题", spare, numbered=bool(said.spare)),
        Part(1, "五、结束语", (Sentence(said.closing or outlines.CLOSING, (own,)),)),
        Part(1, "六、谈话纪律", (Sentence(said.reminder, (own,)),)),
    )
    return _content("talk_outline", "谈话提纲", talk, line, parts, annex, office, viewer.section, today)


def record_content(session: Session, viewer: Viewer, talk_id: int, office: str, today: str) -> ProductContent:
    """谈话记录, 2 to 5 pages. Raises TALK-UNKNOWN, TALK-RECORD where there is none to be read."""
    talk, line = get_line(session, viewer, talk_id, date.fromisoformat(today))
    record = record_of(session, viewer, talk)
    if record is None:
        raise ShijiError("TALK-RECORD", "没有可阅看的谈话记录", f"谈话{talk_id}", "请联系谈话人。")
    own = (code_of_talk(talk_id),)
    points = [
        Sentence(f"问：{p['question'] or '（自述）'}答：{p['answer']}", own) for p in record.points
    ]  # fmt: skip
    agreed = [
        Sentence(f"{f.item}（责任人：{f.owner}；时限：{f.due}；{STATES[f.state]}）", own)
        for f in of_talk(session, talk_id, date.fromisoformat(today))
    ]
    signed = [
        Sentence(f"{p.cadre.name}{p.confirmed}，{p.confirmed_on}{'，' + p.reason if p.reason else ''}。", own)
        for p in talk.persons
        if p.confirmed
    ]
    began, ended = record.began_at.astimezone(CHINA), record.ended_at.astimezone(CHINA)
    names = staff_names(session, record)
    parts = (
        Part(1, "一、主题", (Sentence(record.topics, own),)),
        Part(1, "二、谈话要点", tuple(points), numbered=True),
        Part(1, "三、对象表态", (Sentence(record.statement, own),) if record.statement else (_frame("无。"),)),
        Part(1, "四、商定事项", tuple(agreed) or (_frame("没有商定事项。"),), numbered=bool(agreed)),
        Part(1, "五、对象签认", tuple(signed) or (_frame("对象尚未签认。"), _frame(BY_HAND))),
    )
    head = (
        f"时间：{began:%Y-%m-%d %H:%M}至{ended:%H:%M}　地点：{record.place}",
        f"谈话人：{'、'.join(names)}　记录人：{session.get_one(User, record.recorder_id).name}",
        f"对象：{line.people}",
    )
    annex = _annex(session, viewer, line, [])
    content = _content("talk_record", "谈话记录", talk, line, parts, annex, office, viewer.section, today, head)
    return replace(content, restricted=content.restricted or record.restricted)


def _content(
    kind: str, title: str, talk: Talk, line: TalkLine, parts: tuple[Part, ...], annex: tuple[AnnexRow, ...],
    office: str, section: str, today: str, head: tuple[str, ...] = (),
) -> ProductContent:  # fmt: skip
    usual = (
        f"对象：{line.people}　谈话类型：{line.trigger}",
        f"谈话人：{line.interviewer}　时间：{line.day} {line.clock}　地点：{line.place}",
    )
    return ProductContent(
        kind, title, today, head or usual, parts, annex=annex, office="" if section else office, section=section,
        since=line.day.isoformat(), until=line.day.isoformat(),
        teams=tuple(dict.fromkeys(p.team_id for p in talk.persons if p.team_id)),
        cadres=tuple(p.cadre_id for p in talk.persons), restricted=is_closed(talk),
    )  # fmt: skip


def _asked(question: outlines.Question, listed: set[str], own: str) -> Sentence:
    kept = tuple(code for code in question.citations if code in listed)
    if question.text in outlines.GENERAL:  # a question of the form, which says nothing of anyone
        return Sentence(question.text, (own,))
    return Sentence(question.text, kept, unsupported=not kept)


def _annex(session: Session, viewer: Viewer, line: TalkLine, codes: Iterable[str]) -> tuple[AnnexRow, ...]:
    """The talk itself, the talks cited, and the items cited that the viewer may see."""
    own = code_of_talk(line.id)
    rows = {own: AnnexRow(own, f"{line.trigger}谈话", "谈话台账", line.day.isoformat(), line.state_name)}
    wanted = list(dict.fromkeys(codes))
    for code in wanted:
        if code.startswith("T-") and code[2:].isdigit() and (talk := session.get(Talk, int(code[2:]))) is not None:
            day = talk.starts_at.astimezone(CHINA).date().isoformat()
            rows.setdefault(code, AnnexRow(code, "以往谈话商定事项", "谈话台账", day, "已谈"))
    query = select(Evidence).where(Evidence.code.in_(wanted), evidence_clause(viewer), unrestricted())
    for view in load_views(session, query):
        rows[view.code] = AnnexRow(
            view.code, view.topic, view.source, view.date, view.state, str(view.independent_sources), "", view.id,
            view.team_id,
        )  # fmt: skip
    return tuple(rows.values())


def _frame(text: str) -> Sentence:
    return Sentence(text, frame=True)
