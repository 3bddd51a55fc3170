"""The demo's 4+3+2: tasks of all teams, four quarters of verified progress, then published runs with one V2.

Everything goes through the real services with the rights of the demo's accounts; times are set back to the demo's
calendar afterwards, since the services stamp the real moment. Done once.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from appraisal.quarterly import claims, projects, rules, runs, tasks, unit
from appraisal.quarterly.projects import ProjectRow
from appraisal.quarterly.tasks import TaskWords
from appraisal.review.quarter import Quarter, parse_quarter
from appraisal.sheets import read_indicator_workbook
from appraisal.store import import_sheets, latest_points, read_book, team_names
from demo.history import Officers
from demo.rows import read_yaml
from dossier.scope import Viewer, viewer_of
from dossier.verify import RecordData
from storage.database import Database
from storage.settings import CHINA
from storage.tables import Post, QuarterRun, Task, TaskAct, TaskClaim, TaskVersion, Team, Tenure, User

HERE = Path(__file__).parent
QUARTERS = ("2024Q4", "2025Q1", "2025Q2", "2025Q3")
STEPS = ("完成方案和责任分工", "完成过半，关键节点落实", "基本完成，开展自查", "全面完成并通过验收")
USUAL = ("按期", "按期", "按期", "基本按期", "按期", "超额", "按期")
LAGGING = ("滞后", "严重滞后", "未启动")
SAID = {
    "超额": "已提前完成本季度节点，并启动下一季度任务。", "按期": "本季度节点已完成，台账和现场可查。",
    "基本按期": "完成本季度节点的九成以上，剩余事项已排定时间。", "滞后": "受前期手续影响，进度慢于节点。",
}  # fmt: skip
People = Mapping[str, Viewer]


def fill_tasks(database: Database, officers: Mapping[str, Officers], today: dt.date) -> bool:
    """Rules, tasks, progress, a unit's draft; True when they were written now. `officers`: zone -> who verifies."""
    plan = read_yaml(HERE / "tasks.yaml")
    with database.write() as session:
        if session.scalar(select(Task.id).limit(1)) is not None:
            return False
        people = {user.login: viewer_of(session, user) for user in session.scalars(select(User))}
        _rules(session, people, plan)
        zones = dict(session.execute(select(Team.id, Team.zone_id)).all())
        held = _tasks(session, people, plan)
        for quarter in QUARTERS:
            _progress(session, people, officers, zones, held, plan, quarter)
        _personal(session, people, plan)
        _units(session, people, plan, today)
        _set_back(session)
    return True


def fill_runs(database: Database) -> bool:
    """亿元项目 and the published quarters on the figures that are there; True when they were written now."""
    plan = read_yaml(HERE / "tasks.yaml")
    with database.write() as session:
        if session.scalar(select(QuarterRun.id).limit(1)) is not None:
            return False
        people = {user.login: viewer_of(session, user) for user in session.scalars(select(User))}
        _projects(session, people["kh"], plan)
        _runs(session, people, plan)
    return True


def _rules(session: Session, people: People, plan: Mapping[str, Any]) -> None:
    for year, document in plan["rules"].items():
        row = rules.prepare_rules(session, people["kh"], year, {})
        rules.approve_rules(session, people["min"], row.id, document)


def _tasks(session: Session, people: People, plan: Mapping[str, Any]) -> dict[tuple[int, str], list[int]]:
    """(year, team) -> task ids; one of 2025 is changed in the third quarter."""
    held: dict[tuple[int, str], list[int]] = {}
    for year, teams in ((2024, plan["year_2024"]), (2025, list(plan["teams"]))):
        for team in teams:
            ids = []
            for number, title in enumerate(plan["teams"][team], 1):
                words = _words(f"{title}（首年）" if year == 2024 else title, plan["basis"][number - 1], year)
                row = tasks.propose(session, people["kh"], year, team, number, words)
                row.proposed_by = people["unit"].user_id if team == "D01" else None  # handed in on paper
                tasks.check(session, people["kh"], row.id, True)
                tasks.approve(session, people["dep"], row.id, "分管市领导", f"澜考发〔{year}〕2号")
                ids.append(row.task_id)
            tasks.freeze(session, people["kh"], year, team)
            held[(year, team)] = ids
    change = plan["change"]
    words = _words(change["title"], plan["basis"][2], 2025, change["from_quarter"])
    row = tasks.propose(
        session, people["head1"], 2025, change["team"], change["number"], words, reason=change["reason"]
    )
    tasks.check(session, people["kh"], row.id, True)
    tasks.approve(session, people["dep"], row.id, change["approver"], change["document"])
    tasks.freeze(session, people["kh"], 2025, change["team"])
    return held


def _words(title: str, basis: str, year: int, start: int = 1, weight: str = "1") -> TaskWords:
    steps = {number: f"{STEPS[number - 1]}" for number in range(start, 5)}
    basis = f"{year}年{basis}"
    return TaskWords(title, f"{title}按节点完成，年底形成可核查的成果", basis, Decimal(weight), "", steps, start)


