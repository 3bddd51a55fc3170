"""The demo's four daily systems hold what the guide says, through the real services, once, and quickly."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path

from sqlalchemy import func, select

from api.access import demo_accounts
from demo.daily import fill_batches, fill_daily
from dossier import batches, roster, roster_files
from dossier.compartment import register, statistics, supervision
from dossier.compartment.opening import vault_for
from dossier.liaison import coverage, duties
from dossier.scope import viewer_of
from dossier.talks import follow_ups
from dossier.talks.register import statistics as talk_counts
from storage.database import Database
from storage.tables import LiaisonActivity, Talk, User, UserZone

TODAY = date(2025, 10, 16)
ROSTER = Path(__file__).parents[2] / "demo" / "roster.yaml"


def test_the_demo_is_filled_for_four_quarters(database: Database, tmp_path: Path) -> None:
    with database.write() as session:
        roster.write(session, roster_files.read_yaml(ROSTER))
        for login, name, role, section, zones in demo_accounts.ACCOUNTS:  # without the slow passwords
            team = section if role == "UNIT" else None
            user = User(login=login, name=name, role=role, section=section, password="-", team_id=team)
            user.zones = [UserZone(zone_id=zone) for zone in zones]
            session.add(user)
    key = tmp_path / "keys" / "matters.key"
    began = time.monotonic()
    assert fill_daily(database, key, TODAY)
    assert time.monotonic() - began < 20  # two seconds alone; the machine may be busy
    assert not fill_daily(database, key, TODAY)
    assert fill_batches(database, TODAY) == 18
    assert fill_batches(database, TODAY) == 0
    with database.read() as session:
        who = {u.login: viewer_of(session, u, TODAY) for u in session.scalars(select(User))}
        vault = vault_for(session, key)
        for code, missing in (("2024Q4", {"MC06", "ME06"}), ("2025Q3", {"D05", "MC02", "ME07"})):
            found = coverage.coverage(session, who["kh"], code, TODAY)
            assert {row.team_id for row in found.missing} == missing
        assert session.scalar(select(func.count(LiaisonActivity.id))) == 4 * 50 - 8 + 8
        rotation = duties.rotation(session, "Z1", TODAY)
        assert rotation is not None
        assert rotation.overdue
        assert session.scalar(select(func.count(Talk.id))) == 45
        third = talk_counts(session, who["kh"], "2025Q3", TODAY)
        assert third.persons == third.times - third.group_times + 52
        said = [f for f in follow_ups.standing(session, who["off1"], "P002", TODAY) if f.talked_on == date(2025, 7, 15)]
        assert (len(said), sum(f.state == "done" for f in said)) == (2, 1)
        lines = register.register(session, vault, who["sup"], date(2024, 10, 1), TODAY)
        assert len(lines) == 14
        [s19] = [line for line in lines if line.team == "市卫健委"]
        assert (s19.occurred, s19.lateness, s19.kind) == ("2025-09-15 08:00", "按时", "重大疾病")
        assert [line.lateness for line in lines if line.team == "澜宁市财政局" and line.kind == "家庭变化"] == [
            "超过时限1天12小时"
        ]
        assert sum(line.state == "已合并" for line in lines) == 1
        assert [row.quarter for row in statistics.statistics(session, who["kh"])][:4] == [
            "2024Q4", "2025Q1", "2025Q2", "2025Q3",
        ]  # fmt: skip
        acts = supervision.supervision_register(session, vault, who["sup"], TODAY)
        assert {a.kind for a in acts if a.overdue} == {"诫勉"}
        assert batches.batches(session, who["kh"])[0].state == "open"
