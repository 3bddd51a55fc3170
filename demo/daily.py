"""The demo's four daily systems: zones and contacts, talks, important matters, formal acts, closed batches.

Everything goes through the real services with the rights of the demo's accounts; the words stand in daily.yaml.
"""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from demo.rows import read_yaml
from dossier import batches
from dossier.compartment import matters, requests, supervision
from dossier.compartment.kinds import DISCIPLINE, FAMILY, MatterData
from dossier.compartment.opening import vault_for
from dossier.liaison import activities, duties, membership, ties
from dossier.liaison.activities import ActivityData
from dossier.products.spans import span_of
from dossier.scope import Viewer, viewer_of
from dossier.talks import follow_ups, outline, plans, records
from dossier.talks.plans import TalkData
from dossier.talks.records import Commitment, RecordData
from storage.database import Database
from storage.settings import CHINA
from storage.tables import MediaBatch, Talk, Team, TeamZone, User, ZoneDuty
from storage.vault import Vault
from storage.workdays import is_workday

PLAN = Path(__file__).parent / "daily.yaml"
QUARTERS = ("2024Q4", "2025Q1", "2025Q2", "2025Q3")
FIRST_BATCH, BATCH_DAYS = date(2024, 10, 1), 21
MINUTES = 50


def fill_daily(database: Database, key: Path, today: date) -> bool:
    """Write zones, contacts, talks, matters and formal acts once; True when they were written now."""
    with database.read() as session:
        if session.scalar(select(ZoneDuty.id).limit(1)) is not None:
            return False
    plan = read_yaml(PLAN)
    with database.write() as session:
        who = _people(session, today)
        vault = vault_for(session, key)
        _zones(session, plan, who)
        _contacts(session, plan, who, today)
        _talks(session, plan, who, today)
        _requests(session, vault, plan, who, today)
        _matters(session, vault, plan, who)
        _acts(session, vault, plan, who["sup"])
    return True


def fill_batches(database: Database, today: date) -> int:
    """Close a batch every three weeks up to the last that has ended, open the next; returns the batches closed."""
    with database.write() as session:
        if session.scalar(select(MediaBatch.id).limit(1)) is not None:
            return 0
        kh = _people(session, today)["kh"]
        since, closed = FIRST_BATCH, 0
        while True:
            until = since + timedelta(days=BATCH_DAYS - 1)
            row = batches.open_batch(session, kh, until, since=since)
            if until >= today:
                return closed
            batches.close_batch(session, kh, row.id, _workday(until + timedelta(days=1)))
            since, closed = until + timedelta(days=1), closed + 1


def _people(session: Session, today: date) -> dict[str, Viewer]:
    return {user.login: viewer_of(session, user, today) for user in session.scalars(select(User))}


def _zones(session: Session, plan: dict[str, Any], who: dict[str, Viewer]) -> None:
    for login, team, kind, until in plan["ties"]:
        ties.add_tie(session, who["kh"], login, team, kind, until)
    for team, zone, on, reason in plan["moves"]:
        membership.move_team(session, who["kh"], team, zone, on, reason)
    for zone, login, kind, start, end, excluded, reason in plan["duties"]:
        duties.give_duty(session, who["kh"], zone, login, kind, start, end, excluded, reason)
    for team in session.scalars(select(Team).where(Team.id.not_in(select(TeamZone.team_id)))):
        membership.keep_history(session, team)


def _contacts(session: Session, plan: dict[str, Any], who: dict[str, Viewer], today: date) -> None:
    """One contact a quarter with each team but the few left out, and some in the running quarter."""
    kinds, follows = list(plan["contacts"]), plan["follow_ups"]
    teams = session.scalars(select(Team).order_by(Team.ordinal, Team.id)).all()
    spans = [(span_of("quarter", code).since, set(plan["missing"][code])) for code in QUARTERS]
    spans.append((date(2025, 10, 1), {t.id for t in teams[8:]}))
    for number, (first, left_out) in enumerate(spans):
        for place, team in enumerate(teams):
            if team.id in left_out:
                continue
            first_officer, second = plan["pairs"][team.zone_id]
            if team.id == "ME05":
                second = "head"
            on = _workday(min(first + timedelta(days=9 + place * 37 % 74), today - timedelta(days=place % 5)))
            on = on if on <= today else today
            kind = kinds[(place + 2 * number) % len(kinds)]
            follow = follows[(place + number) % len(follows)] if (place + number) % 6 == 0 else ""
            row = activities.enter_activity(
                session, who[first_officer],
                ActivityData(
                    team.id, on, kind, (first_officer, second), plan["contacts"][kind], (), follow,
                    on + timedelta(days=30) if follow else None,
                ),
                today,
            )  # fmt: skip
            if follow and on + timedelta(days=25) < today and place % 4:
                done = on + timedelta(days=25)
                activities.settle_follow_up(session, who[first_officer], row.id, done, "已报送，内容齐全。", today)


