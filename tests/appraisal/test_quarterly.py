"""4+3+2: the worked example, levels that count only when verified, versions of tasks and of the assessment (§1.1)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st
from record_world import viewer
from sqlalchemy import select

from appraisal.drilldown import Part, ScoreNode, weighted_node
from appraisal.quarterly import claims, differences, projects, rules, runs, tasks
from appraisal.quarterly.grading import days_in_post, lights_of, task_nodes
from appraisal.quarterly.projects import ProjectRow
from appraisal.quarterly.reference import Light, check_weights, reference, sentence, task_node
from appraisal.quarterly.rules import LEVELS, Rules, read_rules
from appraisal.quarterly.single import Cumulative, single_quarter
from appraisal.quarterly.table import quarter_table, team_line
from appraisal.review.quarter import Quarter, parse_quarter
from dossier.verify import RecordData
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import TaskVersion
from tests.appraisal.quarter_world import TABLES, TODAY, aim, build, freeze_three, load, verify_level, words

ONE = Decimal(1)
Q4 = parse_quarter("2024Q4")
RULES = Rules(2025)


def light(number: int, level: str, weight: Decimal = ONE) -> Light:
    return Light(number, f"任务{number}", weight, level)


def four(*scores: int | None) -> ScoreNode:
    parts = [
        Part(
            ScoreNode(f"G{n}", None if s is None else Decimal(s), "", complete=Decimal(0 if s is None else 100)),
            Decimal(25),
        )
        for n, s in enumerate(scores)
    ]
    return weighted_node("核心指标", parts)


def test_the_worked_example_comes_out_to_the_letter() -> None:
    lights = [light(1, "按期"), light(2, "基本按期"), light(3, "严重滞后")]
    s4, s3 = four(91, 84, 78, 95), task_node(lights, RULES)
    node = reference("长渚区", s4, s3, RULES)
    assert (s4.value, s3.value, node.value) == (Decimal("87.00"), Decimal(70), Decimal("80.200"))
    assert sentence(node, lights, 2) == "80.2（参考），3号任务严重滞后，未核实佐证 2 项"
    assert node.formula == "60% × 87.00 + 40% × 70.00 = 80.20"


def test_a_department_is_its_tasks_and_a_missing_figure_is_flagged_never_zero() -> None:
    lights = [light(1, "超额"), light(2, ""), light(3, "滞后")]
    s3 = task_node(lights, RULES)
    assert reference("市教育局", None, s3, RULES).value == Decimal(80)
    assert sentence(reference("市教育局", None, s3, RULES), lights, 0).startswith("80.0（参考），3号任务滞后")
    s4 = four(90, 90, None, 90)
    node = reference("云亭区", s4, task_node([light(n, "按期") for n in (1, 2, 3)], RULES), RULES)
    assert s4.flags == ("暂缺 25%",)
    assert node.value == 90
    assert sentence(node, [], 0) == "90.0（参考），核心指标暂缺 25%"


levels = st.sampled_from(LEVELS)


@given(st.lists(levels, min_size=3, max_size=3), st.lists(st.integers(1, 98), min_size=2, max_size=2))
def test_s3_is_the_exact_weighted_mean_of_verified_levels(found: list[str], cuts: list[int]) -> None:
    first, second = sorted(cuts)
    weights = [Decimal(first), Decimal(max(1, second - first)), Decimal(100 - first - max(1, second - first))]
    if min(weights) > 0:
        node = task_node(
            [light(n, level, w) for n, (level, w) in enumerate(zip(found, weights, strict=True), 1)], RULES
        )
        exact = sum(Fraction(w) * Fraction(RULES.points[level]) for level, w in zip(found, weights, strict=True)) / 100
        assert node.value is not None
        assert abs(Fraction(node.value) - exact) < Fraction(1, 10**40)


@given(st.lists(st.one_of(st.just(""), levels), min_size=3, max_size=3))
def test_equal_weights_are_an_exact_mean_over_what_is_verified(found: list[str]) -> None:
    node = task_node([light(n, level) for n, level in enumerate(found, 1)], RULES)
    points = [Fraction(RULES.points[level]) for level in found if level]
    if not points:
        assert node.value is None
    else:
        assert node.value is not None
        assert abs(Fraction(node.value) - sum(points) / len(points)) < Fraction(1, 10**40)


def test_weights_must_sum_to_a_hundred_or_be_equal() -> None:
    check_weights([ONE, ONE, ONE], "")
    check_weights([Decimal(40), Decimal(35), Decimal(25)], "")
    for bad in ([Decimal(40), Decimal(35), Decimal(20)], [Decimal(0), Decimal(50), Decimal(50)]):
        with pytest.raises(ShijiError, match="WEIGHT-SUM"):
            check_weights(bad, "")


@given(st.decimals(0, 10**6, places=1), st.decimals(0, 10**6, places=1))
def test_single_quarters_add_up_to_the_cumulative_value(before: Decimal, own: Decimal) -> None:
    now = Cumulative(2, before + own, "亿元", "", "核定")
    found = single_quarter(3, now, Cumulative(1, before, "亿元", "", "核定"))
    assert found.value == own


@pytest.mark.parametrize(
    ("before", "why"),
    [
        (Cumulative(1, Decimal(5), "亿元", "含省属", "核定"), "口径"),
        (Cumulative(1, Decimal(5), "万元", "", "核定"), "口径"),
        (Cumulative(1, Decimal(5), "亿元", "", "初步"), "状态不一致"),
        (Cumulative(1, None, "亿元", "", "缺报"), "上期累计数未出"),
        (None, "上期累计数未出"),
    ],
)
def test_no_difference_across_versions_of_what_is_counted(before: Cumulative | None, why: str) -> None:
    found = single_quarter(2, Cumulative(2, Decimal(9), "亿元", "", "核定"), before)
    assert found.value is None
    assert why in found.words
    assert single_quarter(1, Cumulative(2, Decimal(9)), None).value == 9


def test_rules_are_data_with_versions_and_refuse_nonsense(gross: Database) -> None:
    database = gross
    with database.write() as session:
        assert rules.rules_of(session, 2025).version == 0
        row = rules.prepare_rules(session, viewer(session, "kh"), 2025, {"s4_weight": "50", "s3_weight": "50"})
        assert rules.rules_of(session, 2025).s4_weight == 60  # nobody has approved it
        rules.approve_rules(session, viewer(session, "min"), row.id, "澜组发〔2025〕9号")
        held = rules.rules_of(session, 2025)
        assert (held.s4_weight, held.version, rules.stored_rules(held.stored())) == (50, 1, held)
    for bad in ({"s4_weight": "70"}, {"points": {"滞后": "95"}}, {"points": {"很好": "95"}}, {"short_days": "x"}):
        with pytest.raises(ShijiError, match=r"TASK-RULE|WEIGHT-SUM"):
            read_rules(bad, 2025)


def test_a_task_is_frozen_in_four_steps_and_a_change_keeps_the_version_before(gross: Database) -> None:
    database = gross
    with database.write() as session:
        kh, dep, officer = (viewer(session, login) for login in ("kh", "dep", "off1"))
        row = tasks.propose(session, officer, 2024, "D04", 1, words("甲"))
        with pytest.raises(ShijiError, match="TASK-STATE"):
            tasks.approve(session, dep, row.id, "分管市领导", "3号")
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            tasks.check(session, officer, row.id, True)
        tasks.check(session, kh, row.id, True)
        with pytest.raises(ShijiError, match="TASK-DOCUMENT"):
            tasks.approve(session, dep, row.id, "分管市领导", "")
        tasks.approve(session, dep, row.id, "分管市领导", "3号")
        with pytest.raises(ShijiError, match=r"TASK-COUNT.*应有 3 项，现有 1 项"):
            tasks.freeze(session, kh, 2024, "D04")
        with pytest.raises(ShijiError, match="TASK-STATE"):
            tasks.propose(session, officer, 2024, "D04", 1, words("改写"))
    with database.write() as session:
        ids = freeze_three(session, "D05")
        kh, dep, officer = (viewer(session, login) for login in ("kh", "dep", "off1"))
        with pytest.raises(ShijiError, match="TASK-REASON"):
            tasks.propose(session, officer, 2024, "D05", 1, words("新甲", from_quarter=3))
        change = tasks.propose(session, officer, 2024, "D05", 1, words("新甲", from_quarter=3), reason="市委调整部署")
        tasks.check(session, kh, change.id, True)
        tasks.approve(session, dep, change.id, "市委常委会", "澜委纪要〔2024〕8号")
        tasks.freeze(session, kh, 2024, "D05")
        titles = {q: lights_of(session, Quarter(2024, q), teams=["D05"])["D05"][0].title for q in (2, 3)}
        assert titles == {2: "老旧小区改造", 3: "新甲"}
        kept = session.scalars(select(TaskVersion).where(TaskVersion.task_id == ids[0]).order_by(TaskVersion.version))
        assert [(v.title, v.state, v.reason) for v in kept] == [
            ("老旧小区改造", "frozen", ""), ("新甲", "frozen", "市委调整部署"),
        ]  # fmt: skip


def test_nobody_checks_what_they_proposed(gross: Database) -> None:
    database = gross
    with database.write() as session:
        row = tasks.propose(session, viewer(session, "kh"), 2024, "D04", 1, words("甲"))
        with pytest.raises(ShijiError, match="TASK-SAME"):
            tasks.check(session, viewer(session, "kh"), row.id, True)


def test_a_claim_counts_only_after_two_channels_and_a_second_officer(gross: Database) -> None:
    database = gross
    with database.write() as session:
        task = freeze_three(session)[0]
        unit, first, second = (viewer(session, login) for login in ("unit4", "off1", "off1b"))
        row = claims.report_progress(session, unit, task, 4, "超额", "提前完成", TODAY)
        seen = RecordData("查", TODAY, "单位台账", self_reported=True)
        with pytest.raises(ShijiError, match="TASK-RECORDS"):
            claims.propose_found(session, first, row.id, "超额", "看过")
        claims.add_record(session, first, [row.id], seen, TODAY)
        claims.add_record(session, first, [row.id], RecordData("听", TODAY, "汇报", self_reported=True), TODAY)
        with pytest.raises(ShijiError, match=r"TASK-RECORDS.*单位自报"):
            claims.propose_found(session, first, row.id, "超额", "看过")
        with pytest.raises(ShijiError, match="TASK-SETTLED"):
            claims.report_progress(session, unit, task, 4, "按期", "改报", TODAY)  # it is being verified
        claims.add_record(session, first, [row.id], RecordData("看", TODAY, "现场完成八成"), TODAY, contradicts=True)
        assert row.doubtful
        claims.propose_found(session, first, row.id, "基本按期", "现场与台账不一致，以现场为准")
        assert lights_of(session, Q4)["D04"][0].level == ""
        with pytest.raises(ShijiError, match="VERIFY-SAME"):
            claims.agree_found(session, first, row.id)
        claims.agree_found(session, second, row.id)
        assert (row.found, row.state, row.doubtful) == ("基本按期", "部分属实", False)
        assert lights_of(session, Q4)["D04"][0].level == "基本按期"


def test_a_level_that_lags_is_told_answered_and_signed(gross: Database) -> None:
    database = gross
    with database.write() as session:
        task = freeze_three(session)[0]
        first, second, head = (viewer(session, login) for login in ("off1", "off1b", "head1"))
        row = claims.report_progress(session, first, task, 4, "滞后", "进度慢", TODAY)
        official = RecordData("查", TODAY, "督查通报", official=True, document_no="澜督〔2025〕1号")
        claims.add_record(session, first, [row.id], official, TODAY)
        claims.propose_found(session, first, row.id, "严重滞后", "通报载明")
        claims.agree_found(session, second, row.id)
        assert row.found == ""
        with pytest.raises(ShijiError, match="NOTICE-FIRST"):
            claims.sign(session, head, row.id, TODAY)
        claims.tell(session, first, row.id, TODAY)
        with pytest.raises(ShijiError, match="NOTICE-CLOCK"):
            claims.sign(session, head, row.id, TODAY)
        claims.answer(session, viewer(session, "unit4"), row.id, "土地手续延期")
        claims.sign(session, head, row.id, TODAY)
        assert (row.found, row.answer) == ("严重滞后", "土地手续延期")
        assert task_nodes(session, "2024年", ["D04"])["D04"].value == 40


def with_gross_product(database: Database) -> None:
    """The book and the figures of G1."""
    build(database, "gdp_2021_2024")


@pytest.fixture
def gross(copy_of: Callable[..., Database]) -> Database:
    """See `with_gross_product`."""
    return copy_of(with_gross_product)


@pytest.fixture
def computed(copy_of: Callable[..., Database]) -> Database:
    """See `first_version`."""
    return copy_of(first_version)


def first_version(database: Database) -> None:
    """V1 of 2024Q4: D05's investment of 2023 is missing."""
    build(database, *TABLES)
    with database.write() as session:
        aim(session, "D05", "46")
        for level, task in zip(("按期", "基本按期", "严重滞后"), freeze_three(session, "D05"), strict=True):
            verify_level(session, task, 4, level)
        runs.compute_run(session, viewer(session, "kh"), "2024Q4")


