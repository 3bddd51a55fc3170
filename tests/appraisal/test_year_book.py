"""A year's book: what it may not say, how it is stored and copied, targets, difficulty, N/A, S4, pins, bands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.access import demo_accounts
from api.commands.demo import TABLES
from appraisal import book_acts, pins, simulation, targets
from appraisal.assessment import assess, compute
from appraisal.composite import composite
from appraisal.core_four import core_four
from appraisal.drilldown import Part, ScoreNode, cells_of
from appraisal.figures import Assessed, Figures, Point, Target
from appraisal.periods import period_of_quarter
from appraisal.pins import ranges, unranged
from appraisal.robustness import Noise, position_bands_of
from appraisal.sheet_rows import SheetImport, SheetRow
from appraisal.sheets import read_indicator_workbook
from appraisal.store import catalogue, import_sheets, save_book, team_names
from appraisal.targets import TargetRow
from appraisal.votes import BallotClass, weighted_survey
from appraisal.year_book import YearBook, book_content, parse_year_book, problems
from demo.assessment import fill_assessment
from dossier.roster import write
from dossier.roster_files import read_yaml
from dossier.scope import Viewer
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import DataPoint, IndicatorBook

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "demo" / "indicators" / "book.yaml").read_text(encoding="utf-8")
KH, HEAD, MIN = (Viewer(0, role, role, role, None) for role in ("KH", "HEAD", "MIN"))


def figure(team: str, code: str, period: str, value: str, status: str = "核定") -> SheetRow:
    return SheetRow(4, team, "", "", code, period, Decimal(value), "", "", None, "", status, "", None)


@pytest.fixture
def record(copy_of: Callable[..., Database]) -> Database:
    """See `approved`."""
    return copy_of(approved)


def approved(database: Database) -> None:
    """Roster, an approved book of 2024, and two indicators' figures."""
    with database.write() as session:
        write(session, read_yaml(ROOT / "demo" / "roster.yaml"))
        row = book_acts.create_draft(session, KH, parse_year_book(TEXT), "首版")
        book_acts.submit(session, KH, row.id)  # no figures yet: there is nothing to try it on
        book_acts.check(session, HEAD, row.id, True, "")
        book_acts.approve(session, MIN, row.id, True, "1号")
        rows = [figure(f"D{n:02d}", "G5", "2024年", str(n)) for n in range(1, 11)]
        rows += [figure("D01", "T01", "2024年", "52"), figure("D02", "T02", "2024年", "90")]
        import_sheets(session, [SheetImport("数据", rows)], "a.xlsx", "0", None)


def test_a_book_comes_back_exactly_from_its_content() -> None:
    book = parse_year_book(TEXT)
    assert parse_year_book(book_content(book)) == book
    assert book.core == {code: Decimal(25) for code in ("G1", "G2", "G3", "G4")}
    assert (book.due(book.cards["G4"], 3), book.due(book.cards["G9"], 3)) == (Decimal("0.74"), 1)


@pytest.mark.parametrize(
    ("extra", "code"),
    [
        ("weights: {districts: {共同: 50, 类别: 30, 特色: 21}}", "WEIGHT-SUM"),
        ("weights: {districts: {共同: 50, 类别: 50}}", "BOOK-CARD"),
        ("core: {G1: 50, G2: 40}", "WEIGHT-SUM"),
        ("core: {C1-1: 100}", "WEIGHT-SUM"),
        ("schedule: {Q1: 0}", "BOOK-CARD"),
        ("not_applicable: [{team: D01, code: XX, reason: 无}]", "BOOK-CARD"),
        ("not_applicable: [{team: D01, code: T01, reason: 无}]", "BOOK-CARD"),
        ("unknown: 1", "BOOK-CARD"),
    ],
)
def test_bad_tops_are_refused(extra: str, code: str) -> None:
    with pytest.raises(ShijiError) as caught:
        parse_year_book(f"{TEXT}\n{extra}\n")
    assert caught.value.code == code


def test_every_fault_of_a_draft_is_said_at_once() -> None:
    book = parse_year_book(TEXT)
    cards = dict(book.cards)
    cards["G1"] = replace(cards["G1"], weight=Decimal(25))
    cards["T01"] = replace(cards["T01"], method="9c")
    cards["G2"] = replace(cards["G2"], valid_to=2023)
    found = {problem.code for problem in problems(replace(book, cards=cards))}
    assert found == {"WEIGHT-SUM", "BOOK-GDP", "BOOK-CARD", "BOOK-YEAR"}


