"""谈心谈话 for pages, JSON and commands: typed fields to rules, papers in Word, each act with its audit entry."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from api.access import audit
from api.acts.performing import perform
from api.acts.sealing import moment, office_of, sealed
from api.form_fields import Fields
from api.system import System
from dossier.brief_matter import BRIEFERS
from dossier.brief_store import list_briefs
from dossier.compartment import requests
from dossier.products.content import ProductContent
from dossier.products.paper import product_docx
from dossier.scope import Viewer
from dossier.talks import follow_ups, outline, papers, plans, records
from dossier.talks.outline import Outline
from dossier.talks.plans import DRAFT, TalkData
from dossier.talks.records import Commitment, RecordData
from dossier.talks.register import TalkLine, get_line
from dossier.talks.rights import APPROVERS, PLANNERS, TALKERS, is_closed, takes_part
from storage.errors import ShijiError
from storage.tables import Brief, Talk, TalkOutline, TalkPerson, TalkRecord, User

PAPERS = {"outline": ("谈话提纲", "TG", papers.outline_content), "record": ("谈话记录", "TJ", papers.record_content)}


@dataclass(frozen=True)
class TalkPage:
    """One talk as a page or the JSON API shows it."""

    talk: Talk
    line: TalkLine
    persons: list[TalkPerson]
    outline: Outline | None
    outline_version: int
    drafted: Outline | None
    record: TalkRecord | None
    record_closed: bool
    staff: list[str]
    follow_ups: list[follow_ups.FollowLine]
    briefs: list[Brief]
    may: dict[str, bool]


def read_talk(system: System, viewer: Viewer, talk_id: int) -> TalkPage:
    """A talk for reading, recorded. Raises TALK-UNKNOWN."""
    today = system.settings.today()
    with system.database.write() as session:
        talk, line = get_line(session, viewer, talk_id, today)
        audit.record(session, viewer, "talk-read", "talk", str(talk_id), "谈话")
        part = takes_part(viewer, talk)
        open_ = talk.state in (DRAFT, plans.APPROVED)
        row = session.get(TalkOutline, talk_id)
        may_write = open_ and (part or viewer.role == "HEAD")
        record = records.record_of(session, viewer, talk)
        closed = record is None and session.get(TalkRecord, talk_id) is not None
        people = {p.cadre_id for p in talk.persons}
        briefs = list_briefs(session, viewer) if viewer.role in BRIEFERS and may_write else []
        closed_talk = is_closed(talk)
        return TalkPage(
            talk, line, list(talk.persons), outline.outline_of(row.content) if row else None,
            row.version if row else 0, outline.draft(session, viewer, talk, today) if may_write and not row else None,
            record, closed, records.staff_names(session, record) if record else [],
            [] if closed else follow_ups.of_talk(session, talk_id, today), [b for b in briefs if b.cadre_id in people],
            {
                "approve": talk.state == DRAFT and viewer.role in APPROVERS and talk.planned_by != viewer.user_id,
                "change": may_write, "record": talk.state == plans.APPROVED and part,
                "confirm": talk.state == plans.HELD and part, "settle": viewer.role in TALKERS and not closed,
                "product": viewer.role in PLANNERS and not closed_talk,
            },
        )  # fmt: skip


def talk_of(typed: Fields) -> TalkData:
    """A plan as typed."""
    return TalkData(
        typed.text("trigger"), typed.text("theme"), typed.text("interviewer"), tuple(typed.texts("staff")),
        tuple(typed.texts("cadres")), typed.text("place"), typed.moment("day", "clock", "谈话时间"),
        typed.number("minutes", "时长", 60), typed.text("grouped") == "1", typed.number("headcount", "人数"),
    )  # fmt: skip


def plan(system: System, viewer: Viewer, data: TalkData) -> Talk:
    """Plan a talk; the audit entry names nobody."""
    today = system.settings.today()
    return perform(system, viewer, "talk-plan", "talk", "", lambda s, v: plans.plan_talk(s, v, data, today))


def outline_of(typed: Fields) -> outline.Outline:
    """An outline as typed: a question a line, its numbers in 〔〕 at the end."""
    return outline.Outline(
        typed.text("purpose"), typed.text("opening"), outline.parse_questions(typed.lines("questions")),
        tuple(typed.lines("spare")), typed.text("closing"), typed.text("reminder"),
    )  # fmt: skip


def record_of(typed: Fields) -> RecordData:
    """A record as typed: questions and answers in pairs, commitments in rows of item, owner, due, whose."""
    questions, answers = typed.values.get("question", []), typed.values.get("answer", [])
    items = [typed.values.get(name, []) for name in ("item", "owner", "due", "whose")]
    rows = []
    for item, owner, due, whose in zip(*items, strict=False):
        if item.strip():
            day = Fields({"due": [due]}).needed_day("due", "商定事项时限")
            unit = whose.startswith("unit:")
            rows.append(
                Commitment(item, owner, day, "" if unit else whose, whose.removeprefix("unit:") if unit else "")
            )
    return RecordData(
        typed.moment("day", "began", "开始时间"), typed.moment("day", "ended", "结束时间"), typed.text("place"),
        typed.text("topics"), tuple(zip(questions, answers, strict=False)), typed.text("statement"), tuple(rows),
        typed.text("restricted") == "1", typed.number("headcount", "人数"),
    )  # fmt: skip


def change(system: System, viewer: Viewer, talk_id: int, act: str, typed: Fields) -> None:
    """approve, move, cancel, brief, outline, record, confirm. Raises TALK-*."""
    today = system.settings.today()
    text, number = typed.text, typed.number
    prepared: dict[str, Any] = {
        "move": lambda: (typed.moment("day", "clock", "谈话时间"), number("minutes", "时长", 60)),
        "outline": lambda: outline_of(typed),
        "record": lambda: record_of(typed),
        "confirm": lambda: typed.day("on", "签认日期") or today,
        "brief": lambda: number("brief", "简报"),
    }
    given: Any = prepared[act]() if act in prepared else None
    changes: dict[str, Any] = {
        "approve": lambda s, v: plans.approve_talk(s, v, talk_id, today),
        "move": lambda s, v: plans.move_talk(s, v, talk_id, given[0], text("place"), given[1], today),
        "cancel": lambda s, v: plans.cancel_talk(s, v, talk_id, text("reason"), today),
        "brief": lambda s, v: plans.link_brief(s, v, talk_id, given, today),
        "outline": lambda s, v: outline.write_outline(s, v, talk_id, given, number("version", "版本"), today),
        "record": lambda s, v: records.enter_record(s, v, talk_id, given, today),
        "confirm": lambda s, v: records.confirm(
            s, v, talk_id, text("cadre"), text("confirmed"), given, text("reason"), today
        ),
    }
    if act in changes:
        perform(system, viewer, f"talk-{act}", "talk", str(talk_id), changes[act])


def link_brief(system: System, viewer: Viewer, talk_id: int, brief_id: int) -> None:
    """Link a brief that was made for a talk. Raises what `plans.link_brief` raises."""
    today = system.settings.today()
    perform(
        system, viewer, "talk-brief", "talk", str(talk_id),
        lambda s, v: plans.link_brief(s, v, talk_id, brief_id, today),
    )  # fmt: skip


def settle(system: System, viewer: Viewer, follow_id: int, typed: Fields) -> None:
    """Say how a commitment came out."""
    today = system.settings.today()
    on = typed.day("on", "日期") or today
    perform(
        system, viewer, "talk-settle", "follow-up", str(follow_id),
        lambda s, v: follow_ups.settle(s, v, follow_id, typed.text("state"), typed.text("result"), on, today),
    )  # fmt: skip


def ask(system: System, viewer: Viewer, typed: Fields) -> None:
    """Enter a cadre's request to talk with a leader."""
    on = typed.day("on", "申请日期") or system.settings.today()
    sealed(
        system, viewer, "request-enter", "talk-request", "",
        lambda s, vault, v: requests.ask(
            s, vault, v, typed.text("cadre"), typed.text("addressee"), typed.text("subject"), on,
            typed.text("consent") == "1",
        ),
    )  # fmt: skip


