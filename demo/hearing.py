"""The demo's field records, ledger, clearing and requests: through the real services, with rights and two officers.

What people did is in hearing.yaml. Done once: a second call finds the ledger and leaves everything.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.history import Officers
from dossier import terms, verify
from dossier.clearing import cleared, corrections, destruction
from dossier.field import doubts
from dossier.field.records import RecordForm, enter
from dossier.hearing import notices
from dossier.hearing.letter import letter_text
from dossier.ledger import entries
from dossier.ledger.rules import EntryWords
from dossier.products.redact import load_names
from dossier.products.spans import span_of
from dossier.scope import Viewer, viewer_of
from dossier.views import load_views
from storage.database import Database
from storage.tables import Clearing, Evidence, LedgerEntry, Passage, Team, User
from storage.yaml_text import load_yaml

FILE = Path(__file__).with_name("hearing.yaml")
People = Mapping[str, Viewer]
Told = dict[str, Any]


def fill_hearing(database: Database, officers: Mapping[str, Officers], today: dt.date) -> None:
    """Records of four quarters, the ledger, an open notice, a clearing on its list, requests of two cadres."""
    told: Told = load_yaml(FILE.read_text(encoding="utf-8"))
    with database.write() as session:
        if session.scalar(select(LedgerEntry.id).limit(1)) is not None:
            return
        people = {user.login: viewer_of(session, user, today) for user in session.scalars(select(User))}
        zones = dict(session.execute(select(Team.id, Team.zone_id)).all())
        names = {user.login: user.name for user in session.scalars(select(User))}
        for quarter, teams in told["records"].items():
            for team, channels in teams.items():
                who = officers[zones[team]]
                for number, channel in enumerate(channels):
                    day = span_of("quarter", quarter).since + dt.timedelta(days=12 + 11 * number)
                    pair = (names[who.first], names[who.second])
                    enter(session, people[who.first], visit(told, channel, day, (), (team,), pair), today)
        port(session, people, officers["Z2"], names, told, today)
        debt(session, people, told)
        clear(session, people, told, today)
        ask(session, people, told, today)
        contradict(session, people, officers, names, told, today)
        open_notice(session, people, officers["Z1"], today)


def visit(
    told: Told, channel: str, day: dt.date, items: tuple[int, ...], teams: tuple[str, ...], officers: tuple[str, str],
    said: str = "",
) -> RecordForm:  # fmt: skip
    """A full record of a channel, with all that its form asks for."""
    kept = told["visits"][channel]
    fields = {key: str(text).replace("DAY", day.isoformat()) for key, text in kept["fields"].items()}
    return RecordForm(channel, day, said or kept["said"], fields, officers, items, teams)


def port(
    session: Session, people: People, who: Officers, names: Mapping[str, str], told: Told, today: dt.date
) -> None:  # fmt: skip
    """S2: two leaders, each in his own time; one entry with a wrong day is reversed and entered anew."""
    part = told["port"]
    item = _item(session, part["words"], "D10")
    if item is None:
        return
    if item.state == terms.ADOPTED:
        day, pair = dt.date(2024, 10, 10), (names[who.first], names[who.second])
        for channel in ("看", "调"):
            enter(session, people[who.first], visit(told, channel, day, (item.id,), (), pair), today)
        verify.propose(session, people[who.first], item.id, terms.VERIFIED, "现场察看与数据调阅相互印证")
        verify.agree(session, people[who.second], item.id, "同意", on=day)
    if item.state not in terms.ESTABLISHED:
        return
    days, early = told["days"], told["wrong_days"]
    enter_entry(session, people, "D10", part["first"], item.id, days)
    wrong = enter_entry(session, people, "D10", part["wrong"], item.id, early)
    back = entries.reverse(session, people["kh"], wrong.id, part["reversal"], days["drafted"])
    _pass(session, people, back, days)
    right = enter_entry(session, people, "D10", part["right"], item.id, days)
    entries.track(session, people["kh"], right.id, part["track"][0], part["track"][1], today)


def debt(session: Session, people: People, told: Told) -> None:
    """S9: 责任 of whom decided, told and heard; a neutral entry of whom found and settled it."""
    part, days = told["debt"], told["days"]
    item = _item(session, part["words"], "D03")
    if item is None or item.state not in terms.ESTABLISHED:
        return
    row = entries.prepare(
        session, people["kh"], part["duty"]["cadre"], "D03", _words(part["duty"], item.id), days["drafted"]
    )
    entries.tell(session, people["kh"], row.id, days["told"])
    entries.note_statement(session, people["kh"], row.id, part["statement"], days["spoke"])
    _pass(session, people, row, days)
    other = enter_entry(session, people, "D03", part["neutral"], item.id, days)
    entries.track(session, people["kh"], other.id, part["track"][0], part["track"][1], days["approved"])


def enter_entry(
    session: Session, people: People, team: str, part: Told, evidence_id: int, days: Told
) -> LedgerEntry:  # fmt: skip
    """Draft, check, approve."""
    row = entries.prepare(session, people["kh"], part["cadre"], team, _words(part, evidence_id), days["drafted"])
    _pass(session, people, row, days)
    return row


def clear(session: Session, people: People, told: Told, today: dt.date) -> None:
    """S12: the letter, and a list that the auditor has checked; the deputy's signature is left to the visitor."""
    row = session.scalar(select(Clearing).order_by(Clearing.id).limit(1))
    if row is not None:
        cleared.write_letter(session, people["off3"], row.id, told["clearing"]["letter"])
    if destruction.due_items(session, today):
        made = destruction.prepare(session, people["sys"], today)
        destruction.check(session, people["aud"], made.id, True, today)