def test_a_late_value_makes_v2_and_the_issued_v1_stays(computed: Database) -> None:
    with computed.write() as session:
        first = runs.list_runs(session)[0]
        line = team_line(first, "D05")
        assert "核心指标暂缺 25%" in line["text"]
        assert "3号任务严重滞后" in line["text"]
        assert line["s3"]["shown"] == "70.00"
        with pytest.raises(ShijiError, match="RUN-STATE"):
            runs.publish_run(session, viewer(session, "min"), first.id, "澜考通〔2025〕1号", TODAY)
        runs.check_run(session, viewer(session, "head1"), first.id, True)
        runs.publish_run(session, viewer(session, "min"), first.id, "澜考通〔2025〕1号", TODAY)
        kept = (first.sha256, dict(first.content))
        with pytest.raises(ShijiError, match="RUN-SAME"):
            runs.compute_run(session, viewer(session, "kh"), "2024Q4", "再算一次")
        assert differences.since_run(session, first) == []
    load(computed, "fixed_investment_2023_revised")
    with computed.write() as session:
        first = runs.list_runs(session)[0]
        changed = differences.since_run(session, first)
        assert {one.team_id for one in changed} == {"D05"}
        assert "192.8" in changed[0].after
        with pytest.raises(ShijiError, match="RUN-NOTE"):
            runs.compute_run(session, viewer(session, "kh"), "2024Q4")
        second = runs.compute_run(session, viewer(session, "kh"), "2024Q4", "云亭区固定资产投资后补")
        assert (first.sha256, dict(first.content)) == kept
        assert runs.reproduced(session, first)
        assert runs.reproduced(session, second)
        assert runs.newest_run(session, "2024Q4", published=True) is first
        found = {(one.team_id, one.what): (one.before, one.after) for one in differences.run_differences(first, second)}
        assert found[("D05", "全社会固定资产投资得分")][0] == "—"
        assert "核心指标暂缺 25%" in found[("D05", "结论表述")][0]
        assert "暂缺" not in found[("D05", "结论表述")][1]
        assert ("D05", "季度参考") in found


