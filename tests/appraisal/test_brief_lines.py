"""Figures in a briefing note: newest period and version, inside the tenure, without positions."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from appraisal.brief_lines import brief_indicators
from dossier.cadrefile import TenureRow
from storage.database import Database
from storage.tables import Category, DataPoint, Indicator, IndicatorImport, Team, Zone

TODAY = date(2025, 10, 16)


def point(
    number: int, period: str, value: str | None, version: int = 1, code: str = "G2", growth: str = ""
) -> DataPoint:
    return DataPoint(
        id=number, indicator_code=code, team_id="D01", period=period, version=version, import_id=1,
        value=Decimal(value) if value else None, growth=Decimal(growth) if growth else None, cell="财政 第 9 行",
    )  # fmt: skip


def lines(database: Database, start: str, *points: DataPoint) -> list[tuple[str, str, str]]:
    with database.write() as session:
        session.add_all([Category(id="城区类"), Zone(id="Z1", name="城区片")])
        session.flush()
        session.add_all(
            [
                Team(id="D01", full="望澜区", short="望澜区", category_id="城区类", zone_id="Z1"),
                Indicator(code="G2", name="地方级财政收入", unit="亿元", provider="市财政局", ordinal=1),
                Indicator(code="G1", name="地区生产总值", unit="亿元", ordinal=0),
                IndicatorImport(id=1, name="a.xlsx", sha256="0"),
            ]
        )
        session.flush()
        session.add_all(points)
        session.flush()
        tenure = TenureRow("D01", "望澜区", "区长", start, "", True)
        found = brief_indicators(session, [tenure], TODAY)
    assert all(f.origin == "a.xlsx 财政 第 9 行" for f in found)
    return [(f.code, f"{f.name} {f.period} 第{f.version}版", f"{f.value}{f.unit}{f.growth}") for f in found]


def test_newest_version_of_the_newest_ended_period(database: Database) -> None:
    shown = lines(
        database, "2023-09-28", point(1, "2024", "30"), point(2, "2024", "31.5", 2, growth="-1.2"),
        point(3, "2025Q4", "40"), point(4, "2023", "28"), point(5, "2025Q2", "9.0", code="G1", growth="5"),
    )  # fmt: skip
    assert shown == [
        ("D-5", "地区生产总值 2025年1至6月 第1版", "9.0亿元增长5%"),
        ("D-2", "地方级财政收入 2024 第2版", "31.5亿元下降1.2%"),
    ]


def test_figures_from_before_the_tenure_are_not_shown(database: Database) -> None:
    assert lines(database, "2025-01-01", point(1, "2024", "30")) == []


def test_a_withdrawn_figure_is_not_replaced_by_its_older_version(database: Database) -> None:
    shown = lines(database, "2020-01-01", point(1, "2024", "30"), point(2, "2024", None, 2), point(3, "2023", "28"))
    assert [code for code, *_ in shown] == ["D-3"]
