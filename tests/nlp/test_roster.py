"""Reading a roster: the demo's, other forms of it, and every way a row can be wrong."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.errors import NlpError
from nlp.roster import Tenure, load_roster, roster_from_dict
from tests.nlp.conftest import ROSTER

TEAM = {"id": "T1", "full": "临沅市教育局"}


def test_demo_roster():
    roster = load_roster(ROSTER)
    assert (roster.city, roster.city_short, roster.capital) == ("澜宁市", "澜宁", "宁州市")
    assert len(roster.teams) == 50
    assert sum(t.is_district for t in roster.teams) == 10
    assert [t.person for t in roster.holders("MB07", dt.date(2025, 2, 1))] == ["P028"]
    assert roster.holders("MB07", dt.date(2025, 1, 31)) == ()
    assert roster.persons_named("王伟") == ("P023", "P024")


def test_city_is_inferred_from_the_departments():
    roster = roster_from_dict({"teams": [TEAM, {"id": "T2", "full": "临沅市民政局"}]})
    assert roster.city == "临沅市"


@pytest.mark.parametrize(
    ("data", "code", "where"),
    [
        ([], "NLP-R10", "顶层"),
        ({"teams": []}, "NLP-R11", "teams"),
        ({"teams": [TEAM, TEAM]}, "NLP-R12", "teams"),
        ({"teams": [{"id": "T1"}]}, "NLP-R13", "teams 第1行"),
        (
            {"teams": [TEAM], "tenures": [{"person": "P", "name": "甲乙", "team": "T9", "post": "局长"}]},
            "NLP-R14",
            "第1行",
        ),
        (
            {
                "teams": [TEAM],
                "tenures": [{"person": "P", "name": "甲乙", "team": "T1", "post": "局长", "from": "某日"}],
            },
            "NLP-R15",
            "第1行",
        ),
        (
            {
                "teams": [TEAM],
                "tenures": [
                    {
                        "person": "P",
                        "name": "甲乙",
                        "team": "T1",
                        "post": "局长",
                        "from": "2024-05-01",
                        "to": "2024-05-01",
                    }
                ],
            },
            "NLP-R16",
            "第1行",
        ),
    ],
)
def test_bad_rosters_say_which_row(data, code, where):
    with pytest.raises(NlpError) as caught:
        roster_from_dict(data)
    assert caught.value.code == code
    assert where in caught.value.where


def test_unreadable_files(tmp_path):
    with pytest.raises(NlpError, match="NLP-R01"):
        load_roster(tmp_path / "none.yaml")
    (tmp_path / "bad.yaml").write_text("teams: [", encoding="utf-8")
    with pytest.raises(NlpError, match="NLP-R02"):
        load_roster(tmp_path / "bad.yaml")


@given(st.dates(dt.date(2000, 1, 1), dt.date(2030, 1, 1)), st.integers(1, 4000), st.integers(-50, 4100))
def test_tenure_is_half_open(start, length, offset):
    tenure = Tenure("P", "甲乙", "T", "局长", start, start + dt.timedelta(days=length))
    assert tenure.covers(start + dt.timedelta(days=offset)) == (0 <= offset < length)
