"""Tasks of two teams through proposal, approval and verification, for tests of the quarterly assessment."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from record_world import found, viewer
from sqlalchemy import select
from sqlalchemy.orm import Session

from appraisal import targets
from appraisal.book import load_book
from appraisal.quarterly import claims, tasks
from appraisal.quarterly.tasks import TaskWords
from appraisal.sheets import read_indicator_workbook
from appraisal.store import import_sheets, read_book, save_book, team_names
from appraisal.targets import TargetRow
from dossier.verify import RecordData
from storage.database import Database
from storage.tables import TaskClaim, User, UserZone

DEMO = Path(__file__).parents[2] / "demo"
TABLES = (
    "gdp_2021_2024", "fiscal_revenue_2021_2024", "fixed_investment_2021_2024", "new_projects_2021_2024",
)  # fmt: skip
TODAY = date(2025, 1, 20)
PEOPLE = (("dep", "DEP", (), ""), ("min", "MIN", (), ""), ("head2", "HEAD", ("Z1", "Z2"), ""),
          ("unit4", "UNIT", (), "D04"))  # fmt: skip
TITLES = ("老旧小区改造", "长渚湖水质提升", "营商环境改革")


def build(database: Database, *names: str) -> None:
    """Roster, officers, the book and the named tables of figures."""
    found(database)
    with database.write() as session:
        for login, role, zones, team in PEOPLE:
            user = User(login=login, name=login, role=role, password="-", team_id=team or None)
            user.zones = [UserZone(zone_id=zone) for zone in zones]
            session.add(user)
        save_book(session, load_book(DEMO / "indicators" / "book.yaml"))
    for name in names or TABLES:
        load(database, name)


def aim(session: Session, team: str, value: str, year: int = 2024) -> None:
    """An approved target of 亿元项目 for one team."""
    row = TargetRow("G4", team, Decimal(value), reason="按年度计划")
    targets.propose_targets(session, viewer(session, "kh"), year, [row])
    ids = [line.id for line in targets.target_lines(session, year) if line.state == "proposed"]
    targets.approve_targets(session, viewer(session, "min"), ids, f"澜组发〔{year}〕6号")


def load(database: Database, name: str) -> None:
    """Import one of the demo's tables."""
    with database.write() as session:
        file = DEMO / "indicators" / f"{name}.xlsx"
        sheets = read_indicator_workbook(file, book=read_book(session), teams=team_names(session))
        import_sheets(session, sheets, file.name, "0" * 64, None)


def words(title: str, weight: str = "1", from_quarter: int = 1) -> TaskWords:
    """A task with milestones for all quarters."""
    steps = {number: f"第{number}季度完成{title}{25 * number}%" for number in range(from_quarter, 5)}
    return TaskWords(title, f"完成{title}并验收", "市政府工作报告", Decimal(weight), "", steps, from_quarter)


def freeze_three(session: Session, team: str = "D04", year: int = 2024, titles: Sequence[str] = TITLES) -> list[int]:
    """Three tasks of a team proposed, checked, approved and frozen; returns task ids."""
    kh, dep = viewer(session, "kh"), viewer(session, "dep")
    officer = viewer(session, "off1")
    ids = []
    for number, title in enumerate(titles, 1):
        row = tasks.propose(session, officer, year, team, number, words(title))
        tasks.check(session, kh, row.id, True)
        tasks.approve(session, dep, row.id, "分管市领导", f"澜考发〔{year}〕3号")
        ids.append(row.task_id)
    tasks.freeze(session, kh, year, team)
    return ids


def verify_level(session: Session, task_id: int, quarter: int, level: str, claimed: str = "") -> TaskClaim:
    """A claim with two channels, two officers and, where it lags, notice, answer and a head's signature."""
    first, second, head = (viewer(session, login) for login in ("off1", "off1b", "head1"))
    row = claims.report_progress(session, first, task_id, quarter, claimed or level, "对照节点完成情况见附件", TODAY)
    for channel in ("看", "查"):
        claims.add_record(session, first, [row.id], RecordData(channel, TODAY, "与填报一致"), TODAY)
    claims.propose_found(session, first, row.id, level, "核查记录相互印证")
    claims.agree_found(session, second, row.id)
    if level in ("滞后", "严重滞后", "未启动"):
        claims.tell(session, first, row.id, TODAY)
        claims.answer(session, first, row.id, "土地手续延期，已排定新工期")
        claims.sign(session, head, row.id, TODAY)
    return session.scalars(select(TaskClaim).where(TaskClaim.id == row.id)).one()