def _progress(
    session: Session, people: People, officers: Mapping[str, Officers], zones: Mapping[str, str],
    held: Mapping[tuple[int, str], list[int]], plan: Mapping[str, Any], code: str,
) -> None:  # fmt: skip
    """Claims of a quarter; one visit and one look into papers in each zone support all of them."""
    quarter = parse_quarter(code)
    left = {team: kind for kind, teams in plan["open_2025Q3"].items() for team in teams} if code == "2025Q3" else {}
    drafts = plan["draft_2025Q3"] if code == "2025Q3" else {}
    day = quarter.following.first + dt.timedelta(days=7)
    found: dict[str, list[tuple[TaskClaim, str, str]]] = {}
    for (year, team), ids in held.items():
        if year != quarter.year or team in drafts:
            continue
        levels = plan["levels"][code].get(team) or [_level(code, team, number) for number in (1, 2, 3)]
        first = people[officers[zones[team]].first]
        for number, (task_id, level) in enumerate(zip(ids, levels, strict=True), 1):
            said = "按期" if level in LAGGING and _dice(code, team) % 2 else level
            text = SAID.get(said, SAID["滞后"])
            row = claims.report_progress(session, first, task_id, quarter.number, said, text, day)
            row.by_unit, row.user_id = True, None
            kind = left.get(team, "") if number == 2 or left.get(team) == "waiting" else ""
            found.setdefault(zones[team], []).append((row, level, kind))
    for zone, rows in found.items():
        _visit(session, people[officers[zone].first], rows, day)
        with session.no_autoflush:  # hundreds of acts, of which none asks for what another has just written
            _verify(session, people, officers[zone], rows, plan, day)


def _visit(session: Session, first: Viewer, rows: list[tuple[TaskClaim, str, str]], day: dt.date) -> None:
    ids = [row.id for row, _, kind in rows if kind != "waiting"]
    for channel, text in (("看", "到现场察看，进度与节点对照一致。"), ("查", "查阅台账和验收材料，与填报相互印证。")):
        claims.add_record(session, first, ids, RecordData(channel, day, text), day)
    session.flush()


def _verify(
    session: Session, people: People, who: Officers, rows: list[tuple[TaskClaim, str, str]], plan: Mapping[str, Any],
    day: dt.date,
) -> None:  # fmt: skip
    first, second, head = people[who.first], people[who.second], people[who.head]
    for row, level, kind in rows:
        if kind in ("waiting", "verifying"):
            continue
        wanted = "滞后" if kind == "lagging" else level
        claims.propose_found(session, first, row.id, wanted, "现场与台账相互印证")
        if kind == "proposed":
            continue
        claims.agree_found(session, second, row.id)
        if wanted not in LAGGING:
            continue
        claims.tell(session, first, row.id, day)
        if kind != "lagging":
            team = row.task.team_id
            claims.answer(session, first, row.id, plan["answers"].get(team, plan["answer"]))
            claims.sign(session, head, row.id, day)


def _personal(session: Session, people: People, plan: Mapping[str, Any]) -> None:
    """Two tasks of some members; one came to a second post in the year, so its first quarter is too short."""
    for cadre, titles in plan["personal"].items():
        team, zone, start = session.execute(
            select(Post.team_id, Team.zone_id, Tenure.start)
            .join(Tenure, Tenure.post_id == Post.id)
            .join(Team, Post.team_id == Team.id)
            .where(Tenure.cadre_id == cadre, Tenure.end.is_(None))
            .order_by(Tenure.start.desc())
        ).first() or ("", "", None)
        head = people["head1" if zone in ("Z1", "Z2") else "head"]
        officer = people["off1" if zone in ("Z1", "Z2") else "off3"]
        begun = 1 if start is None or start.year < 2025 else 2
        for number, title in enumerate(titles, 1):
            words = _words(title, "班子成员分工", 2025, begun, "50")
            row = tasks.propose(session, officer, 2025, team, number, words, cadre)
            tasks.check(session, head, row.id, True)
            tasks.approve(session, head, row.id, "单位主要负责人", "班子会议纪要〔2025〕3号")
        for version in tasks.freeze(session, head, 2025, team, cadre):
            for quarter in range(begun, 4):
                day = Quarter(2025, quarter).following.first + dt.timedelta(days=7)
                said = claims.report_progress(session, officer, version.task_id, quarter, "按期", SAID["按期"], day)
                if quarter < 3:
                    for channel in ("谈", "查"):
                        claims.add_record(session, officer, [said.id], RecordData(channel, day, "与填报一致。"), day)
                    claims.propose_found(session, officer, said.id, "按期", "相互印证")
                    claims.agree_found(session, head, said.id)