def test_copying_leaves_behind_what_is_no_longer_valid(record: Database) -> None:
    with record.write() as session:
        row = book_acts.create_draft(session, KH, _until(parse_year_book(TEXT), "V2", 2025), "2025", None)
        with pytest.raises(ShijiError, match="BOOK-OPEN"):
            book_acts.create_draft(session, KH, parse_year_book(TEXT.replace("year: 2024", "year: 2025")), "又一版")
        session.query(IndicatorBook).filter_by(id=row.id).update({"state": "approved"})
        session.flush()
        session.expire_all()
        copied, dropped = book_acts.copy_book(session, KH, row.id, 2026, "沿用")
        assert dropped == ["V2 信访积案化解率"]
        assert [p.code for p in book_acts.hindrances(session, copied)] == ["WEIGHT-SUM"]


def _until(book: YearBook, code: str, year: int) -> YearBook:
    return replace(book, year=2025, cards={**book.cards, code: replace(book.cards[code], valid_to=year)})


def test_rights_and_second_person(record: Database) -> None:
    person = replace(KH, user_id=0)
    with record.write() as session:
        row = book_acts.create_draft(session, KH, replace(parse_year_book(TEXT), year=2025), "x")
        for wrong in (HEAD, MIN):
            with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
                book_acts.submit(session, wrong, row.id)
        simulation.simulate(session, KH, row.id)
        book_acts.submit(session, person, row.id)
        with pytest.raises(ShijiError, match="BOOK-STATE"):
            book_acts.approve(session, MIN, row.id, True, "1号")
        row.prepared_by = None
        book_acts.check(session, HEAD, row.id, False, "请核对")
        assert (row.state, row.check_note) == ("draft", "请核对")


def test_targets_need_reasons_and_difficulty_is_fixed_before_the_figures(record: Database) -> None:
    with record.write() as session:
        with pytest.raises(ShijiError, match="TARGET-EASY"):
            targets.propose_targets(session, KH, 2025, [TargetRow("T01", "D01", Decimal(50))])
        with pytest.raises(ShijiError, match="TARGET-DIFFICULTY"):
            targets.propose_targets(session, KH, 2025, [TargetRow("T01", "D01", Decimal(60), Decimal("1.06"))])
        with pytest.raises(ShijiError, match="TARGET-DIFFICULTY"):
            targets.propose_targets(session, KH, 2025, [TargetRow("G4", "D01", Decimal(60), Decimal("1.02"))])
        with pytest.raises(ShijiError, match="TARGET-SCOPE"):
            targets.propose_targets(session, KH, 2025, [TargetRow("T01", "D02", Decimal(60))])
        targets.propose_targets(session, KH, 2024, [TargetRow("T01", "D01", Decimal(60), Decimal("1.05"))])
        line = targets.target_lines(session, 2024)[0]
        with pytest.raises(ShijiError, match="TARGET-LATE"):
            targets.approve_targets(session, MIN, [line.id], "2号")
        with pytest.raises(ShijiError, match="RIGHTS-ROLE"):
            targets.approve_targets(session, KH, [line.id], "2号")
        targets.propose_targets(session, KH, 2025, [TargetRow("T01", "D01", Decimal(60), Decimal("1.05"), "难度大")])
        first = targets.target_lines(session, 2025)[0]
        assert (first.last_year, first.easy, first.ratio.quantize(Decimal("0.1"))) == (52, False, Decimal("115.4"))
        targets.approve_targets(session, MIN, [first.id], "2号")
        with pytest.raises(ShijiError, match="TARGET-REASON"):
            targets.propose_targets(session, KH, 2025, [TargetRow("T01", "D01", Decimal(70), Decimal("1.05"))])
        targets.propose_targets(session, KH, 2025, [TargetRow("T01", "D01", Decimal(70), reason="市委调整任务")])
        assert [(row.version, row.state) for row in targets.target_lines(session, 2025)] == [(2, "proposed")]