def test_the_table_stands_by_category_in_roster_order_and_never_by_gdp(computed: Database) -> None:
    with computed.write() as session:
        row = runs.list_runs(session)[0]
        found = quarter_table(session, viewer(session, "kh"), row)
        assert [c.name for c in found] == ["城区类", "开发区类", "县市类"]
        assert [line["team_id"] for c in found for line in c.lines] == [f"D{n:02d}" for n in range(1, 11)]
        assert [core["never_rank"] for core in found[0].lines[0]["core"]] == [True, False, False, False]
        with pytest.raises(ShijiError, match="RUN-UNKNOWN"):
            quarter_table(session, viewer(session, "off1"), row)  # not published yet


def test_fewer_than_thirty_days_in_post_are_counted_by_the_day() -> None:
    q3 = parse_quarter("2025Q3")
    assert days_in_post(date(2025, 9, 2), None, q3) == 29
    assert days_in_post(date(2025, 9, 1), None, q3) == 30
    assert days_in_post(None, date(2025, 7, 5), q3) == 4
    assert days_in_post(date(2025, 10, 1), None, q3) == 0
    assert days_in_post(None, None, q3) == 92


def project(code: str, done: str, shares: dict[str, str], started: date = date(2024, 3, 18)) -> ProjectRow:
    return ProjectRow(
        code, "示范项目", Decimal("3.2"), started, Decimal(done), {t: Decimal(s) for t, s in shares.items()}
    )


