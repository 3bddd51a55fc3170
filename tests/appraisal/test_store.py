"""Figures in the record: versions, late values, blanks that never erase, and scores rebuilt from the record."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import func, select

from appraisal.book import load_book
from appraisal.decimals import show
from appraisal.drilldown import cells_of
from appraisal.readings import load_figures, read_indicator
from appraisal.sheets import read_indicator_workbook
from appraisal.store import (
    KEPT,
    LATE,
    NEW,
    REVISED,
    compare,
    import_sheets,
    period_key,
    read_book,
    save_book,
    team_names,
    years_before,
)
from appraisal.team_scores import provenance, score_tree, team_indicators
from dossier.roster import write
from dossier.roster_files import read_yaml
from storage.database import Database
from storage.errors import ShijiError
from storage.tables import DataPoint
from tests.appraisal.vectors import T5, T6, printed

DEMO = Path(__file__).parents[2] / "demo"
FIRST = ("gdp_2021_2024", "fiscal_revenue_2021_2024", "fixed_investment_2021_2024", "new_projects_2021_2024")


def load(database: Database, name: str) -> list:
    with database.write() as session:
        sheets = read_indicator_workbook(
            DEMO / "indicators" / f"{name}.xlsx", book=read_book(session), teams=team_names(session)
        )
        return import_sheets(session, sheets, f"{name}.xlsx", "0" * 64, None)[1]


@pytest.fixture
def filled(copy_of: Callable[..., Database]) -> Database:
    return copy_of(with_figures)


def with_figures(database: Database) -> None:
    """Roster, book and the figures of four indicators."""
    with database.write() as session:
        write(session, read_yaml(DEMO / "roster.yaml"))
        save_book(session, load_book(DEMO / "indicators" / "book.yaml"))
    for name in FIRST:
        load(database, name)


def test_the_book_comes_back_exactly(filled: Database) -> None:
    with filled.read() as session:
        assert read_book(session) == load_book(DEMO / "indicators" / "book.yaml")


def test_same_file_again_writes_nothing(filled: Database) -> None:
    with filled.read() as session:
        before = session.scalar(select(func.count()).select_from(DataPoint))
    assert load(filled, FIRST[0]) == []
    with filled.read() as session:
        assert session.scalar(select(func.count()).select_from(DataPoint)) == before == 160


def test_late_value_is_a_second_version_and_the_first_stays(filled: Database) -> None:
    late = [d for d in load(filled, "fixed_investment_2023_revised") if d.team_id == "D05"]
    assert [(d.kind, d.before, d.version) for d in late] == [(LATE, "缺报", 2)]
    with filled.read() as session:
        points = session.scalars(
            select(DataPoint)
            .where(DataPoint.indicator_code == "G3", DataPoint.team_id == "D05", DataPoint.period == "2023年")
            .order_by(DataPoint.version)
        ).all()
        assert [(p.version, p.value, p.status) for p in points] == [(1, None, "缺报"), (2, Decimal("192.8"), "修订")]


def test_a_blank_never_erases_and_a_changed_number_is_a_revision(filled: Database) -> None:
    with filled.read() as session:
        sheets = read_indicator_workbook(
            DEMO / "indicators" / f"{FIRST[0]}.xlsx", book=read_book(session), teams=team_names(session)
        )
        rows = sheets[0].rows
        blank = replace(rows[0], value=None, missing="缺报", status="缺报")
        changed = replace(rows[1], value=Decimal("811"))
        sheets[0].rows[:] = [blank, changed]
        assert [d.kind for d in compare(session, sheets)] == [KEPT, REVISED]


def test_missing_is_never_zero(filled: Database) -> None:
    with filled.read() as session:
        book = read_book(session)
        reading = read_indicator(book["G3"], load_figures(session, ["G3"]), "2024年")
        assert reading.shares is not None
        assert reading.shares.label == "不含云亭区（缺报）"
        assert reading.shares.results["D05"].D is None
        assert reading.scores["D05"].value is None
        node = score_tree(reading, "D05")
        assert "缺报" in {cell.status for cell in cells_of(node)}


@pytest.mark.parametrize("team", sorted(T5))
def test_gdp_from_the_record_gives_the_printed_vector(filled: Database, team: str) -> None:
    with filled.read() as session:
        card = replace(read_book(session)["G1"], params={"alpha": Decimal("0.4")})
        reading = read_indicator(card, load_figures(session, ["G1"]), "2024年")
    _, _, d, r, n, mean, index, f_d, f_g, combined = printed(T5[team])
    share, growth, parts = reading.shares.results[team], reading.growth[team], reading.parts[team]  # type: ignore[union-attr]
    shown = [show(share.D, 3), show(share.R), show(share.N, 4), show(growth.mean, 3), show(growth.G)]
    assert shown == [show(d, 3), show(r), show(n, 4), show(mean, 3), show(index)]
    assert [parts.share_part.text, parts.growth_part.text] == [show(f_d), show(f_g)]
    assert reading.scores[team].text == show(combined)


@pytest.mark.parametrize("team", sorted(T6))
def test_revenue_from_the_record_gives_the_printed_vector(filled: Database, team: str) -> None:
    with filled.read() as session:
        reading = read_indicator(read_book(session)["G2"], load_figures(session, ["G2"]), "2024年")
    d, r, n, mean, index = printed(T6[team])
    share, growth = reading.shares.results[team], reading.growth[team]  # type: ignore[union-attr]
    assert [show(share.D, 3), show(share.R), show(share.N, 4)] == [show(d, 3), show(r), show(n, 4)]
    assert [show(growth.mean, 3), show(growth.G)] == [show(mean, 3), show(index)]


def test_every_tree_value_can_be_traced_to_file_and_row(filled: Database) -> None:
    with filled.read() as session:
        reading = read_indicator(read_book(session)["G2"], load_figures(session, ["G2"]), "2024年")
        node = score_tree(reading, "D04")
        assert node.value == reading.scores["D04"].value
        found = provenance(session, node)
        cells = cells_of(node)
    assert {cell.period for cell in cells} == {"2021年", "2022年", "2023年", "2024年"}
    for cell in cells:
        assert found[cell.data_point_id].file == "fiscal_revenue_2021_2024.xlsx"
        assert "第" in found[cell.data_point_id].cell


def test_team_summary_states_what_is_missing(filled: Database) -> None:
    with filled.read() as session:
        summary = team_indicators(session, "D01")
        assert team_indicators(session, "MA01") is None
    assert summary is not None
    assert summary.period == "2024年"
    assert {line.code for line in summary.reported} == {"G1", "G2", "G3", "G4"}
    assert {line.code for line in summary.lines if line.block == "特色"} == {"T01"}
    tree = summary.tree
    assert tree is not None
    assert tree.complete < 50
    assert any("暂缺" in flag for flag in tree.flags)


def test_unknown_indicator_is_refused(filled: Database) -> None:
    with filled.write() as session:
        sheets = read_indicator_workbook(DEMO / "indicators" / f"{FIRST[0]}.xlsx", teams=team_names(session))
        with pytest.raises(ShijiError, match="INDICATOR-BOOK"):
            import_sheets(session, sheets, "x.xlsx", "0" * 64, None)


def test_first_import_is_all_new(filled: Database) -> None:
    with filled.read() as session:
        sheets = read_indicator_workbook(
            DEMO / "indicators" / f"{FIRST[0]}.xlsx", book=read_book(session), teams=team_names(session)
        )
        sheets[0].rows[:] = [replace(row, period="2020年") for row in sheets[0].rows[:3]]
        assert {d.kind for d in compare(session, sheets)} == {NEW}


def test_period_arithmetic() -> None:
    assert years_before("2025Q3累计", 1) == "2024Q3累计"
    assert sorted(["2025Q3累计", "2024年", "2025Q1累计", "2025年"], key=period_key)[-1] == "2025年"
