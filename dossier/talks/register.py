"""谈话台账 and its statistics: 次 of talks, 人次 of persons in them (domain.md §1.0: three in one talk are 3 人次)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.products.spans import Span, span_of
from dossier.scope import Viewer
from dossier.talks.plans import DIRECTIONS, HELD, STATES, TRIGGERS
from dossier.talks.rights import READERS, get_talk, require, visible_talks
from storage.settings import CHINA
from storage.tables import Talk, TalkFollowUp, TalkPerson, TalkRequest, User

STATISTICIANS = frozenset({"KH", "DEP", "MIN"})  # see the whole department's numbers


@dataclass(frozen=True)
class TalkLine:
    """A talk as a line of the register."""

    id: int
    day: date
    clock: str
    minutes: int
    direction: str
    trigger: str
    theme: str
    people: str
    interviewer: str
    staff: tuple[str, ...]
    place: str
    headcount: int
    grouped: bool
    state: str
    state_name: str
    cancel_reason: str
    brief_id: int | None


@dataclass(frozen=True)
class TalkCounts:
    """Held talks of a quarter: `times` 次 and `persons` 人次, by direction and trigger; cancelled ones apart."""

    span: Span
    times: int
    persons: int
    by_direction: dict[str, tuple[int, int]]
    by_trigger: dict[str, tuple[int, int]]
    cancelled: int
    group_times: int
    requests: int
    answered_in_time: int
    follow_ups: int
    follow_ups_done: int


def register(session: Session, viewer: Viewer, since: date, until: date, today: date) -> list[TalkLine]:
    """Talks the viewer may read in these days (both included), newest first. 考核办 sees numbers only."""
    require(viewer, READERS)
    if viewer.role == "KH":
        return []
    return lines(session, visible_talks(session, viewer, _between(session, since, until), today))


def get_line(session: Session, viewer: Viewer, talk_id: int, today: date) -> tuple[Talk, TalkLine]:
    """One talk with its line. Raises TALK-UNKNOWN."""
    talk = get_talk(session, viewer, talk_id, today)
    return talk, lines(session, [talk])[0]


def lines(session: Session, talks: list[Talk]) -> list[TalkLine]:
    """Talks as lines, in the same order."""
    users = dict(session.execute(select(User.id, User.name)).all())
    found = []
    for talk in talks:
        at = talk.starts_at.astimezone(CHINA)
        people = "、".join(p.cadre.name for p in talk.persons)
        if talk.grouped and talk.headcount > len(talk.persons):
            people += f"等{talk.headcount}人"
        found.append(
            TalkLine(
                talk.id, at.date(), f"{at:%H:%M}", talk.minutes, talk.direction, talk.trigger, talk.theme, people,
                users[talk.interviewer_id], tuple(users[u] for u in talk.staff), talk.place, talk.headcount,
                talk.grouped, talk.state, STATES[talk.state], talk.cancel_reason, talk.brief_id,
            )
        )  # fmt: skip
    return found


def statistics(session: Session, viewer: Viewer, quarter: str, today: date) -> TalkCounts:
    """Numbers of a quarter: of the whole department for 考核办 and leaders, else of the talks the viewer may read."""
    require(viewer, READERS)
    span = span_of("quarter", quarter)
    talks = _between(session, span.since, span.until)
    if viewer.role not in STATISTICIANS:
        talks = visible_talks(session, viewer, talks, today)
    held = [t for t in talks if t.state == HELD]
    follows = session.execute(
        select(TalkFollowUp.state).where(TalkFollowUp.talk_id.in_([t.id for t in held]))
    ).scalars().all()  # fmt: skip
    asked = session.scalars(
        select(TalkRequest).where(TalkRequest.requested_on >= span.since, TalkRequest.requested_on <= span.until)
    ).all()
    if viewer.role not in STATISTICIANS:
        asked = [row for row in asked if viewer.user_id in (row.addressee_id, row.scheduler_id)]
    return TalkCounts(
        span, *tally(held), {d: tally([t for t in held if t.direction == d]) for d in DIRECTIONS},
        {x: tally([t for t in held if t.trigger == x]) for x in TRIGGERS}, sum(t.state == "cancelled" for t in talks),
        sum(t.grouped for t in held), len(asked),
        sum(row.answered_on is not None and row.answered_on <= row.answer_due for row in asked), len(follows),
        Counter(follows)["done"],
    )  # fmt: skip


def tally(talks: list[Talk]) -> tuple[int, int]:
    """(次, 人次): each talk once, each person in each talk once; a group talk counts its heads."""
    return len(talks), sum(t.headcount for t in talks)


def talks_of(session: Session, viewer: Viewer, cadre_id: str, today: date) -> list[Talk]:
    """Held talks with a person that the viewer may read, newest first."""
    mine = select(TalkPerson.talk_id).where(TalkPerson.cadre_id == cadre_id)
    query = select(Talk).where(Talk.id.in_(mine), Talk.state == HELD).order_by(Talk.starts_at.desc())
    return visible_talks(session, viewer, list(session.scalars(query)), today)


def _between(session: Session, since: date, until: date) -> list[Talk]:
    first = datetime.combine(since, time(), CHINA)
    after = datetime.combine(until + timedelta(days=1), time(), CHINA)
    query = select(Talk).where(Talk.starts_at >= first, Talk.starts_at < after)
    return list(session.scalars(query.order_by(Talk.starts_at.desc(), Talk.id.desc())))
