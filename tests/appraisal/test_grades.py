"""等次: seats, exceptions, ties, steps of sign-off, publicity, notice, 复核, 申诉 (domain.md §1.14, R-34, R-36)."""

from __future__ import annotations

import inspect
import re
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_world import viewer
from sqlalchemy.orm import Session

from appraisal.annual import appeals, bands, grades, plans, quota, scheme, subjects
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import Grade
from tests.appraisal import annual_world as world
from tests.appraisal.annual_world import record, year_template

__all__ = ["record", "year_template"]

YEAR = 2024


def signed_plan(session: Session, kind: str = "team", total: int = 9, capped: bool = False) -> int:
    plan = plans.make_plan(session, viewer(session, "kh"), YEAR, kind, total, capped)
    plans.check_plan(session, viewer(session, "head1"), plan.id)
    plans.sign_plan(session, viewer(session, "min"), plan.id, "澜委〔2025〕3号")
    return plan.id


def enter(session: Session, subject: str, grade: str = "优秀", kind: str = "team") -> Grade:
    return grades.prepare(session, viewer(session, "kh"), YEAR, kind, subject, grade, "经集体研究，依据证据包")


def signed(session: Session, subject: str, grade: str, kind: str = "team") -> Grade:
    row = enter(session, subject, grade, kind)
    grades.check(session, viewer(session, "head2"), row.id)
    return grades.sign(session, viewer(session, "min"), row.id, "澜委〔2025〕8号")


def test_the_demo_city_has_the_worked_example(record: Database) -> None:
    with record.read() as session:
        made = plans.try_plan(session, YEAR, "team", 9, capped=False)
        assert [(pool.name, pool.counted, pool.seats) for pool in made.pools] == [
            ("县区", 10, 2), ("经济管理", 10, 2), ("社会事业", 9, 2), ("执法监督", 8, 1), ("政务综合", 6, 1),
            ("党委群团", 7, 1),
        ]  # fmt: skip


def test_status_outside_the_base_changes_n_and_both_numbers_stay(record: Database) -> None:
    with record.write() as session:
        kh, known = viewer(session, "kh"), scheme.scheme_of(session, YEAR)
        subjects.set_status(session, kh, known, "team", "D07", "不参加考核", False, "新设机构，澜委〔2024〕9号")
        subjects.set_status(session, kh, known, "team", "MB01", "暂不定等次", True, "主要负责人任职待定")
        made = plans.try_plan(session, YEAR, "team", 9, capped=False)
        assert (made.members, made.counted) == (50, 49)
        with pytest.raises(ShijiError, match="STATUS-NAME"):
            subjects.set_status(session, kh, known, "team", "D01", "没有这种", False, "x")
        signed_plan(session)
        with pytest.raises(ShijiError, match="GRADE-STATUS"):
            enter(session, "MB01", "良好")


def test_over_quota_is_blocked_without_a_signed_exception(record: Database) -> None:
    with record.write() as session:
        with pytest.raises(ShijiError, match="QUOTA-PLAN"):
            enter(session, "D01")
        plan = signed_plan(session)
        for team in ("D01", "D02"):
            enter(session, team)
        with pytest.raises(ShijiError, match=r"QUOTA-OVER.*县区优秀名额 2 个"):
            enter(session, "D03")
        enter(session, "D03", "良好")  # seats are for 优秀 alone
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            plans.decide(session, viewer(session, "kh"), plan, "例外", "县区", 1, "超额完成省定任务", "澜委〔2025〕5号")
        with pytest.raises(ShijiError, match="DECISION-NUMBER"):
            plans.decide(session, viewer(session, "min"), plan, "例外", "县区", 1, "超额完成省定任务", "")
        plans.decide(session, viewer(session, "min"), plan, "例外", "县区", 1, "超额完成省定任务", "澜委〔2025〕5号")
        assert enter(session, "D03").grade == "优秀"
        with pytest.raises(ShijiError, match="QUOTA-OVER"):
            enter(session, "D04")


def test_a_seat_may_stay_vacant_and_comes_back_when_a_grade_is_changed(record: Database) -> None:
    with record.write() as session:
        signed_plan(session)
        for team in ("D01", "D02"):
            enter(session, team)
        enter(session, "D02", "良好")
        assert enter(session, "D03").grade == "优秀"


