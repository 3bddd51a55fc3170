"""The 44 gold passages of the domain guide (Appendix A.2): teams and roles."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from nlp.context import SourceInfo

GOLD = [json.loads(line) for line in (Path(__file__).parent / "gold.jsonl").read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize("row", GOLD, ids=lambda r: str(r["id"]))
def test_teams_and_roles(read, row):
    found = read(row["text"], source="", label=row["label"], sub=row["sub"])
    assert len(found.passages) == 1
    assert sorted([t.id, t.role] for t in found.passages[0].teams) == sorted(row["teams"])
    for team in found.passages[0].teams:
        assert team.because.startswith("命中：")
        assert team.rules
        assert all(0 <= a < b <= len(row["text"]) for a, b in team.spans)


def test_no_gold_passage_names_a_wrong_person(read):
    allowed = {19: {"P002"}, 27: {"P007"}, 38: {"P001"}}
    for row in GOLD:
        date = "2023-08-21" if row["id"] == 19 else "2025-09-10"
        found = read(row["text"], date, source="江北省生态环境厅", label=row["label"], sub=row["sub"])
        people = {c.id for p in found.passages for c in p.cadres}
        assert people == allowed.get(row["id"], set()), row["id"]


def test_submitted_report_belongs_to_the_unit_that_sent_it(read):
    row = next(r for r in GOLD if r["id"] == 25)
    found = read(row["text"], source=SourceInfo("市卫健委报送", "单位报送", "MB05"), label="major_matter", sub="ZD7")
    assert [t.id for t in found.passages[0].teams] == ["MB05"]
    assert found.passages[0].cadres == ()