def _talks(session: Session, plan: dict[str, Any], who: dict[str, Viewer], today: date) -> None:
    for day, clock, trigger, cadre, by, item, state in plan["talks"]:
        agreed = [(item, state)] if item else []
        second = plan["second"].get(f"{day}/{cadre}")
        agreed += [tuple(second)] if second else []
        talk = _plan(session, who, (day, clock), trigger, (cadre,), by, today)
        _hold(session, who, talk, agreed, today)
    for day, clock, heads, cadres in plan["groups"]:
        talk = _plan(session, who, (day, clock), "考核反馈", tuple(cadres), "min", today, heads)
        _hold(session, who, talk, [], today)
    for day, clock, trigger, cadre, by, reason in plan["cancelled"]:
        talk = _plan(session, who, (day, clock), trigger, (cadre,), by, today)
        plans.cancel_talk(session, who["head"], talk.id, reason, today)
    for day, clock, trigger, cadre, by, state in plan["planned"]:
        _plan(session, who, (day, clock), trigger, (cadre,), by, today, approve=state == "approved")


def _plan(
    session: Session, who: dict[str, Viewer], when: tuple[date, str], trigger: str, cadres: tuple[str, ...], by: str,
    today: date, heads: int = 0, approve: bool = True,
) -> Talk:  # fmt: skip
    """Planned by the zone's officer, or by 综合处 for a leader's meeting; agreed to by another."""
    at = datetime.combine(when[0], datetime.strptime(when[1], "%H:%M").time(), CHINA)
    planner = "head" if heads or by == "head" or trigger == "重要事项" else "off1"
    staff = ("off1",) if planner == "off1" else ("off5",)
    place = "组织部三楼会议室" if heads else f"组织部谈话室{1 + (by != 'head1')}"
    data = TalkData(
        trigger, f"{trigger}：近期工作情况", by, staff, cadres, place, at, 90 if heads else MINUTES, bool(heads), heads
    )
    talk = plans.plan_talk(session, who[planner], data, today)
    if approve:
        plans.approve_talk(session, who["head1" if planner == "off1" else "dep"], talk.id, today)
    return talk


def _hold(session: Session, who: dict[str, Viewer], talk: Talk, agreed: list[Any], today: date) -> None:
    recorder = who["off1" if not talk.grouped and talk.planned_by == who["off1"].user_id else "off5"]
    session.refresh(talk, ["persons"])
    draft = outline.draft(session, recorder, talk, today)
    outline.write_outline(session, recorder, talk.id, draft, 0, today)
    day = talk.starts_at.astimezone(CHINA).date()
    first = talk.persons[0]
    answers = ("按计划推进，主要节点已列入台账。", "分工衔接正常，个别事项正在协调。", "没有其他要求。")
    points = tuple((q.text, answers[n % len(answers)]) for n, q in enumerate(draft.questions[:3]))
    rows = tuple(
        Commitment(item, first.cadre.name, day + timedelta(days=60), first.cadre_id) for item, _state in agreed
    )
    records.enter_record(
        session, recorder, talk.id,
        RecordData(
            talk.starts_at, talk.starts_at + timedelta(minutes=talk.minutes - 5), talk.place, talk.theme, points,
            "认真研究谈话意见，抓好落实。", rows, headcount=talk.headcount,
        ),
        today,
    )  # fmt: skip
    for number, person in enumerate(talk.persons):
        unsigned = (talk.id + number) % 7 == 0
        state = records.UNSIGNED if unsigned else records.SIGNED
        reason = "本人出差，待补签" if unsigned else ""
        records.confirm(session, recorder, talk.id, person.cadre_id, state, day, reason, today)
    states = dict(agreed)
    for line in follow_ups.of_talk(session, talk.id, today):
        if states[line.item] == "done":
            on = min(day + timedelta(days=45), today)
            follow_ups.settle(session, recorder, line.id, follow_ups.DONE, "已报送并核对。", on, today)


