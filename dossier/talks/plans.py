"""TalkPlan: who talks with whom, why, where and when, without a conflict in anybody's day (domain.md §1.11 c)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from dossier.compartment import requests
from dossier.scope import Viewer, get_cadre
from dossier.talks.rights import APPROVERS, PLANNERS, REQUESTED, TALKERS, get_talk, require, takes_part
from dossier.tenures import held_on
from storage.errors import ShijiError
from storage.settings import CHINA
from storage.tables import Brief, Post, Talk, TalkPerson, TalkRequest, Team, Tenure, User, now
from storage.vault import Vault

ORGANISED = "组织约谈"
DIRECTIONS = (ORGANISED, REQUESTED)
TRIGGERS = ("任职", "考核反馈", "分工调整", "重要事项", "问题线索核实后", "关怀", "回访", "本人申请")
DRAFT, APPROVED, HELD, CANCELLED = "draft", "approved", "held", "cancelled"
STATES = {DRAFT: "拟定", APPROVED: "已排定", HELD: "已谈", CANCELLED: "已取消"}
FORMAL = ("提醒", "函询", "诫勉", "告诫", "约谈提醒")  # words of formal acts, which no talk may bear (§2.3)


@dataclass(frozen=True)
class TalkData:
    """A talk to be planned. Logins of the department's people; `cadres`: ids; `headcount`: of a group talk."""

    trigger: str
    theme: str
    interviewer: str
    staff: tuple[str, ...]
    cadres: tuple[str, ...]
    place: str
    starts_at: datetime
    minutes: int = 60
    grouped: bool = False
    headcount: int = 0
    direction: str = ORGANISED


def plan_talk(session: Session, viewer: Viewer, data: TalkData, today: date) -> Talk:
    """Plan a talk that the organisation wishes. Raises RIGHTS-ROLE, CADRE-UNKNOWN, TALK-FIELD, TALK-CONFLICT."""
    require(viewer, PLANNERS)
    if data.direction != ORGANISED:
        raise _wrong("干部约谈由约谈申请排定", "方向")
    for cadre in data.cadres:
        get_cadre(session, viewer, cadre, today)
    return _write(session, viewer, data, today)


def plan_requested(
    session: Session, vault: Vault, viewer: Viewer, request_id: int, place: str, starts_at: datetime, minutes: int,
    staff: Sequence[str], today: date,
) -> Talk:  # fmt: skip
    """Schedule the talk a cadre asked for, after the addressee has accepted; the theme stays with the request."""
    row = requests.get_request(session, viewer, request_id)
    if row.state != requests.ACCEPTED or row.talk_id is not None or row.scheduler_id != viewer.user_id:
        raise _wrong("约谈对象同意后，由登记申请的经办人排定一次", "约谈申请")
    addressee = session.get_one(User, row.addressee_id).login
    data = TalkData(
        "本人申请", "", addressee, tuple(staff), (requests.cadre_of(vault, row),), place, starts_at, minutes,
        direction=REQUESTED,
    )  # fmt: skip
    talk = _write(session, viewer, data, today)
    talk.state, talk.approved_by, talk.approved_at = APPROVED, row.addressee_id, now()
    row.talk_id = talk.id
    return talk


def _write(session: Session, viewer: Viewer, data: TalkData, today: date) -> Talk:
    interviewer, staff = _check(session, data)
    check_free(session, data, (interviewer.id, *(u.id for u in staff)))
    people = list(dict.fromkeys(data.cadres))
    talk = Talk(
        direction=data.direction, trigger=data.trigger, theme=data.theme.strip(), interviewer_id=interviewer.id,
        staff=sorted(u.id for u in staff), place=data.place.strip(), starts_at=data.starts_at, minutes=data.minutes,
        grouped=data.grouped, headcount=max(data.headcount, len(people)) if data.grouped else len(people),
        planned_by=viewer.user_id,
    )  # fmt: skip
    session.add(talk)
    session.flush()
    day = data.starts_at.astimezone(CHINA).date()
    for ordinal, cadre in enumerate(people):
        post, team = _post_on(session, cadre, day)
        session.add(TalkPerson(talk_id=talk.id, cadre_id=cadre, ordinal=ordinal, post=post, team_id=team))
    session.flush()
    return talk


def _check(session: Session, data: TalkData) -> tuple[User, list[User]]:
    if data.trigger not in TRIGGERS:
        raise _wrong(f"谈话事由不可用，可选：{'、'.join(TRIGGERS)}", "事由")
    if any(word in data.theme for word in FORMAL):
        raise ShijiError(
            "TALK-FORMAL", "提醒、函询、诫勉是组织处理方式，不在谈心谈话中办理", "主题",
            "请改写主题；确需办理的，由干部监督处按程序报批。",
        )  # fmt: skip
    if not data.cadres or (not data.grouped and len(data.cadres) > 6):
        raise _wrong("请选择谈话对象；超过6人的应为集体谈话", "谈话对象")
    if not data.place.strip() or not 10 <= data.minutes <= 480:
        raise _wrong("请填写地点，时长10至480分钟", "地点、时长")
    people = session.scalars(select(User).where(User.login.in_([data.interviewer, *data.staff]))).all()
    by_login = {u.login: u for u in people if u.role in TALKERS and u.enabled}
    if len(by_login) != len({data.interviewer, *data.staff}) or len(by_login) < 2:
        raise _wrong("谈话应有两名以上工作人员参加（含谈话人）", "谈话人")
    interviewer = by_login.pop(data.interviewer)
    return interviewer, list(by_login.values())