def world(values: dict[str, str], target: Target | None = None, spared: bool = False) -> tuple[YearBook, Figures]:
    """A city of five with one common indicator by 9c' (60 %) and one by 9a (40 %), and a 特色 of D01."""
    text = """
year: 2025
weights: {districts: {共同: 50, 类别: 30, 特色: 20}}
indicators:
  - {code: A, name: 甲, unit: 件, direction: up, type: ratio, block: 共同, method: "9c'", weight: 60, provider: P,
     frequency: 季, params: {bad: 0, good: 10}}
  - {code: B, name: 乙, unit: 件, direction: up, type: count, block: 共同, method: 9a, weight: 40, provider: P,
     frequency: 季}
  - {code: T, name: 特, unit: 件, direction: up, type: count, block: 特色, team: D1, method: 9a, weight: 100,
     provider: P, frequency: 季, params: {cap: 1.2}}
"""
    book = parse_year_book(text + ("not_applicable: [{team: D1, code: B, reason: 无此业务}]\n" if spared else ""))
    teams = tuple(Assessed(f"D{n}", f"第{n}区", "城区类") for n in range(1, 6))
    points = {}
    for number, (key, value) in enumerate(values.items(), start=1):
        code, team = key.split()
        points[(code, team, "2025Q3累计")] = Point(number, Decimal(value), None, "核定", 1)
    usual = Target(1, Decimal(100), Decimal(1), "1号")
    aims = {(2025, code, f"D{n}"): usual for code in ("B", "T") for n in range(1, 6)}
    if target:
        aims[(2025, "T", "D1")] = target
    return book, Figures(teams, points, {}, aims)


def test_schedule_difficulty_and_cap() -> None:
    values = {"A D1": "5", "B D1": "37", "T D1": "70.3"}
    made = compute("2025Q3累计", *world(values, Target(9, Decimal(100), Decimal("1.05"), "6号")), {}, ["D1"])
    common, _, own = made.nodes["D1"].children
    assert common.text == "68.00"  # 60 % of 80, 40 % of 37 ÷ (100 × 0.74) = 50
    assert "序时目标 = 100 × 0.74 = 74.00" in common.children[1].formula
    assert own.text == "99.75"
    assert "难度系数 1.05（6号）" in own.children[0].formula
    capped = compute("2025Q3累计", *world({**values, "T D1": "80"}), {}, ["D1"]).nodes["D1"].children[2]
    assert capped.text == "100.00"


def test_structural_na_is_shared_inside_the_block_and_late_is_a_gap() -> None:
    values = {"A D1": "5", "T D1": "74"}
    spared = compute("2025Q3累计", *world(values, spared=True), {}).nodes["D1"]
    late = compute("2025Q3累计", *world(values), {}).nodes["D1"]
    for made in (spared, late):
        assert [child.text for child in made.children] == ["80.00", "—", "100.00"]
    assert spared.complete == 100
    assert "暂缺" not in "".join(spared.children[0].flags)
    assert late.children[0].flags == ("暂缺 40%",)
    assert late.complete < 100


def test_departments_take_surveys_and_tasks_and_flag_what_is_missing() -> None:
    office = Assessed("MA01", "市发改委", "经济管理")
    work, asked = ScoreNode("重点工作", Decimal(80), "80"), ScoreNode("各方面评价", Decimal(90), "90")
    inside = {"职能": [Part(ScoreNode("兑付率", Decimal(70), "70"), Decimal(100))]}
    book = parse_year_book(TEXT)
    whole = composite(office, book, inside, {"重点工作": work, "各方面评价": asked})
    assert (whole.text, whole.flags) == ("79.00", ())
    part = composite(office, book, inside, {"各方面评价": asked})
    assert part.flags == ("暂缺 50%",)
    assert part.text == "78.00"


@settings(max_examples=25)
@given(st.lists(st.integers(0, 100), min_size=5, max_size=5), st.permutations(range(5)))
def test_bands_do_not_depend_on_order_and_hold_the_position(values: list[int], order: list[int]) -> None:
    figures = {f"{code} D{n + 1}": str(value / 10) for n, value in enumerate(values) for code in ("A", "B")}
    book, held = world(figures)
    made = compute("2025Q3累计", book, held, {})
    bands = position_bands_of(made, draws=40)
    turned = Figures(tuple(held.teams[n] for n in order), held.points, {}, held.targets)
    again = position_bands_of(compute("2025Q3累计", book, turned, {}), draws=40)
    for key, band in bands.items():
        assert band.of == 5
        assert 1 <= band.low <= band.high <= 5
        assert (band.position, band.of) == (again[key].position, again[key].of)
    still = position_bands_of(made, noise=Noise(*[Decimal(0)] * 4), draws=5)
    assert all(one.low == one.high and one.low <= one.position <= 5 for one in still.values())


def test_bands_are_the_same_on_every_run_and_widen_with_noise() -> None:
    figures = {f"{code} D{n}": str(5 + n / 20) for n in range(1, 6) for code in ("A", "B")}
    made = compute("2025Q3累计", *world(figures), {})
    assert position_bands_of(made) == position_bands_of(made)
    wide = position_bands_of(made, noise=Noise(final=Decimal("0.05")))
    assert sum(b.high - b.low for b in wide.values()) > sum(b.high - b.low for b in position_bands_of(made).values())