def test_ties_at_the_cut_are_listed_and_people_decide(record: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    tied = {"MA01": Decimal(91), "MA02": Decimal("88.001"), "MA03": Decimal("88.004"), "MA04": Decimal(70)}
    monkeypatch.setattr(grades, "_scores", lambda _session, _year: {"经济管理": tied})
    with record.write() as session:
        plan = signed_plan(session)
        known = scheme.scheme_of(session, YEAR)
        found = plans.ties(known, plans.get_plan(session, plan), {"经济管理": tied})
        assert found == {"经济管理": ["MA02", "MA03"]}
        enter(session, "MA01")
        with pytest.raises(ShijiError, match=r"QUOTA-TIE.*市工信局、.*市财政局"):
            enter(session, "MA02")
        plans.decide(
            session,
            viewer(session, "min"),
            plan,
            "并列",
            "经济管理",
            0,
            "经研究选市财政局，理由见纪要",
            "纪要〔2025〕2号",
        )
        assert enter(session, "MA03").grade == "优秀"


def test_pools_of_several_categories_are_not_compared(record: Database) -> None:
    with record.write() as session:
        plan = plans.get_plan(session, signed_plan(session))
        same = {"城区类": dict.fromkeys(("D01", "D02", "D03"), Decimal(80))}
        assert plans.ties(scheme.scheme_of(session, YEAR), plan, same) == {}


def test_three_hands_in_order_and_a_decision_number(record: Database) -> None:
    with record.write() as session:
        signed_plan(session)
        row = enter(session, "D01")
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            grades.prepare(session, viewer(session, "min"), YEAR, "team", "D02", "良好", "x")
        with pytest.raises(ShijiError, match="GRADE-ORDER"):
            grades.sign(session, viewer(session, "min"), row.id, "澜委〔2025〕8号")
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            grades.check(session, viewer(session, "kh"), row.id)
        grades.check(session, viewer(session, "head1"), row.id)
        with pytest.raises(ShijiError, match="GRADE-ORDER"):
            enter(session, "D01", "一般")
        with pytest.raises(ShijiError, match="DECISION-NUMBER"):
            grades.sign(session, viewer(session, "min"), row.id, " ")
        assert grades.sign(session, viewer(session, "min"), row.id, "澜委〔2025〕8号").state == "已审定"


def test_a_plan_is_stale_when_the_base_changed(record: Database) -> None:
    with record.write() as session:
        plan = plans.make_plan(session, viewer(session, "kh"), YEAR, "team", 9, capped=False)
        plans.check_plan(session, viewer(session, "head1"), plan.id)
        subjects.set_status(
            session, viewer(session, "kh"), scheme.scheme_of(session, YEAR), "team", "D07", "不参加考核", False, "新设"
        )
        with pytest.raises(ShijiError, match="PLAN-STALE"):
            plans.sign_plan(session, viewer(session, "min"), plan.id, "澜委〔2025〕3号")


def test_teams_and_cadres_are_graded_apart(record: Database) -> None:
    with record.write() as session:
        signed_plan(session)
        signed(session, "D01", "优秀")
        assert grades.grades_of(session, YEAR, "cadre") == {}
        with pytest.raises(ShijiError, match=r"GRADE-NAME.*称职"):
            enter(session, "P001", "良好", "cadre")
        enter(session, "P001", "称职", "cadre")
        with pytest.raises(ShijiError, match="SUBJECT-UNKNOWN"):
            enter(session, "P001", "良好", "team")


def test_publicity_lasts_five_working_days_and_comes_before_the_notice(record: Database) -> None:
    with record.write() as session:
        kh = viewer(session, "kh")
        signed_plan(session)
        row = signed(session, "D01", "优秀")
        with pytest.raises(ShijiError, match="PUBLICITY-OPEN"):
            grades.notify(session, kh, row.id, date(2025, 3, 20), "告〔2025〕1号", world.TODAY)
        with pytest.raises(ShijiError, match="PUBLICITY-SHORT"):
            grades.publish(session, kh, YEAR, "team", date(2025, 3, 3), date(2025, 3, 9), "部门户网站")
        grades.publish(session, kh, YEAR, "team", date(2025, 3, 3), date(2025, 3, 10), "部门户网站")
        grades.notify(session, kh, row.id, date(2025, 3, 20), "告〔2025〕1号", world.TODAY)
        assert row.signature == "待签"
        grades.record_signature(session, kh, row.id, "已签", date(2025, 3, 21), "无异议")
        assert (row.signature, row.own_opinion) == ("已签", "无异议")


def appealed(session: Session) -> Grade:
    row = signed(session, "P001", "基本称职", "cadre")
    return grades.notify(session, viewer(session, "kh"), row.id, date(2025, 3, 20), "告〔2025〕7号", world.TODAY)


def test_clocks_of_review_and_appeal(record: Database) -> None:
    with record.write() as session:
        row, sup = appealed(session), viewer(session, "sup")
        with pytest.raises(ShijiError, match=r"APPEAL-LATE.*2025-04-19"):
            appeals.file_appeal(session, sup, row.id, "复核", date(2025, 4, 20), "")
        review = appeals.file_appeal(session, sup, row.id, "复核", date(2025, 4, 19), "请求复核")
        assert review.due == date(2025, 5, 19)
        with pytest.raises(ShijiError, match="APPEAL-OPEN"):
            appeals.file_appeal(session, sup, row.id, "申诉", date(2025, 4, 19), "")
        appeals.decide(session, viewer(session, "min"), review.id, "维持", date(2025, 5, 12), "复〔2025〕1号")
        with pytest.raises(ShijiError, match=r"APPEAL-LATE.*2025-05-27"):
            appeals.file_appeal(session, sup, row.id, "申诉", date(2025, 5, 28), "")
        appeal = appeals.file_appeal(session, sup, row.id, "申诉", date(2025, 5, 27), "不服复核")
        assert (appeal.due, appeal.direct) == (date(2025, 7, 26), False)
        appeals.extend(session, sup, appeal.id, "案情复杂")
        assert appeal.due == date(2025, 8, 25)
        with pytest.raises(ShijiError, match="APPEAL-EXTENSION"):
            appeals.extend(session, sup, appeal.id, "再次")
        with pytest.raises(ShijiError, match="APPEAL-SAME"):
            appeals.decide(session, viewer(session, "min"), appeal.id, "维持", date(2025, 8, 1), "申〔2025〕1号")
        with pytest.raises(ShijiError, match=r"APPEAL-HEAVIER.*不因申请复核、提出申诉而加重"):
            appeals.decide(
                session, viewer(session, "dep"), appeal.id, "变更", date(2025, 8, 1), "申〔2025〕1号", "不称职"
            )
        appeals.decide(session, viewer(session, "dep"), appeal.id, "变更", date(2025, 8, 1), "申〔2025〕1号", "称职")
        assert row.grade == "称职"
        with pytest.raises(ShijiError, match="APPEAL-KIND"):
            appeals.file_appeal(session, sup, row.id, "复核", date(2025, 4, 1), "")


def test_direct_appeal_runs_thirty_days(record: Database) -> None:
    with record.write() as session:
        row = appealed(session)
        appeal = appeals.file_appeal(session, viewer(session, "sup"), row.id, "申诉", date(2025, 4, 19), "")
        assert (appeal.direct, appeal.due) == (True, date(2025, 6, 18))


def test_an_appeal_is_for_few_eyes_and_in_no_dossier(record: Database) -> None:
    with record.write() as session:
        row = appealed(session)
        appeals.file_appeal(session, viewer(session, "sup"), row.id, "复核", date(2025, 4, 1), "请求复核")
        for login in ("off1", "head1"):
            with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
                appeals.register(session, viewer(session, login), YEAR)
    root = Path(__file__).parents[2]
    for room in ("dossier", "nlp", "collector"):
        for file in (root / room).rglob("*.py"):
            assert "GradeAppeal" not in file.read_text(encoding="utf-8"), file
    for file in (root / "appraisal").rglob("*.py"):
        if file.name not in {"appeals.py", "views.py"}:  # the register and its page
            assert "GradeAppeal" not in file.read_text(encoding="utf-8"), file


def test_no_function_returns_a_grade_that_nobody_gave() -> None:
    """A grade is written in two places, both from what a person entered; nothing maps scores or bands to grades."""
    root = Path(__file__).parents[2] / "appraisal"
    names = {name for year in (2017, 2024) for name in scheme.read_scheme(scheme.built_in(year), year).team.names}
    names |= {"称职", "基本称职", "不称职"}
    for file in root.rglob("*.py"):
        text = file.read_text(encoding="utf-8")
        for name in ("优秀", "良好", "称职", "基本称职", "不称职"):
            quoted = re.findall(rf'"{name}"', text)
            assert not quoted or file.name in {"bands.py"}, f"{file}: a grade as a literal"
    assert "grade" not in {p for f in (bands.bands_of, bands.tied_at_the_cut) for p in inspect.signature(f).parameters}
    written = [
        line for file in root.rglob("*.py") for line in file.read_text(encoding="utf-8").splitlines()
        if re.search(r"\.grade(?:, \w+\.\w+)* = |Grade\([^)]*grade=", line)
    ]  # fmt: skip
    assert len(written) == 3, written
    assert names


def test_a_scheme_is_data_of_its_year(record: Database) -> None:
    assert scheme.read_scheme(scheme.built_in(2017), 2017).team.names[1] == "称职"
    assert scheme.read_scheme(scheme.built_in(2024), 2024).team.names == ("优秀", "良好", "一般", "较差")
    with record.write() as session:
        content = scheme.built_in(YEAR)
        content["cadre"] = {**content["cadre"], "high": "25"}
        row = scheme.propose_scheme(session, viewer(session, "kh"), YEAR, content)
        assert scheme.scheme_of(session, YEAR).cadre.high == Fraction(1, 5)  # not before it is approved
        with pytest.raises(ShijiError, match="DECISION-NUMBER"):
            scheme.approve_scheme(session, viewer(session, "min"), row.id, "")
        scheme.approve_scheme(session, viewer(session, "min"), row.id, "澜委〔2025〕2号")
        assert scheme.scheme_of(session, YEAR).cadre.high == Fraction(1, 4)
        for wrong in ({"team": {}}, {"pools": []}, {"team": {**content["team"], "high": "40"}}):
            with pytest.raises(ShijiError, match="SCHEME-CONTENT"):
                scheme.propose_scheme(session, viewer(session, "kh"), YEAR, {**content, **wrong})


scores = st.dictionaries(
    st.sampled_from([f"T{n}" for n in range(12)]), st.integers(0, 400).map(lambda n: Decimal(n) / 4)
)


@given(scores)
def test_bands_split_by_exact_fifths(found: dict[str, Decimal]) -> None:
    made = bands.bands_of(found)
    n = len(found)
    for team, band in made.items():
        better = sum(other > found[team] for other in found.values())
        same = sum(other == found[team] for other in found.values())
        p = Fraction(2 * better + same, 2 * n)  # mid-rank − 1/2 over n
        wanted = bands.FRONT if p < Fraction(1, 5) else bands.REAR if p > Fraction(4, 5) else bands.MIDDLE
        assert band == (wanted if n >= 3 else bands.FEW)


@given(scores, st.integers(0, 12))
def test_a_tie_at_the_cut_is_everyone_equal_to_the_last_seat(found: dict[str, Decimal], seats: int) -> None:
    tied = bands.tied_at_the_cut(found, seats)
    above = [team for team in found if team not in tied and tied and found[team] > found[tied[0]]]
    if tied:
        assert len({found[team] for team in tied}) == 1
        assert len(above) < seats < len(above) + len(tied)
    elif 0 < seats < len(found):
        order = sorted(found.values(), reverse=True)
        assert order[seats - 1] > order[seats]


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_deadlines_are_calendar_days(day: date) -> None:
    known = scheme.read_scheme(scheme.built_in(2024), 2024)
    limits = appeals.deadlines(known, day, day)
    assert (limits.review - day, limits.direct - day, limits.after_review) == (
        timedelta(30), timedelta(30), day + timedelta(15)
    )  # fmt: skip
    assert appeals.decision_due(known, "申诉", day, extended=True) - day == timedelta(90)
    assert quota.LOW < quota.HIGH