def ask(session: Session, people: People, told: Told, today: dt.date) -> None:
    """更正请求: one answered, one running."""
    for part in told["corrections"]:
        row = corrections.register(
            session, people["off1"], part["cadre"], part["received"], part["way"], part["text"], today
        )
        if "outcome" in part:
            corrections.prepare_answer(session, people["off1"], row.id, part["outcome"], part["answer"])
            corrections.give_answer(session, people["head1"], row.id, part["answered"])


def contradict(
    session: Session, people: People, officers: Mapping[str, Officers], names: Mapping[str, str], told: Told,
    today: dt.date,
) -> None:  # fmt: skip
    """One item under verification whose channels say different things: both versions stand, no conclusion yet."""
    item = session.scalar(
        select(Evidence)
        .where(
            Evidence.state == terms.TO_VERIFY, Evidence.team_id.is_not(None), Evidence.restricted.is_(False),
            Evidence.team_id.like("D%"),
        )
        .order_by(Evidence.id.desc())
        .limit(1)
    )  # fmt: skip
    if item is None or item.team is None:
        return
    who, day = officers[item.team.zone_id], today - dt.timedelta(days=6)
    pair = (names[who.first], names[who.second])
    made = [
        enter(session, people[who.first], visit(told, channel, day, (item.id,), (), pair, said), today)
        for channel, said in zip(("看", "调"), told["doubt"], strict=True)
    ]
    doubts.raise_doubt(session, people[who.second], item.id, made[0].id, made[1].id, today)


def open_notice(session: Session, people: People, who: Officers, today: dt.date) -> None:
    """One notice to 望澜区 whose clock runs, so that the unit's account has something to answer."""
    item = session.scalar(
        select(Evidence)
        .where(Evidence.team_id == "D01", Evidence.adverse, Evidence.state.in_(terms.ESTABLISHED))
        .order_by(Evidence.id.desc())
        .limit(1)
    )
    if item is None:
        return
    [view] = load_views(session, select(Evidence).where(Evidence.id == item.id))
    words = letter_text(view, load_names(session), notices.ANSWER_WORKDAYS)
    notices.send(session, people[who.first], item.id, words, today - dt.timedelta(days=2), check=False)


def _pass(session: Session, people: People, row: LedgerEntry, days: Told) -> None:
    entries.check(session, people["sup"], row.id, True, "同意", days["checked"])
    entries.approve(session, people["dep"], row.id, True, "同意", days["approved"])


def _words(part: Told, evidence_id: int) -> EntryWords:
    return EntryWords(
        part["kind"], part["matter"], part["text"], part["role"], part["horizon"], tuple(part["decided"]),
        part.get("from"), part.get("to"), tuple(part.get("effects", ())), (evidence_id,), "年度考核和项目跟踪了解",
    )  # fmt: skip


def _item(session: Session, words: str, team: str) -> Evidence | None:
    return session.scalar(
        select(Evidence)
        .join(Passage, Evidence.passage_id == Passage.id)
        .where(Passage.text.contains(words), Evidence.team_id == team)
        .order_by(Evidence.id)
        .limit(1)
    )