def check_free(session: Session, data: TalkData, users: Sequence[int], but: int = 0) -> None:
    """Nobody and no room is in two talks at once. Says who is not free and when, never with whom (TALK-CONFLICT)."""
    ends = data.starts_at + timedelta(minutes=data.minutes)
    near = session.scalars(
        select(Talk).where(
            Talk.state.in_((DRAFT, APPROVED, HELD)), Talk.id != but, Talk.starts_at < ends,
            Talk.starts_at > data.starts_at - timedelta(minutes=480),
        )
    )  # fmt: skip
    for other in near:
        if other.starts_at + timedelta(minutes=other.minutes) <= data.starts_at:
            continue
        busy = set(users) & {other.interviewer_id, *other.staff}
        whom = session.scalars(select(User.name).where(User.id.in_(busy)).order_by(User.id)).all() if busy else []
        met = {p.cadre_id for p in other.persons} & set(data.cadres)
        what = "、".join(whom) or ("谈话对象" if met else "")
        if not what and other.place == data.place.strip():
            what = other.place
        if what:
            when = f"{other.starts_at.astimezone(CHINA):%Y-%m-%d %H:%M}"
            raise ShijiError(
                "TALK-CONFLICT", f"{what}该时段已有安排（{when}起{other.minutes}分钟）", "时间", "请换时间。"
            )


def move_talk(
    session: Session, viewer: Viewer, talk_id: int, starts_at: datetime, place: str, minutes: int, today: date
) -> Talk:
    """Another time or room for a talk that has not been held."""
    talk = _open(session, viewer, talk_id, today)
    users = (talk.interviewer_id, *talk.staff)
    data = TalkData(
        talk.trigger, talk.theme, "", (), tuple(p.cadre_id for p in talk.persons), place, starts_at, minutes
    )  # fmt: skip
    check_free(session, data, users, talk.id)
    if not place.strip() or not 10 <= minutes <= 480:
        raise _wrong("请填写地点，时长10至480分钟", "地点、时长")
    talk.starts_at, talk.place, talk.minutes = starts_at, place.strip(), minutes
    return talk


def approve_talk(session: Session, viewer: Viewer, talk_id: int, today: date) -> Talk:
    """A head or leader who did not plan it agrees to the plan."""
    require(viewer, APPROVERS)
    talk = get_talk(session, viewer, talk_id, today, lock=True)
    if talk.state != DRAFT:
        raise _wrong(f"该谈话已是“{STATES[talk.state]}”", "状态")
    if talk.planned_by == viewer.user_id:
        raise ShijiError("TALK-SAME", "拟定人不能审定自己的谈话计划", "", "请由另一名处长或部领导审定。")
    talk.state, talk.approved_by, talk.approved_at = APPROVED, viewer.user_id, now()
    return talk


def cancel_talk(session: Session, viewer: Viewer, talk_id: int, reason: str, today: date) -> Talk:
    """A talk that will not be held keeps its row and the reason."""
    talk = _open(session, viewer, talk_id, today)
    if not reason.strip():
        raise _wrong("取消谈话须写明原因", "原因")
    talk.state, talk.cancel_reason = CANCELLED, reason.strip()
    return talk


def link_brief(session: Session, viewer: Viewer, talk_id: int, brief_id: int, today: date) -> Talk:
    """Lay a 谈话前情况简报 that the viewer made beside the talk with its cadre."""
    talk = _open(session, viewer, talk_id, today)
    brief = session.get(Brief, brief_id)
    if brief is None or brief.user_id != viewer.user_id or brief.cadre_id not in {p.cadre_id for p in talk.persons}:
        raise _wrong("只能关联本人编制的、谈话对象的简报", "简报")
    talk.brief_id = brief_id
    return talk


def request_of(session: Session, talk: Talk) -> TalkRequest | None:
    """The request a talk came from."""
    return session.scalar(select(TalkRequest).where(TalkRequest.talk_id == talk.id))


def _open(session: Session, viewer: Viewer, talk_id: int, today: date) -> Talk:
    require(viewer, PLANNERS | APPROVERS)
    talk = get_talk(session, viewer, talk_id, today, lock=True)
    if not takes_part(viewer, talk) and viewer.role != "HEAD":
        raise ShijiError("RIGHTS-ROLE", "只有参加谈话的人员和处长可以办理", viewer.role, "请联系经办人。")
    if talk.state not in (DRAFT, APPROVED):
        raise _wrong(f"该谈话已是“{STATES[talk.state]}”，不能改动", "状态")
    return talk


def _post_on(session: Session, cadre_id: str, day: date) -> tuple[str, str | None]:
    rows = session.execute(
        select(Post.title, Team.id, Team.short)
        .join(Tenure, Tenure.post_id == Post.id)
        .join(Team, Post.team_id == Team.id)
        .where(Tenure.cadre_id == cadre_id, held_on(day))
        .order_by(Tenure.start)
    ).all()
    if not rows:
        return "", None
    return "；".join(f"{short} {title}" for title, _, short in rows), rows[0][1]


def _wrong(message: str, where: str) -> ShijiError:
    return ShijiError("TALK-FIELD", message, where, "请核对后重新填写。")