def test_small_classes_of_ballots_give_no_result() -> None:
    few = BallotClass("服务对象", {"好": 3}, Decimal(30))
    assert weighted_survey((few,)).value is None
    assert weighted_survey((few, BallotClass("互评", {"较差": 1}, Decimal(70)))).value is None
    many = BallotClass("互评", {"较好": 20}, Decimal(0))
    assert weighted_survey((few, many)).value is None  # the other class has no weight: it would be read off


@given(st.sets(st.integers(1, 400)))
def test_ids_as_ranges_come_back(ids: set[int]) -> None:
    assert unranged(ranges(ids)) == sorted(ids)


def test_core_four_spells_quarters_and_never_counts_a_gap_as_zero(record: Database) -> None:
    assert [period_of_quarter(q) for q in ("2025Q3", "2024Q4", "2024年", "2025Q1累计")] == [
        "2025Q3累计", "2024年", "2024年", "2025Q1累计",
    ]  # fmt: skip
    with record.read() as session:
        found = core_four(session, "2024Q4")
    assert list(found) == [f"D{n:02d}" for n in range(1, 11)]
    assert all(one.score is None and one.complete == 0 for one in found.values())
    assert found["D01"].book == "2024年指标体系第1版"


def test_a_pin_is_reproduced_after_revision_new_book_and_new_target(record: Database) -> None:
    with record.write() as session:
        pin = pins.make_pin(session, KH, "2024Q4", "通报")
        before = pins.recompute(session, pin.id)[0].nodes["D01"].value
        revised = SheetImport("数据", [figure("D01", "G5", "2024年", "9.9", "修订")])
        import_sheets(session, [revised], "b.xlsx", "1", None)
        draft, _ = book_acts.copy_book(session, KH, 1, 2024, "调整")
        weights = {"districts": {"共同": "60", "类别": "20", "特色": "20"}}
        book_acts.save_draft(session, KH, draft.id, {**draft.content, "weights": weights})
        simulation.simulate(session, KH, draft.id, "2024年")
        book_acts.submit(session, KH, draft.id)
        book_acts.check(session, HEAD, draft.id, True, "")
        book_acts.approve(session, MIN, draft.id, True, "2号")
        made, changed = pins.recompute(session, pin.id)
        assert changed == []
        assert made.nodes["D01"].value == before != assess(session, "2024年").nodes["D01"].value
        kinds = [one.kind for one in pins.differences(session, pin.id)]
        assert kinds[:2] == ["体系", "修订"]
        assert "得分" in kinds
        pin.scores = {**pin.scores, "D01": {**pin.scores["D01"], "score": "99"}}
        with pytest.raises(ShijiError, match="PIN-BROKEN"):
            pins.recompute(session, pin.id)


def test_a_tampered_approved_book_is_noticed(record: Database) -> None:
    with record.write() as session:
        row = session.get_one(IndicatorBook, 1)
        row.content = {**row.content, "note": "改过"}
        session.flush()
        with pytest.raises(ShijiError, match="BOOK-BROKEN"):
            assess(session, "2024年")


def test_the_demo_city_is_filled_once_and_holds_together(database: Database) -> None:
    with database.write() as session:
        write(session, read_yaml(ROOT / "demo" / "roster.yaml"))
        demo_accounts.create(session)
        save_book(session, parse_year_book(TEXT).cards)
    for name in TABLES:
        with database.write() as session:
            file = ROOT / "demo" / "indicators" / name
            sheets = read_indicator_workbook(file, book=catalogue(session), teams=team_names(session))
            import_sheets(session, sheets, name, "0", None)
    assert fill_assessment(database)
    assert not fill_assessment(database)
    with database.read() as session:
        for pin in pins.list_pins(session):
            assert pins.recompute(session, pin.id)[1] == []
        second = next(pin for pin in pins.list_pins(session) if pin.period == "2025Q2累计")
        assert ("修订", "D02") in {(one.kind, one.team_id) for one in pins.differences(session, second.id)}
        found = core_four(session, "2025Q3")
        assert found["D05"].node.flags == ("暂缺 25%",)
        assert all(one.complete == 100 for key, one in found.items() if key != "D05")
        tree = assess(session, "2025Q3累计", trees=["D03"])
        assert {cell.period for cell in cells_of(tree.nodes["D03"])} >= {"2025Q3累计", "2022Q3累计"}
        assert session.query(DataPoint).filter(DataPoint.value == Decimal(0), DataPoint.status == "未出数").count() == 0
