"""谈话记录: time, place, at least two staff, points by question, statement, commitments, confirmation (§4.3)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from dossier.compartment.wording import looks_like_diagnosis, refuse_diagnosis
from dossier.scope import Viewer
from dossier.talks.plans import APPROVED, HELD
from dossier.talks.rights import get_talk, takes_part
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Talk, TalkFollowUp, TalkPerson, TalkRecord, User

SIGNED, UNSIGNED = "已签认", "未签认"
CONFIRMATIONS = (SIGNED, UNSIGNED)
_PRIVATE = ("身体状况", "住院", "病情", "病假", "家庭变故", "丧亲", "离婚", "婚姻")


@dataclass(frozen=True)
class Commitment:
    """商定事项. `cadre_id`: the person's own, moves with them; empty: the unit's (`team_id`), stays there."""

    item: str
    owner: str
    due: date
    cadre_id: str = ""
    team_id: str = ""


@dataclass(frozen=True)
class RecordData:
    """A record to be entered. `points`: (question, answer)."""

    began_at: datetime
    ended_at: datetime
    place: str
    topics: str
    points: tuple[tuple[str, str], ...]
    statement: str
    commitments: tuple[Commitment, ...] = ()
    restricted: bool = False
    headcount: int = 0  # of a group talk, as counted on the spot


def enter_record(session: Session, viewer: Viewer, talk_id: int, data: RecordData, today: date) -> TalkRecord:
    """Enter the record of a talk that was planned and approved; the talk is then held.

    What touches health or family makes the record restricted; a diagnosis is refused. Raises TALK-*, MATTER-DIAGNOSIS.
    """
    talk = get_talk(session, viewer, talk_id, today, lock=True)
    if not takes_part(viewer, talk):
        raise ShijiError("RIGHTS-ROLE", "谈话记录由参加谈话的人员填写", viewer.role, "请联系谈话人。")
    if talk.state != APPROVED:
        raise _wrong("谈话尚未审定，或已有记录、已取消")
    _check(data, today)
    said = [data.topics, data.statement, *(text for point in data.points for text in point)]
    for text in said:
        refuse_diagnosis(text, "谈话记录", of_person=True)
    private = any(word in text for text in said for word in _PRIVATE) or any(map(looks_like_diagnosis, said))
    row = TalkRecord(
        talk_id=talk_id, began_at=data.began_at, ended_at=data.ended_at, place=data.place.strip(),
        staff=[talk.interviewer_id, *talk.staff], recorder_id=viewer.user_id, topics=data.topics.strip(),
        points=[{"question": q.strip(), "answer": a.strip()} for q, a in data.points if a.strip()],
        statement=data.statement.strip(), restricted=data.restricted or private, user_id=viewer.user_id,
    )  # fmt: skip
    session.add(row)
    talk.state = HELD
    if talk.grouped:
        talk.headcount = max(data.headcount or talk.headcount, len(talk.persons))
    for commitment in data.commitments:
        _add_commitment(session, talk, commitment)
    session.flush()
    return row


def confirm(
    session: Session, viewer: Viewer, talk_id: int, cadre_id: str, confirmed: str, on: date, reason: str, today: date
) -> TalkPerson:
    """Note that the person signed the record on paper, or did not and why (未签认)."""
    talk = get_talk(session, viewer, talk_id, today)
    person = session.get(TalkPerson, (talk_id, cadre_id))
    if not takes_part(viewer, talk) or talk.state != HELD or person is None:
        raise _wrong("有谈话记录后由参加人员登记签认")
    if confirmed not in CONFIRMATIONS or (confirmed == UNSIGNED and not reason.strip()):
        raise _wrong("请选择已签认或未签认；未签认须写明原因")
    if on > today or on < talk.starts_at.astimezone(CHINA).date():
        raise _wrong("签认日期应在谈话之日至今天之间")
    person.confirmed, person.confirmed_on, person.reason = confirmed, on, reason.strip()
    return person


def record_of(session: Session, viewer: Viewer, talk: Talk) -> TalkRecord | None:
    """The record, unless it is restricted and the viewer did not take part."""
    row = session.get(TalkRecord, talk.id)
    return None if row is not None and row.restricted and not takes_part(viewer, talk) else row


def staff_names(session: Session, record: TalkRecord) -> list[str]:
    """Names of the department's people in the talk, the interviewer first."""
    return [user.name for number in record.staff if (user := session.get(User, number)) is not None]


def _check(data: RecordData, today: date) -> None:
    if data.ended_at <= data.began_at or data.ended_at - data.began_at > timedelta(hours=12):
        raise _wrong("结束时间应晚于开始时间，且在同一日")
    if data.began_at.astimezone(CHINA).date() > today:
        raise _wrong("谈话时间晚于今天")
    if not data.place.strip() or not data.topics.strip():
        raise _wrong("请填写地点和主题")
    if not any(answer.strip() for _, answer in data.points):
        raise _wrong("请记录谈话要点")


def _add_commitment(session: Session, talk: Talk, given: Commitment) -> None:
    people = {p.cadre_id: p for p in talk.persons}
    if not given.item.strip() or not given.owner.strip():
        raise _wrong("商定事项须写明内容和责任人")
    if given.due < talk.starts_at.astimezone(CHINA).date():
        raise _wrong("商定事项的时限早于谈话日期")
    if given.cadre_id:
        if given.cadre_id not in people:
            raise _wrong("商定事项的责任人不是本次谈话对象")
        team = people[given.cadre_id].team_id
    elif given.team_id in {p.team_id for p in people.values()}:
        team = given.team_id
    else:
        raise _wrong("单位事项的单位不是谈话对象任职单位")
    session.add(
        TalkFollowUp(
            talk_id=talk.id, cadre_id=given.cadre_id or None, team_id=team, item=given.item.strip(),
            owner=given.owner.strip(), due=given.due,
        )
    )  # fmt: skip


def _wrong(message: str) -> ShijiError:
    return ShijiError("TALK-RECORD", message, "谈话记录", "请核对后重新填写。")