def _requests(session: Session, vault: Vault, plan: dict[str, Any], who: dict[str, Viewer], today: date) -> None:
    for day, cadre, addressee, scheduler, subject, consent, state, answered, talk_day, clock in plan["requests"]:
        row = requests.ask(session, vault, who[scheduler], cadre, addressee, subject, day, consent)
        if state:
            text = "安排面谈" if state == requests.ACCEPTED else "由干部一处当面听取意见并答复"
            requests.answer(session, vault, who[addressee], row.id, state, text, answered)
        if talk_day:
            at = datetime.combine(talk_day, datetime.strptime(clock, "%H:%M").time(), CHINA)
            talk = plans.plan_requested(
                session, vault, who[scheduler], row.id, "组织部谈话室3", at, 40, (scheduler,), today
            )
            _hold_requested(session, who[scheduler], talk, today)


def _hold_requested(session: Session, recorder: Viewer, talk: Talk, today: date) -> None:
    said = RecordData(
        talk.starts_at, talk.starts_at + timedelta(minutes=35), talk.place, "听取本人意见",
        (("本人自述", "汇报工作体会，提出两点建议。"),), "感谢组织关心。",
    )  # fmt: skip
    records.enter_record(session, recorder, talk.id, said, today)


def _matters(session: Session, vault: Vault, plan: dict[str, Any], who: dict[str, Viewer]) -> None:
    sup = who["sup"]
    received = []
    for values in plan["matters"]:
        row = matters.submit(session, vault, _reporter(who, values), _matter(values), _moment(values[5]))
        matters.receive(session, vault, sup, row.id, _moment(values[5]) + timedelta(minutes=40))
        for login in plan["readers"].get(values[0], ()):
            matters.name_reader(session, vault, sup, row.id, login)
        received.append((row, values))
    row = matters.submit(session, vault, sup, _matter(plan["again"]), _moment(plan["again"][5]))
    matters.receive(session, vault, sup, row.id, _moment(plan["again"][5]) + timedelta(minutes=30))
    matters.merge(session, vault, sup, row.id, received[-1][0].receipt or "")
    for row, values in received:
        day = _moment(values[5]).date()
        if values[2] in ("重大疾病", FAMILY):
            kind = "关怀走访" if values[2] == "重大疾病" else "电话慰问"
            matters.care(session, vault, sup, row.id, kind, _workday(day + timedelta(days=2)), "看望并了解工作安排。")
        if day < date(2025, 8, 1) or values[2] == "分工调整":
            matters.close(session, vault, sup, row.id, day + timedelta(days=30), "工作安排已落实。")
    matters.submit(
        session, vault, _reporter(who, plan["waiting"]), _matter(plan["waiting"]), _moment(plan["waiting"][5])
    )


def _reporter(who: dict[str, Viewer], values: list[Any]) -> Viewer:
    """The unit's own account where the demo has one; else 干部监督处 enters what came on paper."""
    return next((v for v in who.values() if v.role == "UNIT" and v.team_id == values[0]), who["sup"])


def _matter(values: list[Any]) -> MatterData:
    team, cadre, kind, day, hour, _reported, said, effect, expected, channel, urgent = values
    named = cadre.removeprefix("=") if cadre.startswith("=") else ""
    return MatterData(
        kind, "" if named else cadre, team, day, hour, "" if kind in (FAMILY, DISCIPLINE) else said, effect, expected,
        "由班子其他成员代管有关工作。" if effect != "不影响" else "", "单位签报领导", "单位填报员", channel, urgent,
        said if kind == FAMILY else "", "市纪委监委" if kind == DISCIPLINE else "", said if kind == DISCIPLINE else "",
        False, named,
    )  # fmt: skip


def _acts(session: Session, vault: Vault, plan: dict[str, Any], sup: Viewer) -> None:
    for kind, cadre, team, form, matter, document, delivered, replied, outcome, reported in plan["acts"]:
        approver = supervision.APPROVERS[kind]
        data = supervision.ActData(kind, cadre, team, form, matter, approver, document, delivered)
        row = supervision.enter(session, vault, sup, data)
        if replied:
            supervision.replied(session, sup, row.id, replied, outcome)
        if reported:
            supervision.reported(session, sup, row.id, reported)


def _moment(value: Any) -> datetime:
    """2025-09-15 16:30, as text or as YAML reads it."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=CHINA)
    return datetime.strptime(str(value), "%Y-%m-%d %H:%M").replace(tzinfo=CHINA)


def _workday(day: date) -> date:
    while not is_workday(day):
        day += timedelta(days=1)
    return day