def test_projects_are_split_between_districts_and_counted_when_begun_in_the_year(database: Database) -> None:
    build(database, "new_projects_2021_2024")
    with database.write() as session:
        kh = viewer(session, "kh")
        rows = [project("P1", "10.5", {"D01": "60", "D02": "40"}), project("P2", "3", {"D01": "100"}),
                project("P3", "9", {"D01": "100"}, date(2023, 12, 30))]  # fmt: skip
        assert projects.put_projects(session, kh, "2024Q4", rows, "市发改委") == 3
        sums = {one.team_id: one for one in projects.project_sums(session, "2024Q4")}
        assert (sums["D01"].value, sums["D02"].value) == (Decimal("9.30"), Decimal("4.20"))
        assert sums["D01"].difference == Decimal("118.0") - Decimal("9.3")
        assert "10.5 × 60% + 3" in sums["D01"].words
        assert projects.put_projects(session, kh, "2024Q4", rows, "市发改委") == 0
        rows[1] = project("P2", "4", {"D01": "100"})
        assert projects.put_projects(session, kh, "2024Q4", rows, "市发改委") == 1
        data = projects.projects_workbook("2024年", projects.project_lines(session, "2024Q4"))
        assert projects.read_projects(session, data)[0].shares == {"D01": Decimal(60), "D02": Decimal(40)}
        for bad, code in (
            (project("X", "1", {"D01": "60", "D02": "30"}), "PROJECT-SHARE"),
            (project("X", "1", {"MA01": "100"}), "PROJECT-TEAM"),
            (
                ProjectRow("X", "小", Decimal("0.9"), date(2024, 1, 2), Decimal(1), {"D01": Decimal(100)}),
                "PROJECT-SMALL",
            ),
        ):
            with pytest.raises(ShijiError, match=code):
                projects.put_projects(session, kh, "2024Q4", [bad], "")