def _projects(session: Session, kh: Viewer, plan: Mapping[str, Any]) -> None:
    """The list behind the third quarter's published figures: sums agree, but for one district that is 0.4 short."""
    figures = latest_points(session, ["G4"])
    rows = [_project(plan[key]) for key in ("shared", "old")]
    taken = {team: rows[0].completed * share / 100 for team, share in rows[0].shares.items()}
    for place, (team, names) in enumerate(plan["projects"].items(), 1):
        point = figures.get(("G4", team, "2025Q3累计"))
        rest = (point.value if point and point.value is not None else Decimal(0)) - taken.get(team, Decimal(0))
        rest -= Decimal("0.4") if team == "D03" else 0
        for number, name in enumerate(names, 1):
            part = rest if number == len(names) else (rest / (len(names) - number + 1)).quantize(Decimal("0.1"))
            rest -= part
            if part > 0:
                code, started = f"YX-2025-{place:02d}{number}", dt.date(2025, 1 + number * 2, 8 + place)
                rows.append(ProjectRow(code, name, part * 3 + 1, started, part, {team: Decimal(100)}))
    projects.put_projects(session, kh, "2025Q3", rows, "市发改委")


def _project(row: Mapping[str, Any]) -> ProjectRow:
    shares = {team: Decimal(part) for team, part in row["shares"].items()}
    started = row["started"]
    return ProjectRow(row["code"], row["name"], Decimal(row["total"]), started, Decimal(row["completed"]), shares)


def _runs(session: Session, people: People, plan: Mapping[str, Any]) -> None:
    """Four published quarters; the late value of one district makes a second version of the first."""
    for told in plan["runs"]:
        _publish(session, people, runs.compute_run(session, people["kh"], told["quarter"]), told)
    late = plan["late"]
    file = HERE / "indicators" / late["file"]
    sheets = read_indicator_workbook(file, book=read_book(session), teams=team_names(session))
    import_sheets(session, sheets, file.name, "0" * 64, people["kh"].user_id)
    _publish(session, people, runs.compute_run(session, people["kh"], late["quarter"], late["note"]), late)


def _publish(session: Session, people: People, row: QuarterRun, told: Mapping[str, Any]) -> None:
    runs.check_run(session, people["head"], row.id, True, "按公式抽算一致")
    runs.publish_run(session, people["dep"], row.id, told["document"], told["day"])
    row.computed_at = row.checked_at = row.published_at = _moment(told["day"])


def _units(session: Session, people: People, plan: Mapping[str, Any], today: dt.date) -> None:
    """One unit has begun its sheet of the last quarter and can hand it in."""
    quarter = parse_quarter("2025Q3")
    for team, filled in plan["draft_2025Q3"].items():
        viewer = next(one for one in people.values() if one.team_id == team)
        page = unit.unit_page(session, viewer, quarter)
        by_number = {one.number: one.task_id for one in page.tasks if not one.owner}
        typed = {by_number[number]: {"level": level, "text": text} for number, (level, text) in filled.items()}
        unit.save_draft(session, viewer, quarter, typed).saved_at = _moment(today)


def _set_back(session: Session) -> None:
    """The services stamp the real moment; the demo's calendar is 2025."""
    for year, month in ((2024, 3), (2025, 3)):
        moment = _moment(dt.date(year, month, 18))
        mine = select(Task.id).where(Task.year == year)
        plain = TaskVersion.task_id.in_(mine)
        session.execute(update(TaskVersion).where(plain, TaskVersion.from_quarter == 1).values(
            proposed_at=moment, checked_at=moment, approved_at=moment, frozen_at=moment))  # fmt: skip
        session.execute(update(TaskAct).where(TaskAct.task_id.in_(mine), TaskAct.claim_id.is_(None)).values(at=moment))
    for act in session.scalars(select(TaskAct).where(TaskAct.claim_id.is_(None))):
        if act.detail.get("version", 1) > 1:
            act.at = _moment(dt.date(2025, 7, 22))
    later = _moment(dt.date(2025, 7, 18))
    session.execute(update(TaskVersion).where(TaskVersion.version > 1).values(proposed_at=later))
    for code in QUARTERS:
        quarter = parse_quarter(code)
        moment = _moment(quarter.following.first + dt.timedelta(days=7))
        mine = (
            select(TaskClaim.id)
            .join(Task, TaskClaim.task_id == Task.id)
            .where(Task.year == quarter.year, TaskClaim.quarter == quarter.number)
        )
        session.execute(update(TaskClaim).where(TaskClaim.id.in_(mine)).values(at=moment))
        session.execute(update(TaskAct).where(TaskAct.claim_id.in_(mine)).values(at=moment))


def _level(code: str, team: str, number: int) -> str:
    return USUAL[_dice(code, team, number) % len(USUAL)]


def _dice(*words: object) -> int:
    return zlib.crc32("|".join(map(str, words)).encode())


def _moment(day: dt.date) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(10, 30), CHINA)