def request_act(system: System, viewer: Viewer, request_id: int, act: str, typed: Fields) -> int:
    """answer, consent, tell, schedule; returns the talk's id after schedule, else 0."""
    today = system.settings.today()
    text = typed.text
    at = typed.moment("day", "clock", "谈话时间") if act == "schedule" else moment(system)
    changes: dict[str, Any] = {
        "answer": lambda s, vault, v: requests.answer(s, vault, v, request_id, text("state"), text("answer"), today),
        "consent": lambda s, vault, v: requests.consent_given(s, vault, v, request_id),
        "tell": lambda s, vault, v: requests.tell_unit(s, vault, v, request_id),
        "schedule": lambda s, vault, v: plans.plan_requested(
            s, vault, v, request_id, text("place"), at, typed.number("minutes", "时长", 40), typed.texts("staff"), today
        ),
    }
    if act not in changes:
        return 0
    made = sealed(system, viewer, f"request-{act}", "talk-request", str(request_id), changes[act])
    return made.id if isinstance(made, Talk) else 0


def paper(system: System, viewer: Viewer, talk_id: int, which: str) -> ProductContent:
    """谈话提纲 or 谈话记录 as content. Raises TALK-OUTLINE, TALK-RECORD."""
    with system.database.read() as session:
        return PAPERS[which][2](session, viewer, talk_id, office_of(session), system.settings.today().isoformat())


def open_paper(system: System, viewer: Viewer, talk_id: int, which: str) -> ProductContent:
    """The paper for 文稿中心, which more people read: a restricted one stays here (TALK-RESTRICTED)."""
    content = paper(system, viewer, talk_id, which)
    if content.restricted:
        raise ShijiError("TALK-RESTRICTED", "该谈话为受控内容，不进入文稿中心", f"谈话{talk_id}", "请直接下载文件。")
    return content


def word(system: System, viewer: Viewer, talk_id: int, which: str) -> tuple[str, bytes]:
    """The paper in Word, recorded with its hash."""
    title, prefix, _ = PAPERS[which]
    content = paper(system, viewer, talk_id, which)
    data = product_docx(content, f"编号：{prefix}-{talk_id:06d}")
    with system.database.write() as session:
        detail = {"sha256": hashlib.sha256(data).hexdigest()}
        audit.record(session, viewer, "export", "talk", str(talk_id), "谈话", detail)
    return f"{title}-{talk_id}.docx", data


def talkers(session: Session) -> list[User]:
    """Accounts that may take part in a talk."""
    return list(session.scalars(select(User).where(User.role.in_(TALKERS), User.enabled.is_(True)).order_by(User.id)))
