"""The demo's 花名册: importing it changes the record in the deliberate places and nowhere else."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from demo.build_roster_sheet import SHEET, build
from dossier.roster import load, plan, write
from dossier.roster_files import read_sheet, read_yaml
from storage.database import Database

ROSTER = SHEET.parent / "roster.yaml"


def test_committed_workbook_is_rebuilt_byte_for_byte(tmp_path: Path) -> None:
    assert build(tmp_path / "roster.xlsx").read_bytes() == SHEET.read_bytes()


def test_every_person_has_sex_birth_month_and_every_zone_a_section() -> None:
    data = read_yaml(ROSTER)
    assert len(data.cadres) == 28
    assert all(c.sex in {"男", "女"} and len(c.born) == 7 for c in data.cadres)
    assert {z.id for z in data.zones if z.section} == {t.zone for t in data.teams}


def test_import_shows_only_the_deliberate_differences(database: Database) -> None:
    with database.write() as session:
        write(session, read_yaml(ROSTER))
    with database.read() as session:
        before = load(session)
        read = read_sheet(SHEET.read_bytes(), session, SHEET.name)
        changes = plan(session, read.data).writes
    assert [(c.kind, c.what, c.key) for c in changes] == [
        ("新增", "干部", "P029"),
        ("变更", "任职", "支远帆 D07 管委会主任 2021-07-01"),
        ("新增", "任职", "支远帆 D07 党工委副书记、管委会主任 2025-09-01"),
        ("新增", "任职", "乔望野 MA05 党组成员、副局长 2025-09-01"),
    ]
    assert [(p.code, "栾景澄" in p.message) for p in read.problems] == [("SHEET-SINCE", True)]
    assert len(read.data.cadres) == 26  # 25 in post, one new; those who have left are not in the sheet
    with database.write() as session:
        write(session, read.data)
    with database.read() as session:
        after = load(session)
        again = plan(session, read_sheet(SHEET.read_bytes(), session, SHEET.name).data).writes
    assert again == []
    untouched = {t for t in before.tenures if t.person != "P015"}
    assert untouched <= set(after.tenures)
    assert [t.person for t in after.holders("MA03", date(2025, 10, 16)) if t.name == "王伟"] == ["P024"]
    assert [t.person for t in after.holders("D08", date(2025, 10, 16)) if t.name == "王伟"] == ["P023"]
